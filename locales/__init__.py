"""Words in the reader's language: `_` and `ngettext` translate from English by the catalogue in force.

The language belongs to the running context (a thread, a task), so two readers never share one. Catalogues are read
from their `.po` files, so there is nothing to compile and nothing to go stale.
"""

from __future__ import annotations

import gettext
import io
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"de": "Deutsch", "en": "English"}
_REGIONS = {"de": "de_DE", "en": "en_GB"}
_FOLDER = Path(__file__).parent
_language: ContextVar[str] = ContextVar("language", default="en")


def use(language: str) -> None:
    """Speak `language` from now on in this context; an unknown one counts as English."""
    _language.set(language if language in LANGUAGES else "en")


def language() -> str:
    """The language in force: `de` or `en`."""
    return _language.get()


def locale() -> Locale:
    """How numbers and dates are written in the language in force. English is written the European way, day first."""
    return _locale(_language.get())


def matching(preferred: str | None) -> str:
    """The language for a browser's wish such as `de-AT`; English where none of ours fits."""
    wish = (preferred or "").replace("_", "-").split("-")[0].lower()
    return wish if wish in LANGUAGES else "en"


def _(message: str) -> str:
    """The message in the language in force."""
    return catalogue(_language.get()).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The singular or plural form for `number`, in the language in force."""
    return catalogue(_language.get()).ngettext(one, many, number)


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations of one language; English is what the code says."""
    file = _FOLDER / language / "LC_MESSAGES" / "tandem.po"
    if not file.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_REGIONS[language])

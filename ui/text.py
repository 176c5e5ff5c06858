"""Text that comes from data, made harmless where Streamlit would read it as Markdown."""

from __future__ import annotations

import re
import unicodedata

_DIRECTIVE = re.compile(r":(?=material|streamlit)")
_MARKS = re.compile(r"""([\\`*_{}\[\]()#+\-.!|<>~$:&"'=])""")


def esc(text: object) -> str:
    """The text as literal characters in any Markdown sink: a campaign name stays a name, never a picture or a link."""
    kept = "".join(
        " " if character in "\r\n\t" else character
        for character in str(text)
        if character in "\r\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
    )
    return _MARKS.sub(r"\\\1", _DIRECTIVE.sub(":\u2060", kept))


def isolated(name: object) -> str:
    """A person's name as literal characters that leave the direction of the words around them alone."""
    return f"\u2068{esc(name)}\u2069"

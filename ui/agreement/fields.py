"""A fitting field for every term: minutes as numbers, opening hours as text people write, lists as lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import streamlit as st
from babel.numbers import NumberFormatError, parse_decimal

from agreement.kinds import Kind, kind_of
from agreement.wording import WORDING
from findings.terms import title, value_in_words
from locales import _, locale
from locales.formats import number
from ui.text import esc

LONGEST_TEXT = 2_000
_WINDOW = re.compile(r"^\s*(\S+?)\s*(?:-|–|bis|to)\s*(\S+)\s*$")


class Unreadable(ValueError):
    """What was typed is no value of the term; the message says what is expected."""


def field(term: str, value: Any, currency: str, key: str) -> Any:
    """The value of `section.term` as it stands in its field now; `value` is what it starts with, None = not agreed.

    Raises `Unreadable`.
    """
    kind = kind_of(term)
    if kind.is_optional and kind.shape != "choice":
        wish = _("{title}: agree on a value").format(title=title(term))
        if not st.toggle(esc(wish), value is not None, key=f"{key}_is_agreed"):
            return None
        value = value if value is not None else _first_value(kind)
    return _FIELDS[kind.shape](term, kind, value, currency, key)


def read_windows(text: str) -> list[list[str]]:
    """`08:30–12:00, 12:45–17:15` as pairs; nothing = closed all day. Raises `Unreadable`."""
    windows = []
    for part in filter(str.strip, re.split(r"[,;]| und | and ", text)):
        found = _WINDOW.match(part)
        if not found:
            raise Unreadable(_("Please write opening hours as 08:30–12:00, 12:45–17:15."))
        windows.append([_clock(found[1]), _clock(found[2])])
    return windows


def read_lines(text: str, read_value: Callable[[str], Any]) -> dict[str, Any]:
    """`Nord = 120`, one per line; the last `=` divides. Raises `Unreadable`."""
    found: dict[str, Any] = {}
    for line in filter(str.strip, text.splitlines()):
        name, mark, value = (part.strip() for part in line.rpartition("="))
        if not mark or not name:
            raise Unreadable(_("Please write one entry per line, as “name = value”."))
        if name in found:
            raise Unreadable(_("“{name}” stands there twice.").format(name=name))
        found[name] = read_value(value)
    return found


def read_number(text: str, *, is_whole: bool) -> int | float:
    """A number as the reader writes it. Raises `Unreadable`."""
    try:
        amount = parse_decimal(text.replace(" ", ""), locale=locale(), strict=True)
    except NumberFormatError:
        raise Unreadable(_("“{text}” is no number.").format(text=text[:80])) from None
    return int(amount) if is_whole and amount == int(amount) else float(amount)


def _clock(text: str) -> str:
    """`8`, `8.30` and `8:30` as people write them, as `08:30`; anything else stays as it is and is refused later."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?", text)
    return f"{int(found[1]):02d}:{found[2] or '00'}" if found else text


def _first_value(kind: Kind) -> Any:
    start = {"share": 0.5, "whole": 1, "number": 1.0}.get(kind.shape)
    return max(start, kind.low or start) if start is not None else None


def _units(currency: str) -> dict[str, str]:
    return {
        "business_minutes": _("business minutes"), "seconds": _("seconds"), "days": _("days"),
        "working_days": _("working days"), "weeks": _("weeks"), "month": _("month, 1 to 12"), "money": currency,
    }  # fmt: skip


def _number(label: str, kind: Kind, value: Any, key: str, unit: str = "") -> Any:
    label = f"{label} ({unit})" if unit else label
    if kind.shape == "share":
        low, high = 100.0 * (kind.low or 0), 100.0 * (kind.high or 1)
        shown = st.number_input(
            esc(_("{label} (%)").format(label=label)), low, high, round(100 * float(value), 4), 1.0, "%.6g", key=key
        )
        return _plain(round(shown / 100, 6))
    if kind.shape == "whole":
        most = int(kind.high) if kind.high is not None else None
        return int(st.number_input(esc(label), int(kind.low or 0), most, int(value), 1, key=key))
    return _plain(st.number_input(esc(label), float(kind.low or 0), kind.high, float(value), 1.0, "%.10g", key=key))


def _plain(amount: float) -> int | float:
    return int(amount) if float(amount).is_integer() else float(amount)


def _amount(term: str, kind: Kind, value: Any, currency: str, key: str) -> Any:
    return _number(title(term), kind, value, key, _units(currency).get(WORDING[term].unit, ""))


def _yes_or_no(term: str, kind: Kind, value: Any, currency: str, key: str) -> Any:
    words = {True: _("yes"), False: _("no")}
    return bool(st.segmented_control(
        esc(title(term)), [True, False], format_func=words.__getitem__, default=bool(value), required=True, key=key
    ))  # fmt: skip


def _text(term: str, kind: Kind, value: Any, currency: str, key: str) -> Any:
    return st.text_input(esc(title(term)), str(value), max_chars=LONGEST_TEXT, key=key).strip()


def _choice(term: str, kind: Kind, value: Any, currency: str, key: str) -> Any:
    options: list[Any] = [*([None] if kind.is_optional else []), *kind.options]
    return st.selectbox(
        esc(title(term)),
        options,
        options.index(value),
        format_func=lambda option: value_in_words(term, option, currency),
        key=key,
    )


def _choices(term: str, kind: Kind, value: Any, currency: str, key: str) -> Any:
    chosen = st.multiselect(
        esc(title(term)), kind.options, list(value), key=key, placeholder=_("Choose"),
        format_func=lambda option: value_in_words(term, option, currency),
    )  # fmt: skip
    return list(chosen)


def _names(term: str, kind: Kind, value: Any, currency: str, key: str) -> Any:
    chosen = st.multiselect(
        esc(title(term)), list(value), list(value), key=key, accept_new_options=True,
        placeholder=_("Type an entry and press Enter"),
        help=_("Days as 12-24 for every year or 2027-05-28 for once.") if term.endswith(".closures") else None,
        format_func=lambda option: value_in_words(term, [option], currency) if option in value else str(option),
    )  # fmt: skip
    return list(chosen)


def _windows(term: str, kind: Kind, value: Any, currency: str, key: str) -> Any:
    written = ", ".join(f"{opens}–{closes}" for opens, closes in value)
    return read_windows(st.text_input(esc(title(term)), written, key=key, placeholder=_("closed")))


def _by_choice(term: str, kind: Kind, value: Any, currency: str, key: str) -> Any:
    assert kind.inner
    st.markdown(f":small[{esc(title(term))}]")
    found, grid = {}, st.grid(4, min_column_width=170)
    keys = [option for option in kind.options if option in value]
    for option in [*keys, *(option for option in kind.options if option not in keys)]:
        with grid.cell():
            label = title(f"{term}.{option}").removeprefix(f"{title(term)}: ")
            first = value.get(option, kind.inner.low or 0)
            unit = _units(currency).get(WORDING[term].unit, "")
            amount = _number(label, kind.inner, first, f"{key}_{option}", unit)
        if option in value or amount != (kind.inner.low or 0):
            found[option] = amount
    return found


def _by_name(term: str, kind: Kind, value: Any, currency: str, key: str) -> Any:
    inner = kind.inner
    assert inner
    if inner.shape == "choice":
        names = {value_in_words(term, option, currency).casefold(): option for option in inner.options}
        read: Callable[[str], Any] = lambda text: names.get(text.casefold(), text)  # noqa: E731
        write: Callable[[Any], str] = lambda option: value_in_words(term, option, currency)  # noqa: E731
    else:
        read = lambda text: read_number(text, is_whole=inner.shape == "whole")  # noqa: E731
        write = lambda amount: number(amount, 0 if float(amount).is_integer() else 2)  # noqa: E731
    written = "\n".join(f"{name} = {write(entry)}" for name, entry in value.items())
    hint = _("One entry per line, as “name = value”.")
    return read_lines(st.text_area(esc(title(term)), written, key=key, help=hint), read)


def _both_languages(term: str, kind: Kind, value: Any, currency: str, key: str) -> Any:
    st.markdown(esc(title(term)))
    german, english = st.columns(2)
    return {
        "de": german.text_area("Deutsch", value["de"], max_chars=LONGEST_TEXT, key=f"{key}_de").strip(),
        "en": english.text_area("English", value["en"], max_chars=LONGEST_TEXT, key=f"{key}_en").strip(),
    }


_FIELDS: dict[str, Callable[[str, Kind, Any, str, str], Any]] = {
    "yes_or_no": _yes_or_no, "whole": _amount, "number": _amount, "share": _amount, "text": _text, "choice": _choice,
    "choices": _choices, "names": _names, "windows": _windows, "by_choice": _by_choice, "by_name": _by_name,
    "both_languages": _both_languages,
}  # fmt: skip

"""The formats a meeting is written in, by the ending of the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from reports.week import Week

Format = Literal["pptx", "xlsx", "html"]
MIME: dict[Format, str] = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
}


def written(week: Week, kind: Format) -> bytes:
    """The whole document in the language in force."""
    return _writer(kind)(week)


def _writer(kind: Format) -> Callable[[Week], bytes]:
    """Each format's library is loaded when it is asked for: a page that only offers them starts without."""
    if kind == "pptx":
        from reports.deck import deck

        return deck
    if kind == "xlsx":
        from reports.workbook import workbook

        return workbook
    from reports.mail_page import mail_page

    return lambda week: mail_page(week).encode()

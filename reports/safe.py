"""Text from data in documents others open: no formula, no control character, nothing longer than a cell holds."""

from __future__ import annotations

import re
import unicodedata

BYTE_ORDER_MARK = "\ufeff"
DANGEROUS = rf"^[\s{BYTE_ORDER_MARK}]*[=+\-@\t\r\n＝＋－＠]"
"""Text a spreadsheet may take for a formula, full-width signs and blanks before it included."""
LONGEST_CELL = 32_767
CUT = " […]"


def clean(text: object, longest: int = LONGEST_CELL) -> str:
    """The text on one line, without what no XML document can hold; what is too long is cut and says so."""
    kept = "".join(
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character
        for character in str(text)
        if unicodedata.category(character) not in ("Cs", "Cn") and character not in "\ufffe\uffff"
    )
    return kept if len(kept) <= longest else kept[: longest - len(CUT)] + CUT


def disarmed(text: object, longest: int = LONGEST_CELL) -> str:
    """The text as `clean`, with an apostrophe before what could start a formula."""
    kept = clean(text, longest - 1)
    return "'" + kept if re.match(DANGEROUS, str(text)) else kept

"""The period a report names in its title lines, for reports without a day column."""

from __future__ import annotations

import re

from pipeline.sources import dates
from pipeline.sources.faults import Fault

_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}\.?\s+[^\W\d]{3,9}\.?,?\s+\d{4}|[^\W\d]{3,9}\.?\s+\d{1,2},\s+\d{4}"
)


def dates_above(preamble: str) -> dict[str, str]:
    """`range:from` and `range:until` (ISO days): the first two dates above the header; empty if there are not two."""
    found = []
    for written in _DATE.findall(preamble):
        read = dates.parse(written.strip(), dates.DateStyle())
        if not isinstance(read, Fault):
            found.append(read[0].date().isoformat())
    return {"range:from": found[0], "range:until": found[1]} if len(found) >= 2 else {}

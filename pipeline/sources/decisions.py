"""How the columns of a file were understood, in words for the page on data health."""

from __future__ import annotations

from decimal import Decimal

from pipeline.sources.cast import Styles
from pipeline.sources.dates import DateStyle
from pipeline.sources.mapping import Mapping
from pipeline.sources.plan import Plan

_ORDERS = {"dmy": "day/month/year", "mdy": "month/day/year", None: "year-month-day or dd.mm.yyyy, never ambiguous"}


def described(
    plan: Plan, seen: Styles, unmapped: dict[str, dict[str, int]], mapping: Mapping, currency: str | None
) -> dict[str, str]:
    """Column -> decision: date order, decimal mark, words nobody mapped, the currency where the file names none."""
    told: dict[str, str] = {}
    for slot in plan.slots:
        style = seen.decided.get(slot.name, slot.style)
        declared = " (declared)" if slot.style is not None else ""
        if slot.kind in ("instant", "day"):
            style = style or DateStyle()
            how = " or ".join(style.formats) or style.number or _ORDERS[style.order]
            told[slot.label] = f"{how}{declared}"
        elif slot.kind in ("money", "share") and style:
            told[slot.label] = f"decimal {style}{declared}"
    for label, words in unmapped.items():
        most = sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))
        listed = ", ".join(f"{word} ({rows:,})" for word, rows in most[:8]) + (" …" if len(most) > 8 else "")
        told[label] = f"not in the value map: {listed}"
    if plan.missing:
        told["not in the file"] = ", ".join(plan.missing)
    if currency:
        told["currency"] = (
            f"{currency}, from the agreement" if not mapping.read.currency else f"{currency}, from the mapping"
        )
    return told


def totals_differ(sums: dict[str, Decimal], totals: list[tuple[str, str, Decimal]]) -> list[str]:
    """A note where the export's own totals are not the sums of its rows.

    `sums` and `totals` are by column and, after a zero byte, by day. Several undated totals are one grand total told
    again, or parts that make it up together.
    """
    claims: dict[str, list[Decimal]] = {}
    for label, day, amount in totals:
        claims.setdefault(label + day, []).append(amount)
    notes = []
    for place, claimed in claims.items():
        summed, label = sums.get(place, Decimal(0)), place.partition("\0")[0]
        if summed not in claimed and sum(claimed) != summed:
            notes.append(
                f"column {label!r}: the rows add up to {summed:,.2f}, the export's total says {claimed[0]:,.2f}"
            )
    return notes[:5]

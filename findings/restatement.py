"""What was shown at a meeting, and what the same week is today: the difference by reason, without a rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Literal, get_args

from agreement.frozen import Record
from findings.meeting import Restated
from findings.words import kpi_names
from locales import _

Reason = Literal["arrived_late", "back_dated", "moved_away", "merged", "removed", "reclassified", "corrected"]
REASONS: tuple[Reason, ...] = get_args(Reason)
Parts = tuple[float, float]
Change = tuple[Reason, Record | None, Record | None]
"""Why a record counts otherwise; as it was frozen, and as it is today."""


def reason_names() -> dict[str, str]:
    """Why a frozen figure reads differently today."""
    return {
        "arrived_late": _("arrived late"), "back_dated": _("back-dated into the week"),
        "moved_away": _("dated into another week"), "merged": _("merged"), "removed": _("removed"),
        "reclassified": _("reclassified by a new agreement"), "corrected": _("corrected"),
    }  # fmt: skip


def changes(
    frozen: Iterable[Record],
    today: Iterable[Record],
    known_then: Set[str],
    known_now: Set[str],
    merged: Set[str],
) -> dict[str, list[Change]]:
    """Every record that counts otherwise today, by figure: `(reason, as frozen, as of today)`.

    known_then, known_now: pseudonyms of all records at the freeze and today; merged: of those that go by another's id.
    """
    before = {(record.kpi, record.pseudonym): record for record in frozen}
    after = {(record.kpi, record.pseudonym): record for record in today}
    found: dict[str, list[Change]] = {}
    for at in sorted(before.keys() | after.keys()):
        old, new = before.get(at), after.get(at)
        if old and new and (old.numerator, old.denominator) == (new.numerator, new.denominator):
            continue
        found.setdefault(at[0], []).append((_reason(at[1], old, new, known_then, known_now, merged), old, new))
    return found


def _reason(
    pseudonym: str, old: Record | None, new: Record | None, then: Set[str], now: Set[str], merged: Set[str]
) -> Reason:
    if old and new:
        return "reclassified" if old.version != new.version else "corrected"
    if new:
        return "back_dated" if pseudonym in then else "arrived_late"
    if pseudonym in merged:
        return "merged"
    return "moved_away" if pseudonym in now else "removed"


def restated(
    kpi: str,
    is_ratio: bool,
    frozen: Iterable[Record],
    changed: Iterable[Change],
) -> Restated:
    """The bridge of one figure: frozen + reasons = today.

    A ratio is led from one value to the other reason by reason, in the fixed order of `REASONS`.
    """
    mine = [record for record in frozen if record.kpi == kpi]
    numerator, denominator = sum(one.numerator for one in mine), sum(one.denominator for one in mine)
    moved: dict[Reason, list[Parts]] = {}
    for reason, old, new in changed:
        moved.setdefault(reason, []).append(
            (
                (new.numerator if new else 0.0) - (old.numerator if old else 0.0),
                (new.denominator if new else 0.0) - (old.denominator if old else 0.0),
            )
        )
    start = value = _value(numerator, denominator, is_ratio)
    reasons: list[tuple[str, float]] = []
    names = reason_names()
    for reason in REASONS:
        if reason not in moved:
            continue
        numerator += sum(part[0] for part in moved[reason])
        denominator += sum(part[1] for part in moved[reason])
        reached = _value(numerator, denominator, is_ratio)
        reasons.append((names[reason], reached - value))
        value = reached
    return Restated(kpi, kpi_names()[kpi], start, value, reasons, "")


def in_words(found: Restated, shown: Mapping[str, str], parts: Iterable[str]) -> str:
    """“Shown 120, today 131: +6 arrived late, +7 back-dated, −2 merged.” shown: both values as written."""
    said = _("{kpi}: shown {frozen}, today {today}: {parts}.")
    return said.format(kpi=found.name, frozen=shown["frozen"], today=shown["today"], parts=", ".join(parts))


def _value(numerator: float, denominator: float, is_ratio: bool) -> float:
    if not is_ratio:
        return numerator
    return numerator / denominator if denominator else 0.0

"""Two people changed one version at once: what each did, term by term, and both put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from agreement.changes import changed, merged
from agreement.document import changes
from agreement.entries import Entry, canonical
from agreement.ledger import Conflict
from agreement.terms import Agreement, read_terms
from agreement.versions import agreement_of, version


@dataclass(frozen=True)
class BothChanges:
    """A term that at least one of two people changed, from a day on. Values as in `document.Change`."""

    term: str
    from_day: date
    base: Any
    yours: Any
    theirs: Any

    @property
    def is_contradiction(self) -> bool:
        """Both changed it, and not to the same value."""
        return self.base != self.yours != self.theirs != self.base


def side_by_side(conflict: Conflict, entries: Sequence[Entry]) -> list[BothChanges]:
    """What you and what the others did to the version, by day and in the order of the document."""
    base, yours, theirs = documents(conflict, entries)
    found: list[BothChanges] = []
    known: dict[str, tuple[Any, Any, Any]] = {}
    for day in _days(base, yours, theirs):
        mine = {change.term: change for change in changes(base.terms_on(day), yours.terms_on(day), day)}
        others = {change.term: change for change in changes(base.terms_on(day), theirs.terms_on(day), day)}
        today: dict[str, tuple[Any, Any, Any]] = {}
        for term in {**mine, **others}:
            old = (mine.get(term) or others[term]).old
            today[term] = (old, *(side[term].new if term in side else old for side in (mine, others)))
        found += [BothChanges(term, day, *values) for term, values in today.items() if known.get(term) != values]
        known = today
    return found


def together(conflict: Conflict, entries: Sequence[Entry]) -> Agreement:
    """Both changes in one document; where they contradict each other, yours. Raises `TermsError` if they cannot live
    together."""
    base, yours, theirs = documents(conflict, entries)
    first, *later = _days(base, yours, theirs)
    day_terms = {}
    for day in (first, *later):
        mine = changed(base.terms_on(day).values, yours.terms_on(day).values)
        day_terms[day] = read_terms(merged(theirs.terms_on(day).values, *mine))
    start = yours.valid_from if yours.valid_from != base.valid_from else theirs.valid_from
    result = Agreement({"valid_from": start, **day_terms[first].values})
    for day in later:
        if day > start and day_terms[day].version != result.terms_on(day).version:
            result = result.amended(day, day_terms[day])
    return result


def documents(conflict: Conflict, entries: Sequence[Entry]) -> tuple[Agreement, Agreement, Agreement]:
    """The version as you opened it, as you wrote it and as the others left it. `entries`: of the kind agreement."""
    theirs = version(entries, conflict.theirs[-1].object_id)
    seen = conflict.base.seq if conflict.base else 0
    base = version([entry for entry in entries if entry.seq <= seen], conflict.theirs[-1].object_id)
    if theirs is None:
        raise ValueError("the conflict is about another ledger")
    yours = agreement_of(canonical(conflict.yours["document"]))
    return (base or theirs).agreement, yours, theirs.agreement


def _days(*agreements: Agreement) -> list[date]:
    return sorted({day for agreement in agreements for day, _terms in agreement.dated})

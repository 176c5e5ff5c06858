"""A proposal tried on days that have passed: what would the last weeks have looked like under the new terms?

Terms that begin tomorrow change nothing of what lies behind us, so their effect is shown as if they had held already.
Only what the proposal changes is put into the earlier terms; what changed before for other reasons stays as it was.
"""

from __future__ import annotations

from datetime import date

from agreement.changes import changed, merged
from agreement.terms import FIRST_DAY, Agreement, read_terms
from agreement.versions import first_rejudged_day


def as_if(current: Agreement, proposed: Agreement, since: date, today: date) -> Agreement:
    """The agreement to judge a trial by.

    A proposal that judges days before `today` anew is tried as it is written. Any other is tried as if what it changes
    in the end had held from `since` on. Raises `TermsError` where it cannot live together with earlier terms.
    """
    change = changed(current.dated[-1][1].values, proposed.dated[-1][1].values)
    if first_rejudged_day(current, proposed, today) is not None or change == ({}, []):
        return proposed
    first = max(since, current.valid_from)
    tried = {day: terms for day, terms in current.dated if day < first}
    tried[first] = read_terms(merged(current.terms_on(first).values, *change))
    tried |= {day: read_terms(merged(terms.values, *change)) for day, terms in current.dated if day > first}
    (start, terms), *later = sorted(tried.items())
    result = Agreement({FIRST_DAY: start, **terms.values})
    for day, terms in later:
        if terms.version != result.terms_on(day).version:
            result = result.amended(day, terms)
    return result

"""A proposal tried on past weeks: what it changes is put into the terms of then, and nothing else."""

from datetime import date

import pytest

from agreement import Agreement, TermsError, load
from agreement.what_if import as_if

SINCE, TODAY = date(2026, 8, 31), date(2026, 11, 23)


def agreement(*amendments: dict) -> Agreement:
    return Agreement({**load().document, "amendment": list(amendments)})


def amendment(day: str, **response: object) -> dict:
    return {"valid_from": day, "response": response}


def of_days(found: Agreement, *days: str) -> list[tuple[float, int]]:
    held = [found.terms_on(date.fromisoformat(day)).response for day in days]
    return [(response.target, response.attempts) for response in held]


def test_what_begins_next_year_is_tried_since_twelve_weeks():
    tried = as_if(load(), agreement(amendment("2027-01-01", target=0.85)), SINCE, TODAY)
    assert of_days(tried, "2026-08-30", "2026-08-31", "2027-06-01") == [(0.9, 3), (0.85, 3), (0.85, 3)]


def test_an_earlier_change_for_another_reason_stays_where_it_was():
    """Attempts rose in October; the proposal is about the target alone, so September keeps its three attempts."""
    current = agreement(amendment("2026-10-05", attempts=4))
    proposed = agreement(amendment("2026-10-05", attempts=4), amendment("2027-01-01", target=0.85))
    tried = as_if(current, proposed, SINCE, TODAY)
    assert of_days(tried, "2026-08-30", "2026-09-15", "2026-10-05") == [(0.9, 3), (0.85, 3), (0.85, 4)]


def test_a_term_taken_away_is_tried_without_it():
    current = agreement({"valid_from": "2026-01-01", "targets": {"win_rate": 0.25}})
    gone = {"valid_from": "2027-01-01", "without": ["targets.win_rate"]}
    proposed = Agreement({**current.document, "amendment": [*current.document["amendment"], gone]})
    tried = as_if(current, proposed, SINCE, TODAY)
    assert tried.terms_on(date(2026, 8, 30)).targets.win_rate == 0.25
    assert tried.terms_on(date(2026, 8, 31)).targets.win_rate is None


@pytest.mark.parametrize(
    "proposed",
    [
        pytest.param(agreement(amendment("2026-06-01", target=0.85)), id="judges the past anew"),
        pytest.param(load(), id="changes nothing"),
        pytest.param(
            agreement(amendment("2027-01-01", target=0.85), amendment("2027-04-01", target=0.9)), id="back again"
        ),
    ],
)
def test_tried_as_it_is_written(proposed):
    assert as_if(load(), proposed, SINCE, TODAY).version == proposed.version


def test_an_agreement_younger_than_the_weeks_is_tried_from_its_first_day():
    young = Agreement({**load().document, "valid_from": "2026-10-01"})
    proposed = Agreement({**young.document, "amendment": [amendment("2027-01-01", target=0.85)]})
    tried = as_if(young, proposed, SINCE, TODAY)
    assert tried.valid_from == date(2026, 10, 1)
    assert of_days(tried, "2026-10-01") == [(0.85, 3)]


def test_what_cannot_live_with_earlier_terms_says_which_term():
    current = agreement(amendment("2026-10-05", warn_minutes_before_due=10))
    later = amendment("2027-01-01", minutes={"demo_request": 20})
    proposed = agreement(amendment("2026-10-05", warn_minutes_before_due=10), later)
    with pytest.raises(TermsError, match="warn_minutes_before_due"):
        as_if(current, proposed, SINCE, TODAY)

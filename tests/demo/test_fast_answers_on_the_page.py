"""The planted effect of a fast answer is to be seen where a reader looks for it."""

from datetime import date
from pathlib import Path

import pytest

import queries
from findings import fast_answers
from queries.published import published_file
from tests.conftest import AS_OF, tandem

from .reading import Exports


@pytest.fixture(scope="module")
def answers(company: Exports, tmp_path_factory: pytest.TempPathFactory):
    builds: Path = tmp_path_factory.mktemp("builds")
    tandem("build", "--exports", company.folder, "--builds", builds, "--as-of", AS_OF)
    with queries.connect(published_file(builds)) as connection:
        period = {"date_from": date(2025, 1, 1), "date_until": date(2026, 11, 23)}
        return queries.run(connection.cursor(), "service_levels/speed_and_success", **period)


def test_within_the_kind_of_lead_a_fast_answer_goes_with_more_acceptance(answers):
    found = fast_answers.effect(answers)
    assert found.low > 0.08, "the truth of the demo company says as much"
    assert "percentage points more often" in fast_answers.in_words(found)


def test_what_is_slower_than_four_hours_is_accepted_less(answers):
    shares = fast_answers.by_speed(answers, 5)["share"].to_list()
    assert min(shares[:2]) > max(shares[2:])

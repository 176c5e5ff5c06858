"""The clock of a promise through the whole build: from an export to the published file, under the demo's agreement."""

import shutil

import pytest

from tests.pipeline.company import ask, built, handed_leads

# The office opens at 08:30 (lunch 12:00 to 12:45) and closes at 17:15, on Friday at 16:00. Demo requests are promised
# Saturday from 09:00 to 13:00, too. Times by Berlin's clock; what is due in UTC, as the published file has it.
MONDAY = "2026-03-16 09:05:00"
STORIES = {
    "after closing": ("event", "2026-03-13 16:50:00", MONDAY, 35, "2026-03-16 15:45", "met"),
    "before closing": ("event", "2026-03-13 15:50:00", MONDAY, 10 + 35, "2026-03-16 15:35", "met"),
    "after closing, also Saturday": (
        "demo_request", "2026-03-13 16:50:00", MONDAY, 240 + 35, "2026-03-14 10:30", "breached",
    ),
    "before closing, also Saturday": (
        "demo_request", "2026-03-13 15:50:00", MONDAY, 10 + 240 + 35, "2026-03-14 10:20", "breached",
    ),
    "on Saturday at ten to one": ("demo_request", "2026-03-14 12:50:00", MONDAY, 10 + 35, "2026-03-16 09:50", "met"),
    "the clocks went forward on Sunday": (
        "event", "2026-03-27 16:50:00", "2026-03-30 09:05:00", 35, "2026-03-30 14:45", "met",
    ),
    "the promise was tightened on 1 April": (
        "demo_request", "2026-04-17 16:50:00", "2026-04-20 09:05:00", 240 + 35, "2026-04-18 09:00", "breached",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def published(tmp_path_factory, demo_exports):
    folder = tmp_path_factory.mktemp("clock")
    told = [(name, kind, handed, answered) for name, (kind, handed, answered, *_) in STORIES.items()]
    handed_leads(folder / "exports", *told)
    shutil.copy2(demo_exports / "agreement.toml", folder / "exports")
    result = built(folder)
    columns = "response_minutes, strftime(due_at, '%Y-%m-%d %H:%M'), status"
    return {name: row for name, *row in ask(result, f"select lead_id, {columns} from mart.handovers")}


@pytest.mark.parametrize("story", STORIES)
def test_raised_late_in_the_week_and_answered_on_monday_at_five_past_nine(published, story):
    assert published[story] == list(STORIES[story][3:])

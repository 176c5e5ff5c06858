"""A late answer excused end to end: sales may not, marketing may, the next build applies it, and it is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import Visit, serving
from tests.browser.test_pages import addresses
from tests.pipeline.company import ask, built, handed_leads

pytestmark = pytest.mark.browser

HEADER_PIXELS, ROW_PIXELS = 35, 35
VERDICT = "select status, excuse from mart.handovers where lead_id = 'late'"
HANDED = ("2026-11-17 10:00:00", "2026-11-19 10:00:00")


class Person:
    """Somebody at a browser of their own, looking at the handovers that were missed."""

    def __init__(self, window: Visit, name: str, side: str) -> None:
        self.window, self.name, self.side = window, name, side
        self.page_of_promises = next(address for address in addresses(window.open("/")) if "service" in address)
        self.look()

    def look(self, listed: str = "breaches") -> str:
        """Opens a list anew and chooses its first line; returns what stands on the page."""
        page = self.window.open(self.page_of_promises, period="all", list=listed, lang="en")
        table = page.locator('[data-testid="stDataFrame"]').last
        table.scroll_into_view_if_needed()
        # the rows are drawn on a canvas; the box to choose a row is its first column
        table.click(position={"x": 15, "y": HEADER_PIXELS + 0.5 * ROW_PIXELS})
        page.get_by_text("Handover of lead late").wait_for()
        self.window.settle()
        return self.text()

    def text(self) -> str:
        return self.window.page.locator('[data-testid="stMainBlockContainer"]').inner_text()

    def introduce(self) -> None:
        page = self.window.page
        page.get_by_label("Your name").fill(self.name)
        page.get_by_role("radio", name=self.side).click()
        page.get_by_role("button", name="That is me").click()
        self.window.settle()

    def say(self, button: str, words: str, answer: str) -> None:
        """Says it in their words, presses the button, and reads the answer."""
        page = self.window.page
        page.get_by_label("In your words").fill(words)
        page.get_by_role("button", name=button, exact=True).click()
        page.get_by_text(answer).wait_for()


def test_a_late_answer_is_excused_by_the_other_side_alone_applied_and_revoked(tmp_path: Path, visit):
    company = handed_leads(tmp_path / "exports", ("late", "event", *HANDED), ("open", "event", HANDED[0], None)).parent
    ledger = f"sqlite:///{tmp_path / 'server' / 'ledger.sqlite'}"
    (tmp_path / "server").mkdir()
    assert ask(built(company), VERDICT) == [("breached", None)]
    with serving(company / "builds", tmp_path / "server" / "log") as server:
        sam, mia = (
            Person(visit(server, locale="en-GB"), name, side) for name, side in (("Sam", "Sales"), ("Mia", "Marketing"))
        )
        sam.introduce()
        sam.say("Excuse", "The telephones were down", "Only the side the promise was made to can excuse it")
        assert ask(built(company, ledger=ledger), VERDICT) == [("breached", None)]

        mia.look()
        mia.introduce()
        mia.say("Excuse", "The telephones <b>were</b> down", "Recorded. The next build applies it")
        assert "The telephones <b>were</b> down" in mia.look(), "what was typed is shown as text"
        assert ask(built(company, ledger=ledger), VERDICT) == [("excused", "system_outage")]
        assert "excused, System outage." in mia.look("excused")
        assert "2 handed over in the period = 0 met + 1 breached + 0 pending + 1 excused + 0 unassigned." in mia.text()
        sam.look("excused")
        sam.say("Take the excuse back", "We see it otherwise", "Who gave an excuse takes it back, or leadership does.")
        mia.say("Take the excuse back", "They were not down after all", "Recorded. The next build applies it")
        assert ask(built(company, ledger=ledger), VERDICT) == [("breached", None)]
        mia.look()
        for person in (sam, mia):
            assert person.window.complaints == []
            assert person.window.page.locator('[data-testid="stException"]').count() == 0
        assert server.complaints() == []

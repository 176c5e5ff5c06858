"""Credit contested end to end: sales doubts, marketing answers, leadership rules, the next build moves it, and back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.browser.conftest import Visit, serving
from tests.browser.test_pages import addresses
from tests.pipeline.company import ask, built, won_deals

pytestmark = pytest.mark.browser

FORM, FAIR = 1, 3  # places on the receipt, in order of time
HEADER_PIXELS, ROW_PIXELS = 35, 35
LINEAR = "select touch_id, credit from mart.credits where deal_id = 'D1' and model = 'linear' order by touch_id"


class Person:
    """Somebody at a browser of their own, looking at the receipt of the first deal."""

    def __init__(self, window: Visit, name: str, side: str) -> None:
        self.window, self.name, self.side = window, name, side
        self.receipt = next(address for address in addresses(window.open("/")) if "receipt" in address)
        self.look()

    def look(self) -> str:
        """Opens the receipt anew and chooses the form; returns what stands there."""
        page = self.window.open(self.receipt, period="all", deal="D1", lang="en")
        table = page.locator('[data-testid="stDataFrame"]').first
        table.scroll_into_view_if_needed()
        # the rows are drawn on a canvas; the box to choose a row is its first column
        table.click(position={"x": 15, "y": HEADER_PIXELS + (FORM + 0.5) * ROW_PIXELS})
        page.get_by_text("Credit of Form sent").wait_for()
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

    def say(self, button: str, reason: str) -> None:
        """Gives the reason beside a button, presses it, and sees it recorded."""
        page = self.window.page
        form = page.locator('[data-testid="stForm"]').filter(has=page.get_by_role("button", name=button, exact=True))
        form.get_by_label("Reason").fill(reason)
        form.get_by_role("button", name=button, exact=True).click()
        page.get_by_text("Recorded. The next build applies rulings").wait_for()


def test_a_credit_is_contested_answered_ruled_applied_and_revoked(tmp_path: Path, visit):
    company = won_deals(tmp_path / "exports").parent
    ledger = f"sqlite:///{tmp_path / 'server' / 'ledger.sqlite'}"
    (tmp_path / "server").mkdir()
    before = built(company)
    with serving(company / "builds", tmp_path / "server" / "log") as server:
        sam, mia, lea = (
            Person(visit(server, locale="en-GB"), name, side)
            for name, side in (("Sam", "Sales"), ("Mia", "Marketing"), ("Lea", "Leadership"))
        )
        sam.introduce()
        page = sam.window.page
        page.get_by_role("radio", name="move it to another touch").click()
        sam.window.unfold(page.get_by_label("To which touch?")).filter(has_text="Event").first.click()
        sam.window.settle()
        sam.say("Contest", "They met us at the fair <b>first</b>")
        assert "contests: move it to another touch" in sam.look()
        assert "contested, waits for an answer" in sam.text()

        mia.look()
        assert "They met us at the fair <b>first</b>" in mia.text(), "what was typed is shown as text"
        mia.introduce()
        mia.say("Disagree", "The form brought them")

        lea.look()
        assert "departments disagree, leadership rules" in lea.text()
        lea.introduce()
        lea.say("Rule: move it to another touch", "The fair was decisive")
        assert ask(before, LINEAR)[2:4] == [("D1-mail", Decimal("2000.00")), ("D1-talk", Decimal("2000.00"))]

        after = built(company, ledger=ledger)
        assert dict(ask(after, LINEAR))["D1-fair"] == Decimal("4000.01")
        assert dict(ask(after, LINEAR))["D1-form"] == Decimal("0.00")
        seen = sam.look()
        assert "rules: move it to another touch" in seen
        assert "models add up to €10,000.01." in seen
        assert "“Event · Event”" in seen, "most of it went to the fair now"

        sam.say("Revoke the ruling", "New papers turned up")
        again = built(company, ledger=ledger)
        assert ask(again, LINEAR) == ask(before, LINEAR)
        seen = mia.look()
        assert "revokes the ruling" in seen
        assert "models add up to €10,000.01." in seen
        for person in (sam, mia, lea):
            assert person.window.complaints == []
            assert person.window.page.locator('[data-testid="stException"]').count() == 0
        assert server.complaints() == []

"""A rep's morning: the most urgent lead is seen at once, and a decision reaches the CRM and the next build."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import serving
from tests.browser.test_pages import PHONE, addresses
from tests.pipeline.company import ask, built, export, handed_leads

pytestmark = pytest.mark.browser

HANDED = "2026-11-20 15:00:00"
VERDICT = "select decision from mart.handovers where lead_id = '=1+1'"


def test_the_most_urgent_lead_stands_on_a_phones_first_screen(visit, dashboard):
    window = visit(dashboard, locale="de-DE", viewport=PHONE, is_mobile=True, has_touch=True)
    page = window.open("/my_leads")
    first = page.get_by_text("Im CRM öffnen")
    box = first.bounding_box()
    assert box
    assert box["y"] + box["height"] <= PHONE["height"]
    name = page.locator("h3").first.inner_text()
    assert name in page.locator('[data-testid="stMainBlockContainer"]').inner_text().split("Ansicht")[0]


def test_a_rejected_lead_goes_to_the_crm_as_text_and_counts_with_the_next_build(tmp_path: Path, visit):
    company = handed_leads(tmp_path / "exports", ("=1+1", "event", HANDED, None)).parent
    export(company / "exports", "people.csv", ("person_id", "account_id", "name"), [("P-=1+1", "A-=1+1", "=2+2")])
    ledger = f"sqlite:///{tmp_path / 'server' / 'ledger.sqlite'}"
    (tmp_path / "server").mkdir()
    assert ask(built(company), VERDICT) == [("open",)]
    with serving(company / "builds", tmp_path / "server" / "log") as server:
        window = visit(server, locale="en-GB", accept_downloads=True)
        page = window.open("/my_leads")
        assert "my_leads" in " ".join(addresses(page))
        assert "=2+2" in page.locator("h3").first.inner_text()
        page.get_by_label("Your name").fill("Jo")
        page.get_by_role("radio", name="Sales").click()
        page.get_by_role("button", name="That is me").click()
        window.settle()
        page.get_by_role("radio", name="Reject").click()
        form = page.locator('[data-testid="stForm"]')
        form.get_by_label("In your words").fill("=3+3 asked for *books*")
        form.get_by_role("button", name="Reject", exact=True).click()
        page.get_by_text("Decided, counts with the next build").wait_for()
        window.settle()
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download CSV").last.click()
        lines = Path(waiting.value.path()).read_text("utf-8-sig").splitlines()
        assert lines[0].startswith("lead_id,cycle,decision,reason")
        assert lines[1].startswith("'=1+1,1,rejected,wrong_audience")
        assert window.complaints == []
        assert window.strangers == []
    assert ask(built(company, ledger=ledger), VERDICT) == [("rejected",)]

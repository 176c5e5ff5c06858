"""The demo company's agreement reads as agreed: two invented heads signed each set of terms before it began."""

import shutil
from datetime import date

import pytest

from agreement import load
from agreement.ledger import Ledger
from agreement.versions import history, in_force
from pipeline import demo_signatures, inputs, run
from queries.published import published_file
from tests.pipeline.company import ask


@pytest.fixture
def signed(demo_exports, tmp_path):
    demo_signatures.sign_demo(demo_exports, tmp_path / "demo.sqlite")
    ledger = Ledger(f"sqlite:///{tmp_path}/demo.sqlite")
    yield ledger
    ledger.close()


def test_what_is_in_force_is_what_the_demo_was_planted_by(signed, demo_exports):
    assert signed.verify() == []
    current = in_force(signed.entries())
    assert current.agreement.version == load(demo_exports / "agreement.toml").version
    names = {side: entry.actor_name for side, entry in current.signatures.items()}
    assert names == {"marketing": demo_signatures.MARKETING.name, "sales": demo_signatures.SALES.name}


def test_every_set_of_terms_was_signed_on_a_weekday_before_it_began(signed):
    begins = [start for start, _terms in in_force(signed.entries()).agreement.dated]
    versions = history(signed.entries())
    assert [version.state for version in versions] == ["superseded"] * (len(begins) - 1) + ["in_force"]
    assert len(begins) > 1
    for version, first_day in zip(versions, begins, strict=True):
        assert version.since.date() < first_day
        assert all(entry.at.weekday() < 5 for entry in version.signatures.values())


def test_a_ledger_that_is_there_stays_as_it_is(signed, demo_exports, tmp_path):
    signed.append(demo_signatures.SALES, "noted", "note", "n1", {"day": date(2026, 11, 9), "text": "Messe"})
    demo_signatures.sign_demo(demo_exports, tmp_path / "demo.sqlite")
    assert signed.entries("note") != []
    demo_signatures.sign_demo(tmp_path, tmp_path / "other.sqlite")
    assert not (tmp_path / "other.sqlite").exists(), "without an agreement there is nothing to sign"


def test_a_fresh_start_shows_the_demo_as_agreed_and_own_exports_as_a_draft(
    demo_exports, few_exports, tmp_path, monkeypatch
):
    monkeypatch.delenv("TANDEM_LEDGER")
    served = []
    monkeypatch.setattr(run, "serve", lambda shown, address, port, root: served.append(shown) or 0)
    shutil.copytree(demo_exports, tmp_path / "data" / "demo")
    state = "select state, signed_for_sales from meta.agreement"
    assert run.run(root=tmp_path) == 0
    assert ask(published_file(tmp_path / "data" / "builds" / "demo"), state) == [("in_force", "Tjark Overhagen")]
    shutil.copytree(few_exports, tmp_path / "data" / "exports", dirs_exist_ok=True)
    assert run.run(root=tmp_path) == 0
    assert ask(published_file(tmp_path / "data" / "builds"), state) == [("draft", None)]
    demo, own = served
    assert demo.ledger.endswith(inputs.DEMO_LEDGER)
    assert own.ledger == f"sqlite:///{tmp_path}/data/ledger.sqlite"
    assert not (tmp_path / "data" / "ledger.sqlite").exists(), "nothing was decided yet"

"""The meeting in the browserless app: decide, close, and open next week with what was frozen."""

import pytest
from streamlit.testing.v1 import AppTest

from agreement.frozen import FOLDER
from agreement.ledger import Ledger
from tests.contracts.tree import ROOT


@pytest.fixture
def app(shown_build):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = "en"
    app.query_params["week"] = "2026-11-09"
    app.session_state["person"] = {"name": "Anna", "side": "marketing"}
    return app.run()


def texts(app):
    return " ".join(element.value for element in [*app.markdown, *app.caption, *app.success, *app.error])


def test_closing_freezes_and_the_next_week_opens_with_it(app):
    app.button(key="close_meeting").click().run()
    assert not app.exception, [error.value for error in app.exception]
    closing = Ledger().entries("meeting")[0]
    assert (closing.object_id, len(closing.body["kpis"])) == ("2026-W46", 8)
    assert "figures are frozen" in texts(app)
    app.selectbox(key="find_week").set_value("2026-11-16").run()
    assert not app.exception, [error.value for error in app.exception]
    assert "Since the last meeting" in texts(app)
    assert "Every frozen figure reads the same today" in texts(app)


def test_a_decision_is_listed_with_its_figure(app):
    app.text_input[0].set_value("Call every demo request within the hour")
    app.text_input[1].set_value("Ben")
    next(button for button in app.button if button.label == "Decide").click()
    app.run()
    assert not app.exception, [error.value for error in app.exception]
    assert [entry.body["owner"] for entry in Ledger().entries("decision")] == ["Ben"]
    assert "Call every demo request within the hour" in texts(app)


def test_records_lie_beside_the_ledger_without_ids(app):
    app.button(key="close_meeting").click().run()
    from agreement.frozen import folder
    from agreement.ledger import setting

    kept = list((folder(setting()) / FOLDER).iterdir())
    assert len(kept) == 1
    assert "deal:" not in kept[0].read_text("utf-8")

"""Who acts: a name and a side, picked once per browser until sign-in vouches for people."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from tests.contracts.tree import ROOT
from ui.actor import cookie, of_cookie, tidy
from ui.text import isolated


def sheet(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@given(st.text(min_size=1, max_size=200), st.sampled_from(["marketing", "sales", "leadership"]))
def test_a_cookie_gives_back_who_was_picked(name, side):
    kept = tidy(name)
    written = cookie({"name": kept, "side": side})
    assert written.isascii()
    assert not set(written) & set(' ;,"\\=')
    assert of_cookie(written) == ({"name": kept, "side": side} if kept else None)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="none"),
        pytest.param("", id="empty"),
        pytest.param("%%%", id="no base64"),
        pytest.param(sheet("{"), id="no json"),
        pytest.param(sheet("[]"), id="a list"),
        pytest.param(sheet('{"name": "Anna"}'), id="no side"),
        pytest.param(sheet('{"name": 7, "side": "sales"}'), id="a number for a name"),
        pytest.param(sheet('{"name": "Anna", "side": "board"}'), id="unknown side"),
        pytest.param(sheet('{"name": "Anna", "side": ["sales"]}'), id="a list for a side"),
        pytest.param(sheet('{"name": " \\u0000 ", "side": "sales"}'), id="nothing but blanks"),
    ],
)
def test_a_cookie_written_elsewhere_is_nobody(value):
    assert of_cookie(value) is None


def test_a_long_name_is_cut_and_a_broken_line_joined():
    assert len(tidy("x" * 10_000)) == 80
    assert tidy(" Anna\r\n\tKern\u2028 \x00") == "Anna Kern"


def test_a_name_leaves_the_words_around_it_alone():
    assert isolated("\u202eanna") == "\u2068\u202eanna\u2069"


def app(**session: object) -> AppTest:
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for word, value in session.items():
        test.session_state[word] = value
    return test


def standing(test: AppTest) -> list[str]:
    return [part.proto.popover.label for part in test.get("popover") if "·" in part.proto.popover.label]


@pytest.mark.usefixtures("shown_build")
def test_who_was_picked_stands_beside_the_menu_until_forgotten():
    test = app(person={"name": "Anna ![x](http://evil.example/p.png)", "side": "sales"}).run()
    assert not test.exception
    (label,) = standing(test)
    assert r"\!\[x\]" in label
    test.get_by_key("forget_person").click().run()
    assert standing(test) == []
    assert json.loads(test.get("bidi_component")[0].proto.json)["seconds"] == 0, "the browser forgets as well"


@pytest.mark.usefixtures("shown_build")
def test_nobody_in_particular_sees_no_line():
    assert standing(app().run()) == []


SIDES = {"marketing": ["grp-marketing"], "sales": ["grp-sales"]}


@pytest.mark.usefixtures("shown_build")
@pytest.mark.parametrize(
    ("groups", "stands_for"),
    [
        pytest.param(["grp-sales", "all"], "Sales", id="a group of one side"),
        pytest.param(["all"], None, id="a group of none"),
        pytest.param(["grp-sales", "grp-marketing"], None, id="groups of both decide for neither"),
        pytest.param(None, None, id="no groups"),
    ],
)
def test_the_sign_in_says_who_decides_for_whom(groups, stands_for):
    test = app(person={"name": "Somebody else", "side": "marketing"})
    test.secrets["auth"] = {"redirect_uri": "x", "cookie_secret": "y", "client_id": "z"}
    test.secrets["sides"] = SIDES
    test.user = {"name": "Jonas Beck", "email": "j@example.com", "is_logged_in": True, "groups": groups}
    test.query_params["lang"] = "en"
    test.run()
    assert not test.exception
    assert standing(test) == ([f"{isolated('Jonas Beck')} · {stands_for}"] if stands_for else [])

"""A name from a CRM stays a name in every Markdown sink."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.text import esc

MARKS = r"\`*_{}[]()#+-.!|<>~$:&" + "\"'="


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("![x](http://evil.example/p.png)", id="picture that would call a foreign host"),
        pytest.param("[click](javascript:alert(1))", id="link"),
        pytest.param("**bold** _it_ `code`", id="emphasis"),
        pytest.param("<img src=x onerror=alert(1)>", id="tag"),
        pytest.param("$\\href{javascript:alert(1)}{x}$", id="formula"),
        pytest.param(":red[alarm]", id="colour"),
    ],
)
def test_every_mark_is_a_mere_character(name):
    assert re.sub(r"\\(.)", "", esc(name)).strip(MARKS) == re.sub(r"\\(.)", "", esc(name))


@pytest.mark.parametrize("icon", [":material/home:", ":streamlit:"])
def test_icons_are_no_directives(icon):
    assert "\u2060" in esc(icon)


def test_line_breaks_start_no_new_block():
    assert esc("Nord\n# Title\r\n- item") == "Nord \\# Title  \\- item"


@given(st.text())
def test_nothing_is_lost_but_control_characters(text):
    shown = re.sub(r"\\([\\`*_{}\[\]()#+\-.!|<>~$:&\"'=])", r"\1", esc(text)).replace("\u2060", "")
    kept = [c for c in text.replace("\u2060", "") if c.isprintable() and not c.isspace()]
    assert [c for c in shown if c.isprintable() and not c.isspace()] == kept

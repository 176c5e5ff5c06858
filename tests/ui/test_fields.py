"""Fields give back what they were given, and read what people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

import locales
from agreement.terms import term_names
from ui.agreement.fields import Unreadable, read_lines, read_number, read_windows


def every_field() -> None:
    import json

    import streamlit as st

    import locales
    from agreement import load
    from agreement.terms import term_names
    from findings.terms import value_of
    from ui.agreement.fields import field

    locales.use(st.query_params["lang"])
    terms = load().terms_on(load().valid_from)
    for name in term_names():
        section, term = name.split(".")
        value = json.loads(json.dumps(terms.values.get(section, {}).get(term, value_of(name, terms))))
        if field(name, value, "EUR", name) != value:
            st.error(name)
        st.session_state["seen"] = st.session_state.get("seen", 0) + 1


@pytest.mark.parametrize("language", ["de", "en"])
def test_an_untouched_field_keeps_its_value(language):
    app = AppTest.from_function(every_field, default_timeout=60)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception, [error.value for error in app.exception]
    assert [error.value for error in app.error] == []
    assert app.session_state["seen"] == len(term_names())


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        pytest.param("08:30–12:00, 12:45–17:15", [["08:30", "12:00"], ["12:45", "17:15"]], id="with a lunch break"),
        pytest.param("8-12; 13-17", [["08:00", "12:00"], ["13:00", "17:00"]], id="hours alone"),
        pytest.param("8.30 bis 12 und 13 bis 17", [["08:30", "12:00"], ["13:00", "17:00"]], id="in words"),
        pytest.param("  ", [], id="closed"),
    ],
)
def test_opening_hours_are_read_as_people_write_them(text, windows):
    assert read_windows(text) == windows


@pytest.mark.parametrize("text", ["early", "8", "8-", "-17"])
def test_what_are_no_opening_hours_is_said(text):
    with pytest.raises(Unreadable):
        read_windows(text)


@pytest.mark.parametrize(
    ("language", "text", "amount"),
    [("de", "1.200", 1200), ("de", "0,5", 0.5), ("en", "1,200", 1200), ("en", "0.5", 0.5)],
)
def test_numbers_are_read_in_the_readers_language(language, text, amount):
    locales.use(language)
    assert read_number(text, is_whole=False) == amount


@pytest.mark.parametrize("text", ["", "zwölf", "1.20.0", "12 €"])
def test_what_is_no_number_is_said(text):
    locales.use("de")
    with pytest.raises(Unreadable):
        read_number(text, is_whole=True)


@given(st.dictionaries(st.from_regex(r"[^\s=](?:[^\n\r=]*[^\s=])?", fullmatch=True).filter(
    lambda name: name == name.strip() and len(name.splitlines()) == 1), st.integers(1, 10**6)))  # fmt: skip
def test_lines_are_read_as_written(entries):
    text = "\n".join(f"{name} = {amount}" for name, amount in entries.items())
    assert read_lines(text, int) == entries


@pytest.mark.parametrize("text", ["Nord 12", "= 12", "Nord = 12\nNord = 13"])
def test_lines_that_say_nothing_are_refused(text):
    with pytest.raises(Unreadable):
        read_lines(text, int)

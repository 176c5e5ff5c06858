"""Find a customer by a name or domain that is typed almost right."""

from __future__ import annotations

import streamlit as st
from rapidfuzz import fuzz, process, utils

from findings.accounts import short
from locales import _
from ui.query import ask, build
from ui.steering import stop
from ui.text import esc

MOST_FOUND, LEAST_LIKENESS = 12, 62
ADDRESS = "account"


@st.cache_resource(max_entries=2, show_spinner=False)
def _texts(build_id: str) -> tuple[list[str], list[str]]:
    """Ids, and the text searched in: name and domain without case and signs."""
    known = ask("accounts/names")
    texts = [
        utils.default_process(f"{name or ''} {domain or ''}"[:400])
        for name, domain in zip(known["name"], known["domain"], strict=True)
    ]
    return known["account_id"].to_list(), texts


@st.cache_data(max_entries=200, show_spinner=False)
def found(build_id: str, wanted: str) -> list[str]:
    """Ids of the companies most like what was typed, the most alike first."""
    ids, texts = _texts(build_id)
    typed = utils.default_process(wanted)
    if not typed:
        return []
    exact = [number for number, text in enumerate(texts) if typed in text][:MOST_FOUND]
    alike = process.extract(
        typed, texts, scorer=fuzz.token_set_ratio, limit=MOST_FOUND, score_cutoff=LEAST_LIKENESS
    ) or process.extract(typed, texts, scorer=fuzz.partial_ratio, limit=MOST_FOUND, score_cutoff=LEAST_LIKENESS)
    return [ids[number] for number in dict.fromkeys([*exact, *(number for _text, _score, number in alike)])][
        :MOST_FOUND
    ]


def account() -> str:
    """The company the reader looks for, kept in the address; the page ends here where there is none."""
    asked = st.query_params.get(ADDRESS)
    wanted = st.text_input(
        _("Search a company"), placeholder=_("Name or domain, also misspelt"), max_chars=100, key="account_wanted"
    )
    options = found(build().build_id, wanted) if wanted else ask("accounts/recent")["account_id"].to_list()
    if wanted and not options:
        stop(_("No company is called like that"), _("Try another part of the name, or the domain."))
    if not wanted and asked:
        if not ask("accounts/account", account=asked).height:
            stop(_("This company is not in the build"), _("Search it by name, or open the newest link from the CRM."))
        options = [asked, *(one for one in options if one != asked)]
    if not options:
        options = ask("accounts/names")["account_id"].head(MOST_FOUND).to_list()
    if not options:
        stop(_("No companies yet"), _("Load an export with companies."))
    names = {one: _title(one) for one in options}
    key = "account_found"
    if st.session_state.get(key) not in names:
        st.session_state[key] = asked if asked in names else options[0]
    label = _("Found") if wanted else _("Moved last")
    picked = str(st.selectbox(label, options, format_func=names.__getitem__, key=key))
    st.query_params[ADDRESS] = picked
    return picked


def _title(account_id: str) -> str:
    row = ask("accounts/account", account=account_id).row(0, named=True)
    return " · ".join(short(part, 80) for part in (row["name"], row["domain"]) if part) or account_id


def facts(told: list[tuple[str, str]]) -> None:
    """Names and values in one quiet line."""
    st.caption(" · ".join(f"{esc(name)}: {esc(value)}" for name, value in told))

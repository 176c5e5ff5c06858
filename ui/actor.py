"""Who acts. A decision needs a name and a side; `actor()` is the one place that knows them.

Where people sign in, the identity provider names them and the ledger records them as verified. Until then a person
picks name and side once per browser. They are kept in a cookie of this address alone, and the ledger records them as
not verified: whoever sits at that browser can pick any name, and the pages say so.
"""

from __future__ import annotations

import base64
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

import streamlit as st

from agreement.entries import SIDES, Actor
from findings.words import side_names
from locales import _
from ui.access import Reader, reader
from ui.text import isolated

COOKIE = "tandem_person"
YEAR_SECONDS = 365 * 24 * 60 * 60
LONGEST_NAME = 80

# The text is fixed: what a person typed reaches the browser as data, in letters that no cookie reads as its end.
_KEEP = """
export default function ({ data }) {
  const home = location.protocol === "https:" ? "; secure" : ""
  document.cookie = `${data.name}=${data.value}; path=/; max-age=${data.seconds}; samesite=lax${home}`
}
"""


def actor() -> Actor | None:
    """The person at this browser; None until name and side are known."""
    who = reader()
    picked = _picked()
    if not who.is_signed_in:
        return Actor(picked["name"], picked["side"], is_verified=False) if picked else None
    side = who.side if who.has_sides else (picked or {}).get("side")
    return Actor(tidy(who.name or who.email), side, is_verified=True) if side else None


def who_are_you() -> Actor | None:
    """The person at this browser, asked in place where not known yet."""
    who, known = reader(), actor()
    if known:
        return known
    if who.is_signed_in and who.has_sides:
        st.info(_("Your sign-in names no side, so you read along. Your administrator can put you into its group."))
        return None
    with st.container(border=True):
        asked = _("Who are you?")
        st.markdown(f"**{asked}**")
        _ask(who, "here")
    return None


def show_actor() -> None:
    """The person at this browser beside the menu, and the way to be somebody else."""
    if known := actor():
        title = f"{isolated(known.name)} · {side_names()[known.side]}"
        with st.popover(title, icon=":material/person:", type="tertiary", key="person"):
            st.caption(_standing(known))
            who = reader()
            if not (who.is_signed_in and who.has_sides):
                st.button(_("That is not me"), on_click=_forget, key="forget_person")
    _keep_cookie()


def tidy(name: str) -> str:
    """A name on one line without control characters, 80 characters at most."""
    kept = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter for letter in name)
    return " ".join(kept.split())[:LONGEST_NAME].strip()


def cookie(person: Mapping[str, str]) -> str:
    """Name and side in letters a cookie can hold."""
    return base64.urlsafe_b64encode(json.dumps(person, ensure_ascii=False).encode()).decode().rstrip("=")


def of_cookie(value: str | None) -> dict[str, Any] | None:
    """Name and side of a cookie; None for one that was not written here."""
    try:
        person = json.loads(base64.b64decode(f"{value or ''}===", altchars=b"-_"))
        name, side = tidy(person["name"]), person["side"]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return {"name": name, "side": side} if name and side in SIDES else None


def _picked() -> dict[str, Any] | None:
    if "person" not in st.session_state:
        st.session_state["person"] = of_cookie(st.context.cookies.get(COOKIE))
    person: dict[str, Any] | None = st.session_state["person"]
    return person


def _ask(who: Reader, key: str) -> None:
    with st.form(f"person_{key}", border=False, enter_to_submit=True):
        names = side_names()
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if not who.is_signed_in:
                st.text_input(_("Your name"), key="person_name", max_chars=LONGEST_NAME, width=280)
            st.segmented_control(_("You decide for"), list(SIDES), format_func=names.__getitem__, key="person_side")
            st.form_submit_button(_("That is me"), on_click=_take)
    if st.session_state.get("person_is_missing"):
        missing = _("Please give your name and the side you decide for.")
        st.caption(f":red[{missing}]")
    st.caption(
        _("Kept in this browser for a year. There is no sign-in yet, so the ledger records you as “not verified”.")
        if not who.is_signed_in
        else _("You are signed in; the side is your own statement.")
    )


def _standing(known: Actor) -> str:
    if known.is_verified:
        return _("You are signed in; your decisions are recorded as verified.")
    return _("There is no sign-in yet, so your decisions are recorded as “not verified”.")


def _take() -> None:
    name = tidy(st.session_state.get("person_name") or "") or tidy(reader().name or reader().email)
    side = st.session_state.get("person_side")
    st.session_state["person_is_missing"] = not (name and side in SIDES)
    if name and side in SIDES:
        st.session_state["person"] = {"name": name, "side": side}
        st.session_state["person_cookie"] = {"value": cookie(st.session_state["person"]), "seconds": YEAR_SECONDS}


def _forget() -> None:
    st.session_state["person"] = None
    st.session_state["person_cookie"] = {"value": "", "seconds": 0}


def _keep_cookie() -> None:
    if due := st.session_state.get("person_cookie"):
        _keeper(data={"name": COOKIE, **due}, key="person_cookie_keeper")


_keeper = st.components.v2.component("tandem_person", js=_KEEP)

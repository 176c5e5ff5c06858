"""Who is looking. Open by default, because the dashboard listens on this machine alone; with `[auth]` in
`.streamlit/secrets.toml` everybody signs in first. Roles build on `Reader`."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from locales import _


@dataclass(frozen=True)
class Reader:
    """The person looking; without sign-in nobody in particular."""

    name: str = ""
    email: str = ""
    is_signed_in: bool = False


def sign_in_is_required() -> bool:
    """Whether an identity provider is configured."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def reader() -> Reader:
    """Who is looking. Where sign-in is required and has not happened, the run ends with the door."""
    if not sign_in_is_required():
        return Reader()
    if not st.user.get("is_logged_in", False):
        _door()
        st.stop()
    return Reader(str(st.user.get("name") or ""), str(st.user.get("email") or ""), is_signed_in=True)


def _door() -> None:
    st.title("Tandem", anchor=False)
    st.markdown(_("Please sign in to see the figures of your company."))
    st.button(_("Sign in"), type="primary", on_click=st.login)

"""Who is looking. Open by default, because the dashboard listens on this machine alone; with `[auth]` in
`.streamlit/secrets.toml` everybody signs in first. With `[sides]` beside it, such as `marketing = ["Team Marketing"]`,
the claim `groups` of the identity provider says for which side a person decides. Roles build on `Reader`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from agreement.entries import SIDES, Side
from locales import _


@dataclass(frozen=True)
class Reader:
    """The person looking; without sign-in nobody in particular."""

    name: str = ""
    email: str = ""
    is_signed_in: bool = False
    side: Side | None = None  # by a group of the identity provider
    has_sides: bool = False  # groups decide on the side, so nobody picks one


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
    sides: Mapping[str, Any] = st.secrets.get("sides", {})
    return Reader(
        str(st.user.get("name") or ""),
        str(st.user.get("email") or ""),
        is_signed_in=True,
        side=_side(sides, st.user.get("groups")),
        has_sides=bool(sides),
    )


def _side(sides: Mapping[str, Any], groups: Any) -> Side | None:
    """The one side whose groups the person is in; nobody decides for two."""
    member = {str(group) for group in groups} if isinstance(groups, list | tuple) else {str(groups)}
    found = [side for side in SIDES if member & {str(group) for group in sides.get(side, ())}]
    return found[0] if len(found) == 1 else None


def _door() -> None:
    st.title("Tandem", anchor=False)
    st.markdown(_("Please sign in to see the figures of your company."))
    st.button(_("Sign in"), type="primary", on_click=st.login)

"""The versions of the agreement as the ledger has them, and the terms the build on screen was judged by."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

import streamlit as st

from agreement import Agreement, load
from agreement.document import Change, differences
from agreement.ledger import LedgerError, setting
from agreement.versions import KIND, OPEN, Version, history
from ui.decide import entries, ledger
from ui.query import as_of


def versions() -> list[Version]:
    """All versions, oldest first."""
    return list(_history(setting(), ledger().head()))


@st.cache_resource(max_entries=8, show_spinner=False)
def _history(url: str, head: tuple[int, str]) -> tuple[Version, ...]:
    return tuple(history(entries(KIND)))


def trouble() -> str:
    """Why the ledger cannot be read; "" if it can."""
    try:
        versions()
    except LedgerError as error:
        return str(error)
    return ""


def current() -> Version | None:
    """The version both departments signed last; None where nothing is agreed."""
    return next((version for version in versions() if version.state == "in_force"), None)


def waiting() -> list[Version]:
    """Proposals that wait for a signature, oldest first."""
    return [version for version in versions() if version.state in OPEN]


def drafts() -> list[Version]:
    """Versions that were written and not proposed yet, oldest first."""
    return [version for version in versions() if version.state == "draft"]


def agreement_in_force() -> Agreement:
    """What is agreed; where nothing is, the terms the build was judged by, which both may sign."""
    found = current()
    return found.agreement if found else load()


def base_of(version: Version) -> Agreement:
    """What a version changes."""
    base = next((known for known in versions() if known.id == version.base), None)
    return base.agreement if base else load()


def changes_of(version: Version) -> list[Change]:
    """What a version changes in the one it was made from."""
    return differences(base_of(version), version.agreement)


def today() -> date:
    """The company's day."""
    return datetime.now(zone()).date()


def zone() -> tzinfo:
    """The company's zone, in which instants are written."""
    found = as_of().tzinfo
    assert found is not None, "the build hands out instants with their zone"
    return found

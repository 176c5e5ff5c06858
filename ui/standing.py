"""The versions of the agreement as the ledger has them, and the terms the build on screen was judged by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, tzinfo

import streamlit as st

from agreement import Agreement
from agreement.document import Change, differences
from agreement.ledger import LedgerError, setting
from agreement.versions import KIND, OPEN, Version, history
from findings import agreement as findings
from locales import _
from ui.decide import entries, ledger
from ui.query import agreement, as_of, build


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
    return found.agreement if found else agreement()


def changes_of(version: Version) -> list[Change]:
    """What a version changes in the one it was made from; a first one is compared with the terms on screen while it is
    open, and later with nothing."""
    base = next((known for known in versions() if known.id == version.base), None)
    if base is None and (version.state in OPEN or version.state == "draft"):
        return differences(agreement(), version.agreement)
    return differences(base.agreement, version.agreement) if base else []


def in_words() -> str:
    """Whether the figures on screen count as agreed, in a few words; also where the ledger cannot be read."""
    try:
        return findings.standing(current(), waiting(), build().agreement_version, zone())
    except LedgerError:
        return _("Whether the terms are agreed cannot be told: the ledger cannot be read")


def proposals_for(terms: Iterable[str]) -> list[str]:
    """What open proposals would do to these terms, a sentence each."""
    try:
        return [
            sentence
            for version in waiting()
            for term in terms
            for sentence in findings.proposal_in_words(version, changes_of(version), term, build().currency, zone())
        ]
    except LedgerError:
        return []


def today() -> date:
    """The company's day."""
    return datetime.now(zone()).date()


def zone() -> tzinfo:
    """The company's zone, in which instants are written."""
    found = as_of().tzinfo
    assert found is not None, "the build hands out instants with their zone"
    return found

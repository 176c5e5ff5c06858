"""The sides of the agreement, in words."""

from __future__ import annotations

from locales import _


def side_names() -> dict[str, str]:
    """Who can act, by the word of the ledger."""
    return {"marketing": _("Marketing"), "sales": _("Sales"), "leadership": _("Leadership")}

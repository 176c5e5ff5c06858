"""Whose leads are on screen. Who signed in sees their own and nobody else's; without sign-in one chooses oneself."""

from __future__ import annotations

from agreement.entries import person
from locales import _
from ui.access import reader
from ui.query import ask, build
from ui.steering import find, note, stop


def rep() -> str:
    """The employee whose leads are shown; the page ends here where there is none."""
    known = ask("my_leads/reps")
    if not known.height:
        stop(_("No leads were handed to anybody yet"), _("Load an export with leads, owners and assignments."))
    who = reader()
    names = {row["owner_id"]: row["name"] or row["owner_id"] for row in known.iter_rows(named=True)}
    if who.is_signed_in:
        mine = [owner for owner, name in names.items() if who.name and person(name) == person(who.name)]
        if len(mine) != 1:
            stop(
                _("No leads are assigned to you"),
                _("Your sign-in matches no employee of the exports by name. Other people's leads are not shown."),
            )
        return mine[0]
    busy = [row["owner_id"] for row in known.iter_rows(named=True) if row["open"]]
    first = {owner: names[owner] for owner in [*busy, *names]}
    found = find("rep", _("You are (invented)") if build().is_demo else _("You are"), first)
    assert found is not None, "somebody is in charge of a lead"
    if not build().is_demo:
        note(_("There is no sign-in, so you choose yourself. The page shows leads and compares no people."))
    return found

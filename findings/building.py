"""The steps of a build, in words."""

from __future__ import annotations

from locales import _


def step_in_words(step: str) -> str:
    """What a build is at, in the reader's language; a step nobody named stays as it is."""
    known = {
        "Reading": _("Reading the exports"),
        "Finding who is who": _("Finding who is who"),
        "Judging every row": _("Judging every row by the agreement"),
        "Judging by the agreement": _("Judging by the agreement as it is"),
        "Judging by the proposal": _("Judging by the proposal"),
        "Comparing": _("Comparing"),
        "Checking": _("Checking that the books balance"),
        "Publishing": _("Publishing"),
    }
    return next((words for begin, words in known.items() if step.startswith(begin)), step)

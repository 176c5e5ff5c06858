"""The page Agreement: its document, its proposals and its history."""

from ui.actor import who_are_you
from ui.agreement.clash import show_clash
from ui.agreement.form import show_form
from ui.agreement.history import show_history
from ui.agreement.overview import show_in_force
from ui.agreement.proposals import show_open
from ui.standing import current, trouble, waiting, zone

__all__ = [
    "current",
    "show_clash",
    "show_form",
    "show_history",
    "show_in_force",
    "show_open",
    "trouble",
    "waiting",
    "who_are_you",
    "zone",
]

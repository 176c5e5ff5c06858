"""Agreement: what have both departments promised each other, who has signed it, and what is to change?"""

import ui
from findings import agreement as findings
from ui import _, choose
from ui import agreement as parts

question = _("What have both departments promised each other, who has signed it, and what is to change?")
ui.heading(_("Agreement"), question)
if trouble := parts.trouble():
    ui.stop(_("The ledger cannot be read"), trouble)
waiting, current = parts.waiting(), parts.current()
ui.answer(findings.headline(current, waiting, parts.zone()))
views = {
    "terms": _("Terms"),
    "open": _("Open ({n})").format(n=ui.number(len(waiting))),
    "propose": _("Propose a change"),
    "history": _("History"),
}
view = choose("view", _("Part"), views)
if view in ("open", "propose"):
    parts.who_are_you()
if view == "terms":
    parts.show_in_force()
elif view == "open":
    parts.show_open()
elif view == "propose" and not parts.show_clash():
    parts.show_form()
elif view == "history":
    parts.show_history()

"""What a page is made of. Pages import from here and from nowhere deeper."""

from locales import _, ngettext
from locales.formats import day, day_and_time, number, percent, points
from ui.contest import contest
from ui.contest import standing as contests
from ui.currency import money, short_money
from ui.deals import deals
from ui.explain import explain, question
from ui.feedback import now, todo
from ui.filters import chosen
from ui.handovers import handover_lists
from ui.lead import lead, next_lead
from ui.meeting import decisions, meeting_forms, restated, say_restated, shown_before
from ui.page import Card, answer, cards, chart, columns, empty_state, heading, items, pick, section
from ui.prejudices import reproaches, reproaches_asked
from ui.privacy import may_show
from ui.promise import promise
from ui.query import as_of, ask, build
from ui.rep import rep
from ui.search import account, facts
from ui.spreadsheet import download
from ui.standing import waiting
from ui.steering import choose, day_of, find, go_to, note, place, say, stop, terms
from ui.table import Column, table
from ui.take_away import take_away
from ui.text import esc
from ui.weekly import meeting as meeting_of

__all__ = [
    "Card",
    "Column",
    "_",
    "account",
    "answer",
    "as_of",
    "ask",
    "build",
    "cards",
    "chart",
    "choose",
    "chosen",
    "columns",
    "contest",
    "contests",
    "day",
    "day_and_time",
    "day_of",
    "deals",
    "decisions",
    "download",
    "empty_state",
    "esc",
    "explain",
    "facts",
    "find",
    "go_to",
    "handover_lists",
    "heading",
    "items",
    "lead",
    "may_show",
    "meeting_forms",
    "meeting_of",
    "money",
    "next_lead",
    "ngettext",
    "note",
    "now",
    "number",
    "percent",
    "pick",
    "place",
    "points",
    "promise",
    "question",
    "rep",
    "reproaches",
    "reproaches_asked",
    "restated",
    "say",
    "say_restated",
    "section",
    "short_money",
    "shown_before",
    "stop",
    "table",
    "take_away",
    "terms",
    "todo",
    "waiting",
]

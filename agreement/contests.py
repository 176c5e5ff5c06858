"""Contested credit: one department doubts what a touch earned, the other answers, the next build applies the ruling.

Computed from the ledger's entries of the kind `credit`, whose object is `deal#touch`. An entry that breaks a rule
counts for nothing.

| entry | body | who |
|---|---|---|
| contested | `deal_id`, `touch_id`, `wish` (move, exclude), `to_touch_id`, with a reason | one of the two departments |
| answered | `agrees`, with a reason | the other department, another person |
| ruled | `deal_id`, `touch_id`, `ruling` (keep, move, exclude), `to_touch_id` | see `may_rule` |
| ruling_revoked | with a reason | leadership, or the department that contested |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from agreement.entries import Actor, Entry, Side

KIND = "credit"
DEPARTMENTS: tuple[Side, ...] = ("marketing", "sales")
WISHES = ("exclude", "move")
RULINGS = ("keep", *WISHES)
State = Literal["contested", "agreed", "disagreed", "ruled", "revoked"]
OPEN: frozenset[State] = frozenset({"contested", "agreed", "disagreed"})
Refusal = Literal[
    "departments_only", "no_reason", "already_open", "nothing_contested", "unknown_wish", "no_other_touch",
    "own_contest", "not_yours_to_rule", "nothing_ruled",
]  # fmt: skip


@dataclass(frozen=True)
class Contest:
    """A contest as it stands. `seq`: number of its newest entry, for `expected`. `in_force`: the ruling that builds
    apply; an earlier one stays in force while its touch is contested anew."""

    state: State
    seq: int
    contested: Entry
    answered: Entry | None = None
    ruled: Entry | None = None
    revoked: Entry | None = None
    in_force: Entry | None = None

    @property
    def wish(self) -> dict[str, Any]:
        """What the contesting department asked for, as the body of a ruling."""
        told = self.contested.body
        return {
            "deal_id": told["deal_id"], "touch_id": told["touch_id"], "ruling": told["wish"],
            "to_touch_id": told.get("to_touch_id"),
        }  # fmt: skip


def object_id(deal_id: str, touch_id: str) -> str:
    """The object of a contest."""
    return f"{deal_id}#{touch_id}"


def standing(entries: Iterable[Entry]) -> dict[str, Contest]:
    """The newest contest of every object that was ever contested."""
    found: dict[str, Contest] = {}
    for entry in entries:
        if entry.kind != KIND:
            continue
        known = found.get(entry.object_id)
        if refusal(entry.action, entry.person, entry.side, entry.body, entry.reason, known) is None:
            found[entry.object_id] = _after(entry, known)
        elif known:
            found[entry.object_id] = replace(known, seq=entry.seq)
    return found


def check(actor: Actor, action: str, body: Mapping[str, Any], reason: str, known: Contest | None) -> Refusal | None:
    """Why `actor` may not do this now; None if he may."""
    return refusal(action, actor.person, actor.side, body, reason, known)


def refusal(
    action: str, person: str, side: Side, body: Mapping[str, Any], reason: str, known: Contest | None
) -> Refusal | None:
    """The rule a step breaks; None if it keeps them all."""
    if action in ("contested", "answered", "ruling_revoked") and not reason.strip():
        return "no_reason"
    if action == "contested":
        return _may_not_contest(side, body, known)
    if known is None or (known.state not in OPEN and action != "ruling_revoked"):
        return "nothing_contested"
    if action == "answered":
        if known.state != "contested":
            return "nothing_contested"
        return "own_contest" if side not in DEPARTMENTS or _is_own(person, side, known) else None
    if action == "ruled":
        return None if may_rule(person, side, body, known) else "not_yours_to_rule"
    if known.state != "ruled":
        return "nothing_ruled"
    return None if side == "leadership" or side == known.contested.side else "not_yours_to_rule"


def may_rule(person: str, side: Side, body: Mapping[str, Any], known: Contest) -> bool:
    """A wish that was agreed to is ruled as agreed. Where the departments disagree, leadership rules, unless one side
    gives in: the contesting one keeps the credit, the other one grants the wish. Nobody rules on their own wish."""
    asked = body.get("ruling")
    if asked not in RULINGS:
        return False
    is_wish = asked == known.wish["ruling"] and body.get("to_touch_id") == known.wish["to_touch_id"]
    if known.state == "contested":
        return side == known.contested.side and asked == "keep"  # taken back
    if person == known.contested.person:
        return asked == "keep"
    if known.state == "agreed":
        return is_wish
    if side == "leadership":
        return asked != "move" or bool(body.get("to_touch_id"))
    return asked == "keep" if side == known.contested.side else is_wish


def _may_not_contest(side: Side, body: Mapping[str, Any], known: Contest | None) -> Refusal | None:
    if side not in DEPARTMENTS:
        return "departments_only"
    if known and known.state in OPEN:
        return "already_open"
    if body.get("wish") not in WISHES or not (body.get("deal_id") and body.get("touch_id")):
        return "unknown_wish"
    target = body.get("to_touch_id")
    if body["wish"] == "move" and (not target or target == body["touch_id"]):
        return "no_other_touch"
    return None


def _is_own(person: str, side: Side, known: Contest) -> bool:
    return side == known.contested.side or person == known.contested.person


def _after(entry: Entry, known: Contest | None) -> Contest:
    match entry.action:
        case "answered" if known:
            state: State = "agreed" if entry.body.get("agrees") is True else "disagreed"
            return replace(known, state=state, seq=entry.seq, answered=entry)
        case "ruled" if known:
            return replace(known, state="ruled", seq=entry.seq, ruled=entry, in_force=entry)
        case "ruling_revoked" if known:
            return replace(known, state="revoked", seq=entry.seq, revoked=entry, in_force=None)
        case _:
            return Contest("contested", entry.seq, entry, in_force=known.in_force if known else None)

"""Sales' promise as the invented company agreed on it, and which handovers kept it by the demo's own clock."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from .clock import MINUTE, NEVER, epoch, to_utc
from .stages import Cycle
from .world import World

# business minutes by lead type, in the order of `company.LEAD_TYPES`, from the beginning and after the amendment
MINUTES = np.array([150, 210, 630, 450, 420, 1260, 600])
TIGHTENED_MINUTES = np.array([120, 165, 630, 450, 420, 1260, 600])
HAS_EXTENDED_HOURS = np.array([True, True, False, False, False, False, False])
LEAD_TYPE_WORDS = [  # company.LEAD_TYPES in Tandem's words
    "demo_request", "contact_request", "content", "event", "referral", "list", "other",
]  # fmt: skip

STATES = ("met", "breached", "pending", "unassigned")


def quarter_start(day: date) -> date:
    """First day of the day's quarter; with a fiscal year from October these are the calendar's."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def running_quarter(world: World) -> date:
    """The day the last amendment begins."""
    return quarter_start(world.window.last_day)


def tightened_on(world: World) -> date:
    """The day from which the shorter promises hold: two quarters before the running one."""
    running = running_quarter(world)
    months = running.year * 12 + running.month - 1 - 6
    return date(months // 12, months % 12 + 1, 1)


def of(world: World) -> dict[str, dict[str, int]]:
    """What became of the handovers of first cycles, by lead type. The CRM keeps the time of the first one only."""
    first = world.cycles[0]
    state = _state(world, first)
    lead_type = world.leads.lead_type[first.lead]
    return {
        word: {name: int((state[lead_type == number] == name).sum()) for name in STATES}
        for number, word in enumerate(LEAD_TYPE_WORDS)
    }


def _state(world: World, cycle: Cycle) -> NDArray[np.str_]:
    lead_type = world.leads.lead_type[cycle.lead]
    assigned, answered = cycle.assigned < NEVER, cycle.answered < NEVER
    tightened = int(to_utc(np.array([epoch(tightened_on(world))]))[0])
    minutes = np.where(cycle.assigned >= tightened, TIGHTENED_MINUTES[lead_type], MINUTES[lead_type])
    until = np.where(answered, cycle.answered, world.window.as_of)
    elapsed = np.zeros(len(cycle), dtype=np.int64)
    extended = HAS_EXTENDED_HOURS[lead_type]
    for hours, rows in (
        (world.setting.office, assigned & ~extended),
        (world.setting.saturday_office, assigned & extended),
    ):
        elapsed[rows] = hours.elapsed(until[rows]) - hours.elapsed(cycle.assigned[rows])
    in_time = elapsed <= minutes * MINUTE
    return np.select(
        [assigned & answered & in_time, assigned & ~in_time, assigned, cycle.mql < NEVER], STATES, "never handed over"
    )

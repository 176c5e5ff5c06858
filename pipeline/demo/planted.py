"""What was planted on purpose, and how strong it came out: effects a good analysis must find again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import company, log, people, touches
from .clock import DAY, HOUR, NEVER, epoch, to_local
from .stages import with_odds
from .world import World


def of(world: World, rows: log.Rows) -> dict[str, Any]:
    """All planted effects; shares are between 0 and 1."""
    return {
        "channel_effects": _channel_effects(world),
        "fast_answers": _fast(world),
        "sources": _sources(world),
        "friday_afternoon": _friday(world),
        "tracking_gap": _gap(world),
        "late_records": _late(rows),
        "shift_week": _shift(world),
        "bot_bursts": _bots(world),
        "edge_touches_berlin": sorted(touches.edge_instants(world.window)),
        "dst_handovers": _dst_handovers(world),
        "mql_before_creation": int((world.cycles[0].mql < world.cycles[0].entered).sum()),
        "nasty_names": sorted(c.name for c in world.campaigns if c.name[0] in "<=*"),
    }


def weekly(world: World) -> dict[str, int]:
    """New leads by Monday of their week."""
    week = (to_local(world.leads.created) - epoch(world.window.first_day)) // (7 * DAY)
    counts = np.bincount(week, minlength=company.WEEKS + 1)
    return {str(world.window.day(n)): int(count) for n, count in enumerate(counts)}


def _share(flags: NDArray[np.bool_]) -> float | None:
    """Share of true ones; null where there is nobody."""
    return round(float(flags.mean()), 4) if len(flags) else None


def _channel_effects(world: World) -> dict[str, Any]:
    """What meeting a channel does to the odds of winning, its reach, and the wins lost had it not existed.

    A removal effect grows with reach, so only channels of like reach have an order any sound model must find.
    """
    met = world.channel_set[world.leads.account]
    base = _chance_to_win(world, met)
    channels: dict[str, dict[str, float]] = {}
    for channel, name in enumerate(company.CHANNEL_WORDS):
        without = _chance_to_win(world, met & ~(np.int64(1) << channel))
        channels[name] = {
            "odds_factor_on_winning": float(company.WIN_ODDS[channel]),
            "share_of_accounts": round(float(((world.channel_set >> channel) & 1).mean()), 4),
            "share_of_wins_lost_without": round(float(1 - without.sum() / base.sum()), 4),
        }
    pairs = [
        [better, worse]
        for better, strong in channels.items()
        for worse, weak in channels.items()
        if strong["odds_factor_on_winning"] >= 3 * weak["odds_factor_on_winning"]
        and 0.9 * weak["share_of_accounts"] <= strong["share_of_accounts"] <= 1.12 * weak["share_of_accounts"]
    ]
    return {"channels": channels, "better_than_at_like_reach": pairs}


def _chance_to_win(world: World, met: NDArray[np.int64]) -> NDArray[np.float64]:
    """Chance that an SQL becomes a customer, given the channels met; only the planted effect varies."""
    mean = touches.log_win_odds(world.channel_set, company.WIN_ODDS).mean()
    odds = np.exp(touches.log_win_odds(met, company.WIN_ODDS) - mean)
    return with_odds(company.OPPORTUNITY_CHANCE, odds) * with_odds(company.WIN_CHANCE, odds)


def _fast(world: World) -> dict[str, Any]:
    first = world.cycles[0]
    answered = first.answered < NEVER
    # only those old enough to have been decided
    old = answered & (first.answered < world.window.as_of - 90 * DAY)
    rates = {}
    for name, of in (("fast", old & first.is_fast), ("slow", old & ~first.is_fast)):
        count = max(1, int(of.sum()))
        rates[name] = {
            "answered": int(of.sum()),
            "accepted_rate": round(int((of & (first.sal < NEVER)).sum()) / count, 4),
            "opportunity_rate": round(int((of & (first.opportunity < NEVER)).sum()) / count, 4),
        }
    return {
        "fast_means_business_minutes": company.FAST_MINUTES,
        "odds_factor_on_acceptance": company.FAST_ACCEPT_ODDS,
        "odds_factor_on_sql": company.FAST_SQL_ODDS,
        "share_fast": _share(first.is_fast[answered]),
        "seen_in_leads_answered_90_days_ago": rates,
    }


def _sources(world: World) -> dict[str, Any]:
    first = world.cycles[0]
    channel = world.leads.channel[first.lead]
    result: dict[str, Any] = {}
    for name, role in ((company.SLOW_CHANNEL, "good_but_slowly_answered"), (company.BAD_CHANNEL, "bad")):
        of = channel == company.CHANNEL[name]
        answered = of & (first.answered < NEVER)
        result[role] = {
            "original_source": name,
            "drill_down": company.SOURCES[name],
            "leads": int(of.sum()),
            "mql": int((of & (first.mql < NEVER)).sum()),
            "accepted": int((of & (first.sal < NEVER)).sum()),
            "opportunities": int((of & (first.opportunity < NEVER)).sum()),
            "share_answered_fast": _share(first.is_fast[answered]),
        }
    return result


def _friday(world: World) -> dict[str, Any]:
    first = world.cycles[0]
    answered = first.answered < NEVER
    local = to_local(np.where(answered, first.assigned, 0))
    friday = answered & ((local // DAY + 3) % 7 == 4) & (local % DAY >= 13 * HOUR)
    return {
        "handovers": int(friday.sum()),
        "share_answered_fast": _share(first.is_fast[friday]),
        "share_answered_fast_else": _share(first.is_fast[answered & ~friday]),
    }


def _gap(world: World) -> dict[str, str]:
    first, last = (world.window.day(people.GAP_WEEK, n) for n in (0, people.GAP_DAYS - 1))
    return {"first_day": str(first), "last_day": str(last), "what": "no touch of the activity log on these days"}


def _late(rows: log.Rows) -> dict[str, int]:
    late = rows.recorded > rows.at
    days = (rows.recorded[late] - rows.at[late]) // DAY
    return {"touches": int(late.sum()), "least_days": int(days.min(initial=999)), "most_days": int(days.max(initial=0))}


def _shift(world: World) -> dict[str, Any]:
    monday = str(world.window.day(people.SHIFT_WEEK))
    by_week = weekly(world)
    before = [count for week, count in by_week.items() if week < monday][-12:]
    return {
        "kpi": "new_leads",
        "week_start": monday,
        "count": by_week[monday],
        "mean_of_12_weeks_before": round(sum(before) / 12, 1),
    }


def _bots(world: World) -> dict[str, int]:
    planted = world.journeys[3]
    clicks = int((planted.type == log.TYPE["Email click"]).sum())
    return {
        "bursts": clicks // touches.BOT_CLICKS,
        "clicks_each": touches.BOT_CLICKS,
        "clicks": clicks,
        "within_milliseconds": 800,
    }


def _dst_handovers(world: World) -> dict[str, int]:
    """Handovers assigned before a change of clocks and answered after it."""
    result = {}
    for text, at in touches.edge_instants(world.window).items():
        if text.endswith(" 03:00:00"):
            spans = [(c.assigned < at) & (c.answered >= at) & (c.answered < NEVER) for c in world.cycles]
            result[text[:10]] = int(sum(span.sum() for span in spans))
    return result

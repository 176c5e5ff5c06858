"""Touches: the visits, clicks, downloads and webinars of every journey, and which channels helped to win."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import company, log
from .clock import DAY, HOUR, NEVER, WEEK, Seconds, Window, at_human_hour, epoch, last_sunday, to_local, to_utc
from .people import GAP_DAYS, GAP_WEEK, Dice, Leads
from .stages import Cycle

BOT_CLICKS = 12
# share of [page view, ad click, e-mail click, form, download, webinar, chat] by channel
_TYPE_MIX = np.array(
    [
        [0.40, 0.60, 0, 0, 0, 0, 0],
        [0.90, 0, 0, 0.07, 0, 0, 0.03],
        [0.25, 0.75, 0, 0, 0, 0, 0],
        [1.0, 0, 0, 0, 0, 0, 0],
        [0, 1.0, 0, 0, 0, 0, 0],
        [0.15, 0, 0.85, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 1.0, 0],
        [1.0, 0, 0, 0, 0, 0, 0],
        [0.30, 0, 0, 0, 0.70, 0, 0],
        [1.0, 0, 0, 0, 0, 0, 0],
        [1.0, 0, 0, 0, 0, 0, 0],
        [1.0, 0, 0, 0, 0, 0, 0],
        [0.85, 0, 0, 0.05, 0, 0, 0.10],
        [1.0, 0, 0, 0, 0, 0, 0],
    ]
)
_FORM, _DOWNLOAD, _WEBINAR, _CHAT = (
    log.TYPE[t] for t in ("Form submission", "Content download", "Webinar attended", "Chat")
)


class CampaignPicker:
    """The campaigns of a channel that run in a week, as a table to draw from."""

    def __init__(self, campaigns: list[company.Campaign], window: Window) -> None:
        self._start = epoch(window.first_day)
        self._table: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        for channel, name in enumerate(company.CHANNEL_NAMES):
            of_channel = [(n, c) for n, c in enumerate(campaigns) if c.channel == name]
            if not of_channel:
                continue
            weeks = []
            for week in range(company.WEEKS + 1):
                running = [n for n, c in of_channel if c.first_week <= week <= c.last_week]
                begun = [n for n, c in of_channel if c.first_week <= week]
                weeks.append(running or (begun[-1:] if name == "Event" else []) or [-1])
            width = max(len(options) for options in weeks)
            table = np.array([(options * width)[:width] for options in weeks])
            self._table[channel] = table, np.array([len(options) for options in weeks])

    def pick(self, rng: np.random.Generator, channel: NDArray, at: Seconds) -> NDArray[np.int16]:
        """A campaign per row; -1 where the channel has none."""
        week = np.clip((to_local(at) - self._start) // WEEK, 0, company.WEEKS)
        draw = rng.random(len(at))
        campaign = np.full(len(at), -1, dtype=np.int16)
        for number, (table, width) in self._table.items():
            of = channel == number
            campaign[of] = table[week[of], (draw[of] * width[week[of]]).astype(np.int64)]
        return campaign


@dataclass
class Journeys:
    """All touches of the log and, per account, the set of channels met early (a bit per channel)."""

    lead: NDArray[np.int64]
    at: Seconds
    channel: NDArray[np.int64]
    type: NDArray[np.int8]
    channel_set: NDArray[np.int64]


def creating(leads: Leads, dice: Dice, window: Window) -> Journeys:
    """The touch that made the lead. Fair visitors stand in the events list, bought addresses have none."""
    rng = dice("creating")
    silent = [company.CHANNEL[name] for name in ("Event", "Outbound", "Other Campaigns")]
    at = leads.created - rng.integers(4, 90, len(leads))
    rows = np.flatnonzero(~np.isin(leads.channel, silent) & ~in_gap(at, window))
    channel = leads.channel[rows]
    kind = np.full(len(rows), _FORM, dtype=np.int8)
    kind[channel == company.CHANNEL["Content"]] = _DOWNLOAD
    kind[channel == company.CHANNEL["Webinar"]] = _WEBINAR
    kind[~leads.has_email[rows]] = _CHAT
    return Journeys(rows, at[rows], channel, kind, np.zeros(0, dtype=np.int64))


def in_gap(at: Seconds, window: Window) -> NDArray[np.bool_]:
    """Whether the instant falls into the planted tracking gap."""
    first = int(to_utc(np.array([epoch(window.day(GAP_WEEK))]))[0])
    return (at >= first) & (at < first + GAP_DAYS * DAY)


def early(leads: Leads, dice: Dice, count: int, window: Window) -> Journeys:
    """`count` touches around the moment a person became a lead, blind to what will become of it."""
    rng = dice("early")
    sessions = _sessions(rng, count)
    lead = _spread(rng, rng.gamma(0.9, size=len(leads)), len(sessions))
    before = rng.random(len(lead)) < 0.3
    gap = np.where(before, -rng.exponential(12.0, len(lead)), rng.exponential(20.0, len(lead))) * DAY
    at = _tidy(rng, leads.created[lead] + gap.astype(np.int64), leads.created[lead], window)
    channel, kind = _channels(rng, leads, lead, company.EARLY_MIX)
    met = np.zeros(int(leads.account.max()) + 1, dtype=np.int64)
    in_time = at < leads.created[lead] + 75 * DAY
    np.bitwise_or.at(met, leads.account[lead[in_time]], np.int64(1) << channel[in_time])
    np.bitwise_or.at(met, leads.account, np.int64(1) << leads.channel)
    return _expanded(rng, Journeys(lead, at, channel, kind, met), sessions, window)


def later(leads: Leads, dice: Dice, count: int, cycles: list[Cycle], window: Window) -> Journeys:
    """`count` touches while people stay interested: more of them, the further a lead came."""
    rng = dice("later")
    interest = np.full(len(leads), 0.6)
    until = leads.created + 20 * DAY
    for cycle in cycles:
        for name, worth in (("mql", 0.3), ("sal", 0.4), ("sql", 0.5), ("opportunity", 0.8)):
            instant = getattr(cycle, name)
            reached = instant < NEVER
            interest[cycle.lead[reached]] += worth
            until[cycle.lead[reached]] = np.maximum(until[cycle.lead[reached]], instant[reached] + 45 * DAY)
    sessions = _sessions(rng, count)
    lead = _spread(rng, interest * rng.gamma(0.9, size=len(leads)), len(sessions))
    begin, end = leads.created[lead], np.minimum(until[lead], window.as_of - HOUR)
    at = begin + (rng.random(len(lead)) * np.maximum(end - begin, 60)).astype(np.int64)
    at = _tidy(rng, at, begin, window)
    channel, kind = _channels(rng, leads, lead, company.LATER_MIX)
    return _expanded(rng, Journeys(lead, at, channel, kind, np.zeros(0, dtype=np.int64)), sessions, window)


def log_win_odds(met: NDArray[np.int64], effects: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithm of the planted odds factor of each set of channels."""
    log_odds = np.zeros(len(met))
    for channel, effect in enumerate(effects):
        log_odds += ((met >> channel) & 1) * np.log(effect)
    return log_odds


def win_odds(met: NDArray[np.int64], effects: NDArray[np.float64]) -> NDArray[np.float64]:
    """Planted odds factor of a set of channels, scaled to a geometric mean of one."""
    log_odds = log_win_odds(met, effects)
    return np.exp(log_odds - log_odds.mean())


def _sessions(rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Touches per session, `count` in all: who comes once often looks at several pages."""
    sizes = rng.geometric(0.4, size=max(count, 1))
    last = int(np.searchsorted(np.cumsum(sizes), count))
    sizes = sizes[: last + 1]
    sizes[-1] -= sizes.sum() - count
    return sizes


def _expanded(rng: np.random.Generator, begun: Journeys, sizes: NDArray[np.int64], window: Window) -> Journeys:
    """One row per touch: the first of a session is what brought the person, the others are page views."""
    session = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(len(session)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    first = begun.at[session]
    at = np.minimum(first + place * rng.integers(20, 200, len(session)), window.as_of - 1)
    at = np.where(in_gap(at, window), first, at)
    kind = np.where(place == 0, begun.type[session], 0).astype(np.int8)
    return Journeys(begun.lead[session], at, begun.channel[session], kind, begun.channel_set)


def _spread(rng: np.random.Generator, weight: NDArray, count: int) -> NDArray[np.int64]:
    """`count` rows dealt out to the leads by weight, in order of lead."""
    return np.repeat(np.arange(len(weight)), rng.multinomial(count, weight / weight.sum()))


def _channels(
    rng: np.random.Generator, leads: Leads, lead: NDArray, mix: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    draw = np.searchsorted(np.cumsum(mix), rng.random(len(lead)), side="right")
    channel = np.minimum(draw, len(company.CHANNELS) - 1)
    own = leads.channel[lead]
    keeps = (rng.random(len(lead)) < 0.3) & (mix[own] > 0)
    # everybody has one more way they like to come by
    habit = np.searchsorted(np.cumsum(mix), _habit(lead), side="right")
    channel = np.where(keeps, own, np.where(rng.random(len(lead)) < 0.4, habit, channel))
    edges = np.cumsum(_TYPE_MIX, axis=1)
    kind = np.zeros(len(lead), dtype=np.int8)
    chance = rng.random(len(lead))
    for edge in range(edges.shape[1] - 1):
        kind += (chance > edges[channel, edge]).astype(np.int8)
    return channel, kind


def _habit(lead: NDArray) -> NDArray[np.float64]:
    """A number in [0, 1) of each person, spread evenly (golden ratio)."""
    return (lead * 0.6180339887498949) % 1.0


def _tidy(rng: np.random.Generator, at: Seconds, begin: Seconds, window: Window) -> Seconds:
    """Human hours, nothing after `as_of`, nothing in the tracking gap."""
    over = at >= window.as_of - DAY
    fallback = begin - (rng.random(len(at)) * 14 * DAY).astype(np.int64)
    at = at_human_hour(rng, np.where(over, fallback, at))
    at = np.where(in_gap(at, window), at + 7 * DAY * rng.integers(1, 4, len(at)), at)
    return np.where(at >= window.as_of, at - 28 * DAY, at)


def planted(dice: Dice, leads: Leads, window: Window) -> Journeys:
    """Bursts of machine clicks in newsletters, and touches on the edges of days, years and summer time."""
    rng = dice("planted")
    bursts = max(6, len(leads) // 500)
    able = np.flatnonzero(leads.has_email & (leads.created < window.as_of - 60 * DAY))
    clicked = rng.choice(able, size=bursts, replace=False)
    at = at_human_hour(rng, leads.created[clicked] + rng.integers(2 * DAY, 50 * DAY, bursts))
    at = np.where(in_gap(at, window), at + 14 * DAY, at)
    edges = edge_instants(window)
    edge_at = np.array(sorted(edges.values()), dtype=np.int64)
    oldest = np.arange(len(edge_at)) % max(1, min(len(leads), 40))
    email, direct = company.CHANNEL["Email Marketing"], company.CHANNEL["Direct Traffic"]
    return Journeys(
        lead=np.concatenate([np.repeat(clicked, BOT_CLICKS), oldest]),
        at=np.concatenate([np.repeat(at, BOT_CLICKS), edge_at]),
        channel=np.concatenate([np.full(bursts * BOT_CLICKS, email), np.full(len(edge_at), direct)]),
        type=np.concatenate([np.full(bursts * BOT_CLICKS, log.TYPE["Email click"]), np.zeros(len(edge_at))]).astype(
            np.int8
        ),
        channel_set=np.zeros(0, dtype=np.int64),
    )


def edge_instants(window: Window) -> dict[str, int]:
    """Berlin wall clock -> instant of the planted edge touches within the window."""
    texts = []
    for year in range(window.first_day.year, window.last_day.year + 1):
        spring, autumn = last_sunday(year, 3), last_sunday(year, 10)
        texts += [
            f"{spring} 01:59:59",
            f"{spring} 03:00:00",
            f"{autumn} 01:59:59",
            f"{autumn} 02:30:00",
            f"{autumn} 03:00:00",
        ]
        texts += [f"{year}-12-31 23:59:59", f"{year}-01-01 00:00:00"]
    walls = np.array([text.replace(" ", "T") for text in texts], dtype="datetime64[s]").astype(np.int64)
    instants = dict(zip(texts, to_utc(walls).tolist(), strict=True))
    return {text: at for text, at in instants.items() if window.start <= at < window.as_of - 30 * DAY}

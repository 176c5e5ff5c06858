"""Working time: how many business seconds lie between two instants, and when a promise falls due.

An instant is working time if and only if its local wall clock lies in a window of its weekday and its local date is
neither a public holiday nor a closure. Everything else follows from that sentence, daylight saving included: on the
day the clocks go forward a window 00:00-24:00 holds 23 hours, on the day they go back 25.
Worked cases: tests/golden/sla_business_hours_25_cases.json.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Pause = tuple[datetime, datetime]
Window = tuple[str, str]
Span = tuple[int, int]
"""Half-open span `[from, until)`: of seconds of the day for windows, of seconds since 1970 UTC for open hours."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_SECONDS = 86_400
LONGEST_CLOSURE_DAYS = 3_660
"""A promise that cannot fall due within ten years of closed days is a mistake in the calendar, not a late answer."""


class Calendar:
    """Opening hours of one promise.

    zone: IANA name of the zone whose wall clock counts, "Europe/Berlin".
    windows: `{weekday: [(from, until), …]}`, Monday = 0, times "HH:MM" or "HH:MM:SS", "24:00" for the end of the day.
        A night shift is two windows: `("22:00", "24:00")` and `("00:00", "06:00")` on the next weekday.
    subdivision: Bundesland code ("NW"; "Augsburg" is one of its own) whose public holidays are closed.
        None = no public holidays. 24 and 31 December are public holidays nowhere: name them as closures.
    closures: further closed days: dates, "YYYY-MM-DD" for one day, "MM-DD" for that day of every year.

    Raises ValueError for an unknown zone, weekday or subdivision, for windows that are unreadable, empty or overlap,
    and for unreadable closures.
    Calendars with equal content are equal, so they can be keys of a cache.
    """

    def __init__(
        self,
        zone: str,
        windows: Mapping[int, Sequence[Window]],
        subdivision: str | None = None,
        closures: Iterable[date | str] = (),
    ) -> None:
        try:
            self.zone = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"unknown time zone {zone!r}; write an IANA name such as 'Europe/Berlin'") from error
        if subdivision is not None:
            public_holidays(subdivision, 2026)  # refuses an unknown code here, not at the first lead
        self.subdivision = subdivision
        self.windows = _read_windows(windows)
        self.closures = frozenset(_closure(day) for day in closures)
        self._content = (zone, subdivision, self.closures, frozenset(self.windows.items()))
        self._open_by_day: dict[date, tuple[Span, ...]] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)

    def is_working_day(self, day: date) -> bool:
        """Whether anybody works on this local date: it has a window and is neither holiday nor closure."""
        if day.weekday() not in self.windows or not self.closures.isdisjoint((day, (day.month, day.day))):
            return False
        return self.subdivision is None or day not in public_holidays(self.subdivision, day.year)

    def working_days(self, first: date, until: date) -> list[date]:
        """The working days in `[first, until)`, in order; `len()` of it is their number."""
        days = (first + timedelta(days=n) for n in range((until - first).days))
        return [day for day in days if self.is_working_day(day)]

    def open_spans(self, day: date) -> tuple[Span, ...]:
        """Open hours of one local date as spans of seconds since 1970 UTC, in order, not touching each other."""
        if day not in self._open_by_day:
            self._open_by_day[day] = tuple(self._find_open_spans(day)) if self.is_working_day(day) else ()
        return self._open_by_day[day]

    def seconds_between(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> int:
        """Working seconds in `[start, end)`, without those that lie in a pause.

        Pauses are half-open pairs of aware datetimes; they may overlap, reach beyond start and end, or lie outside
        working time. Fractions of a second are cut off from every instant, so that parts always add up to the whole.
        Raises ValueError for a naive datetime and for an end before its start.
        """
        begins_at, ends_at = _span(start, end)
        seconds = 0
        for open_from, open_until in self._open_from(begins_at, pauses):
            if open_from >= ends_at:
                break
            seconds += min(open_until, ends_at) - open_from
        return seconds

    def due(self, start: datetime, seconds: int, pauses: Iterable[Pause] = ()) -> datetime:
        """The earliest instant (UTC, whole seconds) at which `seconds` of working time have passed since `start`.

        A promise that runs out as the office closes is due at closing time, not the next morning. Zero seconds are due
        at once. Raises ValueError for a naive start, negative seconds, and if ten years without an open hour lie ahead.
        """
        if seconds < 0:
            raise ValueError(f"a promise of {seconds} seconds lies in the past; seconds must be 0 or more")
        now = _seconds(start)
        if seconds == 0:
            return EPOCH + timedelta(seconds=now)
        left = seconds
        for open_from, open_until in self._open_from(now, pauses):
            if open_until - open_from >= left:
                return EPOCH + timedelta(seconds=open_from + left)
            left -= open_until - open_from
        raise ValueError(f"no open hour within {LONGEST_CLOSURE_DAYS} days; {left} seconds are still missing")

    def _open_from(self, begins_at: int, pauses: Iterable[Pause]) -> Iterator[Span]:
        """Open spans from an instant on, pauses taken out, in order; ends after ten years of closed days in a row."""
        breaks = sorted(_span(start, end) for start, end in pauses)
        # One day early: near the date line and on nights of a clock change the previous local date may still be open.
        day = (EPOCH + timedelta(seconds=begins_at)).astimezone(self.zone).date() - timedelta(days=1)
        closed_days = 0
        while closed_days < LONGEST_CLOSURE_DAYS and day < date.max:
            closed_days += 1
            for open_from, open_until in self.open_spans(day):
                position = max(open_from, begins_at)
                for break_from, break_until in breaks:
                    if position < min(break_from, open_until):
                        yield position, min(break_from, open_until)
                    position = max(position, break_until)
                if position < open_until:
                    yield position, open_until
                closed_days = 0
            day += timedelta(days=1)

    def _find_open_spans(self, day: date) -> Iterator[Span]:
        midnight = int((datetime.combine(day, time(), UTC) - EPOCH).total_seconds())
        found: list[Span] = []
        for stretch_from, stretch_until, offset in _offsets_around(self.zone, midnight):
            for window_from, window_until in self.windows[day.weekday()]:
                open_from = max(midnight + window_from - offset, stretch_from)
                open_until = min(midnight + window_until - offset, stretch_until)
                if open_from < open_until:
                    found.append((open_from, open_until))
        return _joined(found)


@lru_cache(maxsize=1_024)
def public_holidays(subdivision: str, year: int, language: str = "de") -> Mapping[date, str]:
    """Public holidays of a Bundesland in a year with their names in German or English, from the `holidays` package.

    Raises ValueError for an unknown code.
    """
    from holidays.countries.germany import Germany  # here, because importing it costs more than most calendars need

    if subdivision not in Germany.subdivisions:
        raise ValueError(f"unknown Bundesland {subdivision!r}; one of {', '.join(Germany.subdivisions)}")
    spoken = "de" if language == "de" else "en_US"  # the package knows no other English
    return MappingProxyType(dict(sorted(Germany(subdiv=subdivision, years=year, language=spoken).items())))


@lru_cache(maxsize=8_192)
def _offsets_around(zone: ZoneInfo, midnight: int) -> tuple[tuple[int, int, int], ...]:
    """Stretches `(from, until, offset)` of constant UTC offset around a local date that starts near `midnight` UTC."""
    stretches = []
    begins_at, last = midnight - DAY_SECONDS, midnight + 2 * DAY_SECONDS
    while begins_at < last:
        offset = _offset(zone, begins_at)
        ends_at = begins_at
        while ends_at < last and _offset(zone, ends_at) == offset:
            ends_at += DAY_SECONDS // 4
        if ends_at < last:
            ends_at = _change_between(zone, ends_at - DAY_SECONDS // 4, ends_at)
        stretches.append((begins_at, min(ends_at, last), offset))
        begins_at = ends_at
    return tuple(stretches)


def _change_between(zone: ZoneInfo, before: int, after: int) -> int:
    """The second at which the offset changes, by halving; `before` still has the old offset, `after` the new one."""
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == _offset(zone, before):
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, instant: int) -> int:
    offset = (EPOCH + timedelta(seconds=instant)).astimezone(zone).utcoffset()
    assert offset is not None  # an aware datetime always has one
    return int(offset.total_seconds())


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans in order, those that touch made one."""
    current: Span | None = None
    for begins_at, ends_at in sorted(spans):
        if current and begins_at <= current[1]:
            current = current[0], max(current[1], ends_at)
        else:
            if current:
                yield current
            current = begins_at, ends_at
    if current:
        yield current


def _seconds(instant: datetime) -> int:
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone; working time needs aware datetimes")
    return (instant - EPOCH) // timedelta(seconds=1)


def _span(start: datetime, end: datetime) -> Span:
    begins_at, ends_at = _seconds(start), _seconds(end)
    if ends_at < begins_at:
        raise ValueError(f"the end {end} lies before the start {start}")
    return begins_at, ends_at


def _closure(day: date | str) -> date | tuple[int, int]:
    """A closed date, or month and day of a closure of every year."""
    if isinstance(day, datetime):
        raise TypeError(f"a closure is a whole day; {day} has a time")
    if isinstance(day, date):
        return day
    try:
        if len(day) > len("12-24"):
            return date.fromisoformat(day)
        of_leap_year = date.fromisoformat(f"2024-{day}")
    except ValueError as error:
        raise ValueError(f"closure {day!r} is neither a date 'YYYY-MM-DD' nor a day of every year 'MM-DD'") from error
    return of_leap_year.month, of_leap_year.day


def _read_windows(windows: Mapping[int, Sequence[Window]]) -> dict[int, tuple[Span, ...]]:
    read: dict[int, tuple[Span, ...]] = {}
    for weekday, texts in windows.items():
        if weekday not in range(7):
            raise ValueError(f"weekday {weekday!r} does not exist; Monday is 0, Sunday is 6")
        spans = sorted((_second_of_day(opens), _second_of_day(closes)) for opens, closes in texts)
        for opens, closes in spans:
            if closes <= opens:
                raise ValueError(
                    f"a window of weekday {weekday} ends before it starts; "
                    "write a night as two windows, until '24:00' and from '00:00' on the next weekday"
                )
        for (_, closes), (opens, _) in pairwise(spans):
            if opens < closes:
                raise ValueError(f"two windows of weekday {weekday} overlap")
        if spans:
            read[weekday] = tuple(spans)
    if not read:
        raise ValueError("a calendar without any window never opens")
    return read


def _second_of_day(text: str) -> int:
    try:
        parts = [int(part) for part in text.split(":")]
        hour, minute, second = [*parts, 0] if len(parts) == 2 else parts
    except ValueError as error:
        raise ValueError(f"{text!r} is not a time of day; write 'HH:MM'") from error
    seconds = 3_600 * hour + 60 * minute + second
    if not (0 <= hour <= 24 and 0 <= minute < 60 and 0 <= second < 60 and seconds <= DAY_SECONDS):
        raise ValueError(f"{text!r} is not a time of day; the latest is '24:00'")
    return seconds

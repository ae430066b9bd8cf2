"""The train: on which days planned releases are due (mission M1; gitlab-process.md 0 and 6).

A cadence hangs on an anchor in every month (the day of the feature release) and stops some way from it. Two rules
have names: `monthly` stops a number of days after the anchor; `wednesdays-around-third-thursday` stops on the
Wednesday of the week before the third Thursday and on that of the week after it.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from secrel.roster.zones import instant, of_our_time, zone_named
from secrel.words.errors import Misused

MONTHLY = "monthly"
AROUND = "wednesdays-around-third-thursday"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEDNESDAY, _THURSDAY = 2, 3
_SUNDAY, _LAST_DAY, _LAST_NTH = 6, 31, 5
_FURTHEST = 366


def _wanted(holds: bool, what: str, remedy: str) -> None:  # noqa: FBT001 - the claim reads as one where it is made
    if not holds:
        raise Misused(what, where="cadence", remedy=remedy)


@dataclass(frozen=True, slots=True)
class MonthDay:
    """The same day of every month, 1 to 31; a month that has no such day has no anchor."""

    day: int

    def __post_init__(self) -> None:
        """Refuse a day that no month has."""
        _wanted(1 <= self.day <= _LAST_DAY, f"no month has a day {self.day}", "give a day from 1 to 31")

    def in_month(self, year: int, month: int) -> date | None:
        """The anchor of one month."""
        return date(year, month, self.day) if self.day <= calendar.monthrange(year, month)[1] else None


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The first to fifth weekday of every month (Monday is 0); a month that has no fifth has no anchor."""

    nth: int
    weekday: int

    def __post_init__(self) -> None:
        """Refuse a count that no month has, and a weekday that no week has."""
        _wanted(1 <= self.nth <= _LAST_NTH, f"no month has a weekday for the {self.nth}th time", "give 1 to 5")
        _wanted(0 <= self.weekday <= _SUNDAY, f"{self.weekday} is no weekday", "give 0 (Monday) to 6 (Sunday)")

    def in_month(self, year: int, month: int) -> date | None:
        """The anchor of one month."""
        first, length = calendar.monthrange(year, month)
        day = 1 + (self.weekday - first) % 7 + 7 * (self.nth - 1)
        return date(year, month, day) if day <= length else None


@dataclass(frozen=True, slots=True)
class DaysAfter:
    """A stop some days after the anchor, or before it when negative; at most a year away."""

    days: int

    def __post_init__(self) -> None:
        """Refuse a stop that is further than a year from its anchor."""
        _wanted(abs(self.days) <= _FURTHEST, f"{self.days} days is over a year", "give -366 to 366 days")

    def from_anchor(self, anchor: date) -> date:
        """The stop that belongs to `anchor`."""
        return anchor + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class WeekdayOfWeek:
    """A stop on a weekday (Monday is 0) of the week that lies `weeks` after the anchor's; weeks begin on Monday."""

    weekday: int
    weeks: int

    def __post_init__(self) -> None:
        """Refuse a weekday that no week has, and a stop that is further than a year from its anchor."""
        _wanted(0 <= self.weekday <= _SUNDAY, f"{self.weekday} is no weekday", "give 0 (Monday) to 6 (Sunday)")
        _wanted(abs(self.weeks) <= _FURTHEST // 7, f"{self.weeks} weeks is over a year", "give -52 to 52 weeks")

    def from_anchor(self, anchor: date) -> date:
        """The stop that belongs to `anchor`."""
        return anchor + timedelta(days=self.weekday - anchor.weekday() + 7 * self.weeks)


Anchor = MonthDay | NthWeekday
Stop = DaysAfter | WeekdayOfWeek


@dataclass(frozen=True, slots=True)
class Cadence:
    """The rule of a train: anchors, stops, and the hour on the clock in `zone` at which a release is due."""

    anchor: Anchor
    stops: tuple[Stop, ...]
    zone: str = "UTC"
    at: time = time(16)

    def __post_init__(self) -> None:
        """Refuse a train that never stops, and a zone that is none."""
        _wanted(bool(self.stops), "the train has no stop", "give at least one")
        zone_named(self.zone)


def monthly(anchor: Anchor, days_after: int, *, zone: str = "UTC", at: time = time(16)) -> Cadence:
    """Once a month, `days_after` the anchor: day 22 until 16.5, the third Thursday from 16.6 on, for GitLab."""
    return Cadence(anchor, (DaysAfter(days_after),), zone, at)


def wednesdays_around_third_thursday(*, zone: str = "UTC", at: time = time(16)) -> Cadence:
    """Twice a month: the Wednesday of the week before the third Thursday's, and that of the week after."""
    stops = (WeekdayOfWeek(_WEDNESDAY, -1), WeekdayOfWeek(_WEDNESDAY, 1))
    return Cadence(NthWeekday(3, _THURSDAY), stops, zone, at)


def due_days(cadence: Cadence, since: date, until: date) -> tuple[date, ...]:
    """The days from `since` to `until`, both included, on which a release is due, in order and each once."""
    for end in (since, until):
        of_our_time(end)
    reach = timedelta(days=_FURTHEST + 7)
    found = {
        day
        for year, month in _months(since - reach, until + reach)
        if (anchor := cadence.anchor.in_month(year, month)) is not None
        for day in (stop.from_anchor(anchor) for stop in cadence.stops)
        if since <= day <= until
    }
    return tuple(sorted(found))


def due_instants(cadence: Cadence, since: date, until: date) -> tuple[datetime, ...]:
    """The instants of `due_days`, aware, in the cadence's zone."""
    zone = zone_named(cadence.zone)
    return tuple(instant(day, cadence.at, zone) for day in due_days(cadence, since, until))


def _months(since: date, until: date) -> Iterator[tuple[int, int]]:
    for number in range(since.year * 12 + since.month - 1, until.year * 12 + until.month):
        yield number // 12, number % 12 + 1


def _number(parameters: Mapping[str, object], name: str, default: int | None = None) -> int:
    value = parameters.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Misused(f"{name} has to be a whole number", where="cadence", remedy=f"write it as {name} = 3")
    return value


def _anchor(parameters: Mapping[str, object]) -> Anchor:
    if "day" in parameters:
        _wanted("nth" not in parameters, "it has both a day and an nth weekday", "give either day, or nth and weekday")
        return MonthDay(_number(parameters, "day"))
    weekday = str(parameters.get("weekday")).casefold()
    _wanted(
        weekday in WEEKDAYS, "it has no day, and no weekday that is one", f"weekday is one of {', '.join(WEEKDAYS)}"
    )
    return NthWeekday(_number(parameters, "nth"), WEEKDAYS.index(weekday))


def cadence_of(rule: str, parameters: Mapping[str, object]) -> Cadence:
    """Make a cadence from its words in a process table.

    `rule` is `monthly` (parameters `day`, or `nth` and `weekday`; `days_after`, 0 if left out) or
    `wednesdays-around-third-thursday`; both take `zone` (UTC) and `at` (`"16:00"`, or a time). Raises `Misused`.
    """
    own = {"day", "nth", "weekday", "days_after"} if rule == MONTHLY else set()
    _wanted(rule in {MONTHLY, AROUND}, f"{rule[:60]!r} is no cadence", f"write {MONTHLY} or {AROUND}")
    unknown = sorted(set(parameters) - own - {"zone", "at"})
    _wanted(
        not unknown, f"{rule} knows no {', '.join(unknown)[:80]}", f"it knows {', '.join(sorted(own | {'zone', 'at'}))}"
    )
    zone, at = str(parameters.get("zone", "UTC")), _time(parameters.get("at", time(16)))
    if rule == AROUND:
        return wednesdays_around_third_thursday(zone=zone, at=at)
    return monthly(_anchor(parameters), _number(parameters, "days_after", 0), zone=zone, at=at)


def _time(given: object) -> time:
    try:
        read = given if isinstance(given, time) else time.fromisoformat(str(given))
    except ValueError as cause:
        raise Misused(f"{str(given)[:20]!r} is no time of day", where="cadence", remedy="write it as 16:00") from cause
    _wanted(read.tzinfo is None, "the time of day has a zone of its own", "write it as 16:00, and the zone apart")
    return read

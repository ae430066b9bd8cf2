"""The train: on which days planned releases are due (mission M1; gitlab-process.md 0 and 6).

A cadence hangs on an anchor in every month (the day of the feature release) and stops some way from it. Two rules
have names: `monthly` stops a number of days after the anchor; `wednesdays-around-third-thursday` stops on the
Wednesday of the week before the third Thursday and on that of the week after it.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from secrel.roster.zones import Hour, instant, of_our_time, zone_named
from secrel.words.errors import Misused

MONTHLY = "monthly"
AROUND = "wednesdays-around-third-thursday"
_WEDNESDAY, _THURSDAY = 2, 3
_SUNDAY, _LAST_DAY, _LAST_NTH = 6, 31, 5
_FURTHEST = 366
_FOUR = Hour(time(16))
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def _wanted(holds: bool, what: str, remedy: str) -> None:  # noqa: FBT001 - the claim reads as one where it is made
    if not holds:
        raise Misused(what, where="cadence", remedy=remedy)


class MonthDay(Struct, frozen=True):
    """The same day of every month, 1 to 31; a month that has no such day has no anchor."""

    day: int

    def __post_init__(self) -> None:
        """Refuse a day that no month has."""
        _wanted(1 <= self.day <= _LAST_DAY, f"no month has a day {self.day}", "give a day from 1 to 31")

    def in_month(self, year: int, month: int) -> date | None:
        """The anchor of one month."""
        return date(year, month, self.day) if self.day <= calendar.monthrange(year, month)[1] else None


class NthWeekday(Struct, frozen=True):
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


class DaysAfter(Struct, frozen=True):
    """A stop some days after the anchor, or before it when negative; at most a year away."""

    days: int

    def __post_init__(self) -> None:
        """Refuse a stop that is further than a year from its anchor."""
        _wanted(abs(self.days) <= _FURTHEST, f"{self.days} days is over a year", "give -366 to 366 days")

    def from_anchor(self, anchor: date) -> date:
        """The stop that belongs to `anchor`."""
        return anchor + timedelta(days=self.days)


class WeekdayOfWeek(Struct, frozen=True):
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


class Cadence(Struct, frozen=True):
    """The rule of a train: anchors, stops, and the hour on the clock in `zone` at which a release is due."""

    anchor: Anchor
    stops: tuple[Stop, ...]
    zone: str = "UTC"
    at: time = time(16)

    def __post_init__(self) -> None:
        """Refuse a train that never stops, and a zone that is none."""
        _wanted(bool(self.stops), "the train has no stop", "give at least one")
        zone_named(self.zone)


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


class Monthly(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=MONTHLY, tag_field="rule"):
    """The rule `monthly` of a process table: so many days after a day, or after the nth weekday, of each month."""

    day: int | None = None
    nth: int | None = None
    weekday: Weekday | None = None
    days_after: int = 0
    zone: str = "UTC"
    at: Hour = _FOUR

    def __post_init__(self) -> None:
        """Raise `Misused` for a rule that makes no train."""
        _ = self.cadence

    @property
    def cadence(self) -> Cadence:
        """The train that this makes."""
        return Cadence(self._anchor, (DaysAfter(self.days_after),), self.zone, self.at.wall)

    @property
    def _anchor(self) -> Anchor:
        either = "give either day, or nth and weekday"
        if self.day is not None:
            _wanted(self.nth is None and self.weekday is None, "it has both a day and an nth weekday", either)
            return MonthDay(self.day)
        if self.nth is None or self.weekday is None:
            raise Misused("it has no day, and no nth weekday", where="cadence", remedy=either)
        return NthWeekday(self.nth, WEEKDAYS.index(self.weekday))


class AroundThirdThursday(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=AROUND, tag_field="rule"):
    """The rule `wednesdays-around-third-thursday` of a process table.

    Twice a month: the Wednesday of the week before the third Thursday's, and that of the week after.
    """

    zone: str = "UTC"
    at: Hour = _FOUR

    def __post_init__(self) -> None:
        """Raise `Misused` for a zone that is none."""
        _ = self.cadence

    @property
    def cadence(self) -> Cadence:
        """The train that this makes."""
        stops = (WeekdayOfWeek(_WEDNESDAY, -1), WeekdayOfWeek(_WEDNESDAY, 1))
        return Cadence(NthWeekday(3, _THURSDAY), stops, self.zone, self.at.wall)


TrainRule = Monthly | AroundThirdThursday
"""What a process table may say of its train."""

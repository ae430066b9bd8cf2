"""The train: on which days the planned releases of a process stop, said as people say it (mission M1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from secrel.words.errors import Misused

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PLACES = ("first", "second", "third", "fourth")
_ANCHOR = rf"(?:day (?P<day>\d{{1,2}})|the (?P<nth>{'|'.join(_PLACES)}) (?P<weekday>{'|'.join(_WEEKDAYS)}))"
_MONTHLY = re.compile(rf"monthly,? (?:(?P<days>\d{{1,2}}) days? (?P<side>before|after)|on) {_ANCHOR}", re.ASCII)
_AROUND = re.compile(rf"the (?P<stop>{'|'.join(_WEEKDAYS)})s around {_ANCHOR}", re.ASCII)
_LAST_DAY_OF_EVERY_MONTH = 28
_WEEK = timedelta(days=7)
_LAST_YEAR = 9990


@dataclass(frozen=True, slots=True)
class Cadence:
    """A rule such as `monthly, 7 days after the third Thursday` or `the Wednesdays around the third Thursday`.

    `anchor_day` is a day of the month, or 0 when the anchor is the `nth` `weekday` (Monday is 0) of it; `offset` days
    lie between the anchor and the stop; `stop_on` is the weekday for two stops around the anchor's week, else None.
    """

    text: str
    anchor_day: int
    nth: int
    weekday: int
    offset: int = 0
    stop_on: int | None = None

    def _anchor(self, year: int, month: int) -> date:
        if self.anchor_day:
            return date(year, month, self.anchor_day)
        first = date(year, month, 1)
        return first + timedelta(days=(self.weekday - first.weekday()) % 7) + self.nth * _WEEK

    def _stops_of(self, year: int, month: int) -> tuple[date, ...]:
        anchor = self._anchor(year, month)
        if self.stop_on is None:
            return (anchor + timedelta(days=self.offset),)
        in_week = anchor + timedelta(days=self.stop_on - anchor.weekday())
        return (in_week - _WEEK, in_week + _WEEK)

    def stops(self, after: date) -> Iterator[date]:
        """Give every stop later than `after`, in order, to the end of the calendar."""
        # a stop may lie in the month before or after its anchor's, so looking begins two months early
        month = after.year * 12 + after.month - 1 - 2
        while month // 12 < _LAST_YEAR:
            if month >= 12:  # noqa: PLR2004 - months; the calendar has no year before 1
                yield from (stop for stop in self._stops_of(month // 12, month % 12 + 1) if stop > after)
            month += 1


def read_cadence(text: str) -> Cadence:
    """Read the rule of a train; raises `Misused` when it is none.

    `around` means in the week before and in the week after the anchor's, weeks beginning on Monday (gitlab-process.md
    0: since 2025 the Wednesdays of the weeks before and after the third Thursday).
    """
    said = text.lower()
    match = _MONTHLY.fullmatch(said) or _AROUND.fullmatch(said)
    day = int(match["day"] or 0) if match else 0
    if match is None or day > _LAST_DAY_OF_EVERY_MONTH or match["day"] == "0":
        raise Misused(
            f"{text[:80]!r} is not a cadence",
            remedy="write it as `monthly on day 28`, `monthly, 7 days after the third Thursday` "
            "or `the Wednesdays around the third Thursday`",
        )
    nth = _PLACES.index(match["nth"]) if match["nth"] else 0
    weekday = _WEEKDAYS.index(match["weekday"]) if match["weekday"] else 0
    if match.re is _AROUND:
        return Cadence(text, day, nth, weekday, stop_on=_WEEKDAYS.index(match["stop"]))
    days = int(match["days"] or 0)
    return Cadence(text, day, nth, weekday, offset=-days if match["side"] == "before" else days)

"""Due rules: when a gate opens and until when it has to hold, said as people say it, computed for a release."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from secrel.words.errors import Misused

_RULE = re.compile(
    r"(?:(?P<count>\d{1,4}) (?P<unit>hours?|days?|working days?) (?P<side>before|after)|at) "
    r"(?P<anchor>due|announcement|disclosure)|disclosure",
    re.ASCII,
)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Anchors:
    """The instants that rules count from; `announcement` None until the post is live."""

    due: datetime
    announcement: datetime | None
    disclosure_days: int


_Rule = Callable[[Anchors], datetime | None]


@dataclass(frozen=True, slots=True)
class Due:
    """A rule such as `48 hours before due`, `at due`, `2 working days after announcement`, `disclosure`."""

    text: str
    instant: Callable[[Anchors], datetime | None]

    def __eq__(self, other: object) -> bool:
        """Equal when they say the same."""
        return isinstance(other, Due) and self.text == other.text

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self.text)


def _hours(start: datetime, count: int) -> datetime:
    """Count real hours: an hour is an hour also in the night in which the clocks change."""
    return (start.astimezone(UTC) + timedelta(hours=count)).astimezone(start.tzinfo)


def _working_days(start: datetime, count: int, step: int) -> datetime:
    at = start
    while count:
        at += timedelta(days=step)
        count -= at.weekday() < _SATURDAY
    return at


def _disclosure(anchors: Anchors) -> datetime | None:
    if anchors.announcement is None:
        return None
    return anchors.announcement + timedelta(days=anchors.disclosure_days)


_STARTS: Mapping[str, _Rule] = {
    "due": lambda anchors: anchors.due,
    "announcement": lambda anchors: anchors.announcement,
    "disclosure": _disclosure,
}


def _inside_the_calendar(text: str, rule: _Rule) -> _Rule:
    def instant(anchors: Anchors) -> datetime | None:
        try:
            return rule(anchors)
        except OverflowError as fault:
            raise Misused(
                f"`{text}` falls out of the calendar for a release due {anchors.due:%Y-%m-%d}",
                remedy="give the release a due date that can be",
            ) from fault

    return instant


def read_due(text: str) -> Due:
    """Read a due rule; raises `Misused` when it is none.

    Hours are real hours; days count from the instant itself, on the clock of its own zone; working days leave out
    Saturdays and Sundays. `disclosure` is as many days after the announcement as the release says (handbook, Post
    release: 30; since 2026: 90). Its `instant` raises `Misused` when it falls out of the calendar.
    """
    match = _RULE.fullmatch(text)
    if match is None:
        raise Misused(
            f"{text[:60]!r} is not a due rule",
            remedy="write it as `48 hours before due`, `at due`, `2 working days after announcement`, "
            "`disclosure` or `7 days after disclosure`",
        )
    count, side, start_of = int(match["count"] or 0), match["side"], _STARTS[match["anchor"] or "disclosure"]
    sign = -1 if side == "before" else 1
    unit = (match["unit"] or "hours").rstrip("s")

    def instant(anchors: Anchors) -> datetime | None:
        start = start_of(anchors)
        if start is None:
            return None
        match unit:
            case "hour":
                return _hours(start, sign * count)
            case "day":
                return start + timedelta(days=sign * count)
            case _:
                return _working_days(start, count, sign)

    return Due(text, _inside_the_calendar(text, instant))

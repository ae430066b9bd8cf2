"""Due rules: when a gate opens and until when it has to hold, said as people say it, computed for a release."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from secrel.words.errors import Misused
from secrel.words.patterns import pattern

_RULE = pattern(
    r"(?:(?P<count>\d{1,4}) (?P<unit>hours?|days?|working days?) (?P<side>before|after)|at) "
    r"(?P<anchor>due|announcement|disclosure)|disclosure",
    re.ASCII,
)
_SATURDAY = 5


class Anchors(Struct, frozen=True):
    """The instants that rules count from; `announcement` None until the post is live."""

    due: datetime
    announcement: datetime | None
    disclosure_days: int


def _disclosure(anchors: Anchors) -> datetime | None:
    if anchors.announcement is None:
        return None
    return anchors.announcement + timedelta(days=anchors.disclosure_days)


_STARTS: Mapping[str, Callable[[Anchors], datetime | None]] = {
    "due": lambda anchors: anchors.due,
    "announcement": lambda anchors: anchors.announcement,
    "disclosure": _disclosure,
}


class Due:
    """A rule such as `48 hours before due`, `at due`, `2 working days after announcement`, `disclosure`.

    Hours are real hours; days count from the instant itself, on the clock of its own zone; working days leave out
    Saturdays and Sundays. `disclosure` is as many days after the announcement as the release says (handbook, Post
    release: 30; since 2026: 90), or single fixes: a gate opens with the first of them, and is due by the last.
    """

    __slots__ = ("_match", "text")

    def __init__(self, text: str) -> None:
        """Read a rule; raises `Misused` when it is none."""
        match = _RULE.fullmatch(text)
        if match is None:
            raise Misused(
                f"{text[:60]!r} is not a due rule",
                remedy="write it as `48 hours before due`, `at due`, `2 working days after announcement`, "
                "`disclosure` or `7 days after disclosure`",
            )
        self.text, self._match = text, match

    @classmethod
    def read(cls, value: object) -> Due:
        """Read a rule from a file; raises `Misused` when it is none."""
        return cls(str(value))

    def __eq__(self, other: object) -> bool:
        """Equal when they say the same."""
        return isinstance(other, Due) and self.text == other.text

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self.text)

    def instant(self, anchors: Anchors) -> datetime | None:
        """Give the instant for one release, None while what it counts from has not happened.

        Raises `Misused` when it falls out of the calendar.
        """
        match = self._match
        count = int(match["count"] or 0) * (-1 if match["side"] == "before" else 1)
        try:
            start = _STARTS[match["anchor"] or "disclosure"](anchors)
            return start and _counted(start, count, (match["unit"] or "hours").rstrip("s"))
        except OverflowError as fault:
            raise Misused(
                f"`{self.text}` falls out of the calendar for a release due {anchors.due:%Y-%m-%d}",
                remedy="give the release a due date that can be",
            ) from fault

    def again(self, at: datetime) -> datetime | None:
        """Give until when what comes up again at an instant has to hold; None: as soon as it is there.

        What was to be done some time after something has that time again; what had to hold by then has none left.
        """
        match = self._match
        if match["side"] != "after":
            return None
        return _counted(at, int(match["count"]), match["unit"].rstrip("s"))


def _counted(start: datetime, count: int, unit: str) -> datetime:
    """Count real hours (an hour is an hour also in the night in which the clocks change), days, or working days."""
    if unit == "hour":
        return (start.astimezone(UTC) + timedelta(hours=count)).astimezone(start.tzinfo)
    if unit == "day":
        return start + timedelta(days=count)
    at, step = start, timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        at += step
        left -= at.weekday() < _SATURDAY
    return at

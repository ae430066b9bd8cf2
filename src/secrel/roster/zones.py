"""Time zones by name, and what a clock on the wall says there, safe across changes to and from summer time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from secrel.words.errors import Misused
from secrel.words.patterns import pattern

_HOUR = pattern(r"\d\d:\d\d(:\d\d)?", re.ASCII)

# beyond these, dates are slips of the hand, and zones and holidays are nobody's knowledge
YEARS = range(1971, 2199)

# names that mean another zone on every machine, though a time zone database may carry them
_OF_THE_MACHINE = frozenset({"localtime", "posixrules", "Factory"})


@cache
def zone_named(name: str) -> ZoneInfo:
    """Find the IANA time zone `name`, such as `Africa/Lagos`; raises `Misused` when there is none."""
    fault = Misused(
        f"{name[:60]!r} is not a time zone",
        remedy="give a name of the IANA database, such as Africa/Lagos, Europe/Berlin, America/Bogota or UTC",
    )
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+-]{0,40}(?:/[A-Za-z0-9_+-]{1,40}){0,3}", name) or name in _OF_THE_MACHINE:
        raise fault
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as cause:
        raise fault from cause


def of_our_time(day: date) -> date:
    """Give back `day`, a date or an instant; raises `Misused` when its year is not one of `YEARS`."""
    if day.year not in YEARS:
        raise Misused(
            f"{day.isoformat()} is too far away", remedy=f"give a date from {YEARS.start} to {YEARS.stop - 1}"
        )
    return day


def instant(day: date, wall: time, zone: ZoneInfo, *, later: bool = False) -> datetime:
    """Give the instant, in `zone`, at which the clock shows `wall` on `day`.

    When the clock shows it twice (the end of summer time), `later` picks the second; when it never shows it (the
    clock is put forward over it), the instant is as long after the jump as `wall` is after the hour that is missing.
    """
    there = datetime.combine(day, wall.replace(fold=0), zone)
    if there.utcoffset() == there.replace(fold=1).utcoffset():  # as on nearly every day, the clock shows it once
        return there
    first, second = (datetime.combine(day, wall.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))
    # in a gap the order is reversed (PEP 495), and fold 0 is the one that lies after the jump
    return (second if later and second > first else first).astimezone(zone)


class Hour:
    """A time of day as a file of ours says it: `"09:00"`, or `09:00:00` where the format knows such times itself."""

    __slots__ = ("wall",)

    def __init__(self, wall: time) -> None:
        """Keep what the clock on the wall shows."""
        self.wall = wall

    @classmethod
    def read(cls, value: object) -> Hour:
        """Read it from a file; raises `Misused` when it is no time of day."""
        text = value.isoformat() if isinstance(value, time) else str(value)
        try:
            if _HOUR.fullmatch(text):
                return cls(time.fromisoformat(text))
        except ValueError:
            pass
        raise Misused(
            f"{text[:20]!r} is no time of day", remedy='write it as "09:00"; a zone stands in a key of its own'
        )

"""Instants and stretches of time as people say them, always with a zone."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_LONG = 3


def instant(at: datetime, zone: tzinfo | None = None) -> str:
    """Say an instant in `zone` (its own when None): `Thu 28 Oct 2021 16:00 UTC`."""
    local = at if zone is None else at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M %Z}".rstrip()


def span(length: timedelta) -> str:
    """Say how long something takes, in one or two units, downwards: `12 days`, `1 day 4 h`, `3 h 20 min`, `40 s`."""
    seconds = int(abs(length).total_seconds())
    days, hours, minutes = seconds // _DAY, seconds % _DAY // _HOUR, seconds % _HOUR // _MINUTE
    day = "1 day" if days == 1 else f"{days} days"
    if days >= _LONG or (days and not hours):
        return day
    if days:
        return f"{day} {hours} h"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{seconds} s"


def relative(at: datetime, now: datetime) -> str:
    """Say an instant as seen from now: `in 3 h`, `3 h ago`, `now`."""
    if at == now:
        return "now"
    return f"in {span(at - now)}" if at > now else f"{span(now - at)} ago"


def for_you(at: datetime, reader: tzinfo | None) -> str:
    """Say an instant on the reader's own clock, to stand behind it: ` (09:00 for you)`, with the day where it differs.

    Nothing where `reader` is None, or that clock shows the same.
    """
    own = at if reader is None else at.astimezone(reader)
    if own.utcoffset() == at.utcoffset():
        return ""
    return f" ({own:%H:%M} for you)" if own.date() == at.date() else f" ({own:%a %H:%M} for you)"

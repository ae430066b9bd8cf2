"""Moments of a story: said as people say them, before and after the day the release is due."""

from __future__ import annotations

from datetime import datetime, timedelta

from secrel.words.errors import Misused
from secrel.words.patterns import pattern

_MOMENT = pattern(r"(\d{1,5}) (minute|hour|day)s? (before|after)")
_LENGTH = pattern(r"(\d{1,5}) (minute|hour|day)s?")


def read_length(text: str) -> timedelta:
    """Read a length of time such as `36 hours` or `2 days`; raises `Misused` when it is none."""
    match = _LENGTH.fullmatch(text)
    if match is None:
        raise Misused(f"{text[:60]!r} is not a length of time", remedy="write it as `36 hours` or `2 days`")
    return int(match[1]) * timedelta(**{f"{match[2]}s": 1})


def read_moment(text: str, due: datetime) -> datetime:
    """Read a moment such as `40 days before`, `30 hours before`, `at due`, or an instant with its zone.

    Moments count from `due`, the time the release is due when the story begins. Raises `Misused` when it is none.
    """
    if text == "at due":
        return due
    match = _MOMENT.fullmatch(text)
    if match is not None:
        length = int(match[1]) * timedelta(**{f"{match[2]}s": 1})
        return due - length if match[3] == "before" else due + length
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = datetime.min  # noqa: DTZ901 - only to share the complaint below
    if instant.tzinfo is None:
        raise Misused(
            f"{text[:60]!r} is not a moment",
            remedy="write it as `40 days before`, `30 hours before`, `at due`, or 2026-11-25T16:00:00+00:00",
        )
    return instant

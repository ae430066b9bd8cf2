"""Who of the team is there at a moment of a rehearsal, and for what."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from secrel.roster.presence import is_present
from secrel.roster.zones import zone_named
from secrel.snapshot.seen import Snapshot
from secrel.words.people import APPSEC, Person

_RELEASE_DAY = timedelta(hours=8)
_ON_CALL_BEFORE = timedelta(hours=48)
_ON_CALL_AFTER = timedelta(hours=24)


class For(Enum):
    """What somebody is there for: their work, what is due by now, or to find somebody who takes over."""

    WORK = "work"
    WHAT_IS_DUE = "what is due"
    SWAP = "swap"


def is_absent(person: Person, now: datetime) -> bool:
    """Whether somebody is ill or away; whoever merely has a free day can be called."""
    today = now.astimezone(zone_named(person.zone)).date()
    return any(absence.covers(today) for absence in person.absences)


def who_is_there(snapshot: Snapshot, now: datetime) -> list[tuple[str, For]]:
    """Who is there: at work by their own clock; on the day of the release whoever is not away.

    From the deadline until a day after the release those on duty can be called for what is due. When both are away,
    somebody else of the team sees to it that others take over.
    """
    duty, due = snapshot.duty, snapshot.release.due
    names = (duty.primary, duty.secondary) if duty else ()
    people = [person for name in names if (person := snapshot.person(name)) is not None]
    able = [person for person in people if not is_absent(person, now)]
    if not able:
        others = [person for person in snapshot.people if person.username not in names and APPSEC in person.roles]
        return [(person.username, For.SWAP) for person in others if is_present(person, now)]
    is_the_day = due - _RELEASE_DAY <= now <= due + _RELEASE_DAY
    is_near = due - _ON_CALL_BEFORE <= now <= due + _ON_CALL_AFTER
    there = [(p.username, For.WORK) for p in able if is_the_day or is_present(p, now)]
    called = [(p.username, For.WHAT_IS_DUE) for p in able if is_near and (p.username, For.WORK) not in there]
    return [*there, *called]

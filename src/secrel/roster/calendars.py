"""Duties as a calendar that any calendar program can read (RFC 5545)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

import icalendar

from secrel.roster.rules import Role, Rotation, Slot
from secrel.words.errors import Misused

if TYPE_CHECKING:
    from icalendar import Event

_SPACE = uuid5(NAMESPACE_URL, "secrel:rotation")
_LONGEST = 200


def calendar_of(rotation: Rotation, *, stamp: datetime, only: str = "", title: str = "Security releases") -> bytes:
    """Write a calendar of every duty: the release week of each person, all day, and the due instant.

    `stamp` (aware) becomes every DTSTAMP; `only` keeps the events of one username, with the due instants of their
    releases. The UID of an event depends on release and role alone, so that a calendar that is read again after a swap
    or a slipped date moves events instead of doubling them. A slot without a duty has its due instant only. No
    address, and no reason of an absence, is in it. Same arguments, same bytes. Raises `Misused` for a stamp without a
    zone and for an unknown `only`.
    """
    if stamp.tzinfo is None:
        raise Misused("the stamp of a calendar needs a zone", remedy="give the instant of the export with its zone")
    if only and rotation.person(only) is None:
        raise Misused(f"{only[:60]!r} is not a member of the team", remedy="name a username of the team file")
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//secrel//rotation//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _plain(title))
    for slot in rotation.slots:
        for event in _events(rotation, slot, only):
            event.add("dtstamp", stamp.astimezone(UTC))
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _plain(text: str) -> str:
    """Make one line of text without control characters, which no calendar may hold (RFC 5545, 3.3.11)."""
    shown = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in text[:_LONGEST])
    return " ".join(shown.split())


def _events(rotation: Rotation, slot: Slot, only: str) -> Iterable[Event]:
    duty = rotation.duty(slot.name)
    holders = [(role, role.of(duty)) for role in Role] if duty else []
    mine = [(role, username) for role, username in holders if only in {"", username}]
    if mine or not only:
        yield _due(slot)
    for role, username in mine:
        yield _week(rotation, slot, role, username)


def _event(slot: Slot, what: str, summary: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", str(uuid5(_SPACE, f"{what}/{slot.name}")))
    event.add("summary", _plain(summary))
    event.add("transp", "TRANSPARENT")  # it tells of a duty, and does not book the hours
    return event


def _due(slot: Slot) -> Event:
    event = _event(slot, "due", f"{slot.name}: security release due")
    if isinstance(slot.due, datetime):
        event.add("dtstart", slot.due.astimezone(UTC))  # an instant needs no description of a zone
    else:
        event.add("dtstart", slot.due)
        event.add("dtend", slot.due + timedelta(days=1))
    return event


def _week(rotation: Rotation, slot: Slot, role: Role, username: str) -> Event:
    person = rotation.person(username)
    name = person.name if person and person.name else username
    event = _event(slot, role, f"{slot.name}: {name}, {role.capitalize()}")
    event.add("dtstart", slot.week[0])
    event.add("dtend", slot.week[-1] + timedelta(days=1))
    event.add("description", _plain(f"{name} ({username}) is {role.capitalize()} of {slot.name}, due {slot.day}."))
    return event

"""People and their duties: who runs a release, from where, and when they are away (mission M2)."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache

from msgspec import Struct

from secrel.words.looks import looking_like
from secrel.words.patterns import pattern

PRIMARY, SECONDARY = "primary", "secondary"
APPSEC, COMMUNICATIONS = "appsec", "communications"
AUTHOR = "author"
NAMED = "named"
DESK = "desk"
"""Roles that the desk itself knows of: who is on duty and who wrote the post follows from the release, and whom a gate
names (`named`) from what it found; the desk acts by itself when nobody sits at it; `appsec` is whoever runs releases.
All others are a team's own words."""

CANCELLED = "release cancelled"
"""The subject of a claim that somebody cancelled a release, and why."""

DAY_BEGINS = time(9)
DAY_ENDS = time(17)


class Absence(Struct, frozen=True):
    """Days on which someone is away, both ends included."""

    first: date
    last: date
    why: str = ""

    def covers(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return self.first <= day <= self.last


class Person(Struct, frozen=True):
    """A member of the team.

    `username` is the handle on the forge; `region` a word such as `amer`, `emea`, `apac`; `zone` an IANA time zone;
    `roles` are words such as `appsec`, `release-manager`, `communications`, which a process's `[roles]` speak of;
    `country` an ISO 3166 code whose public holidays they keep (empty: none); `days` the weekdays worked, Monday is 0.
    """

    username: str
    name: str
    region: str
    zone: str
    email: str = ""
    roles: frozenset[str] = frozenset({APPSEC})
    country: str = ""
    begins: time = DAY_BEGINS
    ends: time = DAY_ENDS
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    absences: tuple[Absence, ...] = ()


class Duty(Struct, frozen=True):
    """Who runs one release: usernames of the Primary (the DRI) and of the Secondary, from another region."""

    release: str
    primary: str
    secondary: str


class Actor(Struct, frozen=True):
    """Whoever acts: their handle, the roles that the team file gives them, and how we know it is them.

    `via` is `declared` (on the command line) or `unattended` (the desk by itself). Somebody without a role is a
    stranger.
    """

    username: str
    roles: frozenset[str] = frozenset()
    via: str = "declared"


NOBODY = Actor("desk", frozenset({DESK}), "unattended")
"""The desk itself, when no person sits at it."""


class Approval(Struct, frozen=True):
    """One person's approval of exactly one plan, by its digest."""

    release: str
    digest: str
    by: str
    at: datetime


class Claim(Struct, frozen=True):
    """What only a person can say, as they said it: of which gate, who, when; `waives` for a signed exception.

    `about` is what it was said of, as that then was (`due 2026-12-09 16:00 UTC`), or whom it names beside the gate, as
    the post's author; empty: nothing. `denies` is for a no: the gate does not hold.
    """

    release: str
    gate: str
    by: str
    at: datetime
    words: str = ""
    waives: bool = False
    about: str = ""
    denies: bool = False


POST_AUTHOR = "author of the post"
"""The subject of a claim that names the post's author: `about` is their handle, `words` their name and address."""

ON_DUTY = "on duty"
"""The subject of a claim that somebody took another's place: `about` is the handle of whoever took it."""

WAS_SENT = "it was sent"
"""What somebody says of it who says nothing else."""
SENT = "sent"
"""The subject of a claim that something prepared in the outbox has been sent: `about` is the key of its effect."""


_ADDRESS = pattern(r"[^\s<>,;:()\"]+@[^\s<>,;:()\"]+")


def notes_gate(ref: str) -> str:
    """Give the subject of a claim that lets the notes of an issue become public with it; `about` is their digest."""
    return f"notes of {ref}"


def notes_digest(notes: Iterable[str]) -> str:
    """Give the fingerprint of the notes that somebody has read, 32 hexadecimal digits: another note changes it."""
    return hashlib.sha256("\0".join(notes).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@lru_cache(maxsize=4096)
def handle_of(text: str) -> str:
    """Give a handle as it is compared: without @, in Unicode's compatible form, and in small letters.

    Forges take one name in other capitals for one account; NFKC and case folding are those of UAX #15 and #44.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).strip().removeprefix("@").casefold())


@lru_cache(maxsize=4096)
def look_of(text: str) -> str:
    """Give what a handle is taken for at a glance: letters of any script as the Latin ones they look like (UTS #39).

    So are, in one more form, a one and a capital i as an l, a nought as an o, and r with n as an m.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("@")
    seen = "".join(sign if sign.isascii() else looking_like(sign) for sign in plain)
    return seen.replace("I", "l").casefold().replace("1", "l").replace("0", "o").replace("rn", "m")


def spelled(people: Iterable[Person], text: str) -> Person | None:
    """Give the member whom a text names in any spelling: a handle, one that looks like it, or an address of theirs.

    It is for keeping somebody from something: whoever may do a thing is named exactly (`member`).
    """
    names = [text, *(part for address in _ADDRESS.findall(text) for part in (address, address.partition("@")[0]))]
    looks = {look_of(name) for name in names}
    known = list(people)
    return member(known, text) or next(
        (one for one in known if look_of(one.username) in looks or (one.email and look_of(one.email) in looks)), None
    )


def wrote(people: Iterable[Person], username: str, writers: Iterable[str]) -> bool:
    """Whether somebody is among the authors of commits (`Name <address>`), by any name or address of theirs.

    Names are compared as they look, as in `spelled`: it keeps people from approving their own work.
    """
    theirs = [_spellings(_named_in(writer)) for writer in writers]
    if not theirs:
        return False
    person = member(people, username)
    own = _spellings((username, person.username, person.name, person.email) if person else (username,))
    return any(own & names for names in theirs)


def _named_in(writer: str) -> tuple[str, ...]:
    name, _, address = writer.rpartition("<")
    address = address.removesuffix(">")
    return name, address, address.partition("@")[0]


def _spellings(names: Iterable[str]) -> set[str]:
    plain = {" ".join(name.split()) for name in names} - {""}
    return {*map(look_of, plain), *map(handle_of, plain)}


def member(people: Iterable[Person], username: str) -> Person | None:
    """Give the member of a team with this handle, however it is spelled; None for a stranger."""
    handle = handle_of(username)
    return next((person for person in people if handle_of(person.username) == handle), None)


def spelled_by(people: Iterable[Person], username: str) -> str:
    """Give a handle as the team spells it, so that it equals itself everywhere; a stranger's stays as it is."""
    person = member(people, username)
    return person.username if person else username


def actor_of(people: Iterable[Person], username: str, via: str = "declared") -> Actor:
    """Give somebody as they act: under the team's spelling of their handle; a stranger has no roles."""
    person = member(people, username)
    return Actor(username, via=via) if person is None else Actor(person.username, person.roles, via)

"""People and their duties: who runs a release, from where, and when they are away (mission M2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

DAY_BEGINS = time(9)
DAY_ENDS = time(17)


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which someone is away, both ends included."""

    first: date
    last: date
    why: str = ""

    def covers(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the team.

    `username` is the handle on the forge; `region` a word such as `amer`, `emea`, `apac`; `zone` an IANA time zone;
    `country` an ISO 3166 code whose public holidays they keep (empty: none); `days` the weekdays worked, Monday is 0.
    """

    username: str
    name: str
    region: str
    zone: str
    email: str = ""
    country: str = ""
    begins: time = DAY_BEGINS
    ends: time = DAY_ENDS
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    absences: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """Who runs one release: usernames of the Primary (the DRI) and of the Secondary, from another region."""

    release: str
    primary: str
    secondary: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: their handle, and how we know it is them (`declared` on the command line)."""

    username: str
    via: str = "declared"

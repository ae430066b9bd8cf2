"""The team file: who there is, from TOML text, and additions to it that leave the rest byte for byte (docs/rotation.md)."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import TypeVar

from secrel.roster.presence import public_holidays
from secrel.roster.rules import Role
from secrel.roster.swaps import Swap, Switch
from secrel.roster.zones import zone_named
from secrel.words.errors import Misused, SecrelError
from secrel.words.people import DAY_BEGINS, DAY_ENDS, Absence, Person

_MOST_BYTES = 1_000_000
_MOST_TOLD = 10
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEYS = {
    "person": "username name email region zone country begins ends days absences".split(),
    "absence": "username first last why".split(),
    "swap": "release role leaving taking in_return by at".split(),
}
_NEEDED = {
    "person": ("username", "name", "region", "zone"),
    "absence": ("username", "first", "last"),
    "swap": ("release", "role", "leaving", "taking", "by", "at"),
}
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Team:
    """What a team file says: the people in its order, each with all their absences, and the swaps that were recorded."""

    people: tuple[Person, ...]
    swaps: tuple[Swap, ...] = ()

    def person(self, username: str) -> Person | None:
        """The member with this username, or None."""
        return next((person for person in self.people if person.username == username), None)


@dataclass(frozen=True, slots=True)
class _Row:
    """One table of the file, and where its keys stand."""

    kind: str
    values: Mapping[str, object]
    line: int
    lines: Mapping[str, int]

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


class _Faults:
    """Collects what is wrong, so that one reading tells all of it."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._told: list[tuple[int, str]] = []

    def add(self, line: int, what: str) -> None:
        self._told.append((line, what))

    def attempt(self, line: int, make: Callable[[], _Value], default: _Value) -> _Value:
        """Give what `make` makes, or keep its complaint under `line` and give `default`."""
        try:
            return make()
        except SecrelError as fault:
            self.add(line, f"{fault.what}; {fault.remedy}" if fault.remedy else fault.what)
            return default

    def raise_if_any(self) -> None:
        if not self._told:
            return
        told = sorted(self._told)
        lines = "; ".join(f"line {line}: {what}" for line, what in told[1:_MOST_TOLD])
        more = f" (and {len(told) - 1} more: {lines})" if lines else ""
        raise Misused(
            f"{told[0][1]}{more}", where=f"{self._place}:{told[0][0]}", remedy="correct the team file: docs/rotation.md"
        )


def read_team(text: str, place: str = "team.toml") -> Team:
    """Read a team file; `place` is how messages name it.

    Raises `Misused` with the line of the first fault, and all others after it: a person in no region, an unknown time
    zone or country, a username twice, dates in the wrong order, an unknown key, a wrong type, and what is not TOML.
    """
    faults = _Faults(place)
    rows = _rows(_parsed(text, place), text, faults)
    people = [_person(row, faults) for row in rows if row.kind == "person"]
    _raise_twice(people, [row for row in rows if row.kind == "person"], faults)
    away: dict[str, list[Absence]] = {person.username: list(person.absences) for person in people}
    swaps = []
    for row in rows:
        if row.kind == "absence":
            username = _text(row, "username", faults)
            if username not in away:
                faults.add(row.line_of("username"), f"{username[:60]!r} is no person of this file")
            away.setdefault(username, []).append(_absence(row, faults))
        elif row.kind == "swap":
            swaps.append(_swap(row, faults))
    if not people:
        faults.add(1, "there is nobody in the team: write a [[person]] table for each member")
    faults.raise_if_any()
    return Team(tuple(_with(person, away[person.username]) for person in people), tuple(s for s in swaps if s))

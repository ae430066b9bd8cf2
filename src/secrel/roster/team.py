"""The team file: who there is, from TOML text, and additions that leave the rest byte for byte (docs/rotation.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from secrel.roster.presence import public_holidays
from secrel.roster.reading.tables import Faults, Row, Shape, rows_of
from secrel.roster.rules import Role
from secrel.roster.swaps import Swap, Switch
from secrel.roster.zones import zone_named
from secrel.words.people import DAY_BEGINS, DAY_ENDS, Absence, Person

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ANY_YEAR = 2026
_PERSON = Shape(("username", "name", "region", "zone"), ("email", "country", "begins", "ends", "days", "absences"))
_ABSENCE = Shape(("first", "last"), ("why",))
_ABSENCE_OF = Shape(("username", *_ABSENCE.needed), _ABSENCE.optional)
_SWAP = Shape(("release", "role", "leaving", "taking", "by", "at"), ("in_return",))


@dataclass(frozen=True, slots=True)
class Team:
    """What a team file says: the people in its order, with all their absences, and the swaps that were recorded."""

    people: tuple[Person, ...]
    swaps: tuple[Swap, ...] = ()

    def person(self, username: str) -> Person | None:
        """The member with this username, or None."""
        return next((person for person in self.people if person.username == username), None)


def read_team(text: str, place: str = "team.toml") -> Team:
    """Read a team file; `place` is how messages name it.

    Raises `Misused` at the line of the first fault, with the others after it: a person in no region, an unknown time
    zone or country, a username twice, dates in the wrong order, an unknown key, a wrong type, and what is not TOML.
    """
    faults = Faults(place, "correct the team file (docs/rotation.md shows one)")
    rows = rows_of(text, place, ("person", "absence", "swap"), faults)
    people = [_person(row) for row in rows if row.kind == "person"]
    _note_doubles([row for row in rows if row.kind == "person"])
    if not people:
        faults.add(1, "there is nobody in the team: write a [[person]] table for each member")
    absences: dict[str, list[Absence]] = {person.username: [] for person in people}
    for row in rows:
        if row.kind == "absence":
            _add_absence(row, absences)
    swaps = [_swap(row) for row in rows if row.kind == "swap"]
    faults.raise_if_any()
    return Team(
        tuple(_with_absences(person, absences[person.username]) for person in people),
        tuple(swap for swap in swaps if swap is not None),
    )


def _with_absences(person: Person, more: Iterable[Absence]) -> Person:
    return replace(person, absences=tuple(sorted({*person.absences, *more}, key=lambda a: (a.first, a.last, a.why))))


def _note_doubles(rows: list[Row]) -> None:
    lines: dict[str, int] = {}
    for row in rows:
        username = row.values.get("username")
        if isinstance(username, str):
            # forges take usernames in any capitals for the same account
            key = username.strip().casefold()
            if key in lines:
                row.fault("username", f"username {username[:60]!r} is also on line {lines[key]}")
            lines.setdefault(key, row.line_of("username"))


def _person(row: Row) -> Person:
    row.check(_PERSON)
    username, email = row.text("username"), row.text("email")
    if username and not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", username):
        row.fault("username", "username may have letters, digits, and _ . - inside, and no @ before it")
    if email and not re.fullmatch(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+", email):
        row.fault("email", "email is not an address such as amara@example.org")
    zone, country = row.text("zone"), row.text("country")
    if zone:
        row.faults.attempt(row.line_of("zone"), lambda: zone_named(zone))
    row.faults.attempt(row.line_of("country"), lambda: public_holidays(country, _ANY_YEAR))
    begins, ends = row.hour("begins", DAY_BEGINS), row.hour("ends", DAY_ENDS)
    if begins == ends:
        row.fault("ends", "the working day ends when it begins")
    return Person(
        username=username,
        name=row.text("name"),
        region=row.text("region").casefold(),
        zone=zone,
        email=email,
        country=country,
        begins=begins,
        ends=ends,
        days=_days(row),
        absences=tuple(_absence(part, _ABSENCE) for part in _absence_rows(row)),
    )


def _days(row: Row) -> tuple[int, ...]:
    value = row.values.get("days", list(_DAYS[:5]))
    if not isinstance(value, list) or not value or not all(day in _DAYS for day in value):
        row.fault("days", f"days has to be a list of some of {', '.join(_DAYS)}")
        return ()
    return tuple(number for number, day in enumerate(_DAYS) if day in value)


def _absence_rows(row: Row) -> list[Row]:
    value = row.values.get("absences", [])
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
        row.fault("absences", "absences has to be a list such as [{ first = 2026-12-21, last = 2027-01-03 }]")
        return []
    lines = [row.lines.get(f"absences[{number}]", row.line_of("absences")) for number in range(len(value))]
    return [Row("absence", part, line, row.faults) for part, line in zip(value, lines, strict=True)]


def _absence(row: Row, shape: Shape) -> Absence:
    row.check(shape)
    absence = Absence(row.day("first"), row.day("last"), row.text("why"))
    if date.min not in {absence.first, absence.last} and absence.last < absence.first:
        row.fault("last", f"the absence ends on {absence.last}, before it begins on {absence.first}")
    return absence


def _add_absence(row: Row, absences: dict[str, list[Absence]]) -> None:
    username, absence = row.text("username"), _absence(row, _ABSENCE_OF)
    if username in absences:
        absences[username].append(absence)
    elif username:
        row.fault("username", f"{username[:60]!r} is no person of this file")


def _swap(row: Row) -> Swap | None:
    row.check(_SWAP)
    role, at = row.text("role"), row.moment("at")
    if role and role not in set(Role):
        row.fault("role", f"role has to be {' or '.join(Role)}")
    switch = Switch(row.text("release"), row.text("leaving"), row.text("taking"), row.text("in_return"))
    by = row.text("by")
    return Swap(switch, Role(role), by, at) if at and role in set(Role) else None


def with_absence(text: str, username: str, absence: Absence, place: str = "team.toml") -> str:
    """Add an absence at the end of a team file; the same text when the person has this one already.

    Raises `Misused` as `read_team` does, for the file as it is and as it would be.
    """
    absence = replace(absence, why=absence.why.strip())
    person = read_team(text, place).person(username)
    if person is not None and absence in person.absences:
        return text
    why = {"why": _quoted(absence.why)} if absence.why else {}
    first, last = absence.first.isoformat(), absence.last.isoformat()
    return _appended(text, "absence", {"username": _quoted(username), "first": first, "last": last, **why}, place)


def with_swap(text: str, swap: Swap, place: str = "team.toml") -> str:
    """Add the record of a swap at the end of a team file; the same text when it is there already.

    Raises `Misused` as `read_team` does, for the file as it is and as it would be.
    """
    if swap in read_team(text, place).swaps:
        return text
    switch = swap.switch
    values = {"release": switch.release, "role": swap.role, "leaving": switch.leaving, "taking": switch.taking}
    if switch.in_return:
        values["in_return"] = switch.in_return
    values["by"] = swap.by
    quoted = {key: _quoted(value) for key, value in values.items()}
    return _appended(text, "swap", {**quoted, "at": swap.at.isoformat()}, place)


def _quoted(text: str) -> str:
    # the escapes of JSON are escapes of TOML too, and what neither can hold is refused when the text is read back
    return json.dumps(text, ensure_ascii=False)


def _appended(text: str, kind: str, values: dict[str, str], place: str) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = [f"[[{kind}]]", *(f"{key} = {value}" for key, value in values.items()), ""]
    gap = newline if text.endswith("\n") else newline * 2
    grown = text + gap + newline.join(lines)
    read_team(grown, place)
    return grown

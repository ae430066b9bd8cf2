"""The team file: who there is, from TOML text, and additions that leave the rest byte for byte (docs/rotation.md)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import date
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from secrel.reading import largest
from secrel.reading.documents import Faults
from secrel.reading.toml import read_toml
from secrel.roster.presence import public_holidays
from secrel.roster.zones import Hour, of_our_time, zone_named
from secrel.words.errors import Misused, within
from secrel.words.people import APPSEC, DAY_BEGINS, DAY_ENDS, NOBODY, Absence, Person, handle_of, look_of

_LONGEST = 200
_ANY_YEAR = 2026
_Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_DAYS: tuple[_Day, ...] = get_args(_Day)
_REMEDY = "correct the team file (secrel manual rotation shows one)"


class OneLine(str):
    """A text of one line, without blanks around it."""

    __slots__ = ()

    @classmethod
    def read(cls, value: object) -> OneLine:
        """Read it from a file; raises `Misused` for what is no such text."""
        if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
            raise Misused(f"it has to be one line of at most {_LONGEST} printable characters, in quotes")
        return cls(value.strip())


class Word(OneLine):
    """A line that is not empty."""

    __slots__ = ()

    @classmethod
    def read(cls, value: object) -> OneLine:
        """Read it from a file; raises `Misused` for what is no such text."""
        if not (line := super().read(value)):
            raise Misused("it is empty")
        return line


_Username = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A[A-Za-z0-9_][A-Za-z0-9_.-]*\Z",
        max_length=_LONGEST,
        description="a handle of letters, digits, and _ . - inside, without @ before it",
    ),
]
_Email = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A([^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+)?\Z",
        max_length=_LONGEST,
        description="an address such as amara@example.org",
    ),
]


class _Spell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    first: date
    last: date
    why: OneLine = OneLine()

    def __post_init__(self) -> None:
        for key, day in (("first", self.first), ("last", self.last)):
            with within(key):
                of_our_time(day)
        if self.last < self.first:
            raise Misused(f"the absence ends on {self.last}, before it begins on {self.first}", path=("last",))

    @property
    def absence(self) -> Absence:
        return Absence(self.first, self.last, str(self.why))


class _SpellOf(_Spell, frozen=True, kw_only=True):
    username: Word


class _Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    username: _Username
    name: Word
    region: Word
    zone: Word
    email: _Email = ""
    roles: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, description='a list of roles, such as ["appsec"]')] = (
        APPSEC,
    )
    country: OneLine = OneLine()
    begins: Hour = Hour(DAY_BEGINS)
    ends: Hour = Hour(DAY_ENDS)
    days: Annotated[
        tuple[_Day, ...], msgspec.Meta(min_length=1, description=f"a list of some of {', '.join(_DAYS)}")
    ] = _DAYS[:5]
    absences: tuple[_Spell, ...] = ()

    def __post_init__(self) -> None:
        with within("zone"):
            zone_named(self.zone)
        with within("country"):
            public_holidays(self.country, _ANY_YEAR)
        if self.begins.wall == self.ends.wall:
            raise Misused("the working day ends when it begins", path=("ends",))

    def person(self, more: Iterable[Absence]) -> Person:
        """Give the person, with `more` absences beside their own."""
        absences = {*(spell.absence for spell in self.absences), *more}
        return Person(
            username=self.username,
            name=str(self.name),
            region=self.region.casefold(),
            zone=str(self.zone),
            email=self.email,
            roles=frozenset(self.roles),
            country=str(self.country),
            begins=self.begins.wall,
            ends=self.ends.wall,
            days=tuple(number for number, day in enumerate(_DAYS) if day in self.days),
            absences=tuple(sorted(absences, key=lambda a: (a.first, a.last, a.why))),
        )


class _Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    person: Annotated[tuple[_Person, ...], msgspec.Meta(min_length=1, description="a list of one [[person]] or more")]
    absence: tuple[_SpellOf, ...] = ()


class Team(Struct, frozen=True):
    """What a team file says: the people in its order, with all their absences."""

    people: tuple[Person, ...]

    def person(self, username: str) -> Person | None:
        """The member with this username, or None."""
        return next((person for person in self.people if person.username == username), None)


def read_team(text: str | bytes, place: str = "team.toml", roles: Collection[str] | None = None) -> Team:
    """Read a team file; `place` is how messages name it, `roles` those that people can have (None: any).

    Raises `Malformed` with every fault: a person in no region, an unknown time zone or country, a username twice (in
    any capitals: forges take them for one account), dates in the wrong order, an unknown key, a wrong type.
    """
    document = read_toml(text, place, most=largest.TEAM, remedy=_REMEDY)
    told, faults = document.decode(_Told), Faults(document)
    names = [person.username for person in told.person]
    faults.once("the username", ((("person", n, "username"), handle_of(name)) for n, name in enumerate(names)))
    for number, name in enumerate(names):
        twin = next((other for other in names[:number] if look_of(other) == look_of(name)), "")
        if twin and handle_of(twin) != handle_of(name):
            what = f"{name!r} looks like {twin!r}, and nobody could tell who did what"
            faults.add(("person", number, "username"), what, "give one of them another handle")
        if handle_of(name) == NOBODY.username:
            faults.add(("person", number, "username"), f"{name!r} is the desk's own name", "give them another handle")
    for number, person in enumerate(told.person if roles is not None else ()):
        for index, role in enumerate(person.roles):
            faults.known(("person", number, "roles", index), role, sorted(roles or ()), "role")
    for number, spell in enumerate(told.absence):
        faults.known(("absence", number, "username"), spell.username, names, "person")
    faults.raise_if_any()
    return Team(
        tuple(
            person.person(spell.absence for spell in told.absence if spell.username == person.username)
            for person in told.person
        )
    )


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

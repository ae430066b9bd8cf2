"""The hard rules of the rotation, in one place, and the values it is made of (docs/rotation.md).

Every other module of this room asks `hindrances` and `breaches`, and states no rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from secrel.roster.presence import Off, holiday, why_off
from secrel.roster.zones import of_our_time
from secrel.words.errors import Misused
from secrel.words.people import Duty, Person

_LONGEST_WEEK = 62
_SATURDAY = 5
_DAYS_THAT_MAY_BE_MISSED = 1


class Role(StrEnum):
    """The two places of a duty."""

    PRIMARY = "primary"
    SECONDARY = "secondary"

    def of(self, duty: Duty) -> str:
        """The username that holds this place in `duty`."""
        return duty.primary if self is Role.PRIMARY else duty.secondary


class RotaRule(StrEnum):
    """The hard rules; each value is how messages name it."""

    REGIONS = "Primary and Secondary are from different regions"
    DUE_DAY = "both are there on the due day"
    RELEASE_WEEK = "both are there in the release week"
    CONSECUTIVE = "nobody is on duty in two releases in a row"
    TEAM = "both are members of the team"


class Slot(Struct, frozen=True):
    """An upcoming release that needs a Primary and a Secondary.

    `due` is the instant of the announcement, with a zone, or only its day. The release week, the days on which
    somebody has to be there, is `first` to `last`, both included: by default the seven days up to and including the
    due day, and the day after.
    """

    name: str
    due: datetime | date
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        """Refuse a slot without a name, an instant without a zone, and a week that does not hold the due day."""
        if not self.name.strip() or not self.name.isprintable():
            raise Misused(
                "a release in the rotation has no name that can be printed", remedy="name it, such as 2026-11"
            )
        where = f"release {self.name[:60]}"
        if isinstance(self.due, datetime) and self.due.tzinfo is None:
            raise Misused(f"the due time {self.due.isoformat()} has no zone", where=where, remedy="give its zone")
        of_our_time(self.day)
        starts, ends = self._ends
        if not (starts <= self.day <= ends and (ends - starts).days < _LONGEST_WEEK):
            raise Misused(
                f"the release week {starts} to {ends} does not hold the due day {self.day}, or is over two months long",
                where=where,
                remedy="give the first and last day on which somebody has to be there",
            )

    @property
    def day(self) -> date:
        """The due day, as the calendar says it in the zone that `due` came with."""
        return self.due.date() if isinstance(self.due, datetime) else self.due

    @property
    def _ends(self) -> tuple[date, date]:
        return self.first or self.day - timedelta(days=6), self.last or self.day + timedelta(days=1)

    @property
    def week(self) -> tuple[date, ...]:
        """The days of the release week, in order."""
        starts, ends = self._ends
        return tuple(starts + timedelta(days=n) for n in range((ends - starts).days + 1))


class Breach(Struct, frozen=True):
    """A rule that does not hold: for which release, because of whom, and the sentence that says so.

    `said` never repeats why somebody is away: that is theirs.
    """

    rule: RotaRule
    release: str
    username: str
    said: str


class Tally(Struct, frozen=True):
    """How often somebody was and will be on duty."""

    username: str
    primary: int
    secondary: int

    @property
    def total(self) -> int:
        """In either role."""
        return self.primary + self.secondary


class Rotation(Struct, frozen=True):
    """Who runs which release: `duties` are those of `slots`, `history` those before, both in order of time.

    `in_a_row` is whether people may be on duty in two releases in a row.
    """

    people: tuple[Person, ...]
    slots: tuple[Slot, ...]
    duties: tuple[Duty, ...]
    history: tuple[Duty, ...] = ()
    in_a_row: bool = False

    def duty(self, release: str) -> Duty | None:
        """The duty of one upcoming release, or None when it has none."""
        return next((duty for duty in self.duties if duty.release == release), None)

    def person(self, username: str) -> Person | None:
        """The member of the team with this username, or None for someone who is not in it."""
        return next((person for person in self.people if person.username == username), None)

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """Duties of each member of the team, past ones included, by username."""
        told = (*self.history, *self.duties)
        return tuple(
            Tally(name, sum(d.primary == name for d in told), sum(d.secondary == name for d in told))
            for name in sorted(person.username for person in self.people)
        )


def _said_days(days: list[date]) -> str:
    return f"{days[0]}" if len(days) == 1 else f"{len(days)} days from {days[0]} to {days[-1]}"


def _on_due_day(person: Person, day: date) -> str:
    match why_off(person, day):
        case Off.ABSENCE:
            return f"is away on the due day {day}"
        case Off.HOLIDAY:
            return f"has a public holiday on the due day {day} ({holiday(person, day)})"
        case Off.WEEKDAY if day.weekday() < _SATURDAY:
            return f"does not work on the weekday of the due day {day}"
        case _:  # at work; or a weekend, which is everybody's: a release on the 22nd may fall on one
            return ""


def hindrances(person: Person, slot: Slot) -> tuple[Breach, ...]:
    """Tell why `person` cannot be on duty for `slot`, whoever else is; nothing when they can.

    THE rule. On the due day: no absence, no public holiday, and no weekday (Monday to Friday) that they do not work.
    In the release week: of their working weekdays, at most one is an absence or a public holiday, and at least one
    is left. Their own days decide: a public holiday on a day they never work hinders nobody.
    """
    told = []
    if said := _on_due_day(person, slot.day):
        told.append(Breach(RotaRule.DUE_DAY, slot.name, person.username, said))
    theirs = [day for day in slot.week if day.weekday() in person.days]
    missed = [day for day in theirs if why_off(person, day) is not None]
    if len(missed) > _DAYS_THAT_MAY_BE_MISSED:
        said = f"misses {_said_days(missed)} of the release week"
        told.append(Breach(RotaRule.RELEASE_WEEK, slot.name, person.username, said))
    elif len(missed) == len(theirs):
        told.append(Breach(RotaRule.RELEASE_WEEK, slot.name, person.username, "works on no day of the release week"))
    return tuple(told)


def same_region(one: Person, other: Person) -> bool:
    """Whether two people are from one region, however it is spelled in capitals."""
    return one.region.strip().casefold() == other.region.strip().casefold()


def names_of(duty: Duty | None) -> tuple[str, ...]:
    """The usernames on duty: two, fewer in a past duty of one person, none when there was no duty."""
    return () if duty is None else tuple(name for name in (duty.primary, duty.secondary) if name)


def _of_the_pair(duty: Duty, rotation: Rotation, slot: Slot) -> Iterator[Breach]:
    pair = [rotation.person(name) for name in (duty.primary, duty.secondary)]
    for name, person in zip((duty.primary, duty.secondary), pair, strict=True):
        if person is None:
            yield Breach(RotaRule.TEAM, slot.name, name, f"{name or 'nobody'} is not a member of the team")
        else:
            yield from hindrances(person, slot)
    match pair:
        case [Person() as one, Person() as other] if same_region(one, other):
            yield Breach(RotaRule.REGIONS, slot.name, duty.secondary, f"is from {one.region}, as {duty.primary} is")


def breaches(rotation: Rotation) -> tuple[Breach, ...]:
    """Tell every hard rule that a rotation breaks, release by release: after somebody fell ill, or was put in by hand.

    A slot without a duty breaks nothing.
    """
    told: list[Breach] = []
    before = names_of(rotation.history[-1] if rotation.history and not rotation.in_a_row else None)
    for slot in rotation.slots:
        duty = rotation.duty(slot.name)
        if duty is not None:
            told.extend(_of_the_pair(duty, rotation, slot))
            said = "is on duty in the release before as well"
            told.extend(Breach(RotaRule.CONSECUTIVE, slot.name, n, said) for n in names_of(duty) if n in before)
        before = () if rotation.in_a_row else names_of(duty)
    return tuple(told)


def in_order(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """Sort slots by due day, then name; raises `Misused` when two have the same name."""
    ordered = tuple(sorted(slots, key=lambda slot: (slot.day, slot.name)))
    names = [slot.name for slot in ordered]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Misused(f"release {twice[:60]} is in the rotation twice", remedy="give every release its own name")
    return ordered

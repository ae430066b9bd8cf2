"""A made-up team, and strategies that make up others."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from secrel.roster.rules import Slot
from secrel.words.people import Absence, Person

ZONES = ("Africa/Lagos", "Europe/Stockholm", "America/Bogota", "Asia/Jakarta", "Pacific/Auckland", "UTC")
WEDNESDAY = date(2026, 1, 7)

AMARA = Person("amara", "Amara Example", "emea", "Africa/Lagos", "amara@example.org")
BJORN = Person("bjorn", "Björn Beispiel", "emea", "Europe/Stockholm", "bjorn@example.org")
CHIDI = Person("chidi", "Chidi Ejemplo", "amer", "America/Bogota")
DEWI = Person("dewi", "Dewi Contoh", "apac", "Asia/Jakarta")
ELIF = Person("elif", "Elif Örnek", "amer", "America/Bogota")
FARID = Person("farid", "Farid Exemple", "apac", "Asia/Jakarta")
TEAM = (AMARA, BJORN, CHIDI, DEWI, ELIF, FARID)


def slots(count: int, *, first: date = WEDNESDAY, every: int = 14) -> tuple[Slot, ...]:
    """Make releases at a steady pace, named by number."""
    return tuple(Slot(f"r{n:02}", first + timedelta(days=every * n)) for n in range(count))


def away(first: date, last: date | None = None) -> tuple[Absence, ...]:
    return (Absence(first, last or first, "private"),)


@st.composite
def absences(draw: st.DrawFn) -> tuple[Absence, ...]:
    spells = draw(st.lists(st.tuples(st.integers(-10, 100), st.integers(0, 12)), max_size=4))
    firsts = [(WEDNESDAY + timedelta(days=start), length) for start, length in spells]
    return tuple(Absence(first, first + timedelta(days=length)) for first, length in firsts)


@st.composite
def teams(draw: st.DrawFn, most: int = 8) -> list[Person]:
    size = draw(st.integers(0, most))
    return [
        Person(
            f"p{n}",
            f"Person {n}",
            draw(st.sampled_from(["emea", "amer", "APAC", "apac"])),
            draw(st.sampled_from(ZONES)),
            country=draw(st.sampled_from(["", "", "NG", "SE", "CO"])),
            days=draw(st.sampled_from([(0, 1, 2, 3, 4), (0, 1, 2, 3, 4), (6, 0, 1, 2, 3), (0, 1, 3)])),
            absences=draw(absences()),
        )
        for n in range(size)
    ]

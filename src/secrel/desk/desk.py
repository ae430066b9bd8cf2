"""The desk: everything a use case needs, as one value that wiring makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from secrel.apply.applying import World
from secrel.journal.entries import Entry
from secrel.journal.journal import Journal
from secrel.observe.observing import Sources
from secrel.ports.forge import ForgeReader, Writer
from secrel.process.table import Process
from secrel.roster.cadence import TrainRule, due_instants
from secrel.words.effects import Action
from secrel.words.people import Actor, Person
from secrel.words.releases import Release

if TYPE_CHECKING:  # graphs of commits and templates are loaded by those who use them
    from secrel.papers.environment import Templates
    from secrel.ports.history import History

_A_QUARTER = timedelta(days=100)


@dataclass(frozen=True, slots=True)
class Desk:
    """One person's desk: the process, the team, the doors that wiring opened, and the clock.

    `by` is the username of whoever sits at it; `targets` name the forge and services, and every plan prints them;
    `templates` are the user's own texts by name (empty: those that ship); `histories` gives the git history of a
    project, None where there is none.
    """

    process: Process
    team: tuple[Person, ...]
    forge: ForgeReader
    writers: Mapping[type[Action], Writer]
    journal: Journal
    now: Callable[[], datetime]
    by: str
    targets: tuple[str, ...] = ()
    templates: Mapping[str, Templates] = field(default_factory=dict)
    histories: Callable[[str], History | None] = lambda _project: None

    @property
    def world(self) -> World:
        """What applying needs."""
        return World(self.writers, self.journal, self.now, Actor(self.by))

    def sources(self, entries: Sequence[Entry]) -> Sources:
        """What observing needs, with what the journal remembers of the release."""
        return Sources(
            self.forge, self.process, self.team, entries, lambda release: next_release(release, self.process)[0]
        )

    def person(self, username: str) -> Person | None:
        """The member of the team with this handle."""
        return next((person for person in self.team if person.username == username), None)


def next_stops(process: Process, after: date, count: int = 1) -> list[datetime]:
    """Give the next due instants of the process's train after a day; empty when the process has no cadence."""
    rule: TrainRule | None = process.cadence
    if rule is None:
        return []
    cadence = rule.cadence
    found: list[datetime] = []
    until = after + _A_QUARTER
    while len(found) < count:
        found = list(due_instants(cadence, after + timedelta(days=1), until))
        until += _A_QUARTER
    return found[:count]


def next_release(release: Release, process: Process) -> tuple[str, datetime | None]:
    """Name the release that follows, after its due day on the train (`2026-12-09`), and give its due instant.

    Without a cadence there is no train: the next release is `next`, due when somebody says so.
    """
    stops = next_stops(process, release.due.date())
    return (stops[0].date().isoformat(), stops[0]) if stops else (f"after-{release.name}", None)

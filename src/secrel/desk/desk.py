"""The desk: everything a use case needs, as one value that wiring makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct, field

from secrel.apply import applying
from secrel.desk.proofs import Proofs
from secrel.evaluate.train import next_release
from secrel.journal.entries import Entry, claims, receipts
from secrel.journal.journal import Journal
from secrel.observe.observing import Sources
from secrel.ports.forge import ForgeReader, Writer
from secrel.process.table import Process
from secrel.words.effects import Action
from secrel.words.people import CANCELLED, Actor, Claim, Person, member

if TYPE_CHECKING:  # graphs of commits and templates are loaded by those who use them
    from secrel.papers.environment import Templates
    from secrel.ports.history import History


class Desk(Struct, frozen=True):
    """One person's desk: the process, the team, the doors that wiring opened, and the clock.

    `actor` is whoever sits at it; `targets` name the forge and services, and every plan prints them;
    `templates` are the user's own texts by name (empty: those that ship); `histories` gives the git history of a
    project, None where there is none. `examples` finds the places of the process that nobody has changed yet: while
    there are any, nothing is approved that the world would see. Rehearsals, which publish nothing, have none.
    `proofs` keeps what was proved last of each repository, and of what. `read` is the digest of what whoever sits at it
    has read and approves, of an order that everybody would read at once.
    """

    process: Process
    team: tuple[Person, ...]
    forge: ForgeReader
    writers: Mapping[type[Action], Writer]
    journal: Journal
    now: Callable[[], datetime]
    actor: Actor
    targets: tuple[str, ...] = ()
    templates: Mapping[str, Templates] = field(default_factory=dict)
    histories: Callable[[str], History | None] = lambda _project: None
    examples: Callable[[], tuple[str, ...]] = tuple
    proofs: dict[str, tuple[object, Proofs]] = field(default_factory=dict)
    read: str = ""

    @property
    def by(self) -> str:
        """The handle of whoever sits at it."""
        return self.actor.username

    @property
    def world(self) -> applying.Applying:
        """What applying needs."""
        return applying.Applying(self.writers, self.journal, self.now, self.actor)

    def sources(self, entries: Sequence[Entry]) -> Sources:
        """What observing needs, with what the journal remembers of the release."""
        done, now = receipts(entries), self.now()
        return Sources(
            self.forge,
            self.process,
            self.team,
            entries,
            lambda release: next_release(release, self.process, now, done)[0],
            lambda name: self.cancelled(name) is not None,
            self._published_by,
        )

    def _published_by(self, ref: str) -> str:
        end = f"/public/{ref}"
        return next((key.removesuffix(end) for key in receipts(self.journal.about(end)) if key.endswith(end)), "")

    def cancelled(self, name: str) -> Claim | None:
        """Give who cancelled a release, as the journal has it; None while nobody has, and for one that there is not."""
        return next((said for said in claims(self.journal.entries(name)) if said.gate == CANCELLED), None)

    @property
    def on_call(self) -> tuple[Person, ...]:
        """The members of the team who can be on duty."""
        may = frozenset(self.process.roles.duty)
        return tuple(person for person in self.team if person.roles & may)

    def person(self, username: str) -> Person | None:
        """The member of the team with this handle, however it is spelled."""
        return member(self.team, username)

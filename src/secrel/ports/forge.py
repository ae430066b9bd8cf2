"""The forge as we need it: one port to read with, one to write with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Protocol

from secrel.words.effects import Action, Effect
from secrel.words.forge import Issue, MergeRequest
from secrel.words.outcomes import CannotTell, Made, NotMade
from secrel.words.parts import Part
from secrel.words.people import Actor
from secrel.words.sighting import Asked, EmbargoRule, LabelRule, Sighting, Tracked


class ForgeReader(Protocol):
    """Reads a forge. What could not be read is unseen in its own place, and nothing is raised for it.

    `tells` is whether it tells people of notes that mention them, by mail or in a list of theirs: on one that does not,
    a note that asks somebody has been written, and nobody has been asked.
    """

    tells: ClassVar[bool]

    def releases(self, rule: LabelRule) -> Part[tuple[Tracked, ...]]:
        """Give the tracking issue of every release that a desk opened or took over, by the release's name."""
        ...

    def labelled(self, rule: LabelRule) -> Part[tuple[Issue, ...]]:
        """Give the open issues of one kind, oldest first: all that the rule tells, whoever opened them."""
        ...

    def proposed(self, project: str) -> Part[tuple[MergeRequest, ...]]:
        """Give the open merge requests of a site's project with the files they change, oldest first, whose ever."""
        ...

    def look(self, asked: Asked) -> Sighting:
        """Look at one release, once, in however many waves the forge needs."""
        ...

    def embargoed(self, rule: EmbargoRule) -> Part[tuple[Issue, ...]]:
        """Give the issues of which nothing may be said in public; asked only when a plan reveals something."""
        ...

    def marks(self, release: str, rule: LabelRule) -> Part[Mapping[str, str]]:
        """Give the address of everything that a desk made here for one release, by the key of its effect.

        That is the key's first part: `2026-11/checklist` is of `2026-11`. What people made has no mark, but a tracking
        issue that a desk took over, which the rule tells.
        """
        ...


class Writer(Protocol):
    """Carries out effects of some kinds in one place; `kinds` are the types of their actions."""

    kinds: ClassVar[frozenset[type[Action]]]

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        """Say whether the effect is there; `begun` is when this desk began to carry it out, None: it never did."""
        ...

    def do(self, effect: Effect, *, actor: Actor) -> Made:
        """Carry it out in somebody's name; what an earlier attempt made under its mark stays as it is.

        Raises `Refused` when the world changed in between, and `Misused` for what cannot be: nothing happened then.
        Raises `InDoubt` when it was sent and no answer came, `NothingDone` when the machine failed before that.
        """
        ...

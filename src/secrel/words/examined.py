"""What is looked at before work begins: what a desk needs, whether each thing is well, and what mends it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field


class Examined(Struct, frozen=True):
    """One thing that was looked at: whether it is well, what is so, and what mends it.

    `can_wait` is what is not well and hinders no work: it has to be changed before anything is published.
    """

    name: str
    is_well: bool
    said: str
    remedy: str = ""
    can_wait: bool = False

    @property
    def rank(self) -> str:
        """The word that a line begins with: `ok`, `change` (before anything is published), `trouble`."""
        return "ok" if self.is_well else "change" if self.can_wait else "trouble"


class Needs(Struct, frozen=True):
    """What a desk needs of an instance: the labels it uses in each project, and which of them nobody else may read.

    `teams` are those whose approvals count, `accounts` whom things are assigned to or of whom something is expected,
    with where they are named. In the projects that are `looked_at` alone the desk makes nothing.
    """

    labels: Mapping[str, tuple[str, ...]]
    private: frozenset[str]
    teams: tuple[str, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)
    looked_at: frozenset[str] = frozenset()

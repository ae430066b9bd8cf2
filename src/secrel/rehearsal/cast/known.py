"""What happened in the world of a rehearsal, by the names the story has for its fixes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct, field

from secrel.words.facts.stated import FixFacts


class Leak(Struct, frozen=True):
    """Something that the public could see before the release was announced: when, and what."""

    at: datetime
    what: str


class Known(Struct):
    """What happened; nobody at the desk sees it.

    `requests` has the merge requests of each fix by target; `linked` since when a fix is in the tracking issue; `red`
    and `unapproved` the merge requests whose pipeline failed, or that lack an approval; `merged_unready` the fixes that
    were merged while one of theirs was; `taken_back` those that were merged and reverted; `lacking` which fix a
    version's tag lacks; `reverted` which fix a branch has no more; `corrected` the facts of fixes as developers
    corrected them; `excepted` since when release managers take late fixes; `edits` what people did to documents: where,
    what was there, what they put; `published` how often release managers published something on the site.
    """

    issues: dict[str, str] = field(default_factory=dict)
    requests: dict[str, dict[str, str]] = field(default_factory=dict)
    linked: dict[str, datetime] = field(default_factory=dict)
    taken_out: set[str] = field(default_factory=set)
    red: set[str] = field(default_factory=set)
    unapproved: set[str] = field(default_factory=set)
    merged: dict[str, datetime] = field(default_factory=dict)
    merged_unready: set[str] = field(default_factory=set)
    taken_back: set[str] = field(default_factory=set)
    tagged: dict[tuple[str, str], datetime] = field(default_factory=dict)
    lacking: dict[tuple[str, str], str] = field(default_factory=dict)
    reverted: dict[tuple[str, str], str] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    corrected: dict[str, FixFacts] = field(default_factory=dict)
    excepted: datetime | None = None
    edits: list[tuple[str, str, str]] = field(default_factory=list)
    garbled: list[tuple[str, str]] = field(default_factory=list)
    mails: int = 0
    merging_began: bool = False
    is_live: bool = False
    published: int = 0
    leaks: list[Leak] = field(default_factory=list)

    def take_over(self, other: Known, names: Collection[str], now: datetime) -> None:
        """Know what happened to fixes of another release, which come into this one now."""
        for name in names:
            if name in other.issues:
                self.issues[name] = other.issues.pop(name)
            if name in other.requests:
                self.requests[name] = other.requests.pop(name)
            if name in other.corrected:
                self.corrected[name] = other.corrected.pop(name)
            if other.linked.pop(name, None) is not None:
                self.linked[name] = now
        gone = frozenset(names)
        self.taken_out |= other.taken_out & gone
        self.answered |= other.answered & gone
        self.red |= other.red
        self.unapproved |= other.unapproved

    def is_unready(self, fix: str) -> bool:
        """Whether the pipeline of any merge request of a fix has failed, or an approval is missing."""
        return not (self.red | self.unapproved).isdisjoint(self.requests.get(fix, {}).values())

"""What plans are made of: wants (what is to be done), texts (the exact bytes), and the makers that join them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from secrel.process.table import Process
from secrel.snapshot.seen import Seen, Snapshot, Unseen
from secrel.words.effects import Effect
from secrel.words.errors import NotSeen
from secrel.words.facts.stated import ReleaseFacts
from secrel.words.forge import Issue, MergeRequest

AUTHOR = "author of the post"
"""Of what a claim is that names the post's author: whoever makes it is the author."""


@dataclass(frozen=True, slots=True)
class Want:
    """One effect that is wanted: its key, the maker that will make it, and what it is about (a reference, an id)."""

    key: str
    maker: str
    about: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """What the desk wrote for one effect: the bytes that will be sent.

    `desk_text` is what it would have written had nobody edited the document; empty when that is the same.
    """

    body: str
    title: str = ""
    path: str = ""
    branch: str = ""
    to: str = ""
    facts: ReleaseFacts | None = None
    desk_text: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """What makers look at."""

    snapshot: Snapshot
    process: Process
    now: datetime

    @property
    def name(self) -> str:
        """The release's name: the first part of every key."""
        return self.snapshot.release.name

    def key(self, *parts: str) -> str:
        """Build a key of this release."""
        return "/".join([self.name, *parts])

    def done(self, key: str) -> bool:
        """Whether the effect `key` has its receipt."""
        return key in self.snapshot.receipts

    def next_number(self, prefix: str) -> int:
        """The number of the next revision under `prefix`: one more than were made."""
        return 1 + sum(key.startswith(f"{prefix}/") for key in self.snapshot.receipts)


@dataclass(frozen=True, slots=True)
class Maker:
    """Knows which effects one line of work wants, and turns a want and its text into an effect."""

    wants: Callable[[Scene], Iterator[Want]]
    make: Callable[[Want, Text, Scene], Effect]


def seen_issue(part: Seen[Issue | None] | Unseen, what: str) -> Issue:
    """Give an issue that must have been seen; raises `NotSeen` otherwise."""
    if isinstance(part, Seen) and part.value is not None:
        return part.value
    raise NotSeen(f"{what} was not seen", remedy="look again: secrel status")


def seen_request(part: Seen[MergeRequest | None] | Unseen, what: str) -> MergeRequest:
    """Give a merge request that must have been seen; raises `NotSeen` otherwise."""
    if isinstance(part, Seen) and part.value is not None:
        return part.value
    raise NotSeen(f"{what} was not seen", remedy="look again: secrel status")

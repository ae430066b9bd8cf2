"""What plans are made of: wants (what is to be done), texts (the exact bytes), and the makers that join them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from secrel.process.table import Process
from secrel.snapshot.seen import Snapshot
from secrel.words.effects import Effect
from secrel.words.errors import NotSeen
from secrel.words.facts.stated import ReleaseFacts
from secrel.words.forge import Issue, MergeRequest
from secrel.words.parts import Part, need

T = TypeVar("T")
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


def seen_issue(part: Part[Issue | None], what: str) -> Issue:
    """Give an issue that must be there; raises `NotSeen` when it is not, or could not be seen."""
    return _there(need(part, what), what)


def seen_request(part: Part[MergeRequest | None], what: str) -> MergeRequest:
    """Give a merge request that must be there; raises `NotSeen` when it is not, or could not be seen."""
    return _there(need(part, what), what)


def _there(found: T | None, what: str) -> T:
    if found is None:
        raise NotSeen(f"{what} is not there", remedy="look again: secrel status")
    return found

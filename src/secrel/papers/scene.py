"""The scene: all that texts are written from, as one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, field

from secrel.evaluate.looking import advisory_of, disclosed, document, fix_of
from secrel.evaluate.verdicts import Assessment
from secrel.process.table import Process
from secrel.snapshot.seen import Beyond, Snapshot
from secrel.words.advisories import Advisory, Contents
from secrel.words.documents import TABLE
from secrel.words.errors import Misused, NotSeen
from secrel.words.forge import Issue, MergeRequest
from secrel.words.heads import Head
from secrel.words.parts import known, need

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates
    from secrel.papers.post.written import Author, Post


class Sheet:
    """One document as the desk would write it: what stands around its text, and the text, written when it is read."""

    def __init__(self, head: Head, write: Callable[[], str]) -> None:
        """Keep the head, and how the text is written."""
        self.head = head
        self._write = write

    @cached_property
    def body(self) -> str:
        """The text; raises what writing it raises."""
        return self._write()


class Scene(Struct, frozen=True, dict=True):
    """What was seen of one release, and what follows from it, at one instant.

    `templates` are the user's own texts by kind (`post`, `email`, `messages`), empty: those that ship; `by` is the
    username of whoever sits at the desk; `targets` name the forge and services, and every plan prints them; `beyond` is
    what the desk knows of beside this release, None while nobody has looked.
    """

    snapshot: Snapshot
    process: Process
    now: datetime
    assessment: Assessment
    templates: Mapping[str, Templates] = field(default_factory=dict)
    by: str = ""
    targets: tuple[str, ...] = ()
    beyond: Beyond | None = None

    @cached_property
    def sheets(self) -> dict[tuple[str, str], Sheet]:
        """What was written from it, by document and the fix it is about."""
        return {}

    @cached_property
    def posts(self) -> dict[Author, Post]:
        """What was written from it as the post, by its author."""
        return {}

    @property
    def name(self) -> str:
        """The release's name: the first part of every key."""
        return self.snapshot.release.name

    @property
    def wording(self) -> Templates | None:
        """The user's own wording of messages over what ships, when there is any."""
        return self.templates.get("messages")

    def key(self, *parts: str) -> str:
        """Build a key of this release."""
        return "/".join([self.name, *parts])

    def next_number(self, prefix: str) -> int:
        """The number of the next revision under `prefix`: one more than were made."""
        return 1 + sum(key.startswith(f"{prefix}/") for key in self.snapshot.receipts)

    @property
    def contents(self) -> Contents:
        """All that the release announces; raises `NotSeen` while the facts of a linked fix could not be seen."""
        return need(self.snapshot.told, "what the release announces")

    def advisory(self, ref: str) -> Advisory:
        """The advisory of one fix; raises `Misused` when the release has none of it, `NotSeen` when it was not seen."""
        found = advisory_of(self.snapshot, ref)
        if found is None:
            remedy = f"name a fix of it, as PROJECT#NUMBER: secrel fix show {self.name}"
            raise Misused(f"{ref} is not in this release", where=self.name, remedy=remedy)
        return found

    def cited(self, ref: str) -> Advisory:
        """The advisory of one fix, for a text that leads to the issue which becomes public.

        Raises what `advisory` raises, and `NotSeen` when that issue could not be seen.
        """
        found, fix = self.advisory(ref), fix_of(self.snapshot, ref)
        if fix is not None:
            disclosed(fix)
        return found

    def issue(self, name: str) -> Issue:
        """A document that is an issue, by its name; raises `NotSeen` when it was not seen, or is not there."""
        found = document(self.snapshot, name)
        if not isinstance(found, Issue):
            raise _not_there(name)
        return found

    def merge_request(self, name: str) -> MergeRequest:
        """A document that is a merge request, by its name; raises `NotSeen` when it was not seen, or is not there."""
        found = document(self.snapshot, name)
        if not isinstance(found, MergeRequest):
            raise _not_there(name)
        return found

    def address(self, name: str) -> str:
        """The address of a document; empty when it was not seen, or is not there."""
        found = known(self.snapshot.document(name), None)
        return found.url if found is not None else ""


def _not_there(name: str) -> NotSeen:
    return NotSeen(f"{TABLE[name].said} is not there", remedy="look again: secrel status")

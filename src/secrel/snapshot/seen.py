"""What was seen at one instant: everything that is judged, each part seen or unseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from secrel.words.advisories import Contents
from secrel.words.effects import Claim, Receipt
from secrel.words.fixes import Fix, RemovedFix
from secrel.words.forge import Issue, MergeRequest
from secrel.words.people import Duty, Person
from secrel.words.releases import Release

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """A part that was looked at: what it is, and where it was seen (an address or a file, without secrets)."""

    value: T
    where: str


@dataclass(frozen=True, slots=True)
class Unseen:
    """A part that could not be looked at, and why. This is never "no"."""

    reason: str
    where: str = ""


NOT_ASKED = Unseen("not looked for")
"""What nobody looked for."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A fact on the forge that could not be read: on which fix, which field, what is wrong with it."""

    ref: str
    field: str
    what: str


@dataclass(frozen=True, slots=True)
class Written:
    """What the desk last wrote into a document, as it was sent: the base of a three-way merge."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class RangeProof:
    """What git proves of one fix's range: the range as people say it, and where the given one differs.

    `differences` is one sentence each, empty when both agree on every version; `proofs` what was seen of the ends
    concerned.
    """

    proved: str
    differences: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that a person handed in to be verified: when, its digest, and what disagrees (empty: nothing)."""

    received_at: datetime
    digest: str
    disagreements: tuple[str, ...]
    contents_digest: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One release, as it was at `at`.

    `contents` has what the release would announce now, from the linked fixes; `documents` are its issues and merge
    requests as found (None: looked for, and not there), by the names in `words.documents`; `tags` has every tag of the
    release's versions that exists (tag name to commit); `receipts` are the desk's own, by key; `written` the desk's
    last texts, by document (`checklist`, `draft`, `cve/REF`); `wanted` the texts it would write now, where a gate
    compares with them (of the post its file: `post` the text, `post/path` where it goes); `proved` what git proves of
    the ranges of fixes whose origin is known, by fix.
    """

    at: datetime
    release: Release
    contents: Contents
    fixes: Seen[tuple[Fix, ...]] | Unseen
    removed: tuple[RemovedFix, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    documents: Mapping[str, Seen[Any] | Unseen] = field(default_factory=dict)
    tags: Seen[Mapping[str, str]] | Unseen = NOT_ASKED
    duty: Duty | None = None
    people: tuple[Person, ...] = ()
    claims: tuple[Claim, ...] = ()
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
    written: Mapping[str, Written] = field(default_factory=dict)
    mail: Mail | None = None
    proved: Mapping[str, RangeProof | Unseen] = field(default_factory=dict)
    wanted: Mapping[str, str] = field(default_factory=dict)

    def document(self, name: str) -> Seen[Any] | Unseen:
        """One of its documents, by name."""
        return self.documents.get(name, NOT_ASKED)

    @property
    def tracking(self) -> Seen[Issue | None] | Unseen:
        """The tracking issue."""
        return self.document("tracking")

    @property
    def checklist(self) -> Seen[Issue | None] | Unseen:
        """The checklist issue."""
        return self.document("checklist")

    @property
    def draft(self) -> Seen[MergeRequest | None] | Unseen:
        """The draft post."""
        return self.document("draft")

    @property
    def post(self) -> Seen[MergeRequest | None] | Unseen:
        """The release post."""
        return self.document("post")

    @property
    def comms(self) -> Seen[Issue | None] | Unseen:
        """The communications issue."""
        return self.document("comms")

    @property
    def next_tracking(self) -> Seen[Issue | None] | Unseen:
        """The tracking issue of the release that follows."""
        return self.document("next_tracking")

    @property
    def tracked_fixes(self) -> tuple[Fix, ...]:
        """The fixes that were seen; none when they could not be."""
        return self.fixes.value if isinstance(self.fixes, Seen) else ()

    @property
    def announced_at(self) -> datetime | None:
        """When the post went live: its merge; None before."""
        found = self.post.value if isinstance(self.post, Seen) else None
        return found.merged_at if found is not None else None

    def person(self, username: str) -> Person | None:
        """The member of the team with this handle."""
        return next((p for p in self.people if p.username == username), None)

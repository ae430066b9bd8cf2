"""What was seen at one instant: everything that is judged, each part seen or unseen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from msgspec import Struct, field

from secrel.words.advisories import Contents
from secrel.words.candidates import Lookalike
from secrel.words.documents import CORRECTION, TABLE
from secrel.words.fixes import Companion, Fix, RemovedFix
from secrel.words.forge import Issue, MergeRequest
from secrel.words.heads import Head
from secrel.words.outcomes import Receipt
from secrel.words.parts import NOT_ASKED, Part, Seen, Unseen, is_whole, known
from secrel.words.people import CANCELLED, Claim, Duty, Person, member
from secrel.words.releases import Product, Release
from secrel.words.versions import Version


class Complaint(Struct, frozen=True):
    """A fact on the forge that could not be read: on which fix, which field, what is wrong with it, what mends it.

    `means` is what it says, as `secrel fix set` takes it, where that is clear and may be shown; empty: it is not.
    """

    ref: str
    field: str
    what: str
    mend: str = ""
    means: str = ""


class Written(Struct, frozen=True):
    """What the desk last wrote into a document, as it was sent: the base of a three-way merge.

    `head` is what it last wrote around the text, None where nobody knows.
    """

    key: str
    text: str
    head: Head | None = None


class CarriedOver(Struct, frozen=True):
    """The draft as it was last carried over into the release post: when, its files, and by which verdicts.

    `vouched` has a row for each evidence or signature, as `OpenMergeRequest` has it.
    """

    at: datetime
    files: tuple[tuple[str, str], ...]
    vouched: tuple[tuple[str, str, str, str], ...] = ()


class RangeProof(Struct, frozen=True):
    """What git proves of one fix's range: the range as people say it, and where the given one differs.

    `differences` is one sentence each, empty when both agree on every version; `proofs` what was seen of the ends
    concerned. `unseen` says what is not proved, and why: then agreement says nothing. `origin_known` False: nobody
    named the commit that brought the flaw in, and only the side of the fix was judged. `lacking` are versions of the
    release that are tagged and do not have the fix, whatever commits they hold: it was taken back there; `shipped`, of
    a fix that was taken out, those that have it by whatever commits.
    """

    proved: str
    differences: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    origin_known: bool = True
    lacking: tuple[Version, ...] = ()
    shipped: tuple[Version, ...] = ()


class Mail(Struct, frozen=True):
    """A mail that a person handed in to be verified: when, its digest, and what disagrees (empty: nothing)."""

    received_at: datetime
    digest: str
    disagreements: tuple[str, ...]
    contents_digest: str


class Beyond(Struct, frozen=True):
    """What one desk knows of beside one release, and may not say when it is announced.

    `releases` are its other releases, `issues` the confidential security issues of its projects; `unseen` says what of
    both could not be seen, and why.
    """

    releases: tuple[Snapshot, ...] = ()
    issues: tuple[Issue, ...] = ()
    unseen: tuple[str, ...] = ()


_IN_NO_DOCUMENT = frozenset(
    {
        "at",
        "release",
        "contents",
        "duty",
        "people",
        "claims",
        "receipts",
        "written",
        "carried",
        "refused",
        "mail",
        "proved",
        "others",
        "wanted",
        "disputed",
        "outdated",
        "companions",
        "unwanted",
        "recorded",
        "tells",
    }
)
"""What is not of the forge, or said in no document: nobody waits with a document for it."""


class Snapshot(Struct, frozen=True, dict=True):
    """One release, as it was at `at`.

    `contents` has what the release would announce now, from the linked fixes that were seen whole, `companions` what
    else is linked that a gate asks for, `untold` why those
    that were not are left out of it; `documents` are its issues and merge requests as found (None: looked for, and not
    there), by the names in `words.documents`; `tags` has every tag of the release's versions that exists (tag name to
    commit), by repository; `receipts` are the desk's own, by key; `written` the desk's last texts, by document
    (`checklist`, `draft`, `cve/REF`); `carried` the draft as it became the release post (None: it has not yet);
    `refused` the keys of effects that the world refused when they were last tried; `wanted` the texts the desk would
    write now, where a gate compares with them (of the post its file: `post` the text, `post/path` where it goes,
    `post/live` what a live one should say); `disputed` what a person changed in a document and the facts changed as
    well, one sentence each, by document; `proved` what git proves of the ranges of fixes whose origin is known, by fix;
    `others` the desk's other releases, as their tracking issues state them; `alike` what people opened that could be a
    document which is not there, by document (`checklist`, `cve/REF`); `behind` documents that do not say what is so,
    and when the desk writes them again; `outdated` what of things to send the facts have changed since they were
    prepared, by their first key, where they can still be made to say what is so; `unwanted` the first keys of what was
    prepared, was not sent, and that no fact wants any more; `recorded` the digests of every CVE record that the
    desk has prepared, by id; `tells` whether the forge tells people of notes.
    """

    at: datetime
    release: Release
    contents: Contents
    fixes: Part[tuple[Fix, ...]]
    removed: Part[tuple[RemovedFix, ...]] = NOT_ASKED
    companions: Part[tuple[Companion, ...]] = NOT_ASKED
    untold: Mapping[str, Unseen] = field(default_factory=dict)
    complaints: tuple[Complaint, ...] = ()
    documents: Mapping[str, Part[Any]] = field(default_factory=dict)
    tags: Mapping[str, Part[Mapping[str, str]]] = field(default_factory=dict)
    duty: Duty | None = None
    people: tuple[Person, ...] = ()
    claims: tuple[Claim, ...] = ()
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
    written: Mapping[str, Written] = field(default_factory=dict)
    carried: CarriedOver | None = None
    refused: frozenset[str] = frozenset()
    mail: Mail | None = None
    proved: Mapping[str, RangeProof | Unseen] = field(default_factory=dict)
    others: Part[tuple[Release, ...]] = NOT_ASKED
    wanted: Mapping[str, str] = field(default_factory=dict)
    disputed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    alike: Mapping[str, Part[tuple[Lookalike, ...]]] = field(default_factory=dict)
    behind: Mapping[str, datetime] = field(default_factory=dict)
    outdated: Mapping[str, Part[tuple[str, ...]]] = field(default_factory=dict)
    unwanted: frozenset[str] = frozenset()
    recorded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tells: bool = True

    def document(self, name: str) -> Part[Any]:
        """One of its documents, by name."""
        return self.documents.get(name, NOT_ASKED)

    @property
    def tracking(self) -> Part[Issue | None]:
        """The tracking issue."""
        return self.document("tracking")

    @property
    def checklist(self) -> Part[Issue | None]:
        """The checklist issue."""
        return self.document("checklist")

    @property
    def draft(self) -> Part[MergeRequest | None]:
        """The draft post."""
        return self.document("draft")

    @property
    def post(self) -> Part[MergeRequest | None]:
        """The release post."""
        return self.document("post")

    @property
    def correction(self) -> Part[MergeRequest | None]:
        """What corrects the release post on the site, once it is live."""
        return self.document(CORRECTION)

    @property
    def comms(self) -> Part[Issue | None]:
        """The communications issue."""
        return self.document("comms")

    @property
    def next_tracking(self) -> Part[Issue | None]:
        """The tracking issue of the release that follows."""
        return self.document("next_tracking")

    @property
    def told(self) -> Part[Contents]:
        """All that the release announces; with a shortfall while the facts of a linked fix could not be seen."""
        if isinstance(self.fixes, Unseen):
            return Unseen(f"the fixes could not be seen: {self.fixes.reason}", self.fixes.where)
        missing = [self.fixes.shortfall, *(f"{ref}: {unseen.reason}" for ref, unseen in self.untold.items())]
        return Seen(self.contents, self.fixes.where, "; ".join(filter(None, missing)))

    @property
    def is_of_updates_alone(self) -> bool:
        """Whether third parties' updates are all that the release announces: no fix is linked, as was seen."""
        return self.fixes == Seen((), where=self.fixes.where) and bool(self.contents.dependencies)

    @property
    def tracked_fixes(self) -> tuple[Fix, ...]:
        """The fixes that were seen, for showing them; none when they could not be."""
        return known(self.fixes, ())

    @property
    def removed_fixes(self) -> tuple[RemovedFix, ...]:
        """The removed fixes that were seen, for showing them; none when they could not be."""
        return known(self.removed, ())

    @property
    def live(self) -> Part[datetime | None]:
        """When the post went live; None before.

        It is the latest of the due instant, of the receipt for the post, and of the merge as the forge saw it: a commit
        can be given any date, and what follows the announcement never comes too early.
        """
        if isinstance(self.post, Unseen):
            return self.post
        merged = self.post.value.merged_at if self.post.value is not None else None
        if merged is None:
            return Seen(None, self.post.where)
        opened = self.receipts.get(TABLE["post"].opening(self.release.name))
        return Seen(max(merged, self.release.due, *([opened.at] if opened else [])), self.post.where)

    @property
    def announced_at(self) -> datetime | None:
        """When the post went live, for showing it; None before, and while the post could not be seen."""
        return known(self.live, None)

    @property
    def cancelled(self) -> Claim | None:
        """Who cancelled the release, when and why; None while nobody has."""
        return next((claim for claim in self.claims if claim.gate == CANCELLED), None)

    @cached_property
    def is_whole(self) -> bool:
        """Whether all that was looked for on the forge could be seen: a document about all of it may be written."""
        return all(is_whole(getattr(self, name)) for name in self.__struct_fields__ if name not in _IN_NO_DOCUMENT)

    def tags_of(self, product: Product) -> Part[Mapping[str, str]]:
        """The tags of the release's versions that exist in a product's repository, with the commit of each."""
        return self.tags.get(product.repository, NOT_ASKED)

    def person(self, username: str) -> Person | None:
        """The member of the team with this handle, however it is spelled."""
        return member(self.people, username)

"""Whose role is what in one release: the team's words, who is on duty, who wrote the post (mission M2, M6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from secrel.process.roles import Act
from secrel.process.table import Process
from secrel.snapshot.seen import Snapshot
from secrel.words.documents import TABLE
from secrel.words.forge import Assent, MergeRequest
from secrel.words.parts import known, settled
from secrel.words.people import AUTHOR, POST_AUTHOR, PRIMARY, SECONDARY, handle_of, member, spelled


def authors_of(snapshot: Snapshot) -> frozenset[str]:
    """Give the handles, as they are compared, of everybody who is an author of the post.

    These are all who were ever named, whoever opened the draft, and the Primary unless somebody else was named before
    the draft was opened. To name another author later frees nobody.
    """
    return frozenset(_handle(snapshot, name) for name in _authors(snapshot) if name)


def _handle(snapshot: Snapshot, name: str) -> str:
    """Give the handle that somebody is compared by: that of the member whose name it spells, or else its own."""
    person = spelled(snapshot.people, name)
    return handle_of(person.username if person else name)


def _authors(snapshot: Snapshot) -> Iterator[str]:
    named = [claim for claim in snapshot.claims if claim.gate == POST_AUTHOR]
    yield from (claim.about for claim in named)
    draft: MergeRequest | None = known(snapshot.draft, None)
    yield draft.author if draft else ""
    opened = snapshot.receipts.get(TABLE["draft"].opening(snapshot.release.name))
    is_primarys = draft is not None or opened is not None
    if not any(claim.at < opened.at if opened else not is_primarys for claim in named):
        yield snapshot.duty.primary if snapshot.duty else ""


def roles_in(snapshot: Snapshot, username: str, roles: Iterable[str]) -> frozenset[str]:
    """Give the roles that somebody has in this release: those of the team, and those that follow from the release.

    A stranger, who has no role in the team, has none.
    """
    of_the_team = frozenset(roles)
    if not of_the_team:
        return of_the_team
    handle, duty = handle_of(username), snapshot.duty
    found = {
        PRIMARY: duty is not None and handle == handle_of(duty.primary),
        SECONDARY: duty is not None and handle == handle_of(duty.secondary),
        AUTHOR: handle in authors_of(snapshot),
    }
    return of_the_team | {role for role, holds in found.items() if holds}


def reviews_of(draft: MergeRequest, snapshot: Snapshot, process: Process) -> tuple[Assent, ...]:
    """Give the approvals of the draft that are reviews: of members who may review, and are not its authors.

    Raises `NotSeen` when the approvals could not be seen.
    """
    may, authors = process.roles_for(Act.REVIEW), authors_of(snapshot) | {_handle(snapshot, draft.author)}
    return tuple(
        assent
        for assent in settled(draft.assents, "the approvals of the draft")
        if (person := member(snapshot.people, assent.by)) is not None
        and handle_of(person.username) not in authors
        and may & roles_in(snapshot, person.username, person.roles)
    )

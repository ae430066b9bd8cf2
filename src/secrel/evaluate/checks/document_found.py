"""A document of the release exists: an issue or a merge request, with the labels and the secrecy it needs.

Rule: docs/process/gitlab/tracking-issue.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import (
    DOCUMENTS,
    Document,
    DocumentName,
    announced,
    by_people,
    document,
    label_named,
    place_of,
    unfit,
)
from secrel.evaluate.params import Told
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.forge import Issue, MergeRequest, State
from secrel.words.parts import known


class Params(Told, frozen=True):
    """`document`: which one, by its name in the snapshot; `labels`: the roles of labels it has to have.

    `confidential`: true when it must not be public before the release is announced; `draft`: true when it has to be
    marked as a draft, which nobody merges, until there is the release post.
    """

    document: DocumentName
    labels: tuple[str, ...] = ()
    confidential: bool = False
    draft: bool = False


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look for the document that the row names."""
    name = question.params.document
    found = document(snapshot, name)
    if found is None:
        yield Finding(snapshot.release.name, f"{DOCUMENTS[name]} does not exist yet")
        return
    fault = unfit(snapshot, name, found)
    if fault is not None:
        yield fault
        return
    for role in question.params.labels:
        label = label_named(question, role)
        if label not in found.labels:
            command = by_people(found, f"secrel forge label {quoted(found.ref)} {quoted(label)}")
            yield Finding(found.ref, f"{DOCUMENTS[name]} lacks the label {label!r}{place_of(found)}", command)
    public = isinstance(found, Issue) and not found.confidential
    if public and question.params.confidential and announced(snapshot) is None:
        command = by_people(found, f"secrel forge visibility {quoted(found.ref)} confidential")
        what = f"{DOCUMENTS[name]} is public before the announcement: make it confidential{place_of(found)}"
        yield Finding(found.ref, what, command)
    if question.params.draft and _could_be_merged(found, snapshot):
        command = by_people(found, f"secrel forge edit {quoted(found.ref)} --title {quoted(f'Draft: {found.title}')}")
        yield Finding(found.ref, f"{DOCUMENTS[name]} is no longer marked as a draft: mark it{place_of(found)}", command)
    yield Evidence(found.ref, f"is {'open' if found.state is State.OPENED else found.state}{place_of(found)}")


def _could_be_merged(found: Document, snapshot: Snapshot) -> bool:
    is_ready = isinstance(found, MergeRequest) and found.state is State.OPENED and not found.is_draft
    return is_ready and known(snapshot.post, None) is None

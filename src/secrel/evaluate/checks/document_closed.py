"""A document of the release has done its work and is closed.

Rule: docs/process/gitlab/draft-closed.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import DOCUMENTS, DocumentName, document, ended
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.forge import State


class Params(Told, frozen=True):
    """`document`: which one, by its name in the snapshot."""

    document: DocumentName


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at the state of the document that the row names."""
    name = question.params.document
    found = document(snapshot, name)
    if found is None:
        yield Finding(snapshot.release.name, f"{DOCUMENTS[name]} does not exist, so it cannot be closed")
    elif found.state is State.OPENED:
        yield Finding(found.ref, f"{DOCUMENTS[name]} is still open")
    else:
        yield ended(snapshot, name, found) or Evidence(found.ref, f"{DOCUMENTS[name]} is {found.state}")

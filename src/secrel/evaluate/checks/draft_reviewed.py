"""Somebody else has read the draft as it now is: neither its author nor the Primary.

Rule: docs/process/gitlab/draft-reviewed.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import document
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.forge import MergeRequest
from secrel.words.parts import settled

Params = Told


def check(snapshot: Snapshot, _question: Question[Params]) -> Iterator[Said]:
    """Look for an approval of the draft that is younger than its last change."""
    draft = document(snapshot, "draft")
    if not isinstance(draft, MergeRequest):
        yield Finding(snapshot.release.name, "there is no draft to review yet")
        return
    own = {draft.author, snapshot.duty.primary if snapshot.duty else ""}
    others = [assent for assent in settled(draft.assents, "the approvals of the draft") if assent.by not in own]
    fresh = [assent for assent in others if draft.changed_at is None or assent.at >= draft.changed_at]
    for assent in fresh:
        yield Evidence(draft.ref, f"approved by {assent.by} at {assent.at:%Y-%m-%d %H:%M %Z}")
    if not fresh:
        said = "has changed since it was approved" if others else "has been approved by nobody but its author"
        yield Finding(draft.ref, f"the draft {said}: {draft.url}")

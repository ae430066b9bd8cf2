"""Another member of the team who may review, and is no author, has read the draft as it now is.

Rule: docs/process/gitlab/draft-reviewed.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import document
from secrel.evaluate.params import Told
from secrel.evaluate.people import reviews_of
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.forge import Assent, MergeRequest
from secrel.words.parts import settled

Params = Told


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look for an approval of the draft that is younger than its last change."""
    draft = document(snapshot, "draft")
    if not isinstance(draft, MergeRequest):
        yield Finding(snapshot.release.name, "there is no draft to review yet")
        return
    reviews = reviews_of(draft, snapshot, question.process)
    fresh = [assent for assent in reviews if draft.changed_at is None or assent.at >= draft.changed_at]
    for assent in fresh:
        yield Evidence(draft.ref, f"approved by {assent.by} at {assent.at:%Y-%m-%d %H:%M %Z}")
    if not fresh:
        yield Finding(draft.ref, f"{_lacking(draft, reviews)}: {draft.url}")


def _lacking(draft: MergeRequest, reviews: tuple[Assent, ...]) -> str:
    if reviews:
        return "the draft has changed since it was approved"
    others = dict.fromkeys(assent.by for assent in settled(draft.assents, "the approvals of the draft"))
    if not others:
        return "nobody has approved the draft"
    return f"nobody who may review the draft, and is not its author, has approved it; {', '.join(others)[:100]} did"

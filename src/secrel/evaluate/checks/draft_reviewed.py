"""Another member of the team who may review, and is no author, has read the draft as it now is.

Rule: docs/process/gitlab/draft-reviewed.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from secrel.evaluate.looking import document, place_of, unfit
from secrel.evaluate.params import Told
from secrel.evaluate.people import fresh_reviews_of, reviews_of
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.forge import Assent, MergeRequest
from secrel.words.parts import settled


class Params(Told, frozen=True):
    """`document`: which one, by its name in the snapshot."""

    document: Literal["draft"] = "draft"


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look for an approval of the draft that is younger than its last change, and for a discussion that is open."""
    draft = document(snapshot, question.params.document)
    if not isinstance(draft, MergeRequest):
        yield Finding(snapshot.release.name, "there is no draft to review yet")
        return
    fault = unfit(snapshot, question.params.document, draft)
    if fault is not None:
        yield fault
        return
    fresh = fresh_reviews_of(draft, snapshot, question.process)
    for assent in fresh:
        yield Evidence(draft.ref, f"approved by {assent.by} at {assent.at:%Y-%m-%d %H:%M %Z}")
    if not fresh:
        yield Finding(draft.ref, f"{_lacking(draft, reviews_of(draft, snapshot, question.process))}{place_of(draft)}")
    if count := settled(draft.open_discussions, f"the discussions on {draft.ref}"):
        yield Finding(draft.ref, f"has {count} open discussion{'s' if count > 1 else ''}{place_of(draft)}")


def _lacking(draft: MergeRequest, reviews: tuple[Assent, ...]) -> str:
    if reviews:
        return "the draft has changed since it was approved"
    others = dict.fromkeys(assent.by for assent in settled(draft.assents, "the approvals of the draft"))
    if not others:
        return "nobody has approved the draft"
    return f"nobody who may review the draft, and is not its author, has approved it; {', '.join(others)[:100]} did"

"""Another member of the team who may review, and is no author, has read the draft as it now is.

Rule: docs/process/gitlab/draft-reviewed.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from secrel.evaluate.looking import document, place_of, unfit
from secrel.evaluate.params import Told
from secrel.evaluate.people import authors_of, fresh_reviews_of, reviewers_of, reviews_of
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.forge import MergeRequest
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
        yield _lacking(draft, snapshot, question)
    if count := settled(draft.open_discussions, f"the discussions on {draft.ref}"):
        yield Finding(draft.ref, f"has {count} open discussion{'s' if count > 1 else ''}{place_of(draft)}")


def _lacking(draft: MergeRequest, snapshot: Snapshot, question: Question[Params]) -> Finding:
    """Say what the review lacks and whose turn it is, or that nobody is left who could review."""
    may = reviewers_of(snapshot, question.process)
    if not may:
        authors = ", ".join(sorted(authors_of(snapshot)))[:_LONGEST]
        what = f"nobody of the team may review the draft: {authors} wrote or opened it; add somebody to the team file"
        return Finding(draft.ref, f"{what}{place_of(draft)}", "secrel doctor")
    what = "nobody has approved the draft"
    if reviews_of(draft, snapshot, question.process):
        what = "the draft has changed since it was approved"
    elif others := dict.fromkeys(assent.by for assent in settled(draft.assents, "the approvals of the draft")):
        did = f"{', '.join(others)[:_LONGEST]} did"
        what = f"nobody who may review the draft, and is not its author, has approved it; {did}, {may[0]} may"
    return Finding(draft.ref, f"{what}{place_of(draft)}", who=may[0])


_LONGEST = 100

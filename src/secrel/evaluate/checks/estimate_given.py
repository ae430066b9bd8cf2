"""Release managers know when the fix will be ready: it is, or somebody gave an estimate, and it was posted.

Rule: docs/process/gitlab/estimate-given.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import advisory_of, before_this_release, each_fix, requests_of
from secrel.evaluate.params import Told
from secrel.evaluate.people import Subject, last_word_on, posting, subject_of
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.fixes import Fix
from secrel.words.forge import MergeRequest, Pipeline, State
from secrel.words.parts import settled
from secrel.words.people import Claim


class Params(Told, frozen=True):
    """`about`: the facts that an estimate is given of; when one of them changes, it has to be given again."""

    about: tuple[Subject, ...] = ()


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look for an estimate that still stands and whether it was posted; else at the merge requests of every fix."""
    said = last_word_on(snapshot, question.gate.name)
    if said is None or said.denies or said.about != subject_of(snapshot, question.params.about):
        yield from each_fix(snapshot, lambda fix: _said(fix, snapshot))
    else:
        yield from _posted(said, snapshot)


def _posted(said: Claim, snapshot: Snapshot) -> Iterator[Said]:
    receipt = snapshot.receipts.get(posting(said, snapshot))
    if receipt is None:
        what = "gave an estimate, and it is not on the tracking issue yet, where it was promised"
        yield Finding(said.by, what, f"secrel plan {quoted(snapshot.release.name)}")
    else:
        yield Evidence(said.by, f"estimates: {said.words} ({receipt.address})")


def _said(fix: Fix, snapshot: Snapshot) -> Iterator[Said]:
    advisory = advisory_of(snapshot, fix.ref)
    if advisory is not None and (before := before_this_release(advisory)):
        yield Evidence(fix.ref, before)
    elif _is_ready(fix):
        yield Evidence(fix.ref, "the fix is ready")
    else:
        yield Finding(fix.ref, "the fix is not ready, and nobody has said when it will be")


def _is_ready(fix: Fix) -> bool:
    counted = [request for request in requests_of(fix) if request.state is not State.CLOSED]
    return bool(counted) and all(_is_done(request) for request in counted)


def _is_done(request: MergeRequest) -> bool:
    if request.state is State.MERGED:
        return True
    green = settled(request.pipeline, f"the pipeline of {request.ref}") is Pipeline.PASSED and not request.is_draft
    return green and not settled(request.has_conflicts, f"whether {request.ref} has conflicts")

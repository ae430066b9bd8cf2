"""Release managers know when the fix will be ready: it is, or somebody gave an estimate.

Rule: docs/process/gitlab/estimate-given.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import each_fix, requests_of
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.fixes import Fix
from secrel.words.forge import MergeRequest, Pipeline, State
from secrel.words.parts import settled

Params = Told


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at the merge requests of every fix, then for a claim."""
    claims = [claim for claim in snapshot.claims if claim.gate == question.gate.name and not claim.waives]
    if claims:
        newest = max(claims, key=lambda claim: claim.at)
        yield Evidence(newest.by, f"estimates: {newest.words}")
        return
    yield from each_fix(snapshot, _said)


def _said(fix: Fix) -> Iterator[Said]:
    if _is_ready(fix):
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

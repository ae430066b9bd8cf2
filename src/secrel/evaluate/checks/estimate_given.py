"""Release managers know when the fix will be ready: it is, or somebody gave an estimate.

Rule: docs/process/gitlab/estimate-given.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import linked_fixes
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Hidden, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.fixes import Fix
from secrel.words.forge import MergeRequest, Pipeline, State

Params = Told


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at the merge requests of every fix, then for a claim."""
    fixes = linked_fixes(snapshot)
    if isinstance(fixes, Hidden):
        yield fixes
        return
    claims = [claim for claim in snapshot.claims if claim.gate == question.gate.name and not claim.waives]
    if claims:
        newest = max(claims, key=lambda claim: claim.at)
        yield Evidence(newest.by, f"estimates: {newest.words}")
        return
    for fix in fixes:
        if _is_ready(fix):
            yield Evidence(fix.ref, "the fix is ready")
        else:
            yield Finding(fix.ref, "the fix is not ready, and nobody has said when it will be")


def _is_ready(fix: Fix) -> bool:
    counted = [request for request in fix.merge_requests if request.state is not State.CLOSED]
    return bool(counted) and all(_is_done(request) for request in counted)


def _is_done(request: MergeRequest) -> bool:
    green = request.pipeline is Pipeline.PASSED and not request.is_draft and not request.has_conflicts
    return green or request.state is State.MERGED

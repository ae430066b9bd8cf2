"""Every fix that needs a CVE id has its request, or has the id already.

Rule: docs/process/gitlab/cve-requested.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import advisory_of, each_fix
from secrel.evaluate.params import Told
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.fixes import Fix
from secrel.words.parts import known, need

Params = Told


def check(snapshot: Snapshot, _question: Question[Params]) -> Iterator[Said]:
    """Look at the request of every fix."""
    return each_fix(snapshot, lambda fix: _requested(fix, snapshot))


def _requested(fix: Fix, snapshot: Snapshot) -> Iterator[Said]:
    request = known(fix.cve_request, None)
    if request is not None:
        yield Evidence(fix.ref, f"requested: {request.ref}")
        return
    advisory = advisory_of(snapshot, fix.ref)
    if advisory is not None and not advisory.needs_cve:
        yield Evidence(fix.ref, f"needs no CVE id: {advisory.without_cve}")
        return
    if advisory is not None and advisory.other_cna:
        yield Evidence(fix.ref, f"its id is {advisory.other_cna}'s to assign, and is not requested here")
        return
    need(fix.cve_request, f"the CVE request of {fix.ref}")
    if advisory is not None and advisory.cve_id is not None:
        yield Evidence(fix.ref, f"has {advisory.cve_id}")
    elif advisory is not None and not advisory.affected:
        shown = f"secrel fix show {quoted(snapshot.release.name)} {quoted(fix.ref)}"
        yield Finding(fix.ref, "no CVE id can be requested before its affected versions are given", shown)
    else:
        yield Finding(fix.ref, "no CVE id has been requested")

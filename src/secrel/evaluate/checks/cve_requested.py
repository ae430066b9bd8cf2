"""Every fix that needs a CVE id has its request, or has the id already.

Rule: docs/process/gitlab/cve-requested.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import linked_fixes, told_of
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Hidden, Question, Said
from secrel.snapshot.seen import Snapshot

Params = Told


def check(snapshot: Snapshot, _question: Question[Params]) -> Iterator[Said]:
    """Look at the request of every fix."""
    fixes, told = linked_fixes(snapshot), told_of(snapshot)
    if isinstance(fixes, Hidden):
        yield fixes
        return
    for fix in fixes:
        advisory = told.get(fix.ref)
        if fix.cve_request is not None:
            yield Evidence(fix.ref, f"requested: {fix.cve_request.ref}")
        elif advisory is not None and not advisory.needs_cve:
            yield Evidence(fix.ref, f"needs no CVE id: {advisory.no_cve}")
        elif advisory is not None and advisory.cve_id is not None:
            yield Evidence(fix.ref, f"has {advisory.cve_id}")
        else:
            yield Finding(fix.ref, "no CVE id has been requested")

"""Every fix that needs a CVE id has its request, or has the id already.

Rule: docs/process/gitlab/cve-requested.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import advisory_of, each_fix
from secrel.evaluate.params import Told
from secrel.evaluate.people import done_said, key_for
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.process.table import CNA
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory
from secrel.words.fixes import Fix
from secrel.words.outcomes import standing
from secrel.words.parts import known, need


class Params(Told, frozen=True):
    """`keys`: the key of the message that asks another CNA for an id, with `{release}`, and the fix as `{about}`.

    Only a vendor without a CNA of its own asks another one.
    """

    keys: tuple[str] = ("{release}/cve/ask/{about}",)


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at the request of every fix: at our CNA's issue of it, or whether another CNA was asked."""
    return each_fix(snapshot, lambda fix: _requested(fix, snapshot, question))


def _requested(fix: Fix, snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    request, advisory = known(fix.cve_request, None), advisory_of(snapshot, fix.ref)
    if advisory is not None and advisory.asks_other_cna and CNA in question.process.lacks:
        yield _asked_of(advisory, snapshot, question)
    elif request is not None:
        yield Evidence(fix.ref, f"requested: {request.ref}")
    elif advisory is not None and not advisory.needs_cve:
        yield Evidence(fix.ref, f"needs no CVE id: {advisory.without_cve}")
    elif advisory is not None and advisory.other_cna:
        said = (
            f"has {advisory.cve_id}, assigned by"
            if advisory.cve_id
            else "its id is not requested here, and is to come of"
        )
        yield Evidence(fix.ref, f"{said} {advisory.other_cna}")
    else:
        need(fix.cve_request, f"the CVE request of {fix.ref}")
        yield _of_ours(fix, advisory, snapshot, question)


def _of_ours(fix: Fix, advisory: Advisory | None, snapshot: Snapshot, question: Question[Params]) -> Said:
    """Say how it stands with an id that nobody has requested and that no other CNA is said to assign."""
    if CNA in question.process.lacks:
        command = f"secrel fix set {quoted(snapshot.release.name)} {quoted(fix.ref)} assigned_by=NAME"
        return Finding(fix.ref, "nobody has said which CNA its id is of, and the process is without one", command)
    if advisory is not None and advisory.cve_id is not None:
        return Evidence(fix.ref, f"has {advisory.cve_id}")
    if advisory is not None and not advisory.affected:
        return _without_range(fix.ref, snapshot)
    return Finding(fix.ref, "no CVE id has been requested")


def _asked_of(advisory: Advisory, snapshot: Snapshot, question: Question[Params]) -> Said:
    """Say whether another CNA was asked for an id: by somebody's word that the message to it was sent."""
    if not advisory.affected:
        return _without_range(advisory.fix, snapshot)
    (key,) = question.params.keys
    receipt = standing(snapshot.receipts, key_for(key, snapshot.release.name, advisory.fix))
    if receipt is None:
        return Finding(advisory.fix, f"nobody has asked {advisory.other_cna} for its CVE id")
    return done_said(snapshot, receipt, advisory.fix)


def _without_range(ref: str, snapshot: Snapshot) -> Finding:
    shown = f"secrel fix show {quoted(snapshot.release.name)} {quoted(ref)}"
    return Finding(ref, "no CVE id can be requested before its affected versions are given", shown)

"""Every fact that somebody wrote about a fix could be read.

Rule: docs/process/gitlab/facts-readable.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import each_advisory, seeing
from secrel.evaluate.params import ToldHours
from secrel.evaluate.remedies import quoted
from secrel.evaluate.taking_out import TakingOut
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Complaint, Snapshot

Params = ToldHours


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Turn every complaint of the reading into a finding."""
    late = TakingOut(snapshot, question.now, question.params.hours)

    def complained(complaint: Complaint) -> Iterator[Said]:
        remedy = late.command(complaint.ref, "not readable at the deadline") or _command(snapshot, complaint)
        mend = f"; {complaint.mend}" if complaint.mend else ""
        yield Finding(complaint.ref, f"{complaint.field}: {complaint.what}{mend}", remedy)

    for complaint in snapshot.complaints:
        yield from seeing(complained(complaint))
    yield from each_advisory(snapshot, lambda _advisory: iter(()))
    if not snapshot.complaints:
        yield Evidence(snapshot.release.name, "every fact on the forge could be read")


def _command(snapshot: Snapshot, complaint: Complaint) -> str:
    """Give the command that corrects a row whose name is misspelt; empty where nobody can tell what it says."""
    if not complaint.means:
        return ""
    said = quoted(f"{complaint.field}={complaint.means}")
    return f"secrel fix set {quoted(snapshot.release.name)} {quoted(complaint.ref)} {said}"

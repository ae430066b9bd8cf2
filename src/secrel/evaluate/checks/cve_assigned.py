"""Every fix that needs a CVE id has one, everybody knows whose it is, and no two fixes have the same.

An id that is late takes no fix out of the release: the post says that it is requested, and is corrected later.

Rule: docs/process/gitlab/cve-assigned.md
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from secrel.evaluate.looking import announced, each_advisory, fix_of, person_behind
from secrel.evaluate.params import Count, Told
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Pending, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.verify.requested import IdKnown, are_stated, state_faults
from secrel.words.advisories import OURS, Advisory
from secrel.words.parts import need
from secrel.words.releases import joined


class Params(Told, frozen=True):
    """`hours`: how long before the release is due an id that was requested is no longer waited for."""

    hours: Count = 36


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at the id of every advisory; one that was requested and not given is in the hands of the CNA."""
    late = snapshot.release.due - timedelta(hours=question.params.hours)
    uses = Counter(advisory.cve_id for advisory in snapshot.contents.advisories)

    def say(advisory: Advisory) -> Iterator[Said]:
        yield from _labelled(advisory, snapshot, question)
        if not advisory.needs_cve:
            yield Evidence(advisory.fix, f"needs no CVE id: {advisory.without_cve}")
        elif advisory.cve_id is None:
            yield _awaited(advisory, snapshot, question, late)
        elif uses[advisory.cve_id] > 1:
            yield Finding(advisory.fix, f"{advisory.cve_id} is given to {uses[advisory.cve_id]} fixes")
        elif not advisory.assigned_by:
            by = f"assigned {advisory.cve_id}: {OURS}, or another CNA, whose ids are cited only"
            yield _whose(advisory, snapshot, by)
        else:
            by = f", assigned by {advisory.other_cna}: it is cited only" if advisory.other_cna else ""
            yield Evidence(advisory.fix, f"{advisory.cve_id}{by}")

    yield from each_advisory(snapshot, say)


def _labelled(advisory: Advisory, snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Say what the labels of a request tell against the id that it is for."""
    labels, fix = question.process.labels, fix_of(snapshot, advisory.fix)
    if fix is None or not are_stated(labels) or not advisory.needs_cve or advisory.other_cna:
        return
    request = need(fix.cve_request, f"the CVE request of {advisory.fix}")
    if request is not None:
        about = IdKnown(advisory.cve_id, fix.rejected, is_announced=announced(snapshot) is not None)
        faults = state_faults(request, labels, about)
        yield from (Finding(advisory.fix, f"{request.ref} {fault}") for fault in faults)


def _awaited(advisory: Advisory, snapshot: Snapshot, question: Question[Params], late: datetime) -> Said:
    """Say what it means that an id is not there: it is waited for, and when it is late, the release goes without."""
    if advisory.other_cna:
        who, asked = advisory.other_cna, f"{advisory.other_cna}'s to assign"
    else:
        who = person_behind("cna", snapshot, question.process)
        fix = fix_of(snapshot, advisory.fix)
        request = need(fix.cve_request, f"the CVE request of {advisory.fix}") if fix else None
        if request is None:
            return Pending(advisory.fix, "its CVE id is not requested yet")
        rejected = fix.rejected if fix else ()
        again = f" again, since {joined(rejected)} was rejected" if rejected else ""
        asked = f"requested in {request.ref}{again}"
    if question.now < late:
        given = f"secrel fix set {quoted(snapshot.release.name)} {quoted(advisory.fix)} cve=CVE-ID"
        by = OURS if not advisory.other_cna else quoted(advisory.other_cna)
        until = f"the release goes out without an id from {late:%Y-%m-%d %H:%M %Z} on"
        what = f"its CVE id is {asked}, and not assigned; {until}"
        return Pending(advisory.fix, what, who, f"{given} assigned_by={by}")
    told = "the post says that it is requested, and is corrected when it comes"
    return Evidence(advisory.fix, f"its CVE id is {asked}, and late: {told}")


def _whose(advisory: Advisory, snapshot: Snapshot, does: str) -> Finding:
    """Say that somebody has to say whose an id is: whoever runs the release, for no CNA knows of it yet."""
    command = f"secrel fix set {quoted(snapshot.release.name)} {quoted(advisory.fix)} assigned_by=NAME"
    primary = snapshot.duty.primary if snapshot.duty else ""
    return Finding(advisory.fix, f"nobody has said who {does}", command, who=primary)

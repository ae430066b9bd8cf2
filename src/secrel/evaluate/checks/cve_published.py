"""The record of every CVE id of ours is published, nothing on its request says otherwise; other CNAs know of the post.

A label of the CNA's project is never evidence that a record is public; one that says the contrary is a finding.

Rule: docs/process/gitlab/cve-records-published.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import announced, each_advisory, fix_of, person_behind
from secrel.evaluate.params import Told
from secrel.evaluate.people import done_said, key_for
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Pending, Question, Said
from secrel.process.table import CNA
from secrel.snapshot.seen import Snapshot
from secrel.verify.requested import PUBLISHED, IdKnown, are_stated, state_faults, stated
from secrel.words.advisories import Advisory
from secrel.words.outcomes import standing
from secrel.words.parts import need


class Params(Told, frozen=True):
    """`keys`: those of the effects that publish a record, and that tell another CNA; the id is their `{about}`."""

    keys: tuple[str, str] = ("{release}/cve/publish/{about}", "{release}/cve/tell/{about}")


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look for the receipt of every record, at the labels of its request, and whether other CNAs were told."""
    told = tuple(each_advisory(snapshot, lambda advisory: _said(advisory, snapshot, question)))
    yield from told or (Evidence(snapshot.release.name, "no record of ours is to be published"),)


def _said(advisory: Advisory, snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    if advisory.asks_for_id:
        who = person_behind("cna", snapshot, question.process)
        yield Pending(advisory.fix, "its CVE id is not assigned yet, and there is no record without it", who)
    if advisory.other_cna and advisory.needs_cve and CNA in question.process.lacks:
        yield _told(advisory, snapshot, question)
    if advisory.cve_id is None or not advisory.has_own_id:
        return
    cve_id, labels = advisory.cve_id, question.process.labels
    fix = fix_of(snapshot, advisory.fix)
    request = need(fix.cve_request, f"the CVE request of {fix.ref}") if fix and are_stated(labels) else None
    key, _ = question.params.keys
    receipt = standing(snapshot.receipts, key_for(key, snapshot.release.name, cve_id.text))
    if receipt is not None:
        yield done_said(snapshot, receipt, cve_id.text)
    else:
        unproved = request is not None and PUBLISHED in stated(request, labels)
        but = f"; that {request.ref} is labelled {labels[PUBLISHED]} proves no record" if request and unproved else ""
        yield Finding(cve_id.text, f"the record has not been prepared{but}")
    if request is not None:
        about = IdKnown(cve_id, fix.rejected if fix else (), is_announced=announced(snapshot) is not None)
        yield from (Finding(request.ref, fault) for fault in state_faults(request, labels, about))


def _told(advisory: Advisory, snapshot: Snapshot, question: Question[Params]) -> Said:
    """Say whether the CNA of somebody else knows that what it assigned an id to is public: it publishes the record."""
    cna = advisory.other_cna
    if advisory.cve_id is None:
        what = f"its CVE id is {cna}'s to assign, and has not come; without it there is no record"
        given = f"secrel fix set {quoted(snapshot.release.name)} {quoted(advisory.fix)} cve=CVE-ID"
        return Pending(advisory.fix, what, cna, f"{given} assigned_by={quoted(cna)}")
    _, key = question.params.keys
    receipt = standing(snapshot.receipts, key_for(key, snapshot.release.name, advisory.cve_id.text))
    if receipt is None:
        return Finding(advisory.cve_id.text, f"nobody has told {cna} that it is public, and where to read of it")
    return done_said(snapshot, receipt, advisory.cve_id.text)

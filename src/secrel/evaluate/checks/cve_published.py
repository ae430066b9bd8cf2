"""The record of every CVE id of ours is published, and nothing on its request says otherwise.

A label of the CNA's project is never evidence that a record is public; one that says the contrary is a finding.

Rule: docs/process/gitlab/cve-records-published.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import announced, each_advisory, fix_of, person_behind
from secrel.evaluate.params import Told
from secrel.evaluate.people import done_said, key_for
from secrel.evaluate.verdicts import Evidence, Finding, Pending, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.verify.requested import PUBLISHED, IdKnown, are_stated, state_faults, stated
from secrel.words.advisories import Advisory
from secrel.words.outcomes import standing
from secrel.words.parts import need


class Params(Told, frozen=True):
    """`keys`: the key of the effect that publishes a record, with `{release}` and the id as `{about}` in it."""

    keys: tuple[str] = ("{release}/cve/publish/{about}",)


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look for the receipt of every record, and at the labels of its request."""
    told = tuple(each_advisory(snapshot, lambda advisory: _said(advisory, snapshot, question)))
    yield from told or (Evidence(snapshot.release.name, "no record of ours is to be published"),)


def _said(advisory: Advisory, snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    if advisory.asks_for_id:
        who = person_behind("cna", snapshot, question.process)
        yield Pending(advisory.fix, "its CVE id is not assigned yet, and there is no record without it", who)
    if advisory.cve_id is None or not advisory.has_own_id:
        return
    cve_id, labels = advisory.cve_id, question.process.labels
    fix = fix_of(snapshot, advisory.fix)
    request = need(fix.cve_request, f"the CVE request of {fix.ref}") if fix and are_stated(labels) else None
    (key,) = question.params.keys
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

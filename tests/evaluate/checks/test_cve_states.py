"""Records of our ids have their receipts; what labels of the CNA say is seen, and never evidence that one is out."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from secrel.evaluate.verdicts import Said
from secrel.snapshot.seen import Snapshot
from secrel.words.forge import Issue
from secrel.words.outcomes import Receipt
from secrel.words.parts import Part, Seen, Unseen
from secrel.words.people import SENT, Claim
from tests.builders import DUE, NAME, NOW, a_contents, a_fix, a_live_post, a_snapshot, an_advisory, an_issue, seen
from tests.evaluate.asking import ask, evidence, findings, hidden, pending

KEY = f"{NAME}/cve/publish/CVE-2026-0001"
PREPARED = {KEY: Receipt(KEY, "outbox:CVE-2026-0001.json", NOW, prepared=True)}
SENT_IT = Claim(NAME, SENT, "amara", NOW, "it was sent", about=KEY)


def labelled(*labels: str, **changes: Any) -> Snapshot:
    request = an_issue(1, "acme/cves", labels=frozenset(labels))
    changes.setdefault("contents", a_contents(advisories=[an_advisory(1)]))
    return a_snapshot([a_fix(1, cve_request=request)], **changes)


def told(snapshot: Snapshot) -> list[Said]:
    return ask("cve_published", snapshot)


def test_every_assigned_id_has_its_own_record() -> None:
    advisories = [an_advisory(1), an_advisory(2, cve_id=None), an_advisory(3, assigned_by="Widget")]
    fixes = [a_fix(number) for number in (1, 2, 3)]
    snapshot = a_snapshot(fixes, contents=a_contents(advisories=advisories))
    said = told(snapshot)
    assert [about for about, _, _ in pending(said)] == ["acme/app#2"], "an id that never came is no reason to pass"
    assert findings(said) == [("CVE-2026-0001", "the record has not been prepared")]
    assert evidence(told(a_snapshot([]))) == [(NAME, "no record of ours is to be published")]


def test_a_label_that_says_published_publishes_no_record() -> None:
    live = {"post": seen(a_live_post())}
    [(about, what)] = findings(told(labelled("advisory::published", **live)))
    assert about == "CVE-2026-0001"
    assert what == (
        "the record has not been prepared; that acme/cves#1 is labelled advisory::published proves no record"
    )
    waits = told(labelled("advisory::published", receipts=PREPARED, **live))
    assert pending(waits)
    assert not evidence(waits)
    done = told(labelled("advisory::published", receipts=PREPARED, claims=(SENT_IT,), **live))
    assert evidence(done)
    assert not findings(done)


@pytest.mark.parametrize("label", ["advisory::error", "advisory::rejected"])
def test_a_record_that_was_sent_is_not_published_while_the_label_says_otherwise(label: str) -> None:
    said = told(labelled(label, receipts=PREPARED, claims=(SENT_IT,), post=seen(a_live_post())))
    [(about, what)] = findings(said)
    assert (about, what.startswith(f"is labelled {label}")) == ("acme/cves#1", True)
    early = findings(ask("cve_assigned", labelled(label)))
    assert [(about, what.startswith(f"acme/cves#1 is labelled {label}")) for about, what in early] == [
        ("acme/app#1", True)
    ]


def test_a_label_that_says_published_before_the_day_is_told_at_once() -> None:
    [(_, what)] = findings(ask("cve_assigned", labelled("advisory::published")))
    assert "ask the CNA at once whether everybody can read CVE-2026-0001" in what
    assert not findings(ask("cve_assigned", labelled("advisory::queued")))
    live = labelled("advisory::published", post=seen(a_live_post()))
    assert not findings(ask("cve_assigned", live, DUE))


@pytest.mark.parametrize("part", [Unseen("no answer"), Seen(an_issue(1, "acme/cves"), "", "not all labels are shown")])
def test_labels_that_were_not_seen_pass_nothing(part: Part[Issue | None]) -> None:
    fix = replace(a_fix(1), cve_request=part)
    contents = a_contents(advisories=[an_advisory(1)])
    for check in ("cve_published", "cve_assigned"):
        said = ask(check, a_snapshot([fix], contents=contents, receipts=PREPARED, claims=(SENT_IT,)))
        assert hidden(said)


def test_what_another_cna_assigns_or_needs_no_id_is_not_held_to_labels() -> None:
    for changes in ({"assigned_by": "Widget"}, {"cve_id": None, "no_cve": "a dependency"}):
        snapshot = labelled("advisory::error", contents=a_contents(advisories=[an_advisory(1, **changes)]))
        assert not findings(ask("cve_assigned", snapshot))

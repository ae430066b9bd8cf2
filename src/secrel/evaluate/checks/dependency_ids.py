"""Every third party's fix that ships has the CVE ids that its makers gave, or a reason why there is none.

Rule: docs/process/gitlab/dependency-ids.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.params import Told
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.parts import known
from secrel.words.releases import joined

Params = Told


def check(snapshot: Snapshot, _question: Question[Params]) -> Iterator[Said]:
    """Look at the dependency updates that the tracking issue lists."""
    yield from updates(snapshot)
    if not snapshot.contents.dependencies:
        yield Evidence(snapshot.release.name, "no dependency is updated")


def updates(snapshot: Snapshot) -> Iterator[Said]:
    """Say of every update whether somebody named its ids, or why it has none; it is asked when it is given, too."""
    tracking = known(snapshot.tracking, None)
    remedy = f"secrel show {quoted(tracking.ref)}" if tracking else ""
    for update in snapshot.contents.dependencies:
        about = f"{update.name} {update.version}"
        if update.cve_ids:
            yield Evidence(about, f"mitigates {joined(update.cve_ids)}")
        elif update.no_cve:
            yield Evidence(about, f"has no CVE id: {update.no_cve}")
        else:
            yield Finding(about, "nobody has said which CVE ids it mitigates (`cves`), or why none (`no_cve`)", remedy)

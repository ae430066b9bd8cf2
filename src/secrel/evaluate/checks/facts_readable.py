"""Every fact that somebody wrote about a fix could be read.

Rule: docs/process/gitlab/facts-readable.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot

PARAMS = ()


def check(snapshot: Snapshot, _question: Question) -> Iterator[Said]:
    """Turn every complaint of the reading into a finding."""
    for complaint in snapshot.complaints:
        yield Finding(complaint.ref, f"{complaint.field}: {complaint.what}")
    if not snapshot.complaints:
        yield Evidence(snapshot.release.name, "every fact on the forge could be read")

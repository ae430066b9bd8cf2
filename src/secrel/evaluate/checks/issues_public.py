"""Confidentiality is lifted from the issues of the release, unless their label keeps it.

Rule: docs/process/gitlab/issues-public.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import label_named, linked_fixes
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Hidden, Question, Said
from secrel.snapshot.seen import Snapshot


class Params(Told, frozen=True):
    """`label`: the role of the label that keeps an issue confidential."""

    label: str = "keep_confidential"


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at the issue of every fix."""
    fixes = linked_fixes(snapshot)
    if isinstance(fixes, Hidden):
        yield fixes
        return
    keep = label_named(question, question.params.label)
    for fix in fixes:
        if keep in fix.issue.labels:
            yield Evidence(fix.ref, f"stays confidential: {keep}")
        elif fix.issue.confidential:
            yield Finding(fix.ref, "is still confidential")
        else:
            yield Evidence(fix.ref, "is public")

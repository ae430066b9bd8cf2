"""Confidentiality is lifted from the issues of the release, unless their label keeps it.

Rule: docs/process/gitlab/issues-public.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import each_fix, issue_of, label_named
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.fixes import Fix


class Params(Told, frozen=True):
    """`label`: the role of the label that keeps an issue confidential."""

    label: str = "keep_confidential"


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at the issue of every fix."""
    keep = label_named(question, question.params.label)

    def say(fix: Fix) -> Iterator[Said]:
        issue = issue_of(fix)
        if keep in issue.labels:
            yield Evidence(fix.ref, f"stays confidential: {keep}")
        elif issue.confidential:
            yield Finding(fix.ref, "is still confidential")
        else:
            yield Evidence(fix.ref, "is public")

    yield from each_fix(snapshot, say)

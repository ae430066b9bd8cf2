"""A release is unplanned because of a fix of the highest severity, and the fix says so.

Rule: docs/process/gitlab/severity-one.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import label_named, linked_fixes
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Hidden, Question, Said
from secrel.snapshot.seen import Snapshot


class Params(Told, frozen=True):
    """`label`: the role of the label that says so."""

    label: str = "severity_one"


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look for the label on any of the linked fixes."""
    fixes = linked_fixes(snapshot)
    if isinstance(fixes, Hidden):
        yield fixes
        return
    label = label_named(question, question.params.label)
    carriers = [fix for fix in fixes if label in fix.issue.labels]
    for fix in carriers:
        yield Evidence(fix.ref, f"carries {label}")
    if not carriers:
        yield Finding(snapshot.release.name, f"no linked fix carries {label}, and only such a fix calls for a release")

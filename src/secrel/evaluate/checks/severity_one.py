"""A release is unplanned because of a fix of the highest severity, and the fix says so.

Rule: docs/process/gitlab/severity-one.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import by_people, each_fix, fix_of, issue_of, label_named, place_of
from secrel.evaluate.params import Told
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import by_severity
from secrel.words.fixes import Fix
from secrel.words.vectors import Severity


class Params(Told, frozen=True):
    """`label`: the role of the label that says so."""

    label: str = "severity_one"


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look for the label on any of the linked fixes."""
    label = label_named(question, question.params.label)

    def say(fix: Fix) -> Iterator[Said]:
        if label in issue_of(fix).labels:
            yield Evidence(fix.ref, f"carries {label}")

    said = () if snapshot.is_of_updates_alone else tuple(each_fix(snapshot, say))
    carriers = [one for one in said if isinstance(one, Evidence)]  # one is enough, whatever could not be seen
    yield from carriers or said
    if not said:
        what = f"no linked fix is labelled {label}, and only such a fix calls for a release"
        command, where = _labelling(label, snapshot)
        yield Finding(snapshot.release.name, f"{what}{where}", command)


def _labelling(label: str, snapshot: Snapshot) -> tuple[str, str]:
    """Give the command that labels the gravest fix, or the words for where people do it.

    Both are empty when its vector does not say that it is grave.
    """
    gravest = next(iter(by_severity(snapshot.contents.advisories)), None)
    fix = fix_of(snapshot, gravest.fix) if gravest else None
    if fix is None or gravest is None or gravest.vector is None:
        return "", ""
    if gravest.vector.severity.rank < Severity.HIGH.rank:
        return "", ""
    issue = issue_of(fix)
    command = by_people(issue, f"secrel forge label {quoted(fix.ref)} {quoted(label)}")
    return command, "" if command else f": label {fix.ref}{place_of(issue)}"

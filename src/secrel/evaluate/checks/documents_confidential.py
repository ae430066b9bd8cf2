"""Nobody outside can read what is under embargo: the desk's own documents, and the issues of fixes until their day.

Rule: docs/process/gitlab/documents-confidential.md
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from secrel.evaluate.looking import (
    DOCUMENTS,
    announced,
    becomes_public_at,
    each_fix,
    issue_of,
    label_named,
    seeing,
    stays_confidential,
)
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.documents import TABLE
from secrel.words.errors import NotSeen
from secrel.words.fixes import Fix, RemovedFix
from secrel.words.forge import Issue, MergeRequest
from secrel.words.parts import known, need, settled


class Params(Told, frozen=True):
    """`label`: the role of the label that keeps an issue confidential for good."""

    label: str = "keep_confidential"


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at who can read every document, every CVE request, and the issue of every fix."""
    projects = question.process.projects
    for name in DOCUMENTS:
        # the post is for everybody, and without a private mirror so is its draft, which is held back until its time
        if projects.get(TABLE[name].project) != projects.get("canonical_site", ""):
            yield from seeing(_document(snapshot, name))

    def say(fix: Fix) -> Iterator[Said]:
        yield from seeing(_request(fix))
        if not _may_be_public(fix, snapshot, question):
            issue = issue_of(fix)
            yield from _closed_to_outsiders(issue, "the issue of the fix")
            if issue.members_only:
                found = need(fix.canonical, f"the canonical issue of {fix.ref}")
                yield from _closed_to_outsiders(found, "the canonical issue of the fix")

    yield from each_fix(snapshot, say)
    for companion in known(snapshot.companions, ()) if _is_early(snapshot, question) else ():
        found = known(companion.issue, None)  # its own gate says that it could not be seen
        yield from _closed_to_outsiders(found, "what is linked beside the fixes")
    for removed in need(snapshot.removed, "the fixes that were taken out"):
        yield from seeing(_removed(removed))
        yield from seeing(_request(removed))


def _removed(removed: RemovedFix) -> Iterator[Said]:
    """Look at the issue of a fix that was taken out; another release may have announced it meanwhile."""
    if removed.public_with:
        yield Evidence(removed.ref, f"became public with {removed.public_with}, which announced it")
    else:
        yield from _closed_to_outsiders(need(removed.issue, removed.ref), "the issue of a fix that was taken out")


def _document(snapshot: Snapshot, name: str) -> Iterator[Said]:
    yield from _closed_to_outsiders(need(snapshot.document(name), DOCUMENTS[name]), DOCUMENTS[name])


def _is_early(snapshot: Snapshot, question: Question[Params]) -> bool:
    """Whether the days of disclosure of the release are still to come."""
    live = announced(snapshot)
    return live is None or question.now < live + timedelta(days=snapshot.release.disclosure_days)


def _request(fix: Fix | RemovedFix) -> Iterator[Said]:
    yield from _closed_to_outsiders(need(fix.cve_request, f"the CVE request of {fix.ref}"), "the CVE request")


def _may_be_public(fix: Fix, snapshot: Snapshot, question: Question[Params]) -> bool:
    """Whether its days of disclosure are over; one that has to stay confidential never may."""
    live, lifts = announced(snapshot), becomes_public_at(snapshot, fix.ref)
    if live is None or fix.linked_at > live or stays_confidential(fix, label_named(question, question.params.label)):
        return False
    return lifts is not None and question.now >= lifts


def _closed_to_outsiders(found: Issue | MergeRequest | None, said: str) -> Iterator[Said]:
    if isinstance(found, MergeRequest):
        if settled(found.is_public, f"who can read {found.ref}"):
            yield Finding(found.ref, f"everybody can read {said}: its title, its text, its files and its notes")
        else:
            yield Evidence(found.ref, f"only the team can read {said}")
    elif found is not None:
        if found.confidential:
            yield Evidence(found.ref, f"only the team can read {said}")
        else:
            yield Finding(found.ref, f"everybody can read {said}{_since(found)}: {_shown(found)}")


def _since(found: Issue) -> str:
    return f" since {found.public_since:%Y-%m-%d %H:%M %Z}" if found.public_since else ""


def _shown(found: Issue) -> str:
    try:
        count = len(settled(found.notes, "the notes"))
    except NotSeen:
        return "its title, its text and its notes"
    return f"its title, its text{f' and {count} notes' if count else ''}"

"""The blocks of fixes: what the handbook's "per fix tasks" ask for, each box told by evidence (mission M3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from secrel.evaluate.merge_rules import standing_assents
from secrel.evaluate.verdicts import Assessment, Blocked, Finding
from secrel.papers.checklist.cves import cve_tasks
from secrel.papers.checklist.lines import ChecklistLine, desk_line, key_below, task_line
from secrel.papers.merge_requests.rows import FixRows, Row, blocks_of
from secrel.papers.merge_requests.words import approvals, counted, removed_title, state_of, title_of, url_of
from secrel.papers.text import link, markdown_text
from secrel.papers.wording import Reason, gathered, instant
from secrel.process.table import Process
from secrel.snapshot.seen import Snapshot
from secrel.words.fixes import RemovedFix
from secrel.words.parts import Unseen, known
from secrel.words.people import Person

_SHOWN = 3


def fix_blocks(assessment: Assessment, snapshot: Snapshot, process: Process) -> Iterator[ChecklistLine]:
    """Give the section of fixes, a block for each, in the order in which they were linked."""
    findings = [one for j in assessment.gates if isinstance(j.verdict, Blocked) for one in j.verdict.findings]
    yield ChecklistLine("")
    yield desk_line("fixes", "## Fix by fix")
    for block in blocks_of(snapshot, process, list(dict.fromkeys(findings))):
        yield ChecklistLine("")
        yield from _block(block, snapshot)
    tracked = {fix.ref for fix in snapshot.tracked_fixes}
    for gone in (one for one in snapshot.removed_fixes if one.ref not in tracked):
        yield ChecklistLine("")
        yield from _removed(gone, snapshot)


def _block(block: FixRows, snapshot: Snapshot) -> Iterator[ChecklistLine]:
    fix = block.fix
    key = f"fix/{fix.ref}"
    yield desk_line(key, f"### {link(fix.ref, url_of(fix))}: {markdown_text(title_of(fix, block.advisory))}")
    linked = instant(fix.linked_at, snapshot.release.due.tzinfo)
    yield task_line(f"{key}/linked", f"Is in the release's task issue, since {markdown_text(linked)}", holds=True)
    for row in block.rows:
        yield _request(key, row, block.findings_of(row), snapshot.people)
    yield _cve(key, block)
    found = gathered((Reason(one.about, one.what) for one in block.other_findings), fix.ref, _SHOWN)
    for reason in found[:_SHOWN]:
        yield desk_line(key_below(key, str(reason)), f"- ✗ {markdown_text(str(reason))}")
    if len(found) > _SHOWN:
        yield desk_line(f"{key}/more", f"- and {counted(len(found) - _SHOWN, 'more finding')}")


def _request(key: str, row: Row, findings: Sequence[Finding], people: Sequence[Person]) -> ChecklistLine:
    found = row.merge_request
    branch = markdown_text(row.target)
    if found is None:
        said = "could not be seen" if row.unseen else "there is none"
        return task_line(f"{key}/on/{row.target}", f"Merge request to {branch}: {said}", holds=False)
    is_approved = not isinstance(found.assents, Unseen) and bool(standing_assents(found, people))
    is_fine = row.is_needed and not findings and (row.is_merged or is_approved)
    said = f"{markdown_text(state_of(row))}; approved by {markdown_text(approvals(row))}"
    told = "".join(f"; ✗ {markdown_text(one.what)}" for one in findings[:_SHOWN])
    words = f"{link(row.short_ref, found.url)} to {branch} is approved or merged: {said}{told}"
    return task_line(f"{key}/mr/{found.ref}", words, holds=is_fine)


def _cve(key: str, block: FixRows) -> ChecklistLine:
    advisory = block.advisory
    request = known(block.fix.cve_request, None)
    if advisory is not None and not advisory.needs_cve:
        return desk_line(f"{key}/cve", f"- No CVE issue is needed: {markdown_text(advisory.without_cve)}")
    if advisory is not None and advisory.other_cna:
        said = f"- No CVE issue is needed: its id is {markdown_text(advisory.other_cna)}'s to assign"
        return desk_line(f"{key}/cve", said)
    if request is None:
        none = "could not be seen" if isinstance(block.fix.cve_request, Unseen) else "there is none yet"
        return task_line(f"{key}/cve", f"CVE issue is complete: {none}", holds=False)
    holds = advisory is not None and all(task.holds for task in cve_tasks(advisory, request))
    return task_line(f"{key}/cve", f"CVE issue {link(request.ref, request.url)} is complete", holds=holds)


def _removed(gone: RemovedFix, snapshot: Snapshot) -> Iterator[ChecklistLine]:
    key = f"fix/{gone.ref}"
    when = markdown_text(instant(gone.removed_at, snapshot.release.due.tzinfo))
    yield desk_line(key, f"### {link(gone.ref, url_of(gone))}: {markdown_text(removed_title(gone))}")
    yield task_line(f"{key}/linked", f"Is in the release's task issue: taken out {when}", holds=False)

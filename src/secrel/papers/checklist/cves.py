"""The blocks of CVEs: what the handbook's "CVE tasks" ask for, each box told by evidence (mission M3)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from secrel.papers.checklist.lines import OWN, ChecklistLine, desk_line, task_line
from secrel.papers.text import link, markdown_text
from secrel.papers.wording import code_span
from secrel.snapshot.seen import Snapshot
from secrel.verify.cve_form import unsaid
from secrel.words.advisories import Advisory, by_severity
from secrel.words.forge import Issue
from secrel.words.parts import known
from secrel.words.releases import joined
from secrel.words.spans import sentence


class Task(Struct, frozen=True):
    """One box of a CVE's block: the last part of its key, its words in Markdown, and whether evidence says it holds."""

    name: str
    words: str
    holds: bool


def cve_blocks(snapshot: Snapshot) -> Iterator[ChecklistLine]:
    """Give the section of CVEs, a block for each vulnerability, most severe first."""
    requests = {fix.ref: known(fix.cve_request, None) for fix in snapshot.tracked_fixes}
    yield ChecklistLine("")
    yield desk_line("cves", "## CVE by CVE")
    for advisory in by_severity(snapshot.contents.advisories):
        yield ChecklistLine("")
        yield from _block(advisory, requests.get(advisory.fix))


def cve_tasks(advisory: Advisory, request: Issue | None) -> tuple[Task, ...]:
    """Give the handbook's tasks of one CVE: its issue must hold the very facts that the release would announce."""
    otherwise = {fact for fact, _ in unsaid(request.body if request else "", advisory)}
    where = f"in {link(request.ref, request.url)}" if request else "in the CVE issue, which is not there yet"
    spans = advisory.affected or ()
    has_ends = any(span.since or span.fixed for span in spans)
    told = markdown_text(sentence(spans)) if spans else "nobody gave them yet"
    fixed = [str(span.fixed) for span in spans if span.fixed]
    vector = str(advisory.vector) if advisory.vector else ""
    score = f"{code_span(vector) or 'no vector yet'}; {_fixed(fixed)}"
    return (
        Task("id", f"CVE id is assigned: {advisory.cve_id or 'not yet'}", advisory.cve_id is not None),
        Task(
            "affected",
            f"Versions affected are up to date {where} and here: {told}",
            bool(request and has_ends) and otherwise.isdisjoint({"affected", "fixed"}),
        ),
        Task(
            "description",
            f"Description is up to date {where}",
            bool(request and advisory.description) and "description" not in otherwise,
        ),
        Task(
            "cvss",
            f"CVSS and fixed versions are up to date {where}: {score}",
            bool(request and vector and fixed) and otherwise.isdisjoint({"vector", "fixed"}),
        ),
    )


def _block(advisory: Advisory, request: Issue | None) -> Iterator[ChecklistLine]:
    key = f"cve/{advisory.fix}"
    name = str(advisory.cve_id) if advisory.cve_id else "No CVE id yet" if advisory.needs_cve else "Without a CVE id"
    yield desk_line(key, f"### {name}: {markdown_text(advisory.title)}")
    yield desk_line(f"{key}/about", f"- {_about(advisory)}")
    if not advisory.needs_cve:
        yield desk_line(f"{key}/none", f"- No CVE id is needed: {markdown_text(advisory.without_cve)}")
        return
    if advisory.other_cna:
        said = f"- Its CVE id is {markdown_text(advisory.other_cna)}'s: it is cited here, and its record is theirs"
        yield desk_line(f"{key}/other", said)
        return
    for task in cve_tasks(advisory, request):
        yield task_line(f"{key}/{task.name}", task.words, holds=task.holds)
    yield desk_line(f"{OWN}wording/{advisory.fix}", "- [ ] Wording of the description is verified (yours to tick)")


def _about(advisory: Advisory) -> str:
    vector = advisory.vector
    parts = [f"{vector.severity.value.capitalize()} {vector.score}" if vector else "no severity yet"]
    parts += [str(markdown_text(str(advisory.weakness)))] if advisory.weakness else []
    parts.append(f"fix {markdown_text(advisory.fix)}")
    return "; ".join(parts)


def _fixed(versions: list[str]) -> str:
    return f"fixed in {markdown_text(joined(reversed(versions)))}" if versions else "no fixed version yet"

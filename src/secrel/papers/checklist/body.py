"""The checklist issue as the desk would write it now: head, gates by phase, CVEs, fixes, and room for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from secrel.evaluate.verdicts import Assessment, Blocked, Judged
from secrel.papers.checklist.cves import cve_blocks
from secrel.papers.checklist.fixes import fix_blocks
from secrel.papers.checklist.lines import ChecklistLine, desk_line, key_below, task_line, written
from secrel.papers.text import link, markdown_text
from secrel.papers.wording import VerdictWord, code_span, gathered, instant, reasons, word_of
from secrel.process.table import Process
from secrel.snapshot.seen import Snapshot
from secrel.words.documents import TABLE
from secrel.words.forge import Issue, MergeRequest
from secrel.words.parts import Part, Seen, Unseen
from secrel.words.releases import Kind, joined

_SHOWN = 5
_PIECES = 3


def render_checklist(assessment: Assessment, snapshot: Snapshot, process: Process) -> str:
    """Write the body of the checklist issue, in Markdown: the single source of truth of a release.

    It holds nothing that changes while nothing happens (no time of day, no "in two hours"), so that it is rewritten
    only when there is something to say. Pass it to `refresh_checklist` when the issue is there already.
    """
    return written(_once(_body(assessment, snapshot, process)))


def _once(lines: Iterable[ChecklistLine]) -> Iterator[ChecklistLine]:
    """Give every key one line: by its key a line is found again."""
    known: set[str] = set()
    for line in lines:
        if not line.key or line.key not in known:
            yield line
        known.add(line.key)


def _body(assessment: Assessment, snapshot: Snapshot, process: Process) -> Iterator[ChecklistLine]:
    yield from _head(assessment, snapshot)
    phases = [phase for phase in process.phases if any(j.gate.phase == phase.name for j in assessment.gates)]
    for phase in phases:
        yield ChecklistLine("")
        yield desk_line(f"phase/{phase.name}", f"## {markdown_text(phase.title)}")
        for judged in assessment.gates:
            if judged.gate.phase == phase.name:
                yield from _gate(judged, snapshot, process)
    yield from cve_blocks(snapshot)
    yield from fix_blocks(assessment, snapshot, process)
    yield ChecklistLine("")
    yield desk_line("own", "## Notes and own boxes")
    yield desk_line(
        "own/hint",
        "- The boxes above follow the evidence: the desk ticks them, and unticks them again. Lines, boxes and notes "
        "that you add, here or anywhere, are yours.",
    )


def _head(assessment: Assessment, snapshot: Snapshot) -> Iterator[ChecklistLine]:
    release = snapshot.release
    kind = "Critical security release" if snapshot.contents.is_critical else "Security release"
    yield desk_line("title", f"# {markdown_text(f'{kind} {assessment.release}: checklist')}")
    planned = "planned" if release.kind is Kind.PLANNED else "unplanned, because of a critical fix"
    versions = "; ".join(f"{s.product.name} {joined(s.versions)}" for s in release.shipments if s.versions)
    duty = snapshot.duty
    primary, secondary = (duty.primary, duty.secondary) if duty else ("", "")
    yield ChecklistLine("")
    yield _fact("kind", "Release", markdown_text(f"{release.name}, {planned}"))
    yield _fact("versions", "Versions", markdown_text(versions or "not known yet"))
    yield _fact("due", "Due", markdown_text(instant(release.due)))
    yield _fact("primary", "Primary (DRI)", code_span(primary) or "nobody yet")
    yield _fact("secondary", "Secondary", code_span(secondary) or "nobody yet")
    for identity in TABLE.values():
        if identity.heading:
            yield _fact(identity.name, identity.heading, _address(snapshot.document(identity.name)))


def _fact(key: str, name: str, value: str) -> ChecklistLine:
    return desk_line(f"head/{key}", f"- **{name}:** {value}")


def _address(part: Part[Issue | MergeRequest | None]) -> str:
    if isinstance(part, Unseen):
        return f"could not be seen: {markdown_text(part.reason)}"
    found = part.value
    if found is None:
        return "not there yet"
    return f"{link(found.title, found.url)}, {markdown_text(found.ref)} ({found.state})"


def _gate(judged: Judged, snapshot: Snapshot, process: Process) -> Iterator[ChecklistLine]:
    zone = snapshot.release.due.tzinfo
    word = word_of(judged.verdict)
    found = gathered(reasons(judged.verdict, process, zone), snapshot.release.name, _PIECES)
    if _is_about_itself(judged, snapshot):
        yield task_line(
            f"gate/{judged.gate.name}",
            f"**{markdown_text(judged.gate.title)}**: as of the last time the desk wrote this",
            holds=True,
        )
        return
    said = [f"**{markdown_text(judged.gate.title)}**" + ("" if word is VerdictWord.WAIVED else f": {word}")]
    is_short = word.holds or len(found) == 1
    if is_short:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        said += [f"{markdown_text(str(reason))}{more}" for reason in found[:1]]
    if not word.holds:
        said += [f"by {code_span(judged.who)}"] if judged.who else []
        said += [f"until {markdown_text(instant(judged.due, zone))}"] if judged.due else []
        said += [f"run {code_span(judged.command)}"] if judged.command else []
    yield task_line(f"gate/{judged.gate.name}", "; ".join(said), holds=word.holds)
    if is_short:
        return
    for reason in found[:_SHOWN]:
        key = key_below(f"gate/{judged.gate.name}", str(reason))
        remedy = f"; run {code_span(reason.remedy)}" if reason.remedy and isinstance(judged.verdict, Blocked) else ""
        yield desk_line(key, f"  - {markdown_text(str(reason))}{remedy}")
    if len(found) > _SHOWN:
        yield desk_line(f"gate/{judged.gate.name}/more", f"  - and {len(found) - _SHOWN} more")


def _is_about_itself(judged: Judged, snapshot: Snapshot) -> bool:
    """Whether a gate asks for this very text: by being written it holds, and saying otherwise would never settle."""
    is_there = isinstance(snapshot.checklist, Seen) and snapshot.checklist.value is not None
    return judged.gate.told("document") == "checklist" and (bool(judged.gate.told("facts")) or not is_there)

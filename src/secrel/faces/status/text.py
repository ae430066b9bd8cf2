"""The status in a terminal: five lines for a tired person, then every gate (mission M3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from itertools import groupby

from msgspec import Struct

from secrel.evaluate.verdicts import Assessment, Judged, Waiting
from secrel.faces.status.summary import Summary, summarise
from secrel.faces.status.words import actor, counts_said, headline, named, nothing_now, until_said
from secrel.faces.terminal import Paint, clipped, padded, wrapped
from secrel.papers.wording import Word, gathered, reasons, word_of
from secrel.process.table import Phase, Process
from secrel.snapshot.seen import Snapshot

_NARROWEST = 40
_LEAD = 14
_WORD = max(map(len, Word))
_SHOWN = {Word.PASSED: 1, Word.BLOCKED: 6, Word.UNSEEN: 4, Word.WAITING: 3, Word.WAIVED: 1}
_LINES = {Word.PASSED: 1, Word.UNSEEN: 3, Word.WAITING: 2, Word.WAIVED: 3}
_NEXT_SHOWN = 3
_LONGEST_COMMAND = 2000


class _Page(Struct, frozen=True):
    assessment: Assessment
    process: Process
    width: int
    paint: Paint
    zone: tzinfo | None


def status_text(
    assessment: Assessment, snapshot: Snapshot, process: Process, *, width: int = 80, colour: bool = False
) -> str:
    """Say how a release stands, in lines of at most `width` cells (below 40 it is taken as 40).

    Only lines with a command may be longer: a broken command cannot be pasted.
    """
    page = _Page(assessment, process, max(width, _NARROWEST), Paint(colour), snapshot.release.due.tzinfo)
    summary = summarise(assessment)
    lines = [*_top(page, snapshot, summary)]
    for phase in process.phases:
        gates = [judged for judged in assessment.gates if judged.gate.phase == phase.name]
        if gates:
            lines += ["", *_phase(page, phase, gates)]
    return "\n".join(lines) + "\n"


def _top(page: _Page, snapshot: Snapshot, summary: Summary) -> Iterator[str]:
    first, *more = headline(page.assessment, snapshot)
    yield from (page.paint(line, "bold") for line in wrapped(first, page.width))
    for line in more:
        yield from wrapped(line, page.width)
    yield ""
    for place, judged in enumerate(summary.acting[:_NEXT_SHOWN]):
        yield from _act(page, judged, "NEXT" if place == 0 else "then", summary)
    if not summary.acting:
        yield from _hung(f"{page.paint('NEXT', 'bold')}  ", 6, nothing_now(page.assessment, page.zone), page.width)
    left = len(summary.acting) - _NEXT_SHOWN
    if left > 0:
        yield f"      and {left} more, below"
    if summary.late:
        titles = "; ".join(judged.gate.title for judged in summary.late)
        said = clipped(f"{len(summary.late)} overdue: {titles}", page.width * 2 - 20)
        yield from (page.paint(line, "alarm") for line in _hung("LATE  ", 6, said, page.width))
    yield from _hung("DONE  ", 6, counts_said(summary), page.width)


def _act(page: _Page, judged: Judged, lead: str, summary: Summary) -> Iterator[str]:
    is_first = lead == "NEXT"
    said = f"{actor(judged)}: {named(judged.gate)}"
    told = _hung(f"{lead}  ", 6, said, page.width)
    yield from (page.paint(line, "bold") if is_first else line for line in told)
    when = until_said(judged, page.assessment.at, page.zone)
    if when:
        style = "alarm" if judged in summary.late else "dim"
        yield from (page.paint(line, style) for line in _hung("      ", 6, when, page.width))
    if is_first:
        found = gathered(reasons(judged.verdict, page.process, page.zone), page.assessment.release)
        for reason in found[:1]:
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            yield from _hung("      ", 6, clipped(f"{reason}{more}", page.width * 2), page.width)
    if judged.command:
        yield f"      run: {clipped(judged.command, _LONGEST_COMMAND)}"


def _phase(page: _Page, phase: Phase, gates: list[Judged]) -> Iterator[str]:
    held = sum(word_of(judged.verdict).holds for judged in gates)
    count = f"{held}/{len(gates)}"
    title = clipped(phase.title, page.width - len(count) - 2)
    yield page.paint(f"{padded(title, page.width - len(count))}{count}", "bold")
    for alike in _alike(gates):
        yield from _gates(page, alike)


def _alike(gates: list[Judged]) -> Iterator[list[Judged]]:
    """Put gates that wait for the same, with the same person and due time, under one explanation."""

    def key(judged: Judged) -> object:
        return (judged.verdict, judged.who, judged.due) if isinstance(judged.verdict, Waiting) else judged.gate.name

    for _, group in groupby(gates, key):
        yield list(group)


def _gates(page: _Page, alike: list[Judged]) -> Iterator[str]:
    judged = alike[0]
    word = word_of(judged.verdict)
    mark = f"{word.sign} {word}"
    lead = f"  {page.paint(mark, word.style)}{' ' * (_WORD - len(word))}  "
    for one in alike:
        yield from _hung(lead, _LEAD, named(one.gate), page.width)
    yield from _reasons(page, judged, word)
    if word.holds:
        return
    when = until_said(judged, page.assessment.at, page.zone)
    said = f"{actor(judged)}{f', {when}' if when else ''}"
    style = "alarm" if judged.due is not None and judged.due < page.assessment.at else "dim"
    yield from (page.paint(line, style) for line in _hung(" " * _LEAD, _LEAD, said, page.width))
    if judged.command:
        yield f"{' ' * _LEAD}run: {clipped(judged.command, _LONGEST_COMMAND)}"


def _reasons(page: _Page, judged: Judged, word: Word) -> Iterator[str]:
    indent = " " * _LEAD
    found = gathered(reasons(judged.verdict, page.process, page.zone), page.assessment.release)
    shown = found[: _SHOWN[word]]
    more = f" (and {len(found) - len(shown)} more)" if len(found) > len(shown) else ""
    for reason in shown:
        tail = more if reason is shown[-1] else ""
        if word is Word.BLOCKED:
            yield from _hung(f"{indent}- ", _LEAD + 2, f"{reason}{tail}", page.width)
        else:
            room = (page.width - _LEAD) * _LINES[word] - len(tail)
            told = _hung(indent, _LEAD, f"{clipped(str(reason), room)}{tail}", page.width)
            yield from (page.paint(line, "dim") for line in told)


def _hung(lead: str, indent: int, text: str, width: int) -> Iterator[str]:
    """Wrap text behind a lead that takes `indent` cells, colour left out; further lines begin below the text."""
    for place, line in enumerate(wrapped(text, width - indent) or [""]):
        yield ((lead if place == 0 else " " * indent) + line).rstrip()

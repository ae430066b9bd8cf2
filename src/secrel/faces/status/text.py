"""The status in a terminal: five lines for a tired person, then every gate (mission M3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Judged, Waiting
from secrel.faces.status.board import Board, Stretch
from secrel.faces.status.summary import Summary
from secrel.faces.status.words import (
    actor,
    counts_said,
    headline,
    is_late,
    named,
    nothing_now,
    until_said,
    yours_said,
)
from secrel.faces.terminal import Paint, clipped, padded, wrapped
from secrel.papers.wording import Reason, VerdictWord, gathered, reasons, word_of

_NARROWEST = 40
_LEAD = 14
_WORD = max(map(len, VerdictWord))
_SHOWN = {
    VerdictWord.PASSED: 1,
    VerdictWord.BLOCKED: 6,
    VerdictWord.UNSEEN: 4,
    VerdictWord.WAITING: 3,
    VerdictWord.WAIVED: 1,
}
_LINES = {VerdictWord.PASSED: 1, VerdictWord.UNSEEN: 3, VerdictWord.WAITING: 2, VerdictWord.WAIVED: 3}
_NEXT_SHOWN = 3
_LONGEST_COMMAND = 2000


class _Page(Struct, frozen=True):
    board: Board
    width: int
    paint: Paint


def status_text(board: Board, *, width: int = 80, colour: bool = False, everything: bool = False) -> str:
    """Say how a release stands, in lines of at most `width` cells (below 40 it is taken as 40).

    It fits one screen: a line for each phase, and below it the gates at which somebody can act; with `everything` every
    gate, with what was seen. Only lines with a command may be longer: a broken command cannot be pasted.
    """
    page = _Page(board, max(width, _NARROWEST), Paint(colour))
    lines = [*_top(page, board.summary), *([] if everything else [""])]
    for stretch in board.stretches:
        lines += ["", *_phase(page, stretch)] if everything else _folded(page, stretch)
    if not everything:
        again = f"run: secrel status {quoted(board.scene.name)}"
        lines += ["", f"every gate  {again} --all", f"one of them {again} --gate NAME"]
    return "\n".join(lines) + "\n"


def _top(page: _Page, summary: Summary) -> Iterator[str]:
    first, *more = headline(page.board)
    yield from (page.paint(line, "bold") for line in wrapped(first, page.width))
    for line in more:
        yield from wrapped(line, page.width)
    yield ""
    for place, judged in enumerate(summary.acting[:_NEXT_SHOWN]):
        yield from _act(page, judged, "NEXT" if place == 0 else "then", summary)
    if not summary.acting:
        yield from _hung(f"{page.paint('NEXT', 'bold')}  ", 6, nothing_now(page.board), page.width)
    left = len(summary.acting) - _NEXT_SHOWN
    if left > 0:
        yield f"      and {left} more, below"
    if yours := yours_said(page.board):
        yield from _hung("YOU   ", 6, yours, page.width)
    if summary.late:
        titles = "; ".join(judged.gate.title for judged in summary.late)
        said = clipped(f"{len(summary.late)} overdue: {titles}", page.width * 2 - 20)
        yield from (page.paint(line, "alarm") for line in _hung("LATE  ", 6, said, page.width))
    for judged in summary.resting:
        said = "; ".join(str(reason) for reason in _why(page, judged))
        yield from _hung("LATER ", 6, clipped(said, page.width * 2 - 20), page.width)
    yield from _hung("DONE  ", 6, counts_said(summary), page.width)


def _act(page: _Page, judged: Judged, lead: str, summary: Summary) -> Iterator[str]:
    is_first = lead == "NEXT"
    said = f"{actor(judged)}: {named(judged.gate)}"
    told = _hung(f"{lead}  ", 6, said, page.width)
    yield from (page.paint(line, "bold") if is_first else line for line in told)
    when = until_said(judged, page.board)
    if when:
        style = "alarm" if judged in summary.late else "dim"
        yield from (page.paint(line, style) for line in _hung("      ", 6, when, page.width))
    if is_first:
        found = _why(page, judged)
        for reason in found[:1]:
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            yield from _hung("      ", 6, clipped(f"{reason}{more}", page.width * 2), page.width)
    if judged.command:
        yield f"      run: {clipped(judged.command, _LONGEST_COMMAND)}"


def _why(page: _Page, judged: Judged) -> Sequence[Reason]:
    scene = page.board.scene
    return gathered(reasons(judged.verdict, scene.process, page.board.zone), scene.name)


def _heading(page: _Page, stretch: Stretch, style: str) -> str:
    count = f"{stretch.holding}/{len(stretch.gates)}"
    title = clipped(stretch.phase.title, page.width - len(count) - 2)
    return page.paint(f"{padded(title, page.width - len(count))}{count}", style)


def _folded(page: _Page, stretch: Stretch) -> Iterator[str]:
    """Give the phase in a line, and a line for each gate at which somebody can act, or that nobody could look at."""
    yield _heading(page, stretch, "dim" if stretch.holding == len(stretch.gates) else "bold")
    for judged in stretch.gates:
        if judged in page.board.summary.acting:
            word = word_of(judged.verdict)
            lead = f"  {page.paint(f'{word.sign} {word}', word.style)}{' ' * (_WORD - len(word))}  "
            yield from _hung(lead, _LEAD, clipped(named(judged.gate), page.width - _LEAD), page.width)


def _phase(page: _Page, stretch: Stretch) -> Iterator[str]:
    yield _heading(page, stretch, "bold")
    for alike in _alike(stretch.gates):
        yield from _gates(page, alike)


def _alike(gates: Sequence[Judged]) -> Iterator[list[Judged]]:
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
    when = until_said(judged, page.board)
    said = f"{actor(judged)}{f', {when}' if when else ''}"
    style = "alarm" if is_late(judged, page.board) else "dim"
    yield from (page.paint(line, style) for line in _hung(" " * _LEAD, _LEAD, said, page.width))
    if judged.command:
        yield f"{' ' * _LEAD}run: {clipped(judged.command, _LONGEST_COMMAND)}"


def _reasons(page: _Page, judged: Judged, word: VerdictWord) -> Iterator[str]:
    indent = " " * _LEAD
    found = _why(page, judged)
    shown = found[: _SHOWN[word]]
    more = f" (and {len(found) - len(shown)} more)" if len(found) > len(shown) else ""
    for reason in shown:
        tail = more if reason is shown[-1] else ""
        if word is VerdictWord.BLOCKED:
            yield from _hung(f"{indent}- ", _LEAD + 2, f"{reason}{tail}", page.width)
        else:
            room = (page.width - _LEAD) * _LINES[word] - len(tail)
            told = _hung(indent, _LEAD, f"{clipped(str(reason), room)}{tail}", page.width)
            yield from (page.paint(line, "dim") for line in told)


def _hung(lead: str, indent: int, text: str, width: int) -> Iterator[str]:
    """Wrap text behind a lead that takes `indent` cells, colour left out; further lines begin below the text."""
    for place, line in enumerate(wrapped(text, width - indent) or [""]):
        yield ((lead if place == 0 else " " * indent) + line).rstrip()

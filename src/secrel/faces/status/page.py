"""The status as Markdown: summary, flowchart, and a table of every gate."""

from __future__ import annotations

from secrel.evaluate.verdicts import Judged
from secrel.faces.flowchart import mermaid
from secrel.faces.status.board import Board
from secrel.faces.status.words import actor, counts_said, headline, named, nothing_now, told_at, until_said
from secrel.papers.text import markdown_cell, markdown_text
from secrel.papers.wording import code_block, code_span, gathered, reasons, word_of

_REASONS_SHOWN = 5
_NEXT_SHOWN = 3


def status_markdown(board: Board) -> str:
    """Say how a release stands as a Markdown page, with the flowchart as Mermaid and a row for each gate."""
    assessment, summary = board.scene.assessment, board.summary
    what, when, names = headline(board)
    lines = [f"# {markdown_text(what)}", "", f"{markdown_text(when)}. {markdown_text(names)}.", ""]
    for place, judged in enumerate(summary.acting[:_NEXT_SHOWN]):
        told = f"{actor(judged)}: {named(judged.gate)}"
        until = until_said(judged, board)
        parts = [f"**{'Next' if place == 0 else 'Then'}:** {markdown_text(told)}"]
        parts += [str(markdown_text(until))] if until else []
        parts += [f"run {code_span(judged.command)}"] if judged.command else []
        lines.append(f"- {'; '.join(parts)}")
    if not summary.acting:
        lines.append(f"- **Next:** {markdown_text(nothing_now(board))}")
    if summary.late:
        titles = "; ".join(judged.gate.title for judged in summary.late)
        lines.append(f"- **Overdue:** {markdown_text(titles)}")
    lines += [f"- **Done:** {markdown_text(counts_said(summary))}", "", "## Flowchart", ""]
    lines += [code_block(mermaid(board.scene.process, assessment), "mermaid"), "", "## Gates", ""]
    lines += ["| Gate | Verdict | Evidence | Who | Due | Run |", "| --- | --- | --- | --- | --- | --- |"]
    lines += [_row(judged, board) for judged in assessment.gates]
    lines += ["", f"Seen {markdown_text(told_at(assessment.at, board))}."]
    return "\n".join(lines) + "\n"


def _row(judged: Judged, board: Board) -> str:
    word = word_of(judged.verdict)
    found = gathered(reasons(judged.verdict, board.scene.process, board.zone), board.scene.name)
    told = [str(markdown_cell(str(reason))) for reason in found[:_REASONS_SHOWN]]
    told += [f"and {len(found) - _REASONS_SHOWN} more"] if len(found) > _REASONS_SHOWN else []
    is_open = not word.holds
    cells = [
        f"{markdown_cell(judged.gate.title)} {code_span(judged.gate.name)}",
        f"{word.sign} {word}",
        "<br>".join(told),
        str(markdown_cell(actor(judged))) if is_open else "",
        str(markdown_cell(until_said(judged, board))) if is_open else "",
        code_span(judged.command) if is_open else "",
    ]
    return f"| {' | '.join(cells)} |"

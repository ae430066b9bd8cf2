"""Merge requests as a Markdown table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from secrel.evaluate.verdicts import Finding
from secrel.papers.merge_requests.rows import FixRows, Row, blocks_of, unplaced
from secrel.papers.merge_requests.words import (
    REQUEST,
    cells,
    columns,
    removed_title,
    tally,
    title_of,
    unseen_reason,
    url_of,
)
from secrel.papers.text import link, markdown_cell, markdown_text
from secrel.papers.wording import code_span, instant
from secrel.process.table import Process
from secrel.snapshot.seen import Snapshot


def check_markdown(snapshot: Snapshot, process: Process, findings: Sequence[Finding]) -> str:
    """Show every fix as a heading, a table with a row for each branch, and a list of what was found."""
    blocks = blocks_of(snapshot, process, findings)
    lines = [f"# {markdown_text(f'Merge requests of {snapshot.release.name}')}", ""]
    lines.append(markdown_text(tally(snapshot, blocks, findings)))
    reason = unseen_reason(snapshot)
    if reason:
        lines += ["", f"**The fixes could not be seen:** {markdown_text(reason)}"]
    for block in blocks:
        lines += ["", *_block(block)]
    rest = unplaced(blocks, findings)
    if rest:
        lines += ["", "## Other findings", "", *_list(rest)]
    if snapshot.removed_fixes:
        lines += ["", "## Taken out", ""]
    for gone in snapshot.removed_fixes:
        when = instant(gone.removed_at, snapshot.release.due.tzinfo)
        lines.append(f"- {link(f'{gone.ref} {removed_title(gone)}', url_of(gone))}, {markdown_text(when)}")
    return "\n".join(map(str, lines)) + "\n"


def _block(block: FixRows) -> Iterator[str]:
    yield f"## {link(block.fix.ref, url_of(block.fix))}: {markdown_text(title_of(block.fix, block.advisory))}"
    yield ""
    for row in block.rows[:1]:
        yield f"| {' | '.join(columns(row))} |"
        yield f"|{' --- |' * len(columns(row))}"
    yield from (_row(row) for row in block.rows)
    if block.findings:
        yield ""
        yield from _list(block.findings)


def _row(row: Row) -> str:
    values = [str(markdown_cell(value)) for value in cells(row)]
    if row.merge_request is None:
        values[REQUEST] = f"**{values[REQUEST]}**"
    else:
        values[REQUEST] = str(link(row.short_ref, row.merge_request.url))
    return f"| {' | '.join(values)} |"


def _list(findings: Sequence[Finding]) -> Iterator[str]:
    for one in findings:
        about = f"{markdown_text(one.about)}: " if one.about else ""
        remedy = f"; run {code_span(one.remedy)}" if one.remedy else ""
        yield f"- {about}{markdown_text(one.what)}{remedy}"

"""Merge requests in a terminal (mission M4, `check-merge-requests`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from secrel.evaluate.verdicts import Finding
from secrel.faces.terminal import Paint, clipped, padded, width_of, wrapped
from secrel.papers.merge_requests.rows import FixRows, Tagged, blocks_of, unplaced
from secrel.papers.merge_requests.words import cells, columns, removed_title, tally, title_of, unseen_reason
from secrel.papers.wording import instant
from secrel.process.table import Process
from secrel.snapshot.seen import Snapshot

_LEAD = "    "
_GAP = "  "
_NARROWEST = 80


def check_text(
    snapshot: Snapshot, process: Process, findings: Sequence[Finding], *, width: int = 100, colour: bool = False
) -> str:
    """Show every fix with a row for each branch it has to reach, and what was found.

    Lines fit `width` cells (below 80 it is taken as 80), those with a command to be pasted excepted.
    `findings` are what the gates say of merge requests and fixes; those that belong to none are shown at the end.
    """
    paint, width = Paint(colour), max(width, _NARROWEST)
    blocks = blocks_of(snapshot, process, findings)
    lines = [*wrapped(tally(snapshot, blocks, findings), width)]
    reason = unseen_reason(snapshot)
    if reason:
        lines += [paint(line, "magenta") for line in wrapped(f"? the fixes could not be seen: {reason}", width)]
    widths = _widths(blocks, width)
    for block in blocks:
        lines += ["", *_block(block, widths, width, paint)]
    rest = unplaced(blocks, findings)
    if rest:
        lines += ["", paint("Other findings", "bold"), *_findings(rest, width, paint, about=snapshot.release.name)]
    for gone in snapshot.removed_fixes:
        title = removed_title(gone)
        said = f"taken out {instant(gone.removed_at, snapshot.release.due.tzinfo)}: {gone.ref} {title}"
        lines += ["", *(paint(line, "yellow") for line in wrapped(said, width))]
    return "\n".join(lines) + "\n"


def _widths(blocks: Sequence[FixRows], width: int) -> list[int]:
    """Give every column what its widest cell needs, and take what is too much from the widest ones."""
    rows = [row for block in blocks for row in block.rows]
    table = [*map(columns, rows[:1]), *map(cells, rows)]
    widths = [min(width, max(map(width_of, column))) for column in zip(*table, strict=True)]
    room = width - len(_LEAD) - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room:
        widths[widths.index(max(widths))] -= 1
    return widths


def _block(block: FixRows, widths: list[int], width: int, paint: Paint) -> Iterator[str]:
    sign, style = ("✗", "red") if block.findings else ("✓", "green")
    title = wrapped(f"{block.fix.ref}: {title_of(block.fix, block.advisory)}", width - 2)
    yield f"{paint(sign, style)} {paint(title[0], 'bold')}"
    yield from (f"  {line}" for line in title[1:])
    for row in block.rows[:1]:
        yield from (paint(line, "dim") for line in _row(columns(row), widths, " "))
    for row in block.rows:
        found = block.findings_of(row)
        mark = "✗" if found or (row.is_needed and row.merge_request is None) or row.tagged is Tagged.NO else "✓"
        first, *more = _row(cells(row), widths, mark)
        yield first.replace(mark, paint(mark, "red" if mark == "✗" else "green"), 1)
        yield from more
        yield from _findings(found, width, paint, about=row.merge_request.ref if row.merge_request else "")
    yield from _findings(block.other_findings, width, paint, about=block.fix.ref)


def _row(values: Sequence[str], widths: Sequence[int], mark: str) -> Iterator[str]:
    broken = [wrapped(value, size) or [""] for value, size in zip(values, widths, strict=True)]
    for place in range(max(map(len, broken))):
        parts = [
            padded(part[place] if place < len(part) else "", size) for part, size in zip(broken, widths, strict=True)
        ]
        yield f"  {mark if place == 0 else ' '} {_GAP.join(parts)}".rstrip()


def _findings(findings: Sequence[Finding], width: int, paint: Paint, *, about: str) -> Iterator[str]:
    """List findings; what they are about is said unless it is `about`, under which they stand."""
    for one in findings:
        said = f"{one.about}: {one.what}" if one.about not in ("", about) else one.what
        first, *more = wrapped(said, width - 6) or [""]
        yield f"{_LEAD}{paint('!', 'red')} {first}".rstrip()
        yield from (f"{_LEAD}  {line}" for line in more)
        if one.remedy:
            yield f"{_LEAD}  run: {clipped(one.remedy, 2000)}"

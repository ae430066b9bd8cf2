"""Fixes told: all of them in a table, or one with every fact that documents will carry (mission M4, M5)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from secrel.faces.fixes.facts import VERSION, FixTold, affected, everything, score, severity, summary, told_fixes
from secrel.faces.terminal.cells import clipped, padded, width_of, wrapped
from secrel.papers.merge_requests.words import UNSEEN, field_said
from secrel.papers.text import markdown_cell, one_line
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory
from secrel.words.errors import Misused
from secrel.words.parts import Unseen, known, shortfalls
from secrel.words.releases import joined

_HEAD = ("fix", "CVE id", "score", "severity", "merge requests", "affected", "title")
_LONG = 2
_NARROWEST_CELL = 24
_HUNG = 4
_NARROWEST_VALUE = 30


def _row(told: FixTold) -> tuple[str, ...]:
    advisory = told.advisory
    cve = ""
    if advisory is not None:
        cve = str(advisory.cve_id or ("not assigned" if advisory.needs_cve else "none needed"))
    return (told.fix.ref, cve, score(advisory), severity(advisory), told.merged, affected(told), told.title)


def fixes_told(snapshot: Snapshot, form: str = "text", width: int = 100) -> str:
    """Tell all fixes of a release, the most severe first; `form` is `text`, `markdown` or `json`.

    As text in lines of at most `width` cells: a line for each fix, or three where one has no room for all of it.
    """
    fixes = list(told_fixes(snapshot))
    if form == "json":
        told = {"version": VERSION, "release": snapshot.release.name, "fixes": [summary(one) for one in fixes]}
        return json.dumps(told, indent=2)
    rows = [_row(one) for one in fixes]
    if form == "markdown":
        return _page(_HEAD, rows)
    return fitted(_HEAD, rows, width) if rows else f"{snapshot.release.name} has no fix"


def _page(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, tuple("---" for _ in head), *(tuple(map(markdown_cell, row)) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def fitted(head: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> str:
    """Lay rows out in at most `width` cells; the last two columns are the long ones, and go below where they must."""
    widths = [max(width_of(row[n]) for row in [head, *rows]) for n in range(len(head))]
    room = width - sum(widths[:-_LONG]) - 2 * (len(head) - 1)
    if room >= min(sum(widths[-_LONG:]), _LONG * _NARROWEST_CELL):
        half = room // _LONG
        narrow = min(widths[-2], max(half, room - widths[-1]))
        widths[-_LONG:] = [narrow, min(widths[-1], room - narrow)]
        return "\n".join(_line(row, widths) for row in [head, *rows])
    short = widths[:-_LONG]
    below = " " * _HUNG
    is_tight = sum(short) + 2 * (len(short) - 1) > width
    lines = []
    for row in rows:
        first = _line(row[:-_LONG], short)
        lines.append(clipped(first, width) if is_tight else first)
        lines += [f"{below}{clipped(cell, width - _HUNG)}" for cell in reversed(row[-_LONG:]) if cell]
    return "\n".join(lines)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(padded(clipped(cell, room), room) for cell, room in zip(row, widths, strict=True)).rstrip()


def _cve_id(advisory: Advisory) -> str:
    """Say whose id it is: an id of another CNA is cited only."""
    by = f"{advisory.other_cna}'s: cited only" if advisory.other_cna else "" if advisory.assigned_by else "whose?"
    known = str(advisory.cve_id or advisory.without_cve or "not assigned")
    return f"{known} ({by})" if by and (advisory.cve_id or advisory.other_cna) else known


def _facts(told: FixTold, snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    fix, advisory = told.fix, told.advisory
    yield "fix", fix.ref
    yield "title", told.title
    yield "linked", f"{fix.linked_at:%Y-%m-%d %H:%M %Z}"
    yield "affected", affected(told)
    if advisory is not None:
        yield "product", " ".join(filter(None, (advisory.product, one_line(advisory.edition))))
        yield "description", one_line(advisory.description)
        yield "vector", str(advisory.vector or "not given")
        yield "score", f"{score(advisory)} {severity(advisory)}".strip()
        yield "weakness", str(advisory.weakness or "not given")
        yield "CVE id", one_line(_cve_id(advisory))
        if advisory.fixed_already:
            yield "fixed in", joined(advisory.fixed_already)
        yield "credit", ", ".join(one_line(credit.name) or "internal" for credit in advisory.credits)
    asked = known(fix.cve_request, None)
    yield "CVE request", asked.ref if asked else UNSEEN if isinstance(fix.cve_request, Unseen) else "none"
    for request in known(fix.merge_requests, ()):
        yield f"into {request.target}", f"{request.ref}, {request.state}, pipeline {field_said(request.pipeline)}"
    for where, why in shortfalls(fix):
        yield f"unseen: {where.removeprefix(fix.ref).strip()}", one_line(why)
    for complaint in snapshot.complaints:
        if complaint.ref == fix.ref:
            yield f"wrong: {complaint.field}", one_line(complaint.what)


def fix_told(snapshot: Snapshot, ref: str, form: str = "text", width: int = 100) -> str:
    """Tell everything about one fix; raises `Misused` when the release has none of this reference."""
    told = next((one for one in told_fixes(snapshot) if one.fix.ref == ref), None)
    if told is None:
        raise Misused(
            f"{ref[:80]!r} is no fix of this release",
            where=snapshot.release.name,
            remedy=f"see them all: secrel fix show {snapshot.release.name}",
        )
    if form == "json":
        said = {"version": VERSION, "release": snapshot.release.name, "fix": everything(told, snapshot)}
        return json.dumps(said, indent=2)
    facts = [(name, value) for name, value in _facts(told, snapshot) if value]
    if form == "markdown":
        return _page(("fact", told.fix.ref), [fact for fact in facts if fact[0] != "fix"])
    edge = max(len(name) for name, _ in facts) + 2
    lines = []
    for name, value in facts:
        first, *rest = wrapped(value, max(width - edge, _NARROWEST_VALUE))
        lines += [f"{name:<{edge}}{first}", *(f"{'':{edge}}{line}" for line in rest)]
    return "\n".join(lines)

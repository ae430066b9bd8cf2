"""Fixes told: all of them in a table, or one with every fact that documents will carry (mission M4, M5)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from secrel.render.terminal.cells import clipped, padded
from secrel.render.text import markdown_cell, one_line
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory, by_severity
from secrel.words.errors import Misused
from secrel.words.fixes import Fix
from secrel.words.spans import sentence

VERSION = 1
_HEAD = ("fix", "CVE id", "score", "severity", "affected", "merge requests", "title")
_WIDTHS = (34, 15, 5, 8, 34, 14, 50)


def _facts(advisory: Advisory) -> dict[str, str]:
    vector = advisory.vector
    return {
        "title": one_line(advisory.title),
        "product": advisory.product,
        "edition": advisory.edition,
        "description": one_line(advisory.description),
        "affected": sentence(advisory.affected) if advisory.affected else "nobody said",
        "vector": str(vector or ""),
        "score": f"{vector.score:.1f}" if vector else "",
        "severity": str(vector.severity) if vector else "",
        "weakness": str(advisory.weakness or ""),
        "CVE id": str(advisory.cve_id or advisory.no_cve or "not assigned"),
        "credit": ", ".join(one_line(credit.name) or "internal" for credit in advisory.credits),
    }


def _row(fix: Fix, advisory: Advisory | None) -> tuple[str, ...]:
    merged = sum(request.state == "merged" for request in fix.merge_requests)
    requests = f"{merged} of {len(fix.merge_requests)} merged"
    if advisory is None:
        return (fix.ref, "", "", "", "cannot be read", requests, one_line(fix.issue.title))
    told = _facts(advisory)
    cve = str(advisory.cve_id or ("none needed" if advisory.no_cve else "not assigned"))
    return (fix.ref, cve, told["score"], told["severity"], told["affected"], requests, told["title"])


def _rows(snapshot: Snapshot) -> Iterator[tuple[str, ...]]:
    advisories = {advisory.fix: advisory for advisory in snapshot.contents.advisories}
    order = {advisory.fix: place for place, advisory in enumerate(by_severity(advisories.values()))}
    for fix in sorted(snapshot.tracked_fixes, key=lambda f: (order.get(f.ref, len(order)), f.ref)):
        yield _row(fix, advisories.get(fix.ref))


def fixes_told(snapshot: Snapshot, form: str = "text") -> str:
    """Tell all fixes of a release, the most severe first; `form` is `text`, `markdown` or `json`."""
    rows = list(_rows(snapshot))
    if form == "json":
        named = [dict(zip((name.replace(" ", "_").lower() for name in _HEAD), row, strict=True)) for row in rows]
        return json.dumps({"version": VERSION, "release": snapshot.release.name, "fixes": named}, indent=2)
    if form == "markdown":
        lines = [_HEAD, tuple("---" for _ in _HEAD), *(tuple(map(markdown_cell, row)) for row in rows)]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    if not rows:
        return f"{snapshot.release.name} has no fix"
    widths = [min(limit, max(len(row[n]) for row in [_HEAD, *rows])) for n, limit in enumerate(_WIDTHS)]
    cells = ([padded(clipped(c, w), w) for c, w in zip(row, widths, strict=True)] for row in [_HEAD, *rows])
    return "\n".join("  ".join(line).rstrip() for line in cells)


def fix_told(snapshot: Snapshot, ref: str, form: str = "text") -> str:
    """Tell everything about one fix; raises `Misused` when the release has none of this reference."""
    fix = next((fix for fix in snapshot.tracked_fixes if fix.ref == ref), None)
    if fix is None:
        raise Misused(
            f"{ref[:80]!r} is no fix of this release",
            where=snapshot.release.name,
            remedy=f"see them all: secrel fix show {snapshot.release.name}",
        )
    advisory = next((a for a in snapshot.contents.advisories if a.fix == ref), None)
    told = {"fix": ref, "linked": f"{fix.linked_at:%Y-%m-%d %H:%M %Z}", **(_facts(advisory) if advisory else {})}
    told["CVE request"] = fix.cve_request.ref if fix.cve_request else "none"
    told |= {
        f"merge request into {request.target}": f"{request.ref}, {request.state}, pipeline {request.pipeline}"
        for request in fix.merge_requests
    }
    told |= {f"complaint: {c.field}": c.what for c in snapshot.complaints if c.ref == ref}
    if form == "json":
        return json.dumps({"version": VERSION, **told}, indent=2, ensure_ascii=False)
    if form == "markdown":
        return "\n".join(["| | |", "| --- | --- |", *(f"| {k} | {markdown_cell(v)} |" for k, v in told.items())])
    width = max(map(len, told))
    return "\n".join(f"{name:<{width}}  {value}".rstrip() for name, value in told.items())

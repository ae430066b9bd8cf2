"""The rotation, told: who runs which release, and who could take somebody's place (mission M2)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from secrel.papers.text import markdown_cell, one_line
from secrel.roster.rules import Rotation, names_of
from secrel.roster.swaps import Candidate

_HEAD = ("release", "due", "Primary", "Secondary")
VERSION = 1
"""The version of the JSON."""


def rotation_told(rotation: Rotation, form: str = "text") -> str:
    """Tell who runs the releases of a rotation: one line each; `form` is `text`, `markdown` or `json`."""
    rows: list[tuple[str, ...]] = []
    for slot in rotation.slots:
        primary, secondary = (*names_of(rotation.duty(slot.name)), "", "")[:2]
        rows.append((slot.name, str(slot.day), primary, secondary))
    if form == "json":
        told = [
            dict(zip(map(str.lower, _HEAD), (*row[:2], *(n or None for n in row[2:])), strict=True)) for row in rows
        ]
        return json.dumps({"version": VERSION, "releases": told}, indent=2)
    if not rows:
        return "no release is coming up"
    table: list[tuple[str, ...]] = [_HEAD, *(tuple(cell or "nobody" for cell in row) for row in rows)]
    if form == "markdown":
        lines = [_HEAD, ("---",) * len(_HEAD), *(tuple(map(markdown_cell, row)) for row in table[1:])]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    widths = [max(len(row[n]) for row in table) for n in range(len(_HEAD))]
    return "\n".join("  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)).rstrip() for row in table)


def candidates_told(candidates: Sequence[Candidate], form: str = "text") -> str:
    """Tell who can take a place, and what speaks for and against each; never why somebody is away."""
    if form == "json":
        return json.dumps({"version": VERSION, "candidates": [_candidate(one) for one in candidates]}, indent=2)
    lines: list[str] = []
    for candidate in candidates:
        lines.append(f"{candidate.username}: {'can' if candidate.can else 'cannot'}")
        lines += [f"  + {one_line(reason)}" for reason in candidate.reasons]
        lines += [f"  - {one_line(breach.said)}" for breach in candidate.breaches]
        lines += [f"  ? {one_line(doubt)}" for doubt in candidate.doubts]
        if candidate.in_return:
            lines.append(f"  in return: {', '.join(candidate.in_return)}")
    return "\n".join(lines) if lines else "nobody else is in the team"


def _candidate(one: Candidate) -> dict[str, Any]:
    return {
        "username": one.username,
        "can": one.can,
        "for": [one_line(reason) for reason in one.reasons],
        "against": [one_line(breach.said) for breach in one.breaches],
        "doubts": [one_line(doubt) for doubt in one.doubts],
        "in_return": list(one.in_return),
    }

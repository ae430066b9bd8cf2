"""The rotation, told: who runs which release, and who could take somebody's place (mission M2)."""

from __future__ import annotations

from collections.abc import Sequence

from secrel.render.text import one_line
from secrel.roster.rules import Rotation, names_of
from secrel.roster.swaps import Candidate


def rotation_told(rotation: Rotation) -> str:
    """Tell who runs the releases of a rotation: one line each."""
    if not rotation.slots:
        return "no release is coming up"
    rows = [("release", "due", "Primary", "Secondary")]
    for slot in rotation.slots:
        primary, secondary = (*names_of(rotation.duty(slot.name)), "nobody", "nobody")[:2]
        rows.append((slot.name, str(slot.day), primary, secondary))
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join("  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def candidates_told(candidates: Sequence[Candidate]) -> str:
    """Tell who can take a place, and what speaks for and against each; never why somebody is away."""
    lines: list[str] = []
    for candidate in candidates:
        lines.append(f"{candidate.username}: {'can' if candidate.can else 'cannot'}")
        lines += [f"  + {one_line(reason)}" for reason in candidate.reasons]
        lines += [f"  - {one_line(breach.said)}" for breach in candidate.breaches]
        lines += [f"  ? {one_line(doubt)}" for doubt in candidate.doubts]
        if candidate.in_return:
            lines.append(f"  in return: {', '.join(candidate.in_return)}")
    return "\n".join(lines) if lines else "nobody else is in the team"

"""The coverage that every room owes: `python -m tests.house.coverage_gate coverage.json`."""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.gitlab_double.graphql.schema import FILE as DATA

THINKING = (
    *("words", "reading", "process", "snapshot", "ranges", "roster"),
    *("evaluate", "papers", "plan", "faces", "verify"),
)
"""Rooms that are given values and give values: nothing excuses a branch that no test takes."""
OTHERS = 95.0
"""What every other room owes, in per cent of its lines and branches together."""
OF_DATA = frozenset({"adapters", "rehearsal", "wiring"})
"""Other rooms that are largely tested on the double of GitLab, which needs data that a clone alone has not."""
_MOST_SHOWN = 12


@dataclass
class Room:
    """What one room has to show: counts of lines and branches together, and what is missing where."""

    name: str
    covered: int = 0
    wanted: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def owes(self) -> float:
        return 100.0 if self.name in THINKING else OTHERS

    @property
    def percent(self) -> float:
        return 100.0 * self.covered / self.wanted if self.wanted else 100.0

    @property
    def holds(self) -> bool:
        return self.covered == self.wanted if self.name in THINKING else self.percent >= OTHERS


def room_of(path: str) -> str:
    """Name the room of a file such as `src/secrel/plan/guard.py` or `src/secrel/wiring.py`."""
    parts = Path(path).parts
    return Path(parts[parts.index("secrel") + 1]).stem


def rooms(report: Mapping[str, Any]) -> list[Room]:
    """Sum a report of `coverage json` up by room, worst first."""
    found: dict[str, Room] = defaultdict(lambda: Room(""))
    for path, told in report["files"].items():
        name = room_of(path)
        room = found[name]
        room.name = name
        summary = told["summary"]
        room.covered += summary["covered_lines"] + summary["covered_branches"]
        room.wanted += summary["num_statements"] + summary["num_branches"]
        lines = [str(line) for line in told["missing_lines"]]
        lines += [f"{start}->{end if end > 0 else 'exit'}" for start, end in told["missing_branches"]]
        if lines:
            room.missing.append(f"{path}: {', '.join(lines[:_MOST_SHOWN])}{' …' * (len(lines) > _MOST_SHOWN)}")
    return sorted(found.values(), key=lambda room: (room.holds, room.percent, room.name))


def verdict(report: Mapping[str, Any], *, has_data: bool = True) -> tuple[bool, str]:
    """Say whether every room has what it owes, and how each stands.

    Without the data beside the repository, what `OF_DATA` lacks is said and not judged: their tests were skipped.
    """
    lines, owing = [], []
    for room in rooms(report):
        is_unseen = not has_data and room.name in OF_DATA
        word = "ok  " if room.holds else "skip" if is_unseen else "OWES"
        why = "; not judged: shared data absent, and its tests were skipped" if word == "skip" else ""
        lines.append(f"{word} {room.name:<10} {room.percent:6.2f} % of {room.owes:.0f} %{why}")
        if word == "OWES":
            owing.append(room)
            lines += [f"       {line}" for line in sorted(room.missing)]
    return not owing, "\n".join(lines)


def main(arguments: list[str]) -> int:
    has_data = DATA.exists() or os.environ.get("CI") == "true"  # CI judges everything
    holds, text = verdict(json.loads(Path(arguments[0]).read_text("utf-8")), has_data=has_data)
    sys.stdout.write(f"coverage of lines and branches, by room\n{text}\n")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

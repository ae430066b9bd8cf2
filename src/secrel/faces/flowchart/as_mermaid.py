"""The flowchart as Mermaid, as GitLab and other forges draw it in an issue or a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from secrel.evaluate.verdicts import Assessment, Judged
from secrel.papers.text import one_line
from secrel.papers.wording import VerdictWord, word_of
from secrel.process.table import Gate, Phase, Process
from secrel.words.patterns import pattern

_STYLES = {
    "passed": "fill:#e3f4e4,stroke:#1f7a33,color:#10391a",
    "blocked": "fill:#fbe3e1,stroke:#b3261e,color:#4a0f0b,stroke-width:3px",
    "waiting": "fill:#f2f2f2,stroke:#6b6b6b,color:#2b2b2b,stroke-dasharray:4 3",
    "waived": "fill:#fff4d6,stroke:#9a6b00,color:#3d2b00",
    "unseen": "fill:#efe4f7,stroke:#6a2c91,color:#2e1140,stroke-dasharray:1 3",
}
_READ_AS_MORE = pattern(r"[^\w ,.:()/'!?-]|_")
_LONGEST = 200


def mermaid(process: Process, assessment: Assessment | None = None) -> str:
    """Draw a process as Mermaid source, a phase to a box, a gate to a node, styled and worded by its verdict.

    Without an assessment every gate is drawn plain. Titles cannot act: every sign with a meaning is an entity.
    """
    chart = chart_of(process, assessment)
    ids = {gate.name: f"g{n}" for n, gate in enumerate((g for part in chart.parts for g in part.gates), start=1)}
    lines = ["flowchart TD"]
    for number, part in enumerate(chart.parts, start=1):
        lines.append(f'  subgraph p{number}["{_label(part.phase.title)}"]')
        lines += [f"    {ids[gate.name]}{_node(gate, chart.judged.get(gate.name))}" for gate in part.gates]
        lines.append("  end")
    lines += [f"  {ids[before]} --> {ids[after]}" for before, after in chart.arrows]
    lines += _classes(assessment)
    return "\n".join(lines) + "\n"


def _node(gate: Gate, judged: Judged | None) -> str:
    if judged is None:
        return f'["{_label(gate.title)}"]'
    word = word_of(judged.verdict)
    who = "" if word.holds or not judged.who else f", {_label(judged.who)}"
    return f'["{word.sign} {_label(gate.title)}<br/>{word}{who}"]:::{word}'


def _classes(assessment: Assessment | None) -> Iterator[str]:
    used = [word_of(judged.verdict) for judged in assessment.gates] if assessment else []
    for word in VerdictWord:
        if word in used:
            yield f"  classDef {word} {_STYLES[word]}"


def _label(text: str) -> str:
    """Write text for a quoted label: signs that Mermaid, Markdown or HTML would read become numbered entities.

    A label must not be empty.
    """
    return _READ_AS_MORE.sub(lambda match: f"#{ord(match[0])};", one_line(text)[:_LONGEST]) or "…"


class ChartPhase(Struct, frozen=True):
    """One phase and its gates, in the table's order."""

    phase: Phase
    gates: tuple[Gate, ...]


class Chart(Struct, frozen=True):
    """A process as it applies to one release: `judged` is empty when only the table is drawn."""

    parts: tuple[ChartPhase, ...]
    judged: Mapping[str, Judged]

    @property
    def arrows(self) -> tuple[tuple[str, str], ...]:
        """From each gate to the gates that come after it, by name; only between gates that are shown."""
        gates = [gate for part in self.parts for gate in part.gates]
        shown = {gate.name for gate in gates}
        return tuple((before, gate.name) for gate in gates for before in gate.after if before in shown)


def chart_of(process: Process, assessment: Assessment | None) -> Chart:
    """Lay out a process; with an assessment, only the gates that it judged, and what joins them."""
    judged = {} if assessment is None else dict(assessment.by_name)
    if assessment is not None:
        for gate in process.gates:
            if gate.name not in judged:
                process = process.without(gate.name)
    parts = (ChartPhase(phase, tuple(g for g in process.gates if g.phase == phase.name)) for phase in process.phases)
    return Chart(tuple(part for part in parts if part.gates), judged)

"""What a flowchart shows: phases in order, with the gates that belong to the release, and what comes after what."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from secrel.evaluate.verdicts import Assessment, Judged
from secrel.process.table import Gate, Phase, Process


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

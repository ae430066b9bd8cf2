"""The flowchart in a terminal: phases in order, gates with sign and word, and who acts until when."""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.verdicts import Assessment, Judged
from secrel.faces.flowchart.chart import Chart, ChartPhase, chart_of
from secrel.faces.terminal import Paint, padded, width_of, wrapped
from secrel.papers.wording import relative, word_of
from secrel.process.table import Gate, Process

_WORD = max(map(len, ("passed", "blocked", "waiting", "waived", "unseen")))
_NARROWEST = 40


def drawn(process: Process, assessment: Assessment | None = None, width: int = 80, *, colour: bool = False) -> str:
    """Draw a process for a terminal of `width` cells (below 40 it is taken as 40); colour is never the only sign."""
    chart = chart_of(process, assessment)
    paint = Paint(colour)
    room = max(width, _NARROWEST)
    blocks = ["\n".join(_part(part, chart, assessment, room, paint)) for part in chart.parts]
    return "\n│\n▼\n".join(blocks) + "\n" if blocks else ""


def _part(part: ChartPhase, chart: Chart, assessment: Assessment | None, width: int, paint: Paint) -> Iterator[str]:
    judged = [chart.judged[gate.name] for gate in part.gates if gate.name in chart.judged]
    held = sum(word_of(one.verdict).holds for one in judged)
    count = f"{held} of {len(judged)} hold" if judged else ""
    title = wrapped(part.phase.title, width - len(count) - 2)
    yield f"{paint(padded(title[0], width - len(count)), 'bold')}{count}".rstrip()
    yield from (paint(line, "bold") for line in title[1:])
    for gate in part.gates:
        yield from _gate(gate, chart.judged.get(gate.name), assessment, width, paint)


def _gate(gate: Gate, judged: Judged | None, assessment: Assessment | None, width: int, paint: Paint) -> Iterator[str]:
    if judged is None or assessment is None:
        yield from (f"│ {line}" for line in _hung("○ ", gate.title, width - 2))
        return
    word = word_of(judged.verdict)
    first, *more = _hung(f"{word.sign} {padded(word, _WORD)}  ", gate.title, width - 2)
    mark = f"{word.sign} {word}"
    yield f"│ {first.replace(mark, paint(mark, word.style), 1)}"
    yield from (f"│ {line}" for line in more)
    if judged.is_somebodys:
        when = f", due {relative(judged.due, assessment.at)}" if judged.due else ""
        indent = " " * (_WORD + 4)
        yield from (f"│ {indent}{line}" for line in wrapped(f"{judged.who}{when}", width - 2 - width_of(indent)))


def _hung(lead: str, text: str, width: int) -> Iterator[str]:
    """Wrap text behind a lead, further lines below its beginning."""
    for place, line in enumerate(wrapped(text, width - width_of(lead)) or [""]):
        yield (lead if place == 0 else " " * width_of(lead)) + line

"""One gate in a terminal with all there is to say: why it is there, by which rule, and everything that was found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from secrel.evaluate.verdicts import Judged
from secrel.faces.status.board import Board
from secrel.faces.status.words import actor, told_at, until_said
from secrel.faces.terminal import wrapped
from secrel.papers.wording import reasons, word_of
from secrel.process.due import Due

_NARROWEST = 40


def gate_text(board: Board, judged: Judged, *, width: int = 80) -> str:
    """Say everything of one gate, in lines of at most `width` cells but for those with a command."""
    gate, word = judged.gate, word_of(judged.verdict)

    def told(*texts: str) -> Iterator[str]:
        return (line for text in texts for line in wrapped(text, max(width, _NARROWEST)))

    lines = [*told(f"{gate.title} ({gate.name})", f"{word.sign} {word}")]
    for reason in reasons(judged.verdict, board.scene.process, board.zone):
        lines += [*told(f"- {reason}"), *([f"  to go on: {reason.remedy}"] if reason.remedy else [])]
    lines += told(f"who: {actor(judged)}", *_when(board, judged))
    lines += told(f"why: {gate.why}") if gate.why else []
    lines += told(f"rule: the check {gate.check}{_params(judged)}{f'; {gate.source}' if gate.source else ''}")
    lines += told(f"comes after: {', '.join(gate.after)}") if gate.after else []
    lines += told(f"made by: {gate.makes}") if gate.makes else []
    lines += [f"run: {judged.command}"] if judged.command and not word.holds else []
    return "\n".join([*lines, *told(f"seen {told_at(board.now, board)}")]) + "\n"


def _when(board: Board, judged: Judged) -> Iterator[str]:
    rules = [(judged.gate.opens, "opens"), (judged.gate.due, "due")]
    said = [f"{word} {rule.text}" for rule, word in rules if isinstance(rule, Due)]
    until = until_said(judged, board)
    if said or until:
        yield f"when: {'; '.join([*said, *([until] if until else [])])}"


def _params(judged: Judged) -> str:
    params = judged.gate.params
    names = getattr(params, "__struct_fields__", ())
    told = [
        f"{name}: {_value(value)}" for name in names if (value := getattr(params, name)) not in ("", (), None, False)
    ]
    return f" ({'; '.join(told)})" if told else ""


def _value(value: Any) -> str:
    if value is True:
        return "yes"
    return ", ".join(value) if isinstance(value, tuple) else str(value)

"""What a check is told by its row: parameters, read with their types; a wrong one names the row's place."""

from __future__ import annotations

from secrel.evaluate.verdicts import Question
from secrel.words.errors import Misused


def _wrong(question: Question, name: str, wanted: str) -> Misused:
    return Misused(
        f"the parameter {name} of the gate {question.gate.name} is not {wanted}",
        where=question.gate.place,
        remedy="mend the row in the process file",
    )


def told_word(question: Question, name: str, default: str = "") -> str:
    """Give a text; raises `Misused` when it is something else."""
    value = question.gate.params.get(name, default)
    if not isinstance(value, str):
        raise _wrong(question, name, "a text")
    return value


def told_words(question: Question, name: str) -> tuple[str, ...]:
    """Give a list of texts, empty when nothing is told; raises `Misused` when it is something else."""
    value = question.gate.params.get(name, ())
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return tuple(value)
    raise _wrong(question, name, "a list of texts")


def told_number(question: Question, name: str, default: int) -> int:
    """Give a whole number, not negative; raises `Misused` when it is something else."""
    value = question.gate.params.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _wrong(question, name, "a whole number")
    return value


def told_flag(question: Question, name: str) -> bool:
    """Give true or false, false when nothing is told; raises `Misused` when it is something else."""
    value = question.gate.params.get(name, False)
    if not isinstance(value, bool):
        raise _wrong(question, name, "true or false")
    return value

"""A plan in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from rich.cells import chop_cells

from secrel.faces.plan.parts import Text, facts_of, marks_of, texts_of
from secrel.faces.plan.words import MARKS, before_command, counted, embargo
from secrel.faces.terminal import Paint, clipped, visible, wrapped
from secrel.plan.plan import Plan
from secrel.words.effects import Effect

_NARROWEST = 40
_LINES_SHOWN = 12
_LONGEST_COMMAND = 2000


def plan_text(plan: Plan, told: str, *, width: int, colour: bool) -> str:
    """Show a plan in lines of at most `width` cells (below 40 it is taken as 40).

    `told` is the command to run next, which stays in one line.
    """
    room, paint = max(width, _NARROWEST), Paint(colour)
    lines = [*_head(plan, room, paint)]
    for number, effect in enumerate(plan.effects, start=1):
        lines += ["", *_effect(number, effect, room, paint)]
    lines += ["", *_foot(plan, told, room, paint)]
    return "\n".join(lines) + "\n"


def _head(plan: Plan, width: int, paint: Paint) -> Iterator[str]:
    if plan.targets:
        for place, target in enumerate(plan.targets):
            yield from _hung("Target  " if place == 0 else "        ", target, width)
    else:
        yield paint("Target  none is named", "alarm")
    yield from _hung("Plan    ", f"{plan.release}: {counted(plan)}", width)
    used = dict.fromkeys(mark for effect in plan.effects for mark in marks_of(effect))
    for mark in used:
        yield from _hung("        ", f"{mark} {MARKS[mark]}", width)


def _effect(number: int, effect: Effect, width: int, paint: Paint) -> Iterator[str]:
    marks = marks_of(effect)
    style = "alarm" if marks else "bold"
    for line in wrapped(f"{number}. {effect.key}: {', '.join([effect.kind, *marks])}", width):
        yield paint(line, style)
    yield from _hung("   ", effect.summary, width)
    when = embargo(effect)
    if when:
        yield from _hung("   ", f"not before {when}, when its embargo lifts", width)
    for fact in facts_of(effect):
        yield from _hung("   ", f"{fact.name}: {visible(fact.value)}", width)
    for text in texts_of(effect):
        yield from _text(text, width, paint)


def _text(text: Text, width: int, paint: Paint) -> Iterator[str]:
    if not text.text:
        yield from _hung("   ", f"{visible(text.name)}: empty", width)
        return
    changed = _changed(text)
    lines = changed or [("|", line) for line in _lines(text.text)]
    told = ", changed lines" if changed else ""
    yield from _hung("   ", f"{visible(text.name)} ({text.size:,} bytes, {text.digest}{told}):", width)
    for sign, line in lines[:_LINES_SHOWN]:
        parts = _cut(line, width - 7)
        yield paint(f"     {sign} {parts[0]}".rstrip(), "dim")
        yield from (paint(f"     . {part}".rstrip(), "dim") for part in parts[1:])
    if len(lines) > _LINES_SHOWN:
        left = len(lines) - _LINES_SHOWN
        yield f"     … {left} more line{'' if left == 1 else 's'}: --format markdown shows all"


def _lines(text: str) -> list[str]:
    return visible(text).rstrip("\n").split("\n")


def _changed(text: Text) -> list[tuple[str, str]]:
    """Give the lines that go and come of a text that is rewritten; none of one that is new, or changes in no line."""
    if text.before is None:
        return []
    told = list(unified_diff(_lines(text.before), _lines(text.text), n=0, lineterm=""))[2:]
    return [(line[0], line[1:]) for line in told if not line.startswith("@@")]


def _cut(line: str, width: int) -> list[str]:
    """Cut a line as it is, blanks and all, into parts of at most `width` cells."""
    return chop_cells(line, width) or [""]


def _foot(plan: Plan, told: str, width: int, paint: Paint) -> Iterator[str]:
    yield f"Digest  {plan.digest}"
    for notice in plan.notices:
        yield from (paint(line, "alarm") for line in _hung("READ    ", notice.what, width))
    for refusal in plan.refusals:
        yield from (paint(line, "alarm") for line in _hung("REFUSED ", f"{refusal.rule}: {refusal.what}", width))
        if refusal.keys:
            yield from _hung("        ", f"about {', '.join(refusal.keys)}", width)
        if refusal.remedy:
            yield from _hung("        ", f"to go on: {refusal.remedy}", width)
    if told:
        yield from _hung("Next    ", before_command(plan), width)
        yield f"        {clipped(told, _LONGEST_COMMAND)}"
    elif plan.refusals:
        yield from _hung("Next    ", "nothing is carried out while the plan refuses itself", width)


def _hung(lead: str, text: str, width: int) -> Iterator[str]:
    for place, line in enumerate(wrapped(text, width - len(lead)) or [""]):
        yield ((lead if place == 0 else " " * len(lead)) + line).rstrip()

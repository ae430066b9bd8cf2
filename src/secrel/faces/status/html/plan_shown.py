"""The plan that waits, with every byte of it: what is approved is what was read."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from secrel.faces.html import element, joined_html
from secrel.faces.plan.parts import Text, facts_of, marks_of, texts_of
from secrel.faces.plan.words import MARKS, before_command, command, counted, embargo
from secrel.faces.status.board import Board
from secrel.faces.status.html import marks
from secrel.faces.terminal import visible
from secrel.plan.plan import Plan
from secrel.words.effects import Effect


def waiting(board: Board) -> Iterator[Markup]:
    """Give each effect of the plan with its texts folded, what was refused, its digest, and how it is approved."""
    plan = board.plan
    if plan is None or not (plan.effects or plan.refusals or plan.notices):
        yield element("p", "Nothing waits for a person.")
        return
    if plan.effects:
        yield element("p", f"{counted(plan)}; to {'; '.join(plan.targets) or 'no target'}", class_="soft")
        yield element("ol", *(_effect(place, effect) for place, effect in enumerate(plan.effects, 1)), class_="effects")
    yield from _left(plan)
    told = command(plan)
    if told:
        yield element("p", "The digest of all of it is ", element("code", plan.digest, class_="digest"), ".")
        yield element("p", before_command(plan).capitalize())
        yield marks.command(told)
        yield element("p", "Has anything changed since, it has another digest, and nothing is done.", class_="soft")


def _left(plan: Plan) -> Iterator[Markup]:
    for notice in plan.notices:
        yield element("p", f"To read: {notice.what}", class_="late")
    for one in plan.refusals:
        yield element("p", f"Refused: {one.rule}: {one.what}", class_="late")
        if one.remedy:
            yield element("p", f"To go on: {one.remedy}")


def _effect(place: int, effect: Effect) -> Markup:
    said = (element("span", f"{mark.lower()}: {MARKS[mark]}", class_="v blocked wraps") for mark in marks_of(effect))
    when = embargo(effect)
    facts = [("key", effect.key), ("kind", effect.kind), *([("not before", when)] if when else [])]
    facts += [(one.name, one.value) for one in facts_of(effect)]
    rows = (joined_html(element("dt", visible(name)), element("dd", visible(value))) for name, value in facts)
    return element(
        "li",
        element("h3", f"{place}. {effect.summary}"),
        *(element("p", one) for one in said),
        element("dl", *rows),
        *(_text(text) for text in texts_of(effect)),
    )


def _text(text: Text) -> Markup:
    name = visible(text.name)
    if not text.text:
        return element("p", f"{name}: empty", class_="small")
    head = element("summary", f"{name}, {text.size:,} bytes, ", element("code", text.digest))
    return element("details", head, element("pre", visible(text.text), tabindex="0"))

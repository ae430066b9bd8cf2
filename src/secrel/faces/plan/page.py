"""A plan as Markdown, with every text whole."""

from __future__ import annotations

from collections.abc import Iterator

from secrel.faces.plan.parts import facts_of, marks_of, texts_of
from secrel.faces.plan.words import MARKS, before_command, counted, embargo
from secrel.faces.terminal import visible
from secrel.papers.text import markdown_text
from secrel.papers.wording import code_block, code_span
from secrel.plan.plan import Plan
from secrel.words.effects import Effect


def plan_markdown(plan: Plan, told: str) -> str:
    """Show a plan as a page, with `told`, the command that carries it out.

    Texts are in code blocks that they cannot leave, hidden characters made visible.
    """
    lines = [f"# {markdown_text(f'Plan of {plan.release}')}", ""]
    lines += [f"- **Target:** {markdown_text('; '.join(plan.targets) or 'none is named')}"]
    lines += [f"- **Effects:** {markdown_text(counted(plan))}", f"- **Digest:** `{plan.digest}`"]
    for number, effect in enumerate(plan.effects, start=1):
        lines += ["", *_effect(number, effect)]
    if plan.notices:
        lines += ["", "## To read", "", *(f"- {markdown_text(notice.what)}" for notice in plan.notices)]
    if plan.refusals:
        lines += ["", "## Refused", ""]
    for refusal in plan.refusals:
        parts = [f"**{markdown_text(refusal.rule)}:** {markdown_text(refusal.what)}"]
        parts += [f"about {', '.join(map(code_span, refusal.keys))}"] if refusal.keys else []
        parts += [f"to go on: {markdown_text(refusal.remedy)}"] if refusal.remedy else []
        lines.append(f"- {'; '.join(parts)}")
    if told:
        lines += [
            "",
            "## Next",
            "",
            before_command(plan).capitalize(),
            "",
            code_block(told, "sh"),
        ]
    return "\n".join(map(str, lines)) + "\n"


def _effect(number: int, effect: Effect) -> Iterator[str]:
    yield f"## {number}. {code_span(effect.key)}: {effect.kind}"
    yield ""
    yield str(markdown_text(effect.summary))
    yield ""
    for mark in marks_of(effect):
        yield f"- **{mark}:** {MARKS[mark]}"
    when = embargo(effect)
    if when:
        yield f"- **not before:** {markdown_text(when)}, when its embargo lifts"
    for fact in facts_of(effect):
        yield f"- **{markdown_text(fact.name)}:** {code_span(visible(fact.value))}"
    for text in texts_of(effect):
        yield ""
        if not text.text:
            yield f"{code_span(visible(text.name))}: empty"
            continue
        yield f"{code_span(visible(text.name))} ({text.size:,} bytes, `{text.digest}`):"
        yield ""
        yield code_block(visible(text.text))

"""A plan in the three formats: the target first, then every effect with its text, the digest, what to run next."""

from __future__ import annotations

from typing import Literal, get_args

from secrel.plan.plan import Plan
from secrel.render.plan.data import plan_json
from secrel.render.plan.page import plan_markdown
from secrel.render.plan.text import plan_text
from secrel.words.errors import Misused

Format = Literal["text", "markdown", "json"]
FORMATS: tuple[str, ...] = get_args(Format)


def render_plan(plan: Plan, *, format: str = "text", width: int = 100, colour: bool = False) -> str:  # noqa: A002 - the flag's own name
    """Show a plan as a person, a page or a program reads it; raises `Misused` for a format that is none of `FORMATS`.

    `width` and `colour` are for text only, where long texts show their first lines and their size; Markdown and JSON
    hold them whole. What a reader cannot see is made visible: what is approved is what was read.
    """
    match format:
        case "text":
            return plan_text(plan, width=width, colour=colour)
        case "markdown":
            return plan_markdown(plan)
        case "json":
            return plan_json(plan)
        case _:
            raise Misused(f"{format[:40]!r} is no format of a plan", remedy=f"name one of {', '.join(FORMATS)}")

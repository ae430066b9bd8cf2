"""A plan in the three formats: the target first, then every effect with its text, the digest, what to run next."""

from __future__ import annotations

from typing import Literal, get_args

from secrel.faces.plan.data import plan_json
from secrel.faces.plan.page import plan_markdown
from secrel.faces.plan.text import plan_text
from secrel.faces.plan.words import command
from secrel.plan.plan import Plan
from secrel.words.errors import Misused

Format = Literal["text", "markdown", "json"]
FORMATS: tuple[str, ...] = get_args(Format)


def render_plan(
    plan: Plan,
    *,
    format: str = "text",  # noqa: A002 - the flag's own name
    width: int = 100,
    colour: bool = False,
    next_command: str | None = None,
) -> str:
    """Show a plan as a person, a page or a program reads it; raises `Misused` for a format that is none of `FORMATS`.

    `next_command` is the one that carries it out, as whoever asks would run it (None: with a name to fill in; empty:
    none is shown). `width` and `colour` are for text only, where long texts show their first lines and their size;
    Markdown and JSON hold them whole. What a reader cannot see is made visible: what is approved is what was read.
    """
    told = command(plan)
    told = told if next_command is None else told and next_command
    match format:
        case "text":
            return plan_text(plan, told, width=width, colour=colour)
        case "markdown":
            return plan_markdown(plan, told)
        case "json":
            return plan_json(plan, told)
        case _:
            raise Misused(f"{format[:40]!r} is no format of a plan", remedy=f"name one of {', '.join(FORMATS)}")

"""A plan in the three formats: the target first, then every effect with its text, the digest, what to run next."""

from __future__ import annotations

import json
from typing import Any, Literal, get_args

from secrel.faces.plan.page import plan_markdown
from secrel.faces.plan.parts import facts_of, texts_of
from secrel.faces.plan.text import plan_text
from secrel.faces.plan.words import command
from secrel.plan.plan import Plan
from secrel.words.effects import Effect
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


VERSION = 1


def plan_json(plan: Plan, then: str) -> str:
    """Give a plan to programs; texts are whole and exact; `then`, its `next`, is the command that carries it out."""
    told = {
        "version": VERSION,
        "release": plan.release,
        "targets": list(plan.targets),
        "digest": plan.digest,
        "needs_approval": plan.needs_approval,
        "effects": [_effect(effect) for effect in plan.effects],
        "refusals": [
            {"rule": one.rule, "what": one.what, "keys": list(one.keys), "remedy": one.remedy} for one in plan.refusals
        ],
        "notices": [{"what": one.what, "keys": list(one.keys)} for one in plan.notices],
        "next": then or None,
    }
    return json.dumps(told, indent=2) + "\n"


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "key": effect.key,
        "kind": effect.kind,
        "summary": effect.summary,
        "reveals": effect.reveals,
        "audience": effect.audience.value,
        "findable": effect.findable,
        "not_before": effect.not_before.isoformat() if effect.not_before else None,
        "facts": [{"name": one.name, "value": one.value} for one in facts_of(effect)],
        "texts": [
            {"name": one.name, "text": one.text, "bytes": one.size, "digest": one.digest} for one in texts_of(effect)
        ],
    }

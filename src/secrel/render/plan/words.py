"""The words about a plan, the same in every format."""

from __future__ import annotations

from secrel.plan.plan import Plan
from secrel.words.effects import Effect

MARKS = {
    "REVEALS": "makes something public, or tells somebody outside",
    "BLIND": "cannot be found again once it is sent",
}


def counted(plan: Plan) -> str:
    """Sum up the effects: how many, how many reveal, how many are blind."""
    number = len(plan.effects)
    if not number:
        return "nothing to do"
    reveals = sum(effect.reveals for effect in plan.effects)
    blind = sum(not effect.findable for effect in plan.effects)
    parts = [f"{number} effect{'' if number == 1 else 's'}"]
    parts += [f"{reveals} reveal{'s' if reveals == 1 else ''}"] if reveals else []
    parts += [f"{blind} blind"] if blind else []
    return ", ".join(parts)


def command(plan: Plan) -> str:
    """Give the command that carries the plan out, for whoever approves it; nothing when it refuses or does nothing."""
    if plan.refusals or not plan.effects:
        return ""
    return f"secrel apply {plan.release} --approve {plan.digest} --by USERNAME"


def embargo(effect: Effect) -> str:
    """Say when the embargo of an effect lifts; nothing when it has none."""
    at = effect.not_before
    return f"{at.strftime('%Y-%m-%d %H:%M %Z').rstrip()}" if at else ""

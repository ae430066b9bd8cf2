"""The words about a plan, the same in every format."""

from __future__ import annotations

from secrel.evaluate.remedies import quoted
from secrel.plan.plan import Plan
from secrel.words.effects import Adopt, Effect

MARKS = {
    "REVEALS": "makes something public, or tells somebody outside",
    "BLIND": "cannot be checked or repeated once sent",
    "TAKES OVER": "makes something the desk's that people opened; their words stay",
}


def counted(plan: Plan) -> str:
    """Sum up the effects: how many, how many reveal, are blind, and take something over."""
    number = len(plan.effects)
    if not number:
        return "nothing to do"
    reveals = sum(effect.reveals for effect in plan.effects)
    blind = sum(not effect.findable for effect in plan.effects)
    over = sum(isinstance(effect.action, Adopt) for effect in plan.effects)
    parts = [f"{number} effect{'' if number == 1 else 's'}"]
    parts += [f"{reveals} reveal{'s' if reveals == 1 else ''}"] if reveals else []
    parts += [f"{blind} blind"] if blind else []
    parts += [f"{over} take{'s' if over == 1 else ''} over what people opened"] if over else []
    return ", ".join(parts)


def command(plan: Plan) -> str:
    """Give the command that carries the plan out; nothing when it refuses itself or does nothing.

    What neither reveals nor is blind nor takes anything over needs no approval (design.md, Approval).
    """
    if plan.refusals or not plan.effects:
        return ""
    approval = f" --approve {plan.digest}" if plan.needs_approval else ""
    return f"secrel apply {quoted(plan.release)}{approval} --by USERNAME"


def before_command(plan: Plan) -> str:
    """Say what to do before the command is run."""
    if plan.needs_approval:
        return "read every effect above; then, if all of it is right:"
    return "nothing here needs an approval:"


def embargo(effect: Effect) -> str:
    """Say when the embargo of an effect lifts; nothing when it has none."""
    at = effect.not_before
    return f"{at.strftime('%Y-%m-%d %H:%M %Z').rstrip()}" if at else ""

"""A plan as JSON, version 1 (docs/schemas/plan.schema.json)."""

from __future__ import annotations

import json
from typing import Any

from secrel.faces.plan.parts import facts_of, texts_of
from secrel.plan.plan import Plan
from secrel.words.effects import Effect

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

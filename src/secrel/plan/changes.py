"""What changed between the plan that a person read and the plan as it is now, told from fingerprints alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from secrel.plan.plan import Plan
from secrel.snapshot.seen import Snapshot
from secrel.words.effects import values_of
from secrel.words.forge import Issue
from secrel.words.parts import Part, known

Fingerprints = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Under `effects` each effect's fields by its key, under `facts` each issue's lines by its reference; no texts."""

_SAID_ELSEWHERE = frozenset({"key", "action"})
_MOST = 8


def fingerprints(plan: Plan, snapshot: Snapshot) -> Fingerprints:
    """Give what is remembered of a plan that was shown, so that a refusal can say later what changed since."""
    effects: dict[str, Mapping[str, str]] = {}
    for effect in plan.effects:
        told = values_of(effect)
        fields = {name: value for name, value in told.items() if name not in _SAID_ELSEWHERE}
        effects[effect.key] = _each(fields | {"kind": effect.kind} | values_of(effect.action))
    issues: list[Part[Any]] = [snapshot.tracking, *(fix.issue for fix in snapshot.tracked_fixes)]
    seen: list[Issue] = [issue for part in issues if (issue := known(part, None)) is not None]
    return {"effects": effects, "facts": {issue.ref: _each(issue.facts.table) for issue in seen}}


def _each(told: Mapping[str, Any]) -> dict[str, str]:
    encoded = {name: msgspec.json.encode(value, order="deterministic") for name, value in told.items()}
    return {name: hashlib.sha256(text).hexdigest()[:32] for name, text in encoded.items()}


def what_changed(before: Fingerprints | None, now: Fingerprints) -> str:
    """Say which effects and facts are others now, as the end of a sentence; `before` None: nobody was shown it."""
    if before is None:
        return "this desk has shown nobody a plan of that digest"
    found = [*_effects(before["effects"], now["effects"]), *_facts(before["facts"], now["facts"])]
    more = [f"and {len(found) - _MOST} more"] if len(found) > _MOST else []
    return "; ".join([*found[:_MOST], *more]) or "their order is another, or where they go, or what there is to look at"


def _effects(before: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    yield from (f"{key} is new" for key in now if key not in before)
    yield from (f"{key} is no longer in it" for key in before if key not in now)
    for key in now:
        if names := _differing(before.get(key, now[key]), now[key]):
            yield f"{key} has another {', '.join(names)}"


def _facts(before: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for ref in sorted({*before, *now}):
        if names := _differing(before.get(ref, {}), now.get(ref, {})):
            yield f"the details of {ref} changed: {', '.join(names)}"


def _differing(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))

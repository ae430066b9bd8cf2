"""From an assessment to a plan: what is wanted, made into effects, guarded (design.md, One direction)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from secrel.evaluate.verdicts import Assessment, Judged, Waiting
from secrel.plan.guard import EmbargoedFact, refusals
from secrel.plan.makers import MAKERS
from secrel.plan.making import Scene, Text, Want
from secrel.plan.plan import Plan, Refusal, in_order
from secrel.snapshot.seen import Seen
from secrel.words.effects import Effect, references
from secrel.words.fixes import RemovedFix


def open_makers(assessment: Assessment) -> list[str]:
    """Name the makers whose turn has come: those of gates with findings, in the table's order."""
    return list(dict.fromkeys(judged.gate.makes for judged in assessment.blocked if judged.gate.makes))


def wanted(makers: Sequence[str], scene: Scene) -> tuple[Want, ...]:
    """List what these makers want done, without what has its receipt."""
    return tuple(want for name in makers for want in MAKERS[name].wants(scene) if not scene.done(want.key))


def _said(judged: Judged) -> str:
    match judged.verdict:
        case Waiting(gates=gates) if gates:
            return f"{judged.gate.name} waits for {', '.join(gates)}"
        case Waiting(until=until) if until is not None:
            return f"{judged.gate.name} opens at {until:%Y-%m-%d %H:%M %Z}"
        case _:
            return f"{judged.gate.name} is not open"


def not_yet(maker: str, assessment: Assessment) -> list[str]:
    """Tell why the turn of `maker` has not come: what its gates wait for; empty when they all hold."""
    return [
        _said(judged)
        for judged in assessment.gates
        if judged.gate.makes == maker and isinstance(judged.verdict, Waiting)
    ]


def _facts_of(removed: RemovedFix) -> list[EmbargoedFact]:
    told = removed.issue.facts
    found = [
        EmbargoedFact(f"the {name} of {removed.ref}, which is no longer in the release", str(told[name]))
        for name in ("title", "description", "cve")
        if told.get(name)
    ]
    return [*found, EmbargoedFact(f"the address of {removed.ref}", removed.issue.url)]


def embargoed(scene: Scene) -> list[EmbargoedFact]:
    """List what must not become public with this release: all facts of fixes that were taken out of it.

    A text that an announced advisory holds as well (two fixes of one title) is no secret once that one is public.
    """
    told = {text for a in scene.snapshot.contents.advisories for text in (a.title, a.description, str(a.cve_id))}
    return [fact for removed in scene.snapshot.removed for fact in _facts_of(removed) if fact.text not in told]


def _sole_author(scene: Scene) -> str:
    part = scene.snapshot.draft
    draft = part.value if isinstance(part, Seen) else None
    if draft is None or any(assent.by != draft.author for assent in draft.assents):
        return ""
    return draft.author


def _unmet(effects: Sequence[Effect], done: Collection[str]) -> list[Refusal]:
    made = {effect.key for effect in effects} | set(done)
    return [
        Refusal("order", f"{effect.key} needs the address of {key}, which is not made yet", (effect.key,), "plan later")
        for effect in effects
        for key in sorted(references(effect.action) - made)
    ]


def plan_release(wants: Sequence[Want], texts: Mapping[str, Text], scene: Scene, targets: Sequence[str] = ()) -> Plan:
    """Make the plan of everything wanted that has a text, guarded.

    `texts` maps keys to what the desk wrote; a want without one is left out: the desk found nothing to change.
    """
    made = [MAKERS[want.maker].make(want, texts[want.key], scene) for want in wants if want.key in texts]
    effects = in_order(made, frozenset(scene.snapshot.receipts))
    found = [*refusals(effects, embargoed(scene), scene.now), *_unmet(effects, scene.snapshot.receipts)]
    return Plan(scene.name, effects, tuple(found), tuple(targets), _sole_author(scene))

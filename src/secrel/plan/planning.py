"""From a scene to a plan: the lines of work whose turn has come, their effects, guarded (design.md, One direction)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress

from secrel.evaluate.people import authors_of, fresh_reviews_of
from secrel.evaluate.verdicts import Assessment, Judged, UnseenVerdict, Waiting
from secrel.papers.scene import Scene
from secrel.plan.adopting import adoptions
from secrel.plan.audience import as_read, too_public
from secrel.plan.embargo import guarded
from secrel.plan.lines import work_named
from secrel.plan.making import Step
from secrel.plan.pacing import paced
from secrel.plan.plan import Later, Plan, Prepared, Refusal, in_order
from secrel.words.documents import CALLS, TABLE, Identity
from secrel.words.effects import Effect
from secrel.words.errors import NotSeen
from secrel.words.filling import references
from secrel.words.parts import Unseen, known

_NOT_OPEN = (Waiting, UnseenVerdict)


def open_works(assessment: Assessment) -> list[str]:
    """Name the lines of work whose turn has come: those of gates with findings, in the table's order."""
    return list(dict.fromkeys(judged.gate.makes for judged in assessment.blocked if judged.gate.makes))


def _kept(scene: Scene) -> list[str]:
    """Name the lines of work that keep documents, and what people were asked, up to date once they are there."""
    kept = [identity.kept_by for identity in TABLE.values() if identity.kept_by and _is_kept(identity, scene)]
    asked = [work for work, calls in CALLS.items() if any(scene.key(call) in scene.snapshot.receipts for call in calls)]
    return kept + [work for work in asked if not not_yet(work, scene.assessment)]


def _is_kept(identity: Identity, scene: Scene) -> bool:
    waits = identity.in_turn and bool(not_yet(identity.kept_by, scene.assessment))
    return _is_there(identity, scene) and not waits


def _is_there(identity: Identity, scene: Scene) -> bool:
    if identity.is_per_fix:
        return any(known(fix.cve_request, None) for fix in scene.snapshot.tracked_fixes)
    return bool(scene.address(identity.name))


def steps_of(work: str, scene: Scene) -> Iterator[Step]:
    """Give what a line of work wants done; one that needs to look at what could not be seen wants nothing more."""
    with suppress(NotSeen):  # the gates say what could not be seen
        yield from work_named(work)(scene)


def _said(judged: Judged) -> str:
    match judged.verdict:
        case Waiting(gates=gates) if gates:
            return f"{judged.gate.name} waits for {', '.join(gates)}"
        case Waiting(until=until) if until is not None:
            return f"{judged.gate.name} opens at {until:%Y-%m-%d %H:%M %Z}"
        case UnseenVerdict(reasons=reasons):
            return f"{judged.gate.name} could not be judged: {reasons[0]}"
        case _:
            return f"{judged.gate.name} is not open"


def not_yet(work: str, assessment: Assessment) -> list[str]:
    """Tell why the turn of a line of work has not come: what its gates wait for or need to see; empty when all hold."""
    return [
        _said(judged)
        for judged in assessment.gates
        if judged.gate.makes == work and isinstance(judged.verdict, _NOT_OPEN)
    ]


def _is_under_way(work: str, assessment: Assessment) -> bool:
    """Whether a gate of a line of work waits for people alone: its turn has come, and there is nothing to make."""
    waits = [one.verdict for one in assessment.gates if one.gate.makes == work and isinstance(one.verdict, Waiting)]
    return any(verdict.pending and not verdict.gates and verdict.until is None for verdict in waits)


def _to_look_at(work: str, assessment: Assessment) -> str:
    """Name the gate that a line of work waits for in the end: what it says is what keeps all of them waiting."""
    judged = {one.gate.name: one for one in assessment.gates}
    name = next(name for name, one in judged.items() if one.gate.makes == work and isinstance(one.verdict, _NOT_OPEN))
    while isinstance(verdict := judged[name].verdict, Waiting) and verdict.gates and verdict.gates[0] in judged:
        name = verdict.gates[0]
    return name


def _unfree(scene: Scene) -> frozenset[str]:
    """Give the handles of the post's authors while no other member has reviewed the draft as it now is.

    While that cannot be seen, it is as if nobody had.
    """
    part, snapshot = scene.snapshot.draft, scene.snapshot
    draft = known(part, None)
    if draft is None:
        return authors_of(snapshot) if isinstance(part, Unseen) else frozenset()
    try:
        fresh = fresh_reviews_of(draft, snapshot, scene.process)
    except NotSeen:
        return authors_of(snapshot)
    return frozenset() if fresh else authors_of(snapshot)


def _unmet(effects: Sequence[Effect], done: Collection[str]) -> list[Refusal]:
    made = {effect.key for effect in effects} | set(done)
    return [
        Refusal("order", f"{effect.key} needs the address of {key}, which is not made yet", (effect.key,), "plan later")
        for effect in effects
        for key in sorted(references(effect.action) - made)
    ]


def plan_release(scene: Scene, only: Collection[str] | None = None) -> Plan:
    """Plan what is open now, and every document that is behind, guarded.

    `only` keeps to some lines of work, and refuses for those whose turn has not come; a checklist that rests is
    rewritten when it is named there. Raises `Misused` for the name of none.
    """
    for name in only or ():
        work_named(name, where=scene.name)
    names = list(dict.fromkeys([*open_works(scene.assessment), *_kept(scene)]))
    early = [
        Refusal("order", reason, (), f"secrel status {scene.name} --gate {_to_look_at(name, scene.assessment)}")
        for name in only or ()
        if name not in names and not _is_under_way(name, scene.assessment)
        for reason in not_yet(name, scene.assessment)[:1]
    ]
    wants = [step for name in names if only is None or name in only for step in steps_of(name, scene)]
    steps = [*adoptions(scene, only), *(wants if only else paced(wants, scene))]
    wanted = in_order([step for step in steps if isinstance(step, Effect)], frozenset(scene.snapshot.receipts))
    read = [(as_read(effect, scene), effect) for effect in wanted]
    waiting = [why for effect, first in read if (why := too_public(first, effect, scene))]
    withheld = {key for why in waiting for key in why.keys}
    effects = tuple(effect for effect, _ in read if effect.key not in withheld)
    kept = guarded(effects, scene)
    found = [
        *early,
        *(step for step in steps if isinstance(step, Refusal)),
        *waiting,
        *kept.refusals,
        *_unmet(effects, scene.snapshot.receipts),
    ]
    prepared = tuple(step for step in steps if isinstance(step, Prepared))
    later = tuple(step for step in steps if isinstance(step, Later))
    return Plan(scene.name, effects, tuple(found), scene.targets, _unfree(scene), kept.notices, prepared, later)

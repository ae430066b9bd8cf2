"""Propose: everything whose turn has come, and every document that is behind, as one plan."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from secrel.desk.desk import Desk
from secrel.desk.looking import Look
from secrel.desk.texts.writing import write
from secrel.plan.makers import MAKERS
from secrel.plan.plan import Plan, Refusal
from secrel.plan.planning import not_yet, open_makers, plan_release, wanted
from secrel.words.errors import Misused
from secrel.words.parts import known

_KEPT_CURRENT = ("cve_updates", "checklist", "comms_issue")


def _behind(look: Look, makers: Sequence[str]) -> list[str]:
    """Name the documents that are kept up to date once they exist, whatever the gates say."""
    existing = {
        "cve_updates": any(known(fix.cve_request, None) for fix in look.snapshot.tracked_fixes),
        "checklist": f"{look.scene.name}/checklist" in look.snapshot.receipts,
        "comms_issue": f"{look.scene.name}/comms" in look.snapshot.receipts,
    }
    return [name for name in _KEPT_CURRENT if existing[name] and name not in makers]


def propose(desk: Desk, look: Look, only: Collection[str] | None = None) -> Plan:
    """Plan what is open now; `only` keeps to some makers, and refuses for those whose turn has not come.

    Raises `Misused` for the name of no maker.
    """
    strange = sorted(set(only or ()) - set(MAKERS))
    if strange:
        raise Misused(
            f"there is no line of work {strange[0][:60]!r}",
            where=look.scene.name,
            remedy=f"name one of: {', '.join(sorted(MAKERS))}",
        )
    makers = open_makers(look.assessment)
    makers = [*makers, *_behind(look, makers)]
    early: list[Refusal] = []
    if only is not None:
        makers = [name for name in makers if name in only]
        early = [
            Refusal("order", reason, (), f"secrel status {look.scene.name}")
            for name in only
            if name not in makers
            for reason in not_yet(name, look.assessment)[:1]
        ]
    wants = wanted(makers, look.scene)
    texts, held = write(desk, look, wants)
    plan = plan_release(wants, texts, look.scene, desk.targets)
    return Plan(plan.release, plan.effects, (*early, *held, *plan.refusals), plan.targets, plan.sole_author)

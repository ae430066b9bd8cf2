"""From a scene to a plan: the lines of work whose turn has come, their effects, guarded (design.md, One direction)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from secrel.evaluate.verdicts import Assessment, Judged, Waiting
from secrel.papers.post.current import AUTHOR
from secrel.papers.scene import Scene
from secrel.plan.guard import EmbargoedFact, folded, refusals
from secrel.plan.lines import work_named
from secrel.plan.plan import Plan, Refusal, in_order
from secrel.snapshot.seen import Seen
from secrel.words.documents import TABLE, Identity
from secrel.words.effects import Effect, references
from secrel.words.fixes import RemovedFix

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_TELLING = 40


def open_works(assessment: Assessment) -> list[str]:
    """Name the lines of work whose turn has come: those of gates with findings, in the table's order."""
    return list(dict.fromkeys(judged.gate.makes for judged in assessment.blocked if judged.gate.makes))


def _kept(scene: Scene) -> list[str]:
    """Name the lines of work that keep documents up to date once they are there, whatever the gates say."""
    return [identity.kept_by for identity in TABLE.values() if identity.kept_by and _is_there(identity, scene)]


def _is_there(identity: Identity, scene: Scene) -> bool:
    if identity.is_per_fix:
        return any(fix.cve_request for fix in scene.snapshot.tracked_fixes)
    return bool(scene.address(identity.name))


def _said(judged: Judged) -> str:
    match judged.verdict:
        case Waiting(gates=gates) if gates:
            return f"{judged.gate.name} waits for {', '.join(gates)}"
        case Waiting(until=until) if until is not None:
            return f"{judged.gate.name} opens at {until:%Y-%m-%d %H:%M %Z}"
        case _:
            return f"{judged.gate.name} is not open"


def not_yet(work: str, assessment: Assessment) -> list[str]:
    """Tell why the turn of a line of work has not come: what its gates wait for; empty when they all hold."""
    return [
        _said(judged)
        for judged in assessment.gates
        if judged.gate.makes == work and isinstance(judged.verdict, Waiting)
    ]


def _sentences(text: str) -> Iterator[str]:
    """Give a text as a whole, and those of its sentences that are long enough to be nobody else's."""
    yield text
    yield from (part for part in _SENTENCE_END.split(text) if part != text and len(part) >= _TELLING)


def _credits_of(told: object) -> Iterator[tuple[str, str]]:
    for credit in told if isinstance(told, list) else ():
        for name in ("name", "profile", "report") if isinstance(credit, dict) else ():
            yield f"finder's {name}", str(credit.get(name) or "")


def _secrets_of(removed: RemovedFix) -> Iterator[tuple[str, str]]:
    """Give everything of a removed fix that would give it away, with a word for each."""
    told = removed.issue.facts
    yield "title", removed.issue.title
    for name in ("title", "cve"):
        yield name, str(told.get(name) or "")
    for name in ("description", "workaround"):
        yield from ((name, text) for text in _sentences(str(told.get(name) or "")))
    yield "CVE id", str(removed.cve_id or "")
    yield "address", removed.issue.url
    yield from (("branch", branch) for branch in removed.branches)
    yield from _credits_of(told.get("credits"))


def _private_addresses(scene: Scene) -> Iterator[EmbargoedFact]:
    """Give the addresses of what only the team may read."""
    snapshot = scene.snapshot
    for name, part in (
        ("tracking issue", snapshot.tracking),
        ("checklist", snapshot.checklist),
        ("communications issue", snapshot.comms),
    ):
        if isinstance(part, Seen) and part.value is not None and part.value.confidential:
            yield EmbargoedFact(f"the address of the {name}", part.value.url)
    for fix in snapshot.tracked_fixes:
        if fix.cve_request is not None and fix.cve_request.confidential:
            yield EmbargoedFact(f"the address of the CVE request of {fix.ref}", fix.cve_request.url)


def embargoed(scene: Scene) -> list[EmbargoedFact]:
    """List what must not become public with this release: all facts of fixes that were taken out of it.

    So are the addresses of what stays confidential. A text that the announced advisories hold as well (two fixes of
    one title, one finder of two flaws) is no secret once those are public.
    """
    announced = [
        text
        for a in scene.snapshot.contents.advisories
        for text in (
            *(a.title, a.description, a.workaround, str(a.cve_id)),
            *(said for credit in a.credits for said in (credit.name, credit.profile)),
        )
    ]
    told = "\n".join(map(folded, announced))
    found = [
        EmbargoedFact(f"the {name} of {removed.ref}, which is no longer in the release", text)
        for removed in scene.snapshot.removed
        for name, text in _secrets_of(removed)
        if text and folded(text) not in told
    ]
    return [*dict.fromkeys(found), *_private_addresses(scene)]


def _author(scene: Scene) -> str:
    """Name the author of the post: whoever was named, else the Primary; empty when nobody is."""
    named = [claim.by for claim in scene.snapshot.claims if claim.gate == AUTHOR]
    duty = scene.snapshot.duty
    return named[-1] if named else (duty.primary if duty else "")


def _sole_author(scene: Scene) -> str:
    """Name the post's author while nobody else has approved the draft as it now is."""
    part = scene.snapshot.draft
    draft = part.value if isinstance(part, Seen) else None
    if draft is None:
        return ""
    author = _author(scene) or draft.author
    others = [assent for assent in draft.assents if assent.by not in (author, draft.author)]
    fresh = [assent for assent in others if draft.changed_at is None or assent.at >= draft.changed_at]
    return "" if fresh else author


def _unmet(effects: Sequence[Effect], done: Collection[str]) -> list[Refusal]:
    made = {effect.key for effect in effects} | set(done)
    return [
        Refusal("order", f"{effect.key} needs the address of {key}, which is not made yet", (effect.key,), "plan later")
        for effect in effects
        for key in sorted(references(effect.action) - made)
    ]


def plan_release(scene: Scene, only: Collection[str] | None = None) -> Plan:
    """Plan what is open now, and every document that is behind, guarded.

    `only` keeps to some lines of work, and refuses for those whose turn has not come. Raises `Misused` for the name of
    none.
    """
    known = {name: work_named(name, where=scene.name) for name in only or ()}
    names = list(dict.fromkeys([*open_works(scene.assessment), *_kept(scene)]))
    found = [
        Refusal("order", reason, (), f"secrel status {scene.name}")
        for name in known
        if name not in names
        for reason in not_yet(name, scene.assessment)[:1]
    ]
    steps = [step for name in names if only is None or name in known for step in work_named(name)(scene)]
    found += [step for step in steps if isinstance(step, Refusal)]
    effects = in_order([step for step in steps if isinstance(step, Effect)], frozenset(scene.snapshot.receipts))
    found += [*refusals(effects, embargoed(scene), scene.now), *_unmet(effects, scene.snapshot.receipts)]
    return Plan(scene.name, effects, tuple(found), scene.targets, _sole_author(scene))

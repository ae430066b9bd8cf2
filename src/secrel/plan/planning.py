"""From a scene to a plan: the lines of work whose turn has come, their effects, guarded (design.md, One direction)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from secrel.evaluate.people import authors_of, fresh_reviews_of
from secrel.evaluate.verdicts import Assessment, Judged, UnseenVerdict, Waiting
from secrel.papers.scene import Scene
from secrel.plan.guard import EmbargoedFact, folded, refusals
from secrel.plan.lines import work_named
from secrel.plan.making import Step
from secrel.plan.plan import Plan, Prepared, Refusal, in_order
from secrel.words.advisories import Advisory, Credit, CreditSource, CreditType
from secrel.words.documents import TABLE, Identity
from secrel.words.effects import Effect, LiftConfidentiality, references
from secrel.words.errors import NotSeen
from secrel.words.facts.stated import FixFacts, Stated
from secrel.words.fixes import RemovedFix
from secrel.words.forge import Issue
from secrel.words.ids import CVE
from secrel.words.parts import Part, Unseen, known

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_TELLING = 40
_PLAIN_WORDS = frozenset({*FixFacts.__struct_fields__, *Credit.__struct_fields__, *CreditSource, *CreditType})
"""Words of every details table: they give nothing away."""


def open_works(assessment: Assessment) -> list[str]:
    """Name the lines of work whose turn has come: those of gates with findings, in the table's order."""
    return list(dict.fromkeys(judged.gate.makes for judged in assessment.blocked if judged.gate.makes))


def _kept(scene: Scene) -> list[str]:
    """Name the lines of work that keep documents up to date once they are there."""
    return [identity.kept_by for identity in TABLE.values() if identity.kept_by and _is_kept(identity, scene)]


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
        if judged.gate.makes == work and isinstance(judged.verdict, Waiting | UnseenVerdict)
    ]


def _sentences(text: str) -> Iterator[str]:
    """Give a text as a whole, and those of its sentences that are long enough to be nobody else's."""
    yield text
    yield from (part for part in _SENTENCE_END.split(text) if part != text and len(part) >= _TELLING)


def _secrets_of(removed: RemovedFix, issue: Issue) -> Iterator[tuple[str, str]]:
    """Give everything of a removed fix that would give it away, with a word for each."""
    told = issue.facts.of(FixFacts)
    yield from (("title", issue.title), ("title", told.title), ("cve", str(told.cve or "")))
    for name, text in (("description", told.description), ("workaround", told.workaround)):
        yield from ((name, part) for part in _sentences(text))
    yield "address", issue.url
    for credit in told.credits:
        yield from ((f"finder's {name}", getattr(credit, name)) for name in ("name", "profile", "report"))
    yield "CVE id", str(known(removed.cve_id, None) or "")
    yield from (("branch", branch) for branch in known(removed.branches, ()))


def _unread_of(stated: Stated) -> Iterator[tuple[str, str]]:
    """Give all that stands in lines that cannot be read: nobody can tell what of it is secret."""
    for fault in stated.faults:
        name = fault.line if fault.line in FixFacts.__struct_fields__ else "details"
        for text in dict.fromkeys((fault.line, *fault.texts())):
            parts = () if text in _PLAIN_WORDS else (*_sentences(text), *text.splitlines(), *CVE.findall(text))
            yield from ((f"unreadable {name}", part) for part in parts)


def _announced(advisory: Advisory) -> Iterator[str]:
    yield from (advisory.title, advisory.description, advisory.workaround, str(advisory.cve_id))
    for credit in advisory.credits:
        yield from (credit.name, credit.profile)


def _said_beside(advisory: Advisory) -> Iterator[str]:
    yield from (advisory.edition, str(advisory.vector), str(advisory.weakness))
    yield from (*advisory.references, *map(str, advisory.related))


@dataclass(frozen=True, slots=True)
class Embargoed:
    """What must not become public with a release, and what of it could not be seen: each names what is missing."""

    facts: tuple[EmbargoedFact, ...]
    unseen: tuple[str, ...] = ()


_UNKNOWN = Issue("", "", "", "")


def embargoed(scene: Scene) -> Embargoed:
    """List what must not become public with this release: all facts of fixes that were taken out of it.

    So is every text in a line of theirs that cannot be read, and are the addresses of what stays confidential. A text
    that the announced advisories hold as well (two fixes of one title, one finder of two flaws) is no secret once those
    are public.
    """
    advisories = scene.snapshot.contents.advisories
    told = "\n".join(folded(text) for a in advisories for text in _announced(a))
    beside = "\n".join([told, *(folded(text) for a in advisories for text in _said_beside(a))])
    gone = scene.snapshot.removed
    found = [
        EmbargoedFact(f"the {name} of {removed.ref}, which is no longer in the release", text)
        for removed in known(gone, ())
        for issue in (known(removed.issue, _UNKNOWN),)
        for secrets, public in ((_secrets_of(removed, issue), told), (_unread_of(issue.facts), beside))
        for name, text in secrets
        if text and folded(text) not in public
    ]
    parts = [*_removed_parts(gone), *_private_parts(scene)]
    facts = [*dict.fromkeys(found), *(fact for _, _, fact in parts if fact is not None)]
    return Embargoed(tuple(facts), tuple(f"{what}: {why}" for what, why, _ in parts if why))


_Looked = tuple[str, str, EmbargoedFact | None]
"""What the guard looks at: its name, why it could not be seen whole (or nothing), and the fact it gives by itself."""


def _why(part: Part[Any]) -> str:
    return part.reason if isinstance(part, Unseen) else part.shortfall


def _removed_parts(gone: Part[tuple[RemovedFix, ...]]) -> Iterator[_Looked]:
    yield "the fixes that were taken out", _why(gone), None
    for removed in known(gone, ()):
        yield f"the issue of {removed.ref}", _why(removed.issue), None
        yield f"the CVE id of {removed.ref}", _why(removed.cve_id), None
        yield f"the branches of {removed.ref}", _why(removed.branches), None


def _private_parts(scene: Scene) -> Iterator[_Looked]:
    """Look for the addresses of what only the team may read."""
    snapshot = scene.snapshot
    yield "the fixes", _why(snapshot.fixes), None
    private = [
        ("the tracking issue", snapshot.tracking),
        ("the checklist", snapshot.checklist),
        ("the communications issue", snapshot.comms),
        *((f"the CVE request of {fix.ref}", fix.cve_request) for fix in snapshot.tracked_fixes),
    ]
    for name, part in private:
        found = known(part, None)
        is_private = found is not None and found.confidential
        yield name, _why(part), EmbargoedFact(f"the address of {name}", found.url) if found and is_private else None


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


def _blind(effects: Sequence[Effect], guard: Embargoed) -> Iterator[Refusal]:
    """Refuse every effect that reveals a text, when the guard could not see everything it needs."""
    for effect in effects if guard.unseen else ():
        if effect.reveals and not isinstance(effect.action, LiftConfidentiality):
            yield Refusal(
                "unseen",
                f"{effect.key} cannot be compared with what is under embargo: {'; '.join(guard.unseen[:3])}",
                (effect.key,),
                "look again: secrel doctor",
            )


def plan_release(scene: Scene, only: Collection[str] | None = None) -> Plan:
    """Plan what is open now, and every document that is behind, guarded.

    `only` keeps to some lines of work, and refuses for those whose turn has not come. Raises `Misused` for the name of
    none.
    """
    for name in only or ():
        work_named(name, where=scene.name)
    names = list(dict.fromkeys([*open_works(scene.assessment), *_kept(scene)]))
    early = [
        Refusal("order", reason, (), f"secrel status {scene.name}")
        for name in only or ()
        if name not in names
        for reason in not_yet(name, scene.assessment)[:1]
    ]
    steps = [step for name in names if only is None or name in only for step in steps_of(name, scene)]
    effects = in_order([step for step in steps if isinstance(step, Effect)], frozenset(scene.snapshot.receipts))
    guard = embargoed(scene)
    found = [
        *early,
        *(step for step in steps if isinstance(step, Refusal)),
        *refusals(effects, guard.facts, scene.now),
        *_blind(effects, guard),
        *_unmet(effects, scene.snapshot.receipts),
    ]
    prepared = tuple(step for step in steps if isinstance(step, Prepared))
    return Plan(scene.name, effects, tuple(found), scene.targets, _unfree(scene), prepared)

"""From an assessment to a plan: what is wanted, made into effects, guarded (design.md, One direction)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from secrel.evaluate.verdicts import Assessment, Judged, Waiting
from secrel.plan.guard import EmbargoedFact, folded, refusals
from secrel.plan.makers import MAKERS
from secrel.plan.making import AUTHOR, Scene, Text, Want
from secrel.plan.plan import Plan, Refusal, in_order
from secrel.snapshot.seen import Seen
from secrel.words.advisories import Advisory, Credit, CreditSource, CreditType
from secrel.words.effects import Effect, references
from secrel.words.facts.stated import FixFacts
from secrel.words.fixes import RemovedFix
from secrel.words.ids import CVE

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_TELLING = 40
_PLAIN_WORDS = frozenset({*FixFacts.__struct_fields__, *Credit.__struct_fields__, *CreditSource, *CreditType})
"""Words of every details table: they give nothing away."""


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


def _sentences(text: str) -> Iterator[str]:
    """Give a text as a whole, and those of its sentences that are long enough to be nobody else's."""
    yield text
    yield from (part for part in _SENTENCE_END.split(text) if part != text and len(part) >= _TELLING)


def _secrets_of(removed: RemovedFix) -> Iterator[tuple[str, str]]:
    """Give everything of a removed fix that would give it away, with a word for each."""
    told = removed.issue.facts.of(FixFacts)
    yield from (("title", removed.issue.title), ("title", told.title), ("cve", str(told.cve or "")))
    for name, text in (("description", told.description), ("workaround", told.workaround)):
        yield from ((name, part) for part in _sentences(text))
    yield "CVE id", str(removed.cve_id or "")
    yield "address", removed.issue.url
    yield from (("branch", branch) for branch in removed.branches)
    for credit in told.credits:
        yield from ((f"finder's {name}", getattr(credit, name)) for name in ("name", "profile", "report"))


def _unread_of(removed: RemovedFix) -> Iterator[tuple[str, str]]:
    """Give all that stands in lines that cannot be read: nobody can tell what of it is secret."""
    for fault in removed.issue.facts.faults:
        name = fault.line if fault.line in FixFacts.__struct_fields__ else "details"
        for text in dict.fromkeys((fault.line, *fault.texts())):
            parts = () if text in _PLAIN_WORDS else (*_sentences(text), *text.splitlines(), *CVE.findall(text))
            yield from ((f"unreadable {name}", part) for part in parts)


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


def _announced(advisory: Advisory) -> Iterator[str]:
    yield from (advisory.title, advisory.description, advisory.workaround, str(advisory.cve_id))
    for credit in advisory.credits:
        yield from (credit.name, credit.profile)


def _said_beside(advisory: Advisory) -> Iterator[str]:
    yield from (advisory.edition, str(advisory.vector), str(advisory.weakness))
    yield from (*advisory.references, *map(str, advisory.related))


def embargoed(scene: Scene) -> list[EmbargoedFact]:
    """List what must not become public with this release: all facts of fixes that were taken out of it.

    So is every text in a line of theirs that cannot be read, and are the addresses of what stays confidential. A text
    that the announced advisories hold as well (two fixes of one title, one finder of two flaws) is no secret once those
    are public.
    """
    advisories = scene.snapshot.contents.advisories
    told = "\n".join(folded(text) for a in advisories for text in _announced(a))
    beside = "\n".join([told, *(folded(text) for a in advisories for text in _said_beside(a))])
    found = [
        EmbargoedFact(f"the {name} of {removed.ref}, which is no longer in the release", text)
        for removed in scene.snapshot.removed
        for secrets, public in ((_secrets_of(removed), told), (_unread_of(removed), beside))
        for name, text in secrets
        if text and folded(text) not in public
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


def plan_release(wants: Sequence[Want], texts: Mapping[str, Text], scene: Scene, targets: Sequence[str] = ()) -> Plan:
    """Make the plan of everything wanted that has a text, guarded.

    `texts` maps keys to what the desk wrote; a want without one is left out: the desk found nothing to change.
    """
    made = [MAKERS[want.maker].make(want, texts[want.key], scene) for want in wants if want.key in texts]
    effects = in_order(made, frozenset(scene.snapshot.receipts))
    found = [*refusals(effects, embargoed(scene), scene.now), *_unmet(effects, scene.snapshot.receipts)]
    return Plan(scene.name, effects, tuple(found), tuple(targets), _sole_author(scene))

"""What must not become public with a release, and what of it could not be seen (mission M10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from secrel.papers.cve5.references import cited_reports
from secrel.papers.scene import Scene
from secrel.plan.guard import EmbargoedFact, Guarded, folded, guard
from secrel.plan.plan import Refusal
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory, Credit, CreditSource, CreditType
from secrel.words.effects import Effect, PublishRecord, SetFacts, TellReporter
from secrel.words.facts.stated import FixFacts, Stated
from secrel.words.fixes import Fix
from secrel.words.forge import Issue
from secrel.words.ids import CVE
from secrel.words.parts import Part, Seen, Unseen, known, mapped
from secrel.words.patterns import pattern

_SENTENCE_END = pattern(r"(?<=[.!?])\s+|\n+")
_TELLING = 40
_PLAIN_WORDS = frozenset({*FixFacts.__struct_fields__, *Credit.__struct_fields__, *CreditSource, *CreditType})
"""Words of every details table: they give nothing away."""
_GONE, _UNLINKED = "which is no longer in the release", "which no release has linked"
_LATE = "which was linked after the announcement"
_REPORTED = "where a finder reported"


class Embargoed(Struct, frozen=True):
    """What must not become public with a release, and what of it could not be seen: each names what is missing."""

    facts: tuple[EmbargoedFact, ...]
    unseen: tuple[str, ...] = ()


class _Hidden(Struct, frozen=True):
    """A fix of which nothing may be said: its issue, its CVE id and its branches, and how people know it."""

    ref: str
    who: str
    issue: Part[Issue]
    cve_id: Part[Any]
    branches: Part[tuple[str, ...]]


_Looked = tuple[str, str, EmbargoedFact | None]
"""What the guard looks at: its name, why it could not be seen whole (or nothing), and the fact it gives by itself."""
_UNKNOWN = Issue("", "", "", "")


def embargoed(scene: Scene) -> Embargoed:
    """List what must not become public with this release.

    These are the facts of fixes that were taken out of it, or were linked to it after it was announced; those of the
    desk's other releases that are not announced; and those of confidential security issues that no release has linked:
    every text, also in a line that cannot be read. So are the addresses of what stays confidential, of whatever is in a
    project that only members can read, and of reports. A
    text that announced advisories hold as well (two fixes of one title, one finder of two flaws), or the post that is
    live, is no secret.
    """
    advisories = [a for one in (scene.snapshot, *_announced(scene)) for a in _advisories(one)]
    told = "\n".join(map(folded, (*(text for a in advisories for text in _public(a)), *_live(scene.snapshot))))
    beside = "\n".join([told, *(folded(text) for a in advisories for text in _said_beside(a))])
    hidden = _hidden(scene)
    found = [
        EmbargoedFact(f"the {name} of {one.ref}, {one.who}", text)
        for one in hidden
        for issue in (known(one.issue, _UNKNOWN),)
        for secrets, public in ((_secrets_of(one, issue), told), (_unread_of(issue.facts), beside))
        for name, text in secrets
        if text and folded(text) not in public
    ]
    private = [one for seen in _all(scene) for one in (*_private_parts(seen), *_private_places(seen))]
    parts = [*_looked_at(scene, hidden), *private]
    facts = [
        *dict.fromkeys(found),
        *_reports(scene),
        *_versions(scene),
        *_internal(scene),
        *(fact for _, _, fact in parts if fact),
    ]
    return Embargoed(tuple(facts), tuple(f"{what}: {why}" for what, why, _ in parts if why))


def guarded(effects: Sequence[Effect], scene: Scene) -> Guarded:
    """Refuse what would reveal too early, or what stays under embargo; and all that reveals, when that was not seen.

    Where nobody has looked beyond the release, all that reveals is refused for that, and no text is read for it.
    """
    revealing = [effect for effect in effects if effect.reveals]
    if not revealing:
        return Guarded((), ())
    secret = embargoed(scene)
    compared = revealing if scene.beyond else []
    ours = scene.snapshot.contents.advisories
    said = [guard((effect,), _kept_from(effect, secret.facts, ours), scene.now) for effect in compared]
    unseen = [
        Refusal(
            "unseen",
            f"{effect.key} cannot be compared with what is under embargo: {'; '.join(secret.unseen[:3])}",
            (effect.key,),
            "look again: secrel doctor",
        )
        for effect in (revealing if secret.unseen else ())
    ]
    refusals = tuple(refusal for one in said for refusal in one.refusals)
    return Guarded((*refusals, *unseen), tuple(notice for one in said for notice in one.notices))


def _kept_from(effect: Effect, facts: Sequence[EmbargoedFact], ours: Sequence[Advisory]) -> Sequence[EmbargoedFact]:
    """Give what the readers of an effect must not read: of a notice to a finder, all but where they reported.

    A change of details that everybody reads could be the first to say where one reported; the record of an id cites the
    reports of the bounty program as it does the issue, by an address that asks for permission.
    """
    if isinstance(effect.action, SetFacts) and isinstance(effect.action.changes, FixFacts):
        reports = [credit.report for credit in effect.action.changes.credits if credit.report]
        return [*facts, *(EmbargoedFact(_REPORTED, report) for report in reports)]
    told: set[str] = set()
    if isinstance(effect.action, TellReporter):
        told.add(effect.action.report)
    if isinstance(effect.action, PublishRecord):
        told.update(*(cited_reports(one) for one in ours if str(one.cve_id) == effect.action.cve_id))
    return [fact for fact in facts if fact.text not in told]


def _others(scene: Scene) -> tuple[Snapshot, ...]:
    return scene.beyond.releases if scene.beyond else ()


def _unlinked(scene: Scene) -> tuple[Issue, ...]:
    return scene.beyond.issues if scene.beyond else ()


def _announced(scene: Scene) -> list[Snapshot]:
    return [seen for seen in _others(scene) if seen.announced_at is not None]


def _all(scene: Scene) -> list[Snapshot]:
    return [scene.snapshot, *_others(scene)]


def _hidden(scene: Scene) -> list[_Hidden]:
    """List the fixes of which nothing may be said: all that the desk knows, but those that are announced."""
    public = {ref for seen in (scene.snapshot, *_announced(scene)) for ref in _with_it(seen)}
    found = [
        *_fixes(scene.snapshot, _LATE),
        *_removed(scene.snapshot, _GONE),
        *(one for seen in _others(scene) for one in _of_another(seen)),
        *(_Hidden(one.ref, _UNLINKED, Seen(one), Seen(None), Seen(())) for one in _unlinked(scene)),
    ]
    by_ref: dict[str, _Hidden] = {}
    for one in found:
        if one.ref not in public:
            by_ref.setdefault(one.ref, one)
    return list(by_ref.values())


def _refs(fix: Fix) -> Iterator[str]:
    """Give the references of a fix: of its issue, and of the one that becomes public in its place."""
    canonical = known(fix.canonical, None)
    yield from (fix.ref, *([canonical.ref] if canonical else ()))


def _removed(seen: Snapshot, who: str) -> Iterator[_Hidden]:
    for one in known(seen.removed, ()):
        yield _Hidden(one.ref, who, one.issue, one.cve_id, one.branches)


def _with_it(seen: Snapshot) -> frozenset[str]:
    """Name the issues of what a release announces: once it is announced, of what was linked by then."""
    at = seen.announced_at
    with_it = (fix for fix in seen.tracked_fixes if at is None or fix.linked_at <= at)
    return frozenset(ref for fix in with_it for ref in _refs(fix))


def _advisories(seen: Snapshot) -> list[Advisory]:
    with_it = _with_it(seen)
    return [one for one in seen.contents.advisories if one.fix in with_it]


def _live(seen: Snapshot) -> Iterator[str]:
    """Give what everybody can read already in the post that is live."""
    post = known(seen.post, None) if seen.announced_at is not None else None
    yield from (text for _, text in post.files) if post is not None else ()


def _of_another(seen: Snapshot) -> Iterator[_Hidden]:
    who = f"of the release {seen.release.name}"
    yield from _fixes(seen, who)
    yield from _removed(seen, who)


def _fixes(seen: Snapshot, who: str) -> Iterator[_Hidden]:
    for fix in seen.tracked_fixes:
        advisory = next((one for one in seen.contents.advisories if one.fix == fix.ref), None)
        yield _Hidden(fix.ref, who, fix.issue, Seen(advisory.cve_id if advisory else None), _branches(fix))
        canonical = known(fix.canonical, None)
        if canonical is not None:
            yield _Hidden(canonical.ref, who, Seen(canonical), Seen(None), Seen(()))


def _branches(fix: Fix) -> Part[tuple[str, ...]]:
    return mapped(fix.merge_requests, lambda requests: tuple(request.branch for request in requests))


def _sentences(text: str) -> Iterator[str]:
    """Give a text as a whole, and those of its sentences that are long enough to be nobody else's."""
    yield text
    yield from (part for part in _SENTENCE_END.split(text) if part != text and len(part) >= _TELLING)


def _secrets_of(one: _Hidden, issue: Issue) -> Iterator[tuple[str, str]]:
    """Give everything of a fix that would give it away, with a word for each."""
    told = issue.facts.of(FixFacts)
    yield from (("title", issue.title), ("title", told.title), ("cve", str(told.cve or "")))
    for name, text in (("description", told.description), ("workaround", told.workaround)):
        yield from ((name, part) for part in _sentences(text))
    yield "address", issue.url
    for credit in told.credits:
        yield from ((f"finder's {name}", getattr(credit, name)) for name in ("name", "profile", "report"))
    yield "CVE id", str(known(one.cve_id, None) or "")
    yield from (("branch", branch) for branch in known(one.branches, ()))


def _unread_of(stated: Stated) -> Iterator[tuple[str, str]]:
    """Give all that stands in lines that cannot be read: nobody can tell what of it is secret."""
    for fault in stated.faults:
        name = fault.line if fault.line in FixFacts.__struct_fields__ else "details"
        for text in dict.fromkeys((fault.line, *fault.texts())):
            parts = () if text in _PLAIN_WORDS else (*_sentences(text), *text.splitlines(), *CVE.findall(text))
            yield from ((f"unreadable {name}", part) for part in parts)


def _public(advisory: Advisory) -> Iterator[str]:
    yield from (advisory.title, advisory.description, advisory.workaround, str(advisory.cve_id))
    for credit in advisory.credits:
        yield from (credit.name, credit.profile)


def _said_beside(advisory: Advisory) -> Iterator[str]:
    yield from (advisory.edition, str(advisory.vector), str(advisory.weakness))
    yield from (*advisory.references, *map(str, advisory.related))


def _reports(scene: Scene) -> Iterator[EmbargoedFact]:
    """Give the addresses at which finders reported: no more than a record cites is published (docs/release-file.md)."""
    for advisory in scene.snapshot.contents.advisories:
        for credit in advisory.credits:
            if credit.report:
                yield EmbargoedFact(f"the report address of the finder of {advisory.fix}", credit.report)


def _versions(scene: Scene) -> Iterator[EmbargoedFact]:
    """Give the versions that other releases will ship, where this one does not ship them itself."""
    ours = {version for shipment in scene.snapshot.release.shipments for version in shipment.versions}
    for seen in _others(scene):
        if seen.announced_at is None:
            for shipment in seen.release.shipments:
                for version in (version for version in shipment.versions if version not in ours):
                    label = f"a version of the release {seen.release.name}"
                    yield EmbargoedFact(label, f"{shipment.product.short} {version}")


def _internal(scene: Scene) -> Iterator[EmbargoedFact]:
    """Give what internal versions are called: they went to single customers first, and no document may name one."""
    for seen in _all(scene):
        for shipment in seen.release.shipments:
            if shipment.product.internal:
                label = f"an internal version of {shipment.product.short}"
                yield EmbargoedFact(label, shipment.product.internal, is_pattern=True)


def _why(part: Part[Any]) -> str:
    return part.reason if isinstance(part, Unseen) else part.shortfall


def _looked_at(scene: Scene, hidden: Sequence[_Hidden]) -> Iterator[_Looked]:
    """Say what the guard has to see, and why it could not."""
    yield "the other releases of this desk", "" if scene.beyond else "nobody has looked at them", None
    yield from (("the other releases of this desk", why, None) for why in (scene.beyond.unseen if scene.beyond else ()))
    for seen in _all(scene):
        yield f"what {seen.release.name} announces", _why(seen.told), None
        yield f"the fixes that were taken out of {seen.release.name}", _why(seen.removed), None
    for one in hidden:
        yield f"the issue of {one.ref}", _why(one.issue), None
        yield f"the CVE id of {one.ref}", _why(one.cve_id), None
        yield f"the branches of {one.ref}", _why(one.branches), None


def _private_parts(seen: Snapshot) -> Iterator[_Looked]:
    """Look for the addresses of what only the team may read."""
    yield f"the fixes of {seen.release.name}", _why(seen.fixes), None
    private = [
        ("the tracking issue", seen.tracking),
        ("the checklist", seen.checklist),
        ("the communications issue", seen.comms),
        *((f"the CVE request of {fix.ref}", fix.cve_request) for fix in seen.tracked_fixes),
    ]
    for companion in known(seen.companions, ()):
        issue = known(companion.issue, None)
        if issue is not None and issue.confidential:
            yield companion.ref, "", EmbargoedFact("the address of what is linked beside the fixes", issue.url)
    for name, part in private:
        found = known(part, None)
        is_private = found is not None and found.confidential
        yield name, _why(part), EmbargoedFact(f"the address of {name}", found.url) if found and is_private else None


_BELOW = ("issues", "work_items", "merge_requests", "commit", "commits", "compare", "blob", "tree", "tags")
"""What a forge shows of a project, as its addresses name it."""


def _private_places(seen: Snapshot) -> Iterator[_Looked]:
    """Give the addresses of all that is in a project which only members can read, such as a security mirror.

    Everybody who follows one is refused, and learns what the project is called.
    """
    fixes = seen.tracked_fixes
    issues = [seen.tracking, seen.checklist, seen.comms, *(fix.issue for fix in fixes)]
    issues += [part for fix in fixes for part in (fix.cve_request, fix.canonical)]
    issues += [one.issue for one in known(seen.companions, ())]
    found = [one for part in issues if (one := known(part, None)) is not None]
    requests = [request for fix in fixes for request in known(fix.merge_requests, ())]
    requests += [one for one in (known(seen.draft, None),) if one is not None]
    hidden = [request for request in requests if request.is_public is False]
    open_ones = {_place(one.url) for one in found if not one.members_only}
    closed = dict.fromkeys(
        [*(_place(one.url) for one in found if one.members_only), *(_place(one.url) for one in hidden)]
    )
    for place in (place for place in closed if place and place not in open_ones):
        for below in _BELOW:
            fact = EmbargoedFact("an address in a project that only members can read", f"{place}/-/{below}")
            yield place, "", fact


def _place(url: str) -> str:
    """Give the address of the project that an address lies in; empty where it is none of a forge with web pages."""
    project, mark, _ = url.partition("/-/")
    return project if mark else ""

"""Question facts when they are given: whose a CVE id is and who has it, and which versions are still free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC

from secrel.desk.desk import Desk
from secrel.evaluate.checks.dependency_ids import updates
from secrel.evaluate.checks.descriptions_right import doubts
from secrel.evaluate.checks.ranges_follow_versions import misfits
from secrel.evaluate.remedies import quoted
from secrel.evaluate.taking_out import TakingOut
from secrel.evaluate.verdicts import Finding
from secrel.observe.observing import observe, other_releases, releases
from secrel.process.table import GIT
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import OURS, Advisory
from secrel.words.errors import Misused, NotSeen, within
from secrel.words.facts.stated import FixFacts, ReleaseFacts
from secrel.words.ids import CveId, is_early
from secrel.words.parts import NOT_ASKED, Unseen, need
from secrel.words.releases import Release, claimed_elsewhere, joined
from secrel.words.sighting import Asked

WHOSE = frozenset({"cve", "assigned_by", "related"})
"""The lines of a fix that are questioned for its CVE ids."""


def question_ids(desk: Desk, facts: FixFacts, ref: str = "", known: Advisory | None = None) -> None:
    """Make sure that the ids of a fix can be so, that somebody says whose its own is, and that no other fix has it.

    `ref` is the fix where it is there already, `known` what is known of it by now. Raises `Misused` with the field;
    `NotSeen` when a release of the desk could not be seen, which may have the id.
    """
    refuse_early("cve", (facts.cve,), desk)
    refuse_early("related", facts.related, desk)
    if facts.cve is None:
        return
    is_told = known is not None and known.cve_id == facts.cve and bool(known.assigned_by)
    if not facts.assigned_by and not is_told:
        raise Misused(
            f"nobody says who assigned {facts.cve}",
            remedy=f"add assigned_by={OURS}, or assigned_by=NAME of another CNA: its ids are cited only",
            path=("assigned_by",),
        )
    holder = next(_holders(desk, facts.cve, ref), None)
    if holder is not None:
        raise Misused(f"{facts.cve} is the id of {holder}", remedy="correct one of the two", path=("cve",))


def refuse_early(field: str, ids: Sequence[CveId | None], desk: Desk) -> None:
    """Raise `Misused` for an id of a year after that of the desk's clock."""
    year = desk.now().astimezone(UTC).year
    for early in (cve_id for cve_id in ids if is_early(cve_id, year)):
        raise Misused(f"{early} is of a year that has not come", remedy="look at the id again", path=(field,))


def question_release(desk: Desk, facts: ReleaseFacts) -> None:
    """Make sure that the ids of a release's dependency updates can be so; raises `Misused` with the field."""
    for number, update in enumerate(facts.dependencies):
        with within("dependencies", number):
            refuse_early("cves", update.cves, desk)


def _holders(desk: Desk, cve_id: CveId, ref: str) -> Iterator[str]:
    """Name the other fixes of this desk that have an id, those that were taken out of a release among them."""
    for tracked in releases(desk.forge, desk.process):
        if "products" not in tracked.issue.facts.table:
            continue  # nobody has started it yet
        seen = observe(tracked.release, desk.sources(desk.journal.entries(tracked.release)), desk.now())
        for fix, of_it in _ids(seen):
            if of_it == cve_id and fix != ref:
                yield f"{fix}, in {tracked.release}"


def _ids(seen: Snapshot) -> Iterator[tuple[str, CveId | None]]:
    yield from ((one.fix, one.cve_id) for one in need(seen.told, "the fixes").advisories)
    for removed in need(seen.removed, "the fixes that were taken out"):
        told = need(removed.advisory, f"what was said of {removed.ref}")
        yield removed.ref, need(removed.own_id, f"the id of {removed.ref}") or (told.cve_id if told else None)


def question_words(desk: Desk, name: str, refs: Sequence[str] = ()) -> list[Finding]:
    """Give what is doubtful about what is said of a release's fixes as they are now; `refs` names them, empty: all.

    Nothing is refused for it: most descriptions carry a range, which is asked about as long as it is not left out by
    itself; and a range is asked about that does not fit what the release ships, or that git will not prove when the
    versions are tagged, while there is time; with all of them, the updates of which nobody names an id. What could not
    be seen is not asked about here, but at the next look.
    """
    snapshot = observe(name, desk.sources(desk.journal.entries(name)), desk.now())
    told = snapshot.told
    if isinstance(told, Unseen):
        return []
    advisories = [one for one in told.value.advisories if not refs or one.fix in refs]
    found = [] if refs else [one for one in updates(snapshot) if isinstance(one, Finding)]
    for one in advisories:
        found += doubts(one, snapshot.release)
        found += _unfitting(desk, one, snapshot)
        found += _unprovable(desk, one, snapshot)
    return found


def _unfitting(desk: Desk, advisory: Advisory, seen: Snapshot) -> Sequence[Finding]:
    """Say what the gate of ranges will say of the range of a fix, where the process has it."""
    gate = next((one for one in desk.process.gates if one.check == "ranges_follow_versions"), None)
    try:
        return misfits(advisory, TakingOut(seen, desk.now(), gate.told("hours"))) if gate else ()
    except NotSeen:
        return ()


def _unprovable(desk: Desk, advisory: Advisory, seen: Snapshot) -> Iterator[Finding]:
    """Ask for the commit that brought a flaw in where an older series is left out: git proves that by it alone."""
    shipment, spans = seen.release.shipment(advisory.product), advisory.affected or ()
    ends = [span.fixed for span in spans if span.fixed is not None]
    if shipment is None or not ends or advisory.origins or seen.announced_at is not None:
        return
    out = [v for v in shipment.versions if v < min(ends) and not any(v in span for span in spans)]
    if out and GIT not in desk.process.lacks and desk.histories(shipment.product.repository) is not None:
        never = joined(list(map(str, out)))
        what = f"says that {never} never had it, and only the commit that brought it in can prove that"
        remedy = f"secrel fix set {quoted(seen.release.name)} {quoted(advisory.fix)} --origin COMMIT"
        yield Finding(advisory.fix, what, remedy)


def question_versions(desk: Desk, release: Release, before: Release | None = None) -> None:
    """Make sure that every version of a release is its own: none is another's, or tagged before the release has it.

    `before` is the release as it was: its own versions may be tagged by now. Raises `Misused` with who has it, and
    `NotSeen` when that could not be seen.
    """
    others = need(other_releases(release, desk.sources(())), "the other releases")
    for what, who in claimed_elsewhere(release, others):
        raise Misused(f"{what} is a version of {who}", where=release.name, remedy="name a version that is free")
    owned = {(s.product.key, v) for s in before.shipments for v in s.versions} if before else set()
    for shipment in release.shipments if GIT not in desk.process.lacks else ():
        product = shipment.product
        names = {product.tag_of(v): v for v in shipment.versions if (product.key, v) not in owned}
        asked = Asked(release.name, {}, tags={product.repository: tuple(names)})
        there = need(
            desk.forge.look(asked).tags.get(product.repository, NOT_ASKED), f"the tags of {product.repository}"
        )
        for tag in sorted(there.keys() & names.keys()):
            raise Misused(
                f"{product.name} {names[tag]} is tagged already: {tag}, at {there[tag][:12]}",
                where=release.name,
                remedy="name a version that is free: what is tagged was published before, or is about to be",
            )

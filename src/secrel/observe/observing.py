"""Look at one release: ports in, a snapshot out; nothing is judged here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from secrel.answers import kept
from secrel.journal.entries import Entry, carried, claims, last_mail, receipts, refused, written
from secrel.observe.assigned import Assigned, assigned_by_notes, with_reports
from secrel.observe.beside import beside, companions
from secrel.observe.facts import dependencies_of, read_advisory, read_release
from secrel.ports.forge import ForgeReader
from secrel.process.table import GIT, Process
from secrel.snapshot.seen import Complaint, Snapshot
from secrel.words.advisories import OURS, Advisory, Contents
from secrel.words.documents import CORRECTION, TABLE, Identity
from secrel.words.errors import Misused
from secrel.words.facts.stated import FixFacts, LineFault, ReleaseFacts, Stated, shown
from secrel.words.fixes import Fix, RemovedFix
from secrel.words.forge import Issue
from secrel.words.ids import CveId, is_early
from secrel.words.parts import Part, Seen, Unseen, known, mapped, need
from secrel.words.people import Duty, Person, spelled_by
from secrel.words.releases import Release, claimed_elsewhere
from secrel.words.sighting import (
    FOLLOWING,
    TRACKING,
    Asked,
    Further,
    LabelRule,
    LinkedFix,
    RemovedLink,
    Sighting,
    Sought,
    Tracked,
)


class Sources(Struct, frozen=True):
    """Where a look gets what it sees: the forge, the process, the team, and what the journal remembers of it.

    `is_cancelled` says of any release of the desk, by name, whether the journal has it as cancelled; `published_by`
    with which release the desk made the issue of a fix public, empty while with none.
    """

    forge: ForgeReader
    process: Process
    team: tuple[Person, ...]
    entries: Sequence[Entry]
    next_release: Callable[[Release], str]
    is_cancelled: Callable[[str], bool]
    published_by: Callable[[str], str]


def asked_of(name: str, sources: Sources) -> Asked:
    """Say what to ask a forge about the release `name`, of the process and the journal alone."""
    made = {key: receipt.address for key, receipt in receipts(sources.entries).items()}

    def sought(*, merge_requests: bool) -> dict[str, Sought]:
        asked = [identity for identity in _documents() if identity.is_merge_request is merge_requests]
        sought = {identity.name: _sought(identity, name, sources, made) for identity in asked}
        return {key: one for key, one in sought.items() if one.address or key != CORRECTION}

    return Asked(
        release=name,
        issues=sought(merge_requests=False),
        requests=sought(merge_requests=True),
        cves=sources.process.projects.get(TABLE["cve"].project, ""),
        known=made,
        further=lambda tracking: _further(tracking, sources, made),
    )


def _documents() -> list[Identity]:
    """Give the documents of a release itself: neither those that each fix has, nor what is of the next release."""
    return [identity for name, identity in TABLE.items() if not identity.is_per_fix and name != FOLLOWING]


def _sought(identity: Identity, release: str, sources: Sources, made: Mapping[str, str]) -> Sought:
    key = (identity.opening(release), *identity.openings(release, made))[-1]
    return Sought(key, sources.process.projects.get(identity.project, ""), made.get(key, ""))


def _further(tracking: Issue, sources: Sources, made: Mapping[str, str]) -> Further:
    """Read off a tracking issue what else to ask; nothing when it cannot be read, which the look says then."""
    try:
        release = read_release(tracking.facts.whole(ReleaseFacts), sources.process, tracking.ref)
    except Misused:
        return Further()
    tags: dict[str, tuple[str, ...]] = {}
    for shipment in release.shipments if GIT not in sources.process.lacks else ():
        names = tuple(shipment.product.tag_of(version) for version in shipment.versions)
        tags[shipment.product.repository] = (*tags.get(shipment.product.repository, ()), *names)
    return Further({FOLLOWING: _sought(TABLE[FOLLOWING], sources.next_release(release), sources, made)}, tags)


class _Told(Struct, frozen=True):
    """What was read of one fix: its advisory, or why there is none, and what could not be read."""

    product: str | Unseen
    advisory: Advisory | Unseen | None
    complaints: tuple[Complaint, ...] = ()


@kept(Advisory | tuple[Complaint, ...], size=1024)
def _read(stated: Stated, ref: str, url: str, release: Release) -> Advisory | tuple[Complaint, ...]:
    """Read an advisory, once as long as its facts stay what they are; or complain of every line that is wrong."""
    if stated.faults:
        return tuple(_complaint(ref, fault) for fault in stated.faults)
    try:
        return read_advisory(stated.whole(FixFacts), ref, url, release)
    except Misused as fault:
        return (Complaint(ref, fault.field or "details", fault.what, fault.remedy),)


def _complaint(ref: str, fault: LineFault) -> Complaint:
    """Complain of a line; what it means is shown where its words may be."""
    told = json.loads(fault.means) if fault.means else None
    value = told if isinstance(told, str) else fault.means
    means = value if told is not None and shown(fault.line, told) else ""
    return Complaint(ref, fault.line or "details", fault.what, fault.remedy, means)


class _Ids(Struct, frozen=True):
    """What CVE ids are held to: the handle of our CNA, its short name, and the year: later ones are not given yet."""

    cna: str
    short_name: str
    year: int


def _told(linked: LinkedFix, release: Release, ids: _Ids) -> _Told:
    """Read what people wrote about a fix, and the id that the CNA gave it."""
    if isinstance(linked.issue, Unseen):
        reason = f"its issue could not be seen: {linked.issue.reason}"
        return _Told(Unseen(reason), Unseen(reason))
    issue = linked.issue.value
    read = _read(issue.facts, issue.ref, _published(linked, issue), release)
    if isinstance(read, tuple):
        return _Told(issue.facts.of(FixFacts).product or release.main.product.key, None, read)
    if issue.members_only:
        read = replace(read, own_url=issue.url)
    if read.assigned_by.casefold() == ids.short_name.casefold():
        read = replace(read, assigned_by=OURS)
    assigned = assigned_by_notes(linked.cve_request, ids.cna)
    if isinstance(assigned, Unseen):
        return _Told(read.product, read if not read.needs_cve else Unseen(assigned.reason))
    told = _with_id(_without(read, assigned.value.rejected), assigned.value.ids)
    return replace(told, complaints=(*told.complaints, *_early(told.advisory, ids.year)))


def _published(linked: LinkedFix, issue: Issue) -> str:
    """Give the address that documents have of a fix: of its canonical issue, where only members can read its own one.

    Empty while there is none, or it was not seen: texts that need it look themselves.
    """
    if not issue.members_only:
        return issue.url
    canonical = known(linked.canonical, None)
    return canonical.url if canonical is not None else ""


def _early(advisory: Advisory | Unseen | None, year: int) -> Iterator[Complaint]:
    """Complain of ids of a year that has not come: nobody has been given one."""
    if isinstance(advisory, Advisory):
        named = (("cve", (advisory.cve_id,)), ("related", advisory.related))
        for field, early in ((field, cve_id) for field, ids in named for cve_id in ids if is_early(cve_id, year)):
            yield Complaint(advisory.fix, field, f"{early} is of a year that has not come")


def _with_id(advisory: Advisory, assigned: tuple[CveId, ...]) -> _Told:
    """Put the assigned id into an advisory, and complain of what contradicts it."""
    said = ""
    if len(assigned) > 1:
        said = f"the CNA's newest note on the request names {len(assigned)} ids, and one is assigned"
    elif assigned and advisory.other_cna:
        said = f"is said to be {advisory.other_cna}'s to assign, and our CNA has assigned {assigned[0]}"
    elif assigned and advisory.cve_id in (None, assigned[0]):
        advisory = replace(advisory, cve_id=assigned[0], assigned_by=OURS)
    elif assigned:
        said = f"says {advisory.cve_id}, and the CVE request says {assigned[0]}"
    return _Told(advisory.product, advisory, (Complaint(advisory.fix, "cve", said),) if said else ())


def _fix(linked: LinkedFix, told: _Told, cna: str) -> Fix:
    return Fix(
        linked.link.ref,
        linked.issue,
        told.product,
        linked.link.since,
        linked.requests,
        linked.cve_request,
        linked.holding,
        known(assigned_by_notes(linked.cve_request, cna), Assigned()).rejected,
        linked.canonical,
    )


def _without(advisory: Advisory, rejected: tuple[CveId, ...]) -> Advisory:
    """Leave out an id that our CNA has rejected: nobody cites or publishes it, whoever wrote it down."""
    return replace(advisory, cve_id=None, assigned_by="") if advisory.cve_id in rejected else advisory


def _advisories(read: Iterable[_Told], sighting: Sighting, entries: Sequence[Entry], name: str) -> tuple[Advisory, ...]:
    """Give what could be read of every fix; of one whose own issue is public, with the reports that it has no more."""
    found = [one.advisory for one in read if isinstance(one.advisory, Advisory)]
    issues = ((one.link.ref, known(one.issue, None)) for one in known(sighting.linked, ()))
    public = {ref for ref, issue in issues if issue is not None and not issue.confidential}
    return tuple(with_reports(one, entries, name) if one.fix in public else one for one in found)


def _removed(link: RemovedLink, release: Release, cna: str, sources: Sources) -> RemovedFix:
    given = assigned_by_notes(link.cve_request, cna)
    cve_id, rejected = mapped(given, lambda one: next(iter(one.ids), None)), known(given, Assigned()).rejected
    told = mapped(link.issue, lambda issue: _read(issue.facts, issue.ref, issue.url, release))
    advisory = mapped(told, lambda read: _without(read, rejected) if isinstance(read, Advisory) else None)
    return RemovedFix(
        link.link.ref,
        link.issue,
        link.link.until or link.link.since,
        cve_id,
        link.branches,
        advisory,
        link.cve_request,
        link.holding,
        link.requests,
        _went_public(link, sources),
    )


def _went_public(link: RemovedLink, sources: Sources) -> str:
    """Name the release with which the desk made the issue of a removed fix public; empty while it is confidential."""
    issue = known(link.issue, None)
    return sources.published_by(link.link.ref) if issue is not None and not issue.confidential else ""


def snapshot_of(name: str, sighting: Sighting, sources: Sources, now: datetime) -> Snapshot:
    """Make a snapshot of what a forge answered about the release `name`.

    Raises `Misused` when there is no such release, or its tracking issue cannot be read as one; `NotSeen` when the
    tracking issue could not be seen.
    """
    process, cna = sources.process, sources.process.people.get("cna", "")
    ids = _Ids(cna, process.cna.get("short_name", ""), now.astimezone(UTC).year)
    found = sighting.issue(TRACKING)
    tracking = need(found, f"the tracking issue of {name}")
    if tracking is None:
        raise Misused(f"there is no release {name!r}", remedy="start it: secrel start --from release.yaml")
    if "next_after" in tracking.facts.table and "release" not in tracking.facts.table:
        what = f"release {name!r} is not started: its tracking issue is open for it, and says no more than its day"
        raise Misused(what, where=tracking.ref, remedy="start it: secrel start --from release.yaml")
    told = tracking.facts.whole(ReleaseFacts, tracking.ref)
    release = read_release(told, process, tracking.ref)
    is_beside = beside(sighting.issues.values(), process)
    linked = mapped(sighting.linked, lambda links: tuple(one for one in links if not is_beside(one)))
    removed = mapped(sighting.removed, lambda links: tuple(one for one in links if not is_beside(one)))
    read = {one.link.ref: _told(one, release, ids) for one in known(linked, ())}
    return Snapshot(
        at=now,
        release=release,
        contents=Contents(
            release,
            _advisories(read.values(), sighting, sources.entries, name),
            dependencies_of(told, release),
            told.bug_fixes,
            told.upgrade_notes,
        ),
        fixes=mapped(linked, lambda links: tuple(_fix(one, read[one.link.ref], cna) for one in links)),
        companions=companions(sighting.linked, process),
        removed=mapped(removed, lambda links: tuple(_removed(one, release, cna, sources) for one in links)),
        untold={ref: one.advisory for ref, one in read.items() if isinstance(one.advisory, Unseen)},
        complaints=tuple(complaint for one in read.values() for complaint in one.complaints),
        documents={CORRECTION: Seen(None), **sighting.issues, **sighting.requests},
        tags=sighting.tags,
        duty=duty_told(name, told, sources.team),
        people=sources.team,
        claims=claims(sources.entries),
        receipts=receipts(sources.entries),
        written=written(sources.entries),
        carried=carried(sources.entries, name),
        refused=refused(sources.entries),
        mail=last_mail(sources.entries),
        tells=sources.forge.tells,
    )


def duty_told(name: str, told: ReleaseFacts, team: Iterable[Person]) -> Duty | None:
    """Give who is on duty in a release by its facts, as the team spells them; None when they name nobody."""
    primary, secondary = (spelled_by(team, one) for one in (told.primary, told.secondary))
    return Duty(name, primary, secondary) if primary or secondary else None


def observe(name: str, sources: Sources, now: datetime) -> Snapshot:
    """Look at the release `name`, once, and give everything that was seen; raises what `snapshot_of` raises."""
    seen = snapshot_of(name, sources.forge.look(asked_of(name, sources)), sources, now)
    return replace(seen, others=other_releases(seen.release, sources))


def other_releases(release: Release, sources: Sources) -> Part[tuple[Release, ...]]:
    """Give the desk's other releases; one whose versions nobody named yet ships none, and is left out.

    So is one that was cancelled and has versions of `release`: it never ships them.
    """
    process = sources.process
    found = sources.forge.releases(tracking_rule(process))
    if isinstance(found, Unseen):
        return found
    read: list[Release] = []
    missing = [found.shortfall]
    for one in (one for one in found.value if one.release != release.name and "products" in one.issue.facts.table):
        try:
            read.append(read_release(one.issue.facts.whole(ReleaseFacts), process, one.issue.ref))
        except Misused as fault:
            missing.append(f"{one.release}: {fault.what}")
    given_up = set(filter(sources.is_cancelled, {who for _, who in claimed_elsewhere(release, read)}))
    kept = tuple(one for one in read if one.name not in given_up)
    return Seen(kept, found.where, "; ".join(filter(None, missing)))


def releases(forge: ForgeReader, process: Process) -> tuple[Tracked, ...]:
    """Give every release that has a tracking issue, by name; raises `NotSeen` when they could not all be seen."""
    return need(forge.releases(tracking_rule(process)), "the releases")


def tracked(forge: ForgeReader, process: Process) -> tuple[Issue, ...]:
    """Give the open tracking issues, whoever opened them; raises `NotSeen` when they could not all be seen."""
    return need(forge.labelled(tracking_rule(process)), "the tracking issues")


def tracking_rule(process: Process) -> LabelRule:
    """Say how this process's tracking issues are told from other issues; raises `Misused` where it does not say."""
    labels = tuple(process.named("labels", role) for role in ("upcoming", "security"))
    return LabelRule(process.projects.get("tracking", ""), labels)


def issue_at(forge: ForgeReader, ref: str) -> Issue | None:
    """Give the issue with a reference, None when there is none; raises `NotSeen` when it could not be seen."""
    sighting = forge.look(Asked("", {"it": Sought("", ref.partition("#")[0], ref)}))
    return need(sighting.issue("it"), f"the issue {ref[:80]}")

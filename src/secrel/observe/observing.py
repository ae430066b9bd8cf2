"""Look at one release: ports in, a snapshot out; nothing is judged here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from secrel.journal.entries import Entry, claims, last_mail, receipts, written
from secrel.observe.facts import BadFact, read_advisory, read_extras, read_release
from secrel.ports.forge import ForgeReader
from secrel.process.table import Process
from secrel.snapshot.seen import Complaint, Seen, Snapshot, Unseen
from secrel.words.advisories import Advisory, Contents
from secrel.words.documents import TABLE
from secrel.words.errors import Misused, SecrelError
from secrel.words.fixes import Fix, RemovedFix
from secrel.words.forge import Issue, Link, MergeRequest, State
from secrel.words.ids import CveId
from secrel.words.people import Duty, Person
from secrel.words.releases import Release

T = TypeVar("T")
_CVE = re.compile(r"\bCVE-(?:1999|2\d{3})-\d{4,19}\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a look gets what it sees: the forge, the process, the team, and what the journal remembers of it."""

    forge: ForgeReader
    process: Process
    team: tuple[Person, ...]
    entries: Sequence[Entry]
    next_release: Callable[[Release], str]


def _tried(look: Callable[[], T], where: str) -> Seen[T] | Unseen:
    try:
        return Seen(look(), where)
    except SecrelError as fault:
        return Unseen(fault.what, where)


def _current(links: Sequence[Link]) -> dict[str, Link]:
    """Give what is linked now, and since when without a break."""
    return {link.ref: link for link in links if link.until is None}


def _gone(links: Sequence[Link]) -> dict[str, Link]:
    present = _current(links)
    return {link.ref: link for link in links if link.until is not None and link.ref not in present}


def _assigned_ids(request: Issue | None, cna: str) -> tuple[CveId, ...]:
    """Read the ids in the CNA's newest note on the request that names any (gitlab-process.md 1.1, utils.rb)."""
    for note in reversed(request.notes if request else ()):
        found = dict.fromkeys(_CVE.findall(note.body)) if note.by == cna else {}
        if found:
            return tuple(CveId.parse(text) for text in found)
    return ()


def _tags_of(requests: Sequence[MergeRequest], holding: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset(
        tag for request in requests if request.state is State.MERGED for tag in holding.get(request.commit, frozenset())
    )


def _complete(issue: Issue, release: Release) -> Advisory | None:
    """Read what an issue says of a fix; None when that is not complete."""
    try:
        return read_advisory(issue.facts, issue.ref, issue.url, release)
    except Misused:
        return None


class _Look:
    """One look at one release; gathers what was read so that nothing is asked twice."""

    def __init__(self, name: str, sources: Sources) -> None:
        self.name = name
        self.sources = sources
        self.forge = sources.forge
        self.made = sources.forge.issues_by_marks(f"{name}/")
        self.complaints: list[Complaint] = []

    def documents(self, following: str) -> Iterator[tuple[str, Seen[Any] | Unseen]]:
        """Give every document of the release, and the tracking issue of the `following` one."""
        for name, identity in TABLE.items():
            key = identity.opening(following if name == "next_tracking" else self.name)
            if identity.is_merge_request:
                yield name, _tried(partial(self.forge.merge_request_by_mark, key), name)
            elif name == "next_tracking":
                yield name, _tried(partial(self.forge.issue_by_mark, key), following)
            elif not identity.is_per_fix:
                found = self.made.get(key)
                yield name, Seen(found, found.url if found and name == "tracking" else name)

    def request(self, ref: str) -> Issue | None:
        """Give the CVE request of one fix."""
        return self.made.get(TABLE["cve"].opening(self.name, ref))

    def fixes(self, release: Release, links: Mapping[str, Link]) -> tuple[tuple[Fix, ...], tuple[Advisory, ...]]:
        refs = list(links)
        issues = self.forge.issues(refs)
        requests = self.forge.merge_requests_of(refs)
        found: list[Fix] = []
        advisories: list[Advisory] = []
        for ref in refs:
            if ref not in issues:
                self.complaints.append(Complaint(ref, "issue", "is linked, and cannot be found"))
                continue
            advisory = self._advisory(issues[ref], release)
            product = advisory.product if advisory else str(issues[ref].facts.get("product", ""))
            found.append(
                Fix(
                    ref,
                    issues[ref],
                    product or release.main.product.key,
                    links[ref].since,
                    requests.get(ref, ()),
                    self.request(ref),
                )
            )
            if advisory is not None:
                advisories.append(advisory)
        return self._with_tags(release, found), tuple(advisories)

    def _advisory(self, issue: Issue, release: Release) -> Advisory | None:
        try:
            advisory = read_advisory(issue.facts, issue.ref, issue.url, release)
        except BadFact as fault:
            self.complaints.append(Complaint(issue.ref, fault.field or "details", fault.what))
            return None
        assigned = self.assigned(issue.ref)
        if len(assigned) > 1:
            said = f"the CNA's newest note on the request names {len(assigned)} ids, and one is assigned"
            self.complaints.append(Complaint(issue.ref, "cve", said))
        elif assigned and advisory.cve_id is None:
            return replace(advisory, cve_id=assigned[0])
        elif assigned and assigned[0] != advisory.cve_id:
            said = f"says {advisory.cve_id}, and the CVE request says {assigned[0]}"
            self.complaints.append(Complaint(issue.ref, "cve", said))
        return advisory

    def assigned(self, ref: str) -> tuple[CveId, ...]:
        """Give what the CNA assigned to one fix: one id, unless its note is ambiguous."""
        return _assigned_ids(self.request(ref), self.sources.process.people.get("cna", ""))

    def removed(self, release: Release, links: Sequence[Link]) -> tuple[RemovedFix, ...]:
        """Give the fixes that are no longer linked, whenever they were taken out."""
        gone = _gone(links)
        issues = self.forge.issues(list(gone))
        seen = _tried(lambda: self.forge.merge_requests_of(list(gone)), self.name) if gone else Seen({}, self.name)
        requests = seen.value if isinstance(seen, Seen) else {}
        return tuple(
            RemovedFix(
                ref,
                issues[ref],
                link.until,
                next(iter(self.assigned(ref)), None),
                tuple(dict.fromkeys(request.branch for request in requests.get(ref, ()))),
                _complete(issues[ref], release),
            )
            for ref, link in gone.items()
            if ref in issues and link.until is not None
        )

    def _with_tags(self, release: Release, fixes: Sequence[Fix]) -> tuple[Fix, ...]:
        holding: dict[str, frozenset[str]] = {}
        for shipment in release.shipments:
            product = shipment.product
            names = [product.tag_of(version) for version in shipment.versions]
            commits = [
                request.commit
                for fix in fixes
                if fix.product == product.key
                for request in fix.merge_requests
                if request.state is State.MERGED and request.commit
            ]
            holding.update(self.forge.tags_holding(product.repository, commits, names))
        return tuple(replace(fix, tags=_tags_of(fix.merge_requests, holding)) for fix in fixes)

    def tags(self, release: Release) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for shipment in release.shipments:
            names = [shipment.product.tag_of(version) for version in shipment.versions]
            found.update(self.forge.tags(shipment.product.repository, names))
        return found


def observe(name: str, sources: Sources, now: datetime) -> Snapshot:
    """Look at the release `name` and give everything that was seen.

    Raises `Misused` when there is no such release, or its tracking issue cannot be read as one; `NotSeen` when the
    forge does not answer about it at all.
    """
    forge, process = sources.forge, sources.process
    look = _Look(name, sources)
    tracking = look.made.get(TABLE["tracking"].opening(name))
    if tracking is None:
        raise Misused(f"there is no release {name!r}", remedy="start it: secrel start --from release.yaml")
    release, told = read_release(tracking.facts, process, tracking.ref)
    links = forge.links(tracking.ref)
    past = receipts(sources.entries)
    seen = _tried(lambda: look.fixes(release, _current(links)), tracking.url)
    fixes: Seen[tuple[Fix, ...]] | Unseen = Seen(seen.value[0], seen.where) if isinstance(seen, Seen) else seen
    dependencies, bug_fixes, notes = read_extras(told, release, tracking.ref)
    advisories = seen.value[1] if isinstance(seen, Seen) else ()
    following = sources.next_release(release)
    return Snapshot(
        at=now,
        release=release,
        contents=Contents(release, advisories, dependencies, bug_fixes, notes),
        fixes=fixes,
        removed=look.removed(release, links),
        complaints=tuple(look.complaints),
        documents=dict(look.documents(following)),
        tags=_tried(lambda: look.tags(release), "tags"),
        duty=Duty(name, told.primary, told.secondary) if told.primary or told.secondary else None,
        people=sources.team,
        claims=claims(sources.entries),
        receipts=past,
        written=written(sources.entries),
        mail=last_mail(sources.entries),
    )


def releases(forge: ForgeReader) -> list[str]:
    """Name every release that has a tracking issue; raises `NotSeen` when the forge does not answer."""
    return sorted(mark.removesuffix("/tracking") for mark in forge.issues_by_marks("") if mark.endswith("/tracking"))

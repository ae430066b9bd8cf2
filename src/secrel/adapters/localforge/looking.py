"""One look at a release, in one transaction of the file: every part seen, or unseen in its own place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from secrel.adapters.localforge import given, rows
from secrel.adapters.localforge.forge_parts import ForgeParts
from secrel.adapters.localforge.reading import Reading, Standings
from secrel.adapters.localforge.repository.sights import Sights
from secrel.adapters.localforge.store import Looking
from secrel.words.errors import Misused
from secrel.words.forge import Issue, Link, MergeRequest, State
from secrel.words.parts import NOT_ASKED, Part, Seen, Unseen, mapped
from secrel.words.sighting import TRACKING, Asked, Further, LinkedFix, RemovedLink, Sighting, Sought

T = TypeVar("T")


class EmbeddedLook:
    """A look in progress; `standings` are the merge requests that it has met."""

    def __init__(self, forge: ForgeParts, reading: Reading, db: Looking, asked: Asked) -> None:
        """Take the parts of the forge, a transaction of its file, and what is asked."""
        self._forge = forge
        self._reading = reading
        self._db = db
        self._asked = asked
        self._further = Further()
        self._sights = Sights(forge.history)
        self.standings: Standings = {}

    def sighting(self) -> Sighting:
        """See everything that was asked for."""
        issues = self._issues(self._asked.issues)
        requests = self._requests()
        tracking = issues.get(TRACKING, NOT_ASKED)
        tags = {project: self._tags(project, names) for project, names in self._asked.tags.items()}
        if isinstance(tracking, Unseen) or tracking.value is None:
            without = tracking if isinstance(tracking, Unseen) else Unseen("there is no tracking issue")
            return Sighting(issues, requests, without, without, tags)
        self._further = self._asked.further(tracking.value)
        issues |= self._issues(self._further.issues)
        tags |= {project: self._tags(project, names) for project, names in self._further.tags.items()}
        ref, where = tracking.value.ref, tracking.value.url
        links = self._reading.part(lambda: self._reading.links(self._db, ref), where)
        if isinstance(links, Unseen):
            return Sighting(issues, requests, links, links, tags)
        current = {link.ref: link for link in links.value if link.until is None}
        gone = {link.ref: link for link in links.value if link.until is not None and link.ref not in current}
        linked, removed = self._linked(list(current.values())), self._removed(list(gone.values()))
        return Sighting(issues, requests, Seen(linked, where), Seen(removed, where), tags)

    def _places(self, sought: Mapping[str, Sought], query: str, read: Callable[[str], str]) -> dict[str, Part[str]]:
        """Say where each thing is, empty for one that is not there: at its known address, or where its mark is."""
        places = {name: _address(one.address, read) for name, one in sought.items()}
        keys = [one.key for name, one in sought.items() if not places[name] and one.key]
        marked = self._reading.part(lambda: self._reading.marked(self._db, query, keys) if keys else {})
        return {
            name: Seen(places[name]) if places[name] else mapped(marked, lambda made: made.get(one.key, ""))  # noqa: B023 - called at once
            for name, one in sought.items()
        }

    def _issues(self, sought: Mapping[str, Sought]) -> dict[str, Part[Issue | None]]:
        places = self._places(sought, rows.ISSUES_MARKED, given.issue_ref)
        return _at(places, self._reading.issues(self._db, _refs(places)))

    def _requests(self) -> dict[str, Part[MergeRequest | None]]:
        places = self._places(self._asked.requests, rows.MERGE_REQUESTS_MARKED, given.merge_request_ref)
        return _at(places, self._met(_refs(places)))

    def _met(self, refs: Sequence[str]) -> dict[str, Part[MergeRequest | None]]:
        seen = self._reading.standings(self._db, refs, self._sights)
        self.standings |= seen
        return {ref: mapped(part, lambda found: found[2] if found else None) for ref, part in seen.items()}

    def _tags(self, project: str, names: Sequence[str]) -> Part[Mapping[str, str]]:
        return self._reading.part(lambda: self._sights.tags(project, names), project)

    def _cve_requests(self, links: Sequence[Link]) -> dict[str, Part[Issue | None]]:
        return self._issues({link.ref: self._asked.cve_request(link.ref) for link in links})

    def _issues_of(self, links: Sequence[Link]) -> dict[str, Part[Issue]]:
        found = self._reading.issues(self._db, [link.ref for link in links])
        return {ref: _needed(part) for ref, part in found.items()}

    def _linked(self, links: Sequence[Link]) -> tuple[LinkedFix, ...]:
        refs = [link.ref for link in links]
        issues, asked = self._issues_of(links), self._cve_requests(links)
        theirs = self._reading.part(lambda: self._reading.requests_of(self._db, refs))
        met = self._met_of(theirs)
        found: list[LinkedFix] = []
        for link in links:
            requests = _gathered(theirs, link.ref, met)
            found.append(LinkedFix(link, issues[link.ref], requests, asked[link.ref], self._holding(requests)))
        return tuple(found)

    def _removed(self, links: Sequence[Link]) -> tuple[RemovedLink, ...]:
        issues, asked = self._issues_of(links), self._cve_requests(links)
        theirs = self._reading.part(lambda: self._reading.requests_of(self._db, [link.ref for link in links]))
        met = self._met_of(theirs)
        found: list[RemovedLink] = []
        for link in links:
            requests = _gathered(theirs, link.ref, met)
            branches = mapped(theirs, lambda them: tuple(dict.fromkeys(branch for _, branch in them[link.ref])))  # noqa: B023 - called at once
            held = self._holding(requests)
            found.append(RemovedLink(link, issues[link.ref], branches, asked[link.ref], held, requests))
        return tuple(found)

    def _met_of(self, theirs: Part[Mapping[str, tuple[tuple[str, str], ...]]]) -> dict[str, Part[MergeRequest | None]]:
        if isinstance(theirs, Unseen):
            return {}
        return self._met([ref for ours in theirs.value.values() for ref, _ in ours])

    def _holding(self, requests: Part[tuple[MergeRequest, ...]]) -> Part[frozenset[str]]:
        """Say which of the tags asked for hold the merged commits of these merge requests."""
        if isinstance(requests, Unseen):
            return requests
        merged = [(request.ref.partition("!")[0], request.commit) for request in requests.value if _is_merged(request)]

        def held() -> frozenset[str]:
            return frozenset(
                tag
                for project, commit in merged
                for tag in self._sights.holding(project, self._further.tags.get(project, ()), commit)
            )

        found = self._reading.part(held, requests.where)
        return Seen(found.value, found.where, requests.shortfall) if isinstance(found, Seen) else found


def _is_merged(request: MergeRequest) -> bool:
    return request.state is State.MERGED and bool(request.commit)


def _address(address: str, read: Callable[[str], str]) -> str:
    """Read a known address; empty for one that is none of this forge's, such as what a person said instead."""
    try:
        return read(address) if address else ""
    except Misused:
        return ""


def _refs(places: Mapping[str, Part[str]]) -> list[str]:
    return [part.value for part in places.values() if isinstance(part, Seen) and part.value]


def _at(places: Mapping[str, Part[str]], seen: Mapping[str, Part[T | None]]) -> dict[str, Part[T | None]]:
    absent: Part[T | None] = Seen(None)
    return {name: part if isinstance(part, Unseen) else seen.get(part.value, absent) for name, part in places.items()}


def _needed(part: Part[Issue | None]) -> Part[Issue]:
    """Take an issue that is linked: one that is not there could not be seen, since nothing takes issues away."""
    if isinstance(part, Unseen):
        return part
    return (
        Unseen("it is linked, and cannot be found", part.where) if part.value is None else Seen(part.value, part.where)
    )


def _gathered(
    theirs: Part[Mapping[str, tuple[tuple[str, str], ...]]], issue: str, met: Mapping[str, Part[MergeRequest | None]]
) -> Part[tuple[MergeRequest, ...]]:
    """Give the merge requests of one issue, with what of them could not be seen."""
    if isinstance(theirs, Unseen):
        return theirs
    parts = {ref: met[ref] for ref, _ in theirs.value[issue]}
    missing = {ref: part.reason for ref, part in parts.items() if isinstance(part, Unseen)}
    if missing and len(missing) == len(parts):
        return Unseen(next(iter(missing.values())), rows.url_of(issue))
    found = tuple(part.value for part in parts.values() if isinstance(part, Seen) and part.value is not None)
    return Seen(found, rows.url_of(issue), "; ".join(f"{ref}: {why}" for ref, why in missing.items()))

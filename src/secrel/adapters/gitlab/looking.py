"""One look at a release on GitLab, in at most four waves: every part seen, or unseen in its own place.

First the documents and the tracking issue; then the issues linked to it, their CVE requests and the tags; then their
merge requests; then which tags hold what was merged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from msgspec.structs import replace

from secrel.adapters.gitlab.addresses import ThingPlace, issue_place, merge_request_place
from secrel.adapters.gitlab.reading import texts
from secrel.adapters.gitlab.reading.forms import ItemForm, RequestForm
from secrel.adapters.gitlab.reading.instance import Instance
from secrel.adapters.gitlab.reading.linked_issues import Around, linked_around
from secrel.adapters.gitlab.reading.listing import Making
from secrel.adapters.gitlab.reading.making import Trust, issue_of, links_of
from secrel.adapters.gitlab.reading.requesting import is_settling, request_of
from secrel.adapters.gitlab.reading.things import Thing
from secrel.words.errors import Misused
from secrel.words.forge import Issue, Link, MergeRequest, State
from secrel.words.parts import Part, Seen, Unseen, mapped, tried
from secrel.words.sighting import TRACKING, Asked, Further, LinkedFix, RemovedLink, Sighting, Sought

T = TypeVar("T")
_NO_FILES: Part[tuple[tuple[str, str], ...]] = Seen(())
_Brought = tuple[
    dict[str, Part[dict[ThingPlace, str]]],
    dict[ThingPlace, Part[MergeRequest | None]],
    dict[ThingPlace, Part[frozenset[str]]],
]
"""The merge requests of each issue with their branches, what each is, and the tags that hold it."""
_Items = dict[ThingPlace, Part[Thing[ItemForm] | None]]
_SETTLING = (1.0, 2.0)
"""How long to wait, in seconds, before GitLab is asked again whether something can be merged; then it stays open."""


class GitLabLook:
    """A look in progress."""

    def __init__(self, gitlab: Instance, asked: Asked) -> None:
        """Take the instance, and what is asked."""
        self._gitlab = gitlab
        self._asked = asked
        self._made = Making(gitlab)
        keys = [one.key for one in (*asked.issues.values(), *asked.requests.values()) if one.key]
        self._keys = tuple(dict.fromkeys([*keys, *asked.known]))

    def sighting(self) -> Sighting:
        """See everything that was asked for."""
        documents = {name: one for name, one in self._asked.issues.items() if name != TRACKING}
        jobs: list[Callable[[], Any]] = [
            self._release,
            partial(self._issues, documents),
            self._documents,
            partial(self._tags, self._asked.tags),
        ]
        release, issues, requests, tags = self._gitlab.asking.chains(*jobs)
        order = {name: (issues | release.issues)[name] for name in (*self._asked.issues, *release.issues)}
        return Sighting(order, requests, release.linked, release.removed, tags | release.tags)

    def _release(self) -> Sighting:
        """See the tracking issue, and all that hangs on it."""
        sought = self._asked.issues.get(TRACKING)
        if sought is None:
            return Sighting({})
        found = self._things({TRACKING: sought}, texts.TRACKING)[TRACKING]
        issue = self._issue(found)
        if isinstance(found, Unseen) or found.value is None or isinstance(issue, Unseen) or issue.value is None:
            without = issue if isinstance(issue, Unseen) else Unseen("there is no tracking issue")
            return Sighting({TRACKING: issue}, {}, without, without)
        further = tried(partial(self._asked.further, issue.value), issue.where)
        told = further.value if isinstance(further, Seen) else Further()
        current, gone, short = links_of(found.value, self._gitlab.instance)
        unread = found.value.list("notes").shortfall
        jobs: list[Callable[[], Any]] = [
            partial(self._fixes, [*current, *gone], told, found.value.place),
            partial(self._issues, told.issues),
            partial(self._tags, told.tags),
            self._gitlab.half_seen,
        ]
        fixes, issues, tags, hidden = self._gitlab.asking.chains(*jobs)
        short = "; ".join(filter(None, (short, hidden)))
        linked = tuple(fixes[link.ref].linked(link) for link in current)
        removed = tuple(fixes[link.ref].removed(link) for link in gone)
        where = issue.where
        taken_out = Unseen(unread, where) if unread else Seen(removed, where)
        return Sighting({TRACKING: issue, **issues}, {}, Seen(linked, where, short), taken_out, tags)

    def _places(
        self, sought: Mapping[str, Sought], sort: str, read: Callable[[str, str], ThingPlace]
    ) -> dict[str, Part[ThingPlace | None]]:
        """Say where each thing is, None for one that is not there: at its known address, or where its mark is."""
        known = {name: _address(one.address, self._gitlab.instance, read) for name, one in sought.items()}
        marked = [name for name, one in sought.items() if known[name] is None and one.key]
        jobs = [partial(self._made.place, sought[name].project, sort, sought[name].key) for name in marked]
        found = dict(zip(marked, self._gitlab.asking.chains(*jobs), strict=True)) if jobs else {}
        absent: Part[ThingPlace | None] = Seen(None)
        return {name: Seen(place) if place else found.get(name, absent) for name, place in known.items()}

    def _things(self, sought: Mapping[str, Sought], parts: tuple[str, ...]) -> dict[str, Part[Thing[ItemForm] | None]]:
        places = self._places(sought, "#", issue_place)
        seen = self._gitlab.things.issues(_only(places), parts)
        return {name: _at(part, seen) for name, part in places.items()}

    def _issue(self, part: Part[Thing[ItemForm] | None]) -> Part[Issue | None]:
        if isinstance(part, Unseen) or part.value is None:
            return Seen(None, part.where) if isinstance(part, Seen) else part
        made = issue_of(part.value, self._trust())
        return made if isinstance(made, Unseen) else Seen(made.value, made.where, made.shortfall)

    def _trust(self) -> Trust:
        return self._gitlab.trust(self._keys)

    def _issues(self, sought: Mapping[str, Sought]) -> dict[str, Part[Issue | None]]:
        if not sought:
            return {}
        return {name: self._issue(part) for name, part in self._things(sought, texts.DOCUMENT).items()}

    def _documents(self) -> dict[str, Part[MergeRequest | None]]:
        """See the merge requests that are documents: with the files on their branches, and in their targets."""
        if not self._asked.requests:
            return {}
        places = self._places(self._asked.requests, "!", merge_request_place)
        seen = self._settled(_only(places), files=True)
        things = [part.value for part in seen.values() if isinstance(part, Seen) and part.value is not None]
        told = self._gitlab.asking.together(
            *[partial(self._gitlab.files, thing) for thing in things],
            *[partial(self._gitlab.standing, thing) for thing in things],
        )
        files = [mapped(part, lambda found: found or ()) for part in told[: len(things)]]
        by_place = {thing.place: part for thing, part in zip(things, files, strict=True)}
        made = {place: self._request(part, by_place) for place, part in seen.items()}
        for thing, stands in zip(things, told[len(things) :], strict=True):
            made[thing.place] = mapped(made[thing.place], partial(_standing, stands))
        return {name: _at(part, made) for name, part in places.items()}

    def _settled(
        self, places: Sequence[ThingPlace], *, files: bool = False
    ) -> dict[ThingPlace, Part[Thing[RequestForm] | None]]:
        """Give merge requests; those that GitLab is still looking at are asked for again, a little later."""
        seen = self._gitlab.requests(places, files=files)
        for pause in _SETTLING:
            moving = [place for place, part in seen.items() if _is_moving(part)]
            if not moving:
                break
            self._gitlab.asking.client.rest(pause)
            seen |= self._gitlab.requests(moving, files=files)
        return seen

    def _request(
        self, part: Part[Thing[RequestForm] | None], files: Mapping[ThingPlace, Part[tuple[tuple[str, str], ...]]]
    ) -> Part[MergeRequest | None]:
        if isinstance(part, Unseen) or part.value is None:
            return Seen(None, part.where) if isinstance(part, Seen) else part
        told = files.get(part.value.place, _NO_FILES)
        made = request_of(part.value, self._trust(), self._gitlab.profile.teams, told)
        return made if isinstance(made, Unseen) else Seen(made.value, made.where, made.shortfall)

    def _tags(self, asked: Mapping[str, tuple[str, ...]]) -> dict[str, Part[Mapping[str, str]]]:
        """See which of these tags there are, by repository, with the commit of each."""
        pairs = [(project, name) for project, names in asked.items() for name in dict.fromkeys(names)]
        found = self._gitlab.asking.together(*[partial(self._gitlab.tag, *pair) for pair in pairs])
        told: dict[str, Part[Mapping[str, str]]] = {}
        for project in asked:
            parts = {name: part for (of, name), part in zip(pairs, found, strict=True) if of == project}
            missing = next((part for part in parts.values() if isinstance(part, Unseen)), None)
            there = {name: part.value for name, part in parts.items() if isinstance(part, Seen) and part.value}
            told[project] = missing or Seen(there, project)
        return told

    def _fixes(self, links: Sequence[Link], further: Further, tracking: ThingPlace) -> dict[str, _Fix]:
        """See the issues that are or were linked, with their CVE requests, merge requests and tags."""
        places = {link.ref: _address(link.ref, self._gitlab.instance, issue_place) for link in links}
        refs = [place for place in places.values() if place is not None]
        asked = {link.ref: self._asked.cve_request(link.ref) for link in links}
        jobs: list[Callable[[], Any]] = [
            partial(self._linked, refs, frozenset({tracking, *refs})),
            partial(self._issues, asked if self._asked.cves else {}),
            partial(self._brought, refs, further),
        ]
        (things, around), cves, (theirs, made, holding) = self._gitlab.asking.chains(*jobs)
        absent: Part[Issue | None] = Seen(None)
        nothing: Part[Thing[ItemForm] | None] = Seen(None)

        def cve(ref: str, place: ThingPlace) -> Part[Issue | None]:
            own = cves.get(ref, absent)
            is_absent = isinstance(own, Seen) and own.value is None
            return self._issue(around.cves[place]) if is_absent and place in around.cves else own

        return {
            ref: _Fix(
                _needed(self._issue(things[place])),
                theirs[place.ref],
                made,
                (cve(ref, place), self._issue(around.canonical.get(place, nothing))),
                holding,
            )
            for ref, place in places.items()
            if place is not None
        }

    def _linked(self, refs: Sequence[ThingPlace], others: frozenset[ThingPlace]) -> tuple[_Items, Around]:
        """See the issues of fixes, with their canonical issues, and CVE requests where the desk knows of none."""
        cves, things = self._asked.cves, self._gitlab.things.issues(refs, texts.TRACKING)
        unknown = [place for place in things if cves and not self._asked.cve_request(place.ref).address]
        return things, linked_around(self._gitlab, things, cves, unknown, others)

    def _brought(self, issues: Sequence[ThingPlace], further: Further) -> _Brought:
        """See the merge requests of these issues, and the tags that hold them: nothing else is waited for."""
        theirs = self._related(issues)
        wanted = [place for part in theirs.values() if isinstance(part, Seen) for place in part.value]
        seen = self._settled(list(dict.fromkeys(wanted)))
        made = {place: self._request(part, {}) for place, part in seen.items()}
        return theirs, made, self._held(made, further)

    def _related(self, issues: Sequence[ThingPlace]) -> dict[str, Part[dict[ThingPlace, str]]]:
        found = self._gitlab.asking.together(*[partial(self._gitlab.related, place) for place in issues])
        return {place.ref: part for place, part in zip(issues, found, strict=True)}

    def _held(
        self, made: Mapping[ThingPlace, Part[MergeRequest | None]], further: Further
    ) -> dict[ThingPlace, Part[frozenset[str]]]:
        """Say which of the tags asked for hold what each merge request brought."""
        merged = [
            (place, part.value.commit)
            for place, part in made.items()
            if isinstance(part, Seen) and part.value is not None and part.value.state is State.MERGED
            if further.tags.get(place.project)
        ]

        def held(place: ThingPlace, commit: str) -> Part[frozenset[str]]:
            if not commit:
                return Unseen("the commit that merged it is not shown", place.ref)
            return tried(lambda: self._gitlab.holding(place.project, commit, further.tags[place.project]), place.ref)

        found = self._gitlab.asking.together(*[partial(held, place, commit) for place, commit in merged])
        return dict(zip((place for place, _ in merged), found, strict=True))


class _Fix:
    """What was found of one linked issue, as the two kinds of links have it."""

    def __init__(
        self,
        issue: Part[Issue],
        theirs: Part[dict[ThingPlace, str]],
        made: Mapping[ThingPlace, Part[MergeRequest | None]],
        beside: tuple[Part[Issue | None], Part[Issue | None]],
        holding: Mapping[ThingPlace, Part[frozenset[str]]],
    ) -> None:
        self._issue = issue
        self._cve, self._canonical = beside
        self._branches = mapped(theirs, lambda found: tuple(dict.fromkeys(filter(None, found.values()))))
        self._requests = _gathered(theirs, made)
        self._holding = _joined(self._requests, theirs, holding)

    def linked(self, link: Link) -> LinkedFix:
        """Give it as it is linked."""
        return LinkedFix(link, self._issue, self._requests, self._cve, self._holding, self._canonical)

    def removed(self, link: Link) -> RemovedLink:
        """Give it as it was linked, and is no more."""
        return RemovedLink(link, self._issue, self._branches, self._cve, self._holding, self._requests)


def _address(address: str, instance: str, read: Callable[[str, str], ThingPlace]) -> ThingPlace | None:
    """Read a known address; None for one that is none of this instance's, such as what a person said instead."""
    try:
        return read(address, instance) if address else None
    except Misused:
        return None


def _only(places: Mapping[str, Part[ThingPlace | None]]) -> list[ThingPlace]:
    return [part.value for part in places.values() if isinstance(part, Seen) and part.value is not None]


def _at(place: Part[ThingPlace | None], seen: Mapping[ThingPlace, Part[T | None]]) -> Part[T | None]:
    absent: Part[T | None] = Seen(None)
    if isinstance(place, Unseen):
        return place
    return absent if place.value is None else seen[place.value]


def _is_moving(part: Part[Thing[RequestForm] | None]) -> bool:
    return isinstance(part, Seen) and part.value is not None and is_settling(part.value.form)


def _needed(part: Part[Issue | None]) -> Part[Issue]:
    """Take an issue that is linked: one that is not there could not be seen."""
    if isinstance(part, Unseen):
        return part
    if part.value is None:
        return Unseen("it is linked, and cannot be found", part.where)
    return Seen(part.value, part.where, part.shortfall)


def _gathered(
    theirs: Part[dict[ThingPlace, str]], made: Mapping[ThingPlace, Part[MergeRequest | None]]
) -> Part[tuple[MergeRequest, ...]]:
    """Give the merge requests of one issue, with what of them could not be seen."""
    if isinstance(theirs, Unseen):
        return theirs
    found: list[MergeRequest] = []
    missing: list[str] = [theirs.shortfall] if theirs.shortfall else []
    for place in theirs.value:
        part = made[place]
        if isinstance(part, Unseen):
            missing.append(f"{place.ref}: {part.reason}")
        elif part.value is None:
            missing.append(f"{place.ref}: it is related, and cannot be found")
        else:
            found.append(part.value)
            missing += [f"{place.ref}: {part.shortfall}"] if part.shortfall else []
    if missing and not found:
        return Unseen("; ".join(missing), theirs.where)
    return Seen(tuple(found), theirs.where, "; ".join(missing))


def _joined(
    requests: Part[tuple[MergeRequest, ...]],
    theirs: Part[dict[ThingPlace, str]],
    holding: Mapping[ThingPlace, Part[frozenset[str]]],
) -> Part[frozenset[str]]:
    """Say which tags hold a fix, of what each of its merge requests tells."""
    if isinstance(requests, Unseen) or isinstance(theirs, Unseen):
        return requests if isinstance(requests, Unseen) else Unseen("its merge requests could not be seen")
    parts = [holding[place] for place in theirs.value if place in holding]
    unseen = next((part for part in parts if isinstance(part, Unseen)), None)
    held = frozenset[str]().union(*(part.value for part in parts if isinstance(part, Seen)))
    return unseen or Seen(held, requests.where, requests.shortfall)


def _standing(told: Part[tuple[tuple[str, str], ...] | None], made: MergeRequest | None) -> MergeRequest | None:
    return made and replace(made, stands=told if isinstance(told, Unseen) else told.value)

"""What all questions share: the instance, its profile, and the few things that REST alone tells."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from secrel.adapters.gitlab.addresses import ThingPlace, merge_request_place
from secrel.adapters.gitlab.client import route
from secrel.adapters.gitlab.faults import Failed, FaultKind
from secrel.adapters.gitlab.profile import Profile
from secrel.adapters.gitlab.reading import texts
from secrel.adapters.gitlab.reading.asking import Questions
from secrel.adapters.gitlab.reading.forms import FilesForm, ProjectForm, RequestForm
from secrel.adapters.gitlab.reading.making import Trust
from secrel.adapters.gitlab.reading.things import Thing, Things
from secrel.words.errors import NotSeen, SecrelError
from secrel.words.forge import State
from secrel.words.parts import Part, Seen, Unseen, tried, unseen
from secrel.words.people import handle_of


class _Commit(msgspec.Struct, frozen=True):
    id: str


class _Tag(msgspec.Struct, frozen=True):
    name: str
    commit: _Commit


class _References(msgspec.Struct, frozen=True):
    full: str


class _Related(msgspec.Struct, frozen=True):
    references: _References
    source_branch: str


class _Named(msgspec.Struct, frozen=True):
    name: str


@dataclass(slots=True)
class Instance:
    """An instance as it is read: its profile, and what asks."""

    asking: Questions
    profile: Profile
    things: Things = field(init=False)
    has_rules: bool = field(init=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        """Begin with what the profile says of the tier; the first answer corrects it."""
        self.things = Things(self.asking)
        self.has_rules = self.profile.is_paid

    @property
    def instance(self) -> str:
        """The address of the instance."""
        return self.asking.client.instance

    def accounts(self) -> tuple[str, ...]:
        """Give whose marks count: the profile's accounts, else the token's own user, who is asked for once.

        Of several chains of questions that do not know it yet one asks, and the others wait for its answer.
        """
        with self._lock:
            if not self.profile.accounts and not self.asking.username:
                self.asking.query(texts.WHO, {})
        own = (self.asking.username,) if self.asking.username else ()
        return tuple({handle_of(name): name for name in (*self.profile.accounts, *own)}.values())

    def trust(self, keys: Sequence[str] = ()) -> Trust:
        """Say whose marks count, and by which keys a mark without one is read."""
        return Trust(frozenset((*self.profile.accounts, self.asking.username)) - {""}, tuple(keys), self.profile.rows)

    def requests(
        self, places: Sequence[ThingPlace], *, files: bool = False
    ) -> dict[ThingPlace, Part[Thing[RequestForm] | None]]:
        """Give merge requests, with approval rules unless this tier has none.

        Whoever asked for rules asks again without, even when another chain of questions has learned it meanwhile.
        """
        asked = self.has_rules
        found = self.things.requests(places, rules=asked, files=files)
        if asked and any(isinstance(part, Unseen) and "approvalState" in part.reason for part in found.values()):
            self.has_rules = False
            return self.things.requests(places, rules=False, files=files)
        return found

    def files(self, thing: Thing[RequestForm]) -> Part[tuple[tuple[str, str], ...]]:
        """Give the files that a merge request changes, as they are on its branch; one that it takes away has none.

        Those of products are not looked at: nobody asks for them.
        """
        form = thing.form
        if thing.place.project in self.profile.products:
            return Seen((), thing.place.ref)
        paths = sorted({changed.path for changed in form.diff_stats or ()})
        if form.diff_stats is None or form.diff_head_sha is None or form.source_project is None:
            return Unseen("its files are not shown", thing.place.ref)
        if not paths:
            return Seen((), thing.place.ref)
        asked = {"p": form.source_project.full_path, "ref": form.diff_head_sha, "paths": paths}
        return tried(lambda: self._texts(asked), thing.place.ref)

    def standing(self, thing: Thing[RequestForm]) -> Part[tuple[tuple[str, str], ...] | None]:
        """Give the files of one that is merged, as they are in its target by now; None for any other."""
        form, place = thing.form, thing.place
        paths = sorted({changed.path for changed in form.diff_stats or ()})
        if form.state != State.MERGED or place.project in self.profile.products or not paths:
            return Seen(None, place.ref)
        asked = {"p": place.project, "ref": form.target_branch, "paths": paths}
        return tried(lambda: self._texts(asked), place.ref)

    def _texts(self, asked: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        answered = self.asking.query(texts.FILES, asked)
        holder = answered.part("project", FilesForm)
        blobs = holder.repository.blobs if holder and holder.repository else None
        if answered.said or blobs is None or blobs.nodes is None or blobs.page_info.has_next_page:
            raise NotSeen(answered.said or "the files of its branch are not shown")
        if None in blobs.nodes:
            raise NotSeen("one of the files of its branch could not be had")
        found = [(blob.path, blob.raw_blob) for blob in blobs.nodes if blob is not None]
        if any(text is None for _, text in found):
            raise NotSeen("one of its files is no text")
        return tuple(sorted((path, text) for path, text in found if text is not None))

    def related(self, issue: ThingPlace) -> Part[dict[ThingPlace, str]]:
        """Give the merge requests of an issue with their branches: those that are in the group of its project.

        GraphQL gives them for one issue in a request and no more. What merely mentions the issue elsewhere, such as a
        request on the public mirror, is none of its fix.
        """
        path = route("projects", issue.project, "issues", issue.iid, "related_merge_requests")
        try:
            found = self.asking.client.pages(path, _Related)
            named = [(merge_request_place(one.references.full, self.instance), one) for one in found.items]
        except SecrelError as fault:
            return unseen(fault, issue.ref)
        theirs = [(place, one.source_branch) for place, one in named]
        group = issue.project.rpartition("/")[0]
        kept = {place: branch for place, branch in theirs if place.project.rpartition("/")[0] == group}
        return Seen(kept, issue.ref, found.cut)

    def half_seen(self) -> str:
        """Say which projects of products this token does not see whole: links that lead there are left out unsaid."""
        projects = sorted(self.profile.products)
        if not projects:
            return ""
        try:
            answered = self.asking.query(
                texts.standing(len(projects)), {f"p{number}": project for number, project in enumerate(projects)}
            )
            seen = [answered.part(f"p{number}", ProjectForm) for number in range(len(projects))]
        except SecrelError as fault:
            return fault.what
        hidden = [
            project
            for project, form in zip(projects, seen, strict=True)
            if form is None or not form.max_access_level.reads_all
        ]
        where = ", ".join(hidden)
        return f"some of it may be out of sight: the token's user may not read all of {where}" if hidden else ""

    def tag(self, project: str, name: str) -> Part[str]:
        """Give the commit of a tag, empty when its project, which can be seen, has none of this name."""
        place = f"{project}, {name}"
        if not name.strip():  # which would be the address of all tags
            return Seen("", place)
        path = route("projects", project, "repository", "tags", name)
        try:
            found = self.asking.client.get(path, _Tag)
        except Failed as fault:
            if fault.fault.kind is FaultKind.NOT_THERE and fault.fault.said.casefold().startswith("404 tag"):
                return Seen("", place)
            return unseen(fault, place)
        return Seen(found.commit.id, place) if found.name == name else Unseen("another tag was given", place)

    def holding(self, project: str, commit: str, names: Sequence[str]) -> frozenset[str]:
        """Give those of these tags that hold a commit; raises `Failed`."""
        path = route("projects", project, "repository", "commits", commit, "refs")
        found = self.asking.client.pages(path, _Named, [("type", "tag")])
        if found.cut:
            raise NotSeen(f"the tags that hold it: {found.cut}")
        return frozenset(one.name for one in found.items) & frozenset(names)

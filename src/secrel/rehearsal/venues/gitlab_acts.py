"""What people do on a GitLab, each by a token of their own; what they see there, through the port that the desk has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from secrel.adapters.gitlab.addresses import ThingPlace, issue_place, merge_request_place
from secrel.adapters.gitlab.client import Client, route
from secrel.adapters.gitlab.marks import taken_apart, together
from secrel.adapters.gitlab.writing.sender import path_of
from secrel.adapters.gitlab.writing.texts import mark_line
from secrel.observe.observing import tracking_rule
from secrel.ports.forge import ForgeReader
from secrel.process.table import Process
from secrel.rehearsal.venues.gitlab_code import GitLabCode
from secrel.rehearsal.venues.venue import DEVELOPER, FixReport, FixRequest
from secrel.words.documents import TABLE, Identity
from secrel.words.errors import Misused, Refused
from secrel.words.facts.stated import Facts
from secrel.words.forge import Issue, MergeRequest, Pipeline
from secrel.words.parts import need
from secrel.words.sighting import Asked, LabelRule, Sought

_STATUS = {Pipeline.PASSED: "success", Pipeline.FAILED: "failed", Pipeline.RUNNING: "running"}
_UNSETTLED = frozenset({"preparing", "checking", "unchecked", "approvals_syncing"})
_REPORTED = "Somebody reported it; how it is fixed stands in the issue on the mirror."
"""What a canonical issue says."""
_LOOKS = 10
_PAUSE = 2.0


class _User(msgspec.Struct, frozen=True):
    id: int
    username: str


class _ProjectShown(msgspec.Struct, frozen=True):
    visibility: str


class _Numbered(msgspec.Struct, frozen=True):
    id: int


class _Opened(msgspec.Struct, frozen=True):
    iid: int


class _Reference(msgspec.Struct, frozen=True):
    full: str


class _LinkShown(msgspec.Struct, frozen=True):
    references: _Reference
    issue_link_id: int


class _Described(msgspec.Struct, frozen=True):
    description: str | None = None


class _RequestShown(msgspec.Struct, frozen=True):
    sha: str
    source_branch: str
    detailed_merge_status: str = ""


class _ApprovalsShown(msgspec.Struct, frozen=True):
    user_has_approved: bool


class _CommitShown(msgspec.Struct, frozen=True):
    id: str


class _BranchShown(msgspec.Struct, frozen=True):
    name: str
    commit: _CommitShown


class Seer:
    """Sees what the desk made, by its marks, and other issues by their references."""

    def __init__(self, forge: ForgeReader, process: Process, release: str) -> None:
        """Take the port to read with; `release` is whose documents are looked for where no key says whose."""
        self._forge = forge
        self._process = process
        self._release = release
        self._known: dict[str, str] = {}
        self._took_over: set[str] = set()

    def issues(self, refs: Sequence[str]) -> Mapping[str, Issue]:
        """Give issues by their references."""
        return self._issues({ref: Sought("", "", ref) for ref in refs})

    def issues_made(self, keys: Sequence[str]) -> Mapping[str, Issue]:
        """Give issues by the keys of the effects that opened them, or took them over."""
        found: dict[str, Issue] = {}
        for release in dict.fromkeys(map(_release_of, keys)):
            found |= self._made(release, [key for key in keys if _release_of(key) == release])
        return found

    def _made(self, release: str, keys: Sequence[str]) -> dict[str, Issue]:
        found = dict(self._issues({key: self._sought(key) for key in keys}, release))
        tracking = TABLE["tracking"].opening(release)
        absent = [key for key in keys if key not in found and (release in self._took_over or key == tracking)]
        there = {one.mark: one for rule in {self._rule(key) for key in absent} for one in self._open(rule)}
        found |= {key: there[key] for key in absent if key in there}
        if tracking in absent and tracking in there:
            self._took_over.add(release)
        self._known |= {key: one.ref for key, one in found.items()}
        return found

    def _open(self, rule: LabelRule) -> tuple[Issue, ...]:
        return need(self._forge.labelled(rule), f"the issues of {rule.project}")

    def _issues(self, sought: Mapping[str, Sought], release: str = "") -> Mapping[str, Issue]:
        seen = self._forge.look(Asked(release or self._release, sought)).issues if sought else {}
        told = {name: need(part, name) for name, part in seen.items()}
        found = {name: one for name, one in told.items() if one is not None}
        self._known |= {name: one.ref for name, one in found.items()}
        return found

    def merge_request_made(self, key: str) -> MergeRequest | None:
        """Give a merge request by the key of the effect that opened it, or took it over."""
        sought, release = self._sought(key), _release_of(key)
        found = need(self._forge.look(Asked(release, {}, {key: sought})).requests[key], key)
        if found is None and release in self._took_over:
            there = need(self._forge.proposed(sought.project), f"the merge requests of {sought.project}")
            found = next((one for one in there if one.mark == key), None)
        if found is not None:
            self._known[key] = found.ref
        return found

    def _sought(self, key: str) -> Sought:
        return Sought(key, self._process.named("projects", self._identity(key).project), self._known.get(key, ""))

    def _rule(self, key: str) -> LabelRule:
        """Say by which labels people's documents are told."""
        identity = self._identity(key)
        if identity.name == "tracking":
            return tracking_rule(self._process)
        return LabelRule(
            self._process.named("projects", identity.project), (self._process.named("labels", identity.label),)
        )

    def _identity(self, key: str) -> Identity:
        for identity in TABLE.values():
            own = identity.opening(_release_of(key))
            if key == own or ((identity.is_per_fix or identity.is_repeated) and key.startswith(f"{own}/")):
                return identity
        raise Misused(f"{key} opens no document")


def _release_of(key: str) -> str:
    return key.partition("/")[0]


class GitLabActs:
    """What people do on a GitLab; raises what its client raises."""

    def __init__(
        self, seer: Seer, client: Callable[[str], Client], codes: Mapping[str, GitLabCode], site: str, canonical: str
    ) -> None:
        """Take who sees, what speaks for somebody, the products' repositories, and the site that everybody reads.

        `canonical` is the project in which people report what is fixed on a mirror.
        """
        self._seer = seer
        self._client = client
        self._codes = codes
        self._site = site
        self._canonical = canonical
        self._disclosed: dict[str, str] = {}
        self._instance = client(DEVELOPER).instance

    def username(self, name: str) -> str:
        """Give the username under which somebody acts."""
        return self._client(name).get("/user", _User).username

    def issues(self, refs: Sequence[str]) -> Mapping[str, Issue]:
        """Give the issues with these references, without those that do not exist."""
        return self._seer.issues(refs)

    def issues_made(self, keys: Sequence[str]) -> Mapping[str, Issue]:
        """Give the issues that the desk opened by the effects with these keys."""
        return self._seer.issues_made(keys)

    def issue_made(self, key: str) -> Issue | None:
        """Give the issue that the desk opened by this effect."""
        return self.issues_made([key]).get(key)

    def merge_request_made(self, key: str) -> MergeRequest | None:
        """Give the merge request that the desk opened by this effect, with its files."""
        return self._seer.merge_request_made(key)

    def linked(self, ref: str) -> frozenset[str]:
        """Give the references of what is linked to an issue now."""
        return frozenset(one.references.full for one in self._links(ref, DEVELOPER))

    def _links(self, ref: str, by: str) -> list[_LinkShown]:
        return self._client(by).get(path_of(self._issue(ref), "links"), list[_LinkShown])

    def public_site(self) -> Mapping[str, str]:
        """Give the newest commit of each branch of the site that everybody reads."""
        path = route("projects", self._site, "repository", "branches")
        return {one.name: one.commit.id for one in self._client(DEVELOPER).pages(path, _BranchShown).items}

    def code(self, product: str) -> GitLabCode:
        """Give the repository of a product."""
        return self._codes[product]

    def report(self, new: FixReport, by: str) -> str:
        """Open the issue of a fix; where only members can read its project, its canonical issue is there before."""
        is_mirrored = self._client(by).get(route("projects", new.project), _ProjectShown).visibility == "private"
        facts = together("", facts=new.facts)
        told = {"title": new.title, "description": facts, "labels": ",".join(new.labels)}
        ref = self._opened(new.project, told, by)
        if is_mirrored:
            self._disclosed[ref] = self._opened(self._canonical, {"title": new.title, "description": _REPORTED}, by)
            self.link(ref, self._disclosed[ref], by)
        return ref

    def open_beside(self, new: FixReport, by: str) -> str:
        """Open an issue that is no fix's."""
        return self._opened(new.project, {"title": new.title, "description": "", "labels": ",".join(new.labels)}, by)

    def _opened(self, project: str, told: Mapping[str, str], by: str) -> str:
        told_all = {**told, "confidential": True}
        made = self._client(by).send("POST", route("projects", project, "issues"), told_all, _Opened).value
        return ThingPlace(project, "#", made.iid).ref

    def disclosed(self, ref: str) -> str:
        """Give what becomes public of a fix: its canonical issue, and where it has none its own."""
        return self._disclosed.get(ref, ref)

    def request(self, new: FixRequest, by: str) -> str:
        """Open a merge request of a fix, which names its issue: that relates them."""
        client, project = self._client(by), route("projects", new.project)
        told: dict[str, Any] = {
            "source_branch": new.branch,
            "target_branch": new.target,
            "title": new.title,
            "description": f"{new.body}\nRelated to {new.issue}\n",
            "labels": ",".join(new.labels),
            "assignee_ids": [_one(client, "/users", "username", name) for name in new.assignees],
        }
        if new.milestone:
            told["milestone_id"] = _one(client, f"{project}/milestones", "title", new.milestone)
        made = client.send("POST", f"{project}/merge_requests", told, _Opened).value
        return ThingPlace(new.project, "!", made.iid).ref

    def set_pipeline(self, ref: str, pipeline: Pipeline) -> None:
        """Let the pipeline of a merge request's newest commit end so, as one outside of GitLab does."""
        place, client = self._request(ref), self._client(DEVELOPER)
        stands = client.get(path_of(place), _RequestShown)
        told = {"state": _STATUS[pipeline], "ref": stands.source_branch, "name": "tests"}
        client.send("POST", route("projects", place.project, "statuses", stands.sha), told, Any)

    def approve(self, ref: str, by: str, team: str = "") -> None:
        """Approve a merge request as it now is; for which team that counts, the rules of approval say."""
        del team
        self.withdraw(ref, by)
        self._client(by).send("POST", path_of(self._request(ref), "approve"), {}, Any)

    def withdraw(self, ref: str, by: str) -> None:
        """Take one's approval back, when there is one."""
        place, client = self._request(ref), self._client(by)
        if client.get(path_of(place, "approvals"), _ApprovalsShown).user_has_approved:
            client.send("POST", path_of(place, "unapprove"), {}, Any)

    def merge(self, ref: str, by: str) -> None:
        """Merge a merge request, once GitLab has looked whether it can be; raises `Refused` when it never has."""
        place, client = self._request(ref), self._client(by)
        for _ in range(_LOOKS):
            stands = client.get(path_of(place), _RequestShown)
            if stands.detailed_merge_status not in _UNSETTLED:
                client.send("PUT", path_of(place, "merge"), {"sha": stands.sha}, Any)
                return
            client.rest(_PAUSE)
        raise Refused("GitLab does not come to an end with looking whether it can be merged", where=ref)

    def rewrite_file(self, request: MergeRequest, path: str, text: str, by: str) -> None:
        """Give a file on a merge request's branch another text."""
        project = self._request(request.ref).project
        action = {"action": "update", "file_path": path, "content": text}
        told = {"branch": request.branch, "commit_message": "Edit the post", "actions": [action]}
        self._client(by).send("POST", route("projects", project, "repository", "commits"), told, Any)

    def link(self, ref: str, to: str, by: str) -> None:
        """Link an issue to another."""
        other = self._issue(to)
        told = {"target_project_id": other.project, "target_issue_iid": other.iid}
        self._client(by).send("POST", path_of(self._issue(ref), "links"), told, Any)

    def unlink(self, ref: str, to: str, by: str) -> None:
        """Take the link between two issues away."""
        for one in self._links(ref, by):
            if one.references.full == to:
                self._client(by).send("DELETE", path_of(self._issue(ref), "links", one.issue_link_id), None, Any)

    def change_facts(self, ref: str, changes: Facts, lines: Iterable[str], by: str) -> None:
        """Make lines of an issue's details table say what `changes` says."""
        parts = taken_apart(self._text(ref, by))
        facts = parts.facts.changed(changes, tuple(lines))
        self._put(ref, {"description": together(parts.words, facts=facts, mark=mark_line(parts.mark))}, by)

    def set_body(self, ref: str, body: str, by: str) -> None:
        """Rewrite the text of an issue, and leave its table and its mark as they are."""
        parts = taken_apart(self._text(ref, by))
        self._put(ref, {"description": together(body, facts=parts.facts, mark=mark_line(parts.mark))}, by)

    def _text(self, ref: str, by: str) -> str:
        return self._client(by).get(path_of(self._issue(ref)), _Described).description or ""

    def _put(self, ref: str, fields: Mapping[str, Any], by: str) -> None:
        self._client(by).send("PUT", path_of(self._issue(ref)), fields, Any)

    def add_label(self, ref: str, label: str, by: str) -> None:
        """Put a label on an issue."""
        self._put(ref, {"add_labels": label}, by)

    def add_note(self, ref: str, body: str, by: str) -> None:
        """Leave a note on an issue."""
        self._client(by).send("POST", path_of(self._issue(ref), "notes"), {"body": body}, Any)

    def _issue(self, ref: str) -> ThingPlace:
        return issue_place(ref, self._instance)

    def _request(self, ref: str) -> ThingPlace:
        return merge_request_place(ref, self._instance)


def _one(client: Client, path: str, field: str, value: str) -> int:
    """Give the number of the one thing that a list has for a value; raises `Misused` when there is none."""
    found = client.get(path, list[_Numbered], [(field, value)])
    if not found:
        raise Misused(f"there is no {field} {value[:60]!r}", where=path, remedy="make it in the sandbox")
    return found[0].id

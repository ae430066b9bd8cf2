"""A world that resembles what a recording was taken from: by what its path names and what its answer says is there.

Nothing here knows a recording by name: what is made follows from the grammar of the path, the status and the body.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote

from tests.gitlab_double import OWNER, Clock, Double, Site, World
from tests.gitlab_double.proofs.replay.recordings import Recording
from tests.gitlab_double.world.asides import Hook, Release
from tests.gitlab_double.world.things import (
    Commit,
    Issue,
    Job,
    MergeRequest,
    Pipeline,
    Project,
    Thing,
    User,
)

MOST = 200
"""More of a kind than this is not made."""


class Filled:
    """A world made for one recording, and the token that asks."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        day = recording.day or "2021-01-01"
        site = Site(counts_pipelines="x-total" in recording.headers)
        if recording.whole and "ratelimit-limit" not in recording.headers:
            site.requests_per_minute = None
        self.world = World(Clock(datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)), site)
        self.caller = self.world.user("caller")
        self.parts = [unquote(part) for part in recording.path.strip("/").split("/")[2:]]
        body = recording.body
        self.one = (body[0] if body else {}) if isinstance(body, list) else body
        self.one = self.one if isinstance(self.one, dict) else {}
        self.missing = recording.status == 404 or self._refusal("not found")
        if self.parts[:1] == ["projects"] and len(self.parts) > 1:
            self._project(self.parts[1])
        elif self.parts:
            self._elsewhere()
        self.token = self.world.token(self.caller)
        self.double = Double(self.world)

    def _refusal(self, words: str) -> bool:
        return self.recording.status >= 400 and words in str(self.recording.body).casefold()

    @property
    def target(self) -> str:
        """What to ask: where the query was not kept, with what the route cannot do without."""
        if self.recording.whole or self.recording.query:
            return self.recording.target
        if "files" in self.parts:
            return f"{self.recording.path}?ref=master"
        return f"{self.recording.path}?from=from&to=to" if self.parts[-1] == "compare" else self.recording.path

    @property
    def sent(self) -> dict[str, Any] | None:
        """What to send where the recorder kept no body: what the answer says was in it."""
        recording = self.recording
        if recording.sent is not None or recording.method not in ("POST", "PUT"):
            return None
        one = self.one
        last = next(part for part in reversed(self.parts) if not part.isdecimal())
        sent: dict[str, Any] = {
            "issues": {"title": one.get("title") or "An issue", "confidential": bool(one.get("confidential"))},
            "merge_requests": {
                "title": one.get("title") or "A change",
                "source_branch": one.get("source_branch") or "feature",
                "target_branch": one.get("target_branch") or "master",
            },
            "notes": {"body": one.get("body") or "Something"},
            "award_emoji": {"name": one.get("name") or "tada"},
            "comments": {"note": "Nice", **({"path": "README.md", "line": 3} if one.get("line") else {})},
            "releases": {"tag_name": "1.0", "description": "Testing"},
            "projects": {"name": "new"},
            "labels": {"name": one.get("name") or "a", "color": "#112233"},
            "commits": {
                "branch": "master",
                "commit_message": "Work",
                "actions": [{"action": "create", "file_path": "a.txt", "content": "a"}],
            },
        }.get(last, {"state": one.get("status"), "name": one.get("name")} if "statuses" in self.parts else {})
        if recording.method == "PUT" and last in ("issues", "merge_requests"):
            sent = {"title": one.get("title") or "Changed"}
        return sent

    @property
    def count(self) -> int:
        """How many things a list has."""
        listed = len(self.recording.body) if isinstance(self.recording.body, list) else 1
        told = self.recording.headers.get("x-total")
        if told is None and self.recording.headers.get("x-next-page"):
            return min(listed * (int(self.recording.headers["x-page"]) + 1), MOST)
        return min(int(told or listed), MOST)

    # projects

    def _project(self, told: str) -> None:
        if self._refusal("project not found"):
            return
        by_number = told.isdecimal()
        taken = self.one.get("path_with_namespace")
        path = str(taken or "group/project") if by_number else told
        namespace = path.rpartition("/")[0]
        if self.one.get("owner"):
            self.world.user(namespace)
        made = self.world.project(
            path, visibility="public", members={self.caller: OWNER}, default_branch=self._branch()
        )
        if by_number:
            self._renumber(made, int(told))
        made.issues_enabled = self.recording.status != 403
        if self.one.get("forked_from_project"):
            made.forked_from = self.world.project("upstream/project", visibility="public").id
        self._below(made, self.parts[2:])

    def _branch(self) -> str:
        asked = self.recording.query
        sent = self.recording.sent if isinstance(self.recording.sent, dict) else {}
        form = dict(sent.get("__form__", [])) if "__form__" in sent else sent
        named = asked.get("ref") or asked.get("ref_name") or form.get("branch") or asked.get("branch")
        if self.parts[2:] == ["repository", "branches"]:
            named = form.get("ref") or asked.get("ref")
        return str(named or "master")

    def _renumber(self, made: Project, number: int) -> None:
        world = self.world
        for of in (world.projects, world.issues, world.merge_requests):
            of[number] = of.pop(made.id)  # type: ignore[attr-defined]
        made.id = number

    def _below(self, project: Project, rest: list[str]) -> None:
        """Make what the rest of the path names, one kind after another."""
        for kind, make in self._MAKES.items():
            if kind in rest:
                make(self, project, rest)

    def _named(self, rest: list[str], kind: str) -> str | None:
        place = rest.index(kind) + 1
        return rest[place] if place < len(rest) else None

    # issues and merge requests

    def _things(self, make: Callable[[int | None], Any], told: str | None) -> None:
        if told is None:
            for _ in range(self.count if self.recording.method == "GET" else 0):
                make(None)
        elif told.isdecimal() and not self.missing:
            make(int(told))

    def _fields(self, project: Project, one: dict[str, Any]) -> dict[str, Any]:
        fields: dict[str, Any] = {"description": str(one.get("description") or "")}
        if (labels := self.recording.query.get("labels")) or one.get("labels"):
            fields["labels"] = labels.split(",") if isinstance(labels, str) else one["labels"]
        if one.get("milestone"):
            due = date(2021, 1, 1) if one["milestone"].get("due_date") else None
            fields["milestone_id"] = self.world.milestone(project, str(one["milestone"]["title"]), due_date=due).id
        if one.get("assignee") or one.get("assignees"):
            fields["assignees"] = [self.caller]
        if one.get("reviewers"):
            fields["reviewers"] = [self.caller]
        if one.get("due_date"):
            fields["due_date"] = date(2021, 1, 1)
        return fields

    def _issue(self, project: Project, iid: int | None) -> Issue:
        whole = self.one if self.parts[-2:-1] == ["issues"] or self.parts[-1] == "issues" else {}
        fields = self._fields(project, whole)
        title = str(whole.get("title") or "An issue")
        made = self.world.issue(project, title, by=self.caller, iid=iid, **fields)
        if whole.get("state") == "closed" and self.recording.method == "GET":
            self.world.change(made, by=self.caller, state_event="close")
        return made

    def _issues(self, project: Project, rest: list[str]) -> None:
        if "award_emoji" in rest and "notes" not in rest:
            self.world.award(self._issue(project, int(rest[1])), "tada", self.caller).id = int(rest[-1])
            return
        self._things(lambda iid: self._talk(self._issue(project, iid), rest), self._named(rest, "issues"))

    def _request(self, project: Project, iid: int | None) -> MergeRequest:
        whole = self.one if "merge_requests" in self.parts[-2:] or self.parts[-1] in ("merge", "changes") else {}
        fields = self._fields(project, whole)
        number = iid or len(self.world.merge_requests[project.id]) + 1
        branch = str(self.recording.query.get("source_branch") or f"branch-{number}")
        if whole.get("source_project_id") != whole.get("target_project_id"):
            fields["source_project"] = self.world.project("fork/project", visibility="public", forked_from=project.id)
        made = self.world.merge_request(project, branch, "A change", by=self.caller, iid=iid, **fields)
        sent = self.recording.sent if isinstance(self.recording.sent, dict) else {}
        if sent.get("sha"):
            origin = self.world.projects[made.source_project_id]
            self._alias(origin, str(sent["sha"]), made.sha or "")
            made.sha = sent["sha"]
        for place in range(self.count - 1 if self.parts[-1] == "commits" else 0):
            self.world.commit(project, branch, {"more.txt": str(place)}, message="More")
        if whole.get("head_pipeline") or whole.get("pipeline"):
            self.world.pipeline(project, made.sha or "", "success", ref=branch)
        if whole.get("state") in ("merged", "closed") and self.recording.method == "GET":
            if whole["state"] == "merged":
                self.world.merge(made, by=self.caller)
            else:
                self.world.change(made, by=self.caller, state_event="close")
        return made

    def _requests(self, project: Project, rest: list[str]) -> None:
        if "commits" in rest and rest.index("commits") < rest.index("merge_requests"):
            if not self.count:
                return
            made = self._request(project, None)
            told = self._named(rest, "commits") or ""
            self._alias(project, told, made.sha or "")
            made.sha = told
            return
        told = self._named(rest, "merge_requests")
        if self.recording.method == "POST" and told is None:
            self._to_be_opened(project)
        self._things(lambda iid: self._talk(self._request(project, iid), rest), told)

    def _to_be_opened(self, project: Project) -> None:
        sent = self.recording.sent if isinstance(self.recording.sent, dict) else {}
        form = dict(sent.get("__form__", [])) if "__form__" in sent else sent
        target = str(form.get("target_branch") or self.one.get("target_branch") or "master")
        source = str(form.get("source_branch") or self.one.get("source_branch") or "feature")
        for name in (target, source):
            self.world.commit(project, name, {name: name}, message="Work")
        if "target_project_id" in form:
            upstream = self.world.project("upstream/project", visibility="public")
            self._renumber(upstream, int(form["target_project_id"]))
            self.world.commit(upstream, target, {target: target}, message="Work")
        if self.recording.status == 409:
            iid = int(str(self.recording.body["message"][0]).rpartition("!")[2])
            self.world.merge_request(project, source, "First", target=target, by=self.caller, iid=iid)

    # notes

    def _talk(self, thing: Thing, rest: list[str]) -> None:
        for kind in ("notes", "discussions"):
            if kind not in rest or (self.recording.method == "POST" and self._named(rest, kind) is None):
                continue
            told = self._named(rest, kind)
            for place in range(self.count if told is None else 1):
                bodies = self.recording.body if isinstance(self.recording.body, list) else [self.one]
                body = bodies[place] if place < len(bodies) and isinstance(bodies[place], dict) else {}
                self._note(thing, (body.get("notes") or [body])[0], told)

    def _note(self, thing: Thing, like: dict[str, Any], told: str | None) -> None:
        if like.get("system"):
            made = self.world.system_note(thing, str(like["body"]), "description", by=self.caller)
        else:
            made = self.world.note(thing, "Something", by=self.caller)
        if told and told.isdecimal():
            made.id = int(told)
        made.resolvable = bool(like.get("resolvable"))
        if like.get("resolved_by"):
            made.resolved_by, made.resolved_at = self.caller.id, self.world.clock.now
        if "award_emoji" in self.parts and self.recording.method != "POST":
            names = self.recording.body if isinstance(self.recording.body, list) else [self.one]
            for one in names:
                award = self.world.award(made, str(one.get("name") or "tada"), self.caller)
                if self.parts[-1].isdecimal():
                    award.id = int(self.parts[-1])

    # repositories

    def _alias(self, project: Project, told: str, sha: str) -> None:
        """Let a sha, as it is recorded, be a commit that is there."""
        commits = project.repository.commits
        commits[told] = Commit(
            told, commits[sha].parents, commits[sha].message, self.caller.id, commits[sha].at, dict(commits[sha].tree)
        )

    def _commits(self, project: Project, rest: list[str]) -> None:
        told = self._named(rest, "commits")
        if rest[0] != "repository":
            return
        if told is None:
            for place in range(self.count - 1 if self.recording.method == "GET" else 0):
                self.world.commit(project, project.default_branch, {"a": str(place)}, message="Work")
            self._for_actions(project)
        elif not self.missing:
            made = self.world.commit(project, "elsewhere", {"new.txt": "new\n"}, message="Work", by=self.caller)
            self._alias(project, told, made.sha)
            if self.one.get("last_pipeline"):
                self.world.pipeline(project, told, "success", ref=project.default_branch)
            if "cherry_pick" in rest:
                target = str(self.recording.query.get("branch") or "master")
                self.world.branch(project, target)
                if self.recording.status == 400:
                    self.world.commit(project, target, {"new.txt": "new\n"}, message="Same")
            if "comments" in rest or "discussions" in rest:
                place = {"path": "README.md", "line": 3} if self.one.get("line") else {}
                for _ in range(self.count if self.recording.method == "GET" else 0):
                    note = self.world.remark(project, told, "Nice", by=self.caller, **place)
                    if self.parts[-1].isdecimal():
                        note.id, note.discussion = int(self.parts[-1]), self.parts[-3]
            if "statuses" in rest and self.count:
                self.world.pipeline(
                    project, told, "success", jobs={f"job {place}": "success" for place in range(self.count)}
                )

    def _for_actions(self, project: Project) -> None:
        sent = self.recording.sent if isinstance(self.recording.sent, dict) else {}
        form = sent.get("__form__", [])
        acts = [value for name, value in form if name.endswith("[action]")]
        paths = [value for name, value in form if name.endswith(("[previous_path]", "[file_path]"))]
        if acts and acts[0] != "create":
            self.world.commit(project, project.default_branch, dict.fromkeys(paths[-1:], "old\n"), message="Old")
            previous = [value for name, value in form if name.endswith("[previous_path]")]
            files: dict[str, str | None] = dict.fromkeys(previous or paths, "old\n")
            if previous:
                files |= {path: None for path in paths if path not in previous}
            self.world.commit(project, project.default_branch, files, message="Older")

    def _branches(self, project: Project, rest: list[str]) -> None:
        told = self._named(rest, "branches")
        if told is None:
            names = [f"branch-{place}" for place in range(self.count - 1)] if self.recording.method == "GET" else []
            for name in names:
                self.world.branch(project, name)
            if self.recording.status == 400:
                form = dict((self.recording.sent or {}).get("__form__", []))
                self.world.branch(project, str(form.get("branch") or self.recording.query.get("branch")))
        elif not self.missing:
            self.world.commit(project, told, {"a": "b"}, message="Work")

    def _tags(self, project: Project, rest: list[str]) -> None:
        told = self._named(rest, "tags")
        if told is not None and not self.missing:
            self.world.tag(project, told)
            if self.one.get("release"):
                self._release(project, told)

    def _files(self, project: Project, rest: list[str]) -> None:
        told = self._named(rest, "files")
        if told and not self.missing and self.recording.method != "POST":
            self.world.commit(project, project.default_branch, {told: "content\n"}, message="Work")

    def _compare(self, project: Project, rest: list[str]) -> None:
        for name in ("from", "to"):
            made = self.world.commit(project, "main", {"a": name}, message="Work")
            self.world.tag(project, str(self.recording.query.get(name) or name), ref=made.sha)

    def _release(self, project: Project, name: str) -> Release:
        made = self.world.release(project, name, by=self.caller, description="Testing")
        made.evidenced = bool(self.one.get("evidences"))
        return made

    def _releases(self, project: Project, rest: list[str]) -> None:
        for place in range(self.count if self.recording.method == "GET" else 0):
            self.world.tag(project, f"0.{place}")
            self._release(project, f"0.{place}")
        self.world.tag(project, "1.0")

    # pipelines and what else a project has

    def _pipeline(self, project: Project, number: int | None) -> Pipeline:
        ref = str(self.recording.query.get("ref") or "master")
        sha = project.repository.branches[project.default_branch]
        if self.recording.query.get("scope") == "tags" and ref not in project.repository.tags:
            self.world.tag(project, ref)
        made = self.world.pipeline(project, sha, str(self.one.get("status") or "success"), ref=ref)
        made.id = number or made.id
        return made

    def _pipelines(self, project: Project, rest: list[str]) -> None:
        told = self._named(rest, "pipelines")
        self._things(lambda number: self._pipeline(project, number), told)
        if "jobs" in rest:
            scope = str(self.recording.query.get("scope") or "success")
            project.pipelines[-1].jobs = [
                Job(number, f"job {number}", scope, self.world.clock.now) for number in range(self.count)
            ]

    def _jobs(self, project: Project, rest: list[str]) -> None:
        told = self._named(rest, "jobs")
        made = self._pipeline(project, None)
        count = self.count if told is None else 1
        made.jobs = [Job(int(told or place), f"job {place}", "manual", self.world.clock.now) for place in range(count)]

    def _statuses(self, project: Project, rest: list[str]) -> None:
        if rest[0] == "statuses":
            self._alias(project, rest[1], project.repository.branches[project.default_branch])

    def _members(self, project: Project, rest: list[str]) -> None:
        for place in range(self.count - 1):
            project.members[self.world.user(f"member{place}").id] = 30

    def _labels(self, project: Project, rest: list[str]) -> None:
        for place in range(self.count if self.recording.method == "GET" else 0):
            self.world.label(project, f"label {place}", description="")

    def _hooks(self, project: Project, rest: list[str]) -> None:
        told = self._named(rest, "hooks")
        for place in range(self.count if self.recording.method != "POST" else 0):
            number = int(told) if told else place + 1
            project.hooks.append(Hook(number, "https://example.com", self.world.clock.now))

    def _forks(self, project: Project, rest: list[str]) -> None:
        for place in range(self.count):
            made = self.world.project(f"fork{place}/project", visibility="public", members={self.caller: OWNER})
            self.world.user(f"fork{place}")
            made.forked_from = project.id

    def _fork(self, project: Project, rest: list[str]) -> None:
        if self.recording.status == 409:
            self.world.project(f"{self.caller.username}/{project.name}", members={self.caller: OWNER})

    def _deployments(self, project: Project, rest: list[str]) -> None:
        made = self._pipeline(project, None)
        made.jobs = [Job(1, "deploy", "success", self.world.clock.now)]
        made.environment = "staging"

    def _contributors(self, project: Project, rest: list[str]) -> None:
        for place in range(self.count - 1):
            user = self.world.user(f"writer{place}")
            self.world.commit(project, project.default_branch, {"a": str(place)}, message="Work", by=user)

    _MAKES = {  # noqa: RUF012 - a table of methods
        "commits": _commits,
        "issues": _issues,
        "merge_requests": _requests,
        "branches": _branches,
        "tags": _tags,
        "files": _files,
        "compare": _compare,
        "releases": _releases,
        "pipelines": _pipelines,
        "jobs": _jobs,
        "statuses": _statuses,
        "members": _members,
        "labels": _labels,
        "hooks": _hooks,
        "forks": _forks,
        "fork": _fork,
        "deployments": _deployments,
        "contributors": _contributors,
    }

    # what is not below a project

    def _elsewhere(self) -> None:
        first = self.parts[0]
        if first == "projects" and self.recording.method == "POST" and self.recording.status == 400:
            self.world.project("caller/new", members={self.caller: OWNER})
        if first == "projects" and self.recording.method == "GET":
            for place in range(self.count):
                self.world.user(f"owner{place}")
                self.world.project(f"owner{place}/project", visibility="public", members={self.caller: OWNER})
        if first == "groups":
            self._groups()
        if first == "users":
            self._users()
        if first == "todos":
            self._todos()

    def _groups(self) -> None:
        told = self.parts[1] if len(self.parts) > 1 else None
        if self.missing:
            return
        for place in range(self.count if told is None else 0):
            self.world.group(f"group{place}", visibility="public", members={self.caller: OWNER})
        if told is None:
            return
        path = str(told) if told and not told.isdecimal() else "group"
        made = self.world.group(path, visibility="public", members={self.caller: OWNER})
        if told and told.isdecimal():
            made.id = int(told)
        for place in range(self.count - 1 if self.parts[-1] == "members" else 0):
            made.members[self.world.user(f"member{place}").id] = 30
        for place in range(self.count):
            if self.parts[-1] == "subgroups":
                self.world.group(f"{path}/sub{place}", visibility="public", members={self.caller: OWNER})
            if self.parts[-1] == "projects" or self.one.get("projects"):
                self.world.project(f"{path}/project{place}", visibility="public", members={self.caller: OWNER})

    def _users(self) -> None:
        name = self.recording.query.get("username")
        told = self.parts[1] if len(self.parts) > 1 else None
        for place in range(self.count if not name else min(self.count, 1)):
            made: User = self.world.user(str(name or f"user{place}"))
            if told and told.isdecimal():
                self.world.users[int(told)] = made
                made.id = int(told)

    def _todos(self) -> None:
        project = self.world.project("caller/project", members={self.caller: OWNER})
        like = self.one.get("target_type")
        thing: Thing = (
            self.world.merge_request(project, "work", "A change")
            if like == "MergeRequest"
            else (self.world.issue(project, "An issue"))
        )
        for _ in range(self.count):
            number = self.world.todo(self.caller, thing)
            if len(self.parts) > 1:
                number.id = int(self.parts[1])

"""A world filled for one recording: by the kinds of things that its path names, one after another."""

from __future__ import annotations

from collections.abc import Callable

from tests.gitlab_double import OWNER, Double
from tests.gitlab_double.proofs.replay.filling_code import Code
from tests.gitlab_double.proofs.replay.filling_plans import Plans
from tests.gitlab_double.proofs.replay.recordings import Recording
from tests.gitlab_double.world.things import Project, Thing, User


class Filled(Plans, Code):
    """A world made for one recording, and the token that asks."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(recording)
        if self.parts[:1] == ["projects"] and len(self.parts) > 1:
            self._project(self.parts[1])
        elif self.parts:
            self._elsewhere()
        self.token = self.world.token(self.caller)
        self.double = Double(self.world)

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

    def _below(self, project: Project, rest: list[str]) -> None:
        """Make what the rest of the path names, one kind after another."""
        makes: dict[str, Callable[[Project, list[str]], None]] = {
            "commits": self._commits,
            "issues": self._issues,
            "merge_requests": self._requests,
            "branches": self._branches,
            "tags": self._tags,
            "files": self._files,
            "compare": self._compare,
            "releases": self._releases,
            "pipelines": self._pipelines,
            "jobs": self._jobs,
            "statuses": self._statuses,
            "members": self._members,
            "labels": self._labels,
            "hooks": self._hooks,
            "forks": self._forks,
            "fork": self._fork,
            "deployments": self._deployments,
            "contributors": self._contributors,
        }
        for kind, make in makes.items():
            if kind in rest:
                make(project, rest)

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

"""Repositories and pipelines of a world that resembles a recording."""

from __future__ import annotations

from typing import Any

from tests.gitlab_double import OWNER
from tests.gitlab_double.proofs.replay.filling import Filling
from tests.gitlab_double.world.asides import Hook, Release
from tests.gitlab_double.world.things import Job, Pipeline, Project


class Code(Filling):
    """What is in a repository, and what runs on it."""

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
            self._around(project, told, rest[-1] if not rest[-1].isdecimal() else "discussions")

    def _around(self, project: Project, sha: str, kind: str) -> None:
        """Make what hangs on a commit: where it is picked to, what was said about it, how it fared."""
        if kind == "cherry_pick":
            target = str(self.recording.query.get("branch") or "master")
            self.world.branch(project, target)
            if self.recording.status == 400:
                self.world.commit(project, target, {"new.txt": "new\n"}, message="Same")
        if kind in ("comments", "discussions"):
            place: dict[str, Any] = {"path": "README.md", "line": 3} if self.one.get("line") else {}
            for _ in range(self.count if self.recording.method == "GET" else 0):
                note = self.world.remark(project, sha, "Nice", by=self.caller, **place)
                if self.parts[-1].isdecimal():
                    note.id, note.discussion = int(self.parts[-1]), self.parts[-3]
        if kind == "statuses" and self.count:
            jobs = {f"job {place}": "success" for place in range(self.count)}
            self.world.pipeline(project, sha, "success", jobs=jobs)

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

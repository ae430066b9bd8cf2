"""Issues, merge requests and talk of a world that resembles a recording."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.gitlab_double.proofs.replay.filling import Filling
from tests.gitlab_double.world.things import Issue, MergeRequest, Project, Thing


class Plans(Filling):
    """What is planned and said."""

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
            sha = self._named(rest, "commits") or ""
            self._alias(project, sha, made.sha or "")
            made.sha = sha
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

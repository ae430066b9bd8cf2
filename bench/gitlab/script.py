"""The obvious script: python-gitlab, one session, one request after the other, a hundred to a page.

It reads what a look reads, with the call that each thing has in python-gitlab, and asks nothing that an answer before
has told: the issues of links come with the links, discussions are counted from notes, a project is asked for once.
"""

from __future__ import annotations

import re
from base64 import b64decode
from itertools import islice
from typing import Any

from gitlab.exceptions import GitlabGetError

from gitlab import Gitlab
from secrel.words.forge import Issue
from secrel.words.sighting import TRACKING, Asked

Told = dict[str, Any]
_REFERRED = re.compile(r"(?:marked as related to|removed the relation with) ([\w./-]*)#(\d+)")


class Script:
    """A session with an instance; `account` is who opened the desk's documents."""

    def __init__(self, url: str, token: str, account: str) -> None:
        self._gitlab = Gitlab(url, private_token=token, per_page=100)
        self._account = account
        self._projects: dict[str, Any] = {}

    def _project(self, path: str) -> Any:
        if path not in self._projects:
            self._projects[path] = self._gitlab.projects.get(path)
        return self._projects[path]

    def documents(self, projects: list[str]) -> dict[str, list[Told]]:
        """Give what the account opened in each of these projects, with its notes where a mark says it is the desk's."""
        return {path: [self._issue(path, one) for one in self._opened(path)] for path in projects}

    def _opened(self, path: str) -> list[Any]:
        found = self._project(path).issues.list(author_username=self._account, get_all=True)
        return [one for one in found if "<!-- secrel " in (one.description or "")]

    def _issue(self, path: str, one: Any) -> Told:
        notes = self._project(path).issues.get(one.iid, lazy=True).notes.list(get_all=True)
        told = {**one.attributes, "notes": [note.attributes for note in notes]}
        return told | {"private": self._project(path).visibility == "private"}

    def tracking(self, path: str, iid: int) -> Told:
        """Give the tracking issue with its notes, the issues linked to it, and those that were."""
        issue = self._project(path).issues.get(iid)
        told = self._issue(path, issue)
        links = issue.links.list(get_all=True)
        told["links"] = [self._fix(one.references["full"], one) for one in links]
        linked = {one["references"]["full"] for one in told["links"]}
        group = path.rpartition("/")[0]
        named = []
        for note in told["notes"]:
            for where, number in _REFERRED.findall(note["body"]) if note["system"] else ():
                full = path if not where else where if "/" in where else f"{group}/{where}"
                named.append((f"{full}#{number}", note))
        told["named"] = named
        gone = dict.fromkeys(full for full, _ in named if full not in linked)
        told["gone"] = [self._fix(full) for full in gone]
        return told

    def _fix(self, full: str, one: Any = None) -> Told:
        path, _, number = full.partition("#")
        project = self._project(path)
        issue = project.issues.get(int(number), lazy=one is not None)
        told = self._issue(path, one or issue)
        related = issue.related_merge_requests(get_all=True)
        told["requests"] = [self.request(path, each["iid"]) for each in related if each["project_id"] == project.id]
        return told

    def request(self, path: str, iid: int) -> Told:
        """Give a merge request with its approvals, their rules, its notes, its newest commit."""
        one = self._project(path).mergerequests.get(iid)
        return {
            **one.attributes,
            "approvals": one.approvals.get().attributes,
            "rules": one.approval_state.get().rules,
            "notes": [note.attributes for note in one.notes.list(get_all=True)],
            "newest": [commit.attributes for commit in islice(one.commits(per_page=1), 1)],
            "private": self._project(path).visibility == "private",
        }

    def opened(self, path: str) -> list[Told]:
        """Give the merge requests that the account opened and marked, with the files that they change."""
        found = self._project(path).mergerequests.list(author_username=self._account, get_all=True)
        made = [self.request(path, one.iid) for one in found if "<!-- secrel " in (one.description or "")]
        return [{**one, "files": self._files(path, one)} for one in made]

    def _files(self, path: str, one: Told) -> list[tuple[str, str]]:
        project = self._project(path)
        changed = project.mergerequests.get(one["iid"], lazy=True).changes()["changes"]
        paths = sorted({each["new_path"] for each in changed})
        return [(each, b64decode(project.files.get(each, ref=one["sha"]).content).decode()) for each in paths]

    def tags(self, path: str, names: tuple[str, ...]) -> dict[str, str]:
        """Give those of the tags that there are, with the commit of each."""
        found = {}
        for name in names:
            try:
                found[name] = self._project(path).tags.get(name).commit["id"]
            except GitlabGetError as fault:
                if fault.response_code != 404:
                    raise
        return found

    def holding(self, path: str, commit: str) -> set[str]:
        """Give the tags that hold a commit."""
        refs = self._project(path).commits.get(commit, lazy=True).refs("tag", get_all=True)
        return {one["name"] for one in refs}


def read(script: Script, asked: Asked) -> Told:
    """Read all that is asked about a release, as a person would write it down from top to bottom."""
    path, _, iid = asked.issues[TRACKING].address.partition("#")
    tracking = script.tracking(path, int(iid))
    boards = {one.project for name, one in asked.issues.items() if name != TRACKING}
    issues = script.documents([*sorted(boards), asked.cves])
    requests = {one: script.opened(one) for one in sorted({sought.project for sought in asked.requests.values()})}
    further = asked.further(Issue(f"{path}#{iid}", "", "", "")).tags
    tags = {one: script.tags(one, names) for one, names in {**asked.tags, **further}.items()}
    for fix in (*tracking["links"], *tracking["gone"]):
        where = fix["references"]["full"].partition("#")[0]
        merged = [one["merge_commit_sha"] for one in fix["requests"] if one["state"] == "merged"]
        held = [script.holding(where, commit) for commit in merged if further.get(where)]
        fix["holding"] = set().union(*held) & set(further.get(where, ()))
    return {"tracking": tracking, "issues": issues, "requests": requests, "tags": tags}

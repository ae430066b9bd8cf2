"""A world that resembles what a recording was taken from: by what its path names and what its answer says is there.

Nothing here knows a recording by name: what is made follows from the grammar of the path, the status and the body.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from tests.gitlab_double import Clock, Site, World
from tests.gitlab_double.proofs.replay.recordings import Recording
from tests.gitlab_double.world.repositories import Commit
from tests.gitlab_double.world.things import Project

MOST = 200
"""More of a kind than this is not made."""


class Filling:
    """What a recording says was there, and the world that is to be filled."""

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
        known: dict[str, dict[str, Any]] = {
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
        }
        status: dict[str, Any] = {"state": one.get("status"), "name": one.get("name")}
        sent = known.get(last, status if "statuses" in self.parts else {})
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
        world.projects[number] = world.projects.pop(made.id)
        world.issues[number] = world.issues.pop(made.id)
        world.merge_requests[number] = world.merge_requests.pop(made.id)
        made.id = number

    def _named(self, rest: list[str], kind: str) -> str | None:
        place = rest.index(kind) + 1
        return rest[place] if place < len(rest) else None

    def _things(self, make: Callable[[int | None], Any], told: str | None) -> None:
        if told is None:
            for _ in range(self.count if self.recording.method == "GET" else 0):
                make(None)
        elif told.isdecimal() and not self.missing:
            make(int(told))

    def _alias(self, project: Project, told: str, sha: str) -> None:
        """Let a sha, as it is recorded, be a commit that is there."""
        commits = project.repository.commits
        commits[told] = Commit(
            told, commits[sha].parents, commits[sha].message, self.caller.id, commits[sha].at, dict(commits[sha].tree)
        )

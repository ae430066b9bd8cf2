"""A request as a route sees it, and what a route answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

from tests.gitlab_double.world import seeing
from tests.gitlab_double.world.things import GUEST, Issue, MergeRequest, Project, Thing, Token, User
from tests.gitlab_double.world.world import World


@dataclass
class Answer:
    """What goes back: a body of None is none at all, text goes as it is, anything else as JSON."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"


class Refused(Exception):
    """An answer that is not a success."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def refused(status: int, message: Any) -> Refused:
    """Refuse under the key `message`."""
    return Refused(Answer(status, {"message": message}))


def invalid(error: str) -> Refused:
    """Refuse a parameter, under the key `error` (s1: 400)."""
    return Refused(Answer(400, {"error": error}))


FORBIDDEN = "403 Forbidden"
NOT_FOUND = "404 Not found"  # s1: small f, for issues, merge requests, notes


@dataclass
class Ask:
    """A request that matched a route."""

    world: World
    viewer: User | None
    token: Token | None
    method: str
    path: str
    args: Mapping[str, str]
    params: dict[str, Any]
    headers: Mapping[str, str]

    # what the parameters say; unknown ones are nobody's business and ignored (s1)

    def text(self, name: str) -> str | None:
        """Give a parameter as text."""
        value = self.params.get(name)
        return None if value is None else str(value)

    def has(self, name: str) -> bool:
        """Whether a parameter was sent at all."""
        return name in self.params

    def flag(self, name: str) -> bool | None:
        """Give a parameter as yes or no."""
        value = self.text(name)
        if value is None or value == "":
            return None
        if value.casefold() not in ("true", "false", "1", "0"):
            raise invalid(f"{name} is invalid")
        return value.casefold() in ("true", "1")

    def number(self, name: str) -> int | None:
        """Give a parameter as a number."""
        value = self.text(name)
        if value is None or value == "":
            return None
        if not value.lstrip("-").isdecimal():
            raise invalid(f"{name} is invalid")
        return int(value)

    def one_of(self, name: str, allowed: Sequence[str], default: str) -> str:
        """Give a parameter that has few values (s1: 400 `… does not have a valid value`)."""
        value = self.text(name) or default
        if value not in allowed:
            raise invalid(f"{name} does not have a valid value")
        return value

    def names(self, name: str) -> list[str] | None:
        """Give a list, sent as an array or with commas."""
        value = self.params.get(name)
        if value is None:
            return None
        parts = value if isinstance(value, list) else str(value).split(",")
        return [part for part in (str(one).strip() for one in parts) if part]

    def numbers(self, name: str) -> list[int] | None:
        """Give a list of numbers; `0` and nothing empty it."""
        names = self.names(name)
        return None if names is None else [int(one) for one in names if one.lstrip("-").isdecimal() and int(one)]

    def day(self, name: str) -> date | None:
        """Give a parameter as a day."""
        value = self.text(name)
        if not value:
            return None
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            raise invalid(f"{name} is invalid") from None

    def instant(self, name: str) -> datetime | None:
        """Give a parameter as an instant; without a zone it is UTC."""
        value = self.text(name)
        if not value:
            return None
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise invalid(f"{name} is invalid") from None
        return found if found.tzinfo else found.replace(tzinfo=self.world.clock.now.tzinfo)

    def required(self, *names: str) -> None:
        """Refuse if one of these was not sent (s1: `{"error":"body is missing"}`)."""
        missing = [name for name in names if name not in self.params]
        if missing:
            raise invalid(", ".join(f"{name} is missing" for name in missing))

    # what the path names

    def arg(self, name: str) -> str:
        """Give a part of the path, decoded once (s2)."""
        return unquote(self.args[name])

    def someone(self) -> User:
        """Give who asks, or refuse (s1: 401)."""
        if self.viewer is None:
            raise refused(401, "401 Unauthorized")
        return self.viewer

    def project(self, name: str = "id", *, writes: int | None = None) -> Project:
        """Give the project of the path, or refuse as GitLab does: what is not visible is not there (s1)."""
        told = self.arg(name)
        by_number = told.isdecimal()
        found = self.world.projects.get(int(told)) if by_number else self.world.by_path(told)
        if found is None and told in self.world.moved:
            self._moved(self.world.projects[self.world.moved[told]])
        if found is None or not seeing.sees_project(self.world, self.viewer, found):
            raise refused(404, "404 Project Not Found")
        if writes is not None:
            self.may(found, writes)
        return found

    def _moved(self, project: Project) -> None:
        if seeing.sees_project(self.world, self.viewer, project):  # doc/07: text, with a Location
            url = f"{self.world.site.url}/api/v4/projects/{project.id}"
            rest = self.path.split("/", 3)[3:]
            url = "/".join([url, *rest])
            body = f"This resource has been moved permanently to {url}"
            raise Refused(Answer(301, body, {"location": url}, "text/plain"))

    def may(self, project: Project, needed: int) -> None:
        """Refuse who has not the role, and everybody where the project is archived (s1: 403)."""
        user = self.someone()
        has = max(seeing.level(self.world, user, project), GUEST if project.visibility == "public" else 0)
        if project.archived or has < needed:
            raise refused(403, FORBIDDEN)

    def iid(self, name: str) -> int:
        """Give a number of the path (s1: 400 `issue_iid is invalid`)."""
        told = self.arg(name)
        if not told.isdecimal():
            raise invalid(f"{name} is invalid")
        return int(told)

    def issue(self, project: Project) -> Issue:
        """Give the issue of the path."""
        iid = self.iid("issue_iid")
        found = self.world.issues[project.id].get(iid)
        if found is None or not seeing.sees(self.world, self.viewer, found):
            raise refused(404, NOT_FOUND)
        return found

    def merge_request(self, project: Project) -> MergeRequest:
        """Give the merge request of the path."""
        iid = self.iid("merge_request_iid")
        found = self.world.merge_requests[project.id].get(iid)
        if found is None or not seeing.sees(self.world, self.viewer, found):
            raise refused(404, NOT_FOUND)
        return found

    def thing(self, project: Project) -> Thing:
        """Give the issue or merge request of the path, whichever it names."""
        return self.issue(project) if "issue_iid" in self.args else self.merge_request(project)

    def time(self, at: datetime | None) -> str | None:
        """How an instant is written (s2)."""
        return written(self.world, at)


def written(world: World, at: datetime | None) -> str | None:
    """Write an instant: `Z` on GitLab.com, an offset on self-managed (s2)."""
    if at is None:
        return None
    zone = world.site.zone
    if zone == "Z":
        return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
    there = at.astimezone(datetime.fromisoformat(f"2000-01-01T00:00:00{zone}").tzinfo)
    return f"{there:%Y-%m-%dT%H:%M:%S}.{there.microsecond // 1000:03}{zone}"

"""Things that a release desk hardly touches, and that recordings show: awards, remarks, releases, hooks, to-dos."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Award:
    """An emoji on a note."""

    id: int
    name: str
    user_id: int
    at: datetime


@dataclass
class Remark:
    """A comment on a commit."""

    id: int
    body: str
    user_id: int
    at: datetime
    discussion: str
    path: str | None = None
    line: int | None = None


@dataclass
class Release:
    """A release of a tag, with notes."""

    tag: str
    description: str
    user_id: int
    at: datetime
    evidenced: bool = False


@dataclass
class Hook:
    """A web hook."""

    id: int
    url: str
    at: datetime
    events: tuple[str, ...] = ("push_events",)
    checks_certificate: bool = True


@dataclass
class Todo:
    """Something a user is asked to do."""

    id: int
    user_id: int
    project_id: int
    kind: str
    iid: int
    at: datetime
    state: str = "pending"

"""A small world to act on, and a way to pull the plug at any line that talks to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import ClassVar, get_args

from secrel.apply.applying import Applying
from secrel.journal.journal import Journal
from secrel.words.effects import (
    Action,
    Adopt,
    Audience,
    ChangeDiscussion,
    CloseIssue,
    CloseMergeRequest,
    Comment,
    Effect,
    LiftConfidentiality,
    LinkIssue,
    OpenDiscussion,
    OpenIssue,
    OpenMergeRequest,
    PostMessage,
    PublishRecord,
    RewriteFiles,
    RewriteIssue,
    SendMail,
    SetFacts,
    SetHead,
    TellReporter,
    TrackBranch,
    UnlinkIssue,
)
from secrel.words.facts.stated import UNSTATED, ReleaseFacts
from secrel.words.heads import Head
from secrel.words.outcomes import CannotTell, Made, NotMade
from secrel.words.people import Actor

LIFTS = datetime(2026, 11, 25, 16, tzinfo=UTC)
AFTER = datetime(2026, 11, 25, 17, tzinfo=UTC)
DAY = date(2026, 12, 1)

_ROWS = (
    Effect("r/tracking", OpenIssue("p", "t", "b"), "s"),
    Effect("r/checklist", Adopt("p#1", ("t", "b")), "s"),
    Effect("r/rewrite/1", RewriteIssue("p#1", "new", "old"), "s"),
    Effect("r/comment", Comment("p#1", "b"), "s"),
    Effect("r/faults/p!1", OpenDiscussion("p!1", "b"), "s"),
    Effect("r/faults/p!1/edit/1", ChangeDiscussion("p!1#note_1", "b", is_resolved=True, expects="a"), "s"),
    Effect("r/link", LinkIssue("p#2", "p#1"), "s"),
    Effect("r/unlink", UnlinkIssue("p#2", "p#1"), "s"),
    Effect("r/duty/1", SetFacts("p#1", ReleaseFacts(primary="amara"), ("primary",), UNSTATED), "s"),
    Effect("r/move-day/1", SetHead("p#1", Head(due=DAY), Head()), "s"),
    Effect("r/branch/1", TrackBranch("p", "b", "main", "t", "p#2"), "s"),
    Effect("r/post/draft", OpenMergeRequest("p", "b", "main", "t", "b", (("a.md", "x"),)), "s"),
    Effect("r/post/draft/edit/1", RewriteFiles("p!1", "t", "b", (("a.md", "y"),), (("a.md", "x"),), ("t", "b")), "s"),
    Effect("r/post/draft/close", CloseMergeRequest("p!1"), "s"),
    Effect("r/tracking/close", CloseIssue("p#1"), "s"),
    Effect(
        "r/public/p#2",
        LiftConfidentiality("p#2", "t", "b", UNSTATED),
        "s",
        audience=Audience.EVERYBODY,
        not_before=LIFTS,
    ),
    Effect(
        "r/email",
        SendMail("all@acme.test", "s", "eml"),
        "s",
        audience=Audience.EVERYBODY,
        findable=False,
        not_before=LIFTS,
    ),
    Effect("r/handover/1", PostMessage("#team", "t"), "s"),
    Effect("r/report/1", TellReporter("report/1", "t"), "s", audience=Audience.EVERYBODY, not_before=LIFTS),
    Effect("r/cve/publish/1", PublishRecord("CVE-2026-0001", "{}"), "s", audience=Audience.EVERYBODY, not_before=LIFTS),
)
_BY_KIND = {type(effect.action): effect for effect in _ROWS}
EFFECTS = tuple(_BY_KIND[kind] for kind in get_args(Action))
"""One effect of every kind there is: a new kind has a row above, or nothing here can be loaded."""


class Unplugged(BaseException):
    """The power failed."""


@dataclass
class Things:
    """What was made in the world, in order; several desks can share it."""

    made: list[str] = field(default_factory=list)


@dataclass
class MemoryWriter:
    """Makes things in memory; `before` and `after` are called around each making."""

    kinds: ClassVar[frozenset[type[Action]]] = frozenset(get_args(Action))
    things: Things
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        """Find it by its mark; of a blind one nobody can tell once it began."""
        if not effect.findable:
            return NotMade() if begun is None else CannotTell("it is blind")
        return Made(f"at:{effect.key}") if effect.key in self.things.made else NotMade()

    def do(self, effect: Effect, *, actor: Actor) -> Made:
        """Make it."""
        assert actor.username
        self.before()
        self.things.made.append(effect.key)
        self.after()
        return Made(f"at:{effect.key}")


def pull_the_plug() -> None:
    """Fail as a power cut does: nothing of ours catches it."""
    raise Unplugged


def a_world(journal: Journal, writer: MemoryWriter, now: datetime = AFTER, by: str = "amara") -> Applying:
    """A world in which this writer does everything."""
    return Applying(dict.fromkeys(writer.kinds, writer), journal, lambda: now, Actor(by))

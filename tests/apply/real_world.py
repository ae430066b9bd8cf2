"""A folder with a real forge, outbox, journal and repositories, one effect of every kind for it, and how to count."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar, get_args

import pygit2

from secrel.adapters.localforge.forge import LocalForge
from secrel.adapters.localforge.people import NewIssue
from secrel.adapters.localforge.repository.sites import make_site
from secrel.adapters.localforge.store import StoreOptions
from secrel.adapters.outbox.outbox import Outbox
from secrel.apply.applying import Applying, Outcome, apply
from secrel.journal.journal import Journal
from secrel.plan.plan import Plan, approve
from secrel.ports.forge import Writer
from secrel.wiring import writers_of
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
from secrel.words.forge import State
from secrel.words.heads import Head
from secrel.words.outcomes import CannotTell, Made, NotMade
from secrel.words.parts import settled
from secrel.words.people import Actor
from tests.builders import notes_of
from tests.packing import pack
from tests.writing import do

LIFTS = datetime(2026, 11, 25, 16, tzinfo=UTC)
AFTER = datetime(2026, 11, 25, 17, tzinfo=UTC)
DAY = date(2026, 12, 1)
FIRST, SECOND, SITE, BEGUN = "p#1", "p#2", "site!1", "site!1#note_1"
_OLD, _NEW = (("a.md", "old\n"),), (("a.md", "new\n"),)
_MAIL = "From: desk@vendor.example\nTo: all@vendor.example\nSubject: s\n\nThe mail.\n"


@dataclass
class Place:
    """Everything in one folder; `clock` is read by forge, outbox and apply alike, and writers may be wrapped."""

    folder: Path
    clock: Callable[[], datetime] = lambda: AFTER
    wrapped: Callable[[Writer], Writer] = lambda writer: writer
    forge: LocalForge = field(init=False)
    journal: Journal = field(init=False)

    def __post_init__(self) -> None:
        """Open it."""
        repositories = {"p": self.folder / "site.git", "site": self.folder / "site.git"}
        options = StoreOptions(durable=False)
        self.forge = LocalForge(self.folder / "forge.db", repositories, [], self.clock, options=options)
        self.journal = Journal(str(self.folder / "journal.db"), durable=False)

    @property
    def world(self) -> Applying:
        """What applying needs."""
        table = writers_of(self.forge, Outbox(self.folder / "outbox", self.clock))
        writers = {kind: self.wrapped(writer) for kind, writer in table.items()}
        return Applying(writers, self.journal, self.clock, Actor("amara"))

    def run(self, *effects: Effect) -> list[Outcome]:
        """Approve and apply a plan of these."""
        plan = Plan("r", effects)
        approval = approve(plan, read=plan.digest, by="bjorn", at=AFTER) if plan.needs_approval else None
        return list(apply(plan, approval, self.world))

    def files(self, folder: str) -> int:
        """Count the files in a folder of the outbox."""
        return sum(
            path.is_file() and ".keys" not in path.parts for path in (self.folder / "outbox" / folder).rglob("*")
        )

    def commits(self, branch: str, key: str) -> int:
        """Count the commits on a branch that one effect made."""
        repository = pygit2.Repository(self.folder / "site.git")
        reference = f"refs/heads/{branch}"
        if reference not in repository.references:
            return 0
        walk = repository.walk(repository.references[reference].peel(pygit2.Commit).id)
        return sum(commit.message.rstrip().endswith(f": {key}") for commit in walk)

    def close(self) -> None:
        """Let go of the files."""
        self.forge.close()
        self.journal.close()


_ROWS = (
    Effect("r/tracking", OpenIssue("p", "made", "b", facts=ReleaseFacts(release="r")), "s"),
    Effect("r/checklist", Adopt("p#3", ("issue 3", "third")), "s"),
    Effect("r/rewrite/1", RewriteIssue(FIRST, "rewritten", "first"), "s"),
    Effect("r/comment", Comment(FIRST, "said once"), "s"),
    Effect("r/faults/1", OpenDiscussion(SITE, "to be mended"), "s"),
    Effect("r/faults/1/edit/1", ChangeDiscussion(BEGUN, "mended", is_resolved=True, expects="as it was"), "s"),
    Effect("r/link", LinkIssue(SECOND, FIRST), "s"),
    Effect("r/unlink", UnlinkIssue("p#3", FIRST), "s"),
    Effect("r/duty/1", SetFacts(FIRST, ReleaseFacts(primary="amara"), ("primary",), UNSTATED), "s"),
    Effect("r/move-day/1", SetHead(FIRST, Head("issue 1", due=DAY), Head("issue 1")), "s"),
    Effect("r/branch/1", TrackBranch("p", "there", "main", "t", SECOND, ("security",)), "s"),
    Effect("r/post/draft", OpenMergeRequest("site", "post", "main", "t", "b", (("b.md", "x\n"),)), "s"),
    Effect("r/post/draft/edit/1", RewriteFiles(SITE, "t", "b", _NEW, _OLD, ("t", "b")), "s"),
    Effect("r/post/draft/close", CloseMergeRequest("site!2"), "s"),
    Effect("r/tracking/close", CloseIssue(FIRST), "s"),
    Effect(
        "r/public/1",
        LiftConfidentiality(SECOND, "issue 2", "second", UNSTATED),
        "s",
        audience=Audience.EVERYBODY,
        not_before=LIFTS,
    ),
    Effect(
        "r/email",
        SendMail("all@vendor.example", "s", _MAIL),
        "s",
        audience=Audience.EVERYBODY,
        findable=False,
        not_before=LIFTS,
    ),
    Effect("r/handover/1", PostMessage("team", "t"), "s"),
    Effect("r/report/1", TellReporter("report/1", "t"), "s", audience=Audience.EVERYBODY, not_before=LIFTS),
    Effect("r/cve/publish/1", PublishRecord("CVE-2026-0001", "{}"), "s", audience=Audience.EVERYBODY, not_before=LIFTS),
)
_BY_KIND = {type(effect.action): effect for effect in _ROWS}
EFFECTS = tuple(_BY_KIND[kind] for kind in get_args(Action))
"""One effect of every kind there is: a new kind has a row above, or nothing here can be loaded."""


def _said(place: Place, body: str, *, is_open: bool) -> int:
    """Count the notes on the site's merge request that say this, and began a discussion that is open, or is not."""
    notes = settled(place.forge.people.merge_requests([SITE])[SITE].notes, "the notes")
    return sum((note.body, note.is_open) == (body, is_open) for note in notes)


COUNTS: Mapping[str, Callable[[Place], int]] = {
    "OpenIssue": lambda place: len(place.forge.people.issues([f"p#{n}" for n in range(4, 12)])),
    "Adopt": lambda place: int(place.forge.people.issues(["p#3"])["p#3"].mark == "r/checklist"),
    "RewriteIssue": lambda place: int(place.forge.people.issues([FIRST])[FIRST].body == "rewritten"),
    "Comment": lambda place: len(notes_of(place.forge.people.issues([FIRST])[FIRST])),
    "OpenDiscussion": lambda place: _said(place, "to be mended", is_open=True),
    "ChangeDiscussion": lambda place: _said(place, "mended", is_open=False),
    "LinkIssue": lambda place: sum(link.ref == SECOND for link in place.forge.people.linked(FIRST)),
    "UnlinkIssue": lambda place: sum(link.until is not None for link in place.forge.people.linked(FIRST)),
    "SetFacts": lambda place: int(place.forge.people.issues([FIRST])[FIRST].facts.table == {"primary": "amara"}),
    "SetHead": lambda place: int(place.forge.people.issues([FIRST])[FIRST].due == DAY),
    "TrackBranch": lambda place: len(place.forge.people.related(SECOND)),
    "OpenMergeRequest": lambda place: (
        len(place.forge.people.merge_requests([f"site!{n}" for n in range(3, 9)]))
        * place.commits("post", "r/post/draft")
    ),
    "RewriteFiles": lambda place: (
        place.commits("first", "r/post/draft/edit/1") * (place.forge.people.merge_requests([SITE])[SITE].files == _NEW)
    ),
    "CloseMergeRequest": lambda place: int(
        place.forge.people.merge_requests(["site!2"])["site!2"].state is State.CLOSED
    ),
    "CloseIssue": lambda place: int(place.forge.people.issues([FIRST])[FIRST].state is State.CLOSED),
    "LiftConfidentiality": lambda place: int(not place.forge.people.issues([SECOND])[SECOND].confidential),
    "SendMail": lambda place: place.files("mail"),
    "PostMessage": lambda place: place.files("messages"),
    "TellReporter": lambda place: place.files("reporters"),
    "PublishRecord": lambda place: place.files("cve"),
}
"""How often the effect of each kind has happened in the world."""


def build(folder: Path) -> None:
    """Make a folder in which none of the effects has happened, and each can."""
    make_site(folder / "site.git", "main", AFTER)
    repository = pygit2.Repository(folder / "site.git")
    main = repository.references["refs/heads/main"].peel(pygit2.Commit)
    who = pygit2.Signature("farid", "farid@vendor.example", int(AFTER.timestamp()), 0)
    repository.create_commit("refs/heads/there", who, who, "Mend it", main.tree.id, [main.id])
    place = Place(folder)
    people = place.forge.people
    for number, body in enumerate(("first", "second", "third"), start=1):
        people.open_issue(NewIssue("p", f"issue {number}", "farid", AFTER, body=body))
    people.link("p#3", FIRST, "farid", AFTER)
    for name, files in (("first", _OLD), ("second", (("c.md", "x\n"),))):
        do(place.forge, Effect(f"before/{name}", OpenMergeRequest("site", name, "main", "t", "b", files), "s"))
    do(place.forge, Effect("before/begun", OpenDiscussion(SITE, "as it was"), "s"))
    place.close()
    pack(folder)


def die() -> None:
    """End this process as a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class DeadlyWriter:
    """Writes what another writer does, and dies before or after it, if it is of one kind (None: of any)."""

    kinds: ClassVar[frozenset[type[Action]]] = frozenset(get_args(Action))
    writer: Writer
    before: bool
    kind: type[Action] | None = None

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        """Ask the other."""
        return self.writer.find(effect, begun=begun)

    def do(self, effect: Effect, *, actor: Actor) -> Made:
        """Let the other do it, and die."""
        if self.kind is not None and not isinstance(effect.action, self.kind):
            return self.writer.do(effect, actor=actor)
        if not self.before:
            self.writer.do(effect, actor=actor)
        die()
        raise AssertionError(effect)


@dataclass
class DeadlyClock:
    """Tells the time, and dies when it is read for the last time."""

    readings: int

    def __call__(self) -> datetime:
        """Tell the time."""
        self.readings -= 1
        if self.readings <= 0:
            die()
        return AFTER

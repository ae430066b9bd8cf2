"""What a forge holds, in our words: issues, merge requests, links, notes (gitlab-process.md 2.1)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from secrel.words.facts.stated import UNSTATED, Stated
from secrel.words.parts import Open, settled

NOTE = "#note_"
"""What the address of a note has behind that of what it hangs on, before its number."""


class State(StrEnum):
    """The life of an issue (opened, closed) or a merge request (opened, merged, closed)."""

    OPENED = "opened"
    MERGED = "merged"
    CLOSED = "closed"


class Pipeline(StrEnum):
    """The newest result of a merge request's pipeline, jobs that may fail left out."""

    NONE = "none"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"


class Assent(Struct, frozen=True):
    """Somebody's approval of a merge request as it then was; `team` such as `maintainer`, `appsec`, or empty."""

    by: str
    at: datetime
    team: str = ""


class Note(Struct, frozen=True):
    """A comment on an issue or a merge request; an `internal` one is not shown to outsiders of a public issue.

    `mark` is the key of the effect that made it, empty when a person did; `is_open` that it began a discussion which
    nobody has resolved yet. `thread` names the discussion that it is in, of one that can be resolved: whoever answers
    writes into it; empty where nobody can answer.
    """

    by: str
    at: datetime
    body: str
    internal: bool = False
    mark: str = ""
    is_open: bool = False
    thread: str = ""


class Issue(Struct, frozen=True):
    """An issue as found. `ref` is `project#number`; `facts` is what its details table says.

    `author` is whoever opened it; `mark` is the key of the effect that made it or took it over, empty while it is
    people's alone; `notes` are all of them, oldest first;
    `public_since` is since when everybody can read one that is not confidential, None where the forge does not tell;
    `members_only` that its whole project is closed to others, so that it stays `confidential` whatever it is made.
    """

    ref: str
    title: str
    body: str
    url: str
    state: State = State.OPENED
    labels: frozenset[str] = frozenset()
    confidential: bool = True
    members_only: bool = False
    public_since: datetime | None = None
    assignees: tuple[str, ...] = ()
    due: date | None = None
    milestone: str = ""
    created_at: datetime | None = None
    author: str = ""
    mark: str = ""
    facts: Stated = UNSTATED
    notes: Open[tuple[Note, ...]] = ()


class MergeRequest(Struct, frozen=True):
    """A merge request as found. `ref` is `project!number`; `branch` goes into `target`.

    `commit` is the head of its branch, or after the merge the commit that carried it into the target; `files` are the
    files it changes in a site repository (path, text), left empty for product repositories, and `stands` those of a
    merged one as they are in the target now, whoever changed them since (None: nobody looked). `changed_at` is when its
    branch last moved, `merged_at` when the forge merged it, or first saw that it was; `is_public` is whether everybody
    can read its project; `writers` are the authors of its own commits, as git names them (`Name <address>`), empty
    where the forge does not tell. Fields that a forge may leave open for a while, or read in part alone, say so.
    """

    ref: str
    title: str
    body: str
    url: str
    branch: str
    target: str
    state: State = State.OPENED
    is_draft: bool = False
    pipeline: Open[Pipeline] = Pipeline.NONE
    has_conflicts: Open[bool] = False
    open_boxes: int = 0
    open_discussions: Open[int] = 0
    labels: frozenset[str] = frozenset()
    milestone: str = ""
    assignees: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    assents: Open[tuple[Assent, ...]] = ()
    author: str = ""
    writers: tuple[str, ...] = ()
    commit: str = ""
    changed_at: datetime | None = None
    merged_at: datetime | None = None
    mark: str = ""
    files: tuple[tuple[str, str], ...] = ()
    stands: Open[tuple[tuple[str, str], ...] | None] = None
    notes: Open[tuple[Note, ...]] = ()
    is_public: Open[bool] = False

    def is_stale(self, assent: Assent) -> bool:
        """Whether its branch has moved since somebody approved it; where nobody knows when it moved, it has not."""
        return self.changed_at is not None and assent.at < self.changed_at

    @property
    def live(self) -> dict[str, str]:
        """The files of one that is merged as they stand in the target, by path, or as it has them where nobody looked.

        Raises `NotSeen` where somebody looked and could not see them.
        """
        stands = settled(self.stands, f"what {self.ref} was merged to")
        return dict(self.files if stands is None else stands)

    def as_it_stands(self, correction: MergeRequest | None) -> MergeRequest:
        """Give one that is merged with its files as they stand by now, whoever wrote them; `correction` changed some.

        A correction that is not merged has changed nothing. Raises `NotSeen` where they could not be seen.
        """
        after = correction.live if correction is not None and correction.state is State.MERGED else {}
        return replace(self, files=tuple({**self.live, **after}.items()))


class Link(Struct, frozen=True):
    """An issue linked to the tracking issue: since when, and until when if somebody took it out again."""

    ref: str
    since: datetime
    until: datetime | None = None
    by: str = ""

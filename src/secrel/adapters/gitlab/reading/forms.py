"""The form of every answer: whatever has another one is not read (what comes from a server is hostile until then)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Generic, TypeVar

import msgspec

T = TypeVar("T")
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with its zone: one without could be any of a day's."""
READS_ALL = 15
"""The least role (Planner; Reporter is 20) that reads every issue of a project."""


class PageForm(msgspec.Struct, frozen=True, rename="camel"):
    """Whether a list goes on, and from where."""

    has_next_page: bool = False
    end_cursor: str | None = None


class Some(msgspec.Struct, Generic[T], frozen=True, rename="camel"):
    """A page of a list; a null in it is something that the token may not see."""

    nodes: list[T | None] | None = None
    page_info: PageForm = PageForm()


class User(msgspec.Struct, frozen=True):
    """Somebody, by their handle."""

    username: str = ""


class Titled(msgspec.Struct, frozen=True):
    """A label or a milestone."""

    title: str


class Action(msgspec.Struct, frozen=True):
    """What a system note is about: `relate`, `approved` and so on."""

    action: str | None = None


class Thread(msgspec.Struct, frozen=True):
    """A discussion: what GitLab calls it."""

    id: str


class NoteForm(msgspec.Struct, frozen=True, rename="camel"):
    """A note: of a person, or of GitLab itself; only on a merge request can it be resolved."""

    id: str
    body: str
    created_at: Instant
    system: bool = False
    internal: bool | None = None
    author: User | None = None
    system_note_metadata: Action | None = None
    resolvable: bool = False
    resolved: bool | None = None
    discussion: Thread | None = None


class Referred(msgspec.Struct, frozen=True, rename="camel"):
    """A thing that is only pointed at."""

    reference: str


class LinkForm(msgspec.Struct, frozen=True, rename="camel"):
    """One end of a link, seen from the other; `work_item` is null for one that the token may not see."""

    link_type: str
    link_created_at: Instant
    work_item: Referred | None = None


class Widget(msgspec.Struct, frozen=True, rename="camel"):
    """Any of the widgets of a work item: each has one of these."""

    due_date: date | None = None
    milestone: Titled | None = None
    assignees: Some[User] | None = None
    labels: Some[Titled] | None = None
    notes: Some[NoteForm] | None = None
    linked_items: Some[LinkForm] | None = None


class ItemForm(msgspec.Struct, frozen=True, rename="camel"):
    """A work item: for us an issue."""

    iid: str
    title: str
    state: str
    confidential: bool
    created_at: Instant
    web_url: str | None = None
    description: str | None = None
    author: User | None = None
    widgets: list[Widget | None] | None = None


class Pipe(msgspec.Struct, frozen=True):
    """A pipeline: its commit and its state."""

    status: str
    sha: str | None = None


class Boxes(msgspec.Struct, frozen=True, rename="camel"):
    """The boxes of a description."""

    count: int
    completed_count: int


class ApprovalRule(msgspec.Struct, frozen=True, rename="camel"):
    """A rule of approval, and who has approved by it."""

    name: str | None = None
    approved_by: Some[User] | None = None


class Rules(msgspec.Struct, frozen=True):
    """The rules of approval of a merge request; a tier without them has none."""

    rules: list[ApprovalRule] | None = None


class Changed(msgspec.Struct, frozen=True):
    """A file that a merge request changes."""

    path: str


class SourceProject(msgspec.Struct, frozen=True, rename="camel"):
    """The project that a branch is in."""

    full_path: str


class CommitTime(msgspec.Struct, frozen=True, rename="camel"):
    """The newest commit of a branch: when it was made."""

    committed_date: Instant | None = None


class RequestForm(msgspec.Struct, frozen=True, rename="camel"):
    """A merge request."""

    iid: str
    title: str
    state: str
    draft: bool
    created_at: Instant
    source_branch: str
    target_branch: str
    conflicts: bool
    task_completion_status: Boxes
    web_url: str | None = None
    description: str | None = None
    merged_at: Instant | None = None
    detailed_merge_status: str | None = None
    diff_head_sha: str | None = None
    merge_commit_sha: str | None = None
    author: User | None = None
    milestone: Titled | None = None
    head_pipeline: Pipe | None = None
    resolvable_discussions_count: int | None = None
    resolved_discussions_count: int | None = None
    assignees: Some[User] | None = None
    reviewers: Some[User] | None = None
    labels: Some[Titled] | None = None
    notes: Some[NoteForm] | None = None
    approved_by: Some[User] | None = None
    approval_state: Rules | None = None
    commits: Some[CommitTime] | None = None
    diff_stats: list[Changed] | None = None
    source_project: SourceProject | None = None


class More(msgspec.Struct, frozen=True, rename="camel"):
    """The next page of a list on a thing, whichever it is."""

    widgets: list[Widget | None] | None = None
    assignees: Some[User] | None = None
    reviewers: Some[User] | None = None
    labels: Some[Titled] | None = None
    notes: Some[NoteForm] | None = None
    approved_by: Some[User] | None = None


class Level(msgspec.Struct, frozen=True, rename="camel"):
    """How much somebody may do in a project."""

    integer_value: int | None = None

    @property
    def reads_all(self) -> bool:
        """Whether that is to read every issue of it, confidential ones among them."""
        return (self.integer_value or 0) >= READS_ALL


class Bare(msgspec.Struct, frozen=True, rename="camel"):
    """A page of things of which each is read by itself."""

    nodes: list[msgspec.Raw] | None = None
    page_info: PageForm = PageForm()


class ProjectForm(msgspec.Struct, frozen=True, rename="camel"):
    """A project as the token sees it, with the things that were asked of it: each is read by itself."""

    full_path: str = ""
    visibility: str | None = None
    max_access_level: Level = Level()
    things: Bare | None = None


class Complexity(msgspec.Struct, frozen=True):
    """What a query cost, and may cost."""

    score: int | None = None
    limit: int | None = None


class ThingMade(msgspec.Struct, frozen=True):
    """A thing in a list of what an account made."""

    iid: str
    description: str | None = None
    author: User | None = None


class Blob(msgspec.Struct, frozen=True, rename="camel"):
    """A file; the text is null for one that is none."""

    path: str
    raw_blob: str | None = None


class Repository(msgspec.Struct, frozen=True):
    """The files of a repository."""

    blobs: Some[Blob] | None = None


class FilesForm(msgspec.Struct, frozen=True):
    """A project with its repository."""

    repository: Repository | None = None

"""The things of a GitLab, as plain data: nobody's rights and nobody's requests are in here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.gitlab_double.world.asides import Award, Hook, Release, Remark
from tests.gitlab_double.world.repositories import Repository

GUEST, PLANNER, REPORTER, DEVELOPER, MAINTAINER, OWNER = 10, 15, 20, 30, 40, 50


@dataclass
class Clock:
    """The only time the double knows; tests move it."""

    now: datetime

    def wait(self, seconds: float) -> None:
        """Let time pass; what a client sleeps with."""
        self.now += timedelta(seconds=seconds)


@dataclass
class Site:
    """What kind of GitLab this is; the default is GitLab.com as of 18.8."""

    url: str = "https://gitlab.com"
    version: str = "18.8.0-ee"
    revision: str = "f4d029d2da8"
    enterprise: bool = True
    plan: str = "ultimate"
    """`free` refuses `blocks` links with 403; on an instance that is not enterprise with 400 (s1)."""
    requests_per_minute: int | None = 2000
    """The general throttle; None sends no RateLimit-* at all, as a stock self-managed instance (s3)."""
    notes_per_minute: int | None = 60
    issues_per_minute: int | None = 200
    retry_after: bool = True
    """Whether the application's 429 carries Retry-After: since 18.5 (s3)."""
    search_sees_comments: bool = True
    """Whether `?search=` finds text in `<!-- -->`: not on 15.x (s4)."""
    work_item_addresses: bool = False
    """Whether `web_url` of an issue is `/-/work_items/N`, as on 19.2 (s2)."""
    zone: str = "Z"
    """How times end: `Z` on GitLab.com, an offset such as `+02:00` on self-managed (s2)."""
    complexity: int = 250
    anonymous_complexity: int = 200
    depth: int = 20
    most_links: int = 100
    counted_up_to: int = 10_000
    counts_pipelines: bool = False
    """Whether lists of pipelines say how many there are: not on GitLab.com since 2019 (s2)."""

    @property
    def major(self) -> tuple[int, int]:
        """The version as two numbers."""
        first, second, *_ = self.version.split(".")
        return int(first), int(second)

    @property
    def is_paid(self) -> bool:
        """Whether there is what the tiers above `free` have."""
        return self.enterprise and self.plan != "free"


@dataclass
class User:
    """A person or a bot."""

    id: int
    username: str
    name: str
    bot: bool = False
    admin: bool = False
    state: str = "active"

    def __hash__(self) -> int:
        """By the number, so that `members={user: level}` can be written."""
        return self.id


@dataclass
class Token:
    """A personal access token."""

    id: int
    text: str
    user_id: int
    scopes: tuple[str, ...]
    created_at: datetime
    name: str = "desk"
    expires_at: date | None = None
    revoked: bool = False
    granular: bool = False
    """A granular token may read; it writes nothing and answers 403 without saying why (s1)."""


@dataclass
class Group:
    """A group, by its full path."""

    id: int
    path: str
    name: str
    visibility: str
    members: dict[int, int] = field(default_factory=dict)
    labels: list[Label] = field(default_factory=list)


@dataclass
class Label:
    """A label of a project or group; its name tells upper and lower case apart."""

    id: int
    name: str
    color: str = "#428BCA"
    description: str | None = None
    group: bool = False


@dataclass
class Milestone:
    """A milestone of a project."""

    id: int
    iid: int
    project_id: int
    title: str
    created_at: datetime
    due_date: date | None = None
    state: str = "active"


@dataclass
class Job:
    """A job of a pipeline."""

    id: int
    name: str
    status: str
    at: datetime
    stage: str = "test"
    allow_failure: bool = False
    retried: bool = False


@dataclass
class Pipeline:
    """A pipeline of a commit."""

    id: int
    iid: int
    project_id: int
    sha: str
    ref: str
    status: str
    at: datetime
    user_id: int
    source: str = "push"
    name: str | None = None
    jobs: list[Job] = field(default_factory=list)
    environment: str | None = None
    """Where it deployed."""


@dataclass
class Project:
    """A project with its repository, labels and members."""

    id: int
    path: str
    name: str
    visibility: str
    created_at: datetime
    creator_id: int
    members: dict[int, int] = field(default_factory=dict)
    labels: list[Label] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    pipelines: list[Pipeline] = field(default_factory=list)
    repository: Repository = field(default_factory=Repository)
    default_branch: str = "main"
    description: str = ""
    archived: bool = False
    issues_enabled: bool = True
    merge_requests_enabled: bool = True
    sha_required: bool = False
    pipelines_must_pass: bool = False
    discussions_must_resolve: bool = False
    forked_from: int | None = None
    rules: list[Rule] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    remarks: dict[str, list[Remark]] = field(default_factory=dict)

    @property
    def namespace(self) -> str:
        """The path of the group or user it is in."""
        return self.path.rpartition("/")[0]


@dataclass
class Rule:
    """A rule of approval: how many of whom."""

    id: int
    name: str
    required: int
    eligible: tuple[int, ...] = ()
    """Whose approval counts; nobody named is everybody."""


@dataclass
class Note:
    """A comment of a person, or GitLab's own word on what happened."""

    id: int
    author_id: int
    body: str
    created_at: datetime
    updated_at: datetime
    discussion: str
    system: bool = False
    action: str | None = None
    """What a system note is about: `relate`, `unrelate`, `cross_reference`, `confidential` … (s5)."""
    internal: bool = False
    resolvable: bool = False
    resolved_by: int | None = None
    resolved_at: datetime | None = None
    awards: list[Award] = field(default_factory=list)
    other: Reference | None = None
    """The far side of a link or mention: who may not read it is not shown this note (s5)."""


@dataclass(frozen=True)
class Reference:
    """An issue (`#`) or merge request (`!`) by its place."""

    kind: str
    project_id: int
    iid: int


@dataclass
class Event:
    """A label put on or taken off, or a change of state: what `resource_…_events` list (s6)."""

    id: int
    user_id: int
    at: datetime
    action: str
    label: Label | None = None


@dataclass(kw_only=True)
class Thing:
    """What issues and merge requests have in common."""

    id: int
    iid: int
    project_id: int
    title: str
    author_id: int
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    state: str = "opened"
    labels: list[str] = field(default_factory=list)
    assignees: list[int] = field(default_factory=list)
    milestone_id: int | None = None
    discussion_locked: bool | None = None
    closed_at: datetime | None = None
    closed_by: int | None = None
    notes: list[Note] = field(default_factory=list)
    label_events: list[Event] = field(default_factory=list)
    state_events: list[Event] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)

    @property
    def reference(self) -> Reference:
        """Where it is."""
        return Reference("#" if isinstance(self, Issue) else "!", self.project_id, self.iid)


@dataclass(kw_only=True)
class Issue(Thing):
    """An issue, task or incident."""

    confidential: bool = False
    kind: str = "issue"
    due_date: date | None = None
    start_date: date | None = None
    weight: int | None = None
    moved_to: int | None = None
    indexed_at: datetime | None = None
    """From when on `?search=` may find it: the row is written after the commit (s4)."""


@dataclass(kw_only=True)
class MergeRequest(Thing):
    """A merge request, in the project of its target."""

    source_branch: str
    target_branch: str
    source_project_id: int
    reviewers: list[int] = field(default_factory=list)
    approvals: dict[int, datetime] = field(default_factory=dict)
    rules: list[Rule] | None = None
    sha: str | None = None
    stage: str | None = None
    """`preparing` or `checking` while GitLab thinks; None when its word is final (s8)."""
    listed_status: str = "unchecked"
    """What the list says: nothing is computed for it (s8)."""
    blocker: str | None = None
    """A status that a test sets: any of the 24 (s8)."""
    conflicts: bool = False
    merged_at: datetime | None = None
    merged_by: int | None = None
    merge_commit_sha: str | None = None
    squash: bool = False
    removes_source: bool | None = None
    squash_commit_sha: str | None = None
    prepared_at: datetime | None = None

    @property
    def draft(self) -> bool:
        """Whether the title says so (s8)."""
        return self.title.casefold().startswith(("draft:", "[draft]", "(draft)"))


@dataclass
class Link:
    """A link between two issues."""

    id: int
    source: Reference
    target: Reference
    kind: str
    created_at: datetime
    updated_at: datetime

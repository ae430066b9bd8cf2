"""The state of a GitLab, and how tests fill it: one short method for each kind of thing."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tests.gitlab_double.world import acting, merging, repositories, saying, telling
from tests.gitlab_double.world.asides import Award, Release, Remark, Todo
from tests.gitlab_double.world.repositories import Commit
from tests.gitlab_double.world.things import (
    MAINTAINER,
    Clock,
    Group,
    Issue,
    Job,
    Label,
    Link,
    MergeRequest,
    Milestone,
    Note,
    Pipeline,
    Project,
    Reference,
    Rule,
    Site,
    Thing,
    Token,
    User,
)

_FIRST = {"user": 0, "project": 100, "issue": 5000, "merge request": 7000, "note": 20_000}
"""Where the numbers of a kind begin, so that no id looks like an iid."""


class World:
    """Everything there is. Methods that make something act as people did: system notes and events come with it."""

    def __init__(self, clock: Clock, site: Site | None = None) -> None:
        self.clock = clock
        self.site = site or Site()
        self.numbers: Counter[str] = Counter()
        self.users: dict[int, User] = {}
        self.tokens: dict[str, Token] = {}
        self.groups: dict[str, Group] = {}
        self.projects: dict[int, Project] = {}
        self.moved: dict[str, int] = {}
        self.issues: dict[int, dict[int, Issue]] = {}
        self.merge_requests: dict[int, dict[int, MergeRequest]] = {}
        self.links: list[Link] = []
        self.todos: list[Todo] = []
        self.search_lag = timedelta(0)
        self.root = self.user("root", name="Administrator", admin=True)

    def __deepcopy__(self, memo: dict[int, Any]) -> World:
        """Keep the clock: a stale copy shows old things at the present time."""
        memo[id(self.clock)] = self.clock
        made = World.__new__(World)
        memo[id(self)] = made
        made.__dict__.update({name: copy.deepcopy(value, memo) for name, value in self.__dict__.items()})
        return made

    def number(self, of: str) -> int:
        """Give the next number of a kind; ids and iids differ everywhere (s2)."""
        self.numbers[of] += 1
        return self.numbers[of] + (0 if ":" in of else _FIRST.get(of, 900))

    # who there is

    def user(self, username: str, *, name: str | None = None, **more: Any) -> User:
        """Add a user."""
        made = User(self.number("user"), username, name or username.replace("-", " ").title(), **more)
        self.users[made.id] = made
        return made

    def token(self, user: User, scopes: Sequence[str] = ("api",), **more: Any) -> str:
        """Add a token of a user, and give its text; `expires_at`, `revoked` and `granular` as they are wanted."""
        number = self.number("token")
        text = f"glpat-double-{number}-{user.username}"
        self.tokens[text] = Token(number, text, user.id, tuple(scopes), self.clock.now, **more)
        return text

    def group(self, path: str, *, visibility: str = "private", members: Mapping[User, int] | None = None) -> Group:
        """Add a group."""
        levels = {user.id: level for user, level in (members or {}).items()}
        made = Group(self.number("group"), path, path.rpartition("/")[2], visibility, levels)
        self.groups[path] = made
        return made

    # projects and what they hold

    def project(
        self, path: str, *, visibility: str = "private", members: Mapping[User, int] | None = None, **more: Any
    ) -> Project:
        """Add a project with a first commit on its default branch."""
        levels = {user.id: level for user, level in (members or {}).items()}
        creator = next((one for one, level in levels.items() if level >= MAINTAINER), self.root.id)
        name = path.rpartition("/")[2]
        now = self.clock.now
        made = Project(self.number("project"), path, name, visibility, now, creator, levels, **more)
        self.projects[made.id] = made
        self.issues[made.id], self.merge_requests[made.id] = {}, {}
        self.commit(made, made.default_branch, {"README.md": f"# {name}\n"}, message="Initial commit")
        return made

    def label(self, at: Project | Group, name: str, **more: Any) -> Label:
        """Add a label to a project or group."""
        made = Label(self.number("label"), name, group=isinstance(at, Group), **more)
        at.labels.append(made)
        return made

    def milestone(self, project: Project, title: str, *, due_date: date | None = None) -> Milestone:
        """Add a milestone."""
        iid = self.number(f"milestone:{project.id}")
        made = Milestone(self.number("milestone"), iid, project.id, title, self.clock.now, due_date)
        project.milestones.append(made)
        return made

    def commit(
        self, project: Project, branch: str, files: Mapping[str, str | None], *, message: str, by: User | None = None
    ) -> Commit:
        """Put a commit on a branch, which is made if it is not there; a file of None is taken out."""
        repository = project.repository
        if branch not in repository.branches and project.default_branch in repository.branches:
            repository.branches[branch] = repository.branches[project.default_branch]
        who = (by.id if by else project.creator_id, self.clock.now)
        made = repositories.commit(repository, branch, files, message=message, by=who)
        merging.pushed(self, project, branch)
        return made

    def branch(self, project: Project, name: str, *, ref: str | None = None, protected: bool = False) -> str:
        """Add a branch, and give its sha."""
        repository = project.repository
        repository.branches[name] = repository.branches[ref or project.default_branch]
        if protected:
            repository.protected.add(name)
        return repository.branches[name]

    def tag(self, project: Project, name: str, *, ref: str | None = None, message: str = "") -> str:
        """Add a tag, and give its sha."""
        repository = project.repository
        repository.tags[name] = repositories.resolve(repository, ref or project.default_branch) or ""
        repository.tag_messages[name] = message
        return repository.tags[name]

    def move(self, project: Project, path: str) -> None:
        """Give a project another path; the old one answers 301 (s1)."""
        self.moved[project.path] = project.id
        project.path = path

    # issues, merge requests, and what is said about them

    def issue(self, project: Project, title: str, *, by: User | None = None, **fields: Any) -> Issue:
        """Add an issue; fields are those of the API, with `labels` a list and `assignees` users."""
        return acting.open_issue(self, by or self.root, project, {"title": title, **self._plain(fields)})

    def merge_request(
        self, project: Project, source: str, title: str, *, target: str | None = None, by: User | None = None, **f: Any
    ) -> MergeRequest:
        """Add a merge request that GitLab has done thinking about; the branch is made, with a commit, if missing."""
        settled = {name: f.pop(name) for name in list(f) if name in {"conflicts", "blocker", "rules", "squash"}}
        origin: Project = f.pop("source_project", project)
        if source not in origin.repository.branches:
            self.commit(origin, source, {f"changes/{source}": f"{title}\n"}, message=title, by=by)
        fields = {"title": title, "source_branch": source, "target_branch": target or project.default_branch}
        made = acting.open_merge_request(self, by or self.root, project, origin, {**fields, **self._plain(f)})
        for name, value in settled.items():
            setattr(made, name, value)
        merging.settle(self, made)
        return made

    @staticmethod
    def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
        plain = dict(fields)
        for given, wanted in (("assignees", "assignee_ids"), ("reviewers", "reviewer_ids")):
            if given in plain:
                plain[wanted] = [user.id for user in plain.pop(given)]
        return plain

    def change(self, thing: Thing, *, by: User | None = None, **fields: Any) -> None:
        """Change an issue or merge request as a PUT would."""
        acting.change(self, by or self.root, thing, self._plain(fields))

    def note(self, thing: Thing, body: str, *, by: User | None = None, internal: bool = False) -> Note:
        """Add a comment; a body of quick actions alone leaves no note, and is refused here."""
        made, _ = saying.comment(self, by or self.root, thing, body, internal=internal)
        if made is None:
            raise ValueError("only quick actions: no note is left of it")
        return made

    def system_note(
        self, thing: Thing, body: str, action: str, *, by: User | None = None, other: Reference | None = None
    ) -> Note:
        """Add a word of GitLab's own."""
        return telling.tell(self, by or self.root, thing, body, action, other=other)

    def discussion(self, thing: MergeRequest, body: str, *, by: User | None = None) -> Note:
        """Open a discussion that wants to be resolved."""
        made, _ = saying.comment(self, by or self.root, thing, body, resolvable=True)
        if made is None:
            raise ValueError("only quick actions: no discussion is left of it")
        return made

    def link(self, source: Issue, target: Issue, kind: str = "relates_to", *, by: User | None = None) -> Link:
        """Link two issues, over any limit: legacy links stay valid (s6)."""
        return acting.link(self, by or self.root, source, target, kind)

    def unlink(self, made: Link, *, by: User | None = None) -> None:
        """Take a link away: only system notes keep it (s6)."""
        acting.unlink(self, by or self.root, made)

    def approve(self, thing: MergeRequest, by: User) -> None:
        """Approve a merge request."""
        merging.approve(self, by, thing)
        merging.settle(self, thing)

    def merge(self, thing: MergeRequest, *, by: User | None = None) -> None:
        """Merge a merge request."""
        merging.merge(self, by or self.root, thing)

    def rule(self, at: Project | MergeRequest, name: str, required: int, eligible: Iterable[User] = ()) -> Rule:
        """Add a rule of approval to a project, or to one merge request."""
        made = Rule(self.number("rule"), name, required, tuple(user.id for user in eligible))
        at.rules = [*(at.rules or []), made]
        return made

    def pipeline(
        self, project: Project, sha: str, status: str, *, ref: str = "main", jobs: Mapping[str, str] | None = None
    ) -> Pipeline:
        """Add a pipeline of a commit, with jobs by name and status."""
        iid = self.number(f"pipeline:{project.id}")
        now = self.clock.now
        made = Pipeline(self.number("pipeline"), iid, project.id, sha, ref, status, now, self.root.id)
        made.jobs = [Job(self.number("job"), name, word, now) for name, word in (jobs or {}).items()]
        project.pipelines.append(made)
        return made

    def award(self, note: Note | Thing, name: str, by: User) -> Award:
        """Put an emoji on a note, an issue or a merge request."""
        made = Award(self.number("award"), name, by.id, self.clock.now)
        note.awards.append(made)
        return made

    def remark(
        self, project: Project, sha: str, body: str, *, by: User, path: str | None = None, **more: Any
    ) -> Remark:
        """Comment on a commit."""
        number = self.number("note")
        talk = repositories.digest("remark", number)
        made = Remark(number, body, by.id, self.clock.now, talk, path, **more)
        project.remarks.setdefault(sha, []).append(made)
        return made

    def release(self, project: Project, tag: str, *, by: User, description: str = "") -> Release:
        """Say what a tag brings."""
        made = Release(tag, description, by.id, self.clock.now)
        project.releases.append(made)
        return made

    def todo(self, user: User, thing: Thing) -> Todo:
        """Ask a user to do something."""
        place = thing.reference
        made = Todo(self.number("todo"), user.id, place.project_id, place.kind, place.iid, self.clock.now)
        self.todos.append(made)
        return made

    def delete(self, thing: Thing) -> None:
        """Take an issue or merge request away for good."""
        of = self.issues if isinstance(thing, Issue) else self.merge_requests
        del of[thing.project_id][thing.iid]
        self.links = [one for one in self.links if thing.reference not in (one.source, one.target)]

    # finding

    def at(self, reference: Reference) -> Thing | None:
        """Give what stands at a place."""
        if reference.kind == "#":
            return self.issues.get(reference.project_id, {}).get(reference.iid)
        return self.merge_requests.get(reference.project_id, {}).get(reference.iid)

    def by_path(self, path: str) -> Project | None:
        """Give a project by its path; case does not matter in it."""
        return next((one for one in self.projects.values() if one.path.casefold() == path.casefold()), None)

    def by_username(self, name: str) -> User | None:
        """Give a user by name; case does not matter in it."""
        return next((one for one in self.users.values() if one.username.casefold() == name.casefold()), None)

    def labels_of(self, project: Project) -> list[Label]:
        """Every label that a project knows: its own and those of the groups above it."""
        above = (group.labels for path, group in self.groups.items() if project.path.startswith(f"{path}/"))
        return [*project.labels, *(label for labels in above for label in labels)]

    def address(self, thing: Thing) -> str:
        """Where people see it (s2: `work_items` since 19.2)."""
        kind = "merge_requests"
        if isinstance(thing, Issue):
            kind = "work_items" if self.site.work_item_addresses else "issues"
        return f"{self.site.url}/{self.projects[thing.project_id].path}/-/{kind}/{thing.iid}"

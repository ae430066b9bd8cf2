"""Approvals, merges, and what GitLab thinks of a merge request meanwhile (s8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gitlab_double.world import repositories, statuses, texts
from tests.gitlab_double.world.acting import change
from tests.gitlab_double.world.repositories import Commit, Repository
from tests.gitlab_double.world.telling import tell
from tests.gitlab_double.world.things import Event, MergeRequest, Project, Reference, User

if TYPE_CHECKING:
    from tests.gitlab_double.world.world import World


def approve(world: World, by: User, thing: MergeRequest) -> None:
    """Approve a merge request."""
    if by.id not in thing.approvals:
        thing.approvals[by.id] = world.clock.now
        tell(world, by, thing, "approved this merge request", "approved")
        thing.stage = "checking"


def unapprove(world: World, by: User, thing: MergeRequest) -> None:
    """Take an approval back."""
    if thing.approvals.pop(by.id, None) is not None:
        tell(world, by, thing, "unapproved this merge request", "unapproved")
        thing.stage = "checking"


def settle(world: World, thing: MergeRequest) -> None:
    """Let GitLab have thought to the end."""
    thing.stage = None
    thing.prepared_at = thing.prepared_at or world.clock.now
    thing.listed_status = statuses.detailed(world, thing)


def think(world: World, thing: MergeRequest) -> None:
    """Let GitLab think one step on: preparing, checking, final (s8)."""
    if thing.stage == "preparing":
        thing.stage = thing.listed_status = "checking"
        thing.prepared_at = world.clock.now
    else:
        settle(world, thing)


def merge(world: World, by: User, thing: MergeRequest, *, message: str | None = None) -> Commit:
    """Merge: a commit on the target, the state, and the issues that the description closes."""
    project = world.projects[thing.project_id]
    source = world.projects[thing.source_project_id].repository
    repository = project.repository
    head = source.commits.get(thing.sha or "")
    target = repository.branches.get(thing.target_branch)
    if head is not None:
        repository.commits.setdefault(head.sha, head)
    tree = dict(repository.commits[target].tree) if target else {}
    tree = _joined(repository, tree, target, head)
    parents = tuple(one for one in (target, thing.sha) if one)
    said = message or f"Merge branch '{thing.source_branch}' into '{thing.target_branch}'\n\n{thing.title}\n"
    made = repositories.stored(repository, thing.target_branch, Commit("", parents, said, by.id, world.clock.now, tree))
    thing.state, thing.merged_at, thing.merged_by = "merged", world.clock.now, by.id
    thing.merge_commit_sha, thing.stage, thing.updated_at = made.sha, None, world.clock.now
    thing.listed_status = "not_open"
    thing.state_events.append(Event(world.number("event"), by.id, world.clock.now, "merged"))
    tell(world, by, thing, "merged", "merged")
    for mention in texts.closes(thing.description or ""):
        where = project if mention.path is None else world.by_path(mention.path)
        issue = world.at(Reference("#", where.id, mention.iid)) if where else None
        if issue is not None and thing.target_branch == project.default_branch:
            change(world, by, issue, {"state_event": "close"})
    return made


def _joined(repository: Repository, tree: dict[str, str], target: str | None, head: Commit | None) -> dict[str, str]:
    """Give the tree of a target with what a branch changed since it left it, and nothing else, as git merges."""
    if head is None:
        return tree
    known = {one.sha for one in repositories.history(repository, target)}
    left = next((one for one in repositories.history(repository, head.sha) if one.sha in known), None)
    before = left.tree if left else {}
    for path in {*before, *head.tree}:
        if before.get(path) != head.tree.get(path):
            tree.pop(path, None)
            if path in head.tree:
                tree[path] = head.tree[path]
    return tree


def pushed(world: World, project: Project, branch: str) -> None:
    """Let open merge requests of a branch follow it to its new head."""
    head = project.repository.branches.get(branch)
    for requests in world.merge_requests.values():
        for one in requests.values():
            if (one.source_project_id, one.source_branch, one.state) == (project.id, branch, "opened"):
                one.sha, one.stage, one.updated_at = head, "checking", world.clock.now

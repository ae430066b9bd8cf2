"""Merge requests, their approvals and merges (s1, s8; `ogr/PullRequests…`, sortie-quotes/027 to /037)."""

from __future__ import annotations

import re
from typing import Any

from tests.gitlab_double.rest import shapes
from tests.gitlab_double.rest.asking import FORBIDDEN, Answer, Ask, invalid, refused
from tests.gitlab_double.rest.pages import ordered, paged
from tests.gitlab_double.rest.planning import issues, searching
from tests.gitlab_double.rest.routing import route
from tests.gitlab_double.world import acting, merging, repositories, seeing, statuses
from tests.gitlab_double.world.things import DEVELOPER, GUEST, PLANNER, MergeRequest, Project

_ONE = "/projects/:id/merge_requests/:merge_request_iid"
_DEFAULTS = {
    "order_by": "created_at",
    "sort": "desc",
    "state": "all",
    "with_labels_details": "false",
    "with_merge_status_recheck": "false",
}


def merge_request(ask: Ask, found: MergeRequest) -> dict[str, Any]:
    """Give a merge request as lists do: nothing is computed for it, and its status may be stale (s8)."""
    world = ask.world
    if ask.flag("with_merge_status_recheck"):
        merging.think(world, found)
    assignees = shapes.users(world, found.assignees)
    merged_by = shapes.user(world, found.merged_by)
    shaped: dict[str, Any] = {
        "id": found.id,
        "iid": found.iid,
        "project_id": found.project_id,
        "title": found.title,
        "description": found.description,
        "state": found.state,
        "created_at": ask.time(found.created_at),
        "updated_at": ask.time(found.updated_at),
        "merged_by": merged_by,
        "merge_user": merged_by,
        "merged_at": ask.time(found.merged_at),
        "closed_by": shapes.user(world, found.closed_by),
        "closed_at": ask.time(found.closed_at),
        "target_branch": found.target_branch,
        "source_branch": found.source_branch,
        "user_notes_count": sum(not note.system for note in found.notes),
        "upvotes": 0,
        "downvotes": 0,
        "author": shapes.user(world, found.author_id),
        "assignees": assignees,
        "assignee": assignees[0] if assignees else None,
        "reviewers": shapes.users(world, found.reviewers),
        "source_project_id": found.source_project_id,
        "target_project_id": found.project_id,
        "labels": shapes.labels_of(ask, found),
        "draft": found.draft,
        "imported": False,
        "imported_from": "none",
        "work_in_progress": found.draft,
        "milestone": shapes.milestone_of(world, found),
        "merge_when_pipeline_succeeds": False,
        "merge_status": statuses.simple(found.listed_status, found),
        "detailed_merge_status": found.listed_status,
        "merge_after": None,
        "sha": found.sha,
        "merge_commit_sha": found.merge_commit_sha,
        "squash_commit_sha": found.squash_commit_sha,
        "discussion_locked": found.discussion_locked,
        "should_remove_source_branch": None,
        "force_remove_source_branch": found.removes_source,
        "prepared_at": ask.time(found.prepared_at),
        "reference": f"!{found.iid}",
        "references": shapes.references(world, found),
        "web_url": world.address(found),
        "time_stats": dict(shapes.TIMES),
        "squash": found.squash,
        "squash_on_merge": found.squash,
        "task_completion_status": shapes.boxes(found.description),
        "has_conflicts": found.conflicts,
        "blocking_discussions_resolved": not statuses.unresolved(found),
        "approvals_before_merge": None,
    }
    if found.source_project_id != found.project_id:
        shaped |= {"allow_collaboration": False, "allow_maintainer_to_push": False}
    return shaped


def in_full(ask: Ask, found: MergeRequest) -> dict[str, Any]:
    """Give a merge request alone, with what only its own route says (s8)."""
    world = ask.world
    status = statuses.detailed(world, found)
    pipeline = statuses.head_pipeline(world, found)
    shaped = merge_request(ask, found)
    shaped |= {
        "merge_status": statuses.simple(status, found),
        "detailed_merge_status": status,
        "subscribed": True,
        "changes_count": None if found.stage == "preparing" else str(len(changed(ask, found))),
        "latest_build_started_at": ask.time(pipeline.at) if pipeline else None,
        "latest_build_finished_at": ask.time(pipeline.at) if pipeline else None,
        "first_deployed_to_production_at": None,
        "pipeline": _pipeline(ask, pipeline),
        "head_pipeline": _pipeline(ask, pipeline),
        "diff_refs": None if found.stage == "preparing" else _diff_refs(ask, found),
        "merge_error": None,
        "first_contribution": False,
        "user": {"can_merge": shapes.may_merge(world, ask.viewer, found)},
    }
    return shaped


def _pipeline(ask: Ask, found: Any) -> dict[str, Any] | None:
    from tests.gitlab_double.rest.code.pipelines import pipeline  # noqa: PLC0415 - pipelines name merge requests too

    return pipeline(ask, found) if found else None


def _base(ask: Ask, found: MergeRequest) -> str | None:
    target = ask.world.projects[found.project_id].repository
    known = {one.sha for one in repositories.history(target, target.branches.get(found.target_branch))}
    source = ask.world.projects[found.source_project_id].repository
    return next((one.sha for one in repositories.history(source, found.sha) if one.sha in known), None)


def _diff_refs(ask: Ask, found: MergeRequest) -> dict[str, Any]:
    base = _base(ask, found)
    return {"base_sha": base, "head_sha": found.sha, "start_sha": base}


def changed(ask: Ask, found: MergeRequest) -> dict[str, tuple[str | None, str | None]]:
    """Give the files that a merge request changes, each as it was and as it is."""
    repository = ask.world.projects[found.source_project_id].repository
    old = repository.commits.get(_base(ask, found) or "")
    new = repository.commits.get(found.sha or "")
    before, after = old.tree if old else {}, new.tree if new else {}
    paths = sorted({*before, *after})
    return {path: (before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)}


def opened(ask: Ask, *, writes: int | None = None) -> Project:
    """Give the project of the path, if its merge requests are switched on (s1: 403)."""
    project = ask.project(writes=writes)
    if not project.merge_requests_enabled:
        raise refused(403, FORBIDDEN)
    return project


@route("GET", "/projects/:id/merge_requests", "s2, s8; ogr/PullRequests.test_mr_list_limit#9")
def listed(ask: Ask) -> Answer:
    """List merge requests."""
    project = opened(ask)
    mine = ask.world.merge_requests[project.id].values()
    found = searching.filtered(ask, (one for one in mine if seeing.sees(ask.world, ask.viewer, one)))
    keys = {
        "created_at": lambda one: (one.created_at, one.id),
        "updated_at": lambda one: (one.updated_at, one.id),
        "title": lambda one: one.title,
        "merged_at": lambda one: (str(one.merged_at), one.id),
    }
    chosen = ordered(ask, list(found), keys, "created_at")
    return paged(ask, chosen, lambda one: merge_request(ask, one), defaults=_DEFAULTS)


@route("GET", _ONE, "s8; ogr/PullRequests…")
def one(ask: Ask) -> Answer:
    """Give one merge request; to look at it lets GitLab think one step on (s8: preparing, checking, final)."""
    found = ask.merge_request(opened(ask))
    shaped = in_full(ask, found)
    merging.think(ask.world, found)
    return Answer(200, shaped)


@route("POST", "/projects/:id/merge_requests", "s1, s8; ogr/PullRequests.test_create_pr_upstream_fork#16: 409")
def create(ask: Ask) -> Answer:
    """Open a merge request; a second one from branch to branch is refused, with the first in the words (s1)."""
    source = opened(ask)
    ask.someone()
    ask.required("title", "source_branch", "target_branch")
    wanted = ask.number("target_project_id")
    target = ask.world.projects.get(wanted) if wanted else source
    if target is None or not seeing.sees_project(ask.world, ask.viewer, target):
        raise refused(404, "404 Project Not Found")
    ask.may(source, DEVELOPER)
    fields = {name: ask.text(name) for name in ("source_branch", "target_branch")}
    same = (source.id, fields["source_branch"], fields["target_branch"], "opened")
    for known in ask.world.merge_requests[target.id].values():
        if (known.source_project_id, known.source_branch, known.target_branch, known.state) == same:
            said = f"Another open merge request already exists for this source branch: !{known.iid}"
            raise refused(409, [said])
    _branches(source, target, fields)
    fields |= issues.fields_of(ask, target)
    made = acting.open_merge_request(ask.world, ask.someone(), target, source, fields)
    return Answer(201, in_full(ask, made))


def _branches(source: Project, target: Project, fields: dict[str, Any]) -> None:
    wrong = []
    if fields["source_branch"] not in source.repository.branches:
        wrong.append(f'Source branch "{fields["source_branch"]}" does not exist')
    if fields["target_branch"] not in target.repository.branches:
        wrong.append(f'Target branch "{fields["target_branch"]}" does not exist')
    if wrong:
        raise refused(400, wrong)
    if source.id == target.id and fields["source_branch"] == fields["target_branch"]:
        raise refused(400, ["You can't use same project/branch for source and target"])


_KNOWN = re.findall(
    r"\w+",
    "assignee_id assignee_ids description discussion_locked labels add_labels remove_labels milestone_id"
    " remove_source_branch allow_collaboration allow_maintainer_to_push reviewer_ids squash state_event target_branch"
    " title merge_after",
)


@route("PUT", _ONE, "s7, s8; ogr/PullRequests.test_pr_create_fork_fork#5, danger…")
def update(ask: Ask) -> Answer:
    """Change a merge request; the answer may still carry the status of before (s8)."""
    project = opened(ask)
    found = ask.merge_request(project)
    if not any(ask.has(name) for name in _KNOWN):
        raise invalid(f"{', '.join(_KNOWN)} are missing, at least one parameter must be provided")
    own = ask.someone().id == found.author_id
    ask.may(project, GUEST if own else PLANNER)
    old = found.stage, found.listed_status
    acting.change(ask.world, ask.someone(), found, issues.fields_of(ask, project))
    shaped = in_full(ask, found)
    if old[0] is None:
        shaped |= {"detailed_merge_status": old[1], "merge_status": statuses.simple(old[1], found)}
    return Answer(200, shaped)


@route("DELETE", _ONE, "s1: 204")
def delete(ask: Ask) -> Answer:
    """Take a merge request away; owners may."""
    project = opened(ask)
    found = ask.merge_request(project)
    ask.may(project, 50)
    ask.world.delete(found)
    return Answer(204)


@route("PUT", f"{_ONE}/merge", "s1, s8: 404, 400, 401, 409, 405, 422; sortie-quotes/032 to /036; ogr/…test_pr_merge")
def merge(ask: Ask) -> Answer:
    """Merge, if nothing is in the way; the checks come in GitLab's order (s8)."""
    project = opened(ask)
    found = ask.merge_request(project)
    sha = ask.text("sha")
    if project.sha_required and not sha:
        raise refused(400, "SHA must be provided when merging")
    if not seeing.may_push(ask.world, ask.viewer, project, found.target_branch):
        raise refused(401, "401 Unauthorized")  # s1: with a good token
    if sha and sha != found.sha:
        raise refused(409, f"SHA does not match HEAD of source branch: {found.sha}")
    status = statuses.detailed(ask.world, found)
    if status in ("preparing", "checking", "unchecked"):
        raise refused(422, "Branch cannot be merged")
    if status != "mergeable":
        raise refused(405, "405 Method Not Allowed")
    merging.merge(ask.world, ask.someone(), found, message=ask.text("merge_commit_message"))
    if ask.flag("should_remove_source_branch") or found.removes_source:
        ask.world.projects[found.source_project_id].repository.branches.pop(found.source_branch, None)
    return Answer(200, in_full(ask, found))


@route("PUT", f"{_ONE}/rebase", "sortie-quotes/037")
def rebase(ask: Ask) -> Answer:
    """Start a rebase, which GitLab does later."""
    found = ask.merge_request(opened(ask, writes=DEVELOPER))
    found.stage = "checking"
    return Answer(202, {"rebase_in_progress": True})


@route("GET", f"{_ONE}/commits", "ogr/PullRequests.test_get_all_pr_commits#2")
def commits(ask: Ask) -> Answer:
    """List the commits of a merge request, newest first."""
    from tests.gitlab_double.rest.code.repositories import commit  # noqa: PLC0415 - commits name merge requests too

    found = ask.merge_request(opened(ask))
    repository = ask.world.projects[found.source_project_id].repository
    ours = repositories.between(repository, _base(ask, found), found.sha)
    project = ask.world.projects[found.source_project_id]
    return paged(ask, ours, lambda one: commit(ask, project, one))


@route("GET", f"{_ONE}/changes", "danger-ruby/merge_request_1_changes_response")
def changes(ask: Ask) -> Answer:
    """Give a merge request with its changes."""
    found = ask.merge_request(opened(ask))
    return Answer(200, {**in_full(ask, found), "changes": diffs_of(ask, found), "overflow": False})


@route("GET", f"{_ONE}/diffs", "danger-js/getMergeRequestDiffs")
def diffs(ask: Ask) -> Answer:
    """List the changes of a merge request."""
    return paged(ask, diffs_of(ask, ask.merge_request(opened(ask))), lambda one: one)


def diffs_of(ask: Ask, found: MergeRequest) -> list[dict[str, Any]]:
    """Give the changed files, each with a difference line by line."""
    from tests.gitlab_double.rest.code.repositories import difference  # noqa: PLC0415 - see above

    return [difference(path, old, new) for path, (old, new) in changed(ask, found).items()]

"""What stands around issues and merge requests: lists over many projects, who takes part, milestones, labels.

None of it is recorded; each is shaped as the list or thing it gives (s10).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.gitlab_double.rest import shapes
from tests.gitlab_double.rest.asking import NOT_FOUND, Answer, Ask, refused
from tests.gitlab_double.rest.pages import paged
from tests.gitlab_double.rest.places.groups import group_of
from tests.gitlab_double.rest.places.projects import label_of
from tests.gitlab_double.rest.planning import searching
from tests.gitlab_double.rest.planning.issues import issue
from tests.gitlab_double.rest.planning.merge_requests import merge_request
from tests.gitlab_double.rest.planning.notes import thing_of
from tests.gitlab_double.rest.routing import route
from tests.gitlab_double.world import repositories, seeing, texts
from tests.gitlab_double.world.things import PLANNER, MergeRequest, Milestone, Project, Reference, Thing

_REQUEST = "/projects/:id/merge_requests/:merge_request_iid"


def _below(ask: Ask) -> list[Project]:
    above = group_of(ask).path
    return [one for one in ask.world.projects.values() if one.path.startswith(f"{above}/")]


def _issues(ask: Ask, projects: list[Project]) -> Iterator[Thing]:
    return (one for project in projects for one in ask.world.issues[project.id].values())


def _requests(ask: Ask, projects: list[Project]) -> Iterator[MergeRequest]:
    return (one for project in projects for one in ask.world.merge_requests[project.id].values())


def _newest(ask: Ask, things: Iterator[Any]) -> list[Any]:
    seen = (one for one in things if seeing.sees(ask.world, ask.viewer, one))
    return sorted(searching.filtered(ask, seen), key=lambda one: (one.created_at, one.id), reverse=True)


@route("GET", "/groups/:group_id/issues", "s4: group level; as the list of a project")
def group_issues(ask: Ask) -> Answer:
    """List the issues of all projects of a group."""
    return paged(ask, _newest(ask, _issues(ask, _below(ask))), lambda one: issue(ask, one))


@route("GET", "/groups/:group_id/merge_requests", "as the list of a project")
def group_requests(ask: Ask) -> Answer:
    """List the merge requests of all projects of a group."""
    return paged(ask, _newest(ask, _requests(ask, _below(ask))), lambda one: merge_request(ask, one))


@route("GET", "/merge_requests", "as the list of a project")
def everywhere(ask: Ask) -> Answer:
    """List merge requests of every project; `scope` is what the caller made unless it says all."""
    someone = ask.someone()
    found = _newest(ask, _requests(ask, list(ask.world.projects.values())))
    scope = ask.text("scope") or "created_by_me"
    if scope == "created_by_me":
        found = [one for one in found if one.author_id == someone.id]
    if scope == "assigned_to_me":
        found = [one for one in found if someone.id in one.assignees]
    return paged(ask, found, lambda one: merge_request(ask, one))


@route("GET", "/groups/:group_id/labels", "as the list of a project")
def group_labels(ask: Ask) -> Answer:
    """List the labels of a group."""
    keys = ("id", "name", "color", "description")
    return paged(ask, group_of(ask).labels, lambda one: {key: getattr(one, key) for key in keys})


@route("GET", "/projects/:id/issues/:issue_iid/participants", "users in short form")
@route("GET", f"{_REQUEST}/participants", "users in short form")
def participants(ask: Ask) -> Answer:
    """List who wrote, said or was asked something."""
    thing = thing_of(ask)
    said = [note.author_id for note in thing.notes if not note.system]
    people = list(dict.fromkeys([thing.author_id, *thing.assignees, *said]))
    return paged(ask, shapes.users(ask.world, people), lambda one: one)


@route("GET", f"{_REQUEST}/closes_issues", "s5: closing patterns")
def closes(ask: Ask) -> Answer:
    """List the issues that a merge request says it closes."""
    found = ask.merge_request(ask.project())
    issues = []
    for mention in texts.closes(found.description or ""):
        project = ask.world.projects[found.project_id] if mention.path is None else ask.world.by_path(mention.path)
        target = ask.world.at(Reference("#", project.id, mention.iid)) if project else None
        issues += [target] if target is not None and seeing.sees(ask.world, ask.viewer, target) else []
    return paged(ask, issues, lambda one: issue(ask, one))  # type: ignore[arg-type]


@route("GET", f"{_REQUEST}/versions", "the heads that a merge request had")
def versions(ask: Ask) -> Answer:
    """List the one version that the double keeps."""
    found = ask.merge_request(ask.project())
    shaped = {
        "id": found.id,
        "head_commit_sha": found.sha,
        "base_commit_sha": None,
        "start_commit_sha": None,
        "created_at": ask.time(found.created_at),
        "merge_request_id": found.id,
        "state": "collected",
        "real_size": "1",
        "patch_id_sha": repositories.digest(found.sha),
    }
    return paged(ask, [shaped], lambda one: one)


# milestones and labels


def _milestone(ask: Ask, project: Project) -> Milestone:
    number = ask.iid("milestone_id")
    for one in project.milestones:
        if one.id == number:
            return one
    raise refused(404, NOT_FOUND)


@route("GET", "/projects/:id/milestones/:milestone_id", "as the list")
def milestone(ask: Ask) -> Answer:
    """Give one milestone."""
    return Answer(200, shapes.milestone(ask.world, _milestone(ask, ask.project())))


@route("POST", "/projects/:id/milestones", "as the list; 400 as for projects (s1)")
def create_milestone(ask: Ask) -> Answer:
    """Make a milestone."""
    project = ask.project(writes=PLANNER)
    ask.required("title")
    title = ask.text("title") or ""
    if any(one.title == title for one in project.milestones):
        raise refused(400, {"title": ["already being used for another group or project milestone."]})
    made = ask.world.milestone(project, title, due_date=ask.day("due_date"))
    return Answer(201, shapes.milestone(ask.world, made))


@route("PUT", "/projects/:id/milestones/:milestone_id", "as the list")
def update_milestone(ask: Ask) -> Answer:
    """Change a milestone."""
    found = _milestone(ask, ask.project(writes=PLANNER))
    found.title = ask.text("title") or found.title
    if ask.has("due_date"):
        found.due_date = ask.day("due_date")
    if ask.has("state_event"):
        found.state = {"close": "closed", "activate": "active"}[ask.one_of("state_event", ("close", "activate"), "")]
    return Answer(200, shapes.milestone(ask.world, found))


@route("PUT", "/projects/:id/labels/:label_id", "as the list")
def update_label(ask: Ask) -> Answer:
    """Change a label, wherever it is."""
    project = ask.project(writes=PLANNER)
    found = label_of(ask, project)
    old, found.name = found.name, ask.text("new_name") or found.name
    found.color, found.description = ask.text("color") or found.color, ask.text("description") or found.description
    for things in (ask.world.issues[project.id], ask.world.merge_requests[project.id]):
        for one in things.values():
            one.labels = [found.name if name == old else name for name in one.labels]
    return Answer(200, shapes.label(ask, project, found))


@route("DELETE", "/projects/:id/labels/:label_id", "s1: 204")
def delete_label(ask: Ask) -> Answer:
    """Take a label away from everything."""
    project = ask.project(writes=PLANNER)
    found = label_of(ask, project)
    project.labels.remove(found)
    for things in (ask.world.issues[project.id], ask.world.merge_requests[project.id]):
        for one in things.values():
            one.labels = [name for name in one.labels if name != found.name]
    return Answer(204)


@route("GET", "/projects/:id/protected_branches", "s1: branches that are protected")
def protected(ask: Ask) -> Answer:
    """List protected branches, to maintainers."""
    project = ask.project()
    if seeing.level(ask.world, ask.someone(), project) < PLANNER:
        raise refused(403, "403 Forbidden")
    maintainers = [{"id": 1, "access_level": 40, "access_level_description": "Maintainers"}]

    def shaped(name: str) -> dict[str, Any]:
        levels = {"push_access_levels": maintainers, "merge_access_levels": maintainers, "unprotect_access_levels": []}
        return {"id": 1, "name": name, **levels, "allow_force_push": False, "code_owner_approval_required": False}

    return paged(ask, sorted(project.repository.protected), shaped)

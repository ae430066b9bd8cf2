"""Groups, forks, hooks, and how projects come to be (s1; `igitt/…`, `ogr/Forks…`, `ogr/Service…`)."""

from __future__ import annotations

from typing import Any

from tests.gitlab_double.rest import shapes
from tests.gitlab_double.rest.asking import NOT_FOUND, Answer, Ask, refused
from tests.gitlab_double.rest.pages import paged
from tests.gitlab_double.rest.places.project_shape import LISTED, project
from tests.gitlab_double.rest.routing import route
from tests.gitlab_double.world import seeing
from tests.gitlab_double.world.asides import Hook
from tests.gitlab_double.world.things import MAINTAINER, OWNER, Group, Project, User


def sees(viewer: User | None, group: Group) -> bool:
    """Whether a group exists for a user."""
    return group.visibility == "public" or (viewer is not None and (viewer.admin or viewer.id in group.members))


def group_of(ask: Ask) -> Group:
    """Give the group of the path."""
    told = ask.arg("group_id")
    for group in ask.world.groups.values():
        if told in (str(group.id), group.path) and sees(ask.viewer, group):
            return group
    raise refused(404, "404 Group Not Found")


def _projects(ask: Ask, group: Group) -> list[Project]:
    ours = [one for one in ask.world.projects.values() if one.namespace == group.path]
    return [one for one in ours if seeing.sees_project(ask.world, ask.viewer, one)]


_SETTINGS: dict[str, Any] = {
    "share_with_group_lock": False,
    "require_two_factor_authentication": False,
    "two_factor_grace_period": 48,
    "project_creation_level": "developer",
    "auto_devops_enabled": None,
    "subgroup_creation_level": "maintainer",
    "emails_disabled": None,
    "mentions_disabled": None,
    "default_branch_protection": 2,
    "shared_with_groups": [],
    "prevent_sharing_groups_outside_hierarchy": False,
    "shared_projects": [],
    "shared_runners_minutes_limit": None,
    "extra_shared_runners_minutes_limit": None,
    "prevent_forking_outside_group": None,
}


_LISTED = {
    "order_by": "name",
    "owned": "false",
    "sort": "asc",
    "statistics": "false",
    "with_custom_attributes": "false",
}


@route("GET", "/groups", "igitt/GitLabOrganizationTest.test_billable_users#1")
def groups(ask: Ask) -> Answer:
    """List the groups that are visible."""
    found = [one for one in ask.world.groups.values() if sees(ask.viewer, one)]
    return paged(ask, found, lambda one: shapes.group(ask.world, one), defaults=_LISTED)


@route("GET", "/groups/:group_id", "igitt/GitLabOrganizationTest…; ogr/Service.test_list_projects_get_forks#1")
def group(ask: Ask) -> Answer:
    """Give one group, with its projects."""
    found = group_of(ask)
    shaped = {**shapes.group(ask.world, found), **_SETTINGS}
    shaped["created_at"] = ask.time(ask.world.clock.now)
    shaped["projects"] = [project(ask, one) for one in _projects(ask, found)]
    if ask.viewer is not None and found.members.get(ask.viewer.id, 0) >= OWNER:
        shaped["runners_token"] = None
    return Answer(200, shaped)


@route("GET", "/groups/:group_id/subgroups", "igitt/GitLabOrganizationTest.test_repositories#2")
def subgroups(ask: Ask) -> Answer:
    """List the groups below a group."""
    above = group_of(ask)
    found = [one for one in ask.world.groups.values() if one.path.rpartition("/")[0] == above.path]
    return paged(
        ask, [one for one in found if sees(ask.viewer, one)], lambda one: shapes.group(ask.world, one), defaults=_LISTED
    )


@route("GET", "/groups/:group_id/projects", "ogr/Service.test_list_projects_get_forks#0")
def group_projects(ask: Ask) -> Answer:
    """List the projects of a group."""
    more = {"include_subgroups": "false", "with_security_reports": "false", "with_shared": "true"}
    found = _projects(ask, group_of(ask))
    return paged(ask, found, lambda one: project(ask, one), defaults=LISTED | more)


@route("GET", "/groups/:group_id/members", "igitt/GitLabOrganizationTest.test_admins#1; 404 Group Not Found")
def group_members(ask: Ask) -> Answer:
    """List the members of a group."""
    found = group_of(ask)
    return paged(ask, sorted(found.members.items()), lambda pair: shapes.member(ask, *pair))


# projects come to be


@route("POST", "/projects", "s1; ogr/Service.test_project_create_duplicate#3: 400; igitt/…")
def create(ask: Ask) -> Answer:
    """Make a project; its path is its natural key (s7)."""
    someone = ask.someone()
    name = ask.text("name") or ask.text("path") or "new"
    path = f"{someone.username}/{ask.text('path') or name.casefold().replace(' ', '-')}"
    if ask.world.by_path(path) is not None:
        taken = ["has already been taken"]
        raise refused(400, {"name": taken, "path": taken})
    made = ask.world.project(path, members={someone: OWNER}, visibility=ask.text("visibility") or "private")
    return Answer(201, project(ask, made, single=True))


_IS_TAKEN = "has already been taken"
_TAKEN = {
    "route.path": ["has already been taken"],
    "route": ["is invalid"],
    "path": ["has already been taken"],
    "name": ["has already been taken"],
    "base": [
        f"Unable to save project. Error: Route path {_IS_TAKEN}, Route is invalid, Path {_IS_TAKEN}, Name {_IS_TAKEN}",
    ],
}


@route("POST", "/projects/:id/fork", "s1: 409; igitt/GitLabRepositoryTest…; ogr/Forks…")
def fork(ask: Ask) -> Answer:
    """Fork a project into the caller's namespace."""
    origin, someone = ask.project(), ask.someone()
    path = f"{someone.username}/{origin.path.rpartition('/')[2]}"
    if ask.world.by_path(path) is not None:
        raise refused(409, _TAKEN)
    made = ask.world.project(path, members={someone: OWNER}, visibility=origin.visibility, forked_from=origin.id)
    return Answer(201, project(ask, made, single=True))


@route("GET", "/projects/:id/forks", "ogr/Forks…")
def forks(ask: Ask) -> Answer:
    """List the forks of a project."""
    origin = ask.project()
    found = [one for one in ask.world.projects.values() if one.forked_from == origin.id]
    seen = [one for one in found if seeing.sees_project(ask.world, ask.viewer, one)]
    return paged(ask, seen, lambda one: project(ask, one), defaults=LISTED)


@route("POST", "/projects/:id/access_requests", "ogr/GenericCommands.test_request_access#2")
def ask_for_access(ask: Ask) -> Answer:
    """Ask to become a member."""
    ask.project()
    someone = shapes.member_of(ask.world, ask.someone())
    return Answer(201, {**someone, "requested_at": ask.time(ask.world.clock.now)})


# hooks

_EVENTS = (
    "push_events tag_push_events repository_update_events issues_events merge_requests_events note_events"
    " pipeline_events wiki_page_events job_events"
)


def _hook(ask: Ask, found: Project, one: Hook) -> dict[str, Any]:
    return {
        "id": one.id,
        "url": one.url,
        "created_at": ask.time(one.at),
        **{name: name in one.events for name in _EVENTS.split()},
        "enable_ssl_verification": one.checks_certificate,
        "project_id": found.id,
    }


def _owned(ask: Ask) -> Project:
    found = ask.project()
    if seeing.level(ask.world, ask.someone(), found) < MAINTAINER:
        raise refused(403, "403 Forbidden")
    return found


@route("GET", "/projects/:id/hooks", "igitt/…")
def hooks(ask: Ask) -> Answer:
    """List web hooks."""
    found = _owned(ask)
    return paged(ask, found.hooks, lambda one: _hook(ask, found, one))


@route("POST", "/projects/:id/hooks", "igitt/…: 201")
def add_hook(ask: Ask) -> Answer:
    """Add a web hook."""
    found = _owned(ask)
    ask.required("url")
    events = tuple(name for name in _EVENTS.split() if ask.flag(name) or (name == "push_events" and not ask.has(name)))
    checks = ask.flag("enable_ssl_verification") is not False
    made = Hook(ask.world.number("hook"), ask.text("url") or "", ask.world.clock.now, events, checks)
    found.hooks.append(made)
    return Answer(201, _hook(ask, found, made))


def _hook_of(ask: Ask, found: Project) -> Hook:
    for one in found.hooks:
        if one.id == ask.iid("hook_id"):
            return one
    raise refused(404, NOT_FOUND)


@route("GET", "/projects/:id/hooks/:hook_id", "as the list")
def one_hook(ask: Ask) -> Answer:
    """Give one web hook."""
    found = _owned(ask)
    return Answer(200, _hook(ask, found, _hook_of(ask, found)))


@route("PUT", "/projects/:id/hooks/:hook_id", "as the list")
def change_hook(ask: Ask) -> Answer:
    """Change a web hook."""
    found = _owned(ask)
    one = _hook_of(ask, found)
    one.url = ask.text("url") or one.url
    return Answer(200, _hook(ask, found, one))


@route("DELETE", "/projects/:id/hooks/:hook_id", "igitt/…: 204")
def drop_hook(ask: Ask) -> Answer:
    """Take a web hook away."""
    found = _owned(ask)
    found.hooks.remove(_hook_of(ask, found))
    return Answer(204)

"""Projects, their members, labels and milestones (s1, s6; `ogr/GenericCommands…`, `igitt/…`)."""

from __future__ import annotations

import re
from typing import Any

from tests.gitlab_double.rest import shapes
from tests.gitlab_double.rest.asking import NOT_FOUND, Answer, Ask, refused
from tests.gitlab_double.rest.pages import paged
from tests.gitlab_double.rest.places.project_shape import LISTED, project
from tests.gitlab_double.rest.routing import route
from tests.gitlab_double.world import seeing
from tests.gitlab_double.world.things import MAINTAINER, OWNER, PLANNER, Label, Project


@route("GET", "/projects", "s2: keyset too; igitt/TestInterfacesInit.test_get_query_gitlab; doc/05")
def listed(ask: Ask) -> Answer:
    """List the projects that are visible, newest first."""
    found = [one for one in ask.world.projects.values() if seeing.sees_project(ask.world, ask.viewer, one)]
    if ask.flag("membership") or ask.flag("owned"):
        needed = OWNER if ask.flag("owned") else 1
        found = [one for one in found if seeing.level(ask.world, ask.viewer, one) >= needed]
    if search := ask.text("search"):
        found = [one for one in found if search.casefold() in one.name.casefold()]
    if ask.text("pagination") == "keyset":
        return _keyset(ask, found)
    return paged(ask, found[::-1], lambda one: project(ask, one), defaults=LISTED)


def _keyset(ask: Ask, found: list[Project]) -> Answer:
    """Give a page after an id: only a next link and no totals, and on the last page no link at all (doc/05)."""
    size = min(ask.number("per_page") or 20, 100)
    after = ask.number("id_after") or 0
    rest = [one for one in sorted(found, key=lambda one: one.id) if one.id > after]
    shown = rest[:size]
    headers = {}
    if len(rest) > size:
        query = f"pagination=keyset&per_page={size}&order_by=id&sort=asc&id_after={shown[-1].id}"
        headers["link"] = f'<{ask.world.site.url}/api/v4/projects?{query}>; rel="next"'
    return Answer(200, [project(ask, one) for one in shown], headers)


@route("GET", "/projects/:id", "s1; sortie-quotes/008: 404; doc/07: 301; ogr/GenericCommands…")
def one(ask: Ask) -> Answer:
    """Give one project."""
    return Answer(200, project(ask, ask.project(), single=True))


@route("PUT", "/projects/:id", "ogr/GenericCommands.test_description_setter#3")
def update(ask: Ask) -> Answer:
    """Change a project."""
    found = ask.project()
    if seeing.level(ask.world, ask.someone(), found) < MAINTAINER:
        raise refused(403, "403 Forbidden")
    for name in ("description", "visibility", "default_branch"):
        if ask.has(name):
            setattr(found, name, ask.text(name) or "")
    return Answer(200, project(ask, found, single=True))


@route("DELETE", "/projects/:id", "s1: 202; igitt/GitLabRepositoryTest.test_create_fork#1")
def delete(ask: Ask) -> Answer:
    """Take a project away, later."""
    found = ask.project()
    if seeing.level(ask.world, ask.someone(), found) < OWNER:
        raise refused(403, "403 Forbidden")
    del ask.world.projects[found.id]
    return Answer(202, {"message": "202 Accepted"})


# members


def _members(ask: Ask, found: Project, *, inherited: bool) -> dict[int, int]:
    levels = dict(found.members)
    if inherited:
        for path, group in ask.world.groups.items():
            if found.path.startswith(f"{path}/"):
                for number, level in group.members.items():
                    levels[number] = max(level, levels.get(number, 0))
    return levels


@route("GET", "/projects/:id/members", "igitt/GitLabRepositoryTest.test_get_permission_level#0")
@route("GET", "/projects/:id/members/all", "ogr/GenericCommands.test_get_contributors#1; devlake")
def members(ask: Ask) -> Answer:
    """List members; `all` counts those of the groups above."""
    found = ask.project()
    levels = _members(ask, found, inherited=ask.path.rstrip("/").endswith("/all"))
    shown = sorted(levels.items())
    if query := ask.text("query"):
        shown = [pair for pair in shown if query.casefold() in ask.world.users[pair[0]].username.casefold()]
    return paged(ask, shown, lambda pair: shapes.member(ask, *pair))


@route("GET", "/projects/:id/members/:user_id", "as the list; 404 Not found")
@route("GET", "/projects/:id/members/all/:user_id", "as the list; 404 Not found")
def member(ask: Ask) -> Answer:
    """Give one member."""
    found = ask.project()
    number = ask.iid("user_id")
    levels = _members(ask, found, inherited="/members/all/" in ask.path)
    if number not in levels:
        raise refused(404, NOT_FOUND)
    return Answer(200, shapes.member(ask, number, levels[number]))


# labels

_COLOR = re.compile(r"#(?:[0-9A-Fa-f]{3}){1,2}|[a-z]+")


@route("GET", "/projects/:id/labels", "igitt/GitLabIssueTest.test_issue_labels#2; dependabot/label")
def labels(ask: Ask) -> Answer:
    """List labels, with those of the groups above, by name."""
    found = ask.project()
    shown = sorted(ask.world.labels_of(found), key=lambda one: one.name.casefold())
    if search := ask.text("search"):
        shown = [one for one in shown if search.casefold() in one.name.casefold()]
    return paged(ask, shown, lambda one: shapes.label(ask, found, one))


def label_of(ask: Ask, found: Project) -> Label:
    """Give the label of the path, by number or name."""
    told = ask.arg("label_id")
    for label in ask.world.labels_of(found):
        if told in (str(label.id), label.name):
            return label
    raise refused(404, "404 Label Not Found")


@route("GET", "/projects/:id/labels/:label_id", "as the list")
def label(ask: Ask) -> Answer:
    """Give one label."""
    found = ask.project()
    return Answer(200, shapes.label(ask, found, label_of(ask, found)))


@route("POST", "/projects/:id/labels", "dependabot/label: 201; 409 as elsewhere")
def create_label(ask: Ask) -> Answer:
    """Make a label; its name is its natural key (s7)."""
    found = ask.project(writes=PLANNER)
    ask.required("name", "color")
    name = ask.text("name") or ""
    if any(one.name == name for one in ask.world.labels_of(found)):
        raise refused(409, "Label already exists")
    if not _COLOR.fullmatch(ask.text("color") or ""):
        raise refused(400, {"color": ["must be a valid color code"]})
    made = ask.world.label(found, name, color=ask.text("color"), description=ask.text("description"))
    return Answer(201, shapes.label(ask, found, made))


# milestones


@route("GET", "/projects/:id/milestones", "release-tools/…; s7")
def milestones(ask: Ask) -> Answer:
    """List milestones."""
    found = ask.project()
    shown: list[Any] = found.milestones
    for name in ("title", "state"):
        if wanted := ask.text(name):
            shown = [one for one in shown if getattr(one, name) == wanted]
    return paged(ask, shown[::-1], lambda one: shapes.milestone(ask.world, one))

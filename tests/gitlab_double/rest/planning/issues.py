"""Issues (s1, s2, s4, s6, s7; `ogr/Issues…`, `igitt/GitLabIssueTest…`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.gitlab_double.rest import shapes
from tests.gitlab_double.rest.asking import FORBIDDEN, Answer, Ask, invalid, refused
from tests.gitlab_double.rest.pages import keyset, ordered, paged
from tests.gitlab_double.rest.planning import searching
from tests.gitlab_double.rest.routing import route
from tests.gitlab_double.world import acting, seeing
from tests.gitlab_double.world.things import GUEST, MAINTAINER, OWNER, PLANNER, Issue, Project

_KNOWN = (
    "assignee_id, assignee_ids, confidential, created_at, description, discussion_locked, due_date, start_date, labels,"
    " add_labels, remove_labels, milestone_id, milestone, severity, state_event, title, issue_type"
)
_PAID = "weight, epic_id, epic_iid"
_DEFAULTS = {
    "order_by": "created_at",
    "sort": "desc",
    "state": "all",
    "with_labels_details": "false",
}
TITLE, DESCRIPTION = 255, 1_048_576  # s6


def issue(ask: Ask, found: Issue, *, single: bool = False) -> dict[str, Any]:
    """Give an issue; alone it also says whether the caller is subscribed (`ogr/Comments…`, `ogr/Issues…` of 2022)."""
    world = ask.world
    here = f"{world.site.url}/api/v4/projects/{found.project_id}"
    assignees = shapes.users(world, found.assignees)
    boxes = shapes.boxes(found.description)
    shaped: dict[str, Any] = {
        "id": found.id,
        "iid": found.iid,
        "project_id": found.project_id,
        "title": found.title,
        "description": found.description,
        "state": found.state,
        "created_at": ask.time(found.created_at),
        "updated_at": ask.time(found.updated_at),
        "closed_at": ask.time(found.closed_at),
        "closed_by": shapes.user(world, found.closed_by),
        "labels": shapes.labels_of(ask, found),
        "milestone": shapes.milestone_of(world, found),
        "assignees": assignees,
        "author": shapes.user(world, found.author_id),
        "type": found.kind.upper(),
        "assignee": assignees[0] if assignees else None,
        "user_notes_count": sum(not note.system for note in found.notes),
        "merge_requests_count": 0,
        "upvotes": 0,
        "downvotes": 0,
        "due_date": found.due_date.isoformat() if found.due_date else None,
        "start_date": found.start_date.isoformat() if found.start_date else None,
        "confidential": found.confidential,
        "discussion_locked": found.discussion_locked,
        "issue_type": found.kind,
        "web_url": world.address(found),
        "time_stats": dict(shapes.TIMES),
        "task_completion_status": boxes,
        "blocking_issues_count": 0,
        "has_tasks": bool(boxes["count"]),
        "_links": {
            "self": f"{here}/issues/{found.iid}",
            "notes": f"{here}/issues/{found.iid}/notes",
            "award_emoji": f"{here}/issues/{found.iid}/award_emoji",
            "project": here,
            "closed_as_duplicate_of": None,
        },
        "references": shapes.references(world, found),
        "severity": "UNKNOWN",
        "moved_to_id": found.moved_to,
        "imported": False,
        "imported_from": "none",
        "service_desk_reply_to": None,
    }
    if boxes["count"]:
        shaped["task_status"] = f"{boxes['completed_count']} of {boxes['count']} checklist items completed"
    if world.site.enterprise:
        shaped |= {"weight": found.weight, "epic_iid": None, "epic": None, "iteration": None, "health_status": None}
    if single:
        shaped["subscribed"] = True
    return shaped


def opened(ask: Ask, *, writes: int | None = None) -> Project:
    """Give the project of the path, if its issues are switched on (s1: 403)."""
    project = ask.project(writes=writes)
    if not project.issues_enabled:
        raise refused(403, FORBIDDEN)
    return project


@route("GET", "/projects/:id/issues", "s2; ogr/Issues.test_issue_list_labels")
def listed(ask: Ask) -> Answer:
    """List issues; `state` is all, and tasks and incidents are among them (s2)."""
    project = opened(ask)
    found = searching.filtered(ask, _visible(ask, project))
    keys = {
        "created_at": lambda one: (one.created_at, one.id),
        "updated_at": lambda one: (one.updated_at, one.id),
        "due_date": lambda one: (one.due_date is not None, str(one.due_date), one.id),
        "title": lambda one: one.title,
        "priority": lambda one: one.id,
        "label_priority": lambda one: one.id,
        "relative_position": lambda one: one.id,
        "popularity": lambda one: one.id,
        "weight": lambda one: one.id,
    }
    chosen = ordered(ask, list(found), keys, "created_at")
    if ask.text("pagination") == "keyset" and ask.world.site.major >= (18, 3):
        return keyset(ask, chosen, lambda one: issue(ask, one))
    return paged(ask, chosen, lambda one: issue(ask, one), defaults=_DEFAULTS)


def _visible(ask: Ask, project: Project) -> Iterator[Issue]:
    return (one for one in ask.world.issues[project.id].values() if seeing.sees(ask.world, ask.viewer, one))


@route("GET", "/issues", "s2: as the list of a project")
def everywhere(ask: Ask) -> Answer:
    """List issues of every project; `scope` is what the caller made unless it says all."""
    someone = ask.someone()
    ask.params.setdefault("scope", "created_by_me")
    found = [one for project in ask.world.projects.values() for one in searching.filtered(ask, _visible(ask, project))]
    if ask.text("scope") == "created_by_me":
        found = [one for one in found if one.author_id == someone.id]
    if ask.text("scope") == "assigned_to_me":
        found = [one for one in found if someone.id in one.assignees]
    newest = sorted(found, key=lambda one: (one.created_at, one.id), reverse=True)
    return paged(ask, newest, lambda one: issue(ask, one), defaults=_DEFAULTS)


@route("GET", "/issues/:number", "sortie-quotes/012: for administrators")
def by_number(ask: Ask) -> Answer:
    """Give an issue by its number on the whole instance, to administrators only (s2)."""
    if not ask.someone().admin:
        raise refused(403, FORBIDDEN)
    number = ask.iid("number")
    for project in ask.world.issues.values():
        for one in project.values():
            if one.id == number:
                return Answer(200, issue(ask, one, single=True))
    raise refused(404, "404 Not found")


@route("GET", "/projects/:id/issues/:issue_iid", "s1; ogr/Comments.test_issue_react_to_comment_and_delete#1")
def one(ask: Ask) -> Answer:
    """Give one issue."""
    return Answer(200, issue(ask, ask.issue(opened(ask)), single=True))


def fields_of(ask: Ask, project: Project) -> dict[str, Any]:
    """Read what an issue or merge request is to be like, and refuse what cannot be (s6)."""
    fields: dict[str, Any] = {}
    for read, names in (
        (ask.text, ("title", "description", "issue_type", "target_branch")),
        (ask.flag, ("confidential", "discussion_locked", "squash")),
        (ask.day, ("due_date", "start_date")),
        (_names_of(ask), ("labels", "add_labels", "remove_labels")),
    ):
        fields |= {name: read(name) for name in names if ask.has(name)}
    _measured(fields)
    for several, single in (("assignee_ids", "assignee_id"), ("reviewer_ids", "reviewer_id")):
        if ask.has(several) or ask.has(single):
            fields[several] = ask.numbers(several) if ask.has(several) else [ask.number(single) or 0]
    if ask.has("milestone_id"):
        number = ask.number("milestone_id")
        fields["milestone_id"] = number if any(one.id == number for one in project.milestones) else None
    if ask.has("weight") and ask.world.site.enterprise:
        fields["weight"] = ask.number("weight")
    if ask.has("remove_source_branch"):
        fields["removes_source"] = ask.flag("remove_source_branch")
    if ask.has("issue_type"):
        ask.one_of("issue_type", ("issue", "incident", "test_case", "task"), "issue")
    if ask.has("state_event"):
        fields["state_event"] = ask.one_of("state_event", ("close", "reopen"), "")
    return fields


def _names_of(ask: Ask) -> Callable[[str], list[str]]:
    return lambda name: ask.names(name) or []


def _measured(fields: dict[str, Any]) -> None:
    """Refuse what is too long, and an empty title (s6; doc/09 shows the shape)."""
    wrong: dict[str, list[str]] = {}
    if "title" in fields:
        title = fields["title"] or ""
        if not title.strip():
            wrong["title"] = ["can't be blank"]
        elif len(title) > TITLE:
            wrong["title"] = [f"is too long (maximum is {TITLE} characters)"]
    if len(fields.get("description") or "") > DESCRIPTION:
        wrong["description"] = [f"is too long (maximum is {DESCRIPTION} characters)"]
    if wrong:
        raise refused(400, wrong)


@route("POST", "/projects/:id/issues", "s1, s5; igitt/GitLabIssueTest.test_issue_create; ogr/…disabled_issues: 403")
def create(ask: Ask) -> Answer:
    """Open an issue."""
    project = opened(ask, writes=GUEST)
    ask.required("title")
    fields = fields_of(ask, project)
    someone = ask.someone()
    if seeing.level(ask.world, someone, project) < PLANNER:  # guests set no labels, assignees nor dates
        fields = {name: fields[name] for name in fields if name in ("title", "description", "confidential")}
    if ask.has("iid") and seeing.level(ask.world, someone, project) >= OWNER:
        fields["iid"] = ask.number("iid")
        if fields["iid"] in ask.world.issues[project.id]:
            raise refused(409, "Duplicated issue")
    return Answer(201, issue(ask, acting.open_issue(ask.world, someone, project, fields), single=True))


@route("PUT", "/projects/:id/issues/:issue_iid", "s1, s6, s7: no If-Match; ogr/Issues…, sortie-quotes/014, /020")
def update(ask: Ask) -> Answer:
    """Change an issue; nothing looks whether somebody else did meanwhile (s7)."""
    project = opened(ask)
    found = ask.issue(project)
    known = (f"{_KNOWN}, {_PAID}" if ask.world.site.enterprise else _KNOWN).split(", ")
    if not any(ask.has(name) for name in known):
        listed_ = ", ".join(known)
        raise invalid(f"{listed_} are missing, at least one parameter must be provided")
    someone = ask.someone()
    own = someone.id == found.author_id or someone.id in found.assignees
    ask.may(project, GUEST if own else PLANNER)
    acting.change(ask.world, someone, found, fields_of(ask, project))
    return Answer(200, issue(ask, found, single=True))


@route("DELETE", "/projects/:id/issues/:issue_iid", "s1: 204; igitt/GitLabIssueTest.test_issue_create#1")
def delete(ask: Ask) -> Answer:
    """Take an issue away; owners may."""
    project = opened(ask)
    found = ask.issue(project)
    ask.may(project, OWNER if ask.someone().id != found.author_id else MAINTAINER)
    ask.world.delete(found)
    return Answer(204)


@route("GET", "/projects/:id/issues/:issue_iid/related_merge_requests", "s8: as the list")
@route("GET", "/projects/:id/issues/:issue_iid/closed_by", "s8: as the list")
def related(ask: Ask) -> Answer:
    """List the merge requests that name an issue, or that say they close it."""
    from tests.gitlab_double.rest.planning.merge_requests import merge_request  # noqa: PLC0415 - they show issues too

    found = ask.issue(opened(ask))
    closing = ask.path.endswith("closed_by")
    requests = searching.naming(ask.world, found, closing=closing)
    seen = [one for one in requests if seeing.sees(ask.world, ask.viewer, one)]
    return paged(ask, seen, lambda one: merge_request(ask, one))

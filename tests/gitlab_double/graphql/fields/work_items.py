"""Issues under both names, their widgets and links (s6, s9; other-quotes/graphql-linked-work-items)."""

from __future__ import annotations

from typing import Any

from tests.gitlab_double.graphql.fields import talk
from tests.gitlab_double.graphql.fields.people import labels, milestone, people, role
from tests.gitlab_double.graphql.serving import Connection, Context, Node, attributes, constant, gid, serves
from tests.gitlab_double.rest.asking import written
from tests.gitlab_double.rest.planning.searching import naming
from tests.gitlab_double.rest.shapes import boxes
from tests.gitlab_double.world import seeing
from tests.gitlab_double.world.things import PLANNER, Issue, Link, Project, Thing, User

for _type in ("Issue", "WorkItem"):
    attributes(_type, title="title", name="title", description="description", confidential="confidential")
    constant(_type, hidden=False, imported=False, archived=False)
constant(
    "Issue",
    upvotes=0,
    downvotes=0,
    weight=None,
    healthStatus=None,
    severity="UNKNOWN",
    moved=False,
    blocked=False,
    blockingCount=0,
    blockedByCount=0,
    subscribed=False,
    hasEpic=False,
    hasParent=False,
)
constant("WorkItem", lockVersion=0, duplicatedToWorkItemUrl=None, movedToWorkItemUrl=None)
attributes("Issue", discussionLocked="discussion_locked", projectId="project_id")


def project_of(context: Context, thing: Thing) -> Project:
    """Give the project of a thing."""
    return context.world.projects[thing.project_id]


def _of_both(type_: str) -> None:
    @serves(type_, "id")
    def number(source: Issue, _context: Context, _args: dict[str, Any]) -> str:
        return gid(type_, source.id)

    @serves(type_, "iid")
    def iid(source: Issue, _context: Context, _args: dict[str, Any]) -> str:
        return str(source.iid)

    @serves(type_, "state")
    def state(source: Issue, _context: Context, _args: dict[str, Any]) -> str:
        return source.state if type_ == "Issue" else ("OPEN" if source.state == "opened" else "CLOSED")

    @serves(type_, "author")
    def author(source: Issue, context: Context, _args: dict[str, Any]) -> User | None:
        return context.world.users.get(source.author_id)

    for name, attribute in {"createdAt": "created_at", "updatedAt": "updated_at", "closedAt": "closed_at"}.items():
        serves(type_, name)(_time(attribute))

    @serves(type_, "webUrl")
    def address(source: Issue, context: Context, _args: dict[str, Any]) -> str:
        return context.world.address(source)

    @serves(type_, "webPath")
    def path(source: Issue, context: Context, _args: dict[str, Any]) -> str:
        return context.world.address(source).removeprefix(context.world.site.url)

    @serves(type_, "reference")
    def reference(source: Issue, context: Context, args: dict[str, Any]) -> str:
        return f"{project_of(context, source).path if args.get('full') else ''}#{source.iid}"

    @serves(type_, "userPermissions")
    def permissions(source: Issue, context: Context, _args: dict[str, Any]) -> dict[str, bool]:
        return rights(context, source)


def rights(context: Context, source: Thing) -> dict[str, bool]:
    """Say what the caller may do to a thing."""
    project = project_of(context, source)
    own = context.viewer is not None and context.viewer.id in (source.author_id, *source.assignees)
    edits = not project.archived and (own or role(context, project) >= PLANNER)
    reads = {"readIssue": True, "readWorkItem": True, "readMergeRequest": True, "createNote": not project.archived}
    writes = (
        "updateIssue",
        "adminIssue",
        "updateWorkItem",
        "adminWorkItem",
        "updateMergeRequest",
        "adminMergeRequest",
        "adminWorkItemLink",
        "setWorkItemMetadata",
    )
    return {**reads, **dict.fromkeys(writes, edits)}


def _time(name: str) -> Any:
    return lambda source, context, _args: written(context.world, getattr(source, name))


_of_both("Issue")
_of_both("WorkItem")


# issues


@serves("Issue", "labels")
def issue_labels(source: Issue, context: Context, args: dict[str, Any]) -> Connection:
    """List labels."""
    return Connection(labels(context, project_of(context, source), source.labels), args)


@serves("Issue", "assignees")
def issue_assignees(source: Issue, context: Context, args: dict[str, Any]) -> Connection:
    """List assignees."""
    return Connection(people(context, source.assignees), args)


@serves("Issue", "dueDate")
def issue_due(source: Issue, _context: Context, _args: dict[str, Any]) -> str | None:
    """Give the day it is due."""
    return source.due_date.isoformat() if source.due_date else None


@serves("Issue", "milestone")
def issue_milestone(source: Issue, context: Context, _args: dict[str, Any]) -> Any:
    """Give the milestone."""
    return milestone(context, project_of(context, source), source.milestone_id)


@serves("Issue", "type")
def issue_type(source: Issue, _context: Context, _args: dict[str, Any]) -> str:
    """Give the kind."""
    return source.kind.upper()


@serves("Issue", "movedTo")
def issue_moved(source: Issue, context: Context, _args: dict[str, Any]) -> Issue | None:
    """Give where it was moved."""
    found = (one for things in context.world.issues.values() for one in things.values())
    return next((one for one in found if source.moved_to is not None and one.id == source.moved_to), None)


@serves("Issue", "taskCompletionStatus")
@serves("MergeRequest", "taskCompletionStatus")
def tasks(source: Thing, _context: Context, _args: dict[str, Any]) -> dict[str, int]:
    """Count the boxes."""
    counted = boxes(source.description)
    return {"count": counted["count"], "completedCount": counted["completed_count"]}


@serves("Issue", "userNotesCount")
@serves("MergeRequest", "userNotesCount")
def notes_count(source: Thing, _context: Context, _args: dict[str, Any]) -> int:
    """Count what people said."""
    return sum(not note.system for note in source.notes)


@serves("Issue", "mergeRequestsCount")
def requests_count(source: Issue, context: Context, _args: dict[str, Any]) -> int:
    """Count the merge requests that close it."""
    return len(naming(context.world, source, closing=True))


@serves("Issue", "relatedMergeRequests")
def related(source: Issue, context: Context, args: dict[str, Any]) -> Connection:
    """List the merge requests that name it."""
    found = naming(context.world, source, closing=False)
    return Connection([one for one in found if seeing.sees(context.world, context.viewer, one)], args)


# links


def links_of(context: Context, source: Issue) -> list[tuple[Link, Issue, str]]:
    """Give the visible links of an issue with their far ends, newest first, each with how it looks from here."""
    found = []
    for made in context.world.links:
        if source.reference not in (made.source, made.target):
            continue
        outward = made.source == source.reference
        far = context.world.at(made.target if outward else made.source)
        if isinstance(far, Issue) and seeing.sees(context.world, context.viewer, far):
            kind = made.kind if outward or made.kind == "relates_to" else "is_blocked_by"
            found.append((made, far, kind))
    return found[::-1]


_KIND = {"RELATED": "relates_to", "BLOCKS": "blocks", "BLOCKED_BY": "is_blocked_by"}


def _linked(source: Issue, context: Context, args: dict[str, Any]) -> list[tuple[Link, Issue, str]]:
    wanted = _KIND.get(str(args.get("filter")))
    return [one for one in links_of(context, source) if wanted in (None, one[2])]


@serves("WorkItemWidgetLinkedItems", "linkedItems")
def linked_items(source: Issue, context: Context, args: dict[str, Any]) -> Connection:
    """List links with their times (s6)."""
    return Connection([Node("LinkedWorkItemType", one) for one in _linked(source, context, args)], args)


@serves("Issue", "linkedWorkItems")
def linked_work_items(source: Issue, context: Context, args: dict[str, Any]) -> Connection:
    """List the far ends, oldest first."""
    return Connection([Node("LinkedWorkItemType", one) for one in _linked(source, context, args)[::-1]], args)


@serves("LinkedWorkItemType", "linkId")
def link_id(source: tuple[Link, Issue, str], _context: Context, _args: dict[str, Any]) -> str:
    """Give the id."""
    return gid("WorkItems::RelatedWorkItemLink", source[0].id)


@serves("LinkedWorkItemType", "linkType")
def link_type(source: tuple[Link, Issue, str], _context: Context, _args: dict[str, Any]) -> str:
    """Give the kind, as it looks from here."""
    return source[2]


@serves("LinkedWorkItemType", "linkCreatedAt", "linkUpdatedAt")
def link_time(source: tuple[Link, Issue, str], context: Context, _args: dict[str, Any]) -> str | None:
    """Give when it was made; by whom only system notes say (s6)."""
    return written(context.world, source[0].created_at)


@serves("LinkedWorkItemType", "workItem")
def link_far(source: tuple[Link, Issue, str], _context: Context, _args: dict[str, Any]) -> Node:
    """Give the far end."""
    return Node("WorkItem", source[1])


@serves("LinkedWorkItemType", "workItemState")
def link_state(source: tuple[Link, Issue, str], _context: Context, _args: dict[str, Any]) -> str:
    """Give the state of the far end."""
    return "OPEN" if source[1].state == "opened" else "CLOSED"


# work items


@serves("WorkItem", "project", "namespace")
def work_item_project(source: Issue, context: Context, _args: dict[str, Any]) -> Any:
    """Give the project."""
    return project_of(context, source)


@serves("WorkItem", "workItemType")
def work_item_type(source: Issue, _context: Context, _args: dict[str, Any]) -> dict[str, Any]:
    """Give the kind."""
    return {"id": gid("WorkItems::Type", 1), "name": source.kind.title(), "iconName": f"issue-type-{source.kind}"}


WIDGETS = {
    "ASSIGNEES": "WorkItemWidgetAssignees",
    "DESCRIPTION": "WorkItemWidgetDescription",
    "LABELS": "WorkItemWidgetLabels",
    "LINKED_ITEMS": "WorkItemWidgetLinkedItems",
    "MILESTONE": "WorkItemWidgetMilestone",
    "NOTES": "WorkItemWidgetNotes",
    "START_AND_DUE_DATE": "WorkItemWidgetStartAndDueDate",
    "WEIGHT": "WorkItemWidgetWeight",
    "DEVELOPMENT": "WorkItemWidgetDevelopment",
}


@serves("WorkItem", "widgets")
def widgets(source: Issue, _context: Context, args: dict[str, Any]) -> list[Node]:
    """List the widgets."""
    only = args.get("onlyTypes")
    return [Node(type_, source) for name, type_ in WIDGETS.items() if only is None or name in only]


for _name, _widget in WIDGETS.items():
    constant(_widget, type=_name)

constant("WorkItemWidgetLabels", allowsScopedLabels=True)
constant("WorkItemWidgetAssignees", allowsMultipleAssignees=True, canInviteMembers=False)
constant("WorkItemWidgetLinkedItems", blocked=False, blockedByCount=0, blockingCount=0)
constant("WorkItemWidgetStartAndDueDate", isFixed=True, rollUp=False)
constant("WorkItemWidgetDescription", edited=False, lastEditedAt=None, lastEditedBy=None)
attributes("WorkItemWidgetDescription", description="description")
attributes("WorkItemWidgetNotes", discussionLocked="discussion_locked")
attributes("WorkItemWidgetWeight", weight="weight")
serves("WorkItemWidgetDescription", "taskCompletionStatus")(tasks)
serves("WorkItemWidgetLabels", "labels")(issue_labels)
serves("WorkItemWidgetAssignees", "assignees")(issue_assignees)
serves("WorkItemWidgetMilestone", "milestone")(issue_milestone)
serves("WorkItemWidgetStartAndDueDate", "dueDate")(issue_due)
serves("WorkItemWidgetNotes", "notes")(talk.notes)
serves("WorkItemWidgetNotes", "discussions")(talk.discussions)
serves("Issue", "notes")(talk.notes)
serves("Issue", "discussions")(talk.discussions)


@serves("WorkItemWidgetStartAndDueDate", "startDate")
def start_date(source: Issue, _context: Context, _args: dict[str, Any]) -> str | None:
    """Give the day it starts."""
    return source.start_date.isoformat() if source.start_date else None

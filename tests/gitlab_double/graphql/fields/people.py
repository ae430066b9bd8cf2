"""Users, under each of the names the schema has for them; labels and milestones."""

from __future__ import annotations

from typing import Any

from tests.gitlab_double.graphql.serving import Connection, Context, attributes, constant, gid, serves
from tests.gitlab_double.rest.asking import written
from tests.gitlab_double.world import seeing
from tests.gitlab_double.world.things import Label, Milestone, Project, User

PEOPLE = (
    "UserCore",
    "CurrentUser",
    "MergeRequestAuthor",
    "MergeRequestAssignee",
    "MergeRequestReviewer",
    "MergeRequestParticipant",
    "AddOnUser",
)

for _name in PEOPLE:
    attributes(_name, username="username", name="name", bot="bot", state="state")
    constant(_name, avatarUrl=None, publicEmail="", userPermissions={"createSnippet": True})


def _user(name: str) -> None:
    @serves(name, "id")
    def number(source: User, _context: Context, _args: dict[str, Any]) -> str:
        return gid("User", source.id)

    @serves(name, "webUrl")
    def address(source: User, context: Context, _args: dict[str, Any]) -> str:
        return f"{context.world.site.url}/{source.username}"

    @serves(name, "webPath")
    def path(source: User, _context: Context, _args: dict[str, Any]) -> str:
        return f"/{source.username}"

    @serves(name, "active")
    def active(source: User, _context: Context, _args: dict[str, Any]) -> bool:
        return source.state == "active"

    @serves(name, "human")
    def human(source: User, _context: Context, _args: dict[str, Any]) -> bool:
        return not source.bot


for _name in PEOPLE:
    _user(_name)


def people(context: Context, numbers: list[int]) -> list[User]:
    """Give users by their numbers."""
    return [context.world.users[one] for one in numbers if one in context.world.users]


@serves("Query", "currentUser")
def current(_source: Any, context: Context, _args: dict[str, Any]) -> User | None:
    """Give who asks, null for nobody (s9)."""
    return context.viewer


@serves("Query", "users")
def users(_source: Any, context: Context, args: dict[str, Any]) -> Connection:
    """List users."""
    found = list(context.world.users.values())
    if names := args.get("usernames"):
        wanted = {name.casefold() for name in names}
        found = [one for one in found if one.username.casefold() in wanted]
    return Connection(found, args)


# labels and milestones

attributes("Label", title="name", color="color", description="description")
constant("Label", lockOnMerge=False, archived=False, textColor="#FFFFFF")


@serves("Label", "id")
def label_id(source: Label, _context: Context, _args: dict[str, Any]) -> str:
    """Give the id, which says whether the label is of a group."""
    return gid("GroupLabel" if source.group else "ProjectLabel", source.id)


def labels(context: Context, project: Project, names: list[str]) -> list[Label]:
    """Give labels by name."""
    known = {label.name: label for label in context.world.labels_of(project)}
    return [known[name] for name in sorted(names) if name in known]


attributes("Milestone", title="title", state="state")
constant("Milestone", description="", groupMilestone=False, projectMilestone=True, startDate=None, upcoming=False)


@serves("Milestone", "id")
def milestone_id(source: Milestone, _context: Context, _args: dict[str, Any]) -> str:
    """Give the id."""
    return gid("Milestone", source.id)


@serves("Milestone", "iid")
def milestone_iid(source: Milestone, _context: Context, _args: dict[str, Any]) -> str:
    """Give the number in the project."""
    return str(source.iid)


@serves("Milestone", "dueDate")
def milestone_due(source: Milestone, _context: Context, _args: dict[str, Any]) -> str | None:
    """Give the day it is due."""
    return source.due_date.isoformat() if source.due_date else None


@serves("Milestone", "expired")
def milestone_expired(source: Milestone, context: Context, _args: dict[str, Any]) -> bool:
    """Say whether the day is past."""
    return bool(source.due_date and source.due_date < context.world.clock.now.date())


@serves("Milestone", "createdAt", "updatedAt")
def milestone_made(source: Milestone, context: Context, _args: dict[str, Any]) -> str | None:
    """Give when it was made."""
    return written(context.world, source.created_at)


def milestone(context: Context, project: Project, number: int | None) -> Milestone | None:
    """Give a milestone by its number."""
    del context
    return next((one for one in project.milestones if one.id == number), None)


def role(context: Context, project: Project) -> int:
    """Give the caller's level in a project."""
    return seeing.level(context.world, context.viewer, project)

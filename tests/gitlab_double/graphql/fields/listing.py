"""Filters of lists in GraphQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from tests.gitlab_double.graphql.serving import Context, NotServed, number_of
from tests.gitlab_double.rest.planning.searching import found as found_by
from tests.gitlab_double.world import seeing
from tests.gitlab_double.world.things import Issue, MergeRequest, Project, Thing

T = TypeVar("T", bound=Thing)
Test = Callable[[Any], bool]
PAGING = frozenset({"first", "last", "after", "before"})


def _people(context: Context, names: Iterable[str]) -> set[int]:
    return {user.id for name in names if (user := context.world.by_username(name))}


def _instant(told: Any) -> datetime:
    return told if isinstance(told, datetime) else datetime.fromisoformat(str(told))


def _word(told: Any) -> str:
    return str(getattr(told, "value", told)).casefold()


def _milestone(context: Context, titles: Any) -> Test:
    wanted = set(titles if isinstance(titles, list) else [titles])

    def test(one: Thing) -> bool:
        project = context.world.projects[one.project_id]
        return any(found.id == one.milestone_id and found.title in wanted for found in project.milestones)

    return test


_FILTERS: dict[str, Callable[[Context, Any], Test]] = {
    "iid": lambda _c, told: lambda one: one.iid == int(told),
    "iids": lambda _c, told: lambda one: str(one.iid) in {str(each) for each in told},
    "ids": lambda _c, told: lambda one: one.id in {number_of(each) for each in told},
    "state": lambda _c, told: lambda one: _word(told) in ("all", one.state),
    "labelName": lambda _c, told: lambda one: set(told) <= set(one.labels),
    "confidential": lambda _c, told: lambda one: one.confidential is told,
    "authorUsername": lambda c, told: lambda one: one.author_id in _people(c, [told]),
    "assigneeUsernames": lambda c, told: lambda one: _people(c, told) <= set(one.assignees),
    "assigneeUsername": lambda c, told: lambda one: _people(c, [told]) <= set(one.assignees),
    "sourceBranches": lambda _c, told: lambda one: one.source_branch in told,
    "targetBranches": lambda _c, told: lambda one: one.target_branch in told,
    "draft": lambda _c, told: lambda one: one.draft is told,
    "types": lambda _c, told: lambda one: one.kind in {_word(each) for each in told},
    "createdAfter": lambda _c, told: lambda one: one.created_at >= _instant(told),
    "createdBefore": lambda _c, told: lambda one: one.created_at <= _instant(told),
    "updatedAfter": lambda _c, told: lambda one: one.updated_at >= _instant(told),
    "updatedBefore": lambda _c, told: lambda one: one.updated_at <= _instant(told),
    "search": lambda c, told: lambda one: found_by(c.world, one, told, ("title", "description")),
    "milestoneTitle": _milestone,
    "in": lambda _c, _told: lambda _one: True,
}

_SORTS: dict[str, tuple[str, bool]] = {
    "created": ("created_at", False),
    "updated": ("updated_at", False),
    "title": ("title", False),
    "due_date": ("due_date", False),
}


def chosen(context: Context, things: Iterable[T], args: dict[str, Any]) -> list[T]:
    """Give the visible things that arguments choose, newest first unless sorted otherwise."""
    tests = []
    for name, told in args.items():
        if name in PAGING or name == "sort" or told is None:
            continue
        if name not in _FILTERS:
            raise NotServed(f"the double has no filter `{name}` yet")
        tests.append(_FILTERS[name](context, told))
    seen = [one for one in things if seeing.sees(context.world, context.viewer, one)]
    found = [one for one in seen if all(test(one) for test in tests)]
    key, _, direction = _word(args.get("sort") or "created_desc").rpartition("_")
    attribute = _SORTS.get(key, ("created_at", False))[0]
    return sorted(found, key=lambda one: (str(getattr(one, attribute)), one.id), reverse=direction == "desc")


def chosen_issues(context: Context, project: Project, args: dict[str, Any]) -> list[Issue]:
    """Give issues of a project."""
    return chosen(context, context.world.issues[project.id].values(), args)


def chosen_requests(context: Context, project: Project, args: dict[str, Any]) -> list[MergeRequest]:
    """Give merge requests of a project."""
    return chosen(context, context.world.merge_requests[project.id].values(), args)

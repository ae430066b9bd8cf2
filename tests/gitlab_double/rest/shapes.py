"""Users, projects, labels and the parts of issues and merge requests, as REST shapes them.

Keys are those of the newest recordings of each kind (`ogr` of 2021-2026, `devlake`), values follow the state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from tests.gitlab_double.rest.asking import Ask, written
from tests.gitlab_double.world import seeing
from tests.gitlab_double.world.things import (
    Event,
    Group,
    Issue,
    Label,
    MergeRequest,
    Milestone,
    Note,
    Project,
    Thing,
    Token,
    User,
)
from tests.gitlab_double.world.world import World

_BOX = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+\[(?P<mark>[ xX~])\]\s", re.MULTILINE)
_AVATAR = "https://avatar.example/a.png"


def user(world: World, number: int | None) -> dict[str, Any] | None:
    """Give the short form of a user that stands in other things (`ogr/Service…`)."""
    found = world.users.get(number) if number is not None else None
    return None if found is None else member_of(world, found)


def member_of(world: World, found: User) -> dict[str, Any]:
    """Give the short form of a user."""
    return {
        "id": found.id,
        "username": found.username,
        "public_email": None,
        "name": found.name,
        "state": found.state,
        "locked": False,
        "avatar_url": _AVATAR,
        "web_url": f"{world.site.url}/{found.username}",
    }


def users(world: World, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """Give several users in short form."""
    return [member_of(world, world.users[one]) for one in numbers if one in world.users]


def myself(world: World, found: User) -> dict[str, Any]:
    """Give `GET /user` (`ogr/Service.test_get_rate_limit_remaining` and the others of that route)."""
    when = written(world, world.clock.now)
    empty = (
        "bio location linkedin twitter discord website_url github job_title pronouns bluesky orcid mastodon"
        " last_activity_on commit_email namespace_id work_information organization local_time"
    )
    return {
        **member_of(world, found),
        **dict.fromkeys(empty.split()),
        "skype": "",
        "bot": found.bot,
        "created_at": when,
        "confirmed_at": when,
        "last_sign_in_at": when,
        "current_sign_in_at": when,
        "email": f"{found.username}@example.com",
        "theme_id": 1,
        "color_scheme_id": 1,
        "projects_limit": 100_000,
        "identities": [],
        "can_create_group": True,
        "can_create_project": True,
        "two_factor_enabled": True,
        "external": False,
        "private_profile": False,
        "followers": 0,
        "following": 0,
        "is_followed": False,
        "preferred_language": "en",
        "scim_identities": [],
        "shared_runners_minutes_limit": None,
        "extra_shared_runners_minutes_limit": None,
    }


_PUBLIC = (
    "id username public_email name state locked avatar_url web_url created_at bio bot location linkedin twitter discord"
    " website_url github job_title pronouns organization work_information local_time followers following is_followed"
    " skype"
)


def in_public(world: World, found: User) -> dict[str, Any]:
    """Give a user as others see them alone (`igitt/…`, `ogr/…`, jobs of `devlake`)."""
    mine = myself(world, found)
    return {name: mine[name] for name in _PUBLIC.split()}


def token(world: World, found: Token) -> dict[str, Any]:
    """Give `GET /personal_access_tokens/self` (`sortie-quotes/007`)."""
    today = world.clock.now.date()
    active = not found.revoked and (found.expires_at is None or found.expires_at > today)
    return {
        "id": found.id,
        "name": found.name,
        "revoked": found.revoked,
        "created_at": written(world, found.created_at),
        "description": "",
        "scopes": ["granular"] if found.granular else list(found.scopes),
        "user_id": found.user_id,
        "last_used_at": written(world, world.clock.now),
        "active": active,
        "granular": found.granular,
        "expires_at": found.expires_at.isoformat() if found.expires_at else None,
    }


def label(ask: Ask, project: Project, found: Label) -> dict[str, Any]:
    """Give a label (`igitt/…test_issue_labels`, `devlake`, `dependabot/label`)."""
    issues = [one for one in ask.world.issues[project.id].values() if found.name in one.labels]
    requests = [one for one in ask.world.merge_requests[project.id].values() if found.name in one.labels]
    return {
        "id": found.id,
        "name": found.name,
        "description": found.description,
        "description_html": found.description or "",
        "text_color": "#FFFFFF",
        "color": found.color,
        "open_issues_count": sum(one.state == "opened" for one in issues),
        "closed_issues_count": sum(one.state == "closed" for one in issues),
        "open_merge_requests_count": sum(one.state == "opened" for one in requests),
        "subscribed": False,
        "priority": None,
        "is_project_label": not found.group,
    }


def milestone(world: World, found: Milestone) -> dict[str, Any]:
    """Give a milestone (`release-tools/…`, `danger-…`)."""
    project = world.projects[found.project_id]
    return {
        "id": found.id,
        "iid": found.iid,
        "project_id": found.project_id,
        "title": found.title,
        "description": "",
        "state": found.state,
        "created_at": written(world, found.created_at),
        "updated_at": written(world, found.created_at),
        "due_date": found.due_date.isoformat() if found.due_date else None,
        "start_date": None,
        "expired": bool(found.due_date and found.due_date < world.clock.now.date()),
        "web_url": f"{world.site.url}/{project.path}/-/milestones/{found.iid}",
    }


def milestone_of(world: World, thing: Thing) -> dict[str, Any] | None:
    """Give the milestone of an issue or merge request."""
    found = world.projects[thing.project_id].milestones
    return next((milestone(world, one) for one in found if one.id == thing.milestone_id), None)


def boxes(text: str | None) -> dict[str, int]:
    """Count the check boxes of a description (`ogr`: `task_completion_status`)."""
    marks = [found["mark"] for found in _BOX.finditer(text or "") if found["mark"] != "~"]
    return {"count": len(marks), "completed_count": sum(mark in "xX" for mark in marks)}


TIMES = {"time_estimate": 0, "total_time_spent": 0, "human_time_estimate": None, "human_total_time_spent": None}


def references(world: World, thing: Thing) -> dict[str, str]:
    """Give the ways to write an issue or merge request."""
    short = f"{thing.reference.kind}{thing.iid}"
    return {"short": short, "relative": short, "full": f"{world.projects[thing.project_id].path}{short}"}


def labels_of(ask: Ask, thing: Thing) -> list[Any]:
    """Give labels as names, sorted, or in full where `with_labels_details` asks for it."""
    if not ask.flag("with_labels_details"):
        return sorted(thing.labels)
    keys = ("id", "name", "description", "description_html", "text_color", "color")
    project = ask.world.projects[thing.project_id]
    known = {one.name: label(ask, project, one) for one in ask.world.labels_of(project)}
    return [{key: known[name][key] for key in keys} | {"archived": False} for name in sorted(thing.labels)]


def note(world: World, thing: Thing, found: Note) -> dict[str, Any]:
    """Give a note (`ogr` of 2023, `danger-js/getMergeRequestNotes`)."""
    shaped: dict[str, Any] = {
        "id": found.id,
        "type": "DiscussionNote" if found.resolvable else None,
        "body": found.body,
        "author": user(world, found.author_id),
        "created_at": written(world, found.created_at),
        "updated_at": written(world, found.updated_at),
        "system": found.system,
        "noteable_id": thing.id,
        "noteable_type": "Issue" if isinstance(thing, Issue) else "MergeRequest",
        "project_id": thing.project_id,
        "resolvable": found.resolvable,
        "confidential": found.internal,
        "internal": found.internal,
        "imported": False,
        "imported_from": "none",
        "noteable_iid": thing.iid,
        "commands_changes": {},
        "attachment": None,
    }
    if found.resolvable:
        shaped |= {
            "resolved": found.resolved_by is not None,
            "resolved_by": user(world, found.resolved_by),
            "resolved_at": written(world, found.resolved_at),
        }
    return shaped


def discussion(world: World, thing: Thing, notes: list[Note]) -> dict[str, Any]:
    """Give a discussion (`danger-js/getMergeRequestDiscussions`)."""
    alone = not notes[0].resolvable and len(notes) == 1
    return {"id": notes[0].discussion, "individual_note": alone, "notes": [note(world, thing, one) for one in notes]}


def event(world: World, thing: Thing, found: Event) -> dict[str, Any]:
    """Give a label or state event (s6; keys from `forgejo`, not in the data)."""
    kind = "MergeRequest" if isinstance(thing, MergeRequest) else "Issue"
    shaped: dict[str, Any] = {
        "id": found.id,
        "user": user(world, found.user_id),
        "created_at": written(world, found.at),
        "resource_type": kind,
        "resource_id": thing.id,
    }
    if found.label is None:
        return shaped | {"state": found.action, "source_commit": None, "source_merge_request": None}
    named = found.label
    shown = {"id": named.id, "name": named.name, "color": named.color, "description": named.description}
    return shaped | {"label": shown, "action": found.action}


def group(world: World, found: Group) -> dict[str, Any]:
    """Give a group in its short form (`igitt/GitLabOrganizationTest…`)."""
    return {
        "id": found.id,
        "web_url": f"{world.site.url}/groups/{found.path}",
        "name": found.name,
        "path": found.path.rpartition("/")[2],
        "description": "",
        "visibility": found.visibility,
        "lfs_enabled": True,
        "avatar_url": None,
        "request_access_enabled": False,
        "full_name": found.path.replace("/", " / "),
        "full_path": found.path,
        "parent_id": next((one.id for one in world.groups.values() if one.path == found.path.rpartition("/")[0]), None),
        "ldap_cn": None,
        "ldap_access": None,
    }


def member(ask: Ask, number: int, level: int) -> dict[str, Any]:
    """Give a member (`ogr/…`, `devlake`)."""
    return {
        **(user(ask.world, number) or {}),
        "access_level": level,
        "created_at": ask.time(ask.world.clock.now),
        "expires_at": None,
        "membership_state": "active",
    }


def may_merge(world: World, viewer: User | None, thing: MergeRequest) -> bool:
    """Whether the caller may merge: `user.can_merge` of a single merge request."""
    return seeing.may_push(world, viewer, world.projects[thing.project_id], thing.target_branch)

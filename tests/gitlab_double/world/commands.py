"""What each quick action does, and how GitLab sums it up (`quick-action-mr`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from tests.gitlab_double.world import acting, merging, texts
from tests.gitlab_double.world.things import Issue, MergeRequest, Reference, Thing, User

if TYPE_CHECKING:
    from tests.gitlab_double.world.world import World

Outcome = tuple[dict[str, Any], str]


def obey(world: World, by: User, thing: Thing, commands: list[texts.Command]) -> Outcome:
    """Do what quick actions say: `commands_changes`, and one joined string in which refusals look like success (s1)."""
    changes: dict[str, Any] = {}
    said: list[str] = []
    for command in commands:
        act = _ACTS.get(command.name)
        changed, words = (
            act(world, by, thing, command.rest) if act else ({}, f"Could not apply {command.name} command.")
        )
        changes.update(changed)
        said.append(words)
    return changes, " ".join(said)


def _labels_in(rest: str) -> list[str]:
    quoted = re.findall(r'~?"([^"]+)"|~(\S+)|(\S+)', rest)
    return [next(filter(None, found)) for found in quoted]


def _label(world: World, by: User, thing: Thing, rest: str) -> Outcome:
    known = {label.name: label for label in world.labels_of(world.projects[thing.project_id])}
    names = [name for name in _labels_in(rest) if name in known]  # quick actions create no labels
    if not names:
        return {}, "Could not apply label command."
    acting.change(world, by, thing, {"add_labels": names})
    added = " ".join(f'~"{name}"' for name in names)
    return {"add_label_ids": [known[name].id for name in names]}, f"Added {added} label{'s' * (len(names) > 1)}."


def _unlabel(world: World, by: User, thing: Thing, rest: str) -> Outcome:
    names = _labels_in(rest) or list(thing.labels)
    known = {label.name: label.id for label in world.labels_of(world.projects[thing.project_id])}
    acting.change(world, by, thing, {"remove_labels": names})
    return {"remove_label_ids": [known[name] for name in names if name in known]}, "Removed labels."


def _state(event: str, words: str) -> Callable[[World, User, Thing, str], Outcome]:
    def act(world: World, by: User, thing: Thing, _rest: str) -> Outcome:
        acting.change(world, by, thing, {"state_event": event})
        kind = "issue" if isinstance(thing, Issue) else "merge request"
        return {"state_event": event}, f"{words} this {kind}."

    return act


def _draft(world: World, by: User, thing: Thing, _rest: str) -> Outcome:
    if not isinstance(thing, MergeRequest):
        return {}, "Could not apply draft command."
    if thing.draft:
        return {"wip_event": "draft"}, "No change to this merge request's draft status."
    acting.change(world, by, thing, {"title": f"Draft: {thing.title}"})
    return {"wip_event": "draft"}, "Marked this merge request as a draft."


def _ready(world: World, by: User, thing: Thing, _rest: str) -> Outcome:
    if not isinstance(thing, MergeRequest) or not thing.draft:
        return {"wip_event": "ready"}, "No change to this merge request's draft status."
    acting.change(world, by, thing, {"title": re.sub(r"(?i)^[\[(]?draft[:\])]\s*", "", thing.title)})
    return {"wip_event": "ready"}, "Marked this merge request as ready."


def _people(world: World, rest: str, by: User) -> list[int]:
    names = re.findall(r"@([\w.-]+)", rest) or ([by.username] if rest == "me" else [])
    return [user.id for name in names if (user := world.by_username(name))]


def _assign(world: World, by: User, thing: Thing, rest: str) -> Outcome:
    ids = _people(world, rest, by)
    if not ids:
        return {}, "Could not apply assign command. Failed to find users."
    new = list(dict.fromkeys([*thing.assignees, *ids]))
    acting.change(world, by, thing, {"assignee_ids": new})
    return {"assignee_ids": new}, f"Assigned {rest}."


def _unassign(world: World, by: User, thing: Thing, rest: str) -> Outcome:
    gone = _people(world, rest, by) or thing.assignees
    new = [one for one in thing.assignees if one not in gone]
    acting.change(world, by, thing, {"assignee_ids": new})
    return {"assignee_ids": new}, "Removed assignees."


def _due(world: World, by: User, thing: Thing, rest: str) -> Outcome:
    try:
        wanted = date.fromisoformat(rest)
    except ValueError:
        return {}, "Failed to set due date because the date format is invalid."
    acting.change(world, by, thing, {"due_date": wanted})
    return {"due_date": rest}, f"Set the due date to {wanted:%b %-d, %Y}."


def _remove_due(world: World, by: User, thing: Thing, _rest: str) -> Outcome:
    acting.change(world, by, thing, {"due_date": None})
    return {"due_date": None}, "Removed the due date."


def _title(world: World, by: User, thing: Thing, rest: str) -> Outcome:
    acting.change(world, by, thing, {"title": rest})
    return {"title": rest}, f'Changed the title to "{rest}".'


def _confidential(world: World, by: User, thing: Thing, _rest: str) -> Outcome:
    acting.change(world, by, thing, {"confidential": True})
    return {"confidential": True}, "Made this issue confidential."


def _relate(world: World, by: User, thing: Thing, rest: str) -> Outcome:
    for target in _targets(world, thing, rest):
        if isinstance(thing, Issue):
            acting.link(world, by, thing, target, "relates_to")
    return {}, f"Added {rest} as a linked item related to this issue."


def _unlink(world: World, by: User, thing: Thing, rest: str) -> Outcome:
    there = {target.reference for target in _targets(world, thing, rest)}
    for made in [one for one in world.links if thing.reference in (one.source, one.target)]:
        if there & {made.source, made.target}:
            acting.unlink(world, by, made)
    return {}, f"Removed linked item {rest}."


def _targets(world: World, thing: Thing, rest: str) -> list[Issue]:
    found = []
    for mention in texts.mentions(rest):
        project = world.projects[thing.project_id] if mention.path is None else world.by_path(mention.path)
        target = world.at(Reference(mention.kind, project.id, mention.iid)) if project else None
        found += [target] if isinstance(target, Issue) else []
    return found


def _approve(world: World, by: User, thing: Thing, _rest: str) -> Outcome:
    if isinstance(thing, MergeRequest):
        merging.approve(world, by, thing)
    return {}, "Approved the current merge request."


_ACTS: dict[str, Callable[[World, User, Thing, str], Outcome]] = {
    "label": _label,
    "labels": _label,
    "unlabel": _unlabel,
    "remove_label": _unlabel,
    "close": _state("close", "Closed"),
    "reopen": _state("reopen", "Reopened"),
    "draft": _draft,
    "ready": _ready,
    "assign": _assign,
    "unassign": _unassign,
    "due": _due,
    "remove_due_date": _remove_due,
    "title": _title,
    "confidential": _confidential,
    "relate": _relate,
    "unlink": _unlink,
    "unrelate": _unlink,
    "approve": _approve,
}

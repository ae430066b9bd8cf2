"""What happens when somebody acts: the thing itself, and the system notes and events that GitLab adds (s5, s6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.gitlab_double.world import texts
from tests.gitlab_double.world.saying import obey, refer
from tests.gitlab_double.world.telling import path_from, tell
from tests.gitlab_double.world.things import (
    Event,
    Issue,
    Label,
    Link,
    MergeRequest,
    Project,
    Thing,
    User,
)

if TYPE_CHECKING:
    from tests.gitlab_double.world.world import World

Fields = Mapping[str, Any]


# opening


def open_issue(world: World, by: User, project: Project, fields: Fields) -> Issue:
    """Open an issue; quick actions in its description act (s5)."""
    now = world.clock.now
    left, commands = texts.extracted(fields.get("description") or "")
    made = Issue(
        id=world.number("issue"),
        iid=fields.get("iid") or world.number(f"issue:{project.id}"),
        project_id=project.id,
        title=fields["title"],
        author_id=by.id,
        created_at=now,
        updated_at=now,
        description=left if "description" in fields and fields["description"] is not None else None,
        confidential=bool(fields.get("confidential")),
        kind=fields.get("issue_type") or "issue",
        indexed_at=now + world.search_lag,
    )
    world.issues[project.id][made.iid] = made
    rest = {name: fields[name] for name in fields if name not in {"title", "description", "confidential", "issue_type"}}
    change(world, by, made, rest, at_birth=True)
    obey(world, by, made, commands)
    refer(world, by, made, made.description or "")
    return made


def open_merge_request(world: World, by: User, target: Project, source: Project, fields: Fields) -> MergeRequest:
    """Open a merge request, which GitLab then prepares (s8)."""
    now = world.clock.now
    left, commands = texts.extracted(fields.get("description") or "")
    made = MergeRequest(
        id=world.number("merge request"),
        iid=fields.get("iid") or world.number(f"merge request:{target.id}"),
        project_id=target.id,
        title=fields["title"],
        author_id=by.id,
        created_at=now,
        updated_at=now,
        description=left if fields.get("description") is not None else None,
        source_branch=fields["source_branch"],
        target_branch=fields["target_branch"],
        source_project_id=source.id,
        sha=source.repository.branches.get(fields["source_branch"]),
        stage="preparing",
        listed_status="preparing",
    )
    world.merge_requests[target.id][made.iid] = made
    known = {"title", "description", "source_branch", "target_branch"}
    change(world, by, made, {name: fields[name] for name in fields if name not in known}, at_birth=True)
    made.stage = "preparing"
    obey(world, by, made, commands)
    refer(world, by, made, made.description or "")
    return made


# changing


def change(world: World, by: User, thing: Thing, fields: Fields, *, at_birth: bool = False) -> None:
    """Apply fields, each with the note or event it leaves; what is as it was leaves none (s6)."""
    for name, apply in _APPLY.items():
        if name in fields:
            apply(world, by, thing, fields[name])
    if "labels" in fields or "add_labels" in fields or "remove_labels" in fields:
        _labels(world, by, thing, fields)
    if not at_birth:
        thing.updated_at = world.clock.now
    if isinstance(thing, MergeRequest):
        thing.stage = "checking"


def _title(world: World, by: User, thing: Thing, value: str) -> None:
    if value == thing.title:
        return
    was_draft = isinstance(thing, MergeRequest) and thing.draft
    old, thing.title = thing.title, value
    if isinstance(thing, MergeRequest) and thing.draft != was_draft:
        tell(world, by, thing, f"marked this merge request as **{'draft' if thing.draft else 'ready'}**", "title")
    else:
        tell(world, by, thing, f"changed title from **{{-{old}-}}** to **{{+{value}+}}**", "title")


def _description(world: World, by: User, thing: Thing, value: str | None) -> None:
    left, commands = texts.extracted(value or "")
    if (left or None) == (thing.description or None):
        thing.description = left if value is not None else None
    else:
        thing.description = left if value is not None else None
        tell(world, by, thing, "changed the description", "description")
    obey(world, by, thing, commands)
    refer(world, by, thing, thing.description or "")


def _state(world: World, by: User, thing: Thing, value: str) -> None:
    wanted = {"close": "closed", "reopen": "opened"}[value]
    if thing.state in (wanted, "merged"):
        return
    thing.state = wanted
    closed = wanted == "closed"
    thing.closed_at, thing.closed_by = (world.clock.now, by.id) if closed else (None, None)
    action = "closed" if closed else "reopened"
    thing.state_events.append(Event(world.number("event"), by.id, world.clock.now, action))
    tell(world, by, thing, action, action)


def _people(world: World, ids: list[int]) -> list[int]:
    """Keep people that exist, each once; GitLab leaves the others out without a word."""
    return list(dict.fromkeys(one for one in ids if one in world.users))


def _names(world: World, ids: list[int]) -> str:
    return " and ".join(f"@{world.users[one].username}" for one in ids)


def _assignees(world: World, by: User, thing: Thing, value: list[int]) -> None:
    new = _people(world, value)
    if not world.site.is_paid:
        new = new[:1]  # s6: CE keeps one assignee
    added = [one for one in new if one not in thing.assignees]
    gone = [one for one in thing.assignees if one not in new]
    said = [f"assigned to {_names(world, added)}"] * bool(added) + [f"unassigned {_names(world, gone)}"] * bool(gone)
    thing.assignees = new
    if said:
        tell(world, by, thing, " and ".join(said), "assignee")


def _reviewers(world: World, by: User, thing: Thing, value: list[int]) -> None:
    if isinstance(thing, MergeRequest):
        new = _people(world, value)[: None if world.site.is_paid else 1]  # several reviewers are paid for
        added = [one for one in new if one not in thing.reviewers]
        thing.reviewers = new
        if added:
            tell(world, by, thing, f"requested review from {_names(world, added)}", "reviewer")


def _confidential(world: World, by: User, thing: Thing, value: bool) -> None:  # noqa: FBT001 - a field of the API
    if isinstance(thing, Issue) and thing.confidential != value:
        thing.confidential = value
        said = "made the issue confidential" if value else "made the issue visible to everyone"
        tell(world, by, thing, said, "confidential" if value else "visible")


def _due(world: World, by: User, thing: Thing, value: Any) -> None:
    if isinstance(thing, Issue) and thing.due_date != value:
        thing.due_date = value
        said = f"changed due date to {value:%B %-d, %Y}" if value else "removed due date"
        tell(world, by, thing, said, "start_date_or_due_date")


def _milestone(world: World, by: User, thing: Thing, value: int | None) -> None:
    if thing.milestone_id != (value or None):
        thing.milestone_id = value or None
        tell(world, by, thing, "changed milestone" if value else "removed milestone", "milestone")


def _target(world: World, by: User, thing: Thing, value: str) -> None:
    if isinstance(thing, MergeRequest) and thing.target_branch != value:
        said = f"changed target branch from `{thing.target_branch}` to `{value}`"
        thing.target_branch = value
        tell(world, by, thing, said, "branch")


def _plainly(name: str) -> Callable[[World, User, Thing, Any], None]:
    def apply(_world: World, _by: User, thing: Thing, value: Any) -> None:
        if hasattr(thing, name):
            setattr(thing, name, value)

    return apply


_APPLY: dict[str, Callable[[World, User, Thing, Any], None]] = {
    "title": _title,
    "description": _description,
    "assignee_ids": _assignees,
    "reviewer_ids": _reviewers,
    "confidential": _confidential,
    "due_date": _due,
    "start_date": _plainly("start_date"),
    "milestone_id": _milestone,
    "discussion_locked": _plainly("discussion_locked"),
    "weight": _plainly("weight"),
    "issue_type": _plainly("kind"),
    "squash": _plainly("squash"),
    "removes_source": _plainly("removes_source"),
    "target_branch": _target,
    "state_event": _state,
}


def _labels(world: World, by: User, thing: Thing, fields: Fields) -> None:
    """Set, add, remove, in one go; of a label both added and removed, remove wins (s6)."""
    new = list(fields["labels"]) if fields.get("labels") is not None else list(thing.labels)
    new += list(fields.get("add_labels") or [])
    gone = set(fields.get("remove_labels") or [])
    wanted = [name for name in dict.fromkeys(new) if name and name not in gone]
    if world.site.is_paid:
        wanted = _one_of_each_scope(wanted)
    known = {label.name: label for label in world.labels_of(world.projects[thing.project_id])}
    for name in [*wanted, *thing.labels]:
        if (name in wanted) == (name in thing.labels):
            continue
        if name not in known:  # s6: created silently, `REVIEW` next to `review`
            known[name] = world.label(world.projects[thing.project_id], name)
        _label_event(world, by, thing, "add" if name in wanted else "remove", known[name])
    thing.labels = wanted


def _one_of_each_scope(names: list[str]) -> list[str]:
    """Keep the last label of each scope: scoped labels exclude each other on paid tiers (s6)."""
    last = {name.rpartition("::")[0]: name for name in names if "::" in name}
    return [name for name in names if "::" not in name or last[name.rpartition("::")[0]] == name]


def _label_event(world: World, by: User, thing: Thing, action: str, label: Label) -> None:
    thing.label_events.append(Event(world.number("event"), by.id, world.clock.now, action, label))


# linking


def link(world: World, by: User, source: Issue, target: Issue, kind: str) -> Link:
    """Link two issues; both get a system note, the only trace of who did it (s6)."""
    if kind == "is_blocked_by":
        source, target, kind = target, source, "blocks"
    now = world.clock.now
    made = Link(world.number("link"), source.reference, target.reference, kind, now, now)
    world.links.append(made)
    said = "marked as related to" if world.site.major >= (16, 0) else "marked this issue as related to"
    for here, there in ((source, target), (target, source)):
        tell(world, by, here, f"{said} {path_from(world, there.reference, here)}", "relate", other=there.reference)
    return made


def unlink(world: World, by: User, made: Link) -> None:
    """Take a link away; nothing but the notes `unrelate` on both sides says so (s6)."""
    world.links.remove(made)
    for here, there in ((made.source, made.target), (made.target, made.source)):
        thing = world.at(here)
        if thing is not None:
            tell(
                world,
                by,
                thing,
                f"removed the relation with {path_from(world, there, thing)}",
                "unrelate",
                other=there,
            )

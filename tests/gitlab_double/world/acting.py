"""What happens when somebody acts: the thing itself, and the system notes and events that GitLab adds (s5, s6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.gitlab_double.world import repositories, statuses, texts
from tests.gitlab_double.world.things import (
    Commit,
    Event,
    Issue,
    Label,
    Link,
    MergeRequest,
    Note,
    Project,
    Reference,
    Thing,
    User,
)

if TYPE_CHECKING:
    from tests.gitlab_double.world.world import World

Fields = Mapping[str, Any]


def tell(world: World, by: User, thing: Thing, body: str, action: str, *, other: Reference | None = None) -> Note:
    """Add GitLab's own word on what happened."""
    made = _note(world, by, body)
    made.system, made.action, made.other = True, action, other
    thing.notes.append(made)
    return made


def _note(world: World, by: User, body: str) -> Note:
    number = world.number("note")
    now = world.clock.now
    return Note(number, by.id, body, now, now, discussion=repositories.digest("discussion", number))


def _path_from(world: World, reference: Reference, seen_from: Thing) -> str:
    path = None if reference.project_id == seen_from.project_id else world.projects[reference.project_id].path
    return texts.written(reference, path)


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
    if not world.site.enterprise:
        new = new[:1]  # s6: CE keeps one assignee
    added = [one for one in new if one not in thing.assignees]
    gone = [one for one in thing.assignees if one not in new]
    said = [f"assigned to {_names(world, added)}"] * bool(added) + [f"unassigned {_names(world, gone)}"] * bool(gone)
    thing.assignees = new
    if said:
        tell(world, by, thing, " and ".join(said), "assignee")


def _reviewers(world: World, by: User, thing: Thing, value: list[int]) -> None:
    if isinstance(thing, MergeRequest):
        new = _people(world, value)
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
    "issue_type": lambda world, by, thing, value: _plainly("kind")(world, by, thing, value),
    "squash": _plainly("squash"),
    "target_branch": _target,
    "state_event": _state,
}


def _labels(world: World, by: User, thing: Thing, fields: Fields) -> None:
    """Set, add, remove, in one go; of a label both added and removed, remove wins (s6)."""
    new = list(fields["labels"]) if fields.get("labels") is not None else list(thing.labels)
    new += list(fields.get("add_labels") or [])
    gone = set(fields.get("remove_labels") or [])
    wanted = [name for name in dict.fromkeys(new) if name and name not in gone]
    if world.site.enterprise and world.site.plan != "free":
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


# saying


def comment(
    world: World,
    by: User,
    thing: Thing,
    body: str,
    *,
    internal: bool = False,
    resolvable: bool = False,
    discussion: str | None = None,
) -> tuple[Note | None, tuple[dict[str, Any], str]]:
    """Say something; quick actions act and are taken out, and of a body that was only those no note is left (s5)."""
    left, commands = texts.extracted(body)
    outcome = obey(world, by, thing, commands)
    if not left.strip():
        return None, outcome
    made = _note(world, by, left)
    made.internal, made.resolvable = internal, resolvable
    made.discussion = discussion or made.discussion
    thing.notes.append(made)
    thing.updated_at = world.clock.now
    if resolvable and isinstance(thing, MergeRequest):
        thing.stage = "checking"
    refer(world, by, thing, left)
    return made, outcome


def refer(world: World, by: User, thing: Thing, text: str) -> None:
    """Leave `mentioned in …` on everything a text names, once for each pair (s5)."""
    for mention in texts.mentions(text):
        project = world.projects[thing.project_id] if mention.path is None else world.by_path(mention.path)
        target = world.at(Reference(mention.kind, project.id, mention.iid)) if project else None
        if target is None or target is thing:
            continue
        here = thing.reference
        if any(note.action == "cross_reference" and note.other == here for note in target.notes):
            continue
        kind = "issue" if here.kind == "#" else "merge request"
        said = f"mentioned in {kind} {_path_from(world, here, target)}"
        tell(world, by, target, said, "cross_reference", other=here)


def obey(world: World, by: User, thing: Thing, commands: list[texts.Command]) -> tuple[dict[str, Any], str]:
    """Do what quick actions say: what they changed, and GitLab's summary of it (`quick-action-mr`)."""
    from tests.gitlab_double.world import commands as known  # noqa: PLC0415 - commands act, and acting obeys

    return known.obey(world, by, thing, commands)


def resolve(world: World, by: User, thing: MergeRequest, discussion: str, *, resolved: bool) -> list[Note]:
    """Resolve a discussion, or open it again."""
    notes = [note for note in thing.notes if note.discussion == discussion and note.resolvable]
    for note in notes:
        note.resolved_by, note.resolved_at = (by.id, world.clock.now) if resolved else (None, None)
    if notes and resolved and not statuses.unresolved(thing):
        tell(world, by, thing, "resolved all threads", "discussion")
    thing.stage = "checking"
    return notes


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
        tell(world, by, here, f"{said} {_path_from(world, there.reference, here)}", "relate", other=there.reference)
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
                f"removed the relation with {_path_from(world, there, thing)}",
                "unrelate",
                other=there,
            )


# merge requests


def approve(world: World, by: User, thing: MergeRequest) -> None:
    """Approve a merge request."""
    if by.id not in thing.approvals:
        thing.approvals[by.id] = world.clock.now
        tell(world, by, thing, "approved this merge request", "approved")
        thing.stage = "checking"


def unapprove(world: World, by: User, thing: MergeRequest) -> None:
    """Take an approval back."""
    if thing.approvals.pop(by.id, None) is not None:
        tell(world, by, thing, "unapproved this merge request", "unapproved")
        thing.stage = "checking"


def settle(world: World, thing: MergeRequest) -> None:
    """Let GitLab have thought to the end."""
    thing.stage = None
    thing.prepared_at = thing.prepared_at or world.clock.now
    thing.listed_status = statuses.detailed(world, thing)


def think(world: World, thing: MergeRequest) -> None:
    """Let GitLab think one step on: preparing, checking, final (s8)."""
    if thing.stage == "preparing":
        thing.stage = thing.listed_status = "checking"
        thing.prepared_at = world.clock.now
    else:
        settle(world, thing)


def merge(world: World, by: User, thing: MergeRequest, *, message: str | None = None) -> Commit:
    """Merge: a commit on the target, the state, and the issues that the description closes."""
    project = world.projects[thing.project_id]
    source = world.projects[thing.source_project_id].repository
    repository = project.repository
    head = source.commits[thing.sha] if thing.sha in source.commits else None
    target = repository.branches.get(thing.target_branch)
    if head is not None:
        repository.commits.setdefault(head.sha, head)
    tree = dict(repository.commits[target].tree) if target else {}
    tree.update(head.tree if head else {})
    parents = tuple(one for one in (target, thing.sha) if one)
    said = message or f"Merge branch '{thing.source_branch}' into '{thing.target_branch}'\n\n{thing.title}\n"
    made = repositories.stored(repository, thing.target_branch, Commit("", parents, said, by.id, world.clock.now, tree))
    thing.state, thing.merged_at, thing.merged_by = "merged", world.clock.now, by.id
    thing.merge_commit_sha, thing.stage, thing.updated_at = made.sha, None, world.clock.now
    thing.listed_status = "not_open"
    thing.state_events.append(Event(world.number("event"), by.id, world.clock.now, "merged"))
    tell(world, by, thing, "merged", "merged")
    for mention in texts.closes(thing.description or ""):
        where = project if mention.path is None else world.by_path(mention.path)
        issue = world.at(Reference("#", where.id, mention.iid)) if where else None
        if issue is not None and thing.target_branch == project.default_branch:
            _state(world, by, issue, "close")
    return made


def pushed(world: World, project: Project, branch: str) -> None:
    """Let open merge requests of a branch follow it to its new head."""
    head = project.repository.branches.get(branch)
    for requests in world.merge_requests.values():
        for one in requests.values():
            if (one.source_project_id, one.source_branch, one.state) == (project.id, branch, "opened"):
                one.sha, one.stage, one.updated_at = head, "checking", world.clock.now

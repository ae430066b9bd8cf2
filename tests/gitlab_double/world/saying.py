"""What people say, what their words do, and discussions that are resolved (s5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.gitlab_double.world import statuses, texts
from tests.gitlab_double.world.telling import fresh, path_from, tell
from tests.gitlab_double.world.things import MergeRequest, Note, Reference, Thing, User

if TYPE_CHECKING:
    from tests.gitlab_double.world.world import World


def comment(  # noqa: PLR0913 - what a note may be
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
    made = fresh(world, by, left)
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
        said = f"mentioned in {kind} {path_from(world, here, target)}"
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

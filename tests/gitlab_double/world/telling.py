"""GitLab's own word on what happened: system notes, and how references in them are written (s5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gitlab_double.world import repositories, texts
from tests.gitlab_double.world.things import Note, Reference, Thing, User

if TYPE_CHECKING:
    from tests.gitlab_double.world.world import World


def tell(  # noqa: PLR0913 - what a note is
    world: World, by: User, thing: Thing, body: str, action: str, *, other: Reference | None = None
) -> Note:
    """Add GitLab's own word on what happened."""
    made = fresh(world, by, body)
    made.system, made.action, made.other = True, action, other
    thing.notes.append(made)
    return made


def fresh(world: World, by: User, body: str) -> Note:
    """Make a note of a discussion of its own."""
    number = world.number("note")
    now = world.clock.now
    return Note(number, by.id, body, now, now, discussion=repositories.digest("discussion", number))


def path_from(world: World, reference: Reference, seen_from: Thing) -> str:
    """Write a reference as it stands in a text of a thing."""
    path = None if reference.project_id == seen_from.project_id else world.projects[reference.project_id].path
    return texts.written(reference, path)

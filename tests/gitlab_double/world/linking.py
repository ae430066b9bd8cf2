"""Links of issues: who made and took them away is in system notes alone (s6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gitlab_double.world.telling import path_from, tell
from tests.gitlab_double.world.things import Issue, Link, User

if TYPE_CHECKING:
    from tests.gitlab_double.world.world import World


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

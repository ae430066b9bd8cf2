"""A release that was started and nothing more: the world of a story on its stage, with nobody at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from secrel.adapters.localforge.forge import LocalForge
from secrel.desk.starting import start
from secrel.observe.release_file import ReleaseFile
from secrel.rehearsal.cast.world import World
from secrel.rehearsal.happening import happen
from secrel.rehearsal.stage import Stage
from secrel.rehearsal.venues.embedded import EmbeddedActs
from secrel.words.effects import Audience, Effect, OpenMergeRequest
from secrel.words.forge import Issue, MergeRequest
from secrel.words.people import Actor
from tests.rehearsal.made import story

DUE = datetime.fromisoformat("2026-11-25T16:00:00+00:00")


def before(**length: float) -> datetime:
    """An instant before the release is due, such as `before(hours=2)`."""
    return DUE - timedelta(**length)


def unbegun(folder: Path, fixes: Sequence[dict[str, Any]], *events: dict[str, Any], **changes: Any) -> World:
    """The world of a story before anybody started its release."""
    told = story(fixes, events, **changes)
    return World(Stage(folder / "rehearsal", told, told.process, told.starts), told)


def begun(folder: Path, fixes: Sequence[dict[str, Any]], *events: dict[str, Any], **changes: Any) -> World:
    """The world of a story whose release was just started; nobody has done anything yet."""
    world = unbegun(folder, fixes, *events, **changes)
    start(world.stage.desk("amara"), ReleaseFile(world.story.release, world.story.facts, ()))
    return world


def lives(world: World, *instants: datetime) -> None:
    """Let everybody of the world do what it is time for, at each of these instants."""
    for at in instants:
        world.stage.clock.move_to(at)
        world.act(at)


def comes(world: World, number: int = 0) -> bool:
    """Let an event of the story come about, at its time; False when it cannot yet."""
    event = world.story.events[number]
    world.stage.clock.move_to(event.at)
    return happen(world, event, event.at)


def tracking(world: World) -> Issue:
    """The tracking issue, which is there."""
    found = world.tracking()
    assert found is not None
    return found


def forge_of(stage: Stage) -> LocalForge:
    """The embedded forge that a story is played on."""
    assert isinstance(stage.acts, EmbeddedActs)
    return stage.acts.forge


def listed(world: World) -> set[str]:
    """The fixes that the tracking issue lists now."""
    current = world.acts.linked(tracking(world).ref)
    return {name for name, ref in world.known.issues.items() if ref in current}


def requests(world: World, name: str) -> dict[str, MergeRequest]:
    """The merge requests of a fix, by target."""
    refs = world.known.requests[name]
    found = forge_of(world.stage).people.merge_requests(list(refs.values()))
    return {target: found[ref] for target, ref in refs.items()}


def tags_with(world: World, name: str) -> set[str]:
    """The versions whose tags have a fix, of those that the release ships now."""
    code = world.acts.code(world.story.release.main.product.key)
    return {str(version) for version in world.current().main.versions if code.holds(version, name)}


def open_post(world: World, end: str, site: str) -> MergeRequest:
    """Open a post on a site as the desk does: `end` is `draft` or `release`, `site` what the process calls it."""
    projects, file = world.stage.process.projects, ("posts/x.md", "18.5.2 is out.\n")
    action = OpenMergeRequest(projects[site], f"post-{end}", projects["site_branch"], "The post", "", (file,))
    key, due = f"{world.name}/post/{end}", world.stage.story.release.due
    shown = Effect(key, action, "open the post", audience=Audience.EVERYBODY, not_before=due)
    forge_of(world.stage).do(shown, actor=Actor("amara"))
    found = forge_of(world.stage).people.merge_request_made(f"{world.name}/post/{end}")
    assert found is not None
    return found

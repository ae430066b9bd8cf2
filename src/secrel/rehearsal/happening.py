"""What happens in a story: each kind of event, done to the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from secrel.rehearsal.story import Event
from secrel.rehearsal.vendor import commit_file
from secrel.rehearsal.world import World
from secrel.roster.team import with_absence
from secrel.words.forge import Pipeline
from secrel.words.people import Absence


def _request_of(world: World, event: Event) -> str:
    requests = world.known.requests[event.told.fix]
    return requests.get(event.told.target) or next(iter(requests.values()))


def _fails(world: World, event: Event, _now: datetime) -> None:
    world.known.red.add(event.told.fix)
    world.stage.forge.people.set_pipeline(_request_of(world, event), Pipeline.FAILED)


def _passes(world: World, event: Event, _now: datetime) -> None:
    world.known.red.discard(event.told.fix)
    world.stage.forge.people.set_pipeline(_request_of(world, event), Pipeline.PASSED)


def _taken_out(world: World, event: Event, now: datetime) -> None:
    world.known.taken_out.add(event.told.fix)
    tracking = world.tracking()
    if tracking is not None and event.told.fix in world.known.linked:
        world.stage.forge.people.unlink(world.known.issues[event.told.fix], tracking.ref, now)


def _change_release(world: World, changes: Mapping[str, Any]) -> None:
    tracking = world.tracking()
    if tracking is not None:
        world.stage.forge.people.change_facts(tracking.ref, changes)


def _falls_ill(world: World, event: Event, now: datetime) -> None:
    tracking = world.tracking()
    who = event.told.who
    if who in ("primary", "secondary") and tracking is not None:
        who = str(tracking.facts.get(who, who))
    away = Absence(now.date(), now.date() + timedelta(days=event.told.days))
    file = world.stage.folder / "team.toml"
    file.write_text(with_absence(file.read_text("utf-8"), who, away), "utf-8")


def _due_moves(world: World, event: Event, _now: datetime) -> None:
    _change_release(world, {"due": event.told.to})


def _bumped(world: World, event: Event, _now: datetime) -> None:
    tracking = world.tracking()
    if tracking is None:
        return
    told: Any = tracking.facts["products"]
    products = [
        {**p, "versions": [event.told.new if v == event.told.old else v for v in p["versions"]]}
        if p["product"] == event.told.product
        else p
        for p in told
    ]
    _change_release(world, {"products": products})


def _missing(world: World, event: Event, _now: datetime) -> None:
    fix = world.story.fix(event.told.fix)
    product = fix.facts.product or world.story.release.main.product.key
    world.known.lacking[(product, event.told.version)] = event.told.fix


def _edit_draft(world: World, event: Event, now: datetime) -> None:
    draft = world.stage.forge.merge_request_by_mark(f"{world.name}/post/draft")
    if draft is None or not draft.files:
        return
    path, text = draft.files[0]
    repository = world.stage.settings.repositories[draft.ref.partition("!")[0]]
    commit_file(repository, draft.branch, (path, text.replace(event.told.find, event.told.put)), "reviewer", now)


def _edit_checklist(world: World, event: Event, _now: datetime) -> None:
    checklist = world.stage.forge.issue_by_mark(f"{world.name}/checklist")
    if checklist is not None:
        world.stage.forge.people.set_body(checklist.ref, f"{checklist.body.rstrip()}\n\n{event.told.put}\n")


def _garbled(world: World, event: Event, _now: datetime) -> None:
    world.known.garbled = (event.told.find, event.told.put)


_DONE_BY: Mapping[str, Callable[[World, Event, datetime], None]] = {
    "pipeline fails": _fails,
    "pipeline passes": _passes,
    "fix taken out": _taken_out,
    "falls ill": _falls_ill,
    "due moves": _due_moves,
    "version bumped": _bumped,
    "fix missing from tag": _missing,
    "draft edited": _edit_draft,
    "checklist edited": _edit_checklist,
    "test mail garbled": _garbled,
}


def happen(world: World, event: Event, now: datetime) -> None:
    """Do one event to the world; raises `KeyError` for a fix that has not arrived yet."""
    _DONE_BY[event.happens](world, event, now)

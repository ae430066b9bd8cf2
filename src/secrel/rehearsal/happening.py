"""What happens in a story: each kind of event, done to the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from secrel.desk.cancelling import cancel_release
from secrel.desk.claiming import claim
from secrel.desk.joining import join_releases, split_release
from secrel.rehearsal.cast.world import World
from secrel.rehearsal.events import Event
from secrel.rehearsal.venues.venue import DEVELOPER, MAINTAINER, REVIEWER, SECURITY_ENGINEER
from secrel.roster.team import with_absence
from secrel.words.facts.stated import ReleaseFacts, Shipped, amended
from secrel.words.forge import Pipeline
from secrel.words.people import Absence
from secrel.words.versions import Version


def _request_of(world: World, event: Event) -> str:
    requests = world.known.requests[event.told.fix]
    return requests.get(event.told.target) or next(iter(requests.values()))


def _requests_of(world: World, event: Event) -> list[str]:
    return [_request_of(world, event)] if event.told.target else list(world.known.requests[event.told.fix].values())


def _fails(world: World, event: Event, _now: datetime) -> bool:
    ref = _request_of(world, event)
    world.known.red.add(ref)
    world.acts.set_pipeline(ref, Pipeline.FAILED)
    return True


def _passes(world: World, event: Event, now: datetime) -> bool:
    is_ready = now >= world.story.fix(event.told.fix).ready
    for ref in _requests_of(world, event):
        world.known.red.discard(ref)
        world.acts.set_pipeline(ref, Pipeline.PASSED if is_ready else Pipeline.RUNNING)
    return True


def _withdrawn(world: World, event: Event, _now: datetime) -> bool:
    ref = _request_of(world, event)
    world.known.unapproved.add(ref)
    for reviewer in (MAINTAINER, SECURITY_ENGINEER):
        world.acts.withdraw(ref, reviewer)
    return True


def _approved(world: World, event: Event, _now: datetime) -> bool:
    for ref in _requests_of(world, event):
        world.known.unapproved.discard(ref)
        world.approve(event.told.fix, ref)
    return True


def _corrected(world: World, event: Event, _now: datetime) -> bool:
    name = event.told.fix
    standing = world.known.corrected.get(name, world.story.fix(name).facts)
    world.known.corrected[name] = amended(standing, event.facts, event.lines)
    if "affected" in event.lines:
        world.known.answered.add(name)
    world.acts.change_facts(world.known.issues[name], event.facts, event.lines, DEVELOPER)
    return True


def _taken_out(world: World, event: Event, _now: datetime) -> bool:
    world.known.taken_out.add(event.told.fix)
    tracking = world.tracking()
    if tracking is not None and event.told.fix in world.known.linked:
        world.acts.unlink(world.known.issues[event.told.fix], tracking.ref, world.people["release_managers"])
    return True


def _put_back(world: World, event: Event, now: datetime) -> bool:
    world.known.taken_out.discard(event.told.fix)
    tracking = world.tracking()
    if tracking is not None and event.told.fix in world.known.linked:
        world.link(event.told.fix, tracking, now)
    return True


def _excepted(world: World, event: Event, now: datetime) -> bool:
    managers = (person.username for person in world.stage.team if "release-manager" in person.roles)
    who = event.told.who or next(managers, "")
    claim(world.stage.desk(who), world.name, event.told.gate, event.told.words, waives=True)
    gate = world.stage.process.gate(event.told.gate)
    if gate is not None and gate.check == "no_late_fix":
        world.known.excepted = now
    return True


def _falls_ill(world: World, event: Event, now: datetime) -> bool:
    tracking, who = world.tracking(), event.told.who
    if who in ("primary", "secondary"):
        if tracking is None:
            return False
        who = getattr(tracking.facts.of(ReleaseFacts), who) or who
    away = Absence(now.date(), now.date() + timedelta(days=event.told.days))
    file = world.stage.folder / "team.toml"
    file.write_text(with_absence(file.read_text("utf-8"), who, away), "utf-8")
    return True


def _due_moves(world: World, event: Event, _now: datetime) -> bool:
    tracking = world.tracking()
    if tracking is None or event.to is None:
        return False
    world.acts.change_facts(tracking.ref, ReleaseFacts(due=event.to), ["due"], world.people["release_managers"])
    return True


def _bumped(world: World, event: Event, _now: datetime) -> bool:
    tracking = world.tracking()
    if tracking is None:
        return False
    told, old, new = tracking.facts.of(ReleaseFacts), Version.parse(event.told.old), Version.parse(event.told.new)
    products = tuple(
        Shipped(p.product, tuple(new if v == old and p.product == event.told.product else v for v in p.versions))
        for p in told.products
    )
    if products == told.products:
        return False
    changes, by = ReleaseFacts(products=products), world.people["release_managers"]
    world.acts.change_facts(tracking.ref, changes, ["products"], by)
    return True


def _missing(world: World, event: Event, _now: datetime) -> bool:
    fix = world.story.fix(event.told.fix)
    product = fix.facts.product or world.story.release.main.product.key
    world.known.lacking[(product, event.told.version)] = event.told.fix
    return True


def _reverted(world: World, event: Event, _now: datetime) -> bool:
    name, target = event.told.fix, event.told.target
    if name not in world.known.merged:
        return False
    product = world.story.fix(name).facts.product or world.story.release.main.product.key
    world.acts.code(product).revert_fix(target, name)
    world.known.reverted[(product, target)] = name
    return True


def _edit_draft(world: World, event: Event, _now: datetime) -> bool:
    draft = world.acts.merge_request_made(f"{world.name}/post/draft")
    find, put = event.told.find, event.told.put
    if draft is None or not draft.files or find not in draft.files[0][1]:
        return False
    path, text = draft.files[0]
    world.acts.rewrite_file(draft, path, text.replace(find, put), REVIEWER)
    world.known.edits.append(("draft", find, put))
    return True


def _edit_checklist(world: World, event: Event, _now: datetime) -> bool:
    checklist = world.made("checklist")
    find, put = event.told.find, event.told.put
    if checklist is None or find not in checklist.body:
        return False
    body = checklist.body.replace(find, put, 1) if find else f"{checklist.body.rstrip()}\n\n{put}\n"
    world.acts.set_body(checklist.ref, body, REVIEWER)
    world.known.edits.append(("checklist", find, put))
    return True


def _garbled(world: World, event: Event, _now: datetime) -> bool:
    world.known.garbled.append((event.told.find, event.told.put))
    return True


def _cancelled(world: World, event: Event, _now: datetime) -> bool:
    tracking = world.tracking()
    if tracking is None:
        return False
    primary = tracking.facts.of(ReleaseFacts).primary
    cancel_release(world.stage.desk(primary), world.name, event.told.words)
    return True


def _joined(world: World, event: Event, now: datetime) -> bool:
    tracking, into = world.tracking(), world.beside[event.told.into]
    if tracking is None or into.tracking() is None:
        return False
    primary = tracking.facts.of(ReleaseFacts).primary
    join_releases(world.stage.desk(primary), world.name, into.name, event.told.words)
    into.take_over(world, world.story.fixes, now)
    return True


def _split(world: World, event: Event, now: datetime) -> bool:
    tracking, into, name = world.tracking(), world.beside[event.told.into], event.told.fix
    if tracking is None or into.tracking() is None or name not in world.known.linked:
        return False
    primary = tracking.facts.of(ReleaseFacts).primary
    refs = [world.known.issues[name]]
    split_release(world.stage.desk(primary), world.name, into.name, refs, event.told.words)
    into.take_over(world, (world.story.fix(name),), now)
    return True


_DONE_BY: Mapping[str, Callable[[World, Event, datetime], bool]] = {
    "pipeline fails": _fails,
    "pipeline passes": _passes,
    "approval withdrawn": _withdrawn,
    "approval given": _approved,
    "facts corrected": _corrected,
    "fix taken out": _taken_out,
    "fix put back": _put_back,
    "exception signed": _excepted,
    "falls ill": _falls_ill,
    "due moves": _due_moves,
    "version bumped": _bumped,
    "fix missing from tag": _missing,
    "fix reverted": _reverted,
    "draft edited": _edit_draft,
    "checklist edited": _edit_checklist,
    "test mail garbled": _garbled,
    "release cancelled": _cancelled,
    "release joined": _joined,
    "release split": _split,
}


def happen(world: World, event: Event, now: datetime) -> bool:
    """Do one event to the world; False when it cannot come about yet (no draft to edit): then try again later."""
    return _DONE_BY[event.happens](world, event, now)

"""What a person may approve: the plan, compared with everything that the desk knows and may not say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from secrel.desk.desk import Desk
from secrel.desk.remembering import refuse_lost
from secrel.journal.entries import Entry, Remembered
from secrel.observe.observing import observe, releases
from secrel.papers.scene import Scene
from secrel.plan.changes import Fingerprints, fingerprints, what_changed
from secrel.plan.plan import Plan
from secrel.plan.planning import plan_release
from secrel.snapshot.seen import Beyond, Snapshot
from secrel.words.errors import Misused, SecrelError
from secrel.words.parts import Unseen
from secrel.words.sighting import EmbargoRule


def propose(desk: Desk, scene: Scene, only: Collection[str] | None = None) -> Plan:
    """Plan what is open now; when it would reveal something, compare it with all that the desk may not say.

    That is asked for then, and only then. Raises `Misused` for a line of work that there is not, and `Broken` when
    the journal knows nothing of what was made on the forge: it would be planned anew.
    """
    refuse_lost(desk, scene.name)
    return compared(desk, scene, plan_release(scene, only), only)


def compared(desk: Desk, scene: Scene, plan: Plan, only: Collection[str] | None = None) -> Plan:
    """Give a plan made of this scene, when it would reveal something as it is after looking beyond the release."""
    if not any(effect.reveals for effect in plan.effects):
        return plan
    return plan_release(replace(scene, beyond=look_beyond(desk, scene)), only)


def show(desk: Desk, scene: Scene, plan: Plan) -> Plan:
    """Give the part of a plan that somebody is asked to approve, and remember that it was shown.

    Only fingerprints are kept, so that a digest which is refused later can be refused with what changed since. A
    stranger leaves nothing behind.
    """
    rest = plan.to_approve
    if rest.effects and desk.actor.roles and not _shown(desk, plan.release, rest.digest):
        told = fingerprints(rest, scene.snapshot)
        desk.journal.add(Entry(desk.now(), plan.release, Remembered.NOTE, rest.digest, desk.by, told))
    return rest


def changed_since(desk: Desk, scene: Scene, plan: Plan, read: str) -> str:
    """Say what changed in a plan since the one with the digest `read` was shown; empty when it is the same."""
    if read == plan.digest:
        return ""
    before = _shown(desk, plan.release, read)
    return what_changed(msgspec.convert(before, Fingerprints) if before else None, fingerprints(plan, scene.snapshot))


def _shown(desk: Desk, name: str, digest: str) -> Mapping[str, Any] | None:
    notes = (e.body for e in desk.journal.entries(name) if e.kind is Remembered.NOTE and e.key == digest)
    return next(notes, None)


def look_beyond(desk: Desk, scene: Scene) -> Beyond:
    """Look at the other releases of the desk, and at the confidential security issues of its projects."""
    seen, unseen = _other_releases(desk, scene)
    process = desk.process
    projects = [product.repository for product in process.products]
    found = desk.forge.embargoed(EmbargoRule(tuple(dict.fromkeys(projects)), process.labels.get("security", "")))
    if isinstance(found, Unseen):
        return Beyond(seen, (), (*unseen, f"the confidential issues: {found.reason}"))
    missing = (f"the confidential issues: {found.shortfall}",) if found.shortfall else ()
    return Beyond(seen, found.value, (*unseen, *missing))


def _other_releases(desk: Desk, scene: Scene) -> tuple[tuple[Snapshot, ...], tuple[str, ...]]:
    try:
        names = [found.release for found in releases(desk.forge, desk.process) if found.release != scene.name]
    except SecrelError as fault:
        return (), (f"the releases: {fault}",)
    seen: list[Snapshot] = []
    unseen: list[str] = []
    for name in names:
        try:
            seen.append(observe(name, desk.sources(desk.journal.entries(name)), scene.now))
        except Misused:
            continue  # its tracking issue says nothing yet: what is linked to it is among the confidential issues
        except SecrelError as fault:
            unseen.append(f"the release {name}: {fault}")
    return tuple(seen), tuple(unseen)

"""Who can read what an effect would write, as it was last seen (design.md, Reveals)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from secrel.evaluate.assessing import anchors
from secrel.papers.scene import Scene
from secrel.plan.plan import Refusal
from secrel.snapshot.seen import Snapshot
from secrel.words.effects import Audience, Effect
from secrel.words.forge import Issue, MergeRequest
from secrel.words.parts import known
from secrel.words.readers import TELLS_NOTHING, places_written


def as_read(effect: Effect, scene: Scene) -> Effect:
    """Give the effect with the audience that it would have now: everybody, when everybody can read its target.

    It then waits for the day on which the release is announced, and for an approval.
    """
    if effect.reveals or isinstance(effect.action, TELLS_NOTHING):
        return effect
    refs = set(places_written(effect.action))
    if not any(_is_public(found) for found in _all(scene.snapshot) if found.ref in refs):
        return effect
    return replace(effect, audience=Audience.EVERYBODY, not_before=scene.snapshot.release.due)


def too_public(wanted: Effect, effect: Effect, scene: Scene) -> Refusal | None:
    """Say why an effect for the team waits, as it is read now: its day has come, and nothing is announced yet.

    Only a person who made its target public lets everybody read it, and what it says is under embargo until the post is
    live. Before that day it is refused for being early.
    """
    is_turned = effect.reveals and not wanted.reveals
    if not is_turned or scene.now < scene.snapshot.release.due:
        return None
    if anchors(scene.snapshot, scene.now).announcement is not None:
        return None
    what = f"everybody could read {effect.key}, and the release is not announced yet"
    return Refusal("embargo", what, (effect.key,), "make it confidential again, or plan again once the post is live")


def _is_public(found: Issue | MergeRequest) -> bool:
    if isinstance(found, Issue):
        return not found.confidential
    return found.is_public is not False  # one of which nobody knows who reads it counts as read by everybody


def _all(snapshot: Snapshot) -> Iterator[Issue | MergeRequest]:
    """Give every issue and merge request that was seen."""
    parts = list(snapshot.documents.values())
    for removed in snapshot.removed_fixes:
        parts += [removed.issue, removed.cve_request]
    for fix in snapshot.tracked_fixes:
        parts += [fix.issue, fix.canonical, fix.cve_request]
        yield from known(fix.merge_requests, ())
    yield from (found for part in parts if (found := known(part, None)) is not None)

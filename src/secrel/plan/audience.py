"""Who can read what an effect would write, as it was last seen (design.md, Reveals)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from secrel.papers.scene import Scene
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

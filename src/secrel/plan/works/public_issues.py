"""Make the issues of what was announced public, once the days of disclosure are over (mission M8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.effects import Effect, LiftConfidentiality


def work(scene: Scene) -> Iterator[Step]:
    """Want the issue of every fix that was announced to be public; what was linked only afterwards was not."""
    keep, announced = scene.process.labels["keep_confidential"], scene.snapshot.announced_at
    if announced is None:
        return
    lifts = announced + timedelta(days=scene.snapshot.release.disclosure_days)
    for fix in scene.snapshot.tracked_fixes:
        if fix.linked_at <= announced and fix.issue.confidential and keep not in fix.issue.labels:
            yield from once(scene, scene.key("public", fix.ref), partial(_lifted, fix.ref, lifts))


def _lifted(ref: str, lifts: datetime, key: str) -> Effect:
    return Effect(key, LiftConfidentiality(ref), f"make {ref} public", reveals=True, not_before=lifts)

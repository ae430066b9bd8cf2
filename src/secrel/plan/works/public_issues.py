"""Make the issues of what was announced public, once the days of disclosure are over (mission M8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from secrel.evaluate.looking import announced as announced_at
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.effects import Effect, LiftConfidentiality
from secrel.words.parts import known


def work(scene: Scene) -> Iterator[Step]:
    """Want the issue of every fix that was announced to be public; what was linked only afterwards was not."""
    keep, announced = scene.process.labels["keep_confidential"], announced_at(scene.snapshot)
    if announced is None:
        return
    lifts = announced + timedelta(days=scene.snapshot.release.disclosure_days)
    for fix in scene.snapshot.tracked_fixes:
        issue = known(fix.issue, None)
        if fix.linked_at <= announced and issue and issue.confidential and keep not in issue.labels:
            yield from once(scene, scene.key("public", fix.ref), partial(_lifted, fix.ref, lifts))


def _lifted(ref: str, lifts: datetime, key: str) -> Effect:
    return Effect(key, LiftConfidentiality(ref), f"make {ref} public", reveals=True, not_before=lifts)

"""Close the tracking issue: the release is over (mission M8)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.effects import CloseIssue, Effect


def work(scene: Scene) -> Iterator[Step]:
    """Want it closed, once."""
    yield from once(scene, scene.key("tracking", "close"), partial(_closed, scene))


def _closed(scene: Scene, key: str) -> Effect:
    return Effect(key, CloseIssue(scene.issue("tracking").ref), "close the tracking issue")

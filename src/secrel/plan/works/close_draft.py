"""Close the draft once the release post is what counts (mission M6)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.documents import TABLE
from secrel.words.effects import CloseMergeRequest, Effect
from secrel.words.forge import State
from secrel.words.parts import need


def work(scene: Scene) -> Iterator[Step]:
    """Want the draft closed, unless it is."""
    draft = need(scene.snapshot.draft, TABLE["draft"].said)
    if draft is None or draft.state is State.OPENED:
        yield from once(scene, scene.key("post", "draft", "close"), partial(_closed, scene))


def _closed(scene: Scene, key: str) -> Effect:
    return Effect(key, CloseMergeRequest(scene.merge_request("draft").ref), "close the draft post")

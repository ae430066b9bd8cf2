"""Tell whoever is to review the draft that it is their turn, once for each text of it (mission M6)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial

from secrel.evaluate.looking import duty_of
from secrel.evaluate.people import fresh_reviews_of, reviewers_of
from secrel.papers.messages.pieces import code, mentions, message, release_said
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.effects import Comment, Effect, plain
from secrel.words.forge import MergeRequest
from secrel.words.people import handle_of


def work(scene: Scene) -> Iterator[Step]:
    """Want a note on the draft for the text that it has now, while nobody has reviewed that."""
    draft = scene.merge_request("draft")
    if fresh_reviews_of(draft, scene.snapshot, scene.process):
        return
    text = hashlib.sha256("\0".join(part for file in draft.files for part in file).encode()).hexdigest()[:12]
    yield from once(scene, scene.key("post", "ask-review", text), partial(_asked, scene, draft))


def _asked(scene: Scene, draft: MergeRequest, key: str) -> Effect:
    values = {
        "asked": mentions(_reviewers(scene)),
        "release": release_said(scene.contents.release, critical=scene.contents.is_critical),
        "ref": code(draft.ref),
    }
    text = message("ask_for_review", values, scene.wording)
    return Effect(key, Comment(draft.ref, plain(text)), "tell the reviewer that it is their turn")


def _reviewers(scene: Scene) -> list[str]:
    """Name whoever is on duty and may review the draft, the Secondary first; else the whole team."""
    on_duty = {handle_of(name) for name in duty_of(scene.snapshot)}
    first = reviewers_of(scene.snapshot, scene.process)[:1]
    return [name for name in first if handle_of(name) in on_duty] or [scene.process.named("people", "team")]

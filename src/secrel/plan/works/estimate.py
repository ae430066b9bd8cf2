"""Post the estimate that somebody gave where it was promised: on the tracking issue (mission M9)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.evaluate.looking import all_ready, ready_untold
from secrel.evaluate.people import last_word_on, posting
from secrel.papers.messages.critical import estimate, fix_ready
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.effects import Comment, Effect, plain
from secrel.words.people import Claim


def work(scene: Scene) -> Iterator[Step]:
    """Want the newest estimate posted, once; and that the fix is ready, to those who were asked before it was."""
    snapshot = scene.snapshot
    gates = [judged.gate.name for judged in scene.assessment.gates if judged.gate.makes == "estimate"]
    for said in filter(None, (last_word_on(snapshot, gate) for gate in gates)):
        if not said.denies:
            yield from once(scene, posting(said, snapshot), partial(_posted, scene, said))
    if all_ready(snapshot) and (key := ready_untold(snapshot)):
        yield from once(scene, key, partial(_ready, scene))


def _ready(scene: Scene, key: str) -> Effect:
    text = fix_ready(scene.process.named("people", "release_managers"), templates=scene.wording)
    action = Comment(scene.issue("tracking").ref, plain(text))
    return Effect(key, action, "say on the tracking issue that the fix is ready")


def _posted(scene: Scene, said: Claim, key: str) -> Effect:
    text = estimate(said, scene.process.named("people", "release_managers"), templates=scene.wording)
    action = Comment(scene.issue("tracking").ref, plain(text))
    return Effect(key, action, f"post the estimate that {said.by} gave on the tracking issue")

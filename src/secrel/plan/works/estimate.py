"""Post the estimate that somebody gave where it was promised: on the tracking issue (mission M9)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.evaluate.people import last_word_on, posting
from secrel.papers.messages import estimate
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.effects import Comment, Effect, plain
from secrel.words.people import Claim


def work(scene: Scene) -> Iterator[Step]:
    """Want the newest estimate posted, once; one that another has followed meanwhile is not."""
    gates = [judged.gate.name for judged in scene.assessment.gates if judged.gate.makes == "estimate"]
    for said in filter(None, (last_word_on(scene.snapshot, gate) for gate in gates)):
        if not said.denies:
            yield from once(scene, posting(said, scene.snapshot), partial(_posted, scene, said))


def _posted(scene: Scene, said: Claim, key: str) -> Effect:
    text = estimate(said, scene.process.named("people", "release_managers"), templates=scene.wording)
    action = Comment(scene.issue("tracking").ref, plain(text))
    return Effect(key, action, f"post the estimate that {said.by} gave on the tracking issue")

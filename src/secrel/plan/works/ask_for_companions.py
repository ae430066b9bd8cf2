"""Ask, on the tracking issue, for what has to go along with the release and is not linked: an incident, say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.evaluate.looking import companion_said, person_behind
from secrel.evaluate.verdicts import Blocked
from secrel.papers.messages.critical import ask_for_companion
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.process.table import Gate
from secrel.words.effects import Comment, Effect, plain


def work(scene: Scene) -> Iterator[Step]:
    """Want one question for each, while its gate has found that it is not there."""
    for judged in scene.assessment.gates:
        if judged.gate.told("companion") and isinstance(judged.verdict, Blocked):
            key = scene.key("ask", "companion", judged.gate.told("companion"))
            yield from once(scene, key, partial(_question, scene, judged.gate))


def _question(scene: Scene, gate: Gate, key: str) -> Effect:
    asked = person_behind(gate.owner, scene.snapshot, scene.process)
    text = ask_for_companion(asked, companion_said(gate, scene.process), gate.why, templates=scene.wording)
    action = Comment(scene.issue("tracking").ref, plain(text))
    return Effect(key, action, f"ask for {gate.told('said')} on the tracking issue")

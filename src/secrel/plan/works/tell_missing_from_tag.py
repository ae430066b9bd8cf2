"""Tell the release managers which tags do not hold what they should (mission M6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from secrel.evaluate.looking import announced
from secrel.evaluate.verdicts import Blocked
from secrel.papers.messages.complaints import tags_lack_fixes
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.effects import Comment, Effect, plain

_ASK_AGAIN = timedelta(hours=4)


def work(scene: Scene) -> Iterator[Step]:
    """Want it said, and said again while it lasts, every four hours; what is published is never tagged again."""
    if announced(scene.snapshot) is not None:
        return
    prefix = scene.key("tags", "wrong")
    told = [receipt.at for key, receipt in scene.snapshot.receipts.items() if key.startswith(f"{prefix}/")]
    if not told or scene.now - max(told) >= _ASK_AGAIN:
        yield from once(scene, f"{prefix}/{scene.next_number(prefix)}", partial(_told, scene))


def _told(scene: Scene, key: str) -> Effect:
    gates = [judged for judged in scene.assessment.gates if judged.gate.makes == "tell_missing_from_tag"]
    wrong = [found for judged in gates if isinstance(judged.verdict, Blocked) for found in judged.verdict.findings]
    lines = [f"{found.about} {found.what}" for found in wrong]
    managers = scene.process.named("people", "release_managers")
    text = tags_lack_fixes(scene.snapshot.release, managers, lines, templates=scene.wording)
    action = Comment(scene.issue("tracking").ref, plain(text))
    return Effect(key, action, "tell the release managers what is wrong with the tags")

"""Ask what becomes of the CVE id of a fix that left the release: carried over, or rejected (mission M5)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.evaluate.looking import left_ids
from secrel.papers.messages.fixes import id_of_removed_fix
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.effects import Comment, Effect, plain
from secrel.words.fixes import RemovedFix
from secrel.words.parts import known


def work(scene: Scene) -> Iterator[Step]:
    """Want a question for every id that was requested from us or assigned by us, of a fix that is in no more."""
    for removed in left_ids(scene.snapshot):
        yield from once(scene, scene.key("removed-id", removed.ref), partial(_question, scene, removed))


def _question(scene: Scene, removed: RemovedFix, key: str) -> Effect:
    duty = scene.snapshot.duty
    request = known(removed.cve_request, None)
    asked = [scene.process.named("people", "cna"), *(filter(None, (duty.primary,)) if duty else ())]
    cve_id = str(known(removed.own_id, None) or "")
    text = id_of_removed_fix(scene.snapshot.release, cve_id, asked, templates=scene.wording)
    action = Comment(request.ref if request else removed.ref, plain(text))
    return Effect(key, action, f"ask what becomes of the CVE id of {removed.ref}")

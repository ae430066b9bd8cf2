"""Tell on a merge request that is not ready all that keeps it from being so (gitlab-process.md 2.3).

Each has one discussion, which says everything at once, follows what is left of it, and is resolved when nothing is.
What everybody can read gets none: it would tell them that a fix is under way. Where a person resolved it, or opened it
again, it stays so until its faults are others.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.evaluate.merge_rules import MergeRules, Standing, standings
from secrel.papers.messages.pieces import code, mentions, message, words
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.effects import ChangeDiscussion, Effect, OpenDiscussion, plain
from secrel.words.forge import Note
from secrel.words.parts import Unseen


def work(scene: Scene) -> Iterator[Step]:
    """Want a discussion for every merge request with faults, and that the one it has is as it should be."""
    for judged in scene.assessment.gates:
        if judged.gate.makes == "tell_faults" and isinstance(judged.gate.params, MergeRules):
            for standing in standings(scene.snapshot, judged.gate.params, scene.process):
                if standing.request.is_public is False:
                    yield from _told(scene, standing)


def _told(scene: Scene, standing: Standing) -> Iterator[Step]:
    if not standing.is_whole:
        return
    key = scene.key("faults", standing.request.ref)
    if key not in scene.snapshot.receipts:
        if standing.faults:
            yield from once(scene, key, partial(_opened, scene, standing))
        return
    note = _begun(standing, key)
    if note is not None and (standing.faults or not standing.is_under_way):
        prefix = f"{key}/edit"
        yield from once(scene, f"{prefix}/{scene.next_number(prefix)}", partial(_changed, scene, standing, note))


def _begun(standing: Standing, key: str) -> Note | None:
    """Give the note that began its discussion; None when somebody took it away, and nobody wants it back."""
    notes = standing.request.notes
    found = () if isinstance(notes, Unseen) else notes
    return next((note for note in found if note.mark == key), None)


def _text(scene: Scene, standing: Standing) -> str:
    bot = scene.process.people.get("release_bot", "") if standing.demands.bot else ""
    values = {
        "asked": mentions([standing.request.author] if standing.request.author else []),
        "target": code(standing.request.target),
        "faults": [words(fault) for fault in standing.faults],
        "bot": code(bot) if bot else "",
    }
    return plain(message("tell_faults", values, scene.wording))


def _opened(scene: Scene, standing: Standing, key: str) -> Effect:
    ref = standing.request.ref
    return Effect(key, OpenDiscussion(ref, _text(scene, standing)), f"tell on {ref} what keeps it from being ready")


def _changed(scene: Scene, standing: Standing, note: Note, key: str) -> Effect | None:
    text, ref = _text(scene, standing), standing.request.ref
    if text.strip() == note.body.strip():
        return None
    opening = scene.snapshot.receipts[scene.key("faults", ref)]
    action = ChangeDiscussion(opening.address, text, is_resolved=not standing.faults, expects=note.body)
    said = f"tell on {ref} what is left of it" if standing.faults else f"resolve the discussion about {ref}"
    return Effect(key, action, said)

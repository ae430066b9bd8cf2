"""Tell on a merge request that is not ready all that keeps it from being so (gitlab-process.md 2.3).

Each has one discussion, which says everything at once, follows what is left of it, and is resolved when nothing is.
What everybody can read gets none: it would tell them that a fix is under way. Where a person resolved it, or opened it
again, it stays so until its faults are others; what they wrote into its first note stays, and it says nothing new. Once
its merge request is merged or closed it is resolved, whatever it says. One in which somebody has answered is theirs as
well: the desk resolves it no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from secrel.evaluate.merge_rules import MergeRules, Standing, is_answered, standings
from secrel.papers.messages.pieces import code, mentions, message, words
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.documents import EDIT, FAULTS
from secrel.words.effects import ChangeDiscussion, Effect, OpenDiscussion, plain
from secrel.words.forge import MergeRequest, Note, State
from secrel.words.parts import Unseen, known

_OVER = "over"
"""Behind the keys of what resolves a discussion whose words are people's by now."""


def work(scene: Scene) -> Iterator[Step]:
    """Want a discussion for every merge request with faults, and that the one it has is as it should be."""
    for judged in scene.assessment.gates:
        if judged.gate.makes == "tell_faults" and isinstance(judged.gate.params, MergeRules):
            for standing in standings(scene.snapshot, judged.gate.params, scene.process):
                if standing.request.is_public is False:
                    yield from _told(scene, standing)
            yield from _over(scene)


def _over(scene: Scene) -> Iterator[Step]:
    """Resolve the discussions on what nobody has to make ready any more."""
    for fix in scene.snapshot.tracked_fixes:
        for request in known(fix.merge_requests, ()):
            key = scene.key(FAULTS, request.ref)
            note = _begun(request, key) if request.state is not State.OPENED else None
            left = note is not None and note.is_open and not is_answered(request, note)
            if note is not None and left and key in scene.snapshot.receipts:
                yield from _again(scene, key, _OVER, partial(_resolved, scene, request.ref, note))


def _again(scene: Scene, key: str, end: str, make: Callable[[str], Effect | None]) -> Iterator[Step]:
    prefix = f"{key}/{end}"
    yield from once(scene, f"{prefix}/{scene.next_number(prefix)}", make)


def _resolved(scene: Scene, ref: str, note: Note, key: str) -> Effect:
    """Resolve a discussion as it is."""
    opening = scene.snapshot.receipts[scene.key(FAULTS, ref)]
    action = ChangeDiscussion(opening.address, note.body, is_resolved=True, expects=note.body)
    return Effect(key, action, f"resolve the discussion about {ref}")


def _told(scene: Scene, standing: Standing) -> Iterator[Step]:
    if not standing.is_whole:
        return
    key = scene.key(FAULTS, standing.request.ref)
    if key not in scene.snapshot.receipts:
        if standing.faults:
            yield from once(scene, key, partial(_opened, scene, standing))
        return
    note = _begun(standing.request, key)
    if note is None:
        return
    if _is_theirs(scene, standing.request.ref, note):
        if note.is_open and not (standing.faults or standing.is_under_way):
            yield from _again(scene, key, _OVER, partial(_resolved, scene, standing.request.ref, note))
    elif standing.faults or not standing.is_under_way:
        yield from _again(scene, key, EDIT, partial(_changed, scene, standing, note))


def _is_theirs(scene: Scene, ref: str, note: Note) -> bool:
    """Whether somebody has changed what the desk last wrote."""
    sent = scene.snapshot.written.get(f"{FAULTS}/{ref}")
    return sent is not None and sent.text.strip() != note.body.strip()


def _begun(request: MergeRequest, key: str) -> Note | None:
    """Give the note that began its discussion; None when somebody took it away, and nobody wants it back."""
    notes = request.notes
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
    opening = scene.snapshot.receipts[scene.key(FAULTS, ref)]
    action = ChangeDiscussion(opening.address, text, is_resolved=not standing.faults, expects=note.body)
    said = f"tell on {ref} what is left of it" if standing.faults else f"resolve the discussion about {ref}"
    return Effect(key, action, said)

"""A critical release: the release managers are asked on the tracking issue, and told in their channel (mission M9)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.evaluate.looking import all_ready
from secrel.evaluate.people import last_word_on
from secrel.papers.messages.critical import CriticalRequest, ask_release_managers, tell_release_managers
from secrel.papers.messages.pieces import release_facts
from secrel.papers.scene import Scene
from secrel.papers.text import unmarked
from secrel.plan.making import Step, called
from secrel.words.documents import CALLS
from secrel.words.effects import Comment, Effect, PostMessage, plain
from secrel.words.people import Claim

_ASK, _TELL = CALLS["tell_release_managers"]


def work(scene: Scene) -> Iterator[Step]:
    """Want the question on the issue, and the word in the channel; again when versions or day are others."""
    release = scene.snapshot.release
    yield from called(scene, _ASK, partial(_asked, scene), partial(release_facts, release))
    yield from called(scene, _TELL, partial(_told, scene), partial(release_facts, release))


def _request(scene: Scene) -> CriticalRequest:
    return CriticalRequest(
        managers=scene.process.named("people", "release_managers"),
        tracking=scene.address("tracking"),
        asked_at=scene.snapshot.at,
        is_ready=all_ready(scene.snapshot),
        estimate=_estimate(scene),
    )


def _estimate(scene: Scene) -> Claim | None:
    """Give what somebody has said of when the fix will be ready; None when nobody did, or the newest word is a no."""
    gates = [judged.gate.name for judged in scene.assessment.gates if judged.gate.makes == "estimate"]
    said = next(filter(None, (last_word_on(scene.snapshot, gate) for gate in gates)), None)
    return None if said is None or said.denies else said


def _asked(scene: Scene, key: str) -> Effect:
    text = ask_release_managers(scene.contents, _request(scene), templates=scene.wording)
    action = Comment(scene.issue("tracking").ref, plain(text))
    return Effect(key, action, "ask the release managers on the tracking issue")


def _told(scene: Scene, key: str) -> Effect:
    text = tell_release_managers(scene.contents, _request(scene), templates=scene.wording)
    channel = scene.process.named("channels", "upcoming_release")
    return Effect(key, PostMessage(channel, plain(unmarked(text))), f"tell the release managers in {channel}")

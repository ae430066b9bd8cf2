"""A critical release: the release managers are asked on the tracking issue, and told in their channel (mission M9)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.evaluate.looking import requests_of
from secrel.papers.messages import CriticalRequest, ask_release_managers, tell_release_managers
from secrel.papers.scene import Scene
from secrel.papers.text import unmarked
from secrel.plan.making import Step, once
from secrel.words.effects import Comment, Effect, PostMessage, plain
from secrel.words.forge import MergeRequest, State
from secrel.words.parts import need, settled


def work(scene: Scene) -> Iterator[Step]:
    """Want the question on the issue, and the word in the channel."""
    yield from once(scene, scene.key("ask", "release-managers"), partial(_asked, scene))
    yield from once(scene, scene.key("tell", "release-managers"), partial(_told, scene))


def _request(scene: Scene) -> CriticalRequest:
    merge_requests = [request for fix in need(scene.snapshot.fixes, "the fixes") for request in requests_of(fix)]
    return CriticalRequest(
        managers=scene.process.people["release_managers"],
        tracking=scene.address("tracking"),
        asked_at=scene.snapshot.at,
        is_ready=bool(merge_requests) and all(map(_is_approved, merge_requests)),
        ready_at=None,
    )


def _is_approved(request: MergeRequest) -> bool:
    return request.state is State.MERGED or bool(settled(request.assents, f"the approvals of {request.ref}"))


def _asked(scene: Scene, key: str) -> Effect:
    text = ask_release_managers(scene.contents, _request(scene), templates=scene.wording)
    action = Comment(scene.issue("tracking").ref, plain(text))
    return Effect(key, action, "ask the release managers on the tracking issue")


def _told(scene: Scene, key: str) -> Effect:
    text = tell_release_managers(scene.contents, _request(scene), templates=scene.wording)
    channel = scene.process.channels["upcoming_release"]
    return Effect(key, PostMessage(channel, plain(unmarked(text))), f"tell the release managers in {channel}")

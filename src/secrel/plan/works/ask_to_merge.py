"""Ask the release managers to merge the post, and tell marketing about it (mission M6)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.papers.messages.announcing import ask_to_merge_post, tell_marketing
from secrel.papers.messages.pieces import linked, versions_said
from secrel.papers.post.current import post_address
from secrel.papers.scene import Scene
from secrel.papers.text import unmarked
from secrel.plan.making import Step, called
from secrel.words.documents import CALLS
from secrel.words.effects import Comment, Effect, PostMessage, plain

_ASK, _TELL = CALLS["ask_to_merge"]


def work(scene: Scene) -> Iterator[Step]:
    """Want the question on the tracking issue, which only the team and they can read, and the word in the channel."""
    yield from called(scene, _ASK, partial(_asked, scene), partial(_facts, scene))
    yield from called(scene, _TELL, partial(_told, scene), partial(_facts, scene))


def _facts(scene: Scene) -> tuple[str, ...]:
    return (linked("", post_address(scene)), *map(versions_said, scene.snapshot.release.shipments))


def _asked(scene: Scene, key: str) -> Effect:
    post, managers = scene.merge_request("post"), scene.process.named("people", "release_managers")
    address, contents = post_address(scene), scene.contents
    text = ask_to_merge_post(contents, post, address, managers, templates=scene.wording)
    action = Comment(scene.issue("tracking").ref, plain(text))
    return Effect(key, action, "ask the release managers to merge the post")


def _told(scene: Scene, key: str) -> Effect:
    post, channel = scene.merge_request("post"), scene.process.named("channels", "marketing")
    address, contents, comms = post_address(scene), scene.contents, scene.address("comms")
    text = tell_marketing(contents, post.url, address, comms, templates=scene.wording)
    return Effect(key, PostMessage(channel, plain(unmarked(text))), f"tell {channel} about the post")

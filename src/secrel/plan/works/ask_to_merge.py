"""Ask the release managers to merge the post, and tell marketing about it (mission M6)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.papers.messages import ask_to_merge_post, tell_marketing
from secrel.papers.post.current import post_address
from secrel.papers.scene import Scene
from secrel.papers.text import unmarked
from secrel.plan.making import Step, once
from secrel.words.effects import Comment, Effect, PostMessage, plain


def work(scene: Scene) -> Iterator[Step]:
    """Want the question on the tracking issue, which only the team and they can read, and the word in the channel."""
    yield from once(scene, scene.key("post", "ask-merge"), partial(_asked, scene))
    yield from once(scene, scene.key("post", "tell-marketing"), partial(_told, scene))


def _asked(scene: Scene, key: str) -> Effect:
    post, managers = scene.merge_request("post"), scene.process.people["release_managers"]
    address, contents = post_address(scene), scene.contents
    text = ask_to_merge_post(contents, post, address, managers, templates=scene.wording)
    action = Comment(scene.issue("tracking").ref, plain(text))
    return Effect(key, action, "ask the release managers to merge the post")


def _told(scene: Scene, key: str) -> Effect:
    post, channel = scene.merge_request("post"), scene.process.channels["marketing"]
    address, contents, comms = post_address(scene), scene.contents, scene.address("comms")
    text = tell_marketing(contents, post.url, address, comms, templates=scene.wording)
    return Effect(key, PostMessage(channel, plain(unmarked(text))), f"tell {channel} about the post")

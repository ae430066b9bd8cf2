"""What the world will read of a release: post, mail and CVE records, as they are, or would be now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from secrel.papers.cve5.current import record_now
from secrel.papers.email.current import email_now
from secrel.papers.post.current import found_draft, post_now
from secrel.papers.scene import Scene
from secrel.words.errors import Misused, NotSeen
from secrel.words.parts import known

POST = "Post"
"""The title of the post: the one of these documents that is Markdown."""


def world_of(scene: Scene) -> dict[str, str]:
    """Give what the world will read, by title; in place of what cannot be written yet, why not.

    The post is the one that is live, or else the draft as it is found, or else what would be drafted now.
    """
    return {title: _said(write) for title, write in _ways(scene)}


def _ways(scene: Scene) -> Iterator[tuple[str, Callable[[], str]]]:
    yield POST, partial(_post, scene)
    yield "Mail", lambda: email_now(scene).text
    for advisory in scene.snapshot.contents.advisories:
        if advisory.has_own_id:
            yield f"CVE record {advisory.cve_id}", partial(record_now, scene, advisory.fix)


def _post(scene: Scene) -> str:
    found = known(scene.snapshot.post, None) or found_draft(scene.snapshot)
    return found.files[0][1] if found is not None and found.files else post_now(scene).text


def _said(write: Callable[[], str]) -> str:
    try:
        return write()
    except (Misused, NotSeen) as fault:
        return f"not written yet: {fault}"

"""Ask the developers for the affected versions that nobody gave (mission M4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from secrel.papers.messages.fixes import ask_for_range
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.advisories import Advisory
from secrel.words.effects import Comment, Effect, plain

_BEFORE_DUE = timedelta(days=5)


def work(scene: Scene) -> Iterator[Step]:
    """Want a question on the issue of every fix without a range."""
    for advisory in scene.snapshot.contents.advisories:
        if advisory.affected is None and not advisory.hosted_only:
            yield from once(scene, scene.key("ask", "range", advisory.fix), partial(_question, scene, advisory))


def _question(scene: Scene, advisory: Advisory, key: str) -> Effect:
    release, asked = scene.snapshot.release, [scene.process.named("people", "developers")]
    text = ask_for_range(advisory, release, asked, release.due - _BEFORE_DUE, templates=scene.wording)
    return Effect(key, Comment(advisory.fix, plain(text)), f"ask on {advisory.fix} for the affected versions")

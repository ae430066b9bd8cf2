"""Open the tracking issue of the next release (mission M8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from secrel.evaluate.train import next_release
from secrel.papers.messages.tracking import NextRelease, next_tracking_issue
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.documents import TABLE
from secrel.words.effects import Effect, OpenIssue, plain
from secrel.words.facts.stated import ReleaseFacts
from secrel.words.parts import need

_NEXT = TABLE["next_tracking"]
_A_MONTH = timedelta(days=30)


def work(scene: Scene) -> Iterator[Step]:
    """Want it, when it is known not to be there."""
    if need(scene.snapshot.next_tracking, _NEXT.said) is None:
        following, _ = _following(scene)
        yield from once(scene, _NEXT.opening(following), partial(_opened, scene))


def _following(scene: Scene) -> tuple[str, datetime | None]:
    return next_release(scene.snapshot.release, scene.process, scene.now, scene.snapshot.receipts)


def _opened(scene: Scene, key: str) -> Effect:
    release, process = scene.snapshot.release, scene.process
    managers = process.named("people", "release_managers")
    following, due = _following(scene)
    told = NextRelease(due or max(release.due, scene.now) + _A_MONTH, (managers,), scene.address("tracking"))
    text = next_tracking_issue(told, templates=scene.wording)
    action = OpenIssue(
        process.named("projects", _NEXT.project),
        text.title,
        plain(text.body),
        labels=(process.named("labels", "upcoming"), process.named("labels", "security")),
        assignees=(managers,),
        due=told.due.date(),
        facts=ReleaseFacts(next_after=release.name, due=told.due),
    )
    return Effect(key, action, f"open the tracking issue of the next release, {following}")

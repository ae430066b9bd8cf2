"""After the release: confidentiality lifted, the next tracking issue, this one closed (mission M8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from secrel.plan.making import Maker, Scene, Text, Want, seen_issue
from secrel.words.effects import CloseIssue, Effect, LiftConfidentiality, OpenIssue
from secrel.words.errors import NotSeen
from secrel.words.parts import Seen, known, need


def _public_wants(scene: Scene) -> Iterator[Want]:
    """Want the issues of what was announced to be public; what was linked only afterwards was not."""
    keep, announced = scene.process.labels["keep_confidential"], need(scene.snapshot.live, "the release post")
    for fix in known(scene.snapshot.fixes, ()):
        was_announced = announced is not None and fix.linked_at <= announced
        issue = known(fix.issue, None)
        if was_announced and issue is not None and issue.confidential and keep not in issue.labels:
            yield Want(scene.key("public", fix.ref), "public_issues", fix.ref)


def _public(want: Want, _text: Text, scene: Scene) -> Effect:
    announced, release = scene.snapshot.announced_at, scene.snapshot.release
    if announced is None:
        raise NotSeen("the post is not live", where=want.key, remedy=f"look again: secrel status {scene.name}")
    lifts = announced + timedelta(days=release.disclosure_days)
    return Effect(
        want.key, LiftConfidentiality(want.about), f"make {want.about} public", reveals=True, not_before=lifts
    )


def _next_wants(scene: Scene) -> Iterator[Want]:
    part = scene.snapshot.next_tracking
    if isinstance(part, Seen) and part.value is None:
        yield Want(f"{part.where}/tracking", "next_tracking_issue", part.where)


def _next(want: Want, text: Text, scene: Scene) -> Effect:
    labels = scene.process.labels
    action = OpenIssue(
        scene.process.projects["tracking"],
        text.title,
        text.body,
        labels=(labels["upcoming"], labels["security"]),
        assignees=(scene.process.people["release_managers"],),
        facts=text.facts,
    )
    return Effect(want.key, action, f"open the tracking issue of the next release, {want.about}")


def _closing_wants(scene: Scene) -> Iterator[Want]:
    yield Want(scene.key("tracking", "close"), "close_tracking")


def _close(want: Want, _text: Text, scene: Scene) -> Effect:
    tracking = seen_issue(scene.snapshot.tracking, "the tracking issue")
    return Effect(want.key, CloseIssue(tracking.ref), "close the tracking issue")


MAKERS = {
    "public_issues": Maker(_public_wants, _public),
    "next_tracking_issue": Maker(_next_wants, _next),
    "close_tracking": Maker(_closing_wants, _close),
}
"""The makers of this file."""

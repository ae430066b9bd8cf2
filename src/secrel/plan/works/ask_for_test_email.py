"""Ask for the test email, on the communications issue, to the mailboxes of both on duty (mission M7)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.papers.email.current import email_now
from secrel.papers.messages import ask_for_test_email
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.effects import Comment, Effect, plain
from secrel.words.forge import Issue


def work(scene: Scene) -> Iterator[Step]:
    """Want it asked for, once."""
    yield from once(scene, scene.key("email", "ask-test"), partial(_asked, scene))


def _asked(scene: Scene, key: str) -> Effect:
    issue, snapshot, duty = scene.issue("comms"), scene.snapshot, scene.snapshot.duty
    people = [snapshot.person(username) for username in (duty.primary, duty.secondary)] if duty else []
    boxes = [person.email for person in people if person is not None and person.email]
    subject = email_now(scene).subject
    text = ask_for_test_email(snapshot.contents, subject, boxes, _handles(scene, issue), templates=scene.wording)
    return Effect(key, Comment(issue.ref, plain(text)), "ask for the test email")


def _handles(scene: Scene, issue: Issue) -> list[str]:
    """Name whom to ask: the people of the issue who are not of the team, else the group for communications."""
    others = [handle for handle in issue.assignees if scene.snapshot.person(handle) is None]
    return others or [scene.process.people["communications"]]

"""Ask for the test email, on the communications issue, to the mailboxes of both on duty (mission M7)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.papers.email.current import email_now, mail_senders
from secrel.papers.messages.pieces import code, mentions, message, release_said
from secrel.papers.scene import Scene
from secrel.papers.text import Markdown
from secrel.plan.making import Step, called
from secrel.words.documents import CALLS
from secrel.words.effects import Comment, Effect, plain

(_ASK,) = CALLS["ask_for_test_email"]


def work(scene: Scene) -> Iterator[Step]:
    """Want it asked for; again when its subject is another, or it goes to others."""
    yield from called(scene, _ASK, partial(_asked, scene), partial(_facts, scene))


def _facts(scene: Scene) -> tuple[str, ...]:
    return (code(email_now(scene).subject), *map(code, _mailboxes(scene)))


def _asked(scene: Scene, key: str) -> Effect:
    issue, contents = scene.issue("comms"), scene.contents
    values = {
        "asked": mentions(mail_senders(scene)),
        "to": Markdown(", ").join(code(mailbox) for mailbox in _mailboxes(scene)),
        "release": release_said(contents.release, critical=contents.is_critical),
        "subject": code(email_now(scene).subject),
        "critical": contents.is_critical,
    }
    text = message("ask_for_test_email", values, scene.wording)
    return Effect(key, Comment(issue.ref, plain(text)), "ask for the test email")


def _mailboxes(scene: Scene) -> list[str]:
    duty = scene.snapshot.duty
    people = [scene.snapshot.person(username) for username in (duty.primary, duty.secondary)] if duty else []
    return [person.email for person in people if person is not None and person.email]

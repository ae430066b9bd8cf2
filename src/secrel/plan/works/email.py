"""Send the email to all subscribers (mission M7)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.papers.email.current import email_now
from secrel.papers.scene import Scene
from secrel.plan.making import Step, sending
from secrel.words.effects import Audience, Effect, SendMail, plain


def work(scene: Scene) -> Iterator[Step]:
    """Want the email, once."""
    yield from sending(scene, scene.key("email"), partial(_email, scene))


def _email(scene: Scene, key: str) -> Effect:
    mail, due = email_now(scene), scene.snapshot.release.due
    to = scene.process.named("addresses", "segment")
    action = SendMail(to, mail.subject, plain(mail.eml))
    return Effect(key, action, f"send the email to {to}", audience=Audience.EVERYBODY, findable=False, not_before=due)

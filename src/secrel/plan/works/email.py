"""Send the email to all subscribers, and say on the communications issue that it can go out (mission M7)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.evaluate.looking import announced
from secrel.evaluate.people import is_out
from secrel.papers.email.current import email_now, mail_senders
from secrel.papers.messages import MailReleased, mail_may_go_out
from secrel.papers.post.current import post_address
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once, sending
from secrel.words.effects import Audience, Comment, Effect, SendMail, plain
from secrel.words.outcomes import standing

_MAIL = "email"


def work(scene: Scene) -> Iterator[Step]:
    """Want the email, once; and with it the word to those who send it that the post is live and the test mail right.

    Whoever is told so sends the mail to everybody: it is approved like the mail itself.
    """
    yield from sending(scene, scene.key(_MAIL), partial(_email, scene))
    if announced(scene.snapshot) is not None:
        yield from once(scene, scene.key(_MAIL, "ask-send"), partial(_said, scene))


def _email(scene: Scene, key: str) -> Effect:
    mail, due = email_now(scene), scene.snapshot.release.due
    to = scene.process.named("addresses", "segment")
    action = SendMail(to, mail.subject, plain(mail.eml))
    return Effect(key, action, f"send the email to {to}", audience=Audience.EVERYBODY, findable=False, not_before=due)


def _said(scene: Scene, key: str) -> Effect:
    issue, mail = scene.issue("comms"), standing(scene.snapshot.receipts, scene.key(_MAIL))
    is_sent = mail is not None and is_out(scene.snapshot, mail)
    told = MailReleased(email_now(scene).subject, post_address(scene), tuple(mail_senders(scene)), is_sent=is_sent)
    text = mail_may_go_out(scene.contents, told, templates=scene.wording)
    said = "say on the communications issue that the email can go out"
    due = scene.snapshot.release.due
    return Effect(key, Comment(issue.ref, plain(text)), said, audience=Audience.EVERYBODY, not_before=due)

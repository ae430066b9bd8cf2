"""Send the email to all subscribers, and say on the communications issue that it can go out (mission M7)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.evaluate.looking import announced
from secrel.evaluate.people import is_corrected, is_out, is_outdated
from secrel.papers.email.current import email_now, mail_senders
from secrel.papers.messages.announcing import MailReleased, mail_may_go_out
from secrel.papers.post.current import post_address
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once, sending
from secrel.words.effects import Audience, Comment, Effect, SendMail, plain
from secrel.words.outcomes import ANEW, first_key, standing

_MAIL, _ASK = "email", "ask-send"


def work(scene: Scene) -> Iterator[Step]:
    """Want the email, once; and with it the word to those who send it that the post is live and the test mail right.

    Whoever is told so sends the mail to everybody: it is approved like the mail itself. Where people have a mail that
    says what is not so any more, another one corrects it, and those who send it are told that, too.
    """
    key, mails = scene.key(_MAIL), list(sending(scene, scene.key(_MAIL), partial(_email, scene)))
    yield from mails
    if announced(scene.snapshot) is None:
        return
    yield from once(scene, scene.key(_MAIL, _ASK), partial(_said, scene))
    last = standing(scene.snapshot.receipts, key)
    newest = next((mail.key for mail in mails if isinstance(mail, Effect)), last.key if last else key)
    if is_corrected(scene.snapshot, key) and first_key(newest) != newest:
        yield from once(scene, scene.key(_MAIL, _ASK, ANEW, newest.rpartition("/")[2]), partial(_said, scene))


def _email(scene: Scene, key: str) -> Effect:
    mail, due = email_now(scene), scene.snapshot.release.due
    to = scene.process.named("addresses", "segment")
    action = SendMail(to, mail.subject, plain(mail.eml))
    return Effect(key, action, f"send the email to {to}", audience=Audience.EVERYBODY, findable=False, not_before=due)


def _said(scene: Scene, key: str) -> Effect:
    issue, mail = scene.issue("comms"), standing(scene.snapshot.receipts, scene.key(_MAIL))
    is_sent = mail is not None and is_out(scene.snapshot, mail) and not is_outdated(scene.snapshot, scene.key(_MAIL))
    told = MailReleased(
        email_now(scene).subject,
        post_address(scene),
        tuple(mail_senders(scene)),
        is_sent=is_sent,
        corrects=is_corrected(scene.snapshot, scene.key(_MAIL)),
    )
    text = mail_may_go_out(scene.contents, told, templates=scene.wording)
    said = "say on the communications issue that the email can go out"
    due = scene.snapshot.release.due
    return Effect(key, Comment(issue.ref, plain(text)), said, audience=Audience.EVERYBODY, not_before=due)

"""The email as the facts are now: rendered once for all who ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secrel.answers import kept
from secrel.evaluate.looking import announced, duty_of
from secrel.evaluate.people import is_corrected, renewed_at
from secrel.papers.email import mail
from secrel.papers.email.message import Envelope, Sender
from secrel.papers.email.written import Email, MailLinks
from secrel.papers.post.current import post_address, post_now
from secrel.papers.scene import Scene
from secrel.words.advisories import Contents
from secrel.words.people import COMMUNICATIONS

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates


def mail_links(scene: Scene) -> MailLinks:
    """The addresses that the email carries: the post's own, and where the post leads its readers."""
    links = post_now(scene).links
    return MailLinks(post_address(scene), links.get("contact", ""), links.get("feed", ""))


def email_now(scene: Scene) -> Email:
    """Render the email as the facts are now, as a correction where people have one that says otherwise.

    It is dated by the announcement, and a correction by the change of facts: who sorts mails by day sees it come later.
    Raises `Misused` when a fact is missing, or an address of the process.
    """
    process, sender = scene.process, scene.process.named("addresses", "sender")
    corrects = is_corrected(scene.snapshot, scene.key("email"))
    said = announced(scene.snapshot) or scene.snapshot.release.due
    envelope = Envelope(
        Sender(process.named("addresses", "sender_name"), sender),
        process.named("addresses", "segment"),
        (renewed_at(scene.snapshot) or said) if corrects else said,
        sender.rpartition("@")[2],
    )
    return _mail(scene.contents, mail_links(scene), envelope, corrects, scene.templates.get("email"))


def mail_senders(scene: Scene) -> list[str]:
    """Name who sends the mail: the people of the communications issue whose work it is, or else the group.

    Those are all that are assigned and not of the team, or have the role of communications in it.

    Raises `NotSeen` when the issue was not seen, or is not there.
    """
    free = {handle: scene.snapshot.person(handle) for handle in scene.issue("comms").assignees}
    on_duty = duty_of(scene.snapshot)
    others = [
        handle
        for handle, person in free.items()
        if person is None or (COMMUNICATIONS in person.roles and person.username not in on_duty)
    ]
    return others or [scene.process.named("people", "communications")]


@kept(Email, size=32)
def _mail(
    contents: Contents,
    links: MailLinks,
    envelope: Envelope,
    corrects: bool,  # noqa: FBT001 - answers are kept by what stands in a place
    templates: Templates | None,
) -> Email:
    return mail.render_email(contents, links, envelope, corrects=corrects, templates=templates)

"""The test email: handed in, compared with the release and its post, remembered (mission M7)."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from secrel.apply.applying import apply
from secrel.desk.desk import Desk
from secrel.desk.looking import Look, look
from secrel.desk.texts.papers import post_address
from secrel.desk.texts.posting import found_draft
from secrel.evaluate.digests import contents_digest
from secrel.journal.entries import Entry, Remembered
from secrel.papers.messages.complaints import mail_disagrees
from secrel.plan.making import seen_issue
from secrel.plan.plan import Plan
from secrel.snapshot.seen import Seen
from secrel.verify.email import Disagreement, Expected, PostSays, compare_email, read_email
from secrel.verify.post import read_post
from secrel.words.effects import Comment, Effect, plain


def _post_says(seen: Look, address: str) -> PostSays | None:
    post = seen.snapshot.post
    found = post.value if isinstance(post, Seen) and post.value is not None else found_draft(seen)
    if found is None or not found.files:
        return None
    path, text = found.files[0]
    return PostSays.of(read_post(text, path), address)


def _expected(desk: Desk, seen: Look) -> Expected:
    address = post_address(desk, seen)
    hosts = {urlsplit(value).hostname or "" for value in desk.process.addresses.values() if "://" in value}
    private = tuple(desk.process.projects.get(name, "") for name in ("security_site", "tracking"))
    return Expected(
        seen.snapshot.contents,
        address,
        hosts=frozenset(hosts - {""}),
        private=tuple(filter(None, private)),
        announcement=_post_says(seen, address),
    )


def verify_mail(desk: Desk, name: str, received: bytes) -> tuple[Disagreement, ...]:
    """Compare a received mail with the release and its post, and remember the result.

    Where they disagree, whoever sends the mail is told so on the communications issue. Raises `Misused` for what is
    no mail.
    """
    seen = look(desk, name)
    found = compare_email(read_email(received), _expected(desk, seen))
    said = [f"{one.rule}: {one.what}" for one in found]
    digest = hashlib.sha256(received).hexdigest()[:16]
    body = {"disagreements": said, "contents_digest": contents_digest(seen.snapshot.contents)}
    desk.journal.add(Entry(desk.now(), name, Remembered.MAIL, digest, desk.by, body))
    if said and isinstance(seen.snapshot.comms, Seen) and seen.snapshot.comms.value is not None:
        number = seen.scene.next_number(f"{name}/email/complaint")
        comms = seen_issue(seen.snapshot.comms, "the communications issue")
        text = plain(
            mail_disagrees(said, [desk.process.people["communications"]], templates=desk.templates.get("messages"))
        )
        effect = Effect(f"{name}/email/complaint/{number}", Comment(comms.ref, text), "say what is wrong with the mail")
        list(apply(Plan(name, (effect,), targets=desk.targets), None, desk.world))
    return found

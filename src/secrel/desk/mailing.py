"""The test email: handed in, compared with the release and its post, remembered (mission M7)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from secrel.desk.desk import Desk
from secrel.desk.ordering import Ordered, order
from secrel.journal.entries import Entry, Remembered
from secrel.papers.email.current import mail_links, mail_senders
from secrel.papers.messages.complaints import mail_disagrees
from secrel.papers.post.current import found_draft, post_address
from secrel.papers.scene import Scene
from secrel.process.roles import Act
from secrel.verify.email import Disagreement, Expected, PostSays, compare_email, read_email
from secrel.verify.post.facts.reading import read_post
from secrel.words.effects import Comment, Effect, plain
from secrel.words.forge import State
from secrel.words.parts import Seen, known


def _post_says(seen: Scene, address: str) -> PostSays | None:
    post = seen.snapshot.post
    found = post.value if isinstance(post, Seen) and post.value is not None else found_draft(seen.snapshot)
    if found is None or not found.files:
        return None
    if found.state is State.MERGED:
        found = found.as_it_stands(known(seen.snapshot.correction, None))
    path, text = found.files[0]
    return PostSays.of(read_post(text, path), address)


def _expected(seen: Scene) -> Expected:
    address = post_address(seen)
    hosts = {urlsplit(value).hostname or "" for value in seen.process.addresses.values() if "://" in value}
    private = tuple(seen.process.projects.get(name, "") for name in ("security_site", "tracking"))
    links = mail_links(seen)
    public = (*seen.process.addresses.values(), links.notices, links.feed)
    return Expected(
        seen.contents,
        address,
        hosts=frozenset(hosts - {""}),
        private=tuple(filter(None, private)),
        announcement=_post_says(seen, address),
        sender=seen.process.named("addresses", "sender"),
        known=frozenset(value for value in public if "://" in value),
    )


def verify_mail(desk: Desk, name: str, received: bytes) -> tuple[Disagreement, ...]:
    """Compare a received mail with the release and its post, and remember the result.

    Where they disagree, whoever sends the mail is told so on the communications issue. Raises `Misused` for what is
    no mail, `Refused` for somebody who may not.
    """
    mail = read_email(received)
    found: list[Disagreement] = []

    def ordered(seen: Scene) -> Ordered:
        found[:] = compare_email(mail, _expected(seen))
        said = [f"{one.rule}: {one.what}" for one in found]
        digest = hashlib.sha256(received).hexdigest()[:32]
        body = {"disagreements": said, "contents_digest": seen.snapshot.contents.digest}
        remembered = Entry(desk.now(), name, Remembered.MAIL, digest, desk.by, body)
        return Ordered(tuple(_complaint(seen, said)), (remembered,))

    order(desk, name, Act.VERIFY, ordered)
    return tuple(found)


def _complaint(seen: Scene, said: Sequence[str]) -> Iterator[Effect]:
    """Want whoever sends the mail told what is wrong with it, on the communications issue."""
    if said and seen.address("comms"):
        key = f"{seen.name}/email/complaint/{seen.next_number(f'{seen.name}/email/complaint')}"
        text = plain(mail_disagrees(said, mail_senders(seen), templates=seen.wording))
        yield Effect(key, Comment(seen.issue("comms").ref, text), "say what is wrong with the mail")

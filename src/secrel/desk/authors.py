"""Who writes the post: named once, and the same in every version of it."""

from __future__ import annotations

from secrel.desk.desk import Desk
from secrel.papers.post import Author
from secrel.plan.making import AUTHOR
from secrel.snapshot.seen import Snapshot
from secrel.words.effects import Claim
from secrel.words.people import Person


def name_author(desk: Desk, name: str, author: Author) -> None:
    """Remember who writes the post of a release."""
    desk.journal.claimed(Claim(name, AUTHOR, author.username, desk.now(), f"{author.name} <{author.email}>"))


def author_of(desk: Desk, snapshot: Snapshot) -> Author:
    """Name the post's author: whoever was named, else the Primary, else whoever sits at the desk."""
    named = [claim for claim in snapshot.claims if claim.gate == AUTHOR]
    if named:
        name, _, email = named[-1].words.rpartition(" <")
        return Author(name, email.removesuffix(">"), named[-1].by)
    duty = snapshot.duty
    person = desk.person(duty.primary) if duty else None
    chosen = person or desk.person(desk.by) or Person(desk.by, desk.by, "", "UTC")
    return Author(chosen.name, chosen.email, chosen.username)

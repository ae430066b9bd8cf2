"""Who writes the post: named by a member of the team, and the same in every version of it."""

from __future__ import annotations

from secrel.desk.desk import Desk
from secrel.desk.ordering import Ordered, order
from secrel.evaluate.people import roles_in
from secrel.journal.entries import entry_of
from secrel.papers.post.written import Author
from secrel.papers.scene import Scene
from secrel.process.roles import Act
from secrel.words.errors import Refused
from secrel.words.people import POST_AUTHOR, Claim


def name_author(desk: Desk, name: str, author: Author) -> None:
    """Remember who writes the post of a release.

    Raises `Refused` when whoever sits at the desk may not say so, and for an author who may not write it.
    """

    def ordered(seen: Scene) -> Ordered:
        person = desk.person(author.username)
        roles = roles_in(seen.snapshot, person.username, person.roles) if person else frozenset()
        if person is None or not roles & desk.process.roles_for(Act.WRITE):
            raise Refused(
                f"{author.username[:60]!r} is nobody of the team who may write the post",
                where=name,
                remedy="name a member of the team: -n USERNAME",
            )
        words = f"{author.name} <{author.email}>"
        return Ordered(entries=(entry_of(Claim(name, POST_AUTHOR, desk.by, desk.now(), words, about=person.username)),))

    order(desk, name, Act.WRITE, ordered)

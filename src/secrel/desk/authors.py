"""Who writes the post: named once, and the same in every version of it."""

from __future__ import annotations

from secrel.desk.desk import Desk
from secrel.papers.post import Author
from secrel.papers.post.current import AUTHOR
from secrel.words.effects import Claim


def name_author(desk: Desk, name: str, author: Author) -> None:
    """Remember who writes the post of a release."""
    desk.journal.claimed(Claim(name, AUTHOR, author.username, desk.now(), f"{author.name} <{author.email}>"))

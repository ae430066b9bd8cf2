"""The announcement post as a value: what compares it need not load what writes it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field


class Author(Struct, frozen=True):
    """Who writes the post; `username` is the handle on the forge, `email` goes into the commit and not the text."""

    name: str
    email: str
    username: str


class Post(Struct, frozen=True):
    """A post, ready to be written: `path` inside the site's repository, and `text`, all of the file.

    `address` is the whole public address, `canonical_path` its path on the site; `front_matter` has what the text
    begins with, in order, before it is quoted; `links` the addresses to which the post leads its readers, by the names
    of the form: the mail has the same.
    """

    path: str
    branch_name: str
    title: str
    address: str
    canonical_path: str
    front_matter: tuple[tuple[str, str], ...]
    text: str
    links: Mapping[str, str] = field(default_factory=dict)

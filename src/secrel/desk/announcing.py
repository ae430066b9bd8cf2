"""The post as the facts are now: rendered once for all who ask, compared by the gates, carried by the plan."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache

from secrel.desk.authors import author_of
from secrel.desk.desk import Desk
from secrel.papers.environment import Templates
from secrel.papers.post import Author, Post, post_templates, render_post
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Contents
from secrel.words.effects import plain
from secrel.words.errors import Misused


@lru_cache(maxsize=32)
def _rendered(contents: Contents, author: Author, templates: Templates) -> Post:
    post = render_post(contents, author, templates=templates)
    return replace(post, text=plain(post.text))


@cache
def _shipped() -> Templates:
    return post_templates()


def post_templates_of(desk: Desk) -> Templates:
    """The templates of posts: the user's own over those that ship."""
    return desk.templates.get("post") or _shipped()


def post_now(desk: Desk, snapshot: Snapshot, author: Author | None = None) -> Post:
    """Render the post as the facts are now; raises `Misused` when a fact is missing."""
    return _rendered(snapshot.contents, author or author_of(desk, snapshot), post_templates_of(desk))


def wanted_post(desk: Desk, snapshot: Snapshot) -> dict[str, str]:
    """Give what the post would say now, for the gates to compare with; nothing when a fact is missing."""
    try:
        post = post_now(desk, snapshot)
    except Misused:
        return {}  # the gate that misses the fact says so
    return {"post": post.text, "post/path": post.path}

"""The post as the facts are now: rendered once for all who ask, compared by the gates, carried by the plan."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from secrel.answers import kept
from secrel.papers.post import post as posts
from secrel.papers.post import sections
from secrel.papers.post.written import Author, Post
from secrel.papers.scene import Scene
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory, Contents
from secrel.words.effects import plain
from secrel.words.errors import Misused, NotSeen
from secrel.words.forge import MergeRequest, State
from secrel.words.parts import known
from secrel.words.people import POST_AUTHOR, Person
from secrel.words.releases import Release

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates


def author_of(snapshot: Snapshot, by: str) -> Author:
    """Name the post's author: whoever was named, else the Primary, else `by`, who sits at the desk.

    It is the same in every version of the post.
    """
    named = [claim for claim in snapshot.claims if claim.gate == POST_AUTHOR]
    if named:
        name, _, email = named[-1].words.rpartition(" <")
        return Author(name, email.removesuffix(">"), named[-1].about)
    primary = snapshot.person(snapshot.duty.primary) if snapshot.duty else None
    chosen = primary or snapshot.person(by) or Person(by, by, "", "UTC")
    return Author(chosen.name, chosen.email, chosen.username)


@kept(Post, size=32)
def _rendered(
    contents: Contents,
    author: Author,
    own: Templates | None,
    addresses: tuple[tuple[str, str], ...],
    published: tuple[tuple[str, str], ...],
) -> Post:
    templates = own or _shipped()
    post = posts.render_post(contents, author, templates=templates, addresses=dict(addresses), published=published)
    return replace(post, text=plain(post.text))


@cache
def _shipped() -> Templates:
    return posts.post_templates()


def post_now(scene: Scene, author: Author | None = None) -> Post:
    """Render the post as the facts are now; raises `Misused` for a missing fact, `NotSeen` for one nobody could see.

    Once it is live it keeps the address that it has there, and the ids of its sections. It is written once for a scene,
    which is asked for it by every document that leads to it.
    """
    by = author or author_of(scene.snapshot, scene.by)
    found = scene.posts.get(by)
    if found is None:
        addresses, published = tuple(scene.process.addresses.items()), _published(scene.snapshot)
        found = _rendered(scene.contents, by, scene.templates.get("post"), addresses, published)
        scene.posts[by] = found
    return found


def _published(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """Give the file of the post as it went live, and as a correction made it since."""
    found = [known(one, None) for one in (snapshot.post, snapshot.correction)]
    files = [one.files[0] for one in found if one is not None and one.state is State.MERGED and one.files]
    return tuple(files) if found[0] is not None and found[0].state is State.MERGED else ()


def wanted_post(scene: Scene) -> dict[str, str]:
    """Give what the post would say now, for the gates to compare with; nothing when a fact is missing, or unseen."""
    try:
        post = post_now(scene)
    except (Misused, NotSeen):
        return {}  # the gate that misses the fact says so
    return {"post": post.text, "post/path": post.path}


def post_address(scene: Scene) -> str:
    """The public address that the post has, or will have: the form's own, or the path on the process's site."""
    post = post_now(scene)
    if post.address.startswith("https://"):
        return post.address
    return scene.process.named("addresses", "site").rstrip("/") + post.canonical_path


def section_alone(scene: Scene, advisory: Advisory) -> str:
    """Give what the post says, or would have said, of one advisory; raises `Misused` when a fact is missing."""
    author = author_of(scene.snapshot, scene.by)
    alone = Contents(scene.snapshot.release, (advisory,))
    templates = scene.templates.get("post") or _shipped()
    return sections.section_of(
        posts.render_post(alone, author, templates=templates, addresses=scene.process.addresses), advisory
    )


def description_of(post: Post, release: Release) -> str:
    """Give the text of a merge request that carries the post."""
    versions = ", ".join(str(version) for shipment in release.shipments for version in shipment.versions)
    return (
        f"The announcement of {release.name}, for versions {versions}.\n\n"
        f"It will be published as {post.canonical_path or post.path}.\n"
    )


def found_draft(snapshot: Snapshot) -> MergeRequest | None:
    """The draft as found, or None."""
    return known(snapshot.draft, None)

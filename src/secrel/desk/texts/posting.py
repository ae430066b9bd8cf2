"""The post on its way: from the facts to a draft, from the reviewed draft to the release post (mission M6)."""

from __future__ import annotations

from secrel.desk.announcing import post_now
from secrel.desk.desk import Desk
from secrel.desk.looking import Look
from secrel.papers.post import Post
from secrel.plan.making import Text, Want
from secrel.snapshot.seen import Seen
from secrel.words.errors import Misused
from secrel.words.forge import MergeRequest
from secrel.words.merging import merge

DRAFT = "Draft: "


def found_draft(look: Look) -> MergeRequest | None:
    """The draft as found, or None."""
    part = look.snapshot.draft
    return part.value if isinstance(part, Seen) else None


def _body(look: Look, post: Post) -> str:
    versions = ", ".join(str(v) for shipment in look.snapshot.release.shipments for v in shipment.versions)
    return (
        f"The announcement of {look.scene.name}, for versions {versions}.\n\n"
        f"It will be published as {post.canonical_path or post.path}.\n"
    )


def draft(desk: Desk, look: Look, _want: Want) -> Text | None:
    """Write the draft: new, or merged with what people did to it; None when that changes nothing.

    A person's wording stays. Where the facts and a person changed the same lines, the person's stay as well, and the
    gates say what is wrong with them.
    """
    post = post_now(desk, look.snapshot)
    found = found_draft(look)
    if found is None or not found.files:
        return Text(post.text, f"{DRAFT}{post.title}", post.path, post.branch_name, _body(look, post))
    path, theirs = found.files[0]
    base = look.snapshot.written.get("draft")
    text = merge(base.text if base else post.text, post.text, theirs).text
    title = f"{DRAFT}{post.title}"
    if (path, theirs, found.title) == (post.path, text, title):
        return None
    return Text(text, title, post.path, desk_text=post.text)


def release_post(desk: Desk, look: Look, _want: Want) -> Text | None:
    """Carry the reviewed draft to canonical, byte for byte; None when it is there already.

    Raises `Misused` when there is no draft to carry.
    """
    found = found_draft(look)
    if found is None or not found.files:
        raise Misused(
            "there is no reviewed draft",
            where=look.scene.name,
            remedy=f"make it first: secrel make-blogpost {look.scene.name} --draft",
        )
    path, text = found.files[0]
    part = look.snapshot.post
    there = part.value if isinstance(part, Seen) else None
    title = found.title.removeprefix(DRAFT)
    if there is not None and there.files == ((path, text),) and there.title == title:
        return None
    post = post_now(desk, look.snapshot)
    return Text(text, title, path, f"{post.branch_name}-canonical", _body(look, post))

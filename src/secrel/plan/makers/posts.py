"""The post: the draft on the security mirror, the release post on canonical, the closing of the draft (mission M6)."""

from __future__ import annotations

from collections.abc import Iterator

from secrel.plan.making import Maker, Scene, Text, Want, seen_request
from secrel.words.effects import Action, CloseMergeRequest, Effect, OpenMergeRequest, RewriteFiles
from secrel.words.forge import State
from secrel.words.parts import Unseen, need


def _draft_wants(scene: Scene) -> Iterator[Want]:
    part = scene.snapshot.draft
    if isinstance(part, Unseen):
        return
    if part.value is None:
        yield Want(scene.key("post", "draft"), "draft_post")
        return
    if part.value.state is not State.OPENED:
        return  # somebody closed or merged it, and it is not the desk's any more
    number = scene.next_number(scene.key("post", "draft", "edit"))
    yield Want(scene.key("post", "draft", "edit", str(number)), "draft_post", part.value.ref, number)


def _drafted(want: Want, action: Action, summary: str, scene: Scene) -> Effect:
    """Make an effect on the mirror; where that is the public site itself, what goes there is public."""
    projects, lifts = scene.process.projects, scene.snapshot.release.due
    if projects["security_site"] != projects["canonical_site"]:
        return Effect(want.key, action, summary)
    return Effect(want.key, action, summary, reveals=True, not_before=lifts)


def _draft(want: Want, text: Text, scene: Scene) -> Effect:
    duty, files = scene.snapshot.duty, ((text.path, text.body),)
    if want.number:
        draft = seen_request(scene.snapshot.draft, "the draft post")
        action = RewriteFiles(
            draft.ref, text.title, draft.body, files, draft.files, (draft.title, draft.body), text.desk_text
        )
        return _drafted(want, action, "bring the draft post up to date", scene)
    opened = OpenMergeRequest(
        scene.process.projects["security_site"],
        text.branch,
        scene.process.projects.get("site_branch", "main"),
        text.title,
        text.to,
        files,
        labels=(scene.process.labels["security"],),
        assignees=(duty.primary,) if duty else (),
        reviewers=(duty.secondary,) if duty else (),
    )
    return _drafted(want, opened, "open the draft post on the security mirror", scene)


def _post_wants(scene: Scene) -> Iterator[Want]:
    part = scene.snapshot.post
    if isinstance(part, Unseen):
        return
    if part.value is None:
        yield Want(scene.key("post", "release"), "release_post")
        return
    if part.value.state is not State.OPENED:
        return  # what is live is corrected in public, and not rewritten
    number = scene.next_number(scene.key("post", "release", "edit"))
    yield Want(scene.key("post", "release", "edit", str(number)), "release_post", part.value.ref, number)


def _post(want: Want, text: Text, scene: Scene) -> Effect:
    duty, files, lifts = scene.snapshot.duty, ((text.path, text.body),), scene.snapshot.release.due
    if want.number:
        post = seen_request(scene.snapshot.post, "the release post")
        action = RewriteFiles(post.ref, text.title, post.body, files, post.files, (post.title, post.body))
        return Effect(want.key, action, "bring the release post up to date", reveals=True, not_before=lifts)
    opened = OpenMergeRequest(
        scene.process.projects["canonical_site"],
        text.branch,
        scene.process.projects.get("site_branch", "main"),
        text.title,
        text.to,
        files,
        assignees=(scene.process.people["release_managers"],),
        reviewers=(duty.secondary,) if duty else (),
    )
    return Effect(want.key, opened, "open the release post on canonical", reveals=True, not_before=lifts)


def _close_wants(scene: Scene) -> Iterator[Want]:
    draft = need(scene.snapshot.draft, "the draft post")
    if draft is not None and draft.state is not State.OPENED:
        return
    yield Want(scene.key("post", "draft", "close"), "close_draft")


def _close(want: Want, _text: Text, scene: Scene) -> Effect:
    draft = seen_request(scene.snapshot.draft, "the draft post")
    return Effect(want.key, CloseMergeRequest(draft.ref), "close the draft post")


MAKERS = {
    "draft_post": Maker(_draft_wants, _draft),
    "release_post": Maker(_post_wants, _post),
    "close_draft": Maker(_close_wants, _close),
}
"""The makers of this file."""

"""The release post on canonical: the reviewed draft, byte for byte (mission M6)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.papers.documents import DRAFT
from secrel.papers.post.current import description_of, found_draft, post_now
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.documents import TABLE
from secrel.words.effects import Audience, Effect, OpenMergeRequest, RewriteFiles
from secrel.words.errors import Misused
from secrel.words.forge import MergeRequest, State
from secrel.words.parts import need

_POST = TABLE["post"]


def work(scene: Scene) -> Iterator[Step]:
    """Open the post, or rewrite it where it differs from the draft; what is live is corrected in public instead."""
    post = need(scene.snapshot.post, _POST.said)
    if post is None:
        yield from once(scene, _POST.opening(scene.name), partial(_opened, scene))
    elif post.state is State.OPENED:
        prefix = _POST.editing(scene.name)
        yield from once(scene, f"{prefix}/{scene.next_number(prefix)}", partial(_rewritten, scene, post))


def _reviewed(scene: Scene) -> tuple[str, tuple[str, str]]:
    """Give the draft's title, as that of a post, and its file; raises `Misused` when there is no draft to carry."""
    draft = found_draft(scene.snapshot)
    if draft is None or not draft.files:
        raise Misused(
            "there is no reviewed draft",
            where=scene.name,
            remedy=f"make it first: secrel make-blogpost {scene.name} --draft",
        )
    return draft.title.removeprefix(DRAFT), draft.files[0]


def _opened(scene: Scene, key: str) -> Effect:
    title, file = _reviewed(scene)
    projects, duty, post = scene.process.projects, scene.snapshot.duty, post_now(scene)
    action = OpenMergeRequest(
        projects[_POST.project],
        f"{post.branch_name}-canonical",
        projects.get("site_branch", "main"),
        title,
        description_of(post, scene.snapshot.release),
        (file,),
        assignees=(scene.process.people["release_managers"],),
        reviewers=(duty.secondary,) if duty else (),
    )
    due = scene.snapshot.release.due
    return Effect(key, action, "open the release post on canonical", audience=Audience.EVERYBODY, not_before=due)


def _rewritten(scene: Scene, post: MergeRequest, key: str) -> Effect | None:
    title, file = _reviewed(scene)
    if post.files == (file,) and post.title == title:
        return None
    action = RewriteFiles(post.ref, title, post.body, (file,), post.files, (post.title, post.body))
    due = scene.snapshot.release.due
    return Effect(key, action, "bring the release post up to date", audience=Audience.EVERYBODY, not_before=due)

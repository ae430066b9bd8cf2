"""The draft of the post on the security mirror: opened, and brought up to date with what people did to it (M6)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.evaluate.people import reviewers_of
from secrel.evaluate.remedies import quoted
from secrel.papers.documents import sheet_of, up_to_date
from secrel.papers.post.current import post_now
from secrel.papers.scene import Scene
from secrel.plan.adopting import is_theirs
from secrel.plan.keeping import headed
from secrel.plan.making import Step, once
from secrel.plan.plan import Prepared
from secrel.words.documents import TABLE
from secrel.words.effects import Action, Audience, Effect, OpenMergeRequest, RewriteFiles
from secrel.words.forge import MergeRequest, State
from secrel.words.merging import Merged
from secrel.words.parts import need
from secrel.words.people import handle_of

_DRAFT = TABLE["draft"]


def work(scene: Scene) -> Iterator[Step]:
    """Open the draft, or rewrite it where it is behind; one that somebody closed or merged is not the desk's any more.

    A person's wording stays. Where the facts and a person changed the same lines, the person's stay as well, and the
    gates say what is wrong with them.
    """
    draft = need(scene.snapshot.draft, _DRAFT.said)
    if draft is None:
        if is_theirs(scene, _DRAFT.name):
            return
        if left := _left_to(scene):
            command = f"secrel make-blogpost {quoted(scene.name)} --draft --by {quoted(left)}"
            yield Prepared(left, f"the draft post is {left}'s to open, so that {scene.by} can review it", command)
            return
        yield from once(scene, _DRAFT.opening(scene.name), partial(_opened, scene))
    elif draft.state is State.OPENED and scene.snapshot.announced_at is None:
        prefix = _DRAFT.editing(scene.name)
        yield from once(scene, f"{prefix}/{scene.next_number(prefix)}", partial(_rewritten, scene, draft))
        yield from headed(_DRAFT, scene, draft)


def _left_to(scene: Scene) -> str:
    """Name the author who has to open the draft, because whoever sits at the desk alone could review it; or nobody.

    Whoever opens it is an author of it, and reviews it no more.
    """
    free = [handle_of(name) for name in reviewers_of(scene.snapshot, scene.process)]
    duty = scene.snapshot.duty
    return duty.primary if duty and free == [handle_of(scene.by)] else ""


def _opened(scene: Scene, key: str) -> Effect:
    process, post, sheet = scene.process, post_now(scene), sheet_of("draft", scene)
    head = sheet.head
    action = OpenMergeRequest(
        process.named("projects", _DRAFT.project),
        post.branch_name,
        process.projects.get("site_branch", "main"),
        head.title,
        head.description,
        ((post.path, sheet.body),),
        labels=head.labels,
        assignees=head.assignees,
        reviewers=head.reviewers,
    )
    return _effect(scene, key, action, "open the draft post")


def _rewritten(scene: Scene, draft: MergeRequest, key: str) -> Effect | None:
    path, now = post_now(scene).path, sheet_of("draft", scene)
    merged = up_to_date("draft", scene, draft.files[0][1]) if draft.files else Merged(now.body)
    files = ((path, merged.text),)
    if draft.files[:1] == files:
        return None
    stood = (draft.title, draft.body)
    action = RewriteFiles(draft.ref, *stood, files, draft.files, stood, merged.base)
    return _effect(scene, key, action, "bring the draft post up to date")


def _effect(scene: Scene, key: str, action: Action, summary: str) -> Effect:
    """Make an effect on the mirror; where that is the public site itself, what goes there is public."""
    process, lifts = scene.process, scene.snapshot.release.due
    if process.named("projects", _DRAFT.project) != process.named("projects", "canonical_site"):
        return Effect(key, action, summary)
    return Effect(key, action, summary, audience=Audience.EVERYBODY, not_before=lifts)

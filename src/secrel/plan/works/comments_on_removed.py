"""Leave the text that was written for a fix on its issue, once it was taken out of the release (mission M4)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from secrel.papers.messages.fixes import removed_fix_comment
from secrel.papers.post.current import section_alone
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.documents import TABLE
from secrel.words.effects import Comment, Effect, plain
from secrel.words.errors import Misused
from secrel.words.fixes import RemovedFix
from secrel.words.parts import need


def work(scene: Scene) -> Iterator[Step]:
    """Want a comment on every fix that was taken out after the draft was made: before, nothing was written about it."""
    drafted = scene.snapshot.receipts.get(TABLE["draft"].opening(scene.name))
    for removed in scene.snapshot.removed_fixes:
        if drafted is not None and removed.removed_at >= drafted.at:
            yield from once(scene, scene.key("removed", removed.ref), partial(_comment, scene, removed))


def _comment(scene: Scene, removed: RemovedFix, key: str) -> Effect:
    asked = [scene.process.named("people", "developers")]
    text = removed_fix_comment(scene.snapshot.release, _section(scene, removed), asked, templates=scene.wording)
    return Effect(key, Comment(removed.ref, plain(text)), f"leave the prepared text on {removed.ref}")


def _section(scene: Scene, removed: RemovedFix) -> str:
    """Give what the post said of it, with the id that the CNA had assigned on its request.

    Nothing when its facts were never complete, so that no text was ever written.
    """
    advisory = need(removed.advisory, f"the issue {removed.ref}")
    own_id = need(removed.own_id, f"the CVE id of {removed.ref}")
    try:
        return section_alone(scene, replace(advisory, cve_id=advisory.cve_id or own_id)) if advisory is not None else ""
    except Misused:
        return ""

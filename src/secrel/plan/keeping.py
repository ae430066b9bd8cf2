"""Documents in issues: opened once, and brought up to date with all that people did to them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.papers.documents import PAPERS, up_to_date
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.documents import Identity
from secrel.words.effects import Effect, OpenIssue, RewriteIssue
from secrel.words.forge import Issue
from secrel.words.parts import need


def keep(identity: Identity, scene: Scene) -> Iterator[Step]:
    """Open a document, or rewrite it where it is behind; nothing while anything of the release could not be seen.

    It would say of a world that was half seen that this is all.
    """
    if not scene.snapshot.is_whole:
        return
    found = need(scene.snapshot.document(identity.name), identity.said)
    if found is None:
        yield from once(scene, identity.opening(scene.name), partial(_opened, identity, scene))
    else:
        yield from rewritten(identity, scene, found)


def _opened(identity: Identity, scene: Scene, key: str) -> Effect:
    duty, text = scene.snapshot.duty, PAPERS[identity.name].write(scene, "")
    action = OpenIssue(
        scene.process.projects[identity.project],
        text.title,
        text.body,
        labels=(label_of(identity, scene),),
        assignees=tuple(filter(None, (duty.primary, duty.secondary))) if duty else (),
        due=scene.snapshot.release.due.date(),
    )
    return Effect(key, action, f"open {identity.planned or identity.said}")


def label_of(identity: Identity, scene: Scene) -> str:
    """Give the label of a document; its role in words where the process has no label for that."""
    return scene.process.labels.get(identity.label, identity.label.replace("_", " "))


def rewritten(identity: Identity, scene: Scene, issue: Issue, about: str = "") -> Iterator[Step]:
    """Bring one document that is there up to date, under the next free number; nothing where it says what is so."""
    prefix = identity.editing(scene.name, about)

    def make(key: str) -> Effect | None:
        merged = up_to_date(identity.name, scene, issue.body, about)
        if merged.text == issue.body:
            return None
        said = f"{identity.planned or identity.said}{f' of {about}' if about else ''}"
        action = RewriteIssue(issue.ref, merged.text, issue.body, merged.base)
        return Effect(key, action, f"bring {said} up to date")

    yield from once(scene, f"{prefix}/{scene.next_number(prefix)}", make)

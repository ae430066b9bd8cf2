"""Documents in issues: opened once, and brought up to date with all that people did to them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.papers.documents import head_now, sheet_of, up_to_date
from secrel.papers.scene import Scene
from secrel.plan.adopting import is_theirs
from secrel.plan.making import Step, once
from secrel.words.documents import Identity
from secrel.words.effects import Effect, OpenIssue, RewriteIssue, SetHead
from secrel.words.forge import Issue, MergeRequest, State
from secrel.words.heads import Head, head_of
from secrel.words.parts import need
from secrel.words.releases import joined


def keep(identity: Identity, scene: Scene) -> Iterator[Step]:
    """Open a document, or rewrite it where it is behind; nothing while anything of the release could not be seen.

    It would say of a world that was half seen that this is all.
    """
    if not scene.snapshot.is_whole:
        return
    found = need(scene.snapshot.document(identity.name), identity.said)
    if found is None:
        if is_theirs(scene, identity.name):
            return
        yield from once(scene, identity.opening(scene.name), partial(_opened, identity, scene))
    elif found.state is State.OPENED:
        yield from rewritten(identity, scene, found)


def _opened(identity: Identity, scene: Scene, key: str) -> Effect:
    sheet = sheet_of(identity.name, scene)
    head = sheet.head
    action = OpenIssue(
        scene.process.named("projects", identity.project),
        head.title,
        sheet.body,
        labels=head.labels,
        assignees=head.assignees,
        due=head.due,
    )
    return Effect(key, action, f"open {identity.planned or identity.said}")


def rewritten(identity: Identity, scene: Scene, issue: Issue, about: str = "") -> Iterator[Step]:
    """Bring one document that is there up to date, under the next free numbers; nothing where it says what is so."""
    prefix = identity.editing(scene.name, about)

    def make(key: str) -> Effect | None:
        merged = up_to_date(identity.name, scene, issue.body, about)
        if merged.text == issue.body:
            return None
        action = RewriteIssue(issue.ref, merged.text, issue.body, merged.base)
        return Effect(key, action, f"bring {_said(identity, about)} up to date")

    yield from once(scene, f"{prefix}/{scene.next_number(prefix)}", make)
    yield from headed(identity, scene, issue, about)


def headed(identity: Identity, scene: Scene, found: Issue | MergeRequest, about: str = "") -> Iterator[Step]:
    """Bring title, labels, people and day of one document up to date; nothing where they are what is so."""
    prefix = identity.heading_of(scene.name, about)

    def make(key: str) -> Effect | None:
        merged, stood = head_now(identity.name, scene, found, about), head_of(found)
        if merged.head == stood:
            return None
        changed = [name for name in Head.__struct_fields__ if getattr(merged.head, name) != getattr(stood, name)]
        said = f"bring {joined(changed)} of {_said(identity, about)} up to date"
        return Effect(key, SetHead(found.ref, merged.head, stood, merged.base), said)

    yield from once(scene, f"{prefix}/{scene.next_number(prefix)}", make)


def _said(identity: Identity, about: str) -> str:
    return f"{identity.planned or identity.said}{f' of {about}' if about else ''}"

"""What people opened is taken over, where a document is not there: shown, approved, and never opened a second time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

from secrel.papers.documents import base_of, sheet_of
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.plan.plan import Refusal
from secrel.words.candidates import Lookalike
from secrel.words.documents import TABLE, Identity
from secrel.words.effects import Adopt, Effect
from secrel.words.forge import MergeRequest
from secrel.words.parts import known, need
from secrel.words.releases import joined
from secrel.words.tracking import is_named, told

_ALSO = {"cve": ("cve_requests",)}
"""Lines of work that open a document which another one keeps, by its name."""


def is_theirs(scene: Scene, document: str) -> bool:
    """Whether people opened what could be a document; raises `NotSeen` while that could not be seen."""
    part = scene.snapshot.alike.get(document)
    return part is not None and any(not one.against for one in need(part, f"what people opened for {document}"))


def adoptions(scene: Scene, only: Collection[str] | None = None, named: Collection[str] = ()) -> Iterator[Step]:
    """Give what takes over each document that people opened; of two the one that is `named`, and without a name none.

    `only` keeps to the documents of some lines of work.
    """
    for document, part in scene.snapshot.alike.items():
        name, _, about = document.partition("/")
        identity = TABLE[name]
        if only is not None and not {identity.kept_by, *_ALSO.get(name, ())}.intersection(only):
            continue
        found = [one for one in known(part, ()) if not one.against]
        meant = [one for one in found if is_named(one.found, named)] or found
        key = identity.opening(scene.name, about)
        if len(meant) > 1:
            yield _several(identity, key, meant)
        elif meant:
            yield from once(scene, key, partial(_adopted, scene, identity, about, meant[0]))


def _several(identity: Identity, key: str, found: list[Lookalike]) -> Refusal:
    refs = joined(told(one.found) for one in found)
    remedy = f"name the one that is meant: secrel start --from FILE --adopt {found[0].found.ref}; or close the others"
    return Refusal("adoption", f"{len(found)} could be {identity.said}: {refs}", (key,), remedy)


def _adopted(scene: Scene, identity: Identity, about: str, one: Lookalike, key: str) -> Effect:
    sheet, found = sheet_of(identity.name, scene, about), one.found
    text = found.files[0][1] if isinstance(found, MergeRequest) else found.body
    action = Adopt(found.ref, (found.title, found.body), base_of(identity.name, sheet, text), sheet.head)
    said = f"take over {told(one.found)} as {identity.planned or identity.said}{f' of {about}' if about else ''}"
    return Effect(key, action, f"{said}: {joined(one.by)}")

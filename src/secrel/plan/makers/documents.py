"""The checklist issue and the communications issue (mission M3, M7)."""

from __future__ import annotations

from collections.abc import Iterator

from secrel.plan.making import Maker, Scene, Text, Want, seen_issue
from secrel.words.effects import Effect, OpenIssue, RewriteIssue
from secrel.words.forge import Issue
from secrel.words.parts import Part, Unseen

_OPENED_AS = {
    "checklist": ("checklist", "checklist", "the AppSec checklist"),
    "comms": ("communications", "communications", "the communications issue"),
}


def _found(scene: Scene, document: str) -> Part[Issue | None]:
    return scene.snapshot.checklist if document == "checklist" else scene.snapshot.comms


def _maker(name: str, document: str) -> Maker:
    project, label, said = _OPENED_AS[document]

    def wants(scene: Scene) -> Iterator[Want]:
        part = _found(scene, document)
        if isinstance(part, Unseen) or not scene.snapshot.is_whole:
            return  # it would say of a world that was half seen that this is all
        if part.value is None:
            yield Want(scene.key(document), name)
        else:
            number = scene.next_number(scene.key(document, "edit"))
            yield Want(scene.key(document, "edit", str(number)), name, part.value.ref, number)

    def make(want: Want, text: Text, scene: Scene) -> Effect:
        if want.number:
            issue = seen_issue(_found(scene, document), said)
            return Effect(
                want.key, RewriteIssue(issue.ref, text.body, issue.body, text.desk_text), f"bring {said} up to date"
            )
        duty = scene.snapshot.duty
        action = OpenIssue(
            scene.process.projects[project],
            text.title,
            text.body,
            labels=(scene.process.labels.get(label, label),),
            assignees=tuple(filter(None, (duty.primary, duty.secondary))) if duty else (),
            due=scene.snapshot.release.due.date(),
        )
        return Effect(want.key, action, f"open {said}")

    return Maker(wants, make)


MAKERS = {"checklist": _maker("checklist", "checklist"), "comms_issue": _maker("comms_issue", "comms")}
"""The makers of this file."""

"""What was prepared for sending and says otherwise than the facts do by now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from secrel.evaluate.people import sent_word
from secrel.papers.scene import Scene
from secrel.plan.lines import work_named
from secrel.plan.plan import Refusal
from secrel.words.effects import Effect, PublishRecord, values_of
from secrel.words.outcomes import Receipt, first_key, standing
from secrel.words.parts import Part, Seen, Unseen

SENDING = ("email", "cve_records", "reporters")
"""The lines of work that prepare what says facts and goes to people elsewhere, each under a key of its own."""
_CALLED = {"eml": "text", "to": "recipients", "report": "report", "cve_id": "id"}


def outdated(scene: Scene, sent: Mapping[str, Mapping[str, Any]]) -> dict[str, Part[tuple[str, ...]]]:
    """Say what the facts have changed in things to send since they were prepared, by their first keys.

    `sent` has the values of what was prepared last, by its key; what nobody knows them of counts as changed. A mail or
    a notice that has left is left alone: nobody can take it back. A record that has left can be brought up to date.
    """
    receipts = scene.snapshot.receipts
    if not any(_is_of(one, scene) for one in receipts.values()):
        return {}
    kept = {key: one for key, one in receipts.items() if not _is_of(one, scene)}
    as_if_new = replace(scene, snapshot=replace(scene.snapshot, receipts=kept))
    steps = [step for work in SENDING for step in work_named(work)(as_if_new)]
    found: dict[str, Part[tuple[str, ...]]] = {
        key: Unseen(step.what) for step in steps if isinstance(step, Refusal) for key in step.keys
    }
    for effect in (step for step in steps if isinstance(step, Effect)):
        last = standing(receipts, effect.key)
        if last is not None and _can_be_mended(effect, last, scene):
            found[effect.key] = Seen(tuple(_differing(sent.get(last.key), values_of(effect.action))))
    return found


def _is_of(receipt: Receipt, scene: Scene) -> bool:
    own = first_key(receipt.key)
    return own == scene.key("email") or own.startswith((scene.key("cve/publish/"), scene.key("report/")))


def _can_be_mended(effect: Effect, last: Receipt, scene: Scene) -> bool:
    has_left = not last.prepared or sent_word(scene.snapshot, last.key) is not None
    return isinstance(effect.action, PublishRecord) or not has_left


def _differing(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> Iterator[str]:
    """Name the parts of something to send that are others now, never what they say."""
    if before is None:
        yield "text, which this desk's journal does not know"
        return
    for name, value in now.items():
        if name == "record" and before.get(name) != value:
            yield from _parts(str(before.get(name)), str(value))
        elif before.get(name) != value:
            yield _CALLED.get(name, name)


def _parts(before: str, now: str) -> Iterator[str]:
    told, says = (json.loads(text)["containers"]["cna"] for text in (before, now))
    named = [name for name in {**says, **told} if told.get(name) != says.get(name)]
    yield from named or ["metadata"]

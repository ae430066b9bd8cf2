"""A scene of the release 2026-11 in the process of GitLab, judged as it would be, and what lines of work make of it."""

from __future__ import annotations

from typing import Any

from secrel.evaluate.assessing import assess
from secrel.evaluate.registry import shipped
from secrel.papers.scene import Scene
from secrel.plan.plan import Refusal
from secrel.plan.planning import steps_of
from secrel.process.table import Process
from secrel.snapshot.seen import Beyond, Snapshot
from secrel.words.effects import Effect
from tests.builders import NOW, a_snapshot

PROCESS = shipped("gitlab")


def a_scene(snapshot: Snapshot | None = None, process: Process = PROCESS, **changes: Any) -> Scene:
    """A scene at `now`, of a snapshot or of the usual one with `changes`."""
    now = changes.pop("now", NOW)
    seen = snapshot or a_snapshot(**changes)
    return Scene(seen, process, now, assess(seen, process, now), beyond=Beyond())


def made(work: str, scene: Scene) -> list[Effect]:
    """The effects that one line of work gives."""
    return [step for step in steps_of(work, scene) if isinstance(step, Effect)]


def held(work: str, scene: Scene) -> list[Refusal]:
    """What one line of work holds back."""
    return [step for step in steps_of(work, scene) if isinstance(step, Refusal)]


def keys(work: str, scene: Scene) -> list[str]:
    """The keys of the effects that one line of work gives."""
    return [effect.key for effect in made(work, scene)]


def one(work: str, scene: Scene) -> Effect:
    """The only effect that it gives."""
    [effect] = made(work, scene)
    assert held(work, scene) == []
    return effect

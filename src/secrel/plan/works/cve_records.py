"""Publish the record of every assigned CVE id (mission M5)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.papers.cve5.current import record_now
from secrel.papers.scene import Scene
from secrel.plan.making import Step, sending
from secrel.words.effects import Audience, Effect, PublishRecord


def work(scene: Scene) -> Iterator[Step]:
    """Want the record of every advisory whose id is ours, at the earliest when the release is due."""
    for advisory in scene.snapshot.contents.advisories:
        if advisory.has_own_id and advisory.cve_id is not None:
            cve_id = advisory.cve_id.text
            yield from sending(
                scene, scene.key("cve", "publish", cve_id), partial(_record, scene, advisory.fix, cve_id)
            )


def _record(scene: Scene, ref: str, cve_id: str, key: str) -> Effect:
    action = PublishRecord(cve_id, record_now(scene, ref))
    due = scene.snapshot.release.due
    return Effect(key, action, f"publish the record {cve_id}", audience=Audience.EVERYBODY, not_before=due)

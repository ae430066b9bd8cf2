"""Look at a release, and judge it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from secrel.desk.announcing import wanted_post
from secrel.desk.desk import Desk
from secrel.evaluate.assessing import assess
from secrel.evaluate.verdicts import Assessment
from secrel.observe.observing import observe
from secrel.plan.making import Scene
from secrel.snapshot.seen import RangeProof, Snapshot
from secrel.words.parts import Unseen


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen, and what follows from it, at one instant."""

    snapshot: Snapshot
    assessment: Assessment
    scene: Scene


def look(desk: Desk, name: str) -> Look:
    """Look at the release `name` now; raises what observing raises."""
    now = desk.now()
    seen = observe(name, desk.sources(desk.journal.entries(name)), now)
    snapshot = replace(seen, wanted=wanted_post(desk, seen), proved=_proved(desk, seen))
    return Look(snapshot, assess(snapshot, desk.process, now), Scene(snapshot, desk.process, now))


def _proved(desk: Desk, seen: Snapshot) -> Mapping[str, RangeProof | Unseen]:
    if not any(advisory.origins for advisory in seen.contents.advisories):
        return {}
    # graphs of commits are loaded when there is something to prove
    from secrel.desk.proving import proved_ranges  # noqa: PLC0415

    return proved_ranges(desk, seen)

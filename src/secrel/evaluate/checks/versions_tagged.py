"""Every version of the release has its tag.

Rule: docs/process/gitlab/versions-tagged.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import person_behind, seeing
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Pending, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.parts import need
from secrel.words.releases import Shipment

Params = Told


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look for the tag of every version of every shipment; what is missing is in the release managers' hands."""
    who = person_behind(question.gate.owner, snapshot, question.process)

    def say(shipment: Shipment) -> Iterator[Said]:
        there = need(snapshot.tags_of(shipment.product), f"the tags of {shipment.product.repository}")
        for version in shipment.versions:
            tag = shipment.product.tag_of(version)
            if tag in there:
                yield Evidence(tag, f"is at {there[tag]}")
            else:
                branch = shipment.product.branch_of(shipment.product.series_of(version))
                yield Pending(tag, f"{shipment.product.name} {version} is not tagged yet, on {branch}", who)

    for shipment in snapshot.release.shipments:
        yield from seeing(say(shipment))

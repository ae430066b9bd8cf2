"""Every version of the release has its tag.

Rule: docs/process/gitlab/versions-tagged.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import person_behind
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Hidden, Pending, Question, Said
from secrel.snapshot.seen import Snapshot, Unseen

Params = Told


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look for the tag of every version of every shipment; what is missing is in the release managers' hands."""
    if isinstance(snapshot.tags, Unseen):
        yield Hidden(f"the tags could not be seen: {snapshot.tags.reason}")
        return
    who = person_behind(question.gate.owner, snapshot, question.process)
    for shipment in snapshot.release.shipments:
        for version in shipment.versions:
            tag = shipment.product.tag_of(version)
            if tag in snapshot.tags.value:
                yield Evidence(tag, f"is at {snapshot.tags.value[tag]}")
            else:
                yield Pending(tag, f"{shipment.product.name} {version} is not tagged yet", who)

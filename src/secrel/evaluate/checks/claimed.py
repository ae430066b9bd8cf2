"""Somebody said, under their name, what only a person can say.

Rule: docs/process/gitlab/timing-agreed.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot


class Params(Told, frozen=True):
    """`wanted`: what has to be said, as the end of the sentence "nobody has said …"."""

    wanted: str = "so"


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Find the newest claim for this gate that is no exception."""
    claims = [claim for claim in snapshot.claims if claim.gate == question.gate.name and not claim.waives]
    if not claims:
        yield Finding(question.gate.name, f"nobody has said {question.params.wanted}")
        return
    newest = max(claims, key=lambda claim: claim.at)
    words = f": {newest.words}" if newest.words else ""
    yield Evidence(newest.by, f"said so at {newest.at:%Y-%m-%d %H:%M %Z}{words}")

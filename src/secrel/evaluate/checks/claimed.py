"""Somebody said, under their name, what only a person can say.

Rule: docs/process/gitlab/timing-agreed.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot

PARAMS = ("wanted",)
"""`wanted`: what has to be said, as the end of the sentence "nobody has said …"."""


def check(snapshot: Snapshot, question: Question) -> Iterator[Said]:
    """Find the newest claim for this gate that is no exception."""
    claims = [claim for claim in snapshot.claims if claim.gate == question.gate.name and not claim.waives]
    if not claims:
        wanted = question.gate.params.get("wanted", "so")
        yield Finding(question.gate.name, f"nobody has said {wanted}")
        return
    newest = max(claims, key=lambda claim: claim.at)
    words = f": {newest.words}" if newest.words else ""
    yield Evidence(newest.by, f"said so at {newest.at:%Y-%m-%d %H:%M %Z}{words}")

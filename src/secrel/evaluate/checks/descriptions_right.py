"""What is written of every fix says nothing otherwise than its facts, and nothing that was left in it by mistake.

Rule: docs/process/gitlab/descriptions-right.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.describing import doubts
from secrel.evaluate.looking import each_advisory
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory

Params = Told


def check(snapshot: Snapshot, _: Question[Params]) -> Iterator[Said]:
    """Hold the words of every advisory to its facts, and to the rules for wording."""

    def say(advisory: Advisory) -> Iterator[Said]:
        found = list(doubts(advisory, snapshot.release))
        yield from found
        if not found:
            yield Evidence(advisory.fix, "its words say nothing otherwise than its facts")

    yield from each_advisory(snapshot, say)

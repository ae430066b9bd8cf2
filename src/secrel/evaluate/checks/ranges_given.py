"""Every fix comes with the range of affected versions; whoever has not given one has been asked.

Rule: docs/process/gitlab/ranges-given.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import each_advisory
from secrel.evaluate.params import ToldHours
from secrel.evaluate.taking_out import TakingOut
from secrel.evaluate.verdicts import Evidence, Finding, Pending, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory
from secrel.words.spans import sentence

Params = ToldHours


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at the range of every advisory, and at whether it was asked for."""
    late = TakingOut(snapshot, question.now, question.params.hours)

    def say(advisory: Advisory) -> Iterator[Said]:
        asked = snapshot.receipts.get(f"{snapshot.release.name}/ask/range/{advisory.fix}")
        if advisory.hosted_only:
            yield Evidence(advisory.fix, f"only {advisory.hosted_only} was affected, and no version that people run")
        elif advisory.affected:
            yield Evidence(advisory.fix, sentence(advisory.affected))
        elif remedy := late.command(advisory.fix, "no affected versions at the deadline"):
            yield Finding(advisory.fix, "nobody has given the affected versions, and the deadline is past", remedy)
        elif asked is not None:
            yield Pending(advisory.fix, f"the affected versions were asked for at {asked.at:%Y-%m-%d %H:%M %Z}")
        else:
            yield Finding(advisory.fix, "nobody has given the affected versions")

    yield from each_advisory(snapshot, say)

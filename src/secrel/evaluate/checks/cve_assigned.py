"""Every fix that needs a CVE id has one, and no two have the same.

Rule: docs/process/gitlab/cve-assigned.md
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from secrel.evaluate.looking import each_advisory, person_behind
from secrel.evaluate.params import Count, Told
from secrel.evaluate.taking_out import TakingOut
from secrel.evaluate.verdicts import Evidence, Finding, Pending, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory


class Params(Told, frozen=True):
    """`hours`: how long before the due instant of a planned release a fix without an id is taken out."""

    hours: Count = 36


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at the id of every advisory; one that was requested and not given is in the hands of the CNA."""
    late = TakingOut(snapshot, question.now, question.params.hours)
    uses = Counter(advisory.cve_id for advisory in snapshot.contents.advisories)

    def say(advisory: Advisory) -> Iterator[Said]:
        if not advisory.needs_cve:
            yield Evidence(advisory.fix, f"needs no CVE id: {advisory.no_cve}")
        elif remedy := "" if advisory.cve_id else late.command(advisory.fix, "no CVE id in time"):
            yield Finding(advisory.fix, "its CVE id is not assigned, and the post has to be reviewed", remedy)
        elif advisory.cve_id is None:
            who = person_behind("cna", snapshot, question.process)
            yield Pending(advisory.fix, "its CVE id is requested and not assigned", who)
        elif uses[advisory.cve_id] > 1:
            yield Finding(advisory.fix, f"{advisory.cve_id} is given to {uses[advisory.cve_id]} fixes")
        else:
            yield Evidence(advisory.fix, advisory.cve_id.text)

    yield from each_advisory(snapshot, say)

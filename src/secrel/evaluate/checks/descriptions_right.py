"""What is written of every fix says nothing otherwise than its facts, and nothing that was left in it by mistake.

Rule: docs/process/gitlab/descriptions-right.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.answers import kept
from secrel.evaluate.looking import each_advisory
from secrel.evaluate.params import Told
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.verify import described
from secrel.words.advisories import Advisory
from secrel.words.patterns import pattern
from secrel.words.releases import Release

Params = Told

_PLAIN = pattern(r"[A-Za-z][A-Za-z0-9 .-]*")
"""Words that a list in YAML holds without quotes."""


def check(snapshot: Snapshot, _: Question[Params]) -> Iterator[Said]:
    """Hold the words of every advisory to its facts, and to the rules for wording."""

    def say(advisory: Advisory) -> Iterator[Said]:
        found = doubts(advisory, snapshot.release)
        yield from found
        if not found:
            yield Evidence(advisory.fix, "its words say nothing otherwise than its facts")

    yield from each_advisory(snapshot, say)


@kept(tuple[Finding, ...], size=1024)
def doubts(advisory: Advisory, release: Release) -> tuple[Finding, ...]:
    """Give what a fix's description says otherwise than its facts, and what was left in its words by mistake.

    Every remedy changes the words, or states the fact that is missing.
    """
    return tuple(_doubts(advisory, release))


def _doubts(advisory: Advisory, release: Release) -> Iterator[Finding]:
    command = f"secrel fix set {quoted(release.name)} {quoted(advisory.fix)}"
    shipment = release.shipment(advisory.product)
    for remark in described.remarks(advisory, shipment) if shipment else ():
        yield Finding(advisory.fix, _said(remark), f"{command} {_way(remark)}")
    for part in ("title", "description", "workaround"):
        for line in getattr(advisory, part).splitlines():
            for slip in described.slips(line, advisory.allowed):
                words = f"--reword {quoted(f'{slip.words}={slip.better}')}"
                yield Finding(
                    advisory.fix, f"in its {part}, {slip.what}{_meant(slip.words, advisory)}", f"{command} {words}"
                )


def _meant(words: str, advisory: Advisory) -> str:
    """Say how to let words stand that are meant, as a feature's name is; a mark of a merge is never meant."""
    allowed = (*advisory.allowed, words)
    if not all(_PLAIN.fullmatch(one) for one in allowed):
        return ""
    stated = f"allowed=[{', '.join(allowed)}]"
    return f"; if it is meant, set {quoted(stated)}"


def _said(remark: described.DescriptionRemark) -> str:
    meant = f"and its facts say {remark.meant}" if remark.meant else "and no fact of it says so"
    return f"its {remark.part} says {remark.words!r}, {meant}"


def _way(remark: described.DescriptionRemark) -> str:
    if remark.states:
        return " ".join(map(quoted, remark.states))
    return f"--reword {quoted(f'{remark.cut}=')}"

"""The given range of every fix is what git proves, where somebody named the commit that brought the flaw in.

Rule: docs/process/gitlab/ranges-proved.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import each_advisory, fix_of, requests_of
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Hidden, Pending, Question, Said
from secrel.snapshot.seen import RangeProof, Snapshot
from secrel.words.advisories import Advisory
from secrel.words.parts import Unseen
from secrel.words.spans import sentence

Params = Told


def check(snapshot: Snapshot, _question: Question[Params]) -> Iterator[Said]:
    """Show both ranges with the proof where they differ; a range whose origin nobody knows stays a person's word."""
    return each_advisory(snapshot, lambda advisory: _proved(advisory, snapshot))


def _proved(advisory: Advisory, snapshot: Snapshot) -> Iterator[Said]:
    if advisory.affected is None:
        return
    if not advisory.origins:
        yield Evidence(advisory.fix, "nobody named the commit it came from: its range is the developers' word")
        return
    proof = snapshot.proved.get(advisory.fix)
    if proof is None:
        fix = fix_of(snapshot, advisory.fix)
        if fix is not None:
            requests_of(fix)
        yield Pending(advisory.fix, "can be proved once it is merged everywhere", "release-manager")
    elif isinstance(proof, Unseen):
        yield Hidden(f"{advisory.fix}: the range could not be proved: {proof.reason}")
    else:
        yield from _compared(advisory, proof)


def _compared(advisory: Advisory, proof: RangeProof) -> Iterator[Said]:
    if not proof.differences:
        yield Evidence(advisory.fix, f"git proves {proof.proved}")
        return
    given = sentence(advisory.affected or ())
    because = "; ".join(proof.proofs)
    for difference in proof.differences:
        yield Finding(advisory.fix, f"{difference}: given {given}; git proves {proof.proved} ({because})")

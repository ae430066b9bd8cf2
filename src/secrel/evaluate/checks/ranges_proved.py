"""The given range of every fix is what git proves; where nobody named the commit it came from, on the side of the fix.

Rule: docs/process/gitlab/ranges-proved.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import before_this_release, each_advisory, fix_of, requests_of
from secrel.evaluate.params import Told
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Hidden, Pending, Question, Said
from secrel.snapshot.seen import RangeProof, Snapshot
from secrel.words.advisories import Advisory
from secrel.words.forge import State
from secrel.words.parts import Unseen
from secrel.words.spans import sentence

Params = Told


def check(snapshot: Snapshot, _question: Question[Params]) -> Iterator[Said]:
    """Show both ranges with the proof where they differ; what git could not prove is unseen."""
    return each_advisory(snapshot, lambda advisory: _proved(advisory, snapshot))


def _proved(advisory: Advisory, snapshot: Snapshot) -> Iterator[Said]:
    if advisory.hosted_only:
        yield Evidence(advisory.fix, f"it has no range: only {advisory.hosted_only} was affected")
    if advisory.affected is None:
        return
    proof = snapshot.proved.get(advisory.fix)
    if proof is None:
        fix = fix_of(snapshot, advisory.fix)
        requests = [] if fix is None else list(requests_of(fix))
        if advisory.shipped_before and fix is not None and not requests:
            before = f"{before_this_release(advisory)}; nobody named a merge request of it: the developers' word"
            yield Evidence(advisory.fix, before)
        elif advisory.origins or not requests or any(request.state is State.OPENED for request in requests):
            yield Pending(advisory.fix, "can be proved once it is merged everywhere", "release-manager")
        else:
            yield Evidence(advisory.fix, "no history is at hand and nobody named its origin: the developers' word")
    elif isinstance(proof, Unseen):
        yield Hidden(f"{advisory.fix}: the range could not be proved: {proof.reason}")
    else:
        yield from _compared(advisory, proof, snapshot)


def _compared(advisory: Advisory, proof: RangeProof, snapshot: Snapshot) -> Iterator[Said]:
    if not proof.differences:
        side = "" if proof.origin_known else "; nobody named its origin, so only the side of the fix was judged"
        name = quoted(snapshot.release.name)
        named = "" if proof.origin_known else f"secrel fix set {name} {quoted(advisory.fix)} origins=COMMIT"
        told = "; the commit that brought the flaw in would decide it" if named else ""
        for reason in proof.unseen:
            yield Hidden(f"{advisory.fix}: the range is not proved: {reason}{told}", named)
        if not proof.unseen:
            yield Evidence(advisory.fix, f"git proves {proof.proved}{side}")
        return
    given = sentence(advisory.affected or ())
    because = "; ".join(proof.proofs)
    for difference in proof.differences:
        yield Finding(advisory.fix, f"{difference}: given {given}; git proves {proof.proved} ({because})")

"""What git proves of the given ranges, for every merged fix (mission M5, M10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from msgspec.structs import replace

from secrel.desk.affected import Asking, ReadHistory, prove_read, read_history
from secrel.desk.proofs import MergedFix, Proofs
from secrel.ports.history import History
from secrel.ranges.cases import Case, Change, SeriesPlan
from secrel.ranges.containment import between
from secrel.ranges.kin.links import Signal
from secrel.ranges.naming.catalogue import Naming
from secrel.ranges.resolve import asked
from secrel.ranges.results import Proof, Result, uncompared
from secrel.ranges.said.compare import compare
from secrel.snapshot.seen import RangeProof
from secrel.words.errors import Misused, SecrelError
from secrel.words.parts import Unseen
from secrel.words.releases import Shipment
from secrel.words.spans import sentence
from secrel.words.versions import Version

_MOST_PROOFS, _MOST_OWN = 12, 50
_CONTENTS = (Signal.PATCH, Signal.LINES)


def prove_fixes(history: History, shipment: Shipment, fixes: Sequence[MergedFix]) -> Proofs:
    """Read the history once and prove all fixes together; one with a commit that is not there leaves the others.

    A fix that was taken out, and of which no commit is there any more, is left out: there is nothing to compare with.
    Raises what reading the history raises.
    """
    where, asking = shipment.product.repository, _asking(shipment)
    reading = read_history(history, asking)
    cases = {one.fix: _case(one) for one in fixes if not one.is_out}
    unseen = {name: Unseen(fault.what, where) for name, case in cases.items() if (fault := _lacking(reading, case))}
    proved = prove_read(reading, asking, [case for name, case in cases.items() if name not in unseen])
    results = {result.name: result for result in proved.results}
    ranges = {one.fix: _proved(results[one.fix], shipment, one) for one in fixes if one.fix in results}
    gone = {one.fix: own for one in fixes if one.is_out and (own := _own(reading, one, shipment))}
    return Proofs(ranges | _shipped(reading, shipment, gone), unseen, is_whole=not proved.notes)


def _shipped(reading: ReadHistory, shipment: Shipment, gone: Mapping[str, tuple[str, ...]]) -> dict[str, RangeProof]:
    """Tell which versions have what fixes change that were taken out, by their commits or by any others.

    What looks like them counts: somebody is to look at it, and nothing is announced for it.
    """
    asking = replace(_asking(shipment), search=True)
    for _ in range(2):  # a pick of what was found is found as well
        cases = [Case(name, (Change(commits=commits),)) for name, commits in gone.items()]
        results = prove_read(reading, asking, cases).results if cases else ()
        like = {one.name: (link.commit for link in one.proposals if link.signal in _CONTENTS) for one in results}
        gone = {name: (*commits, *map(reading.graph.hex, like[name])) for name, commits in gone.items()}
    return {one.name: _of_one_out(one, shipment) for one in results}


def _of_one_out(result: Result, shipment: Shipment) -> RangeProof:
    """Say of a fix that was taken out which versions have it, and which do not: something was seen that undoes it."""
    shipped = tuple(version for version in shipment.versions if version in result.fixed)
    lacking = tuple(version for version in shipment.versions if version in result.affected and result.reverts)
    return RangeProof("nothing", lacking=lacking, shipped=shipped)


def _lacking(reading: ReadHistory, case: Case) -> SecrelError | None:
    """Give what is wrong with the commits of a case, in this history."""
    try:
        asked(reading.graph, reading.facts, case)
    except SecrelError as fault:
        return fault
    return None


def _own(reading: ReadHistory, fix: MergedFix, shipment: Shipment) -> tuple[str, ...]:
    """Give the commits of a fix that was taken out: what its branches have and no branch that ships; or its merges."""
    graph, product = reading.graph, shipment.product
    ships = {product.default_branch, *map(product.branch_of, shipment.series)}
    below = [ref.commit for ref in graph.branches if ref.name.removeprefix("refs/heads/") in ships]
    found: list[str] = []
    for commit in fix.commits:
        with suppress(Misused):
            head = graph.find(commit)
            found += [graph.hex(one) for one in (between(graph, head, below)[:_MOST_OWN] or [head])]
    return tuple(dict.fromkeys(found))


def _case(fix: MergedFix) -> Case:
    return Case(fix.fix, (Change(commits=fix.commits),), tuple(Change(commits=(commit,)) for commit in fix.origins))


def _asking(shipment: Shipment) -> Asking:
    product = shipment.product
    plans = tuple(
        SeriesPlan(series, product.branch_of(series), supported=True, planned=version)
        for version, series in zip(shipment.versions, shipment.series, strict=True)
    )
    return Asking(
        Naming.parse(product.tag),
        plans=plans,
        prereleases=not all(version.is_final for version in shipment.versions),
        depth=product.depth,
        ahead=(product.default_branch,),
        only_planned=True,
    )


def _proved(result: Result, shipment: Shipment, fix: MergedFix) -> RangeProof:
    given_up = _given_up(shipment, fix)
    found = compare(fix.affected, result)
    differences = [one for one in found if not (one.versions and all(map(given_up, one.versions)))]
    proofs = [proof for difference in differences for proof in difference.proofs]
    said = sentence(result.spans) if result.spans else "no version" if result.proved else "nothing"
    unseen = [f"{part.what}: {part.reason}" for part in result.unseen]
    if result.proved and result.uncompared:
        unseen.append(f"{uncompared(result)}: it is proved from commits and messages alone, and this copy has no files")
    return RangeProof(
        said,
        tuple(difference.says for difference in differences if difference.side is not None),
        _told(proofs or _ends(result)),
        tuple(unseen),
        result.origin_known,
        tuple(version for version in shipment.versions if version in result.affected and not _is_open(version, result)),
    )


def _is_open(version: Version, result: Result) -> bool:
    """Whether nothing is proved of a version."""
    return version not in result.versions or version in result.doubtful or version in result.unknown


def _given_up(shipment: Shipment, fix: MergedFix) -> Callable[[Version], bool]:
    """Give what tells a version that this release tagged and gave up for a later one: nobody ever got it.

    It is older than the version that the release ships in its series, which is tagged by now, and the fix was merged
    after the release began, so that no release before can have shipped it.
    """
    product, ships = shipment.product, dict(fix.ships)
    return lambda version: (ours := ships.get(product.series_of(version))) is not None and version < ours


def _ends(result: Result) -> Sequence[Proof]:
    return [proof for series in result.series for proof in series.proofs]


def _told(proofs: Sequence[Proof]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(proof.says for proof in proofs))[:_MOST_PROOFS]

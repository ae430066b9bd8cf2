"""What git proves of the given ranges, for every merged fix (mission M5, M10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from secrel.desk.affected import Asking, Reading, prove_read, read_history
from secrel.desk.desk import Desk
from secrel.desk.provable import can_be_proved, requests_of
from secrel.ports.history import History
from secrel.ranges.cases import Case, Change, SeriesPlan
from secrel.ranges.naming.catalogue import Naming
from secrel.ranges.resolve import asked
from secrel.ranges.results import Proof, Result
from secrel.ranges.said.compare import compare
from secrel.snapshot.seen import RangeProof, Snapshot
from secrel.words.advisories import Advisory
from secrel.words.errors import SecrelError
from secrel.words.parts import Unseen, known
from secrel.words.releases import Shipment
from secrel.words.spans import sentence
from secrel.words.versions import Version

_MOST_PROOFS = 12


def proved_ranges(desk: Desk, snapshot: Snapshot) -> Mapping[str, RangeProof | Unseen]:
    """Prove the range of every fix that is merged everywhere; without a named origin, the side of the fix.

    A history that cannot be read, or does not know a commit, leaves the range unseen: that is never "not affected".
    """
    found: dict[str, RangeProof | Unseen] = {}
    for shipment in snapshot.release.shipments:
        advisories = [a for a in snapshot.contents.advisories if can_be_proved(a, shipment, snapshot)]
        history = desk.histories(shipment.product.repository) if advisories else None
        if history is None:
            continue
        found |= _proofs(history, shipment, advisories, snapshot)
    return found


def _proofs(
    history: History, shipment: Shipment, advisories: Sequence[Advisory], snapshot: Snapshot
) -> dict[str, RangeProof | Unseen]:
    """Read the history once and prove all fixes together; one with a commit that is not there leaves the others."""
    asking, where = _asking(shipment), shipment.product.repository
    found: dict[str, RangeProof | Unseen] = {}
    try:
        reading = read_history(history, asking)
        cases: list[Case] = []
        for advisory in advisories:
            case = _case(advisory, snapshot)
            fault = _lacking(reading, case)
            if fault is None:
                cases.append(case)
            else:
                found[advisory.fix] = Unseen(fault.what, where)
        results = {result.name: result for result in prove_read(reading, asking, cases).results}
    except SecrelError as fault:
        return {advisory.fix: Unseen(fault.what, where) for advisory in advisories}
    for advisory in advisories:
        if advisory.fix in results:
            found[advisory.fix] = _proved(results[advisory.fix], shipment, advisory, snapshot)
    return found


def _lacking(reading: Reading, case: Case) -> SecrelError | None:
    """Give what is wrong with the commits of a case, in this history."""
    try:
        asked(reading.graph, reading.facts, case)
    except SecrelError as fault:
        return fault
    return None


def _case(advisory: Advisory, snapshot: Snapshot) -> Case:
    commits = tuple(request.commit for request in requests_of(advisory, snapshot))
    return Case(
        advisory.fix, (Change(commits=commits),), tuple(Change(commits=(commit,)) for commit in advisory.origins)
    )


def _asking(shipment: Shipment) -> Asking:
    product = shipment.product
    plans = tuple(
        SeriesPlan(series, product.branch_of(series), supported=True, planned=version)
        for version, series in zip(shipment.versions, shipment.series, strict=True)
    )
    return Asking(
        Naming.parse(product.tag),
        plans=plans,
        depth=product.depth,
        ahead=(product.default_branch,),
        only_planned=True,
    )


def _proved(result: Result, shipment: Shipment, advisory: Advisory, snapshot: Snapshot) -> RangeProof:
    given_up = _given_up(shipment, advisory, snapshot)
    found = compare(advisory.affected or (), result)
    differences = [one for one in found if not (one.versions and all(map(given_up, one.versions)))]
    proofs = [proof for difference in differences for proof in difference.proofs]
    said = sentence(result.spans) if result.spans else "no version" if result.proved else "nothing"
    return RangeProof(
        said,
        tuple(difference.says for difference in differences if difference.side is not None),
        _told(proofs or _ends(result)),
        tuple(f"{part.what}: {part.reason}" for part in result.unseen),
        result.origin_known,
    )


def _given_up(shipment: Shipment, advisory: Advisory, snapshot: Snapshot) -> Callable[[Version], bool]:
    """Give what tells a version that this release tagged and gave up for a later one: nobody ever got it.

    It is older than the version that the release ships in its series, which is tagged by now, and the fix was merged
    after the release began, so that no release before can have shipped it.
    """
    product = shipment.product
    tracking, tags = known(snapshot.tracking, None), known(snapshot.tags_of(product), {})
    merged = [request.merged_at for request in requests_of(advisory, snapshot)]
    began = tracking.created_at if tracking else None
    is_new = began is not None and all(at is not None and at > began for at in merged)
    ships = {
        series: version
        for series, version in zip(shipment.series, shipment.versions, strict=True)
        if is_new and product.tag_of(version) in tags
    }
    return lambda version: (ours := ships.get(product.series_of(version))) is not None and version < ours


def _ends(result: Result) -> Sequence[Proof]:
    return [proof for series in result.series for proof in series.proofs]


def _told(proofs: Sequence[Proof]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(proof.says for proof in proofs))[:_MOST_PROOFS]

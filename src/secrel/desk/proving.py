"""What git proves of the given ranges, for every merged fix (mission M5, M10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from secrel.desk.affected import Asking, ReadHistory, prove_read, read_history
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
from secrel.words.history.graph import Graph
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
        found |= _proofs(desk, history, shipment, advisories, snapshot)
    return found


class Kept(Struct, frozen=True, eq=False):
    """What was proved of a history as it was read, and for what: the same is not proved again."""

    graph: Graph
    asking: Asking
    cases: tuple[Case, ...]
    answers: Mapping[str, Result | SecrelError]


def _proofs(
    desk: Desk, history: History, shipment: Shipment, advisories: Sequence[Advisory], snapshot: Snapshot
) -> dict[str, RangeProof | Unseen]:
    """Read the history once and prove all fixes together; one with a commit that is not there leaves the others."""
    where, cases = shipment.product.repository, tuple(_case(one, snapshot) for one in advisories)
    try:
        answers = _answers(desk, history, where, _asking(shipment), cases)
    except SecrelError as fault:
        return {advisory.fix: Unseen(fault.what, where) for advisory in advisories}
    found: dict[str, RangeProof | Unseen] = {}
    for advisory in advisories:
        answer = answers[advisory.fix]
        found[advisory.fix] = (
            Unseen(answer.what, where)
            if isinstance(answer, SecrelError)
            else _proved(answer, shipment, advisory, snapshot)
        )
    return found


def _answers(
    desk: Desk, history: History, where: str, asking: Asking, cases: tuple[Case, ...]
) -> Mapping[str, Result | SecrelError]:
    """Give the result of every case by its name, or what is wrong with its commits; the last answers are kept.

    They hold while no branch or tag moved and the same is asked. Those of a copy that lacks contents are not kept:
    the contents may be there at the next look.
    """
    reading, kept = read_history(history, asking), desk.proofs.get(where)
    if kept is not None and kept.graph is reading.graph and (kept.asking, kept.cases) == (asking, cases):
        return kept.answers
    answers: dict[str, Result | SecrelError] = {}
    for case in cases:
        if (fault := _lacking(reading, case)) is not None:
            answers[case.name] = fault
    proved = prove_read(reading, asking, [case for case in cases if case.name not in answers])
    answers |= {result.name: result for result in proved.results}
    if not proved.notes:
        desk.proofs[where] = Kept(reading.graph, asking, cases, answers)
    return answers


def _lacking(reading: ReadHistory, case: Case) -> SecrelError | None:
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
        tuple(version for version in shipment.versions if version in result.affected and not _is_open(version, result)),
    )


def _is_open(version: Version, result: Result) -> bool:
    """Whether nothing is proved of a version."""
    return version not in result.versions or version in result.doubtful or version in result.unknown


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

"""Every fix has one merge request for each branch it has to reach, and every one is ready or merged.

The rules are those of gitlab-process.md 2.3 (a merge request) and 2.4 (an implementation issue). After the deadline
of a planned release, a fix that is not ready and not merged is to be taken out: it would not make it into the packages.

Rule: docs/process/gitlab/merge-requests-ready.md
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from secrel.evaluate.looking import (
    advisory_of,
    before_this_release,
    each_fix,
    issue_of,
    label_named,
    requests_of,
    seeing,
)
from secrel.evaluate.merge_rules import Demands, MergeRules, demands_of, faults, own_discussions
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Hidden, Pending, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory
from secrel.words.fixes import Fix
from secrel.words.forge import MergeRequest, Pipeline, State
from secrel.words.parts import Unseen, need, settled
from secrel.words.releases import Kind, Shipment
from secrel.words.versions import Series, Version

Params = MergeRules


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at the merge requests of every fix, closed ones left out."""
    return each_fix(snapshot, lambda fix: _ready(fix, snapshot, question))


def _ready(fix: Fix, snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    product = settled(fix.product, f"the product of {fix.ref}")
    shipment = snapshot.release.shipment(product)
    if shipment is None:
        yield Finding(fix.ref, f"is a fix of {product!r}, of which this release ships no version")
        return
    advisory = advisory_of(snapshot, fix.ref)
    if advisory is not None and (before := before_this_release(advisory)):
        yield Evidence(fix.ref, before)
        return
    counted = [request for request in requests_of(fix) if request.state is not State.CLOSED]
    reached = Counter(request.target for request in counted)
    missing = _missing(fix, reached, advisory, (shipment, question))
    said = [*seeing(missing), *_misplaced(fix, reached, shipment)]
    demands = demands_of(question.params, shipment.product.default_branch, question.process, snapshot)
    for request in counted:
        said += seeing(_readiness(request, demands, fix, snapshot.release.name))
    late = _too_late(snapshot, question) and not any(request.state is State.MERGED for request in counted)
    yield from (_taken_out(one, fix, snapshot) if late and isinstance(one, Finding) else one for one in said)


def _too_late(snapshot: Snapshot, question: Question[Params]) -> bool:
    deadline = question.deadline
    return snapshot.release.kind is Kind.PLANNED and deadline is not None and question.now >= deadline


def _taken_out(finding: Finding, fix: Fix, snapshot: Snapshot) -> Finding:
    if finding.remedy:
        return finding  # it is ready, and only the desk has something left to do
    name, ref = quoted(snapshot.release.name), quoted(fix.ref)
    return replace(finding, remedy=f'secrel fix remove {name} {ref} --reason "not ready at the deadline"')


def _missing(
    fix: Fix, reached: Mapping[str, int], advisory: Advisory | None, asked: tuple[Shipment, Question[Params]]
) -> Iterator[Said]:
    """Say which branches it does not reach, and which it need not reach, and who says so: the range, or a label."""
    shipment, question = asked
    product = shipment.product
    if product.default_branch not in reached:
        yield Finding(fix.ref, f"has no merge request for {product.default_branch}")
    label = label_named(question, "reduced_backports")
    is_reduced = label in issue_of(fix).labels
    for version, series in zip(shipment.versions, shipment.series, strict=True):
        target = product.branch_of(series)
        if target not in reached:
            told = _told(advisory, shipment, version)
            yield _unreached(fix.ref, target, (version, series), told, (label, is_reduced))


def _told(advisory: Advisory | None, shipment: Shipment, version: Version) -> str:
    """Say what the range says of a version: `unknown`, `fixed`, `affected` and not fixed, or `unaffected`."""
    if advisory is None or not advisory.affected:
        return "unknown"
    if version in advisory.brought_by(shipment):
        return "fixed"
    return "affected" if advisory.affects(version) else "unaffected"


def _unreached(
    ref: str, target: str, of: tuple[Version, Series], told: str, labelled: tuple[str, bool]
) -> Finding | Evidence:
    (version, series), (label, is_reduced) = of, labelled
    match told:
        case "fixed":
            return Finding(ref, f"has no merge request for {target}, and its range says that {version} has the fix")
        case "unaffected":
            return Evidence(ref, f"needs none for {target}: its range says that {series} is not affected")
        case _ if is_reduced:
            return Evidence(ref, f"needs none for {target}: its issue is labelled {label!r}")
        case "affected":
            said = f"its range says that {version} is affected: carry it there, or label its issue {label!r}"
            return Finding(ref, f"has no merge request for {target}, and {said}")
        case _:
            return Finding(ref, f"has no merge request for {target}, and no range says that {series} is not affected")


def _misplaced(fix: Fix, reached: Mapping[str, int], shipment: Shipment) -> Iterator[Said]:
    allowed = {shipment.product.default_branch, *(shipment.product.branch_of(series) for series in shipment.series)}
    for target in sorted(reached):
        if target not in allowed:
            yield Finding(fix.ref, f"has a merge request for {target[:80]}, which is no branch of this release")
        elif reached[target] > 1:
            yield Finding(fix.ref, f"has {reached[target]} merge requests for {target}")


def _readiness(request: MergeRequest, demands: Demands, fix: Fix, release: str) -> Iterator[Said]:
    pipeline = request.pipeline
    if request.state is State.MERGED:
        if settled(pipeline, f"the pipeline of {request.ref}") is not Pipeline.FAILED:
            yield Evidence(request.ref, f"merged into {request.target}")
        elif need(fix.tags, f"what holds {fix.ref}"):
            yield Evidence(request.ref, "is merged and tagged; its pipeline has failed since, and it ships as it is")
        else:
            yield Finding(request.ref, "is merged, and its pipeline has failed")
        return
    wrong = list(faults(request, demands))
    for fault in wrong:
        yield Hidden(f"{request.ref}: {fault.reason}") if isinstance(fault, Unseen) else Finding(request.ref, fault)
    if not wrong and own_discussions(request):
        what = "is ready; the desk still has to resolve its own discussion of what was missing"
        yield Finding(request.ref, what, f"secrel apply {quoted(release)}")
    elif pipeline is Pipeline.RUNNING and request.target != demands.default_branch:
        yield Pending(request.ref, "its pipeline is running")
    elif not wrong:
        yield Evidence(request.ref, f"is ready for {request.target}")

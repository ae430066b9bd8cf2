"""Merge requests of a release's fixes as rows: one for every branch that a fix has to reach (mission M4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from secrel.evaluate.verdicts import Finding
from secrel.process.table import GIT, Process
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory
from secrel.words.fixes import Fix
from secrel.words.forge import Assent, MergeRequest, State
from secrel.words.parts import Seen, Unseen, known
from secrel.words.patterns import pattern
from secrel.words.releases import Product, Shipment
from secrel.words.versions import Version

APPSEC = "appsec"
_AFTER_REFERENCE = pattern(r"[ :,]")


class Tagged(StrEnum):
    """Whether a fix is in the tag of the version that a row is about."""

    YES = "yes"
    NO = "no"
    NOT_YET = "no tag yet"
    UNSEEN = "unseen"
    NO_VERSION = "-"


class Row(Struct, frozen=True):
    """One fix on one branch.

    `version` is what the branch ships in this release, None for the default branch; `merge_request` None: there is
    none, or with `unseen`: nobody could look; `is_needed` whether the fix has to reach this branch; `bot` the handle it
    has to be assigned to, empty when the process names none.
    """

    fix: Fix
    target: str
    version: Version | None
    merge_request: MergeRequest | None
    is_needed: bool
    tag: str
    tagged: Tagged
    bot: str
    unseen: bool = False

    @property
    def is_merged(self) -> bool:
        """Whether it is in its branch."""
        return self.merge_request is not None and self.merge_request.state is State.MERGED

    @property
    def has_bot(self) -> bool | None:
        """Whether it is assigned to the release bot; None when there is nothing to assign any more, or nobody to."""
        if self.merge_request is None or self.is_merged or not self.bot:
            return None
        return self.bot in self.merge_request.assignees

    @property
    def assents(self) -> tuple[Assent, ...]:
        """Approvals, AppSec's first, then as they came."""
        given = self.merge_request.assents if self.merge_request else ()
        given = () if isinstance(given, Unseen) else given
        return tuple(sorted(given, key=lambda one: (one.team != APPSEC, one.at, one.by)))

    def is_stale(self, assent: Assent) -> bool:
        """Whether the branch has moved since somebody approved it."""
        return self.merge_request is not None and self.merge_request.is_stale(assent)

    @property
    def short_ref(self) -> str:
        """The merge request's reference, without its project where that is the fix's own."""
        if self.merge_request is None:
            return ""
        project, _, number = self.merge_request.ref.rpartition("!")
        return f"!{number}" if project == self.fix.ref.rpartition("#")[0] else self.merge_request.ref


class FixRows(Struct, frozen=True):
    """One fix with its rows, and what was found about it; `findings_of` has those of one row.

    `advisory` is what is told of it, None when that cannot be read.
    """

    fix: Fix
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    advisory: Advisory | None = None

    def findings_of(self, row: Row) -> tuple[Finding, ...]:
        """What was found about the merge request of `row`."""
        ref = row.merge_request.ref if row.merge_request else ""
        return tuple(one for one in self.findings if ref and subject_of(one) == ref)

    @property
    def other_findings(self) -> tuple[Finding, ...]:
        """What was found about the fix as a whole, or about a merge request that is not there."""
        told = {id(one) for row in self.rows for one in self.findings_of(row)}
        return tuple(one for one in self.findings if id(one) not in told)


def subject_of(finding: Finding) -> str:
    """Give the reference that a finding is about, without a part of it that is named behind a blank, `:` or `,`."""
    return _AFTER_REFERENCE.split(finding.about, maxsplit=1)[0]


def rows_of(fix: Fix, snapshot: Snapshot, process: Process) -> tuple[Row, ...]:
    """Give the rows of one fix: the default branch, the branch of every series, then branches it need not be on."""
    return tuple(_rows(fix, snapshot, process))


def blocks_of(snapshot: Snapshot, process: Process, findings: Sequence[Finding]) -> tuple[FixRows, ...]:
    """Give every fix of the release with its rows, in the order of the release."""
    by_subject: dict[str, list[Finding]] = {}
    for one in findings:
        by_subject.setdefault(subject_of(one), []).append(one)
    told = {advisory.fix: advisory for advisory in snapshot.contents.advisories}
    blocks = (_block(fix, rows_of(fix, snapshot, process), by_subject) for fix in snapshot.tracked_fixes)
    return tuple(replace(block, advisory=told.get(block.fix.ref)) for block in blocks)


def unplaced(blocks: Sequence[FixRows], findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Give what was found about none of the fixes."""
    placed = {id(one) for block in blocks for one in block.findings}
    return tuple(one for one in findings if id(one) not in placed)


def _block(fix: Fix, rows: tuple[Row, ...], by_subject: Mapping[str, Sequence[Finding]]) -> FixRows:
    refs = [fix.ref, *(request.ref for request in known(fix.merge_requests, ()))]
    request = known(fix.cve_request, None)
    if request is not None:
        refs.append(request.ref)
    return FixRows(fix, rows, tuple(one for ref in dict.fromkeys(refs) for one in by_subject.get(ref, ())))


def _rows(fix: Fix, snapshot: Snapshot, process: Process) -> Iterator[Row]:
    key = "" if isinstance(fix.product, Unseen) else fix.product
    shipment = snapshot.release.shipment(key)
    product = shipment.product if shipment else process.product(key)
    bot = process.people.get("release_bot", "")
    is_whole = isinstance(fix.merge_requests, Seen) and not fix.merge_requests.shortfall
    has_git = GIT not in process.lacks
    needed: dict[str, Version | None] = {product.default_branch: None} if product and has_git else {}
    if shipment and has_git:
        branches = _branches(fix, shipment, snapshot)
        needed = {**needed, **branches} if branches else {}
    for target, version in needed.items():
        tag = product.tag_of(version) if product and version else ""
        tagged = _tagged(fix, tag, snapshot, product)
        for found in _on(fix, target) or [None]:
            unseen = found is None and not is_whole
            yield Row(fix, target, version, found, is_needed=True, tag=tag, tagged=tagged, bot=bot, unseen=unseen)
    for found in known(fix.merge_requests, ()):
        if found.target not in needed:
            yield Row(fix, found.target, None, found, is_needed=False, tag="", tagged=Tagged.NO_VERSION, bot=bot)


def _branches(fix: Fix, shipment: Shipment, snapshot: Snapshot) -> dict[str, Version]:
    """Give the branches of series that the fix has to reach, or reaches, with what each ships; none where none does."""
    told = next((one for one in snapshot.contents.advisories if one.fix == fix.ref), None)
    brought = told.brought_by(shipment) if told else shipment.versions
    found = {shipment.product.branch_of(shipment.product.series_of(v)): v for v in shipment.versions}
    return {
        branch: version
        for branch, version in found.items()
        if version in brought or (told is not None and told.affects(version)) or _on(fix, branch)
    }


def _on(fix: Fix, target: str) -> list[MergeRequest | None]:
    """Merge requests into `target`; closed ones only when there is no other."""
    found = [mr for mr in known(fix.merge_requests, ()) if mr.target == target]
    return list([mr for mr in found if mr.state is not State.CLOSED] or found)


def _tagged(fix: Fix, tag: str, snapshot: Snapshot, product: Product | None) -> Tagged:
    if not tag or product is None:
        return Tagged.NO_VERSION
    if tag in known(fix.tags, ()):
        return Tagged.YES
    there = snapshot.tags_of(product)
    if isinstance(there, Unseen) or isinstance(fix.tags, Unseen):
        return Tagged.UNSEEN
    return Tagged.NO if tag in there.value else Tagged.NOT_YET

"""Advisories: our record of one vulnerability, the only source of every document about it (mission M10)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from secrel.words.facts.texts import Address
from secrel.words.ids import CveId, Cwe
from secrel.words.releases import Kind, Release, Shipment
from secrel.words.spans import EARLIEST, Span, first_of
from secrel.words.vectors import Severity, Vector
from secrel.words.versions import Version

OURS = "us"
"""Who assigned a CVE id, where that is our own CNA."""


class CreditType(StrEnum):
    """How somebody helped; the words of CVE Record Format 5.1.1, `credits[].type`, that we use."""

    FINDER = "finder"
    REPORTER = "reporter"
    ANALYST = "analyst"


class CreditSource(StrEnum):
    """Where the finding came from: it decides the sentence of thanks.

    `unsaid`: nobody said, and what a post then says is its form's affair.
    """

    HACKERONE = "hackerone"
    INTERNAL = "internal"
    CUSTOMER = "customer"
    OTHER = "other"
    UNSAID = "unsaid"


class Credit(msgspec.Struct, frozen=True):
    """Who found it, as they wish to be named; `name` is empty for an internal finding that names nobody.

    `profile` is an address that is public with the name; `report` is the finder's
    report: only a record cites it, where it is one of the bounty program.
    """

    name: Address = ""
    source: CreditSource = CreditSource.UNSAID
    type: CreditType = CreditType.FINDER
    profile: Address = ""
    report: Address = ""


class Advisory(Struct, frozen=True):
    """One vulnerability, with every fact that any document says of it.

    `fix` is the reference of its implementation issue; `product` a product key; `edition` how the affected edition is
    said (`GitLab CE/EE`; empty: the product's short name); `affected` None means that nobody gave the range yet;
    `assigned_by` says whose the CVE id is: `OURS`, or the name of another CNA; empty: nobody said.
    `no_cve` is the written reason why no CVE id is needed (gitlab-process.md 4.2), empty when one is.
    `fixed_already` are versions published before this release that have the fix.
    `hosted_only` names the hosted service that alone was affected; then no version that people run is, nor needs an id.
    `disclosure_days` are those after which its issue becomes public, None: those of its release.
    `origins` are the commits that brought it in, when somebody knows them: then the range can be proved from git.
    `allowed` are words of its texts that the rules for wording would find, and that are meant so.
    `issue_url` is the address of the issue that becomes public, for documents; `own_url` that of the fix's own issue
    where only members can read its project: no document has it.
    `description` is one or more sentences in plain text, without version range, score or thanks: those are computed.
    """

    fix: str
    title: str
    description: str
    product: str
    edition: str = ""
    affected: tuple[Span, ...] | None = None
    vector: Vector | None = None
    weakness: Cwe | None = None
    cve_id: CveId | None = None
    assigned_by: str = ""
    no_cve: str = ""
    credits: tuple[Credit, ...] = ()
    references: tuple[str, ...] = ()
    related: tuple[CveId, ...] = ()
    workaround: str = ""
    issue_url: str = ""
    own_url: str = ""
    origins: tuple[str, ...] = ()
    disclosure_days: int | None = None
    fixed_already: tuple[Version, ...] = ()
    hosted_only: str = ""
    allowed: tuple[str, ...] = ()

    @property
    def needs_cve(self) -> bool:
        """Whether it has to have a CVE id, from whatever CNA."""
        return not self.no_cve and not self.hosted_only

    @property
    def without_cve(self) -> str:
        """Why it needs no CVE id; empty when it needs one."""
        return self.no_cve or (f"only {self.hosted_only} was affected" if self.hosted_only else "")

    @property
    def asks_for_id(self) -> bool:
        """Whether we have to request an id: it needs one, has none, and no other CNA is to assign it."""
        return self.needs_cve and self.cve_id is None and not self.other_cna

    @property
    def asks_other_cna(self) -> bool:
        """Whether another CNA has to be asked for its id: it needs one, has none, and is said to be theirs."""
        return self.needs_cve and self.cve_id is None and bool(self.other_cna)

    @property
    def has_own_id(self) -> bool:
        """Whether its CVE id is ours: then we publish the record, and nobody else does."""
        return self.cve_id is not None and self.assigned_by == OURS

    @property
    def other_cna(self) -> str:
        """Name the CNA of somebody else that assigns its id, which we only cite then; empty when it is none."""
        return self.assigned_by if self.assigned_by != OURS else ""

    @property
    def reports(self) -> dict[str, str]:
        """Give the reports that are answered, each once, by their names in keys.

        A name is made of its report alone: it stays whoever else is credited, in whatever order.
        """
        told = (credit.report for credit in self.credits if credit.report)
        return {hashlib.sha256(report.encode()).hexdigest()[:8]: report for report in told}

    @property
    def shipped_before(self) -> bool:
        """Whether every version that ends its range was published before this release, which only announces it."""
        ends = [span.fixed for span in self.spans]
        return bool(ends) and all(end in self.fixed_already for end in ends)

    def brought_by(self, shipment: Shipment) -> tuple[Version, ...]:
        """Give the versions of a shipment that bring this fix: those of the series in which its range ends.

        While nobody gave a range, or one that ends in no series of the shipment, all of them do: what nobody said is
        never "not affected". A series in which a version published before has the fix needs it no more.
        """
        if self.hosted_only or self.shipped_before:
            return ()
        series_of = shipment.product.series_of
        ended = {series_of(end) for span in self.spans if (end := span.fixed) and end not in self.fixed_already}
        return tuple(version for version in shipment.versions if series_of(version) in ended) or shipment.versions

    def ships_in(self, shipment: Shipment) -> tuple[Version, ...]:
        """Give the versions of a shipment that have to hold this fix: those that bring it, and first ones of a series.

        No range can end in the first version of a series, since there is none before it; when the range begins earlier
        and the fix is not in it, it is the first version of its series that is affected.
        """
        brought = self.brought_by(shipment)
        begins = min((span.since or EARLIEST for span in self.spans), default=EARLIEST)
        return tuple(
            version
            for version, series in zip(shipment.versions, shipment.series, strict=True)
            if version in brought or (brought and begins < version == first_of(version, series))
        )

    def affects(self, version: Version) -> bool:
        """Whether its range, as far as somebody gave it, says that a version is affected."""
        return any(version in span for span in self.spans)

    @property
    def spans(self) -> tuple[Span, ...]:
        """What is affected, as far as somebody said."""
        return self.affected or ()

    def days_until_public(self, release: Release) -> int:
        """How many days after the announcement its issue becomes public: its own, or else those of its release."""
        return release.disclosure_days if self.disclosure_days is None else self.disclosure_days

    @property
    def announced(self) -> Advisory:
        """What documents say of it: without where it was reported, why it has no CVE id, and where it came from."""
        thanked = tuple(msgspec.structs.replace(credit, report="") for credit in self.credits)
        no_cve = "decided" if self.no_cve else ""
        told = replace(self, credits=thanked, no_cve=no_cve, own_url="", origins=(), disclosure_days=None, allowed=())
        return replace(told, assigned_by=self.other_cna)


class DependencyUpdate(Struct, frozen=True):
    """A third party's fix that we ship: told at the end of the post, with its existing CVE ids (handbook, step 2).

    `affected` is a sentence such as `all versions of GitLab Omnibus`, or empty. `no_cve` is the reason why its makers
    gave no id, empty while nobody said; it is not published.
    """

    name: str
    version: str
    product: str
    cve_ids: tuple[CveId, ...] = ()
    affected: str = ""
    no_cve: str = ""


class BugFix(msgspec.Struct, frozen=True):
    """A change without security content that one version also carries."""

    version: str
    title: str
    url: str


class UpgradeNote(msgspec.Struct, frozen=True):
    """A version whose upgrade needs care: `migrations`, `post-deploy migrations`, `downtime`."""

    version: str
    kinds: tuple[str, ...]


class Contents(Struct, frozen=True):
    """All that one release announces: a release, its advisories and what else it carries."""

    release: Release
    advisories: tuple[Advisory, ...] = ()
    dependencies: tuple[DependencyUpdate, ...] = ()
    bug_fixes: tuple[BugFix, ...] = ()
    upgrade_notes: tuple[UpgradeNote, ...] = ()

    @property
    def is_critical(self) -> bool:
        """Whether the announcement says *Critical*: unplanned, or an advisory is (gitlab-process.md 2.5)."""
        return self.release.kind is Kind.UNPLANNED or any(
            a.vector is not None and a.vector.severity is Severity.CRITICAL for a in self.advisories
        )

    @property
    def digest(self) -> str:
        """The fingerprint of what is announced, 32 hexadecimal digits: whether a mail was verified against it."""
        told = replace(self, advisories=tuple(advisory.announced for advisory in self.advisories))
        return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()[:32]


def by_severity(advisories: Iterable[Advisory]) -> list[Advisory]:
    """Order for every table and section: score falling, then CVE id, then title; those without a vector last."""

    def place(advisory: Advisory) -> tuple[float, tuple[int, int], str, str]:
        score = advisory.vector.score if advisory.vector else -1.0
        number = advisory.cve_id.key if advisory.cve_id else (9999, 0)
        return (-score, number, advisory.title, advisory.fix)

    return sorted(advisories, key=place)


def cve_ids(advisories: Sequence[Advisory]) -> list[CveId]:
    """Every CVE id that is assigned, in the order given."""
    return [a.cve_id for a in advisories if a.cve_id is not None]

"""What is answered: spans, first fixed versions and affected versions of one vulnerability, each end with its proof."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from secrel.ranges.kin.links import Link
from secrel.words.spans import Span
from secrel.words.versions import Series, Version


class State(StrEnum):
    """How one version stands."""

    UNAFFECTED = "never affected"
    AFFECTED = "affected"
    FIXED = "fixed"
    UNSEEN = "unseen"


class Outcome(StrEnum):
    """How one series stands."""

    NEVER_AFFECTED = "never affected"
    FIXED = "fixed"
    FIXED_FROM_START = "fixed from its first version"
    FIXED_NEXT = "fixed in the next version"
    NO_FIX_FOUND = "no fix found"
    CAME_BACK = "fixed, and affected again"
    ENDED = "series ended"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that was seen: `says` is a sentence; version, tag and commit (full id) are what it is about."""

    says: str
    version: Version | None = None
    tag: str = ""
    commit: str = ""
    signal: str = ""


@dataclass(frozen=True, slots=True)
class SeriesResult:
    """One series: its spans, how it stands, and the first version with the fix (`planned` when it is not out yet)."""

    series: Series
    outcome: Outcome
    spans: tuple[Span, ...] = ()
    first_fixed: Version | None = None
    planned: Version | None = None
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class NotProved:
    """What the history cannot show: a version or something else, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A person's claim as it was applied: the versions whose state it changed."""

    claims: str
    reason: str
    by: str
    changed: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """All about one vulnerability.

    `proved` is False when something needed was not seen or does not fit together: then `spans` says no more than what
    holds for the versions that could be judged, and `unseen` says what is missing. `versions` are all that were judged
    or should have been, `affected` and `fixed` those of each kind, `inferred` those that have no tag and were judged by
    their neighbours. `origins` and `fixes` are all commits (full ids) that count, `links` those of them that nobody
    named, `parts` how many changes the fix needs together; `proposals` are commits that wait for a person.
    """

    name: str
    proved: bool
    origin_known: bool
    spans: tuple[Span, ...] = ()
    series: tuple[SeriesResult, ...] = ()
    versions: tuple[Version, ...] = ()
    affected: tuple[Version, ...] = ()
    fixed: tuple[Version, ...] = ()
    inferred: tuple[Version, ...] = ()
    unseen: tuple[NotProved, ...] = ()
    claims: tuple[Applied, ...] = ()
    findings: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    proposals: tuple[Link, ...] = ()
    proposed_origins: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    parts: int = 0

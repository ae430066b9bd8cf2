"""What is answered: spans, first fixed versions and affected versions of one vulnerability, each end with its proof."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from secrel.ranges.kin.links import CommitLink
from secrel.words.history.text import SHORT_ID
from secrel.words.spans import Span
from secrel.words.versions import Series, Version


class SeriesOutcome(StrEnum):
    """How one series stands."""

    NEVER_AFFECTED = "never affected"
    FIXED = "fixed"
    FIXED_FROM_START = "fixed from its first version"
    FIXED_NEXT = "fixed in the next version"
    NO_FIX_FOUND = "no fix found"
    CAME_BACK = "fixed, and affected again"
    ENDED = "series ended"
    UNSEEN = "unseen"


class Proof(Struct, frozen=True):
    """One thing that was seen: `says` is a sentence; version, tag and commit (full id) are what it is about."""

    says: str
    version: Version | None = None
    tag: str = ""
    commit: str = ""
    signal: str = ""


class SeriesResult(Struct, frozen=True):
    """One series: its spans, how it stands, and the first version with the fix (`planned` when it is not out yet)."""

    series: Series
    outcome: SeriesOutcome
    spans: tuple[Span, ...] = ()
    first_fixed: Version | None = None
    planned: Version | None = None
    proofs: tuple[Proof, ...] = ()


class NotProved(Struct, frozen=True):
    """What the history cannot show, why, and what to do; `versions` are those of which nothing is proved for it."""

    what: str
    reason: str
    remedy: str = ""
    versions: tuple[Version, ...] = ()


class Applied(Struct, frozen=True):
    """A person's claim as it was applied: the versions whose state it changed."""

    claims: str
    reason: str
    by: str
    changed: tuple[Version, ...]


class Result(Struct, frozen=True):
    """All about one vulnerability: one value per version, from which every output follows.

    `versions` are all that there are; each is in `affected`, in `fixed`, in `unknown` (nothing was seen of it), or was
    never affected. `unseen` says why the whole is not `proved`, and of which versions: those are `doubtful`, whatever
    else is said of them. `inferred` have no tag, are older than the first one, and count as that one. `origins` and
    `fixes` are all commits (full ids) that count, `links` those of them that nobody named, `reverts` those that take
    one of them back, `parts` how many changes the fix needs together; `proposals` are commits that wait for a person.
    `uncompared` are those of `fixes` of which it was not seen whether versions still have what they changed. Where the
    copy has contents and that was asked for, it is in `unseen` as well; else what is proved is so from commits and
    messages alone.
    """

    name: str
    origin_known: bool
    spans: tuple[Span, ...] = ()
    series: tuple[SeriesResult, ...] = ()
    versions: tuple[Version, ...] = ()
    affected: tuple[Version, ...] = ()
    fixed: tuple[Version, ...] = ()
    unknown: tuple[Version, ...] = ()
    inferred: tuple[Version, ...] = ()
    unseen: tuple[NotProved, ...] = ()
    claims: tuple[Applied, ...] = ()
    findings: tuple[str, ...] = ()
    links: tuple[CommitLink, ...] = ()
    proposals: tuple[CommitLink, ...] = ()
    proposed_origins: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    reverts: tuple[str, ...] = ()
    parts: int = 0
    uncompared: tuple[str, ...] = ()

    @property
    def proved(self) -> bool:
        """Whether every version was judged, there is one, and nothing is in doubt."""
        return bool(self.versions) and not self.unseen

    @property
    def doubtful(self) -> frozenset[Version]:
        """The versions of which nothing is proved."""
        return frozenset(version for unproved in self.unseen for version in unproved.versions)


UNCOMPARED = "whether versions still have what it changed was not compared"
"""What keeps a fix from being proved where there are contents to ask for, and is said of it where there are none."""


def uncompared(result: Result) -> str:
    """Say of which fixes it was not seen whether versions still have what they changed; or nothing."""
    names = ", ".join(name[:SHORT_ID] for name in result.uncompared)
    return names and f"{UNCOMPARED}: {names}"

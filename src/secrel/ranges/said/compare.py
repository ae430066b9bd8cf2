"""What differs: a given range and the proved one, and whether every fix is in every version that a text names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from secrel.ranges.results import Proof, Result, SeriesOutcome
from secrel.words.spans import Span
from secrel.words.versions import Version


class Side(StrEnum):
    """Who says that a version is affected, or fixed."""

    GIVEN = "given"
    PROVED = "proved"


class Difference(Struct, frozen=True):
    """One thing on which the two sides disagree: `says` is a sentence, `versions` those affected on `side` only.

    `proofs` are what was seen of the ends concerned. `side` None: nobody is wrong, but something could not be proved.
    """

    says: str
    side: Side | None = None
    versions: tuple[Version, ...] = ()
    proofs: tuple[Proof, ...] = ()


def compare(given: Sequence[Span], proved: Result) -> tuple[Difference, ...]:
    """Compare a given range with the proved one, version by version; empty when they agree on every version.

    Versions of which nothing is proved are compared with nothing, and said; so are given ends that are no version.
    Where the origin is unknown, nothing is said of versions before the first one given: only the fix's side is judged.
    """
    affected, fixed = set(proved.affected), set(proved.fixed)
    hidden = proved.doubtful | set(proved.unknown)
    begins = None if proved.origin_known else _begins(given)
    known = [*proved.versions]
    sure = [version for version in known if version not in hidden and (begins is None or version >= begins)]
    told = {version for version in known if any(version in span for span in given)}
    extra = tuple(version for version in sure if version in told and version not in affected)
    missing = tuple(version for version in sure if version in affected and version not in told)
    found = []
    if missing:
        found.append(
            Difference(
                _said("affected, and the given range leaves out", missing),
                Side.PROVED,
                missing,
                _about(proved, missing),
            )
        )
    if extra:
        why = "fixed or never affected, and the given range names"
        found.append(Difference(_said(why, extra), Side.GIVEN, extra, _about(proved, extra)))
    doubtful = tuple(version for version in known if version in hidden)
    if doubtful:
        found.append(Difference(_said("not proved either way:", doubtful), None, doubtful))
    found.extend(Difference(f"not proved: {part.what}: {part.reason}") for part in proved.unseen if not part.versions)
    planned = {series.planned for series in proved.series if series.outcome is SeriesOutcome.FIXED_NEXT}
    judged = [(span.since, span.fixed) if proved.origin_known else (span.fixed,) for span in given]
    ends = [end for mine in judged for end in mine if end is not None]
    own = {end for span in proved.spans for end in (span.since, span.fixed)}
    every = {*known, *affected, *fixed, *planned, *own}
    strange = tuple(end for end in dict.fromkeys(ends) if known and end not in every)
    found.extend(
        Difference(f"{end} is an end of the given range and no known version", Side.GIVEN, (end,)) for end in strange
    )
    return tuple(found)


def _begins(given: Sequence[Span]) -> Version | None:
    """Give the first affected version of a range; None when it has no beginning."""
    starts = [span.since for span in given if span.since is not None]
    return min(starts) if starts and len(starts) == len(given) else None


def in_the_tag(named: Iterable[Version], results: Sequence[Result]) -> tuple[Difference, ...]:
    """Check that every version a text names as fixed has every fix; empty when it is so.

    A version that is not known (not tagged yet, or never published) and one that could not be judged are differences.
    """
    found = []
    for result in results:
        known, fine = set(result.versions), set(result.versions) - set(result.affected)
        hidden = result.doubtful | set(result.unknown)
        for version in named:
            if version not in known:
                found.append(
                    Difference(
                        f"{result.name}: {version} has no tag, so its fix cannot be seen", Side.GIVEN, (version,)
                    )
                )
            elif version in hidden:
                found.append(
                    Difference(f"{result.name}: whether {version} has the fix could not be seen", None, (version,))
                )
            elif version not in fine:
                proofs = _about(result, (version,))
                found.append(
                    Difference(f"{result.name}: {version} does not have the fix", Side.GIVEN, (version,), proofs)
                )
    return tuple(found)


def _said(what: str, versions: Sequence[Version]) -> str:
    shown = ", ".join(str(version) for version in versions[:_SHOWN])
    more = f" and {len(versions) - _SHOWN} more" if len(versions) > _SHOWN else ""
    return f"{what} {shown}{more}"


_SHOWN = 12


def _about(result: Result, versions: Sequence[Version]) -> tuple[Proof, ...]:
    """Gather the proofs of the series that these versions belong to."""
    return tuple(
        proof
        for series in result.series
        if any(version in series.series for version in versions)
        for proof in series.proofs
    )

"""What each version of a release fixes, from the ranges of its advisories: not every one has every fix."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from secrel.words.advisories import Advisory, Contents
from secrel.words.releases import Shipment
from secrel.words.versions import Version


def vulnerabilities(contents: Contents) -> tuple[Advisory, ...]:
    """Give the advisories of vulnerabilities that this release fixes: what has no id, and no score above 0, hardens."""
    return tuple(
        one for one in _shipped_now(contents) if one.needs_cve or one.cve_id or (one.vector and one.vector.score)
    )


def hardenings(contents: Contents) -> tuple[Advisory, ...]:
    """Give the advisories of changes that this release ships and that fix no vulnerability."""
    found = vulnerabilities(contents)
    return tuple(one for one in _shipped_now(contents) if one not in found)


def _shipped_now(contents: Contents) -> tuple[Advisory, ...]:
    """Leave out what an earlier release has fixed already, and what only a hosted service had."""
    return tuple(one for one in contents.advisories if not (one.shipped_before or one.hosted_only))


def fixed_in(advisory: Advisory, shipment: Shipment) -> tuple[Version, ...]:
    """Give the versions of a shipment that fix one vulnerability, highest first; all of them while nobody knows.

    A version that was never affected by it does not fix it, and one that stays affected does not either.
    """
    ends = {span.fixed for span in advisory.affected or ()}
    found = tuple(version for version in shipment.versions if version in ends)
    return found or shipment.versions


class ProductReach(Struct, frozen=True):
    """One version: how many of the vulnerabilities of its product it fixes, and how many stay open in it, `of` all."""

    version: Version
    fixes: int
    leaves: int
    of: int


def reach_of(contents: Contents, shipment: Shipment) -> tuple[ProductReach, ...]:
    """Tell of each version of a product what it fixes, highest first; nothing while a range is not known.

    What an earlier release has fixed already counts where a version of this one still has it: it is announced now.
    """
    open_still = [one for one in contents.advisories if one.shipped_before and _stays_in(one, shipment.versions)]
    ours = [one for one in (*vulnerabilities(contents), *open_still) if one.product == shipment.product.key]
    if not ours or any(not one.affected for one in ours):
        return ()
    return tuple(
        ProductReach(
            version,
            sum(any(span.fixed == version for span in one.affected or ()) for one in ours),
            sum(any(version in span for span in one.affected or ()) for one in ours),
            len(ours),
        )
        for version in shipment.versions
    )


def _stays_in(advisory: Advisory, versions: Sequence[Version]) -> bool:
    return any(version in span for version in versions for span in advisory.spans)


def first_affected(contents: Contents, shipment: Shipment) -> Version | None:
    """Give the version before which nothing of a product is affected by any advisory, where that spares somebody.

    None where everything old is affected, where a range is not known, where a dependency is updated (nobody says which
    versions that concerns), and where it would spare only series that the release does not fix.
    """
    ours = [one for one in contents.advisories if one.product == shipment.product.key and not one.hosted_only]
    spans = [span for one in ours for span in one.affected or ()]
    begins = [span.since for span in spans]
    known = [since for since in begins if since is not None]
    is_told = bool(ours) and all(one.affected for one in ours) and len(known) == len(begins)
    if not is_told or any(update.product == shipment.product.key for update in contents.dependencies):
        return None
    first, oldest = min(known), shipment.product.series_of(shipment.versions[-1])
    return first if Version.parse(str(oldest)) < first else None

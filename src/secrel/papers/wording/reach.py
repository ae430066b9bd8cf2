"""What each version of a release fixes, and who is not affected at all, as announcements say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from secrel.words.advisories import Contents
from secrel.words.reach import ProductReach, first_affected, reach_of
from secrel.words.releases import Shipment, joined

_ALL = {1: "the vulnerability", 2: "both vulnerabilities"}


def reach_said(contents: Contents) -> tuple[str, ...]:
    """Give the sentences that say which version fixes how many, and who need not upgrade; none where all are alike."""
    return tuple(said for shipment in contents.release.shipments for said in _of(contents, shipment))


def _of(contents: Contents, shipment: Shipment) -> Iterator[str]:
    many = len(contents.release.shipments) > 1
    name = f"{shipment.product.short} " if many else ""
    reaches = reach_of(contents, shipment)
    alike: dict[tuple[int, int], list[ProductReach]] = {}
    for reach in reaches if any(one.fixes < one.of for one in reaches) else ():
        alike.setdefault((reach.fixes, reach.leaves), []).append(reach)
    for ones in alike.values():
        yield _alike(ones, name, f" of {shipment.product.short}" if many else "")
    first = first_affected(contents, shipment)
    if first is not None:
        yield f"Versions{f' of {shipment.product.short}' if many else ''} before {first} are not affected."


def _alike(ones: Sequence[ProductReach], name: str, of: str) -> str:
    """Say of versions that are alike how many vulnerabilities they fix, and which others concern them."""
    reach, who = ones[0], f"{name}{joined(one.version for one in ones)}"
    fix, are, stay = ("fix", "are", "stay") if len(ones) > 1 else ("fixes", "is", "stays")
    rest = reach.of - reach.fixes - reach.leaves
    if reach.fixes == reach.of:
        return f"{who} {fix} {_ALL.get(reach.of, f'all {reach.of} vulnerabilities')}{of}."
    parts = [f"{fix} {reach.fixes} of the {reach.of} vulnerabilities{of}"] if reach.fixes else []
    parts += [f"{are} not affected by {_others(rest, reach)}"] if rest else []
    parts += [f"{stay} affected by {_others(reach.leaves, reach, 'all of them')}"] if reach.leaves else []
    return f"{who} {joined(parts)}."


def _others(count: int, reach: ProductReach, every: str = "any of them") -> str:
    if count == reach.of:
        return "the vulnerability" if count == 1 else every
    if count == reach.of - reach.fixes:
        return "the other" if count == 1 else f"the other {count}"
    return f"{count} of them"

"""Releases: one event that ships fixes on one day, of several products, each in several series (mission M1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Struct

from secrel.words.versions import Series, Version


class Kind(StrEnum):
    """On the train, or called because of a critical fix."""

    PLANNED = "planned"
    UNPLANNED = "unplanned"


Text = Annotated[str, msgspec.Meta(pattern=r"\S", description="a text that is not empty")]
"""A text that people have to give."""


class Product(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a vendor ships and people run.

    `key` is the short handle (`gitlab`); `name` how the announcement's introduction says it; `short` how a sentence
    about versions says it; `vendor` and `cve_product` are what CVE records hold; `repository` is the project that
    fixes land in. `branch` and `tag` are patterns: `{series}`, `{major}`, `{minor}` and `{version}` are filled in.
    `internal` is that of the versions that go to single customers before the public one, with `{version}` and
    `{number}`: no document may name them. `depth` is how many numbers name a series.
    """

    key: Text
    name: Text
    short: Text
    vendor: Text
    cve_product: Text
    repository: Text
    default_branch: str = "main"
    branch: str = "{major}-{minor}-stable"
    tag: str = "v{version}"
    internal: str = ""
    depth: Annotated[int, msgspec.Meta(ge=1, le=99, description="a whole number from 1 to 99")] = 2
    purl: str = ""
    update_url: str = ""

    def branch_of(self, series: Series) -> str:
        """Name the branch on which `series` is maintained."""
        numbers = (*str(series).split("."), "0", "0")
        return self.branch.format(series=series, major=numbers[0], minor=numbers[1])

    def tag_of(self, version: Version) -> str:
        """Name the tag of `version`."""
        return self.tag.format(version=version)

    def series_of(self, version: Version) -> Series:
        """Name the series of `version`."""
        return Series.of(version, self.depth)


class Shipment(Struct, frozen=True):
    """The versions of one product in a release, highest first."""

    product: Product
    versions: tuple[Version, ...]

    @property
    def series(self) -> tuple[Series, ...]:
        """The series of its versions, in the same order."""
        return tuple(self.product.series_of(version) for version in self.versions)


class Release(Struct, frozen=True):
    """One planned or unplanned event.

    `name` is unique and goes into keys, paths and commands (`2021-10`); `due` is when it is to be announced, with a
    zone, and until then its facts are embargoed; `shipments` has the main product first; `disclosure_days` after the
    announcement its issues become public; `form` names the set of templates (`2023`, `2026`, or the user's own).
    """

    name: str
    kind: Kind
    due: datetime
    shipments: tuple[Shipment, ...]
    disclosure_days: int
    form: str

    @property
    def main(self) -> Shipment:
        """The main product's shipment."""
        return self.shipments[0]

    def shipment(self, product_key: str) -> Shipment | None:
        """The shipment of one product, or None when the release has none of it."""
        return next((s for s in self.shipments if s.product.key == product_key), None)


def claimed_elsewhere(release: Release, others: Iterable[Release]) -> Iterator[tuple[str, str]]:
    """Give the versions of a release that another one has too, as people say them, with that release's name."""
    for other in others:
        for shipment in release.shipments:
            theirs = other.shipment(shipment.product.key)
            for version in shipment.versions if theirs else ():
                if theirs and version in theirs.versions:
                    yield f"{shipment.product.name} {version}", other.name


def joined(words: Iterable[object]) -> str:
    """Join as people write: `a`, `a and b`, `a, b, and c`."""
    *rest, last = [str(word) for word in words] or [""]
    if len(rest) < 2:  # noqa: PLR2004 - two words need no comma
        return " and ".join([*rest, last])
    return f"{', '.join(rest)}, and {last}"

"""What the repository of a product holds before a story begins: its series, and the versions before those that ship."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from secrel.words.releases import Shipment
from secrel.words.versions import Version


class Beginning(Struct, frozen=True):
    """What a product's repository begins with: for every series of `shipment` a branch, with versions before it.

    `earlier` are fixes that versions before it have: the name of the fix, and the first version with it.
    """

    shipment: Shipment
    earlier: tuple[tuple[str, Version], ...] = ()

    def before(self, version: Version) -> Iterator[tuple[Version, list[str]]]:
        """Give the versions to tag before one that ships, oldest first, with the fixes that each is the first to have.

        They are the two patches before it, and every other one of its series that is said to have a fix.
        """
        product = self.shipment.product
        series = product.series_of(version)
        *_, patch = version.key[0] if len(version.key[0]) > product.depth else (*version.key[0], 0)
        patches = {Version.parse(f"{series}.{one}") for one in range(max(0, patch - 2), patch)}
        had = {one for _, one in self.earlier if product.series_of(one) == series and one < version}
        for one in sorted(patches | had):
            yield one, [name for name, first in self.earlier if first == one]

"""Affected ranges as a release will close them: from the first affected version and the versions it ships."""

from __future__ import annotations

from secrel.words.errors import Misused
from secrel.words.releases import Shipment
from secrel.words.spans import Span
from secrel.words.versions import Version


def planned_spans(since: Version | None, shipment: Shipment) -> tuple[Span, ...]:
    """Give one span per affected series of `shipment`, oldest first, each closed by the version it ships.

    `since` None: every earlier version is affected. The oldest affected series also stands for all older ones, as
    announcements say it (gitlab-process.md 4.3). When a version is bumped, the ranges follow. Raises `Misused` when
    no version of the shipment is later than `since`.
    """
    product = shipment.product
    spans: list[Span] = []
    for version in sorted(shipment.versions):
        if since is not None and since >= version:
            continue
        series = product.series_of(version)
        begins = Version.parse(str(series))
        if since is not None and since > begins:
            begins = since
        spans.append(Span(begins if spans else since, version))
    if not spans:
        raise Misused(
            f"no version of this release is later than the first affected one ({since})",
            where=product.key,
            remedy="correct the first affected version, or the versions of the release",
        )
    return tuple(spans)

"""On the issue of one fix: its affected range is asked for; a removed fix gets its text (handbook, steps 1, 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from secrel.papers.messages.pieces import day_said, fenced, instant_said, mentions, message, shipments_said, words
from secrel.words.advisories import Advisory
from secrel.words.errors import Misused
from secrel.words.releases import Release
from secrel.words.spans import Span, sentence
from secrel.words.versions import Series, Version

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates


def ask_for_range(
    advisory: Advisory,
    release: Release,
    asked: Sequence[str],
    needed_by: datetime,
    *,
    templates: Templates | None = None,
) -> str:
    """Ask the developers (handles `asked`) on the fix's issue for its affected versions, with an example to follow.

    Raises `Misused` when the release has no version of the advisory's product.
    """
    shipment = release.shipment(advisory.product)
    if shipment is None:
        raise Misused("the release has no version of this fix's product", where=advisory.fix)
    newest, oldest = shipment.versions[0], shipment.versions[-1]
    start = _first_of(shipment.product.series_of(oldest))
    values = {
        "asked": mentions(asked),
        "product": words(advisory.edition or shipment.product.short),
        "example": _example(start, oldest, newest, _first_of(shipment.product.series_of(newest))),
        "example_all": sentence([Span(None, oldest)]),
        "needed_by": instant_said(needed_by),
    }
    return message("ask_for_range", values, templates)


def removed_fix_comment(
    release: Release, section: str, asked: Sequence[str] = (), *, templates: Templates | None = None
) -> str:
    """Leave the post's text of a fix that is no longer in the release on the fix's issue (handbook, manual step 6).

    `section` is the Markdown as it stood in the post; it is carried in a block of code, for copying, and never acts.
    """
    values = {
        "asked": mentions(asked),
        "day": day_said(release.due),
        "versions": shipments_said(release),
        "section": fenced(section, "markdown") if section.strip() else "",
    }
    return message("removed_fix", values, templates)


def id_of_removed_fix(
    release: Release, cve_id: str, asked: Sequence[str] = (), *, templates: Templates | None = None
) -> str:
    """Ask what becomes of the CVE id of a fix that is no longer in the release: carried over, or rejected.

    `cve_id` is empty while it is requested and not assigned.
    """
    values = {
        "asked": mentions(asked),
        "day": day_said(release.due),
        "versions": shipments_said(release),
        "cve": words(cve_id),
    }
    return message("id_of_removed_fix", values, templates)


def _first_of(series: Series) -> Version:
    return Version.parse(f"{series}")


def _example(start: Version, oldest: Version, newest: Version, newest_start: Version) -> str:
    spans = [Span(start, oldest)] if start < oldest else [Span(None, oldest)]
    if oldest != newest and newest_start < newest:
        spans.append(Span(newest_start, newest))
    return sentence(spans)

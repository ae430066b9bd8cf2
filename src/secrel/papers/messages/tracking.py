"""The tracking issue, whose links are a release's contents: this one, and the next (gitlab-process.md 2.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from secrel.papers.messages.pieces import (
    IssueText,
    LinkAddress,
    code,
    day_said,
    instant_said,
    mentions,
    message,
    words,
)
from secrel.papers.text import Markdown
from secrel.words.errors import Misused
from secrel.words.releases import Kind, Product, Release
from secrel.words.versions import Series

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates

_DEADLINE = timedelta(hours=48)


class TrackingLinks(Struct, frozen=True):
    """What a tracking issue leads to: posts and communications."""

    draft_post: str = ""
    release_post: str = ""
    comms_issue: str = ""


class NextRelease(Struct, frozen=True):
    """The release after this one, of which neither version nor series is known yet.

    `managers` are the handles of its release managers; `previous` the address of the tracking issue before.
    """

    due: datetime
    managers: tuple[str, ...] = ()
    previous: str = ""


def tracking_issue(
    release: Release,
    managers: Sequence[str],
    links: TrackingLinks,
    *,
    with_branches: bool = True,
    templates: Templates | None = None,
) -> IssueText:
    """Write the tracking issue of a release whose versions are known: title and body, for `managers` (handles).

    `with_branches`: it says which branches fixes go to, as long as there are any.
    """
    lines = tuple((shipment.product, shipment.series) for shipment in release.shipments)
    versions = [(s.product, str(version)) for s in release.shipments for version in s.versions]
    values = {
        **_values(release.due, lines if with_branches else (), managers, links),
        "versions": [words(f"{product.short} {version}") for product, version in versions],
        "previous": "",
    }
    return IssueText(_title(release.kind, lines), message("tracking", values, templates))


def next_tracking_issue(
    following: NextRelease, links: TrackingLinks | None = None, *, templates: Templates | None = None
) -> IssueText:
    """Write the tracking issue of the next planned release: versions and branches follow when it is started."""
    values = {
        **_values(following.due, (), following.managers, links or TrackingLinks()),
        "versions": [],
        "previous": LinkAddress(following.previous),
    }
    return IssueText(f"Security release: {day_said(following.due)}", message("tracking", values, templates))


_Lines = tuple[tuple[Product, tuple[Series, ...]], ...]


def _title(kind: Kind, lines: _Lines) -> str:
    if not lines or not lines[0][1]:
        raise Misused("the release has no series", remedy="name the series that it is for, such as 14.4")
    start = "Critical security release" if kind is Kind.UNPLANNED else "Security release"
    return f"{start}: {', '.join(f'{series}.x' for series in lines[0][1])}"


def _values(due: datetime, lines: _Lines, managers: Sequence[str], links: TrackingLinks) -> Mapping[str, object]:
    return {
        "due": instant_said(due),
        "deadline": instant_said(due - _DEADLINE),
        "managers": mentions(managers, ", "),
        "products": [
            {
                "name": words(product.short),
                "branches": Markdown(", ").join(
                    code(branch) for branch in (product.default_branch, *map(product.branch_of, series))
                ),
            }
            for product, series in lines
        ],
        "links": [
            {"name": "Draft post", "address": links.draft_post},
            {"name": "Release post", "address": links.release_post},
            {"name": "Communications issue, with the email", "address": links.comms_issue},
        ],
    }

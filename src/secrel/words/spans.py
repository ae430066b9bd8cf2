"""Affected ranges: since, and fixed, half open; how a release closes them; the sentence that tells them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from secrel.words.errors import Misused
from secrel.words.patterns import pattern
from secrel.words.releases import Shipment, joined
from secrel.words.versions import Series, Version

_COUNTED = pattern(r"(.*[^\d])\d+")
EARLIEST = Version.parse("0")
"""What is written where a range has no lower bound, and a version has to stand."""


class Span(Struct, frozen=True):
    """Affected from `since` up to, and not including, `fixed`.

    `since` None: from the first version on, or from where nobody knows. `fixed` None: no version has the fix yet.
    """

    since: Version | None
    fixed: Version | None

    def __post_init__(self) -> None:
        """Refuse an empty span: it says nothing and hides a mistake."""
        if self.since is not None and self.fixed is not None and not self.since < self.fixed:
            raise Misused(
                f"the affected range from {self.since} to {self.fixed} is empty",
                remedy="give the first affected version, and a later one that has the fix",
            )

    def __contains__(self, version: Version) -> bool:
        """Whether `version` is affected by this span."""
        return (self.since is None or self.since <= version) and (self.fixed is None or version < self.fixed)


def lower(version: Version | None) -> Version | None:
    """Give a lower bound; None for 0 in any spelling, which says that there is none."""
    return None if version == EARLIEST else version


def _said(span: Span) -> str:
    match span:
        case Span(since=None, fixed=None):
            return "all versions"
        case Span(since=None):
            return f"all versions before {span.fixed}"
        case Span(fixed=None):
            return f"{span.since} and later"
        case _:
            return f"{span.since} before {span.fixed}"


def sentence(spans: Sequence[Span]) -> str:
    """Tell spans to people: `all versions from 13.2 before 16.4.3, 16.5 before 16.5.3`.

    Raises `Misused` for no span at all: "nothing is affected" is not a range.
    """
    if not spans:
        raise Misused("there is no affected range to tell", remedy="give at least one span")
    first, *rest = spans
    start = _said(first) if first.since is None else f"all versions from {_said(first)}"
    return ", ".join([start, *(_said(span) for span in rest)])


def counted_out(spans: Sequence[Span]) -> str:
    """Tell spans in the middle of a sentence: `all versions from 13.2 before 16.4.3 and from 16.5 before 16.5.3`.

    For whoever hears them read aloud; it has the meaning of `sentence`, whose form announcements of years have. Raises
    `Misused` for no span at all.
    """
    first, *rest = spans
    told = [sentence([first]), *(f"from {_said(span)}" for span in rest)]
    return joined(told)


def first_of(version: Version, series: Series) -> Version:
    """Give the first version of a series that can have come out before `version`, or that version itself.

    It is the number of the series; before a candidate, the first one of its kind: `11.0.0-M1` for `11.0.0-M21`.
    """
    begins = Version.parse(str(series))
    counted = _COUNTED.fullmatch(version.text)
    if begins > version and counted is not None:
        begins = Version.parse(f"{counted[1]}1")
    return min(begins, version)


def planned_spans(since: Version | None, shipment: Shipment) -> tuple[Span, ...]:
    """Give one span per affected series of `shipment`, oldest first, each closed by the version it ships.

    `since` None: every earlier version is affected. The oldest affected series also stands for all older ones, as
    announcements say it (gitlab-process.md 4.3), and each later one for those between that get no version any more: a
    flaw that is older than they are is in all of them. When a version is bumped, the ranges follow. Raises `Misused`
    when no version of the shipment is later than `since`.
    """
    product = shipment.product
    spans: list[Span] = []
    below: Series | None = None
    for version in sorted(shipment.versions):
        if since is not None and since >= version:
            continue
        series = product.series_of(version)
        begins = first_of(version, series)
        if below is not None:
            begins = min(begins, Version.parse(str(below.before(series))))
        below = series
        if since is not None and since > begins:
            begins = since
        if spans and not begins < version:
            continue  # the first version of a series ships with the fix: none before it is affected
        spans.append(Span(begins if spans else since, version))
    if not spans:
        raise Misused(
            f"no version of this release is later than the first affected one ({since})",
            where=product.key,
            remedy="correct the first affected version, or the versions of the release",
        )
    return tuple(spans)


class Affected(Struct, frozen=True):
    """What people say is affected: `spans` as they gave them, or only where they begin.

    `follows`: only the first affected version was given, and stands as one span without an end; the versions that the
    fix's release ships close it, and it follows them when one is bumped.
    """

    spans: tuple[Span, ...]
    follows: bool = False

    @classmethod
    def since(cls, first: Version | None) -> Affected:
        """Say the first affected version; None for all of them."""
        return cls((Span(first, None),), follows=True)

    def closed_by(self, shipment: Shipment, already: Sequence[Version] = ()) -> tuple[Span, ...]:
        """Give the spans as a release says them; raises `Misused` as `planned_spans` does.

        Where a version of a series was published before and has the fix `already`, the first such one ends its span.
        Raises `Misused` when that one is not later than the first affected version of its series.
        """
        if not self.follows:
            return self.spans
        since, series_of = self.spans[0].since, shipment.product.series_of
        early = [v for v in already if since is not None and v <= since and series_of(v) == series_of(since)]
        if early:
            what = f"{since} is said to be the first affected version, and {min(early)} to have the fix already"
            raise Misused(what, remedy="correct one of the two")
        return planned_spans(since, _with_earlier(shipment, already))


def _with_earlier(shipment: Shipment, already: Sequence[Version]) -> Shipment:
    """Give a shipment with the versions that have a fix already in the place of later ones of their series."""
    series_of = shipment.product.series_of
    first = {series_of(version): version for version in sorted(already, reverse=True)}
    ends = {series_of(version): version for version in shipment.versions} | first
    return replace(shipment, versions=tuple(sorted(ends.values(), reverse=True)))

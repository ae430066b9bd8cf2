"""What is asked: one vulnerability's origins and fixes, the series there are, and people's claims about them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from secrel.words.errors import Misused
from secrel.words.spans import Span
from secrel.words.versions import Series, Version


class ChangeRole(StrEnum):
    """Whether a version without this change still has the vulnerability."""

    REQUIRED = "required"
    FOLLOW_UP = "follow-up"


class Change(Struct, frozen=True):
    """One change as people know it: commits that carry it to one series or another, or merge requests.

    Any of the `commits` (ids, or the beginnings of ids) counts as the change. `requests` are merge requests, `!7`,
    `group/project!7` or links; the commits that merged them count. `series`, where given, names the series that the
    first commit was meant for: it is checked, and tells nothing else.
    """

    commits: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    role: ChangeRole = ChangeRole.REQUIRED
    series: Series | None = None


class Claimed(StrEnum):
    """What a person claims of versions."""

    AFFECTED = "affected"
    NOT_AFFECTED = "not affected"


class RangeClaim(Struct, frozen=True):
    """A person's claim, applied after the graph and shown as theirs: in `spans` (only of `series`, when given)."""

    claims: Claimed
    spans: tuple[Span, ...]
    reason: str
    by: str
    series: Series | None = None

    def __post_init__(self) -> None:
        """Refuse a claim without a reason or a name: it could not be reviewed."""
        if not self.reason.strip() or not self.by.strip():
            raise Misused("a claim about versions needs a written reason and the name of who makes it")

    def covers(self, version: Version) -> bool:
        """Whether the claim is about `version`."""
        return (self.series is None or version in self.series) and any(version in span for span in self.spans)


class Case(Struct, frozen=True):
    """One vulnerability: what fixes it and where it came from.

    `origins` empty and `first` empty: the origin is unknown. `first` are first affected versions, one per series at
    most: the highest counts for every later series too, each other one for its own series only.
    """

    name: str
    fixes: tuple[Change, ...]
    origins: tuple[Change, ...] = ()
    first: tuple[Version, ...] = ()
    claims: tuple[RangeClaim, ...] = ()

    @property
    def origin_known(self) -> bool:
        """Whether anybody says where the vulnerability came from."""
        return bool(self.origins or self.first)


class SeriesPlan(Struct, frozen=True):
    """One series: its branch, whether it still gets fixes (None: nobody said), and the version planned next for it."""

    series: Series
    branch: str = ""
    supported: bool | None = None
    planned: Version | None = None


def inferred_series(versions: Sequence[Version], depth: int = 2) -> tuple[Series, ...]:
    """Find the series that versions belong to.

    Where versions differ by letters, as in 1.0.2a and 1.0.2b, their whole number names the series; elsewhere the first
    `depth` numbers do.
    """
    lettered = {_padded(version, depth) for version in versions if version.letters}
    return tuple(sorted({series_of(version, lettered, depth) for version in versions}))


def series_of(version: Version, lettered: set[tuple[int, ...]], depth: int) -> Series:
    """Name the series of one version (see `inferred_series`)."""
    numbers = _padded(version, depth)
    return Series(numbers if numbers in lettered else numbers[:depth])


def _padded(version: Version, depth: int) -> tuple[int, ...]:
    """Give a version's numbers as written, zeros at the end included, and no fewer than `depth`."""
    return version.numbers + (0,) * (depth - len(version.numbers))

"""What git is asked of a merged fix, and what it proves of the fixes of a repository (mission M5)."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from secrel.snapshot.seen import RangeProof
from secrel.words.parts import Unseen
from secrel.words.spans import Span
from secrel.words.versions import Series, Version


class MergedFix(Struct, frozen=True):
    """A fix that is merged everywhere, as far as git is asked about it: its range, its commits, who brought it in.

    `ships` has the versions that this release has tagged by now, when no release before it can have the fix: nobody
    ever got an older one of their series. `is_out`: it was taken out of the release.
    """

    fix: str
    affected: tuple[Span, ...]
    commits: tuple[str, ...]
    origins: tuple[str, ...]
    ships: tuple[tuple[Series, Version], ...]
    is_out: bool = False


class Proofs(Struct, frozen=True):
    """What git proves of the fixes of one repository, by fix, and what it cannot tell.

    `is_whole` says that all was there that could be looked into; otherwise it may be there at the next look.
    """

    ranges: Mapping[str, RangeProof]
    unseen: Mapping[str, Unseen]
    is_whole: bool = True

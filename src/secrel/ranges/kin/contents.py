"""What two commits change, compared."""

from __future__ import annotations

from secrel.words.history.commits import Diff

_CONTAINED = 0.6  # share of the smaller change's lines that both have (affected-versions.md section 5)
_JACCARD = 0.35  # share of all lines of both that both have
_FEWEST_LINES = 2
_NEARLY = 0.8  # share of all lines of both that both have, where the subject is the same as well
_FEWEST_NEARLY = 5


def alike(one: Diff, other: Diff) -> bool:
    """Whether two changes touch a common path and mostly the same lines."""
    shared = len(one.lines & other.lines)
    smaller = min(len(one.lines), len(other.lines))
    if not one.paths & other.paths or smaller < _FEWEST_LINES:
        return False
    return shared >= _CONTAINED * smaller or shared >= _JACCARD * len(one.lines | other.lines)


def nearly(one: Diff, other: Diff) -> bool:
    """Whether two changes of some length differ in a few lines only, on a common path."""
    longer = min(len(one.lines), len(other.lines)) >= _FEWEST_NEARLY and bool(one.paths & other.paths)
    return longer and len(one.lines & other.lines) >= _NEARLY * len(one.lines | other.lines)

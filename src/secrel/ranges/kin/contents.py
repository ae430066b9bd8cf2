"""What two commits change, compared."""

from __future__ import annotations

from secrel.words.history.commits import Diff

_CONTAINED = 0.6  # share of the smaller change's lines that both have (affected-versions.md section 5)
_JACCARD = 0.35  # share of all lines of both that both have
_FEWEST_LINES = 2
_NEARLY = 0.8  # share of all lines of both that both have, where the subject is the same as well
_FEWEST_NEARLY = 5
_MOST = 0.5  # share of a change's lines that a commit takes back or brings again, which bears out that it says so
_ALL = 0.8  # the same, where the files have other names
NO_PATH = "no path in common"
NO_LINE = "no line in common"
_TWO = 2  # lines that a pick in a file of another name has of its original, where that has so many
NOTHING_CHANGED = "one of them changes nothing"
LITTLE = "it has little of that change"


def alike(one: Diff, other: Diff) -> bool:
    """Whether two changes touch a common path and mostly the same lines."""
    if not one.paths & other.paths or min(len(one.lines), len(other.lines)) < _FEWEST_LINES:
        return False
    return one_in_other(one, other) or len(one.lines & other.lines) >= _JACCARD * len(one.lines | other.lines)


def one_in_other(one: Diff, other: Diff) -> bool:
    """Whether most lines of the smaller of two changes are in the other, whatever the files are called."""
    smaller = min(len(one.lines), len(other.lines))
    return smaller >= _FEWEST_LINES and len(one.lines & other.lines) >= _CONTAINED * smaller


def nearly(one: Diff, other: Diff) -> bool:
    """Whether two changes of some length differ in a few lines only, on a common path."""
    longer = min(len(one.lines), len(other.lines)) >= _FEWEST_NEARLY and bool(one.paths & other.paths)
    return longer and len(one.lines & other.lines) >= _NEARLY * len(one.lines | other.lines)


def other_lines(one: Diff, other: Diff) -> bool:
    """Whether two changes of lines have none in common."""
    return bool(one.lines and other.lines) and not one.lines & other.lines


def takes_back(one: Diff, other: Diff, *, most: bool) -> bool:
    """Whether contents bear out that `other`, which says so, takes `one` back.

    It undoes most of its lines; or it touches the same files, and either `most` is not asked for (people take a fix
    back in other words as well), or there are no lines to compare.
    """
    shared = bool(one.paths & other.paths)
    share = sum(line ^ 1 in other.lines for line in one.lines) / (len(one.lines) or 1)
    if not one.paths or share >= (_MOST if shared else _ALL):
        return True
    return shared and not (most and one.lines)


def carries(pick: Diff, original: Diff, *, again: bool, named: bool = True) -> str:
    """Say why contents do not bear out that one commit carries another's change, as a message says; "" where they do.

    A backport is adapted: it has lines of its own, and leaves files out. One that is but a small part of the same
    files' change is not all of it. What is made `again` after a revert brings most of it back. Not `named`: the two
    only name one original, and neither is held to be whole.
    """
    if not (pick.paths or original.paths):
        return ""
    if not (pick.paths and original.paths):
        return NOTHING_CHANGED
    shared = len(pick.lines & original.lines)
    fewest = max(_JACCARD * min(len(pick.lines), len(original.lines)), min(_TWO, len(original.lines)), 1)
    if not pick.paths & original.paths and shared < fewest:
        return NO_PATH
    part = pick.paths >= original.paths and pick.lines < original.lines
    return LITTLE if named and (part or again) and shared < _MOST * len(original.lines) else ""

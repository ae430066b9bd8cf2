"""What two commits change, compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from secrel.ranges.kin.dropped import telling
from secrel.words.history.commits import Diff
from secrel.words.history.remains import Block, Remains

_CONTAINED = 0.6  # share of the smaller change's lines that both have (affected-versions.md section 5)
_JACCARD = 0.35  # share of all lines of both that both have
_FEWEST_LINES = 2
_NEARLY = 0.8  # share of all lines of both that both have, where the subject is the same as well
_FEWEST_NEARLY = 5
_MOST = 0.5  # share of a change's lines that a commit takes back or brings again, which bears out that it says so
_ALL = 0.8  # the same, where the files have other names
NO_PATH = "no path in common"
NO_LINE = "no line in common"
_TWO = 2  # lines that a pick in a file of another name shares with its original; those of a place that tells
NOTHING_CHANGED = "one of them changes nothing"
LITTLE = "it has little of that change"
LEFT_AWAY = "it left a place as it was that the other changes"
_LITTLE = 0.1  # share of a change's lines of which a place is too little to tell
_AROUND = 0.5  # share of the lines around a place that are there


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
    only name one original, and neither is held to be whole; they have a line in common.
    """
    if not (pick.paths or original.paths):
        return ""
    if not (pick.paths and original.paths):
        return NOTHING_CHANGED
    shared = len(pick.lines & original.lines)
    fewest = max(_JACCARD * min(len(pick.lines), len(original.lines)), min(_TWO, len(original.lines)), 1)
    if not pick.paths & original.paths and shared < fewest:
        return NO_PATH
    if not named and other_lines(pick, original):
        return NO_LINE
    part = pick.paths >= original.paths and pick.lines < original.lines
    return LITTLE if named and (part or again) and shared < _MOST * len(original.lines) else ""


def left_away(original: Sequence[Block], pick: Sequence[Block], at: Sequence[Remains]) -> bool:
    """Whether a pick left places as they were that its original changed, by what is left of the original `at` it.

    The lines around such a place are there, the change is not whole, and the pick put nothing of its own in its place:
    a backport that was adapted has other lines there. Tests and notes say nothing, where there is more, nor does a
    place whose surroundings the pick's series does not have, or one of less than a tenth of the change, unless several
    lines of it are all as they were: declarations are often there already.
    """
    program = telling(original)
    near = _near(original, pick)
    every = frozenset[int]().union(*(block.added for block in original))
    equal = Counter((block.path, block.added, block.removed) for block in original)
    is_alike = not any(one.added - every for one in pick)
    fewest = _LITTLE * sum(original[number].lines for number in program)
    for number in program:
        block, left = original[number], at[number]
        if is_alike and block.beside == (0, 0) and left.signs == left.undone > left.around == 0:
            return True  # a file that is not there
        is_here = left.left >= max(1, _AROUND * left.around)
        is_as_before = block.lines >= _TWO and (left.undone, left.left) == (left.signs, left.around)
        if (
            not is_here
            or (block.lines < fewest and not is_as_before)
            or any(pick[mine].added - every for mine in near[number])
        ):
            continue
        # of several equal places, one that is there has the lines of all
        same = sum(bool(pick[mine].added & block.added or pick[mine].removed & block.removed) for mine in near[number])
        if left.undone or same < equal[block.path, block.added, block.removed] > 1:
            return True
    return False


def _near(original: Sequence[Block], pick: Sequence[Block]) -> list[set[int]]:
    """Give for each place of one change the places of another, by their numbers, with a line of it, or beside it."""
    having: dict[tuple[str, int, int], set[int]] = defaultdict(set)
    common = {block.path for block in original} & {block.path for block in pick}

    def lines(block: Block) -> Iterator[tuple[str, int, int]]:
        for kind, keys in enumerate((block.added, block.removed, *((key,) for key in block.beside))):
            # a file may have another name on another series
            yield from ((block.path if block.path in common else "", kind, key) for key in keys if key)

    for number, block in enumerate(pick):
        for line in lines(block):
            having[line].add(number)
    return [set[int]().union(*(having.get(line, ()) for line in lines(block))) for block in original]

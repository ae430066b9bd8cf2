"""Changes taken out without a word: by hand, or by a merge that took the other side. Contents tell, ancestry does not.

Lines of a change that are gone say little: code is written anew all the time. It was taken out where what stood before
is there again: the lines around are left, and nothing else was put in its place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial, reduce
from operator import or_

import numpy as np
from msgspec import Struct, field

from secrel.ranges.containment import Containment
from secrel.words.history.remains import Block, Remains
from secrel.words.patterns import pattern

_MOST = 0.5  # share of a block's signs that are undone, and of a change's lines that are taken out
_NEARLY = 0.8  # share of a change's lines that a merge left out, and of the lines around a block that is as it was
_NEW = 4  # lines undone for each one that was put in their place, and no fewer
_AROUND = 0.5  # share of the lines around it that are left
_PART = 0.1  # share of a change's lines, where they are as they were before it


class KeptChanges(Struct, frozen=True):
    """What contents say of commits: `out`, those that took one out without a word; `there`, where it is whole again.

    `unseen` are those of which versions could not be asked: contents that would tell are not here, or are too large.
    """

    out: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    there: Mapping[int, frozenset[int]] = field(default_factory=dict)
    unseen: frozenset[int] = frozenset()


def unharmed(remains: Sequence[Remains]) -> bool:
    """Whether all of a change is there."""
    return any(one.signs for one in remains) and not any(one.undone for one in remains)


def all_there(remains: Sequence[Remains]) -> bool:
    """Whether a place that does not contain a change has all of it, with most of what stands around it."""
    around, left = sum(one.around for one in remains), sum(one.left for one in remains)
    return unharmed(remains) and left >= _AROUND * around


def lasting(before: Sequence[Remains], at: Sequence[Remains]) -> frozenset[int]:
    """Give the numbers of the blocks of which most was undone after a place, and before another."""
    pairs = enumerate(zip(before, at, strict=True))
    return frozenset(number for number, (old, new) in pairs if new.undone - old.undone >= _MOST * new.signs)


def further(remains: Sequence[Remains], before: Sequence[Sequence[Remains]]) -> frozenset[int]:
    """Give the numbers of the blocks of which more is undone than at any of the places before."""
    return frozenset(
        number
        for number, one in enumerate(remains)
        if one.undone > max((other[number].undone for other in before if other), default=0)
    )


def worn(remains: Sequence[Remains], *, whole: bool) -> frozenset[int]:
    """Give the numbers of the blocks that are undone where their surroundings are left.

    With `whole`, only where they are most of the change.
    """
    found = frozenset(
        number
        for number, one in enumerate(remains)
        if one.signs and one.undone >= _MOST * one.signs and one.left >= _AROUND * one.around
    )
    if whole and sum(remains[number].undone for number in found) < _MOST * sum(one.signs for one in remains):
        return frozenset()
    return found


def put_back(remains: Sequence[Remains]) -> frozenset[int]:
    """Give the numbers of the blocks of which nothing is left where nearly all of their surroundings are."""
    pairs = enumerate(remains)
    return frozenset(n for n, one in pairs if 0 < one.signs == one.undone and one.left >= _NEARLY * one.around)


def is_flawed(blocks: Sequence[Block], at: Sequence[Remains], before: Sequence[Sequence[Remains]]) -> bool:
    """Whether a place has most of what a fix did to the program as it was before that, and with all that is around it.

    Of which something came since the places `before` the flaw.
    """
    here = _untouched(at)
    return is_most(blocks, here, merge=False) and not any(here <= _untouched(other) for other in before)


def _untouched(remains: Sequence[Remains]) -> frozenset[int]:
    return frozenset(n for n, one in enumerate(remains) if 0 < one.signs == one.undone and one.left == one.around)


_LOG = r"(?:change|news|readme|notes)[^/]*$"
_BESIDE = pattern(
    r"(?:^|/)(?:t|tests?|testing|examples?|docs?|documentation)/|\.(?:md|txt|adoc|rst|pod|html|xml)$|" + _LOG,
    re.IGNORECASE,
)
_OF_CHANGES = pattern(_LOG, re.IGNORECASE)


def is_beside(path: str) -> bool:
    """Whether a file is one of tests or notes, beside the program."""
    return _BESIDE.search(path) is not None


def telling(blocks: Sequence[Block]) -> list[int]:
    """Give the numbers of the places that tell what a change is: of the program, or else all but lists of changes."""
    every = range(len(blocks))
    program = [number for number in every if not is_beside(blocks[number].path)]
    return program or [number for number in every if _OF_CHANGES.search(blocks[number].path) is None]


class Descent(Struct, frozen=True):
    """Which of some places descend from which, in bits: `bit` is each one's own, `below` those under it."""

    bit: Mapping[int, int]
    below: Mapping[int, int]

    @classmethod
    def of(cls, found: Containment, places: Sequence[int]) -> Descent:
        """Lay out what one walk found for these places."""
        bit = {place: 1 << number for number, place in enumerate(places)}
        columns = [found.columns[place] for place in places]
        below = {}
        for place in places:
            held = np.packbits(found.holds[columns, found.rows[place]], bitorder="little").tobytes()
            below[place] = int.from_bytes(held, "little") & ~bit[place]
        return cls(bit, below)

    def fresh(self, worn_at: Mapping[int, frozenset[int]]) -> dict[int, frozenset[int]]:
        """Give for each place the blocks that are worn there for the first time since they were whole on its line."""
        found: dict[int, set[int]] = defaultdict(set)
        for number in frozenset().union(*worn_at.values()):
            here = [at for at, mine in worn_at.items() if number in mine]
            worn_bits = sum(self.bit[at] for at in here)
            whole = [at for at, mine in worn_at.items() if number not in mine]
            for at in here:
                before = self.below[at] & worn_bits
                for good in whole if before else ():
                    if self.below[at] & self.bit[good]:
                        before &= ~self.below[good]
                if not before:
                    found[at].add(number)
        return {at: frozenset(numbers) for at, numbers in found.items()}

    def after(self, worn_at: Mapping[int, frozenset[int]], at: int) -> bool:
        """Whether a place descends from one where something is worn."""
        return any(mine and self.below[at] & self.bit[one] for one, mine in worn_at.items())

    def good(self, at: int, numbers: frozenset[int], lasting_at: Mapping[int, frozenset[int]]) -> list[int]:
        """Give the places below one since which all of these blocks were undone."""
        return [one for one, mine in lasting_at.items() if self.below[at] & self.bit[one] and numbers <= mine]


class Undoing(Struct, frozen=True):
    """What steps do to one block: the lines of it that they undo, by their keys, and those put in their place.

    `beside` is what else they did there: lines that they put in the place of other blocks, and neighbours taken away.
    """

    lines: frozenset[int] = frozenset()
    new: frozenset[int] = frozenset()
    beside: frozenset[int] = frozenset()

    def __or__(self, other: Undoing) -> Undoing:
        """Take several steps together."""
        return Undoing(self.lines | other.lines, self.new | other.new, self.beside | other.beside)

    def takes_out(self, block: Block) -> bool:
        """Whether most of a block is undone, and nothing else is in its place."""
        return len(self.lines) >= _MOST * block.lines and _NEW * len(self.new) <= len(self.lines)

    def puts_back(self, block: Block) -> bool:
        """Whether a block is as it was before the change, by steps that wrote nothing of the change anew."""
        return len(self.lines) == block.lines and _NEW * len(self.new | self.beside) <= len(self.lines)


def undoing(block: Block, step: Iterable[Block], others: Sequence[Iterable[Block]], moved: frozenset[int]) -> Undoing:
    """Find what one step does to a block.

    `others` are the steps from the other parents of a merge: a line that came from one of these is nothing new.
    `moved` are the keys of lines that the same commit added anywhere.
    """
    near = _near([block], step)
    removed = _removed(near)
    gone = (block.added & removed) - moved
    back = block.removed & _added(near)
    new = _written([block], near, others)
    return Undoing(gone | frozenset(key | 1 for key in back), new, removed.intersection(block.beside))


def written(blocks: Sequence[Block], step: Sequence[Block], others: Sequence[Iterable[Block]]) -> frozenset[int]:
    """Give the keys of the lines that one step put in the place of a change's, as `undoing` knows them."""
    return _written(blocks, _near(blocks, step), others)


def _near(blocks: Sequence[Block], step: Iterable[Block]) -> list[Block]:
    """Give the places of a step that undo a line of these blocks."""
    added: dict[str, frozenset[int]] = defaultdict(frozenset)
    removed: dict[str, frozenset[int]] = defaultdict(frozenset)
    for block in blocks:
        added[block.path] |= block.added
        removed[block.path] |= block.removed
    return [one for one in step if one.removed & added[one.path] or one.added & removed[one.path]]


def _written(blocks: Sequence[Block], near: Sequence[Block], others: Sequence[Iterable[Block]]) -> frozenset[int]:
    # a line that the step wrote with other blanks is nothing new
    found = _added(near) - _added(blocks) - _removed(blocks) - _removed(near)
    for other in others:
        found &= _added(other)
    return found


def _added(blocks: Iterable[Block]) -> frozenset[int]:
    return frozenset[int]().union(*(one.added for one in blocks))


def _removed(blocks: Iterable[Block]) -> frozenset[int]:
    return frozenset[int]().union(*(one.removed for one in blocks))


def takes_out(
    blocks: Sequence[Block], steps: Sequence[Mapping[int, Undoing]], *, merge: bool, whole: bool = False
) -> bool:
    """Whether the first of these steps takes most of a change out, or its last piece, where others below took the rest.

    Each step tells what it does to the blocks, by their numbers. Most is most of what the change did to the program,
    tests and notes aside: those are often left where they are when people take a change out. A merge has to leave out
    nearly all of it, those included: merges keep their own form of the file with the project's version in it, which
    says nothing of the rest. Less of it tells, but for a change that is told of as a `whole`, where it is as it was
    before: one check of several that was put back leaves the flaw open.
    """
    did = partial(_each, blocks, together=not merge)
    out = did(steps, Undoing.takes_out)
    if not out - did(steps[1:], Undoing.takes_out) | _each(blocks, steps[:1], Undoing.takes_out, together=False):
        return False
    return is_most(blocks, out, merge=merge) or (not whole and is_a_part(blocks, did(steps, Undoing.puts_back)))


def is_most(blocks: Sequence[Block], out: Collection[int], *, merge: bool) -> bool:
    """Whether these blocks, by their numbers, are most of what a change did, as a commit or a `merge` undoes it.

    Tests and notes say nothing of a commit, where there is more.
    """
    every = range(len(blocks))
    numbers = [number for number in every if merge or not is_beside(blocks[number].path)] or every
    return _share(blocks, numbers, out) >= (_NEARLY if merge else _MOST)


def is_a_part(blocks: Sequence[Block], back: Collection[int]) -> bool:
    """Whether these blocks, by their numbers, are a part of what a change did to the program, and no mere trifle."""
    return _share(blocks, telling(blocks), back) >= _PART


def _share(blocks: Sequence[Block], numbers: Iterable[int], some: Collection[int]) -> float:
    """Give the share that some blocks have of the lines of those with these numbers."""
    lines = {number: blocks[number].lines for number in numbers}
    return sum(lines.get(number, 0) for number in some) / (sum(lines.values()) or 1)


def _each(
    blocks: Sequence[Block],
    steps: Sequence[Mapping[int, Undoing]],
    does: Callable[[Undoing, Block], bool],
    *,
    together: bool,
) -> set[int]:
    """Give the numbers of the blocks to which one of these steps does something, or all of them together."""
    found = {number for step in steps for number, mine in step.items() if does(mine, blocks[number])}
    for number in {number for step in steps for number in step} if together else ():
        if does(reduce(or_, (step[number] for step in steps if number in step)), blocks[number]):
            found.add(number)
    return found

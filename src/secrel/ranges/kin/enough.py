"""How much of a change has to be looked for: files that mostly tell, and whether the others can change the answer.

A change is only told of as taken out where most of it is undone. Where enough is seen to be there, the rest decides
nothing, and is not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from secrel.ranges.kin.dropped import Undoing, is_a_part, is_beside, is_most, put_back, telling, worn
from secrel.words.history.remains import Block, Remains


def telling_files(blocks: Sequence[Block], *, whole: bool) -> frozenset[str]:
    """Give files of a change which tell alone that it was not taken out, where nothing is worn in them.

    Those of the program first: in most changes they are enough. With `whole`, files that have most of its signs.
    """
    sizes: Counter[str] = Counter()
    for block in blocks:
        sizes[block.path] += block.most if whole else block.lines
    found: set[str] = set()
    unread = sizes.total()
    for path in sorted(sizes, key=lambda path: (not whole and is_beside(path), -sizes[path], path)):
        if (2 * unread < sizes.total() - unread) if whole else not can_be_out(blocks, _elsewhere(blocks, found)):
            break
        found.add(path)
        unread -= sizes[path]
    return frozenset(found)


def joined(
    blocks: Sequence[Block], rest: Collection[str], first: Sequence[Remains], more: Sequence[Remains]
) -> tuple[Remains, ...]:
    """Put together what is left at a place in files that were read first, and in the rest; nothing without either."""
    pairs = zip(blocks, first, more, strict=True) if first and more else ()
    return tuple(then if block.path in rest else one for block, one, then in pairs)


def can_be_out(blocks: Sequence[Block], worn_ones: Collection[int]) -> bool:
    """Whether a commit, or a merge, can have taken a change out of which only these blocks are worn anywhere."""
    return any(is_most(blocks, worn_ones, merge=merge) for merge in (False, True))


def worth_following(
    blocks: Sequence[Block], worn_at: Mapping[int, frozenset[int]], left: Mapping[int, Sequence[Remains]]
) -> Mapping[int, frozenset[int]]:
    """Give the blocks, of those worn at places, that a commit or a merge can have taken out.

    These are all, where they are most of a change, and else those that are as they were before it.
    """
    if can_be_out(blocks, frozenset[int]().union(*worn_at.values())):
        return worn_at
    back = part_back(blocks, left)
    return {at: mine & back for at, mine in worn_at.items()} if back else {}


def part_back(blocks: Sequence[Block], left: Mapping[int, Sequence[Remains]]) -> frozenset[int]:
    """Give the blocks that are as they were before a change at places, where they are a part of it."""
    back = frozenset[int]().union(*map(put_back, left.values()))
    return back if is_a_part(blocks, back) else frozenset()


def part_unread(blocks: Sequence[Block], read: Collection[str]) -> frozenset[str]:
    """Give the files of the program that were not read, where a part of a change is in them."""
    rest = [number for number in _elsewhere(blocks, read) if number in telling(blocks)]
    return frozenset(blocks[number].path for number in rest) if is_a_part(blocks, rest) else frozenset()


def can_be_taken_out(blocks: Sequence[Block], steps: Mapping[int, Mapping[int, Undoing]], *, whole: bool) -> bool:
    """Whether what some commits undid of a change is so much that one of them can have taken it out.

    Whatever they put in its place, and wherever its lines went: who knows of that will find no more of them.
    """
    undone: dict[int, frozenset[int]] = {}
    for mine in steps.values():
        for number, one in mine.items():
            undone[number] = undone.get(number, frozenset()) | one.lines
    out = [number for number, lines in undone.items() if Undoing(lines).takes_out(blocks[number])]
    return can_be_out(blocks, out) or (not whole and is_a_part(blocks, out))


def _can_be_worn(blocks: Sequence[Block], read: Collection[str], left: Sequence[Remains]) -> bool:
    """Whether most of a change can be worn at a place, by what is left there of its blocks in the files `read`."""
    undone = sum(left[number].undone for number in worn(left, whole=False))
    unread = sum(blocks[number].most for number in _elsewhere(blocks, read))
    return 2 * undone + unread >= sum(one.signs for one in left)


def open_places(
    blocks: Sequence[Block], read: Collection[str], left: Mapping[int, Sequence[Remains]], *, whole: bool
) -> list[int]:
    """Give the places at which the files of a change that were not read may still tell that it was taken out."""
    if whole:
        return [at for at, mine in left.items() if mine and _can_be_worn(blocks, read, mine)]
    worn_ones = frozenset[int]().union(*(worn(mine, whole=False) for mine in left.values()))
    return list(left) if can_be_out(blocks, worn_ones.union(_elsewhere(blocks, read))) else []


def _elsewhere(blocks: Sequence[Block], read: Collection[str]) -> list[int]:
    return [number for number, block in enumerate(blocks) if block.path not in read]

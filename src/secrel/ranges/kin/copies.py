"""Copies of files that a fix mended elsewhere: which of them leave the flaw in."""

from __future__ import annotations

from collections.abc import Sequence

from secrel.ranges.kin.dropped import is_a_part, is_beside, is_most, telling
from secrel.words.history.remains import Block, Copied


def worth_seeking(blocks: Sequence[Block]) -> frozenset[str]:
    """Give the files that a fix changed of which a copy would have the flaw: those of the program, where it has any."""
    return frozenset(blocks[number].path for number in telling(blocks))


def unmended(blocks: Sequence[Block], found: Sequence[Copied]) -> Copied | None:
    """Give a copy that tells of the flaw, of those of a fix's files that were found in a version; None where none does.

    As a whole, a file with a part of the fix is enough; one that only has its places as they were tells where these are
    most of the fix. Copies among tests and notes say nothing, but of tests and notes.
    """
    program = [one for one in found if is_beside(one.path) or not is_beside(one.at)]
    program.sort(key=lambda one: (not one.whole, one.path, one.at))
    for whole in (True, False):
        mine = [one for one in program if one.whole or not whole]
        paths = {one.path for one in mine}
        numbers = [number for number, block in enumerate(blocks) if block.path in paths]
        if is_a_part(blocks, numbers) if whole else is_most(blocks, numbers, merge=False):
            return mine[0]
    return None

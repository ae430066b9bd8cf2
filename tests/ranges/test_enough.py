"""How much of a change has to be looked for: what is not read can change nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.ranges.kin.dropped import Undoing, is_most, takes_out, worn
from secrel.ranges.kin.enough import (
    can_be_out,
    can_be_taken_out,
    joined,
    open_places,
    part_back,
    part_unread,
    telling_files,
    worth_following,
)
from secrel.words.history.remains import Block, Remains

PATHS = ("a.c", "b.c", "tests/a.c", "NEWS")


@st.composite
def changes(draw: st.DrawFn) -> list[Block]:
    """Blocks in the order of their files, each with as many signs at most as it has lines."""
    sizes = {path: draw(st.lists(st.integers(0, 6), max_size=3)) for path in PATHS}
    return [
        Block(path, frozenset(range(2, 2 + 2 * size, 2)), most=size) for path, mine in sizes.items() for size in mine
    ]


def left_of(draw: st.DataObject, blocks: list[Block]) -> tuple[Remains, ...]:
    """Draw what is left of each block at a place: some of its signs, most of them as they were."""

    def one(block: Block) -> Remains:
        signs = draw.draw(st.integers(0, block.most))
        return Remains(signs, draw.draw(st.just(0) | st.integers(0, signs)), 2, draw.draw(st.sampled_from([0, 2])))

    return tuple(map(one, blocks))


def read_in(files: frozenset[str], blocks: list[Block], left: tuple[Remains, ...]) -> tuple[Remains, ...]:
    pairs = zip(blocks, left, strict=True)
    return tuple(one if block.path in files else Remains(0, 0, 0, 0) for block, one in pairs)


@given(changes(), st.data())
def test_a_place_that_is_not_open_has_lost_nothing_that_tells(blocks: list[Block], data: st.DataObject) -> None:
    """The one law of not reading: with all read, the answer is the same."""
    left = {at: left_of(data, blocks) for at in range(3)}
    for whole in (False, True):
        files = telling_files(blocks, whole=whole)
        first = {at: read_in(files, blocks, mine) for at, mine in left.items()}
        open_ = open_places(blocks, files, first, whole=whole)
        every = frozenset[int]().union(*(worn(mine, whole=whole) for mine in left.values()))
        if whole:
            assert all(not worn(left[at], whole=True) for at in left.keys() - open_)
        elif not open_:
            assert not can_be_out(blocks, every)
        rest = {block.path for block in blocks} - files
        for at, mine in left.items():
            assert joined(blocks, rest, first[at], read_in(frozenset(rest), blocks, mine)) == mine


def test_of_a_change_of_which_less_is_worn_only_what_is_as_it_was_is_followed() -> None:
    blocks = [Block("a.c", frozenset({2 * number}), most=2) for number in range(1, 6)]
    half, none, all_ = Remains(2, 1, 2, 2), Remains(2, 0, 2, 2), Remains(2, 2, 2, 2)
    left = {0: (half, none, none, none, none), 1: (half, all_, none, none, none)}
    worn_at = {at: worn(mine, whole=False) for at, mine in left.items()}
    assert worth_following(blocks, worn_at, left) == {0: frozenset(), 1: frozenset({1})}
    assert worth_following(blocks, {0: worn_at[0]}, {0: left[0]}) == {}
    most = {0: frozenset({0, 1, 2})}
    assert worth_following(blocks, most, {}) == most


@pytest.mark.parametrize(
    ("sizes", "read", "expected"),
    [
        ({"a.c": 5, "b.c": 4, "c.c": 1}, {"a.c"}, {"b.c", "c.c"}),
        ({"a.c": 5, "b.c": 4, "NEWS": 3}, {"a.c", "b.c"}, set()),
        ({"a.c": 50, "b.c": 4}, {"a.c"}, set()),  # a trifle
        ({"a.c": 5}, {"a.c"}, set()),
    ],
)
def test_files_that_were_not_read_are_open_where_a_part_is_in_them(
    sizes: dict[str, int], read: set[str], expected: set[str]
) -> None:
    blocks = [Block(path, frozenset(range(0, 2 * size, 2)), most=size) for path, size in sizes.items()]
    assert part_unread(blocks, read) == expected


@pytest.mark.parametrize(
    ("remains", "expected"),
    [
        (Remains(2, 2, 5, 4), {1}),
        (Remains(2, 2, 5, 3), set()),  # its surroundings are others
        (Remains(2, 1, 5, 5), set()),
        (Remains(0, 0, 5, 5), set()),
    ],
)
def test_a_part_is_back_where_nothing_is_left_of_it(remains: Remains, expected: set[int]) -> None:
    blocks = [Block("a.c", frozenset({2 * number}), most=2) for number in range(1, 6)]
    here = (Remains(2, 0, 4, 4), remains, *(Remains(2, 0, 4, 4),) * 3)
    assert part_back(blocks, {7: here[:1] * 5, 8: here}) == expected
    assert part_back([*blocks, Block("b.c", frozenset(range(90)))], {8: (*here, here[0])}) == set()


@given(changes(), st.data())
def test_where_moved_lines_are_not_read_nothing_was_taken_out(blocks: list[Block], data: st.DataObject) -> None:
    """Lines that moved are not gone: with all of them known, no commit takes out what none could without."""

    def undone(block: Block) -> Undoing:
        lines = data.draw(st.sets(st.sampled_from(sorted(block.added)))) if block.added else set()
        return Undoing(frozenset(lines), frozenset(data.draw(st.sets(st.integers(50, 60), max_size=2))))

    steps = {one: {number: undone(block) for number, block in enumerate(blocks)} for one in range(3)}
    moved = frozenset(data.draw(st.sets(st.integers(1, 6).map(lambda key: 2 * key))))
    left = {
        one: {number: Undoing(did.lines - moved, did.new) for number, did in mine.items()}
        for one, mine in steps.items()
    }
    if not can_be_taken_out(blocks, steps, whole=False):
        for merge in (False, True):
            for first, mine in left.items():
                others = [left[one] for one in left if one != first and data.draw(st.booleans())]
                assert not takes_out(blocks, [mine, *others], merge=merge)


@given(changes())
def test_where_nothing_is_worn_the_first_files_are_enough(blocks: list[Block]) -> None:
    whole = {at: tuple(Remains(block.most, 0, 2, 2) for block in blocks) for at in range(2)}
    for is_whole in (False, True):
        files = telling_files(blocks, whole=is_whole)
        left = {at: read_in(files, blocks, mine) for at, mine in whole.items()}
        if not is_whole or any(block.most for block in blocks):
            assert open_places(blocks, files, left, whole=is_whole) == []


@pytest.mark.parametrize(
    ("sizes", "whole", "expected"),
    [
        ({"a.c": 5, "b.c": 4, "tests/a.c": 1}, False, {"a.c"}),
        ({"a.c": 5, "tests/a.c": 90}, False, {"a.c", "tests/a.c"}),  # a merge may have left the tests out
        ({"tests/a.c": 9, "NEWS": 1}, False, {"tests/a.c"}),  # there is nothing but tests and notes
        ({"a.c": 9, "b.c": 1}, True, {"a.c"}),
        ({"a.c": 5, "b.c": 4, "NEWS": 3}, True, {"a.c", "b.c"}),
        ({}, False, set()),
    ],
)
def test_files_of_the_program_come_first(sizes: dict[str, int], *, whole: bool, expected: set[str]) -> None:
    blocks = [Block(path, frozenset(range(0, 2 * size, 2)), most=size) for path, size in sizes.items()]
    assert telling_files(blocks, whole=whole) == expected


def test_at_a_place_that_could_not_be_seen_nothing_is_known() -> None:
    blocks = [Block("a.c", frozenset({2}), most=1)]
    one = (Remains(1, 0, 0, 0),)
    assert joined(blocks, {"a.c"}, (), one) == joined(blocks, {"a.c"}, one, ()) == ()
    assert open_places(blocks, {"a.c"}, {7: ()}, whole=True) == []
    assert is_most(blocks, {0}, merge=True)

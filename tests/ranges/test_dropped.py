"""Changes that were taken out without a word: where they are gone, and who did it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.ranges.containment import reach
from secrel.ranges.kin.dropped import Descent, Undoing, further, lasting, takes_out, undoing, unharmed, worn, written
from secrel.words.history.remains import Block, Remains
from tests.ranges.histories import History, histories

NOTHING = frozenset[int]()
FIX = Block("a.c", frozenset({2, 4, 6, 8}), frozenset({10}))


def keys(*lines: int) -> frozenset[int]:
    return frozenset(lines)


@pytest.mark.parametrize(
    ("remains", "whole", "expected"),
    [
        ((Remains(2, 2, 4, 4),), False, {0}),
        ((Remains(2, 0, 4, 4), Remains(2, 1, 0, 0)), False, {1}),
        ((Remains(2, 2, 4, 1),), False, set()),  # what was around is gone as well: written anew
        ((Remains(0, 0, 4, 4),), False, set()),  # nothing tells it from the rest of the file
        ((Remains(2, 2, 0, 0), Remains(9, 0, 0, 0)), True, set()),
        ((Remains(2, 2, 0, 0), Remains(9, 9, 0, 0)), True, {0, 1}),
        ((), True, set()),
    ],
)
def test_a_block_is_worn_where_it_is_undone_and_its_surroundings_are_left(
    remains: tuple[Remains, ...], *, whole: bool, expected: set[int]
) -> None:
    assert worn(remains, whole=whole) == expected


@pytest.mark.parametrize(
    ("step", "others", "moved", "expected"),
    [
        ([Block("a.c", keys(10), keys(2, 4, 6, 8))], [], NOTHING, True),
        ([Block("a.c", NOTHING, keys(2, 4, 6, 8))], [], NOTHING, True),
        ([Block("a.c", NOTHING, keys(2, 4)), Block("a.c", keys(10), NOTHING)], [], NOTHING, True),
        ([Block("a.c", NOTHING, keys(2, 4))], [], NOTHING, False),
        ([Block("b.c", keys(10), keys(2, 4, 6, 8))], [], NOTHING, False),
        ([Block("a.c", keys(12, 14), keys(2, 4, 6, 8))], [], NOTHING, False),  # written anew
        ([Block("a.c", keys(12, 14), keys(2, 4, 6, 8))], [()], NOTHING, True),  # the other side's lines
        ([Block("a.c", keys(12, 14), keys(2, 4, 6, 8))], [(Block("a.c", keys(12, 14)),)], NOTHING, False),
        ([Block("a.c", NOTHING, keys(2, 4, 6, 8))], [], keys(2, 4, 6, 8), False),  # moved
        ([], [], NOTHING, False),
    ],
)
def test_a_step_takes_out_what_it_undoes_without_anything_in_its_place(
    step: list[Block], others: list[tuple[Block, ...]], moved: frozenset[int], *, expected: bool
) -> None:
    assert undoing(FIX, step, others, moved).takes_out(FIX) is expected


@pytest.mark.parametrize(
    ("beside", "out", "expected"),
    [
        ("tests/test.c", [0], (True, False)),
        ("tests/test.c", [1], (False, True)),
        ("tests/test.c", [0, 1], (True, True)),
        ("CHANGES", [], (False, False)),
        ("RELEASE-NOTES", [0], (True, False)),
        ("b.c", [0], (False, False)),
        ("b.c", [1], (True, True)),
    ],
)
def test_most_of_a_change_is_most_of_what_it_did_to_the_program(
    beside: str, out: list[int], expected: tuple[bool, bool]
) -> None:
    blocks = [FIX, Block(beside, keys(*range(20, 64, 2)))]
    assert (took(blocks, out, merge=False), took(blocks, out, merge=True)) == expected


def took(blocks: list[Block], out: list[int], *, merge: bool) -> bool:
    return takes_out(blocks, [{number: Undoing(blocks[number].added) for number in out}], merge=merge)


PLACES = [Block("a.c", keys(2 * number), beside=(100 + 2 * number, 102 + 2 * number)) for number in range(1, 6)]


@pytest.mark.parametrize(
    ("undone", "whole", "expected"),
    [
        (Undoing(keys(2)), False, True),
        (Undoing(keys(2)), True, False),
        (Undoing(keys(2), beside=keys(50)), False, False),  # it wrote another place anew
        (Undoing(keys(2), keys(50)), False, False),
        (Undoing(), False, False),
    ],
)
def test_a_part_of_a_change_is_out_where_it_is_as_it_was_before(
    undone: Undoing, *, whole: bool, expected: bool
) -> None:
    for merge in (False, True):
        assert takes_out(PLACES, [{0: undone}], merge=merge, whole=whole) is expected


def test_a_part_is_no_trifle_and_of_the_program() -> None:
    large = Block("b.c", keys(*range(20, 64, 2)))
    assert not takes_out([PLACES[0], large], [{0: Undoing(keys(2))}], merge=False)
    assert not takes_out([*PLACES, Block("NEWS", keys(80))], [{5: Undoing(keys(80))}], merge=True)


@pytest.mark.parametrize(
    ("step", "others", "is_back"),
    [
        ([Block("a.c", NOTHING, keys(2))], [], True),
        ([Block("a.c", NOTHING, keys(2, 104))], [], False),  # a neighbour is gone as well
        ([Block("a.c", NOTHING, keys(2)), Block("a.c", keys(60), keys(4))], [], False),
        ([Block("a.c", NOTHING, keys(2)), Block("a.c", keys(60), NOTHING)], [], True),  # other work in the file
        ([Block("a.c", NOTHING, keys(2)), Block("a.c", keys(60), keys(4))], [()], True),  # the other side's line
    ],
)
def test_what_else_a_step_did_to_a_change_tells_whether_it_only_puts_a_place_back(
    step: list[Block], others: list[tuple[Block, ...]], *, is_back: bool
) -> None:
    undone = undoing(PLACES[0], step, others, NOTHING)
    beside = undone.beside | written(PLACES, step, others)
    assert Undoing(undone.lines, undone.new, beside).puts_back(PLACES[0]) is is_back


def test_a_change_to_notes_alone_is_held_to_them() -> None:
    notes = [Block("NEWS", keys(2, 4)), Block("docs/a", keys(6, 8))]
    assert took(notes, [0], merge=False)
    assert not took(notes, [0], merge=True)
    assert not took([], [], merge=False)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([keys(2, 4)], False),  # two lines of five
        ([keys(2, 4), keys(6)], True),
        ([keys(6), keys(2, 4)], True),
        ([keys(8), keys(2, 4, 6)], False),  # it was out before that
        ([keys(2, 4, 6), keys(8)], True),
    ],
)
def test_what_several_steps_undo_is_told_of_the_one_that_makes_it_most(
    steps: list[frozenset[int]], *, expected: bool
) -> None:
    assert takes_out([FIX], [{0: Undoing(lines)} for lines in steps], merge=False) is expected
    assert takes_out([FIX], [{0: Undoing(steps[0])}, {}], merge=True) is (len(steps[0]) > 2)


def test_what_was_put_in_the_place_of_a_change_by_any_step_says_that_it_is_there_in_other_words() -> None:
    assert not takes_out([FIX], [{0: Undoing(keys(2, 4))}, {0: Undoing(keys(6), keys(30))}], merge=False)


def test_the_last_piece_is_told_whichever_block_it_is_of() -> None:
    other = Block("b.c", keys(40, 42, 44, 46))
    steps = [{1: Undoing(keys(44))}, {1: Undoing(keys(40))}, {0: Undoing(keys(2, 4))}, {0: Undoing(keys(6))}]
    assert takes_out([FIX, other, Block("c.c", keys(50))], steps, merge=False)


def test_what_is_undone_is_told_block_by_block_and_against_every_parent() -> None:
    one, two = Remains(4, 1, 0, 0), Remains(4, 3, 0, 0)
    assert lasting((one, one), (two, one)) == {0}
    assert lasting((one,), (Remains(0, 0, 0, 0),)) == set()
    assert further((two, one), [(one, one)]) == {0}
    assert further((two, one), [(one, one), (two, Remains(4, 0, 0, 0))]) == set()
    assert further((two,), [()]) == {0}


def test_a_change_is_there_where_nothing_of_it_is_undone() -> None:
    assert unharmed((Remains(2, 0, 1, 0), Remains(0, 0, 0, 0)))
    assert not unharmed((Remains(2, 0, 1, 0), Remains(3, 1, 0, 0)))
    assert not unharmed((Remains(0, 0, 1, 1),))
    assert not unharmed(())


LINE = History([[], [0], [1], [2], [3]])


def descent(history: History) -> Descent:
    places = list(range(len(history.parents)))
    return Descent.of(reach(history.graph(), places, places), places)


def test_what_is_worn_again_is_looked_at_where_it_was_whole_in_between() -> None:
    lines = descent(LINE)
    assert lines.fresh({1: keys(0), 2: keys(0), 3: NOTHING, 4: keys(0, 1)}) == {1: keys(0), 4: keys(0, 1)}
    assert lines.fresh({1: NOTHING, 2: NOTHING}) == {}
    assert lines.after({1: keys(0), 3: NOTHING}, 3)
    assert not lines.after({1: NOTHING, 3: keys(0)}, 3)
    assert lines.good(3, keys(0), {1: NOTHING, 2: keys(0, 1), 4: keys(0)}) == [2]


@given(history=histories(), data=st.data())
def test_the_last_of_some_places_have_no_other_one_above_them(history: History, data: st.DataObject) -> None:
    places = data.draw(st.lists(st.sampled_from(history.place), unique=True))
    below = {
        at: {history.place[one] for one in history.below(commit) - {commit}} for commit, at in enumerate(history.place)
    }
    last = [at for at in places if not any(at in below[other] for other in places)]
    assert reach(history.graph(), places, places).last(places) == last


@given(history=histories(), data=st.data())
def test_places_are_fresh_as_a_naive_reader_says(history: History, data: st.DataObject) -> None:
    count = len(history.parents)
    worn_at = {at: keys(*data.draw(st.lists(st.integers(0, 1), max_size=2))) for at in range(count)}
    below = {
        at: {history.place[one] for one in history.below(commit) - {commit}} for commit, at in enumerate(history.place)
    }

    def fresh(at: int, number: int) -> bool:
        return not any(
            number in worn_at[other]
            and not any(number not in worn_at[mid] and other in below[mid] for mid in below[at])
            for other in below[at]
        )

    found = {at: keys(*(number for number in mine if fresh(at, number))) for at, mine in worn_at.items()}
    assert descent(history).fresh(worn_at) == {at: mine for at, mine in found.items() if mine}

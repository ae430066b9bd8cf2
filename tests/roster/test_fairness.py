from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from secrel.roster.fairness import Choices, Pair, levelled, unevenness, with_roles


def test_counts_are_least_uneven_when_they_differ_least() -> None:
    assert unevenness([2, 2, 2]) < unevenness([1, 2, 3]) < unevenness([0, 3, 3])


def test_a_duty_is_handed_on_along_a_chain_of_people() -> None:
    # 0 can only give to 2, and only 2 can give to 3
    ground = Choices(
        allowed=(((0, 1), (1, 2)), ((4, 5),), ((1, 2), (1, 3))),
        barred=frozenset(),
        regions=(0, 1, 0, 0, 0, 1),
        had=((3, 0), (0, 0), (2, 0), (0, 0), (2, 0), (2, 0)),
    )
    assert levelled(ground, [(0, 1), (4, 5), (1, 2)]) == [(1, 2), (4, 5), (1, 3)]


def test_a_chain_whose_steps_spoil_each_other_is_not_taken() -> None:
    # 0 gives to 2, 2 to 1, and 1 to 3; but then the first slot would have 2 and 3, who may not be together
    ground = Choices(
        allowed=(((0, 1), (0, 3), (1, 2)), ((5, 6),), ((1, 4), (2, 4))),
        barred=frozenset(),
        regions=(0, 1, 0, 0, 1, 0, 1),
        had=((4, 0), (4, 0), (4, 0), (0, 0), (4, 0), (4, 0), (4, 0)),
    )
    pairs: list[Pair] = [(0, 1), (5, 6), (2, 4)]
    levelled_pairs = levelled(ground, pairs)
    assert all(pair in allowed for pair, allowed in zip(levelled_pairs, ground.allowed, strict=True))
    assert levelled_pairs != pairs  # 1 gives to 3 by itself


pairs_of = st.lists(
    st.tuples(st.integers(0, 3), st.integers(4, 7)),
    min_size=1,
    max_size=8,
)


@given(
    st.lists(pairs_of, max_size=6), st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=8, max_size=8)
)
def test_levelling_keeps_to_what_is_allowed_and_never_makes_it_worse(
    choices: list[list[Pair]], had: list[Pair]
) -> None:
    pairs: list[Pair] = []
    for choice in choices:
        free = [pair for pair in choice if not pairs or not set(pair) & set(pairs[-1])]
        if not free:
            break
        pairs.append(free[0])
    allowed = tuple(tuple(sorted(set(choice))) for choice in choices[: len(pairs)])
    ground = Choices(allowed, frozenset(), (0,) * 4 + (1,) * 4, tuple(had))
    after = levelled(ground, pairs)
    assert all(pair in fit for pair, fit in zip(after, allowed, strict=True))
    assert all(set(one).isdisjoint(other) for one, other in pairwise(after))
    assert unevenness(ground.totals(after)) <= unevenness(ground.totals(pairs))


@given(pairs_of, st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=8, max_size=8), st.integers(0, 9))
def test_settled_roles_stay(pairs: list[Pair], had: list[Pair], place: int) -> None:
    ground = Choices(tuple((pair,) for pair in pairs), frozenset(), (0,) * 4 + (1,) * 4, tuple(had))
    settled = {place: (pairs[place][1], pairs[place][0])} if place < len(pairs) else {}
    roles = with_roles(ground, pairs, settled)
    assert [tuple(sorted(pair)) for pair in roles] == pairs
    assert all(roles[where] == pair for where, pair in settled.items())


@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(2, 4)), max_size=7),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=5, max_size=5),
)
def test_roles_are_as_even_as_trying_every_way_can_make_them(pairs: list[Pair], had: list[Pair]) -> None:
    ground = Choices(tuple((pair,) for pair in pairs), frozenset(), (0, 0, 1, 1, 1), tuple(had))

    def uneven(roles: Iterable[Pair]) -> int:
        firsts, seconds = [one for one, _ in had], [other for _, other in had]
        for one, other in roles:
            firsts[one] += 1
            seconds[other] += 1
        return unevenness(firsts) + unevenness(seconds)

    ways = product(*(((one, other), (other, one)) for one, other in pairs))
    assert uneven(with_roles(ground, pairs, {})) == min(uneven(way) for way in ways)

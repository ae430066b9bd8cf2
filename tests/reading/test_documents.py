"""Faults of a file beyond its types: collected, placed, and told together."""

from __future__ import annotations

import pytest

from secrel.reading.documents import Faults, Malformed
from secrel.reading.toml import read_toml
from secrel.words.errors import Exit, Misused, within

TEXT = 'a = [\n "x",\n "y",\n "x",\n "X"\n]\n[b]\nc = 1\n'


def faults() -> Faults:
    return Faults(read_toml(TEXT, "a.toml", most=1_000, remedy="see the page"))


def told(collected: Faults) -> list[tuple[str, str, str]]:
    with pytest.raises(Malformed) as refused:
        collected.raise_if_any()
    assert refused.value.exit_word is Exit.MISUSED
    return [(fault.place, fault.what, fault.remedy) for fault in refused.value.faults]


def test_nothing_noted_is_nothing_raised() -> None:
    faults().raise_if_any()


def test_faults_come_in_the_order_of_their_lines_with_what_to_do() -> None:
    collected = faults()
    collected.add(("b", "c"), "it is odd", "make it even")
    collected.add(("a", 1), "it is why")
    collected.add(("b", "gone", 3), "it is not there")
    assert told(collected) == [
        ("a.toml:3", "it is why", "see the page"),
        ("a.toml:7", "it is not there", "see the page"),
        ("a.toml:8", "it is odd", "make it even"),
    ]


def test_what_stands_twice_names_the_first_place() -> None:
    collected = faults()
    collected.once("the letter", [(("a", 0), "x"), (("a", 1), "y"), (("a", 2), "x"), (("b",), ""), (("b", "c"), "")])
    assert told(collected) == [("a.toml:4", "the letter 'x' stands twice, also at a.toml:2", "give each its own")]


def test_a_name_that_is_none_is_told_with_the_one_that_was_meant() -> None:
    collected = faults()
    collected.known(("a", 0), "primry", ["primary", "secondary"], "role")
    collected.known(("a", 1), "boss", ["primary", "secondary"], "role")
    collected.known(("a", 2), "primary", ["primary"], "role")
    assert told(collected) == [
        ("a.toml:2", "no role is named 'primry'", "did you mean primary?"),
        ("a.toml:3", "no role is named 'boss'", "name one of primary, secondary"),
    ]


def refuse(value: int) -> int:
    if value == 1:
        raise Misused("it is one")
    if value == 2:
        with within("c", 0):
            raise Misused("it is two", remedy="write three")
    return value


def test_what_is_refused_is_noted_and_the_rest_goes_on() -> None:
    collected = faults()
    assert collected.attempt(("b",), lambda: refuse(3)) == 3
    assert collected.attempt(("b",), lambda: refuse(2)) is None
    assert collected.each(("a",), [1, 0, 7], refuse) == [0, 7]
    assert told(collected) == [
        ("a.toml:2", "it is one", "see the page"),
        ("a.toml:8", "item 1 of c: it is two", "write three"),
    ]


def test_the_second_fault_and_those_after_it_are_in_the_sentence() -> None:
    collected = faults()
    collected.add(("a", 0), "one")
    collected.add(("a", 1), "two", "do it")
    collected.add(("a", 2), "three")
    with pytest.raises(Malformed) as refused:
        collected.raise_if_any()
    assert str(refused.value) == "a.toml:2: one\na.toml:3: two (do it)\na.toml:4: three"

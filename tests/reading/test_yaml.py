"""YAML that people write: nothing is guessed at, and what is strange is refused with its line."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.reading.documents import Malformed
from secrel.reading.yaml import YamlDocument, read_yaml
from secrel.words.errors import Misused

REMEDY = "secrel manual release-file has every field"


def document(text: str | bytes) -> YamlDocument:
    return read_yaml(text, "a.yaml", most=200_000, remedy=REMEDY)


def data(text: str | bytes) -> Any:
    return document(text).data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("14.10", "14.10"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("yes", "yes"),
        ("true", "true"),
        ("2026-11-25", "2026-11-25"),
        ("1e3", "1e3"),
        ("null", None),
        ("~", None),
        ("", None),
        ("'null'", "null"),
        ('""', ""),
        ("[]", []),
        ("{}", {}),
        ("|\n  two\n  lines\n", "two\nlines\n"),
        (">\n  two\n  lines\n", "two lines\n"),
        ("☃", "☃"),
    ],
)
def test_every_scalar_stays_the_text_it_is(text: str, value: object) -> None:
    assert data(f"key: {text}") == {"key": value}


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("b: 1\na: &x [1]\n", "an anchor", 2),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "an anchor", 1),
        ("a: b\nc:\n  - d\n  - *x\n", "undefined alias", 4),
        ("a: 1\nb: 2\na: 3\n", "for the second time", 3),
        ("a:\n  b: 1\n  b: 1\n", "for the second time", 3),
        ("? [a, b]\n: 1\n", "a key is not a plain word", 1),
        ("a: !secret x\n", "a tag stands here", 1),
        ("a: !!python/object:os.system {}\n", "tags are not read", 1),
        ("a: !!binary aGVsbG8=\n", "tags are not read", 1),
        ("a: 1\nb: [\n", "not YAML", 3),
        ("a: 1\n b: 2\n", "not YAML", 2),
        ("\tx: 1\n", "not YAML", 1),
        ("a: 1\n---\nb: 2\n", "not YAML", 2),
        ("b: 1\na: 'x\n\n", "not YAML", 2),
        ("a: 1\nb: \x00\n", "not YAML", 2),
        ('a: "\\U0001f600"\nb: "\\U00110000"\n', "no such sign", 2),
        ('a: 1\nb: "\\U99999999"\n', "no such sign", 2),
        ("a: " + "[" * 21 + "]" * 21, "nested deeper than 20", 1),
        pytest.param("a:\n " + "[" * 1500, "nested deeper than 20|not YAML", 2, marks=pytest.mark.long),
        ("!t a: 1\n", "a tag stands here", 1),
        ("a: b\n&x c: 1\n", "an anchor", 2),
        ('a: 1\nb: "\\ud800"\n', "half a sign|not YAML", 2),
    ],
)
def test_what_is_strange_is_refused_with_its_line(text: str, said: str, line: int) -> None:
    with pytest.raises(Misused, match="(?i)" + said) as told:
        data(text)
    assert told.value.where == f"a.yaml:{line}"
    assert told.value.remedy


def test_bombs_are_refused_and_not_unfolded() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    with pytest.raises(Misused, match="anchors and aliases are not read"):
        data(bomb)
    with pytest.raises(Misused, match="longer than 200000"):
        data("a" * 200_001)
    with pytest.raises(Misused, match=r"not YAML|nested deeper"):
        data("[" * 300)


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    number: int = 0
    names: list[str] = []


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    inner: list[Inner] = []


def decoded(text: str) -> Outer:
    return document(text).decode(Outer)


def test_it_is_decoded_into_words() -> None:
    assert decoded("title: 14.10\ninner:\n  - number: 7\n    names: [a, 2]\n") == Outer("14.10", [Inner(7, ["a", "2"])])


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("title: t\ninner:\n  - number: 7\n  - names: [a]\n    number: x\n", "number has to be a whole number", 5),
        ("title: t\ninner:\n  - names:\n      - a\n      - [b]\n", "item 2 of names has to be a text", 5),
        ("title: t\ninner:\n  - color: x\n", "there is no key 'color' here", 3),
        ("title: t\n\ncolor: x\n", "there is no key 'color' here", 3),
        ("inner: []\n", "the file has no title", 1),
        ("- title: t\n", "^a.yaml:1: the file has to be a table", 1),
        ("just words\n", "^a.yaml:1: the file has to be a table", 1),
        ("title:\n", "title has to be a text", 1),
        ("", "the file is empty", 1),
        ("# nothing but a remark\n", "the file is empty", 1),
    ],
)
def test_what_cannot_be_decoded_is_named_with_its_line(text: str, said: str, line: int) -> None:
    with pytest.raises(Misused, match=said) as told:
        decoded(text)
    assert told.value.where == f"a.yaml:{line}"


def test_every_fault_is_told_in_the_order_of_lines() -> None:
    with pytest.raises(Malformed) as told:
        decoded("inner:\n  - number: x\n    colour: y\n  - names: z\n")
    assert [fault.place for fault in told.value.faults] == ["a.yaml:1", "a.yaml:2", "a.yaml:3", "a.yaml:4"]


def test_a_path_that_is_not_there_is_placed_at_its_nearest_parent() -> None:
    found = document("a:\n  b:\n    - 1\n    - 2\n")
    assert found.place("a", "b", 1) == "a.yaml:4"
    assert found.place("a", "b", 9, "c") == "a.yaml:2"
    assert found.place("z") == "a.yaml:1"


def test_a_spot_says_where_a_value_begins_and_ends() -> None:
    spots = document("- a: 'x y' # z\n  b: [1, 2]\n  c: |\n    t\n  d:\n  -  e\n").spots
    assert (spots[0, "a"].line, spots[0, "a"].start, spots[0, "a"].end, spots[0, "a"].style) == (0, 5, 10, "'")
    assert (spots[0, "b"].style, spots[0, "c"].style, spots[0, "d"].style, spots[0,].style) == ("[", "|", "", "")
    assert (spots[0, "d"].key, spots[0, "d"].line, spots[0, "d"].start) == ((4, 2), 5, 2)
    assert (spots[0, "d", 0].line, spots[0, "d", 0].start, spots[0, "d", 0].last) == (5, 5, 5)


def test_bytes_that_are_no_text_are_told_with_their_line() -> None:
    assert data(b"\xef\xbb\xbfa: \xc3\xa9") == {"a": "é"}
    with pytest.raises(Malformed, match="this is not UTF-8") as told:
        data(b"a: 1\nb: \xff\n")
    assert told.value.where == "a.yaml:2"
    with pytest.raises(Malformed, match="this is not UTF-8"):
        data("a: 1".encode("utf-16"))


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_our_words(text: str) -> None:
    try:
        found = document(text).data
    except Misused as fault:
        found = fault.where
    assert isinstance(found, (str, list, dict, type(None)))


plain = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8)


@given(st.dictionaries(plain, st.lists(plain, max_size=3), min_size=1, max_size=4))
def test_what_is_written_is_read_back(told: dict[str, list[str]]) -> None:
    text = "".join(f"'{key}': [{', '.join(repr(v) for v in values)}]\n" for key, values in told.items())
    found = document(text)
    assert found.data == told
    for number, key in enumerate(told, start=1):
        assert found.place(key) == f"a.yaml:{number}"


def test_a_line_that_opens_brackets_without_end_is_not_given_to_the_parser() -> None:
    assert data(f"a: [{'[],' * 70}]") == {"a": [[]] * 70}
    with pytest.raises(Misused, match="nested deeper than 20 levels") as told:
        data(f"a: 1\nb: {'[{' * 40}")
    assert told.value.where == "a.yaml:2"


@pytest.mark.parametrize("piece", ["- a\n", "- [[[[[]]]]]\n"])
def test_more_values_than_a_file_of_use_has_are_not_read(piece: str) -> None:
    with pytest.raises(Misused, match=r"file\.yaml:\d+: this has more than 16,000 keys and values"):
        read_yaml(piece * 16_001, "file.yaml", most=10**6, remedy="")

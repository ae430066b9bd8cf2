"""YAML that people write: nothing is guessed at, and what is strange is refused with its line."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.observe.yaml_files import Document, read_yaml
from secrel.words.errors import Misused


def data(text: str) -> Any:
    return read_yaml(text, "a.yaml").data


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
        ("a: &x [1]\nb: *x\n", "an alias", 2),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "an alias", 3),
        ("a: &x b\nc:\n  - d\n  - *x\n", "an alias", 3),
        ("a: 1\nb: 2\na: 3\n", "'a' stands here twice", 3),
        ("a:\n  b: 1\n  b: 1\n", "'b' stands here twice", 3),
        ("? [a, b]\n: 1\n", "a name is not a plain word", 1),
        ("a: !secret x\n", "the tag '!secret'", 1),
        ("a: !!python/object:os.system {}\n", "tags are not read", 1),
        ("a: !!binary aGVsbG8=\n", "tags are not read", 1),
        ("a: 1\nb: [\n", "not YAML", 3),
        ("a: 1\n b: 2\n", "not YAML", 2),
        ("\tx: 1\n", "not YAML", 1),
        ("a: 1\n---\nb: 2\n", "not YAML", 2),
        ("a: 'x\n", "not YAML", 2),
        ("a: \x00\n", "not YAML", 0),
        ("", "the file is empty", 0),
        ("# nothing but a remark\n", "the file is empty", 0),
        ("a: " + "[" * 21 + "]" * 21, "nested deeper than 20", 1),
    ],
)
def test_what_is_strange_is_refused_with_its_line(text: str, said: str, line: int) -> None:
    with pytest.raises(Misused, match="(?i)" + said) as told:
        data(text)
    assert told.value.where == (f"a.yaml:{line}" if line else "a.yaml")
    assert "docs/release-file.md" in told.value.remedy


def test_bombs_are_refused_and_not_unfolded() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    with pytest.raises(Misused, match="aliases are not read"):
        data(bomb)
    with pytest.raises(Misused, match="4000001 characters"):
        data("a" * 4_000_001)
    with pytest.raises(Misused, match=r"not YAML|nested deeper"):
        data("[" * 1500)


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    number: int = 0
    names: list[str] = []


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    inner: list[Inner] = []


def decoded(text: str) -> Outer:
    return read_yaml(text, "a.yaml").decode(Outer)


def test_it_is_decoded_into_words() -> None:
    assert decoded("title: 14.10\ninner:\n  - number: 7\n    names: [a, 2]\n") == Outer("14.10", [Inner(7, ["a", "2"])])


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("title: t\ninner:\n  - number: 7\n  - names: [a]\n    number: x\n", "inner.1.number: Expected `int`", 5),
        ("title: t\ninner:\n  - names:\n      - a\n      - [b]\n", "inner.0.names.1: Expected `str`", 5),
        ("title: t\ninner:\n  - color: x\n", "unknown field `color`", 3),
        ("title: t\n\ncolor: x\n", "color: Object contains unknown field `color`", 3),
        ("inner: []\n", "missing required field `title`", 1),
        ("- title: t\n", "^a.yaml:1: Expected `object`", 1),
        ("just words\n", "^a.yaml:1: Expected `object`", 1),
        ("title:\n", "title: Expected `str`", 1),
    ],
)
def test_what_cannot_be_decoded_is_named_with_its_line(text: str, said: str, line: int) -> None:
    with pytest.raises(Misused, match=said) as told:
        decoded(text)
    assert told.value.where == f"a.yaml:{line}"


def test_a_path_that_is_not_there_is_placed_at_its_nearest_parent() -> None:
    document = read_yaml("a:\n  b:\n    - 1\n    - 2\n", "a.yaml")
    assert document.place("a", "b", 1) == "a.yaml:4"
    assert document.place("a", "b", 9, "c") == "a.yaml:2"
    assert document.place("z") == "a.yaml:1"
    assert Document("b.yaml", {}, {}).place("x") == "b.yaml:1"


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_our_words(text: str) -> None:
    try:
        found = read_yaml(text, "a.yaml").data
    except Misused as fault:
        found = fault.where
    assert isinstance(found, (str, list, dict, type(None)))


plain = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8)


@given(st.dictionaries(plain, st.lists(plain, max_size=3), min_size=1, max_size=4))
def test_what_is_written_is_read_back(told: dict[str, list[str]]) -> None:
    text = "".join(f"'{key}': [{', '.join(repr(v) for v in values)}]\n" for key, values in told.items())
    document = read_yaml(text, "a.yaml")
    assert document.data == told
    for number, key in enumerate(told, start=1):
        assert document.place(key) == f"a.yaml:{number}"

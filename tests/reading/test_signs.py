"""Lines of TOML and JSON: what the walk finds is what the parsers find, each thing on the line where it begins."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.process.reading import BUILTIN_NAMES, builtin_text
from secrel.reading.signs import Path, deepest_line, doubled_line, lines_in_json, lines_in_toml

ROOT = File(__file__).resolve().parents[2]


def paths_of(data: Any, path: Path = ()) -> list[Path]:
    """Every path of what a parser gives."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [way for key, part in inner for way in [(*path, key), *paths_of(part, (*path, key))]]


TEXT = '''\
# [not] = "a table"
title = "a # [no] table" # nor [this]
a.b . "c d" = 1
[[row]]
name = """
[[row]]
x = "\\"""" # three quotes and one
also = \'\'\'
'' it's = 1
\'\'\'
at = 1979-05-27 07:32:00.5
[row.more]
deep = { x = [1, 2], "y.z" = {} }
[[row.less]]
k = 1
[[row.less]]
k = 2
[[ row ]]
list = [ # [
  "one", [
  "two" ], { k =
    "v" },

  # , "none"
  3.5,
]
"\\u00e9" = -1e3
'é"' = true
[a.d]
'''
LINES = {
    ("title",): 2, ("a",): 3, ("a", "b"): 3, ("a", "b", "c d"): 3, ("row",): 4, ("row", 0): 4, ("row", 0, "name"): 5,
    ("row", 0, "also"): 8, ("row", 0, "at"): 11, ("row", 0, "more"): 12, ("row", 0, "more", "deep"): 13,
    ("row", 0, "more", "deep", "x", 1): 13, ("row", 0, "more", "deep", "y.z"): 13, ("row", 0, "less", 0): 14,
    ("row", 0, "less", 1): 16, ("row", 0, "less", 1, "k"): 17, ("row", 1): 18, ("row", 1, "list"): 19,
    ("row", 1, "list", 0): 20, ("row", 1, "list", 1): 20, ("row", 1, "list", 1, 0): 21, ("row", 1, "list", 2): 21,
    ("row", 1, "list", 2, "k"): 21, ("row", 1, "list", 3): 25, ("row", 1, "é"): 27, ("row", 1, 'é"'): 28,
    ("a", "d"): 29,
}  # fmt: skip


def test_every_key_and_item_has_the_line_on_which_it_begins() -> None:
    text = TEXT.replace("{ k =\n    ", "{ k = \\\n").replace(' \\\n"v"', ' """\\\n   v"""')
    assert lines_in_toml(text, LINES) == LINES
    assert set(paths_of(tomllib.loads(text))) == set(lines_in_toml(text, paths_of(tomllib.loads(text))))


def test_only_what_is_asked_for_is_remembered() -> None:
    assert lines_in_toml("a = 1\nb = 2\n", [("b",), ("c",)]) == {("b",): 2}
    assert lines_in_toml("", [("b",)]) == {}


@pytest.mark.parametrize("name", BUILTIN_NAMES)
def test_a_shipped_process_is_followed_to_its_end(name: str) -> None:
    text = builtin_text(name)
    paths = paths_of(tomllib.loads(text))
    found = lines_in_toml(text, paths)
    assert set(found) == set(paths)
    lines = text.split("\n")
    assert all(str(path[-1]) in lines[line - 1] for path, line in found.items() if isinstance(path[-1], str))


@pytest.mark.parametrize("file", [ROOT / "pyproject.toml", *sorted((ROOT / "src").rglob("*.toml"))], ids=str)
def test_every_file_at_hand_is_followed(file: File) -> None:
    text = file.read_text("utf-8")
    paths = paths_of(tomllib.loads(text))
    assert set(lines_in_toml(text, paths)) == set(paths)


KEYS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=5)
TREES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.integers(-9, 9), st.booleans(), st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]))),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=12,
)


@given(TREES, st.integers(0, 3) | st.none())
def test_json_is_followed_however_it_is_laid_out(tree: Any, indent: int | None) -> None:
    text = json.dumps(tree, indent=indent, separators=(",", "\n:") if indent == 1 else None)
    paths = paths_of(tree)
    assert set(lines_in_json(text, paths)) == set(paths)
    if indent is None:
        assert set(lines_in_json(text, paths).values()) <= {1}
    assert doubled_line(text) == 0


def test_keys_of_json_have_their_lines() -> None:
    text = '{\n  "a": [\n 1,\n {"b\\/": 2}],\n "\\ud83d\\ude00"\n:\n 3}'
    assert lines_in_json(text, [("a",), ("a", 1), ("a", 1, "b/"), ("\U0001f600",)]) == {
        ("a",): 2, ("a", 1): 4, ("a", 1, "b/"): 4, ("\U0001f600",): 5,
    }  # fmt: skip


def test_a_doubled_key_is_found() -> None:
    assert doubled_line('{"a": 1,\n "b": {"a": 2,\n\n"a": 3, "a": 4},\n "a": 5}') == 4


def test_the_deepest_line_is_found() -> None:
    assert deepest_line('a = "[[["\nb = [[\n[[]]]]', 3) == 3
    assert deepest_line("a = [[]]", 3) == 1


@given(st.text(alphabet=st.sampled_from(list("[]{}=:,.\"'#\n\\ a1é"))))
def test_no_text_keeps_the_walk_from_its_end(text: str) -> None:
    assert set(lines_in_json(text, [("a",)])) <= {("a",)}
    deepest_line(text, 3)

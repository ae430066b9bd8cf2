"""Patterns compile when they are used: they behave as compiled ones do, and every one of the house compiles."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator

import pytest

from secrel.words.patterns import pattern
from tests.house.sources import dotted, modules, shown, tree

KIND = type(pattern("a"))


def test_a_pattern_compiles_when_it_is_first_used_and_then_behaves_as_a_compiled_one() -> None:
    wrong = pattern("(")
    assert wrong.pattern == "("
    with pytest.raises(re.error):
        wrong.match("a")
    made = pattern("(?P<word>[a-z]+)", re.IGNORECASE)
    match = made.fullmatch("AB")
    assert match is not None
    assert match["word"] == "AB"
    assert made.sub("-", "1ab2") == "1-2"
    assert made.flags & re.IGNORECASE
    assert made.groupindex == {"word": 1}
    assert pattern(b"[0-9]+").findall(b"1 22") == [b"1", b"22"]


def _held(value: object) -> Iterator[object]:
    """Patterns in a value, also inside of tuples, lists and tables."""
    if isinstance(value, KIND):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _held(one)
    elif isinstance(value, dict):
        yield from _held([*value.values()])


def test_every_pattern_of_the_house_compiles() -> None:
    found = 0
    for path in modules():
        if "words.patterns import" not in path.read_text("utf-8"):
            continue
        module = importlib.import_module(dotted(path))
        for value in vars(module).values():
            for one in _held(value):
                assert isinstance(one.__getattr__("_compiled"), re.Pattern), shown(path)  # type: ignore[attr-defined]
                found += 1
    assert found > 200


def test_no_module_compiles_a_pattern_when_it_is_loaded() -> None:
    """Who loads a module would wait for it: `secrel.words.patterns` compiles when the pattern is used."""
    bad = []
    for path in modules():
        waiting: list[ast.AST] = [tree(path)]
        while waiting:
            for child in ast.iter_child_nodes(waiting.pop()):
                if isinstance(child, ast.FunctionDef | ast.Lambda):
                    continue
                waiting.append(child)
                if isinstance(child, ast.Call) and ast.unparse(child.func) == "re.compile":
                    bad.append(f"{shown(path)}:{child.lineno}")
    assert bad == []

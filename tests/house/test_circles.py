"""No two files of the house lean on each other, whether they run or are only checked by type (design.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house.sources import dotted, modules, tree


def imported(path: Path, known: Mapping[str, Path]) -> Iterator[str]:
    """Give the modules of the house that a file imports, wherever in it the line stands."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                if name in known or node.module in known:
                    yield name if name in known else node.module


def circle(imports: Mapping[str, set[str]]) -> list[str]:
    """Give modules that lean on each other in a circle, the first once more at the end; nothing where none do."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as fault:
        found: list[str] = fault.args[1]
        return found
    return []


def test_no_files_import_each_other_in_a_circle() -> None:
    known = {dotted(path): path for path in modules()}
    imports = {name: set(imported(path, known)) - {name} for name, path in known.items()}
    assert sum(map(len, imports.values())) > len(known), "the imports are seen"
    assert circle(imports) == [], "move what both need below both"


@pytest.mark.parametrize(
    ("imports", "found"),
    [
        ({"a": {"b"}, "b": {"c"}}, []),
        ({"a": {"b"}, "b": {"a"}}, ["a", "b"]),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}}, ["a", "b", "c"]),
    ],
)
def test_a_circle_is_found(imports: dict[str, set[str]], found: list[str]) -> None:
    assert sorted(set(circle(imports))) == found

"""A module that is small, and of use to one other, is a part of that one."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from tests.house.sources import SOURCE, dotted, modules, tree
from tests.house.test_budgets import LONGEST_MODULE, MANY_BY_RULE

SMALL = 60
APART: Mapping[str, str] = {
    "secrel.rehearsal.judging.judge": "the judge stands with its rules, apart from all that it judges",
}
"""Small modules of use to one other that stay by themselves, and why."""


def importers(known: Mapping[str, Path]) -> tuple[dict[str, set[str]], set[str]]:
    """Who imports each module, and which are imported as modules: those are loaded when something of them is used."""
    found: dict[str, set[str]] = defaultdict(set)
    waiting: set[str] = set()
    for name, path in known.items():
        for node in (node for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom) and node.module):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found[whole if whole in known else str(node.module)].add(name)
                waiting |= {whole} & known.keys()
    return found, waiting


def _room(name: str) -> str:
    return ".".join(name.split(".")[:2])


def test_a_small_module_of_use_to_one_other_is_a_part_of_it() -> None:
    """Not where it is a row of a table, or loaded by itself when it is used, or where the other has no room for it."""
    known = {dotted(path): path for path in modules()}
    lines = {name: len(path.read_text("utf-8").splitlines()) for name, path in known.items()}
    who, waiting = importers(known)
    rows = {folder for folder in MANY_BY_RULE if folder != "desk"} | {"journal/migrations/versions"}
    found = set()
    for name, path in known.items():
        if lines[name] >= SMALL or len(who[name]) != 1 or name in waiting or path.name == "__init__.py":
            continue
        [other] = who[name]
        if _room(other) != _room(name) or path.parent.relative_to(SOURCE).as_posix() in rows:
            continue
        if lines[name] + lines[other] <= LONGEST_MODULE:
            found.add(name)
    assert found == APART.keys(), "make it a part of the other, or say why it stays by itself"

"""A public class has its name for itself."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.house.sources import SOURCE, modules, shown, tree

# What a check may be told is `Params` in the module of every check, where its table looks for it.
SHARED = {"Params"}


def _modules_of_classes() -> dict[str, list[str]]:
    places: dict[str, list[str]] = defaultdict(list)
    for path in modules(SOURCE):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(shown(path))
    return places


def test_no_two_public_classes_share_a_name() -> None:
    shared = {name: places for name, places in _modules_of_classes().items() if len(places) > 1}
    assert {name: places for name, places in shared.items() if name not in SHARED} == {}
    assert shared.keys() == SHARED, "a name that is shared no longer is a name too many in this list"

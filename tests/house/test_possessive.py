"""No pattern repeats a group possessively: Python before 3.11.3 goes on where the round that failed had stopped."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.sources import modules, shown, tree

_CLASS = re.compile(r"(?<!\\)\[\^?\]?(?:\\.|[^\]\\])*\]")
_REPEATED = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+")


def repeated(text: str) -> list[str]:
    """Give where a text repeats a group possessively; what stands in a class of signs is no group."""
    return _REPEATED.findall(_CLASS.sub("x", text))


def texts(module: ast.Module) -> Iterator[ast.Constant]:
    """Give the texts of a module, and the parts of those that are put together; its docstrings are none."""
    documented = {id(one.value) for one in ast.walk(module) if isinstance(one, ast.Expr)}
    for one in ast.walk(module):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in documented:
            yield one


def test_no_group_is_repeated_possessively() -> None:
    found = [
        f"{shown(path)}:{one.lineno}" for path in modules() for one in texts(tree(path)) if repeated(str(one.value))
    ]
    assert found == [], "write (?>(?:...)*), which says the same and is right on every Python"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("(?:ab|c)*+", 1),
        ("(?:ab){1,8}+", 1),
        ("(?:ab)?+x", 1),
        ("(?>(?:ab)*)", 0),
        ("[ab]*+", 0),
        (r"\)++", 0),
        ("[()*+]", 0),
    ],
)
def test_such_a_group_is_found(text: str, count: int) -> None:
    assert len(repeated(text)) == count

"""Budgets: nothing grows past what a person reads in one go (design.md)."""

from __future__ import annotations

import ast

from tests.house.sources import ROOT, SOURCE, functions, modules, shown

LONGEST_MODULE = 350
LONGEST_FUNCTION = 60
FULLEST_FOLDER = 12
MANY_BY_RULE = {
    "evaluate/checks": "one check, one file",
    "plan/works": "one line of work, one file",
    "cli": "one command, one file",
    "desk": "one use case, one file",
    "words": "one family of words, one file",
}
"""Folders with a file for each row of a table, and so as many as the table has."""
FORBIDDEN = frozenset({"utils", "util", "helpers", "helper", "common", "base", "manager", "core", "misc"})


def test_no_module_is_too_long() -> None:
    long = {shown(path): n for path in modules() if (n := len(path.read_text("utf-8").splitlines())) > LONGEST_MODULE}
    assert long == {}, f"split them: {LONGEST_MODULE} lines are the most"


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function without those of its docstring: of a command, that is its page of help."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node) is None:
        return lines
    docstring = node.body[0]
    return lines - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)


def test_no_function_is_too_long() -> None:
    long = {
        f"{shown(path)}:{node.lineno} {node.name}": length
        for path in modules()
        for node in functions(path)
        if (length := _length(node)) > LONGEST_FUNCTION
    }
    assert long == {}, f"split them: {LONGEST_FUNCTION} lines are the most"


def test_no_folder_is_too_full() -> None:
    full = {}
    for folder in sorted({path.parent for path in modules()}):
        count = sum(path.name != "__init__.py" for path in folder.glob("*.py"))
        if count > FULLEST_FOLDER and folder.relative_to(SOURCE).as_posix() not in MANY_BY_RULE:
            full[shown(folder)] = count
    assert full == {}, f"{FULLEST_FOLDER} modules are the most in a folder"


def test_no_module_is_named_after_nothing() -> None:
    found = [
        shown(path)
        for path in [*modules(), *modules(ROOT / "tests"), *modules(ROOT / "bench")]
        if FORBIDDEN & {path.stem, path.parent.name}
    ]
    assert found == [], "name it after what it does"

"""Which tests are measured: chosen by what they reach, and each of them a test that is there."""

from __future__ import annotations

import ast
from functools import cache

from tests.house.measuring import DEAR, LIST, LOSS, function_of, is_measured, listed, spared
from tests.house.sources import ROOT, tree

PLAN = "/x/src/secrel/plan/guard.py"
CLI = "/x/src/secrel/cli/main.py"


EXAM = "tests/exam/forge_exam.py"
"""Its tests are those of each forge that sits it."""


@cache
def _functions(name: str) -> set[str]:
    files = (name, EXAM) if name.endswith("/test_exam.py") else (name,)
    return {node.name for one in files for node in ast.walk(tree(ROOT / one)) if isinstance(node, ast.FunctionDef)}


def test_a_dear_test_is_spared_where_others_reach_what_it_reaches() -> None:
    arcs = {"a": {(PLAN, 1, 2)}, "b": {(PLAN, 1, 2), (PLAN, 2, 3)}, "c": {(PLAN, 1, 2)}}
    assert spared({"a": 9.0, "b": 8.0, "c": DEAR / 2}, arcs) == ["a"]


def test_what_two_tests_alone_reach_keeps_one_of_them_measured() -> None:
    arcs = {"a": {(PLAN, 1, 2)}, "b": {(PLAN, 1, 2)}}
    assert spared({"a": 8.0, "b": 9.0}, arcs) == ["b"]


def test_a_room_that_owes_less_than_all_loses_little() -> None:
    many = {(CLI, line, line + 1) for line in range(round(2 / LOSS))}
    arcs = {"all": many, "two": {(CLI, -1, 1), (CLI, -1, 2)}, "three": {(CLI, -2, 1), (CLI, -2, 2), (CLI, -2, 3)}}
    assert spared({"two": 2.0, "three": 3.0}, arcs) == ["two"]


def test_an_example_is_measured_like_its_test_and_the_house_never() -> None:
    test = min(listed())
    assert not is_measured(test)
    assert not is_measured(f"{test}[any::example[of it]]")
    example = max(line for line in listed() if "[" in line)
    assert not is_measured(example)
    assert is_measured(f"{example} and another")
    assert is_measured(f"{test}_that_is_not_there")
    assert not is_measured("tests/house/test_measuring.py::test_an_example")


def test_every_test_on_the_list_is_there_once_and_in_order() -> None:
    lines = LIST.read_text("utf-8").splitlines()
    assert lines == sorted(set(lines))
    gone = [line for line in lines if function_of(line).split("::")[-1] not in _functions(line.partition("::")[0])]
    assert gone == [], "make measured writes the list anew; a name that changed may be changed by hand"

from __future__ import annotations

from secrel.evaluate.registry import shipped
from secrel.process.table import Gate, Phase, Process


def gate(name: str, *after: str, moot: tuple[str, ...] = ()) -> Gate:
    return Gate(name, name, "p", "primary", "claimed", after=after, moot_if_waived=moot)


def table(*gates: Gate) -> Process:
    return Process("p", "P", (Phase("p", "P"),), gates)


def test_gates_and_products_are_found_by_name() -> None:
    process = shipped("gitlab")
    found, product = process.gate("draft-open"), process.product("gitlab-runner")
    assert found is not None
    assert found.check == "document_found"
    assert product is not None
    assert product.short == "GitLab Runner"
    assert process.gate("no such gate") is None
    assert process.product("no such product") is None


def test_without_a_gate_what_came_after_it_comes_after_what_it_came_after() -> None:
    process = table(gate("a"), gate("b", "a"), gate("c", "b", "a"), gate("d", "c", moot=("b",)))
    less = process.without("b")
    assert [(g.name, g.after) for g in less.gates] == [("a", ()), ("c", ("a",)), ("d", ("c",))]
    assert [g.moot_if_waived for g in less.gates] == [(), (), ()]


def test_without_a_gate_that_is_not_there_nothing_changes() -> None:
    process = table(gate("a"))
    assert process.without("b") is process

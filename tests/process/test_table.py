from __future__ import annotations

import json
import re

import pytest

from secrel.evaluate.registry import shipped, vocabulary
from secrel.process.reading import builtin_text, read_process
from secrel.process.table import Gate, Lacking, Phase, Process


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


@pytest.mark.parametrize("process", ["gitlab", "generic"])
@pytest.mark.parametrize("lacks", [(), ("git",), ("cna",), ("git", "cna")])
def test_what_a_vendor_lacks_no_gate_asks_for_and_the_order_of_the_rest_stays(
    process: str, lacks: tuple[Lacking, ...]
) -> None:
    whole = shipped(process)
    added = f"without = {json.dumps(lacks)}\n"
    text = re.sub(r"(?m)^without = .*\n", "", builtin_text(process))
    less = read_process(added + text, process, vocabulary())
    checks, works = {gate.check for gate in less.gates}, {gate.makes for gate in less.gates}
    assert ("git" in lacks) == (
        not checks & {"merge_requests_ready", "versions_tagged", "fixes_in_tags", "ranges_proved"}
    )
    assert ("cna" in lacks) == (not works & {"cve_updates", "ask_about_ids"})
    assert works >= {"cve_requests", "cve_records"}, "another CNA is asked for an id, and told of the post"
    assert bool(less.cna) == ("cna" not in lacks)
    assert "cve_assigned" in checks, "ids are cited, whoever assigns them"
    assert ("git" in lacks and process == "generic") == (less.gate("versions-out") is not None)
    left = {gate.name for gate in less.gates}
    for gate in less.gates:
        if gate.name == "versions-out":
            continue
        assert {*gate.after, *gate.moot_if_waived} <= left
        assert _before(gate.name, less) - {"versions-out"} == _before(gate.name, whole) & left
    assert less.gates == whole.gates or lacks


def _before(name: str, process: Process) -> set[str]:
    gate = process.gate(name)
    after = set(gate.after) if gate else set()
    return after.union(*(_before(other, process) for other in after))


def test_without_a_gate_that_is_not_there_nothing_changes() -> None:
    process = table(gate("a"))
    assert process.without("b") is process

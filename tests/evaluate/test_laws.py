"""Laws of the verdicts, over tables that nobody thought of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.evaluate.assessing import assess
from secrel.evaluate.verdicts import (
    Blocked,
    Passed,
    UnseenVerdict,
    Waiting,
    Waived,
)
from secrel.process.table import Gate
from secrel.words.people import Claim
from secrel.words.releases import Kind
from tests.builders import NOW, a_claim, a_snapshot
from tests.evaluate.asking import a_process
from tests.evaluate.test_assessing import SAID, find, gate, judge, rule

names = [f"g{n}" for n in range(7)]


@st.composite
def tables(draw: st.DrawFn) -> tuple[Gate, ...]:
    """Tables without circles: a gate comes after some of those before it, then all are shuffled."""
    gates = [
        gate(
            name,
            draw(st.sampled_from(sorted(SAID))),
            *draw(st.lists(st.sampled_from(names[:n]), unique=True)) if n else (),
            due=draw(st.sampled_from(["", "at due", "14 days before due", "disclosure"])),
            lasting=draw(st.booleans()),
            opens=draw(st.sampled_from([None, rule("at due"), rule("14 days before due")])),
            kinds=draw(st.sampled_from([frozenset(Kind), frozenset({Kind.UNPLANNED})])),
            moot_if_waived=tuple(draw(st.lists(st.sampled_from(names[:n]), max_size=1))) if n else (),
        )
        for n, name in enumerate(names)
    ]
    return tuple(draw(st.permutations(gates)))


claims = st.lists(st.builds(a_claim, st.sampled_from(names), waives=st.booleans()), max_size=3).map(tuple)


@given(tables(), claims)
def test_laws_of_the_verdicts(gates: tuple[Gate, ...], said: tuple[Claim, ...]) -> None:
    snapshot = replace(a_snapshot(), claims=said)
    told = judge(*gates, snapshot=snapshot)
    verdicts = {name: judged.verdict for name, judged in told.by_name.items()}
    signed = {claim.gate for claim in snapshot.claims if claim.waives}
    assert list(verdicts) == [g.name for g in gates if g.name in verdicts]
    for judged in told.gates:
        row, verdict = judged.gate, judged.verdict
        assert Kind.PLANNED in row.kinds
        assert judged.is_due == (row.due is None or (judged.due is not None and judged.due <= NOW))
        if isinstance(verdict, Waived):
            assert row.name in signed
        if isinstance(verdict, Blocked | UnseenVerdict) or (isinstance(verdict, Passed) and not row.lasting):
            # its turn has come: everything it comes after is done or does not belong to the release
            assert all(isinstance(verdicts.get(a, Passed(())), Passed | Waived) for a in row.after)
            assert row.opens is None or row.opens.text == "14 days before due"
        if isinstance(verdict, Waiting):
            assert verdict.gates or verdict.pending or verdict.until is not None
            assert all(not isinstance(verdicts[name], Passed | Waived) for name in verdict.gates)


@given(tables(), claims)
def test_the_order_of_rows_does_not_matter_to_the_verdicts(gates: tuple[Gate, ...], said: tuple[Claim, ...]) -> None:
    snapshot = replace(a_snapshot(), claims=said)
    forth, back = judge(*gates, snapshot=snapshot), judge(*reversed(gates), snapshot=snapshot)
    assert forth.by_name == back.by_name


@given(tables())
def test_taking_out_a_gate_that_blocks_never_blocks_less_before_it(gates: tuple[Gate, ...]) -> None:
    process = a_process(*gates)
    whole = assess(a_snapshot(), process, NOW, find)
    for judged in whole.gates:
        less = assess(a_snapshot(), process.without(judged.gate.name), NOW, find)
        for name, other in less.by_name.items():
            if judged.gate.name not in before(gates, name):
                assert other.verdict == whole.by_name[name].verdict


def before(gates: tuple[Gate, ...], name: str) -> set[str]:
    rows = {row.name: row for row in gates}
    found: set[str] = set()
    todo = [name]
    while todo:
        row = rows[todo.pop()]
        near = {*row.after, *row.moot_if_waived} - found
        found |= near
        todo += near
    return found

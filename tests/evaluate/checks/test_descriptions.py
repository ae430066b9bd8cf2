"""What is written of a fix is found on the fix, for its owner, with the command that changes it."""

from __future__ import annotations

from typing import Any

from secrel.evaluate.verdicts import Evidence, Finding
from secrel.words.parts import Unseen
from tests.builders import REPOSITORY, a_contents, a_fix, a_snapshot, an_advisory, with_parts
from tests.evaluate.asking import ask

REF = f"{REPOSITORY}#1"


def said(**changes: Any) -> list[tuple[str, str, str]]:
    snapshot = a_snapshot([a_fix(1)], contents=a_contents(advisories=[an_advisory(1, **changes)]))
    found = ask("descriptions_right", snapshot)
    return [(one.about, one.what, one.remedy) for one in found if isinstance(one, Finding)]


def test_a_range_that_is_another_is_told_with_both_and_with_the_way_out() -> None:
    [(about, what, remedy)] = said(description="A notebook in versions before 18.9.9 ran.")
    assert about == REF
    assert what.startswith("its description says 'versions before 18.9.9', and its facts say all versions from ")
    assert remedy == f"secrel fix set 2026-11 {REF} --reword 'in versions before 18.9.9='"


def test_a_fact_that_is_missing_is_proposed() -> None:
    [(_, what, remedy)] = said(description="In versions before 18.9.9, it ran.", affected=None)
    assert what == "its description says 'versions before 18.9.9', and no fact of it says so"
    assert remedy == f"secrel fix set 2026-11 {REF} --since=all"


def test_what_was_left_by_mistake_is_found_on_the_fix_and_may_be_allowed() -> None:
    changes: dict[str, Any] = {
        "title": "FIXME is run",
        "description": "It ran, and\nit it ran.",
        "workaround": "Turn off TODO.",
    }
    found = [(what, remedy.partition("--")[2]) for _, what, remedy in said(**changes)]
    assert found == [
        ("in its title, 'FIXME' was left in the text; if it is meant, set 'allowed=[FIXME]'", "reword FIXME="),
        (
            "in its description, the words 'it it' are doubled; if it is meant, set 'allowed=[it it]'",
            "reword 'it it=it'",
        ),
        ("in its workaround, 'TODO' was left in the text; if it is meant, set 'allowed=[TODO]'", "reword TODO="),
    ]
    [title, workaround] = said(**changes, allowed=("it it",))
    assert title[1].endswith("'allowed=[it it, FIXME]'"), "what is allowed stays so"
    assert workaround[1].endswith("'allowed=[it it, TODO]'")
    [(_, merged, _)] = said(title="<<<<<<< ours")
    assert merged == "in its title, '<<<<<<<' was left in the text"
    assert said(**changes, allowed=("FIXME", "TODO", "it it")) == []


def test_what_agrees_is_evidence_and_a_product_that_is_not_shipped_is_another_row_s() -> None:
    assert ask("descriptions_right", a_snapshot(), now=a_snapshot().release.due)
    assert said(product="other", description="In versions before 18.9.9, it ran.") == []
    [one] = ask("descriptions_right", a_snapshot([a_fix(1)]))
    assert one == Evidence(REF, "its words say nothing otherwise than its facts")


def test_what_could_not_be_seen_is_unseen() -> None:
    found = ask("descriptions_right", with_parts(a_snapshot(), fixes=Unseen("the forge is away")))
    assert not any(isinstance(one, Finding | Evidence) for one in found)

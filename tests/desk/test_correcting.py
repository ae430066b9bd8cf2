"""What becomes known after the announcement is planned, approved and applied as a correction of the live post."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from secrel.adapters.localforge import NewIssue
from secrel.desk.looking import look
from secrel.desk.proposing import propose
from secrel.evaluate.verdicts import Blocked, Passed, Verdict
from secrel.words.errors import Refused
from tests.builders import VECTOR
from tests.desk.stage import DUE, NAME, NOTEBOOKS, Stage

CORRECTION = f"{NAME}/post/correction"


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    """A release whose post is live."""
    return staged("live")


def verdict(stage: Stage) -> Verdict:
    return look(stage.desk(), NAME).assessment.by_name["post-published-right"].verdict


def rate(stage: Stage, rest: str) -> str:
    """Let somebody correct the vector of a fix, and give it."""
    vector = f"CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/{rest}"
    stage.write(NOTEBOOKS, {"vector": vector})
    return vector


def files(stage: Stage) -> dict[str, str]:
    return dict(stage.request("post/correction").files)


def test_a_fact_that_came_late_is_corrected_in_public_and_once(stage: Stage) -> None:
    assert isinstance(verdict(stage), Passed)
    stage.at = DUE + timedelta(days=4)
    vector = rate(stage, "C:H/I:L/A:N")
    assert isinstance(verdict(stage), Blocked)
    stage.quiet()
    assert stage.forge.people.merge_request_made(CORRECTION) is None, "it is public: nobody corrects it unasked"
    assert stage.approve("bjorn", only=("release_post",)) == [CORRECTION]
    [(path, text)] = files(stage).items()
    [(live_path, live)] = stage.request("post/release").files
    assert path == live_path
    changed = set(text.splitlines()) - set(live.splitlines())
    assert vector in text
    assert all(vector in line for line in changed), "nothing else is changed"
    assert stage.approve("bjorn", only=("release_post",)) == []
    vector = rate(stage, "C:L/I:L/A:N")
    assert stage.approve("bjorn", only=("release_post",)) == [f"{CORRECTION}/edit/1"]
    assert vector in "".join(files(stage).values())
    stage.forge.people.merge(stage.request("post/correction").ref, "release-managers", stage.at)
    assert isinstance(verdict(stage), Passed)
    rate(stage, "C:N/I:L/A:N")
    assert isinstance(found := verdict(stage), Blocked)
    assert "--waive" in found.findings[0].remedy, "a second one is for a person"


def linked(stage: Stage) -> None:
    """Let somebody link a fix that nobody may know of, with all that its section needs."""
    told = NewIssue("vendor/product", "Somebody else's cards", "developer", stage.at, labels=("security",))
    ref = stage.forge.people.open_issue(told)
    facts = {"title": "Somebody else's cards", "vector": VECTOR, "weakness": "CWE-79", "affected": {"since": "1.0"}}
    stage.write(
        ref, {**facts, "description": "Cards of one person were shown to others, which nobody may know of yet."}
    )
    stage.forge.people.link(ref, stage.issue("tracking").ref, "developer", stage.at)


def test_a_fix_that_was_linked_after_the_announcement_does_not_come_out_with_a_correction(stage: Stage) -> None:
    stage.at = DUE + timedelta(days=4)
    linked(stage)
    refusals = propose(stage.desk("bjorn"), look(stage.desk(), NAME), ("release_post",)).loud.refusals
    assert [(one.rule, one.keys) for one in refusals] == [("embargo", (CORRECTION,))]
    with pytest.raises(Refused, match="under embargo"):
        stage.approve("bjorn", only=("release_post",))

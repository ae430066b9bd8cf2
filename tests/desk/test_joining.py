"""Releases are joined and split: fixes go from one to another, with what was reserved for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from secrel.desk.joining import join_releases, split_release
from secrel.desk.looking import look
from secrel.desk.starting import start
from secrel.observe.release_file import read_release_file
from secrel.words.errors import Misused
from secrel.words.parts import known
from tests.builders import notes_of
from tests.desk.stage import DUE, NAME, NOTEBOOKS, RELEASE, TOKENS, Stage

OTHER = "2026-12"
REASON = "one release is enough"


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    """A release with a draft and its ids, and another one that has no fix yet."""
    stage = staged("drafted")
    head = RELEASE[: RELEASE.index("fixes:")].replace(f"release: {NAME}", f"release: {OTHER}")
    text = head.replace(DUE.isoformat(), (DUE + timedelta(days=21)).isoformat()).replace(
        "1.2.3, 1.1.9", "1.2.4, 1.1.10"
    )
    start(stage.desk(), read_release_file(f"{text}fixes: []\n", "next.yaml", stage.desk().process))
    return stage


def fixes_in(stage: Stage, name: str) -> set[str]:
    return {fix.ref for fix in look(stage.desk(), name).snapshot.tracked_fixes}


def test_a_release_that_is_joined_ends_and_its_fixes_go_on_with_their_ids(stage: Stage) -> None:
    join_releases(stage.desk(), NAME, OTHER, REASON)
    ended, goes_on = look(stage.desk(), NAME), look(stage.desk(), OTHER)
    assert ended.snapshot.cancelled is not None
    assert ended.snapshot.cancelled.words == f"joined with {OTHER}: {REASON}"
    assert ended.assessment.gates == ()
    assert fixes_in(stage, OTHER) == {NOTEBOOKS, TOKENS}
    assert {str(one.cve_id) for one in goes_on.snapshot.contents.advisories} == {"CVE-2026-1111", "CVE-2026-2222"}
    assert all(known(fix.cve_request, None) is not None for fix in goes_on.snapshot.tracked_fixes)
    assert join_releases(stage.desk(), NAME, OTHER, REASON) == [], "run again, there is nothing left to do"


def test_fixes_that_are_split_off_leave_one_release_for_another(stage: Stage) -> None:
    split_release(stage.desk(), NAME, OTHER, (TOKENS,), REASON)
    assert (fixes_in(stage, NAME), fixes_in(stage, OTHER)) == ({NOTEBOOKS}, {TOKENS})
    told = notes_of(stage.forge.people.issues([TOKENS])[TOKENS])
    assert "## Tokens in the log files" in told[-1].body, "with the text that was written for it"
    [advisory] = look(stage.desk(), OTHER).snapshot.contents.advisories
    assert str(advisory.cve_id) == "CVE-2026-2222"
    stage.at += timedelta(minutes=10)
    stage.quiet()
    assert "Tokens in the log files" not in stage.request("post/draft").files[0][1]
    assert split_release(stage.desk(), NAME, OTHER, (TOKENS,), REASON) == []


@pytest.mark.parametrize(
    ("name", "into", "reason", "said"),
    [
        (NAME, OTHER, " ", "no reason"),
        (NAME, NAME, REASON, "goes into another one"),
        (NAME, "2099-01", REASON, "there is no release"),
    ],
)
def test_what_cannot_be_joined_or_split_changes_nothing(
    name: str, into: str, reason: str, said: str, stage: Stage
) -> None:
    before = len(stage.desk().journal.entries())
    with pytest.raises(Misused, match=said):
        join_releases(stage.desk(), name, into, reason)
    with pytest.raises(Misused, match=said):
        split_release(stage.desk(), name, into, (TOKENS,), reason)
    with pytest.raises(Misused, match="is no fix of this release"):
        split_release(stage.desk(), NAME, OTHER, ("vendor/product#99",), REASON)
    assert len(stage.desk().journal.entries()) == before


def test_nothing_goes_into_a_release_that_is_announced_or_does_not_ship_its_product(
    staged: Callable[[str], Stage],
) -> None:
    stage = staged("live")
    head = RELEASE[: RELEASE.index("fixes:")].replace(f"release: {NAME}", f"release: {OTHER}")
    text = head.replace(DUE.isoformat(), (DUE + timedelta(days=21)).isoformat()).replace(
        "1.2.3, 1.1.9", "1.2.4, 1.1.10"
    )
    start(stage.desk(), read_release_file(f"{text}fixes: []\n", "next.yaml", stage.desk().process))
    with pytest.raises(Misused, match="the release is announced"):
        join_releases(stage.desk(), OTHER, NAME, REASON)

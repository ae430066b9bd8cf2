"""What goes wrong in reality is caught by a gate, and by that gate: without its row the same story ends wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from secrel.rehearsal.events import HAPPENINGS
from secrel.rehearsal.playing import Played, play
from tests.rehearsal.begun import forge_of
from tests.rehearsal.made import VECTOR, fix, happens, story
from tests.rehearsal.small import few_looks

LATE = fix(3, arrives="30 hours before", ready="30 hours before", cna_takes="1 hour")
OTHER = VECTOR.replace("I:H", "I:L")
SPANS = [{"since": "18.0", "fixed": "18.4.4"}, {"since": "18.5", "fixed": "18.5.2"}]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Mishap:
    """What goes wrong, the gate that catches it, and what the judge says without that gate."""

    name: str
    gate: str
    rules: tuple[str, ...]
    events: Rows = field(default_factory=list)
    more: Rows = field(default_factory=list)


def bumped(at: str = "1 hour before") -> dict[str, Any]:
    return happens(at, "version bumped", product="gitlab", old="18.5.2", new="18.5.3")


OF_THE_ISSUE = (
    Mishap("a fix arrives inside the 48 hours", "no-late-fix", ("deadline",), more=[LATE]),
    Mishap(
        "a fix is taken out after the draft",
        "removed-fixes-told",
        ("removed",),
        [happens("60 hours before", "fix taken out", fix="fix-3")],
        [fix(3)],
    ),
    Mishap(
        "a fix is taken out after the draft, and the draft stays",
        "post-fixes-match",
        ("removed", "shipped", "announced"),
        [happens("60 hours before", "fix taken out", fix="fix-3")],
        [fix(3)],
    ),
    Mishap(
        "a pipeline turns red after the approval",
        "merge-requests-ready",
        ("pipeline",),
        [happens("4 days before", "pipeline fails", fix="fix-2")],
    ),
    Mishap(
        "the Secondary falls ill",
        "duties-present",
        ("people",),
        [happens("6 days before", "falls ill", who="secondary", days=9)],
    ),
    Mishap(
        "the date slips",
        "post-date-right",
        ("date", "announced"),
        [happens("30 hours before", "due moves", to="2026-11-26T16:00:00+00:00")],
    ),
    Mishap(
        "a version is bumped in the last hour",
        "post-versions-right",
        ("versions", "announced"),
        [bumped()],
    ),
    Mishap(
        "nobody gave a range",
        "ranges-given",
        ("announced", "left out"),
        more=[fix(3, range_given="when asked")],
    ),
)
MORE = (
    Mishap("nobody ever gives a range", "ranges-given", ("announced", "records"), more=[fix(3, affected=None)]),
    Mishap(
        "a tag lacks a fix",
        "fixes-in-tags",
        ("shipped",),
        [happens("3 hours before", "fix missing from tag", fix="fix-2", version="18.4.4")],
    ),
    Mishap(
        "a fix is reverted in one series",
        "fixes-in-tags",
        ("shipped",),
        [happens("10 hours before", "fix reverted", fix="fix-2", target="18-4-stable-ee")],
    ),
    Mishap(
        "the test mail is garbled",
        "test-email-right",
        ("email",),
        [happens("3 days before", "test mail garbled", find="18.4.4", put="18.4.3")],
    ),
    Mishap("nobody reads the post", "draft-reviewed", ("review",)),
    Mishap(
        "an approval is withdrawn",
        "merge-requests-ready",
        ("pipeline",),
        [happens("4 days before", "approval withdrawn", fix="fix-2")],
    ),
    Mishap(
        "a vector is corrected after the review",
        "post-wording-right",
        ("facts", "announced"),
        [happens("20 hours before", "facts corrected", fix="fix-2", facts={"vector": OTHER})],
    ),
    Mishap(
        "a fix is put back after the deadline",
        "no-late-fix",
        ("deadline",),
        [
            happens("10 days before", "fix taken out", fix="fix-2"),
            happens("30 hours before", "fix put back", fix="fix-2"),
        ],
    ),
    Mishap(
        "somebody writes a wrong version into the draft",
        "post-versions-right",
        ("announced", "edits"),
        [happens("40 hours before", "draft edited", find="18.5.2", put="18.5.9")],
    ),
    Mishap(
        "a range that was typed ends at the old version",
        "ranges-follow-versions",
        ("records", "announced"),
        [bumped("20 hours before")],
        [fix(3, affected=SPANS)],
    ),
    Mishap("nobody scored a fix", "cve-complete", ("incomplete",), more=[fix(3, vector=None)]),
)
MISHAPS = (*OF_THE_ISSUE, *MORE)
TELLING = {
    "somebody writes a wrong version into the draft",
}
"""Those that are played among the quick tests; what each of the others does to the world is in `test_happening.py`."""
CAUGHT = [
    pytest.param(mishap, id=mishap.name, marks=() if mishap.name in TELLING else pytest.mark.long) for mishap in MISHAPS
]


def played(mishap: Mishap, folder: Path, *, without: str = "") -> Played:
    told = story([fix(1), fix(2), *mishap.more], mishap.events)
    return play(told, folder / "rehearsal", process=told.process.without(without), looks=few_looks)


@pytest.mark.parametrize("mishap", CAUGHT)
def test_the_gate_catches_it(mishap: Mishap, tmp_path: Path) -> None:
    ended = played(mishap, tmp_path)
    assert ended.wrongs == ()
    assert len(ended.presses) <= 10
    assert ended.last is not None
    assert ended.last.look.snapshot.announced_at is not None


HELD_TWICE = frozenset(
    {
        "a vector is corrected after the review",
        "a fix is taken out after the draft, and the draft stays",
        "the date slips",
        "nobody reads the post",
        "a tag lacks a fix",
        "a fix is reverted in one series",
        "a version is bumped in the last hour",
    }
)
"""What something else holds back as well: a post is made of a reviewed draft that is up to date, or not at all, and git
proves which tags have a fix."""


@pytest.mark.long
@pytest.mark.parametrize("mishap", MISHAPS, ids=lambda m: m.name)
def test_without_its_gate_the_story_ends_wrong_or_nothing_wrong_is_announced(mishap: Mishap, tmp_path: Path) -> None:
    assert story([]).process.gate(mishap.gate) is not None
    ended = played(mishap, tmp_path, without=mishap.gate)
    rules = {wrong.rule for wrong in ended.wrongs}
    if mishap.name in HELD_TWICE:
        assert rules <= {"announced", "left out"}, "it is announced as it is, or held back whole"
    else:
        assert rules & set(mishap.rules), ended.wrongs


STEPS = {
    "email-sent": "email",
    "cve-records-published": "records",
    "reporters-told": "finders",
    "issues-public": "disclosure",
    "next-release-open": "ending",
    "release-closed": "ending",
    "handover-written": "people",
    "merge-asked": "announced",
}
"""Gates without any mishap: what nobody does when the row is gone, and the rule that misses it."""


@pytest.mark.long
@pytest.mark.parametrize(("gate", "rule"), STEPS.items())
def test_what_a_gate_makes_is_missed_without_it(gate: str, rule: str, tmp_path: Path) -> None:
    told = story([fix(1)])
    ended = play(told, tmp_path / "rehearsal", process=told.process.without(gate), looks=few_looks)
    assert rule in {wrong.rule for wrong in ended.wrongs}, ended.wrongs


@pytest.mark.long
def test_what_mends_a_mishap_keeps_the_fix_in(tmp_path: Path) -> None:
    """A pipeline that passes again, an approval that is given again: without these the fixes would be taken out."""
    events = [
        happens("4 days before", "pipeline fails", fix="fix-1"),
        happens("3 days before", "pipeline passes", fix="fix-1"),
        happens("4 days before", "approval withdrawn", fix="fix-2"),
        happens("3 days before", "approval given", fix="fix-2"),
    ]
    ended = play(story([fix(1), fix(2)], events), tmp_path / "rehearsal", looks=few_looks)
    assert ended.wrongs == ()
    assert ended.last is not None
    assert len(ended.last.look.snapshot.tracked_fixes) == 2


@pytest.mark.long
def test_an_exception_that_somebody_signs_lets_a_late_fix_in(tmp_path: Path) -> None:
    signed = happens("30 hours before", "exception signed", gate="no-late-fix", words="they take it in")
    ended = play(story([fix(1), LATE], [signed]), tmp_path / "rehearsal", looks=few_looks)
    assert ended.wrongs == ()
    assert ended.last is not None
    assert len(ended.last.look.snapshot.tracked_fixes) == 2


@pytest.mark.long
def test_what_people_write_into_the_checklist_survives_what_the_desk_writes(tmp_path: Path) -> None:
    events = [
        happens("3 days before", "checklist edited", put="- [ ] my own box"),
        happens("3 days before", "checklist edited", find="18.5.2", put="18.5.2 (the big one)"),
        bumped(),
    ]
    ended = play(story([fix(1)], events), tmp_path / "rehearsal", looks=few_looks)
    assert ended.wrongs == ()
    checklist = forge_of(ended.stage).people.issue_made("2026-11/checklist")
    assert checklist is not None
    assert "18.5.3 (the big one)" in checklist.body


def test_every_happening_is_tried() -> None:
    assert {mishap.name for mishap in MISHAPS} > TELLING
    here = {event["happens"] for mishap in MISHAPS for event in mishap.events}
    alone = {
        "release cancelled",
        "release joined",
        "release split",
        "pipeline passes",
        "approval given",
        "exception signed",
        "checklist edited",
    }
    assert here | alone == set(HAPPENINGS)

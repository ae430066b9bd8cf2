"""What goes wrong in reality is caught by a gate, and by that gate: without its row the same story ends wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from secrel.rehearsal.playing import Played, play
from tests.rehearsal.small import few_looks, small_story

LATE = """
  - name: late
    title: A flaw that comes late
    description: It came when the release was nearly ready.
    affected: {since: "18.1"}
    vector: CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N
    weakness: CWE-284
    cve: CVE-2026-3333
    cna_takes: 1 hour
    arrives: 30 hours before
    ready: 30 hours before
"""
THIRD = LATE.replace("name: late", "name: third").replace(
    "    arrives: 30 hours before\n    ready: 30 hours before\n", ""
)
UNGIVEN = THIRD + "    range_given: when asked\n"


@dataclass(frozen=True)
class Mishap:
    """What goes wrong, the gate that catches it, and what the judge says without that gate."""

    name: str
    gate: str
    rules: tuple[str, ...]
    events: str = ""
    fix: str = ""


MISHAPS = (
    Mishap("a fix arrives inside the 48 hours", "no-late-fix", ("deadline",), fix=LATE),
    Mishap(
        "a fix is taken out after the draft",
        "removed-fixes-told",
        ("removed",),
        "events: [{at: 60 hours before, happens: fix taken out, fix: third}]",
        THIRD,
    ),
    Mishap(
        "a fix is taken out after the draft, and the draft stays",
        "post-fixes-match",
        ("removed", "shipped", "announced"),
        "events: [{at: 60 hours before, happens: fix taken out, fix: third}]",
        THIRD,
    ),
    Mishap(
        "a pipeline turns red after the approval",
        "merge-requests-ready",
        ("pipeline",),
        "events: [{at: 4 days before, happens: pipeline fails, fix: second}]",
    ),
    Mishap(
        "the Secondary falls ill",
        "duties-present",
        ("people",),
        "events: [{at: 6 days before, happens: falls ill, who: secondary, days: 9}]",
    ),
    Mishap(
        "the date slips",
        "post-date-right",
        ("date", "announced"),
        'events: [{at: 30 hours before, happens: due moves, to: "2026-11-26T16:00:00+00:00"}]',
    ),
    Mishap(
        "a version is bumped in the last hour",
        "post-versions-right",
        ("versions", "announced"),
        "events: [{at: 1 hour before, happens: version bumped, product: gitlab, old: 18.5.2, new: 18.5.3}]",
    ),
    Mishap("nobody gave a range", "ranges-given", ("announced", "records"), fix=UNGIVEN),
    Mishap(
        "a tag lacks a fix",
        "fixes-in-tags",
        ("shipped",),
        "events: [{at: 3 hours before, happens: fix missing from tag, fix: second, version: 18.4.4}]",
    ),
    Mishap(
        "the test mail is garbled",
        "test-email-right",
        ("email",),
        "events: [{at: 3 days before, happens: test mail garbled, find: 18.4.4, put: 18.4.3}]",
    ),
    Mishap("nobody reads the post", "draft-reviewed", ("review",)),
)


def played(mishap: Mishap, folder: Path, *, without: str = "") -> Played:
    story = small_story(mishap.events, fix=mishap.fix)
    return play(story, folder / "rehearsal", process=story.process.without(without), looks=few_looks)


@pytest.mark.parametrize("mishap", MISHAPS, ids=lambda m: m.name)
def test_the_gate_catches_it(mishap: Mishap, tmp_path: Path) -> None:
    ended = played(mishap, tmp_path)
    assert ended.wrongs == ()
    assert len(ended.presses) <= 10
    assert ended.last is not None
    assert ended.last.look.snapshot.announced_at is not None


@pytest.mark.parametrize("mishap", MISHAPS, ids=lambda m: m.name)
def test_without_its_gate_the_story_ends_wrong(mishap: Mishap, tmp_path: Path) -> None:
    assert small_story().process.gate(mishap.gate) is not None
    ended = played(mishap, tmp_path, without=mishap.gate)
    assert {wrong.rule for wrong in ended.wrongs} & set(mishap.rules), ended.wrongs

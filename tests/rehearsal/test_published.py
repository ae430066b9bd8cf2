"""Releases that nobody wrote a story for: every other one whose post was kept, and some known from references."""

from __future__ import annotations

from pathlib import Path

import pytest

from secrel.rehearsal.playing import play
from tests.rehearsal.made import happens
from tests.rehearsal.published import story_of, story_of_references
from tests.rehearsal.small import few_looks

pytestmark = pytest.mark.long

DATES = (
    "2021-12-10",
    "2022-02-25",
    "2022-05-02",
    "2022-06-01",
    "2022-06-30",
    "2022-08-22",
    "2022-09-29",
    "2024-04-24",
)
MISHAPS = {
    "2022-02-25": [
        happens("30 hours before", "pipeline fails", fix="fix-0"),
        happens("28 hours before", "pipeline passes", fix="fix-0"),
    ],
    "2022-05-02": [happens("2 hours before", "version bumped", product="gitlab", old="14.10.1", new="14.10.2")],
    "2022-09-29": [
        happens("5 days before", "falls ill", who="secondary", days=9),
        happens("60 hours before", "fix taken out", fix="fix-3"),
    ],
    "2024-04-24": [happens("30 hours before", "due moves", to="2 days after")],
}
"""What happens on the way, in some of them."""


@pytest.mark.parametrize("date", DATES)
def test_a_published_release_ends_right(date: str, tmp_path: Path) -> None:
    told = story_of(date, MISHAPS.get(date))
    ended = play(told, tmp_path / "rehearsal", looks=few_looks)
    assert ended.wrongs == ()
    assert ended.last is not None
    assert ended.last.look.snapshot.announced_at is not None
    assert len(ended.presses) <= 10


@pytest.mark.parametrize("date", ["2024-01-11", "2025-01-22"])
def test_a_release_known_from_references_ends_right(date: str, tmp_path: Path) -> None:
    ended = play(story_of_references(date), tmp_path / "rehearsal", looks=few_looks)
    assert ended.wrongs == ()

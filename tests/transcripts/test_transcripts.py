"""What users see, word for word: every story is played again, and tells the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

STORIES = sorted(Path(__file__).parent.glob("*.txt"))
ROOT = Path(__file__).resolve().parents[2]


def as_it_is_now(story: Path, folder: Path) -> str:
    """Play a story in a process of its own: in an empty folder, with no setting of whoever runs the tests."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.transcripts.playing", str(story)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_there_are_stories() -> None:
    assert len(STORIES) >= 4


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_a_story_is_told_as_it_was(story: Path, tmp_path: Path) -> None:
    again = "write it again and read the difference: python -m tests.transcripts.regenerate"
    assert as_it_is_now(story, tmp_path) == story.read_text("utf-8"), again

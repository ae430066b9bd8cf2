"""Shallow copies: what was not fetched is not taken for safe."""

from __future__ import annotations

from pathlib import Path

import pytest

from secrel.adapters.git.repository import GitHistory
from secrel.desk.affected import Asking, prove_affected
from secrel.ranges.cases import Case, Change
from secrel.ranges.results import Result
from tests.adapters_git.repositories import git
from tests.adapters_git.stories import Story
from tests.adapters_git.test_part_of_a_fix import CHECKS, apart, story

__all__ = ["story"]


def asked(path: Path, fix: str) -> Result:
    return prove_affected(GitHistory(path), Asking(), [Case("case", (Change((fix,)),))]).results[0]


@pytest.mark.parametrize("depth", range(1, 7))
@pytest.mark.parametrize("branches", ["--single-branch", "--no-single-branch"])
def test_no_version_is_called_affected_only_of_a_whole_copy(
    story: Story, tmp_path: Path, depth: int, branches: str
) -> None:
    """A clone brings the tags of the commits that it brings: none, or only those with the fix."""
    story.commit(edits={"a.c": apart()})
    story.tag("v1.0.0")
    story.release("v1.1.0")
    fix = story.commit("Look at names", edits={"a.c": apart(*CHECKS)})
    for version in ("1.2.0", "1.3.0", "1.4.0"):
        story.release(f"v{version}")
    git(
        story.path,
        "clone",
        "-q",
        "--bare",
        "--depth",
        str(depth),
        branches,
        f"file://{story.path}",
        str(tmp_path / "copy"),
    )
    result = asked(tmp_path / "copy", fix)
    assert result.spans or not result.proved
    if (depth, branches) == (4, "--single-branch"):  # the fix is at the edge
        assert "it is shallow, and no version in it is without the fix" in [part.reason for part in result.unseen]

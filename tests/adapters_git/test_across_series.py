"""Fixes that two series got apart from each other, and merges between these, by what the files are like."""

from __future__ import annotations

import pytest

from secrel.words.versions import Version
from tests.adapters_git.stories import Story
from tests.adapters_git.test_part_of_a_fix import CHECKS, apart, proved, story

__all__ = ["story"]

FIXED, FLAWED = apart(*CHECKS), apart()


def begun(story: Story) -> str:
    """1.0.0 without the flaw, 1.1.0 with it, and a branch from there; give the origin."""
    story.commit(edits={"a.c": "int head;\n", "z.c": "int z;\n"})
    story.tag("v1.0.0")
    origin = story.commit("Copy names", edits={"a.c": FLAWED})
    story.tag("v1.1.0")
    story.branch("s")
    story.go("main")
    story.commit(edits={"z.c": "int y;\n"})
    return origin


@pytest.mark.parametrize("back", ["This reverts commit {}.", "in other words"])
@pytest.mark.parametrize("how", ["(cherry picked from commit {})", "[ Upstream commit {} ]"])
@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("into", ["s", "main"])
def test_a_merge_of_a_revert_and_a_pick_has_one_of_them(
    story: Story, back: str, how: str, into: str, *, kept: bool
) -> None:
    """The revert is of the other series' commit, and undoes nothing here but by what the merge took."""
    origin = begun(story)
    fix = story.commit("Look at names", edits={"a.c": FIXED})
    story.tag("v1.2.0")
    story.commit(f"Back out the checks\n\n{back.format(fix)}", edits={"a.c": FLAWED})
    story.tag("v1.2.1")
    story.go("s")
    story.commit(f"Look at names\n\n{how.format(fix)}", edits={"a.c": FIXED})
    story.tag("v1.1.1")
    story.go(into)
    story.merge({"s": "main", "main": "s"}[into], "Merge", {"a.c": FIXED if kept else FLAWED})
    last = {"s": "1.1.2", "main": "1.2.2"}[into]
    story.tag(f"v{last}")
    result = proved(story, fix, origin=origin)
    if kept:
        assert Version.parse(last) not in result.affected
    else:
        assert not result.proved
        assert Version.parse(last) in result.doubtful


@pytest.mark.parametrize("later", ["merged", "merges", "nothing"])
@pytest.mark.parametrize("state", [FIXED, FLAWED, apart(*CHECKS[:2])])
@pytest.mark.parametrize("named", ["origin", "fix alone"])
def test_a_fix_that_a_series_got_without_a_word_is_seen_in_its_files(
    story: Story, later: str, state: str, named: str
) -> None:
    """Also where another series goes on from there, and nobody waits for more of this one."""
    origin = begun(story)
    fix = story.commit("Look at names", edits={"a.c": FIXED})
    story.tag("v1.2.0")
    story.go("s")
    for _ in range(3):
        story.commit(edits={"w.c": f"int w{story.count};\n"})
    story.commit("Harden the parser", edits={"a.c": state})
    story.tag("v1.1.1")
    if later == "merges":
        story.merge("main", "Merge branch 'main' into s", {"a.c": FIXED})
        story.tag("v1.1.2")
    elif later == "merged":
        story.go("main")
        story.merge("s", "Merge branch 's'", {"a.c": FIXED})
        story.tag("v1.2.1")
    result = proved(story, fix, origin=origin if named == "origin" else "")
    if state == FIXED:
        assert not result.proved
        assert Version.parse("1.1.1") in result.doubtful
    elif later != "nothing":
        assert Version.parse("1.1.1") in result.affected

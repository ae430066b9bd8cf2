"""Backports of several changes in one commit: it carries each of them, and none of them is the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from secrel.adapters.git.repository import GitHistory
from secrel.desk.affected import Asking, prove_affected
from secrel.ranges.cases import Case, Change
from secrel.words.versions import Version
from tests.adapters_git.stories import Story
from tests.adapters_git.test_part_of_a_fix import CHECKS, apart

SAYS = "Take security fixes\n\n(cherry picked from commit {0})\n(cherry picked from commit {1})"
A, B = (apart(), apart(*CHECKS)), tuple(text.replace("use", "look") for text in (apart(), apart(*CHECKS)))


@pytest.mark.parametrize("carries", [(0, 1), (0,), (1,)])
@pytest.mark.parametrize("named", [("first", "second"), ("first",), ("second",), ("squash",)])
def test_a_squash_is_each_of_its_changes_and_they_are_not_one(
    tmp_path: Path, carries: tuple[int, ...], named: tuple[str, ...]
) -> None:
    story = Story(tmp_path / "app.git")
    story.commit(edits={"a.c": A[0], "b.c": B[0], "z.c": "int z;\n"})
    story.tag("v1.0.0")
    story.branch("s")
    story.go("main")
    first = story.commit("Check names in a", edits={"a.c": A[1]})
    story.tag("v1.1.0")
    second = story.commit("Look at everything in b", edits={"b.c": B[1]})
    story.tag("v1.2.0")
    story.go("s")
    edits = {"a.c": A[1 if 0 in carries else 0], "b.c": B[1 if 1 in carries else 0]}
    squash = story.commit(SAYS.format(first, second), edits=edits)
    story.tag("v1.0.1")
    commits = {"first": first, "second": second, "squash": squash}
    case = Case("case", tuple(Change((commits[name],)) for name in named))
    result = prove_affected(GitHistory(story.path), Asking(), [case]).results[0]
    files = [name for at, name in enumerate(("a.c", "b.c")) if ("first", "second")[at] in named or named == ("squash",)]
    wanted = [name for name in files if named != ("squash",) or edits[name] == {"a.c": A, "b.c": B}[name][1]]
    for version in ("1.0.0", "1.0.1", "1.1.0", "1.2.0"):
        held = story.files[str(story.repo.revparse_single(f"v{version}").id)]
        flawed = any(held[name] != {"a.c": A, "b.c": B}[name][1] for name in wanted)
        if Version.parse(version) not in result.doubtful:
            assert (Version.parse(version) in result.affected) is flawed


@pytest.mark.parametrize("between", [False, True])
def test_a_squash_of_all_changes_is_the_fix(tmp_path: Path, *, between: bool) -> None:
    """Nobody is asked about it, but of a series that has one of its changes alone."""
    story = Story(tmp_path / "app.git")
    story.commit(edits={"a.c": A[0], "b.c": B[0]})
    story.tag("v1.0.0")
    story.branch("s")
    story.go("main")
    first = story.commit("Check names in a", edits={"a.c": A[1]})
    if between:
        story.tag("v1.0.5")
    second = story.commit("Look at everything in b", edits={"b.c": B[1]})
    story.tag("v1.1.0")
    story.go("s")
    story.commit(SAYS.format(first, second), edits={"a.c": A[1], "b.c": B[1]})
    story.tag("v1.0.9")
    case = Case("case", (Change((first,)), Change((second,))))
    result = prove_affected(GitHistory(story.path), Asking(), [case]).results[0]
    assert result.proved
    assert {str(version) for version in result.affected} == {"1.0.0", *(["1.0.5"] if between else [])}


def test_a_pick_of_a_pick_is_the_same_change(tmp_path: Path) -> None:
    """It names both of them, too; the one names the other, or they have one subject."""
    story = Story(tmp_path / "app.git")
    story.commit(edits={"a.c": A[0], "z.c": "int z;\n"})
    story.tag("v1.0.0")
    for name in ("s", "t"):
        story.branch(name, story.head("main") or "")
    story.go("main")
    fix = story.commit("Check names in a", edits={"a.c": A[1]})
    story.tag("v1.2.0")
    story.go("t")
    story.commit(edits={"z.c": "int t;\n"})
    story.tag("v1.1.0")
    pick = story.commit(f"Check all names\n\n(cherry picked from commit {fix})", edits={"a.c": A[1]})
    story.tag("v1.1.1")
    story.go("s")
    last = story.commit(SAYS.format(fix, pick), edits={"a.c": A[1]})
    story.tag("v1.0.1")
    for named in (fix, pick, last):
        result = prove_affected(GitHistory(story.path), Asking(), [Case("case", (Change((named,)),))]).results[0]
        assert result.proved
        assert {str(version) for version in result.affected} == {"1.0.0", "1.1.0"}

from __future__ import annotations

from pathlib import Path

from secrel.adapters.git.repository import GitHistory
from tests.adapters_git.repositories import git, made

LINES = [f"line {number}" for number in range(30)]
CHANGED = [*LINES[:9], "a new line", *LINES[10:]]


def text(lines: list[str]) -> str:
    return "\n".join([*lines, ""])


def story(path: Path) -> list[str]:
    return made(
        path,
        [[], [0], [0], [2], [2], [3, 1], [0]],
        branches={"main": 5, "x": 4, "y": 6},
        files={
            0: {"a.c": text(LINES)},
            1: {"a.c": text(CHANGED)},
            2: {"a.c": text(["top", *LINES])},
            3: {"a.c": text(["top", *CHANGED])},
            4: {"a.c": text(["top", *LINES]), 'odd "name\t.c': "- not a header\n+++ nor this\n"},
            5: {"a.c": text(["top", *CHANGED]), "merged": "x\n"},
        },
    )


def test_the_same_change_at_another_place_has_the_same_patch_and_lines(tmp_path: Path) -> None:
    ids = story(tmp_path / "x.git")
    diffs = GitHistory(tmp_path / "x.git").diffs(ids)
    assert diffs[ids[1]] == diffs[ids[3]]
    assert diffs[ids[1]].paths == {"a.c"}
    assert len(diffs[ids[1]].lines) == 2
    assert diffs[ids[2]].patch != diffs[ids[1]].patch
    assert len(diffs[ids[4]].paths) == 1
    assert len(diffs[ids[4]].lines) == 2
    assert diffs[ids[5]].paths == {"merged"}
    assert (diffs[ids[6]].patch, diffs[ids[6]].paths) == (0, frozenset())


def test_commits_whose_contents_are_not_here_are_absent_and_the_others_are_not(tmp_path: Path) -> None:
    path, copy = tmp_path / "x.git", tmp_path / "treeless.git"
    ids = story(path)
    git(path, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--bare", "--filter=tree:0", f"file://{path}", str(copy))
    assert GitHistory(copy).diffs(ids) == {}
    assert GitHistory(path).diffs([ids[1], "ab" * 20, ids[2]]).keys() == {ids[1], ids[2]}


def test_a_diff_beyond_all_measure_is_left_unread(tmp_path: Path) -> None:
    path = tmp_path / "x.git"
    ids = made(
        path, [[], [0]], branches={"main": 1}, files={0: {"a": "x\n"}, 1: {"b": "a long line of text\n" * 300_000}}
    )
    assert GitHistory(path).diffs(ids).keys() == {ids[0]}

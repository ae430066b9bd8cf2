"""Which files commits touch is what git says of them, from each parent."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from secrel.adapters.git.repository import GitHistory
from tests.adapters_git.repositories import git, made

PATHS = ("a", "d/b", "d/e/c")


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[list[int]], dict[int, dict[str, str]]]:
    """Commits with up to two parents, each with some files of its own."""
    count = draw(st.integers(1, 6))
    parents = [draw(st.lists(st.integers(0, one - 1), max_size=2, unique=True)) if one else [] for one in range(count)]
    files = {one: draw(st.dictionaries(st.sampled_from(PATHS), st.sampled_from("xyz"))) for one in range(count)}
    return parents, files


@given(histories(), st.sets(st.sampled_from(PATHS)))
def test_touched_files_are_those_that_git_names(
    history: tuple[list[list[int]], dict[int, dict[str, str]]], paths: set[str]
) -> None:
    parents, files = history
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.git"
        ids = made(path, parents, branches={f"b{one}": one for one in range(len(parents))}, files=files)
        pairs = [(ids[one], ids[parent]) for one, mine in enumerate(parents) for parent in mine]
        found = GitHistory(path).touched(dict.fromkeys(pairs, paths))
        for one, parent in pairs:
            told = git(path, "diff-tree", "-r", "--name-only", parent, one).split()
            assert {*found[one, parent]} & paths == {*told} & paths

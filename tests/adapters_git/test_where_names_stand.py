"""Where the names of a repository stand is another digest whenever one moves, however the path leads to it.

What was found out of a repository is kept by that digest (decision 85): one that stayed the same would keep what is not
so any more.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from secrel.adapters.git.repository import GitHistory
from secrel.adapters.localforge.repository.history import RepositoryReader
from secrel.words.errors import NotSeen
from tests.adapters_git.repositories import git

READERS: dict[str, Callable[[Path], Callable[[], str]]] = {
    "the forge": lambda path: RepositoryReader(path, "vendor/product").names,
    "proofs": lambda path: GitHistory(path).names,
}


def _work_tree(home: Path) -> Path:
    return home


def _git_folder(home: Path) -> Path:
    return home / ".git"


def _linked(home: Path) -> Path:
    git(home, "worktree", "add", "-q", "--detach", "../linked")
    return home.parent / "linked"


def _symbolic(home: Path) -> Path:
    (home.parent / "symbolic").symlink_to(home)
    return home.parent / "symbolic"


def _elsewhere(home: Path) -> Path:
    (home / ".git").rename(home.parent / "elsewhere.git")
    (home / ".git").write_text("gitdir: ../elsewhere.git\n")
    return home


COMMIT = ("-c", "user.name=Elif", "-c", "user.email=elif@example.org", "commit", "-q", "--allow-empty", "-m", "a step")
FORMS = (_work_tree, _git_folder, _linked, _symbolic, _elsewhere)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    path.mkdir()
    git(path, "init", "-q", "-b", "main")
    for _ in range(2):
        git(path, *COMMIT)
    git(path, "tag", "v1")
    return path


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("reader", READERS)
def test_a_name_that_moves_is_seen(form: Callable[[Path], Path], reader: str, home: Path) -> None:
    path = form(home)
    seen = [READERS[reader](path)()]
    for words in (
        ("tag", "v2"),
        ("tag", "-f", "v2", "HEAD~1"),
        ("tag", "-d", "v1"),
        ("branch", "1-stable", "HEAD~1"),
        ("branch", "-f", "1-stable", "HEAD"),
        COMMIT,
    ):
        git(path if form is _elsewhere else home, *words)
        seen.append(READERS[reader](path)())
    assert len(set(seen)) == len(seen)


def test_a_folder_that_is_no_repository_stands_nowhere(tmp_path: Path) -> None:
    with pytest.raises(NotSeen):
        RepositoryReader(tmp_path, "vendor/product").names()

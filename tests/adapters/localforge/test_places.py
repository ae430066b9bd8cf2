"""Several paths lead to one repository: each is found to be the same place."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from secrel.adapters.localforge.repository.places import place_of


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def repository(folder: Path, *words: str) -> Path:
    folder.mkdir(parents=True)
    git(folder, "init", "-q", *words)
    return folder


def work_tree(folder: Path) -> Path:
    tree = repository(folder)
    (tree / "a").write_text("a", "utf-8")
    git(tree, "add", "a")
    git(tree, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "a")
    return tree


def dot_git(tree: Path) -> Path:
    return tree / ".git"


def linked_tree(tree: Path) -> Path:
    git(tree, "worktree", "add", "-q", str(tree.parent / "linked"), "-b", "other")
    return tree.parent / "linked"


def symbolic(tree: Path) -> Path:
    (tree.parent / "there").symlink_to(tree)
    return tree.parent / "there"


def roundabout(tree: Path) -> Path:
    return tree / ".." / tree.name


def symbolic_git(tree: Path) -> Path:
    (tree.parent / "dot").symlink_to(tree / ".git")
    return tree.parent / "dot"


def apart(tree: Path) -> Path:
    other = tree.parent / "apart"
    other.mkdir()
    (other / ".git").write_text(f"gitdir: {tree / '.git'}\n", "utf-8")
    return other


@pytest.mark.parametrize("way", [dot_git, linked_tree, symbolic, roundabout, symbolic_git, apart])
def test_every_way_to_one_repository_leads_to_one_place(tmp_path: Path, way: Callable[[Path], Path]) -> None:
    tree = work_tree(tmp_path / "tree")
    one, other = place_of(tree), place_of(way(tree))
    assert one.is_one_with(other)
    assert other.is_one_with(one)


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("https://git.example/site.git", "https://git.example/site", True),
        ("git@git.example:site.git", "git@git.example:site.git/", True),
        ("https://git.example/site.git", "https://git.example/private.git", False),
        ("../third.git", "../third.git", True),
    ],
)
def test_two_copies_that_send_to_one_remote_are_one(tmp_path: Path, first: str, second: str, *, is_one: bool) -> None:
    repository(tmp_path / "third.git", "--bare")
    copies = [repository(tmp_path / name, "--bare") for name in ("one.git", "two.git")]
    for copy, remote in zip(copies, (first, second), strict=True):
        git(copy, "config", "remote.origin.url", remote)
        git(copy, "config", "branch.main.description", "url = https://git.example/same")
    one, two = map(place_of, copies)
    assert one.is_one_with(two) is is_one


@pytest.mark.parametrize("leads", ["to itself", "to one that leads back"])
def test_a_remote_that_leads_back_leads_to_one_place(tmp_path: Path, leads: str) -> None:
    one, two = (repository(tmp_path / name, "--bare") for name in ("one.git", "two.git"))
    git(one, "config", "remote.origin.url", str(one if leads == "to itself" else two))
    git(two, "config", "remote.origin.url", str(one))
    assert place_of(one).is_one_with(place_of(one))
    assert place_of(one).folder == one.resolve()


def test_repositories_of_their_own_and_nothing_at_all_are_apart(tmp_path: Path) -> None:
    places = [place_of(repository(tmp_path / name, "--bare")) for name in ("one.git", "two.git")]
    places.append(place_of(tmp_path / "nothing"))
    assert not any(a.is_one_with(b) for a in places for b in places if a is not b)

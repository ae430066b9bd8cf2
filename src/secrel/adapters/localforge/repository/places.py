"""Where a repository really is: several paths can lead to one place, and then drafts would be public with the posts."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

from secrel.words.patterns import pattern

_REMOTE = pattern(r'^\s*\[\s*remote\s+"(?:[^"\\]|\\.)*"\s*\]', re.IGNORECASE)
_SECTION = pattern(r"^\s*\[")
_URL = pattern(r"^\s*(?:push)?url\s*=\s*(\S.*?)\s*$", re.IGNORECASE)


class RepositoryPlace(Struct, frozen=True):
    """One repository: the folder in which its objects and branches are, and the addresses it sends them to."""

    folder: Path
    remotes: frozenset[str] = frozenset()

    def is_one_with(self, other: RepositoryPlace) -> bool:
        """Whether what goes into the one is seen in the other."""
        return self.folder == other.folder or bool(self.remotes & other.remotes)


def place_of(path: Path) -> RepositoryPlace:
    """Find the place that a path leads to: by a symbolic link, a work tree, or a linked work tree.

    A path that leads to no repository is its own place: whoever opens it says so.
    """
    folder = path.resolve()
    dot = folder / ".git"
    git = dot.resolve() if dot.is_dir() else _named(dot, "gitdir:") or folder
    shared = _named(git / "commondir", "") or git
    return RepositoryPlace(shared, _remotes(shared))


def _named(file: Path, prefix: str) -> Path | None:
    """Follow a file of git's that names a folder, from where it lies; None when there is no such file."""
    try:
        text = file.read_text("utf-8", "surrogateescape").strip()
    except OSError:
        return None
    return (file.parent / text.removeprefix(prefix).strip()).resolve() if text.startswith(prefix) and text else None


def _remotes(git: Path) -> frozenset[str]:
    try:
        lines = (git / "config").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return frozenset()
    found, is_remote = set(), False
    for line in lines:
        if _SECTION.match(line):
            is_remote = bool(_REMOTE.match(line))
        elif is_remote and (told := _URL.match(line)):
            found.add(_address(told[1].strip('"'), git))
    return frozenset(found)


def _address(told: str, git: Path) -> str:
    """Give an address in one spelling: a path on this machine as the place it leads to, any other without its end."""
    path = told.removeprefix("file://")
    if "://" not in path and not re.match(r"[^/]+:", path):
        return str(place_of(git / path).folder)
    return path.removesuffix("/").removesuffix(".git")

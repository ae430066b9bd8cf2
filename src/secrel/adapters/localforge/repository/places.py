"""Where a repository really is: several paths can lead to one place, and then drafts would be public with the posts."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

from secrel.files import read_file, real
from secrel.words.errors import Misused
from secrel.words.patterns import pattern

_LONGEST = 1_000_000
"""Bytes of a file in which git says where it is, or has been."""
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
    folder = _folder_of(path)
    return RepositoryPlace(folder, _remotes(folder))


def _folder_of(path: Path) -> Path:
    folder = real(path)
    dot = folder / ".git"
    git = real(dot) if dot.is_dir() else _named(dot, "gitdir:") or folder
    return _named(git / "commondir", "") or git


def _named(file: Path, prefix: str) -> Path | None:
    """Follow a file of git's that names a folder, from where it lies; None when there is no such file."""
    text = _text(file).strip()
    return real(file.parent / text.removeprefix(prefix).strip()) if text.startswith(prefix) and text else None


def _text(file: Path) -> str:
    """Give what a small file says; nothing for one that cannot be read: whoever opens the repository says so."""
    try:
        return read_file(file, "a file of git", most=_LONGEST, remedy="").decode("utf-8", "surrogateescape")
    except Misused:
        return ""


def _remotes(git: Path) -> frozenset[str]:
    found, is_remote = set(), False
    for line in _text(git / "config").splitlines():
        if _SECTION.match(line):
            is_remote = bool(_REMOTE.match(line))
        elif is_remote and (told := _URL.match(line)):
            found.add(_address(told[1].strip('"'), git))
    return frozenset(found)


def _address(told: str, git: Path) -> str:
    """Give an address in one spelling: a path on this machine as the place it leads to, any other without its end."""
    path = told.removeprefix("file://")
    if "://" not in path and not re.match(r"[^/]+:", path):
        return str(_folder_of(git / path))
    return path.removesuffix("/").removesuffix(".git")

"""Objects of a repository, read in this process where they are in packs, and by git where they are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import pygit2
from msgspec import Struct

from secrel.adapters.git.plumbing import Git
from secrel.words.errors import SecrelError

_SHORT = 20  # bytes of the ids that libgit2 reads
_TRIED = 3  # commits of which a file is looked for, as one may have none
_FILES_TRIED = 16  # files of such a commit, as some may be lost
_KINDS = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}


class Objects(Struct):
    """The objects of a repository; those in its packs are read in this process, and need not go through a pipe.

    All others git reads: libgit2 does not come back from a loose one that was cut off, and knows no ids of 32 bytes.
    """

    git: Git
    _packs: Any = None

    def read(self, ids: Sequence[str]) -> Iterator[tuple[str, str, bytes]]:
        """Give id, kind and contents of objects in the order asked for; what is not here or damaged is left out."""
        here = self._packed(ids)
        others = self.git.readable([name for name in ids if name not in here])
        other = next(others, None)
        for name in ids:
            if name in here:
                with suppress(pygit2.GitError):
                    yield (name, *self._unpacked(name))
            elif other is not None and other[0] == name:
                if other[1] != "missing":
                    yield other
                other = next(others, None)

    def _unpacked(self, name: str) -> tuple[str, bytes]:
        """Read one as git does, which has no digest made anew of what it reads; whoever reads others has it made."""
        pygit2.settings.enable_strict_hash_verification(value=False)
        try:
            kind, data = self._packs.read(name)
        finally:
            pygit2.settings.enable_strict_hash_verification(value=True)
        return _KINDS.get(int(kind), ""), data

    def _packed(self, ids: Iterable[str]) -> set[str]:
        if self.git.width != _SHORT:
            return set()
        if self._packs is None:
            self._packs = pygit2.Odb()
            for path in (self.git.directory / "objects", *self.git.also):
                self._packs.add_backend(pygit2.OdbBackendPack(str(path)), 1)
        return {name for name in ids if self._packs.exists(name)}


def has_contents(git: Git, tips: Sequence[str]) -> bool:
    """Whether some of the files of the first of these commits are here, of those that were tried.

    A partial copy may lack all files, or their trees, too.
    """
    for tip in with_trees(git, tips[:_TRIED]):
        with suppress(SecrelError):  # it lacks some of its trees
            files = git.run("ls-tree", "-r", "-z", tip).split(b"\0")
            ids = [word.split(b"\t")[0].split()[2].decode() for word in files if word.startswith(b"100")]
            if any(kind != "missing" for _, kind, _ in git.readable(ids[:: len(ids) // _FILES_TRIED + 1])):
                return True
    return False


def with_trees(git: Git, commits: Sequence[str]) -> list[str]:
    """Keep the commits (full ids) that this copy has, with their trees.

    One that it has not, `diff-tree` would echo as if it were a line of its answer.
    """
    try:
        return _of_kind(git, commits, "^{commit}^{tree}", "tree")
    except SecrelError:  # a partial copy stops at the first tree that it lacks
        return _of_kind(git, commits, "", "commit")


def _of_kind(git: Git, commits: Sequence[str], peeled: str, kind: str) -> list[str]:
    told = git.run("cat-file", "--batch-check", given="".join(f"{commit}{peeled}\n" for commit in commits).encode())
    kinds = [line.split() for line in told.decode().splitlines()]
    return [commit for commit, found in zip(commits, kinds, strict=True) if found[1] == kind]

"""Small histories told step by step in a real repository: commits that append a line, tags, branches, picks, merges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pygit2

START = 1_700_000_000
DAY = 86_400
FILE = "file.c"


class Runs(str):
    """The text of a file that can be run."""

    __slots__ = ()


class Story:
    """A bare repository being made: every step is on the branch at hand, and gives the id of its commit."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.repo = pygit2.init_repository(path, bare=True, initial_head="main")
        self.on = "main"
        self.count = 0
        self.files: dict[str, dict[str, str]] = {}

    def head(self, branch: str = "") -> str | None:
        name = f"refs/heads/{branch or self.on}"
        return str(self.repo.references[name].target) if name in self.repo.references else None

    def commit(self, message: str = "", *, edits: Mapping[str, str] | None = None, at: int | None = None) -> str:
        """Commit; without edits, a line is appended to `file.c`. `at`: the author's date."""
        self.count += 1
        parent = self.head()
        before = self.files[parent] if parent else {}
        told = message or f"Change number {self.count} of this story"
        after = (
            {FILE: before.get(FILE, "") + f"line {self.count}: {told.splitlines()[0]}\n"} if edits is None else edits
        )
        return self._made(told, {**before, **after}, [parent] if parent else [], at)

    def _made(self, message: str, files: dict[str, str], parents: list[str], at: int | None = None) -> str:
        index = pygit2.Index()
        for name, text in files.items():
            mode = pygit2.enums.FileMode.BLOB_EXECUTABLE if isinstance(text, Runs) else pygit2.enums.FileMode.BLOB
            index.add(pygit2.IndexEntry(name, self.repo.create_blob(text.encode()), mode))
        when = START + self.count * DAY
        author = pygit2.Signature("Elif", "elif@example.org", when if at is None else at, 0)
        committer = pygit2.Signature("Farid", "farid@example.org", when, 0)
        tree = index.write_tree(self.repo)
        made = str(self.repo.create_commit(None, author, committer, message, tree, parents))
        self.files[made] = files
        self.repo.references.create(f"refs/heads/{self.on}", made, force=True)
        return made

    def merge(self, branch: str, message: str, edits: Mapping[str, str] | None = None) -> str:
        """Merge a branch into the one at hand, all of its files taken, but for these."""
        self.count += 1
        ours, theirs = self.head() or "", self.head(branch) or ""
        return self._made(message, {**self.files[ours], **self.files[theirs], **(edits or {})}, [ours, theirs])

    def merge_all(self, branches: Sequence[str], message: str, edits: Mapping[str, str] | None = None) -> str:
        """Merge several branches into the one at hand with one commit, all of their files taken, but for these."""
        self.count += 1
        heads = [self.head(branch) or "" for branch in ("", *branches)]
        files = {name: text for head in heads for name, text in self.files[head].items()}
        return self._made(message, {**files, **(edits or {})}, heads)

    def merge_ours(self, branch: str, message: str) -> str:
        """Merge a branch into the one at hand, and take none of its files, as `git merge -s ours` does."""
        self.count += 1
        ours, theirs = self.head() or "", self.head(branch) or ""
        return self._made(message, self.files[ours], [ours, theirs])

    def remove(self, message: str, *names: str, edits: Mapping[str, str] | None = None) -> str:
        """Commit without some files, and with these edits."""
        self.count += 1
        parent = self.head() or ""
        kept = {name: text for name, text in self.files[parent].items() if name not in names}
        return self._made(message, {**kept, **(edits or {})}, [parent])

    def branch(self, name: str, at: str = "") -> None:
        """Begin a branch, and go to it."""
        self.repo.references.create(f"refs/heads/{name}", at or self.head() or "")
        self.on = name

    def go(self, name: str) -> None:
        """Go to a branch that is there, or whose first commit comes next."""
        self.on = name

    def tag(self, name: str, at: str = "") -> None:
        """Tag the last commit, or another."""
        self.repo.references.create(f"refs/tags/{name}", at or self.head() or "")

    def release(self, *tags: str, message: str = "") -> str:
        """Commit, and tag the commit."""
        made = self.commit(message)
        for name in tags:
            self.tag(name)
        return made

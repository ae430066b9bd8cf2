"""One git repository, read: which commit a branch or tag is at, what contains what, whether two sides conflict.

Everything that was computed is remembered by commit ids, which never change their meaning, and never by names.

Contents are found by walking commits that are not much older than the oldest commit asked about (`CLOCK_SLACK`):
clocks of committers may be wrong by that much. Beyond it a commit that is there may count as not there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pygit2

from secrel.adapters.localforge.given import TEXT_BYTES
from secrel.adapters.localforge.repository.places import place_of
from secrel.files import NAMES_OF_GIT, digest_of, refuse_strange
from secrel.words.errors import NotSeen

CLOCK_SLACK = 30 * 24 * 3600
"""How wrong the clocks of committers may be, in seconds."""
_KEPT = 128


class RepositoryReader:
    """One git repository, read. Commits are given as 40 hexadecimal digits; times as seconds since 1970.

    Every method raises `NotSeen` when the repository cannot be read, or lacks a commit that should be in it.
    """

    def __init__(self, path: Path, project: str) -> None:
        """Remember where it is; it is opened when it is first asked."""
        self._path = path
        self._project = project
        self._opened: pygit2.Repository | None = None
        self._commits: dict[str, tuple[int, tuple[str, ...]]] = {}
        self._carried: dict[str, tuple[int, dict[str, str]]] = {}
        self._bases: dict[tuple[str, str], str] = {}
        self._conflicts: dict[tuple[str, str], bool] = {}
        self._writers: dict[tuple[str, str], tuple[str, ...]] = {}
        self._changed: dict[tuple[str, str], tuple[str, ...]] = {}
        self._texts: dict[tuple[str, str, str], tuple[tuple[str, str], ...]] = {}

    def names(self) -> str:
        """Give a digest of where every branch and tag stands; another one for every name that moves."""
        with self.seeing():
            return digest_of(place_of(self._path).folder, NAMES_OF_GIT)

    @property
    def repository(self) -> pygit2.Repository:
        """The repository itself, opened once."""
        if self._opened is None:
            refuse_strange(place_of(self._path).folder)
            with self.seeing():
                opened = pygit2.Repository(str(self._path))
            if opened.is_shallow:
                raise NotSeen(
                    "the repository is shallow, so that what is in a branch cannot be told",
                    where=self._project,
                    remedy=f"git -C {self._path} fetch --unshallow",
                )
            self._opened = opened
        return self._opened

    @contextlib.contextmanager
    def seeing(self) -> Iterator[None]:
        """Say git's failures in our words."""
        try:
            yield
        except (pygit2.GitError, KeyError, OSError) as error:
            raise NotSeen(
                "the git repository cannot be read", where=self._project, remedy=f"git -C {self._path} fsck"
            ) from error

    def _at(self, reference: str) -> str:
        if "\0" in reference:  # git would read up to it
            return ""
        try:
            found = self.repository.lookup_reference(reference)
        except (KeyError, ValueError):  # not there, or no name that git allows
            return ""
        try:
            return str(found.peel(pygit2.Commit).id)
        except ValueError:  # a tag of something that is no commit
            return ""

    def tips(self, branches: Iterable[str]) -> dict[str, str]:
        """Give the commit each of these branches is at; empty for one that is not there."""
        with self.seeing():
            return {branch: self._at(f"refs/heads/{branch}") for branch in set(branches)}

    def tip(self, branch: str) -> str:
        """Give the commit a branch is at; empty when there is no such branch."""
        return self.tips([branch])[branch]

    def tag(self, name: str) -> str:
        """Give the commit a tag points to, through annotations; empty when there is no such tag."""
        with self.seeing():
            return self._at(f"refs/tags/{name}")

    def tags(self, names: Iterable[str]) -> dict[str, str]:
        """Give those of the named tags that exist, with the commit each points to."""
        return {name: commit for name in names if (commit := self.tag(name))}

    def holding(self, names: Iterable[str], commit: str) -> frozenset[str]:
        """Give those of the named tags that hold a commit; none do where the repository has all but that commit."""
        tags = self.tags(names)
        if not self.has(commit):
            self._see_all(tags.values())
            return frozenset()
        since = self.since([commit])
        return frozenset(name for name, tag in tags.items() if commit in self.carried(tag, since))

    def _see_all(self, tips: Iterable[str]) -> None:
        """Raise `NotSeen` where a commit is missing below these: what is not here may be what somebody asks for."""
        with self.seeing():
            walk = self.repository.walk(None, pygit2.enums.SortMode.NONE)
            for tip in tips:
                walk.push(tip)
            for _ in walk:
                pass

    def has(self, commit: str) -> bool:
        """Whether the repository has this commit at all, on whatever branch."""
        return commit in self._commits or isinstance(self.repository.get(commit), pygit2.Commit)

    def commit(self, commit: str) -> pygit2.Commit:
        """Give git's own object; raises `KeyError` when there is no such commit."""
        found = self.repository[commit]
        if not isinstance(found, pygit2.Commit):
            raise KeyError(commit)
        return found

    def _commit(self, commit: str) -> tuple[int, tuple[str, ...]]:
        known = self._commits.get(commit)
        if known is None:
            with self.seeing():
                found = self.commit(commit)
                known = found.commit_time, tuple(map(str, found.parent_ids))
            self._commits[commit] = known
        return known

    def time_of(self, commit: str) -> int:
        """When it was committed."""
        return self._commit(commit)[0]

    def parents_of(self, commit: str) -> tuple[str, ...]:
        """Give its parents, the first one first."""
        return self._commit(commit)[1]

    def since(self, commits: Iterable[str]) -> int:
        """Tell how far back to walk so that these commits are met, whatever the clocks did."""
        oldest = min((self.time_of(commit) for commit in commits), default=0)
        return (oldest // CLOCK_SLACK - 1) * CLOCK_SLACK

    def carried(self, tip: str, since: int) -> Mapping[str, str]:
        """Give what `tip` holds, back to `since`: each commit, with the commit that carried it in.

        That is the oldest one in the chain of first parents that holds it: a merge commit, or the commit itself.
        """
        known = self._carried.get(tip)
        if known is not None and known[0] <= since:
            return known[1]
        chain, commit, carried = [tip], tip, dict[str, str]()
        while (parents := self.parents_of(commit)) and self.time_of(parents[0]) >= since:
            commit = parents[0]
            earlier = self._carried.get(commit)
            if earlier is not None and earlier[0] <= since:  # the branch moved on from there
                carried = earlier[1].copy()
                break
            chain.append(commit)
        for carrier in reversed(chain):
            waiting = [carrier]
            while waiting:
                commit = waiting.pop()
                if commit not in carried:
                    time, parents = self._commit(commit)
                    if time >= since or commit == carrier:
                        carried[commit] = carrier
                        waiting.extend(parents)
        self._carried.pop(tip, None)
        if len(self._carried) >= _KEPT:
            del self._carried[next(iter(self._carried))]
        self._carried[tip] = since, carried
        return carried

    def fork(self, tip: str, head: str, carried: Mapping[str, str], since: int) -> tuple[str, bool]:
        """Give the commit where `head`'s own commits left `tip`, and whether that is the only one.

        It is empty when they have nothing in common. Exact also where clocks were wrong: when the walk does not meet
        `tip` soon, git is asked.
        """
        met: set[str] = set()
        own: set[str] = set()
        waiting = [head]
        while waiting:
            commit = waiting.pop()
            if commit in carried:
                met.add(commit)
            elif commit not in own:
                own.add(commit)
                if self.time_of(commit) < since:
                    return self.merge_base(tip, head), False
                waiting.extend(self.parents_of(commit))
        return (met.pop(), True) if len(met) == 1 else (self.merge_base(tip, head), False)

    def merge_base(self, tip: str, head: str) -> str:
        """Give the best common ancestor, as git finds it; empty when there is none."""
        if (tip, head) not in self._bases:
            with self.seeing():
                self._bases[tip, head] = str(self.repository.merge_base(tip, head) or "")
        return self._bases[tip, head]

    def writers(self, base: str, head: str) -> tuple[str, ...]:
        """Give the authors of the commits that `head` has and `base` (empty: nothing) has not, each once, by name."""
        if (base, head) not in self._writers:
            with self.seeing():
                walk = self.repository.walk(head)
                if base:
                    walk.hide(base)
                found = {f"{commit.author.name} <{commit.author.email}>" for commit in walk}
            self._writers[base, head] = tuple(sorted(found))
        return self._writers[base, head]

    def changed(self, before: str, after: str) -> tuple[str, ...]:
        """Give the paths in which two commits differ."""
        if (before, after) not in self._changed:
            with self.seeing():
                deltas = self.commit(before).tree.diff_to_tree(self.commit(after).tree).deltas
                self._changed[before, after] = tuple(
                    dict.fromkeys(path for d in deltas for path in (d.old_file.path, d.new_file.path))
                )
        return self._changed[before, after]

    def conflicts(self, tip: str, head: str, fork: tuple[str, bool]) -> bool:
        """Whether `head`, which left `tip` at `fork`, can no longer be merged into `tip` without a person."""
        if (tip, head) not in self._conflicts:
            base, is_only = fork
            with self.seeing():
                is_apart = bool(base) and is_only and self._is_apart(base, tip, head)
                self._conflicts[tip, head] = not base or not (is_apart or self._merges(tip, head))
        return self._conflicts[tip, head]

    def _merges(self, tip: str, head: str) -> bool:
        return self.repository.merge_commits(tip, head).conflicts is None

    def _is_apart(self, base: str, tip: str, head: str) -> bool:
        """Whether `tip` left alone all that `head` changed, so that no merge has to be tried."""
        if tip == base:
            return True
        before, now = self.commit(base).tree, self.commit(tip).tree
        return all(_entry(before, path) == _entry(now, path) for path in self.changed(base, head))

    def entry(self, commit: str, path: str) -> str:
        """Give the id of what is at a path, a file or a folder; empty when nothing is."""
        with self.seeing():
            found: pygit2.Object = self.commit(commit).tree
            for part in path.split("/"):
                if not isinstance(found, pygit2.Tree) or part not in found:
                    return ""
                found = found[part]
            return str(found.id)

    def text(self, commit: str, path: str) -> str | None:
        """Give a file's text; None when there is no such file, or it is not text of up to 1 MiB."""
        entry = self.entry(commit, path)
        if not entry:
            return None
        with self.seeing():
            found = self.repository[entry]
            if not isinstance(found, pygit2.Blob) or found.size > TEXT_BYTES:
                return None
            try:
                return bytes(found.data).decode()
            except UnicodeDecodeError:
                return None

    def texts(self, base: str, head: str, commit: str) -> tuple[tuple[str, str], ...]:
        """Give the text files that changed from `base` to `head` (path, text), as they are in `commit`."""
        asked = base, head, commit
        if asked not in self._texts:
            found = ((path, self.text(commit, path)) for path in self.changed(base, head))
            self._texts[asked] = tuple(sorted((path, text) for path, text in found if text is not None))
        return self._texts[asked]


def content_id(text: str) -> str:
    """Give the id that git gives a file with this text."""
    return str(pygit2.hash(text.encode()))


def _entry(tree: pygit2.Tree, path: str) -> tuple[str, ...]:
    """Say what is at a path, and whether something that is no folder stands in the way to it."""
    found: pygit2.Object = tree
    for part in path.split("/"):
        if not isinstance(found, pygit2.Tree):
            return "in the way", str(found.id)
        if part not in found:
            return ()
        found = found[part]
    return str(found.id), str(found.filemode)

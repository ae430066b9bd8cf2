"""Files at commits, looked up in trees that are read once each: no path is resolved by git, and none twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress

from msgspec import Struct, field

from secrel.adapters.git.contents.packs import Objects
from secrel.words.errors import SecrelError

_FOLDER = "40000"
_MOST_NAMES = 6  # that a file is given, one after the other
_MARK = b"\1"
_NAMING = (
    *("log", "--tags", "--branches", "--remotes", "--full-history", "--no-merges", "-z"),
    *("--diff-filter=AD", "--no-renames", "--name-only", "--format=%x01%H"),
)
_RENAMES = ("diff-tree", "--stdin", "-r", "-z", "-M", "--diff-filter=R", "--name-status", "--no-commit-id")
_MODES = (b"100644", b"100755", b"100664", b"120000", b"160000", b"40000")


class TreeEntry(Struct, frozen=True):
    """What a tree has under a name: `mode` as git writes it, and the id of a file, a folder or another repository."""

    mode: str
    id: str


class Trees(Struct):
    """Looks files up.

    `roots` are the trees of commits, by their names; `entries` what was found, by tree and name, None for nothing.
    What is not in this copy is in neither. `renamed` are the names of files before and after they were moved, and
    `naming` the commits that gave or took a name, of every file: one walk finds them all, None before it.
    """

    objects: Objects
    roots: dict[str, str] = field(default_factory=dict)
    entries: dict[tuple[str, str], TreeEntry | None] = field(default_factory=dict)
    renamed: dict[str, set[str]] = field(default_factory=dict)
    naming: dict[bytes, list[bytes]] | None = None

    def read(self, asked: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], TreeEntry | None]:
        """Look for paths at commits, each named by its id, or that with `^` for its first parent.

        Gives what is there by commit and path, None where nothing is (or no first parent is); absent is what this copy
        lacks the trees for.
        """
        self._read_roots([name for name in asked if name not in self.roots])
        waiting = {
            (name, path): (self.roots[name], path)
            for name, mine in asked.items()
            if name in self.roots
            for path in mine
        }
        found: dict[tuple[str, str], TreeEntry | None] = {}
        while waiting:
            self._read_names(waiting.values())
            further = {}
            for key, (tree, path) in waiting.items():
                name, _, rest = path.partition("/")
                if not tree:
                    found[key] = None
                elif (tree, name) in self.entries:
                    entry = self.entries[tree, name]
                    if rest and entry is not None and entry.mode == _FOLDER:
                        further[key] = (entry.id, rest)
                    else:
                        found[key] = None if rest or (entry is not None and entry.mode == _FOLDER) else entry
            waiting = further
        return found

    def roots_of(self, names: Iterable[str]) -> dict[str, str]:
        """Give the trees of commits; absent is what this copy lacks."""
        every = sorted(names)
        self._read_roots([name for name in every if name not in self.roots])
        return {name: self.roots[name] for name in every if name in self.roots}

    def followed(self, asked: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], TreeEntry | None]:
        """Look for paths at commits as `read` does, and for those that are not there under other names of their files.

        A path that none of the commits has is that of a file which was taken away, and is not looked for any further.
        """
        found = self.read(asked)
        there = {path for (_, path), entry in found.items() if entry is not None}
        gone = {key: {key[1]} for key, entry in found.items() if entry is None and key[1] in there}
        for _ in range(_MOST_NAMES):
            self._read_renames({path for mine in gone.values() for path in mine})
            names = {key: {*mine}.union(*(self.renamed[path] for path in mine)) for key, mine in gone.items()}
            gone = {key: mine for key, mine in names.items() if mine != gone[key]}
            places: dict[str, set[str]] = defaultdict(set)
            for (name, _), mine in gone.items():
                places[name] |= mine
            here = self.read(places)
            for (name, path), mine in gone.items():
                found[name, path] = next((entry for new in sorted(mine) if (entry := here.get((name, new)))), None)
            gone = {key: mine for key, mine in gone.items() if found[key] is None}
        return found

    def names(self, paths: Iterable[str]) -> dict[str, set[str]]:
        """Give every name of these files, as far as they were followed, and which of these each of them is."""
        found: dict[str, set[str]] = defaultdict(set)
        for path in paths:
            waiting = [path]
            while waiting:
                name = waiting.pop()
                if path not in found[name]:
                    found[name].add(path)
                    waiting += self.renamed.get(name, ())
        return dict(found)

    def _read_renames(self, paths: Iterable[str]) -> None:
        """Find what files were called before and after the commits that gave and took these names."""
        fresh = sorted({*paths} - self.renamed.keys())
        if not fresh:
            return
        self.renamed.update((path, set()) for path in fresh)
        if self.naming is None:
            self.naming = self._read_naming()
        told_as = (path.encode("utf-8", "surrogateescape") for path in fresh)
        naming = {commit: None for path in told_as for commit in self.naming.get(path, ())}
        try:
            told = self.objects.git.run(*_RENAMES, given=b"\n".join([*naming, b""])) if naming else b""
        except SecrelError:  # a partial copy lacks trees or files that tell
            return
        words = iter(told.decode("utf-8", "surrogateescape").split("\0"))
        for word in words:
            if word[:1] == "R":
                old, new = next(words), next(words)
                for one, other in ((old, new), (new, old)):
                    if one in self.renamed:
                        self.renamed[one].add(other)

    def forget_names(self) -> None:
        """Forget which names files had: a tag or a branch moved, and there may be others."""
        self.renamed.clear()
        self.naming = None

    def _read_naming(self) -> dict[bytes, list[bytes]]:
        """Find the commits that gave or took each name; none in a partial copy that lacks the trees which tell."""
        found: dict[bytes, list[bytes]] = defaultdict(list)
        commit = b""
        with suppress(SecrelError):
            for word in self.objects.git.run(*_NAMING).split(b"\0"):
                if word[:1] == _MARK:
                    commit = word[1:]
                elif word:
                    found[word.removeprefix(b"\n")].append(commit)
        return dict(found)

    def _read_roots(self, names: list[str]) -> None:
        if not names:
            return
        given = "".join(f"{name}^{{tree}}\n" for name in names).encode()
        told = self.objects.git.run("cat-file", "--batch-check=%(objecttype) %(objectname)", given=given).splitlines()
        for name, line in zip(names, told, strict=True):
            if line.startswith(b"tree "):
                self.roots[name] = line[5:].decode()
            elif name.endswith("^"):
                self.roots[name] = ""  # nothing is before the first commit

    def _read_names(self, asked: Iterable[tuple[str, str]]) -> None:
        """Look for the first name of each path in its tree."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for tree, path in asked:
            name = path.partition("/")[0]
            if tree and (tree, name) not in self.entries:
                wanted[tree].add(name)
        for tree, kind, data in self.objects.read([*wanted]):
            if kind == "tree":
                self.entries.update(((tree, name), _entry(data, name, self.objects.git.width)) for name in wanted[tree])


def _entry(data: bytes, name: str, width: int) -> TreeEntry | None:
    """Find a name in a tree as git keeps it: mode, blank, name, a zero byte, and the id in bytes."""
    sought = b" " + name.encode("utf-8", "surrogateescape") + b"\0"
    at = data.find(sought)
    while at >= 0:
        mode = next((mode for mode in _MODES if data.endswith(mode, 0, at)), None)
        if mode is not None:
            start = at + len(sought)
            return TreeEntry(mode.decode(), data[start : start + width].hex())
        at = data.find(sought, at + 1)
    return None

"""Files that are, at other commits, as others were before a commit changed them: copies, under whatever name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct, field

from secrel.adapters.git.contents.packs import Objects
from secrel.adapters.git.contents.remains import ReadFiles, tells
from secrel.adapters.git.contents.searched import HERE, other_line, whole_files
from secrel.adapters.git.contents.trees import TreeEntry
from secrel.words.errors import NotSeen
from secrel.words.history.remains import Copied
from secrel.words.patterns import pattern

_MOST_TREES = 250_000  # that are walked: more would take minutes
_MOST_FOUND = 10_000  # files below one tree
_FEWEST = 2  # lines in and around the places of a change that tell, where the whole file is as it was
_FEWEST_ALIKE = 5  # the same, where these places are
_AROUND = 2  # lines before and after a place
_LONGEST = 200  # lines of one place
_FILE = "100644"
_FOLDER = b"40000"
_KINDS = (b"100", b"160")  # files, and commits of other repositories
_AWAY = "folders are not in this copy of the repository"

Files = tuple[tuple[str, str], ...]  # paths and ids


class _Sought(Struct, frozen=True):
    """What is sought of one file that a commit changed: ids of what it was before, and its places as they were.

    `back`, under its own name, where not only its mode changed; `whole`, under others, but for what the commit moved.
    """

    back: str | None
    whole: frozenset[str]
    places: tuple[tuple[bytes, bytes], ...]


class _Below(Struct):
    """Files that are looked for, by the tree below which they are: those of some ids, last names or endings."""

    objects: Objects
    ids: frozenset[bytes]
    names: frozenset[bytes]
    endings: tuple[bytes, ...] = ()
    found: dict[str, Files] = field(default_factory=dict)

    def walk(self, roots: Iterable[str]) -> None:
        """Look below these trees, each tree once; raises `NotSeen` where one is not here, or there are very many."""
        here: dict[str, Files] = {}
        inner: dict[str, Files] = {}
        waiting = dict.fromkeys(roots)
        while waiting:
            if len(here) + len(waiting) > _MOST_TREES:
                raise NotSeen(f"versions have more than {_MOST_TREES} folders, each as it was at one time")
            for tree, _, data in self.objects.read([*waiting]):
                here[tree], inner[tree] = self._entries(data)
            if not here.keys() >= waiting.keys():
                raise NotSeen(_AWAY)
            waiting = dict.fromkeys(one for tree in waiting for _, one in inner[tree] if one not in here)
        open_ = [*here]
        while open_:
            tree = open_[-1]
            if first := [one for _, one in inner[tree] if one not in self.found]:
                open_ += first
                continue
            open_.pop()
            deeper = ((f"{name}/{path}", file) for name, one in inner[tree] for path, file in self.found[one])
            self.found[tree] = (*here[tree], *deeper)[:_MOST_FOUND]

    def _entries(self, data: bytes) -> tuple[Files, Files]:
        """Give the files of a tree that are looked for, and all of its folders."""
        entry = pattern(rb"([0-9]+) ([^\0]+)\0(.{%d})" % self.objects.git.width, re.DOTALL)
        every = entry.findall(data)
        files = [one for one in every if one[0][:3] in _KINDS and self._is_sought(one[1], one[2])]
        folders = [one for one in every if one[0] == _FOLDER]
        found = [tuple((_text(name), one.hex()) for _, name, one in some) for some in (files, folders)]
        return found[0], found[1]

    def _is_sought(self, name: bytes, file: bytes) -> bool:
        return file in self.ids or name in self.names or name.endswith(self.endings)


def read_copies(
    read: ReadFiles,
    asked: Mapping[str, Sequence[str]],
    before: Mapping[str, Sequence[str]],
    paths: Mapping[str, Collection[str]],
) -> Mapping[tuple[str, str], tuple[Copied, ...]]:
    """Look at commits for files that are as those of `paths` were before each commit, or are at the places `before` it.

    They are so as a whole, whatever they are called, or are themselves so again; or in all places that the commit
    changed, with the same last name, and at the last place asked about of each whatever they are called. What the
    commit itself only moved is no copy.
    Raises `NotSeen` where trees that tell are not here.
    """
    sought = _sought(read, before, paths)
    every = {at for commit, _ in sought for at in asked[commit]}
    roots = read.trees.roots_of(every)
    if len(roots) < len(every):
        raise NotSeen(_AWAY)
    ids = frozenset(bytes.fromhex(name) for one in sought.values() for name in one.whole)
    names = frozenset(_last(path).encode("utf-8", "surrogateescape") for _, path in sought)
    below = _Below(read.trees.objects, ids, names)
    below.walk(roots.values())
    here = {at: _laid_out(below.found[root]) for at, root in roots.items()}
    last = {asked[commit][-1] for commit, _ in sought if asked[commit]}
    thorough = _Below(read.trees.objects, ids, names, tuple({name[name.rfind(b".") :] for name in names}))
    thorough.walk({roots[at] for at in last})
    lasts = {at: thorough.found[roots[at]] for at in last}
    near = {
        file
        for (commit, path), one in sought.items()
        for at in (asked[commit] if one.places else ())
        for name, file in here[at].get(_last(path), ())
        if name != path
    }
    alike = _alike(read.trees.objects, sought, near.union(file for mine in lasts.values() for _, file in mine))
    found: dict[tuple[str, str], list[Copied]] = defaultdict(list)
    for (commit, path), one in sought.items():
        mine = alike[commit, path]
        for at in asked[commit]:
            same = [copy for file in one.whole & here[at].keys() for copy in here[at][file] if copy[0] != path]
            same += [copy for copy in here[at].get(_last(path), ()) if copy == (path, one.back)]
            close = [copy for copy in here[at].get(_last(path), ()) if copy[1] in mine and copy[0] != path]
            if mine and at == asked[commit][-1]:
                close += [copy for copy in lasts[at] if copy[1] in mine and (copy[0] != path or mine[copy[1]])]
            found[commit, at] += [Copied(path, name, whole=True) for name, _ in same]
            found[commit, at] += [Copied(path, name, whole=False) for name, _ in close]
    return {key: tuple(mine) for key, mine in found.items() if mine}


def _sought(
    read: ReadFiles, before: Mapping[str, Sequence[str]], paths: Mapping[str, Collection[str]]
) -> dict[tuple[str, str], _Sought]:
    """Find what is to be looked for, by commit and path."""
    texts = read.cut([*paths])
    places: dict[str, set[str]] = defaultdict(set)
    for commit, mine in texts.items():
        places[commit].update(text.path for text in mine)
        for at in (f"{commit}^", *before[commit]):
            places[at].update(paths[commit])
    entries = read.trees.read(places)
    found: dict[tuple[str, str], _Sought] = {}
    for commit, mine in texts.items():
        now = {text.path: entry.id for text in mine if (entry := entries.get((commit, text.path))) is not None}
        for path in paths[commit]:
            old, *others = (_file(entries.get((at, path))) for at in (f"{commit}^", *before[commit]))
            back = old if old != now.get(path) else None
            every = [text for text in mine if text.path == path]
            was = [(*text.before[-_AROUND:], *text.removed, *text.after[:_AROUND]) for text in every]
            now_is = [(*text.before[-_AROUND:], *text.added, *text.after[:_AROUND]) for text in every]
            count = sum(map(tells, (line for lines in was for line in lines)))
            is_short = all(lines and HERE not in lines and len(lines) <= _LONGEST for lines in was)
            if old is not None and (count >= _FEWEST or was == [(other_line(old),)]):
                whole = frozenset(one for one in (old, *others) if one is not None).difference(now.values())
                pairs = zip(map(b"\n".join, was), map(b"\n".join, now_is), strict=True)
                found[commit, path] = _Sought(back, whole, tuple(pairs) if is_short and count >= _FEWEST_ALIKE else ())
    return found


def _file(entry: TreeEntry | None) -> str | None:
    """Give the id of a file, or of another repository's commit, and of nothing else that may be in its place."""
    return entry.id if entry is not None and entry.mode[:3].encode() in _KINDS else None


def _laid_out(files: Files) -> dict[str, list[tuple[str, str]]]:
    """Lay files out by their ids, and by their last names."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path, file in files:
        found[file].append((path, file))
        found[_last(path)].append((path, file))
    return found


def _alike(
    objects: Objects, sought: Mapping[tuple[str, str], _Sought], files: Iterable[str]
) -> dict[tuple[str, str], dict[str, bool]]:
    """Find which of these files have all places of one that is sought as they were, or else as they are now.

    Tells of each of them whether all are as they were: a tenth of them is.
    """
    telling: dict[bytes, list[tuple[str, str]]] = defaultdict(list)
    for key, one in sought.items():
        around = [{*was.split(b"\n")}.intersection(now.split(b"\n")) for was, now in one.places]
        if one.places:
            telling[max(set[bytes]().union(*around) or one.places[0][0].split(b"\n"), key=len)].append(key)
    found: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
    for entry, file in whole_files(objects, (TreeEntry(_FILE, name) for name in sorted(files))):
        for line in telling.keys() & file.lines:
            for key in telling[line]:
                places = sought[key].places if entry.id not in sought[key].whole else ()
                was = [file.has(before) for before, _ in places]
                if 10 * sum(was) >= max(1, len(was)) and all(
                    here or file.has(now) for here, (_, now) in zip(was, places, strict=True)
                ):
                    found[key][entry.id] = all(was)
    return found


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")

"""What is left of changes at other commits: the lines that they added and removed, looked for in the files there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from msgspec import Struct, field

from secrel.adapters.git.diffs import BLANKS, Patches, bodies, files
from secrel.adapters.git.plumbing import Git
from secrel.adapters.git.trees import TreeEntry, Trees
from secrel.words.errors import SecrelError
from secrel.words.history.commits import line_key
from secrel.words.history.remains import Block, Remains
from secrel.words.patterns import pattern

_COMMON = ("--literal-pathspecs", "diff-tree", "--stdin", "-r", "--root", "--no-renames")
_STEPS = (*_COMMON, "-p", "--no-color", "--no-ext-diff", "--no-textconv", "--full-index", "--unified=0")
_NAMES = (*_COMMON, "--always", "--raw", "-z", "--abbrev=4")
_MOST_BLOCKS = 2_000  # of one change that are looked for, evenly spread
_CHUNK = 400  # files read at a time
_MOST_SIGNS = 12  # of one block that are looked for
_NEIGHBOURS = 2  # that a line is told by, where it is not the only one of its kind
_TELLING = pattern(rb"[0-9A-Za-z\x80-\xff]")
_BLOBS = pattern(rb"^index ([0-9a-f]+)\.\.([0-9a-f]+)", re.MULTILINE)
_MODES = pattern(rb"^old mode (\d+)\nnew mode (\d+)$", re.MULTILINE)
_OTHER = "160000"  # the mode of another repository's commit

_UNASKED = Remains(0, 0, 0, 0)

Lines = tuple[bytes, ...]


class _Text(Struct, frozen=True):
    """A block as text, blanks taken out of every line: the lines before and after the change, with those around.

    What is no text has lines of our own (`_marks`), which no file of text can have.
    """

    path: str
    before: Lines
    added: Lines
    removed: Lines
    after: Lines = ()

    @property
    def block(self) -> Block:
        return Block(self.path, _keys(self.added), _keys(self.removed))


class _File(Struct):
    """Those lines of one file, without blanks, that are looked for; and its text, `dense` without empty lines."""

    text: bytes
    lines: Collection[bytes]
    dense: bool = False

    @classmethod
    def of(cls, data: bytes, sought: set[bytes], marks: Lines) -> _File:
        """Take the blanks out."""
        text = data.translate(None, BLANKS)
        return cls(text, {*sought.intersection(text.split(b"\n")), *marks})

    def has(self, piece: Lines) -> bool:
        """Whether these lines are here, one after the other."""
        if len(piece) == 1:
            return piece[0] in self.lines
        return all(line in self.lines for line in piece) and b"\n%b\n" % b"\n".join(piece) in self._dense()

    def _dense(self) -> bytes:
        if not self.dense:
            self.text, self.dense = b"\n%b\n" % b"\n".join(filter(None, self.text.split(b"\n"))), True
        return self.text


_NO_FILE = _File(b"", ())


def _marks(entry: TreeEntry) -> Lines:
    """Give lines that stand for what is no text: that a file is there, its mode, and its contents as a whole."""
    if entry.mode == _OTHER:
        return (b"Subprojectcommit" + entry.id.encode(),)
    return (_HERE, _mode(entry.mode.encode()), _whole(entry.id.encode()))


_HERE = b"\0file"


def _mode(mode: bytes) -> bytes:
    return b"\0mode" + mode


def _whole(blob: bytes) -> bytes:
    return b"\0contents" + blob


class _Signs(Struct, frozen=True):
    """What tells one block of a file: pieces that the change brought, those that it took away, and the lines around."""

    path: str
    new: tuple[Lines, ...]
    old: tuple[Lines, ...]
    around: Lines

    @property
    def sought(self) -> set[bytes]:
        return {*self.around, *(line for piece in (*self.new, *self.old) for line in piece)}

    def at(self, file: _File) -> Remains:
        """Look for all of them in a file."""
        undone = sum(not file.has(piece) for piece in self.new) + sum(file.has(piece) for piece in self.old)
        left = sum(line in file.lines for line in self.around)
        return Remains(len(self.new) + len(self.old), undone, len(self.around), left)


class ReadFiles(Struct):
    """What was read of a repository's contents, each thing once: patches, trees, and what tells each change's blocks.

    `texts` and `signs` by commit, and `signs` by path too.
    """

    patches: Patches
    trees: Trees
    texts: dict[str, tuple[_Text, ...]] = field(default_factory=dict)
    signs: dict[str, tuple[_Signs, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, git: Git) -> ReadFiles:
        """Begin with nothing read."""
        return cls(Patches(git), Trees(git))

    @property
    def git(self) -> Git:
        """The repository."""
        return self.trees.git

    def cut(self, commits: Sequence[str]) -> dict[str, tuple[_Text, ...]]:
        """Give the blocks of commits, of very large ones each second or third; those that cannot be read are absent."""
        fresh = [commit for commit in commits if commit not in self.texts]
        for commit, body in self.patches.of(fresh).items():
            every = tuple(_cut(body))
            self.texts[commit] = every[:: -(-len(every) // _MOST_BLOCKS) or 1]
        return {commit: self.texts[commit] for commit in commits if commit in self.texts}

    def told(self, commits: Sequence[str]) -> dict[str, tuple[_Signs, ...]]:
        """Find for every block of commits what tells it from the rest of its file."""
        texts = self.cut([commit for commit in commits if commit not in self.signs])
        wanted: dict[TreeEntry, set[tuple[str, str]]] = defaultdict(set)
        paths = {commit: dict.fromkeys(text.path for text in mine) for commit, mine in texts.items()}
        entries = self.trees.read({name: mine for commit, mine in paths.items() for name in (commit, f"{commit}^")})
        sought: dict[tuple[str, str], set[bytes]] = defaultdict(set)
        for commit, mine in texts.items():
            for text in mine:
                sought[commit, text.path].update(text.before, text.added, text.removed, text.after)
        for commit, path in sought:
            for name in (f"{commit}^", commit):
                if (entry := entries.get((name, path))) is not None:
                    wanted[entry].add((commit, path))
        asked = {entry: set().union(*(sought[key] for key in keys)) for entry, keys in wanted.items()}
        sides = dict(_read(self.git, asked))

        def side(name: str, path: str) -> _File:
            entry = entries.get((name, path))
            return _NO_FILE if entry is None else sides[entry]

        for commit, mine in texts.items():
            with suppress(KeyError):  # a file of it is not here
                self.signs[commit] = tuple(
                    _signs(text, side(f"{commit}^", text.path), side(commit, text.path)) for text in mine
                )
        return {commit: self.signs[commit] for commit in commits if commit in self.signs}


def read_blocks(read: ReadFiles, commits: Sequence[str]) -> Mapping[str, tuple[Block, ...]]:
    """Read what commits (full ids) changed against their first parents, place by place; unreadable ones are absent."""
    return {commit: tuple(text.block for text in texts) for commit, texts in read.cut(commits).items()}


def read_steps(
    git: Git, pairs: Sequence[tuple[str, str]], paths: Sequence[str]
) -> Mapping[tuple[str, str], tuple[Block, ...]]:
    """Read what commits changed in these files against a parent each; what is not here is absent."""
    found: dict[tuple[str, str], tuple[Block, ...]] = {}
    waiting = list(dict.fromkeys(pairs))
    while waiting:
        against = dict(reversed(waiting))  # git names the commit alone, so each of them once at a time
        told = bodies(git, (*_STEPS, "--", *paths), list(against), against)
        found.update(((commit, against[commit]), tuple(text.block for text in _cut(body))) for commit, body in told)
        waiting = [pair for pair in waiting if against[pair[0]] != pair[1]]
    return found


def read_touched(git: Git, pairs: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], frozenset[str]]:
    """Read which files commits changed against a parent each; raises `NotSeen` where trees are missing."""
    given = "".join(f"{commit} {parent}\n" for commit, parent in pairs).encode()
    told = git.run(*_NAMES, given=given) if pairs else b""
    mine: list[set[str]] = []
    words = iter(told.decode("utf-8", "surrogateescape").split("\0")[:-1])
    for word in words:
        if word.startswith(":"):  # the modes and ids of a file; its name comes next
            mine[-1].add(next(words))
        else:
            mine.append(set())
    return dict(zip(pairs, map(frozenset, mine), strict=True))


def read_remains(
    read: ReadFiles, asked: Mapping[str, Sequence[str]], within: Mapping[str, Collection[str]]
) -> Mapping[tuple[str, str], tuple[Remains, ...]]:
    """Read what is left of each commit's blocks (in the order of `read_blocks`) at other commits.

    Blocks of other files than those of `within` have no signs.
    """
    signs: dict[tuple[str, str], list[_Signs]] = defaultdict(list)  # by commit and path, as git orders paths
    for commit, every in read.told(list(asked)).items():
        for sign in every:
            signs[commit, sign.path].append(sign)
    places: dict[str, dict[str, None]] = defaultdict(dict)
    for commit, path in signs:
        for at in asked[commit] if path in within[commit] else ():
            places[at][path] = None
    entries = read.trees.read(places)
    wanted: dict[tuple[str, str], dict[TreeEntry | None, None]] = {
        (commit, path): {entries[at, path]: None for at in asked[commit] if (at, path) in entries}
        for commit, path in signs
        if path in within[commit]
    }
    left = _left(read.git, signs, wanted)
    found: dict[tuple[str, str], list[Remains] | None] = {}
    for (commit, path), blocks in signs.items():
        for at in asked[commit]:
            mine: list[Remains] | None = [_UNASKED] * len(blocks)
            if path in within[commit]:
                mine = left.get(((commit, path), entries[at, path])) if (at, path) in entries else None
            before = found.setdefault((commit, at), [])
            found[commit, at] = None if before is None or mine is None else [*before, *mine]
    return {pair: tuple(each) for pair, each in found.items() if each is not None}


def _left(
    git: Git,
    signs: Mapping[tuple[str, str], Sequence[_Signs]],
    wanted: Mapping[tuple[str, str], Iterable[TreeEntry | None]],
) -> dict[tuple[tuple[str, str], TreeEntry | None], list[Remains]]:
    """Look for the signs of each commit and path in files, each file read once; one that is not here is left out."""
    lines = {key: set().union(*(sign.sought for sign in mine)) for key, mine in signs.items()}
    asked: dict[TreeEntry, set[tuple[str, str]]] = defaultdict(set)
    found: dict[tuple[tuple[str, str], TreeEntry | None], list[Remains]] = {}
    for key, entries in wanted.items():
        for entry in entries:
            if entry is None:
                found[key, None] = [sign.at(_NO_FILE) for sign in signs[key]]
            else:
                asked[entry].add(key)
    for entry, file in _read(git, {entry: set().union(*(lines[key] for key in keys)) for entry, keys in asked.items()}):
        found.update(((key, entry), [sign.at(file) for sign in signs[key]]) for key in asked[entry])
    return found


def _signs(text: _Text, old: _File, new: _File) -> _Signs:
    around = tuple(line for line in (*text.before, *text.after) if _TELLING.search(line))
    return _Signs(text.path, _telling(text, text.added, old), _telling(text, text.removed, new), around)


def _telling(text: _Text, lines: Lines, other: _File) -> tuple[Lines, ...]:
    """Give for every line the shortest piece of its surroundings that the other side's file does not have."""
    every = (*text.before, *lines, *text.after)
    found: list[Lines] = []
    for place, line in enumerate(lines, len(text.before)):
        if len(found) == _MOST_SIGNS:
            break
        if not _TELLING.search(line):
            continue
        for more in range(_NEIGHBOURS + 1):
            piece = every[max(0, place - (more + 1) // 2) : place + more // 2 + 1]
            if not other.has(piece):
                found.append(piece)
                break
    return tuple(found)


def _keys(lines: Lines) -> frozenset[int]:
    return frozenset(line_key(line, added=False) for line in lines if _TELLING.search(line))


def _cut(body: bytes) -> Iterator[_Text]:
    """Cut a diff into its blocks: runs of added and removed lines, and what is no text."""
    for path, head, hunks in files(body):
        if not _differ(hunks) and (told := _BLOBS.search(head)) is not None:
            old, new = (() if set(blob) <= {ord("0")} else (_whole(blob),) for blob in told.groups())
            yield _Text(path, (_HERE,) if old and new else (), new, old)
        if (told := _MODES.search(head)) is not None:
            old, new = ((_mode(mode),) for mode in told.groups())
            yield _Text(path, (_HERE,), new, old)
        for hunk in hunks:
            yield from _runs(path, hunk)


def _differ(hunks: Sequence[Sequence[bytes]]) -> bool:
    """Whether lines tell what a file had before from what it has: not in other blanks, another order, or no text."""
    lines = [line for hunk in hunks for line in hunk if _TELLING.search(line)]
    sides = [sorted(line[1:] for line in lines if line[:1] == sign) for sign in (b"+", b"-")]
    return sides[0] != sides[1]


def _runs(path: str, hunk: Sequence[bytes]) -> Iterator[_Text]:
    before: list[bytes] = []
    added: list[bytes] = []
    removed: list[bytes] = []
    runs: list[tuple[list[bytes], list[bytes], list[bytes]]] = []
    for line in hunk:
        if line[:1] == b"=":
            if added or removed:
                runs.append((before, added, removed))
                before, added, removed = [], [], []
            before.append(line[1:])
        else:
            (added if line[:1] == b"+" else removed).append(line[1:])
    runs.append((before, added, removed))
    for number, (above, new, old) in enumerate(runs):
        below = runs[number + 1][0] if number + 1 < len(runs) else []
        if new != old:  # else it is blanks that differ
            yield _Text(path, tuple(above[-3:]), tuple(new), tuple(old), tuple(below[:3]))


def _read(git: Git, asked: Mapping[TreeEntry, set[bytes]]) -> Iterator[tuple[TreeEntry, _File]]:
    """Look for lines in files; one that is not here is left out."""
    blobs: dict[str, list[TreeEntry]] = defaultdict(list)
    for entry in asked:
        if entry.mode == _OTHER:
            yield entry, _File(b"", _marks(entry))
        else:
            blobs[entry.id].append(entry)
    wanted = [*blobs]
    for start in range(0, len(wanted), _CHUNK):
        try:
            for name, kind, data in git.objects(wanted[start : start + _CHUNK]):
                for entry in blobs[name] if kind == "blob" else ():
                    yield entry, _File.of(data, asked[entry], _marks(entry))
        except SecrelError:
            continue

"""What is left of changes at other commits: the lines that they added and removed, looked for in the files there."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from msgspec import Struct, field
from msgspec.structs import replace

from secrel.adapters.git.contents.diffs import Patches, bodies, files
from secrel.adapters.git.contents.packs import Objects
from secrel.adapters.git.contents.searched import HERE, WholeFile, mode_line, searched, whole_files, whole_line
from secrel.adapters.git.contents.trees import TreeEntry, Trees
from secrel.adapters.git.plumbing import Git
from secrel.words.errors import NotSeen
from secrel.words.history.commits import line_key
from secrel.words.history.remains import Block, Remains
from secrel.words.patterns import pattern

_COMMON = ("--literal-pathspecs", "diff-tree", "--stdin", "-r", "--root", "--no-renames")
_STEPS = (*_COMMON, "-p", "--no-color", "--no-ext-diff", "--no-textconv", "--full-index", "--unified=0")
_NAMES = (*_COMMON, "--always", "--raw", "-z", "--abbrev=4")
_MOST_BLOCKS = 2_000  # of one change that are looked for, evenly spread
_MOST_SIGNS = 12  # of one block that are looked for
_NEIGHBOURS = 2  # that a line is told by, where it is not the only one of its kind
_TELLING = pattern(rb"[0-9A-Za-z\x80-\xff]")
_BLOBS = pattern(rb"^index ([0-9a-f]+)\.\.([0-9a-f]+)", re.MULTILINE)
_MODES = pattern(rb"^old mode (\d+)\nnew mode (\d+)$", re.MULTILINE)

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
        most = sum(min(_MOST_SIGNS, sum(map(tells, lines))) for lines in (self.added, self.removed))
        before, after = (next(filter(tells, lines), b"") for lines in (reversed(self.before), self.after))
        beside = (line_key(before, added=False) if before else 0, line_key(after, added=False) if after else 0)
        return Block(self.path, _keys(self.added), _keys(self.removed), most, beside)


class _Signs(Struct, frozen=True):
    """What tells one block of a file: pieces that the change brought, those that it took away, and the lines around."""

    path: str
    new: tuple[bytes, ...]
    old: tuple[bytes, ...]
    around: tuple[bytes, ...]

    def at(self, found: Collection[bytes]) -> Remains:
        """Look for all of them among the pieces that were found in a file."""
        new, old, left = (sum(map(found.__contains__, pieces)) for pieces in (self.new, self.old, self.around))
        return Remains(len(self.new) + len(self.old), len(self.new) - new + old, len(self.around), left)


class ReadFiles(Struct):
    """What was read of a repository's contents, each thing once: patches, trees, and what tells each change's blocks.

    `texts` by commit, `signs` by path too.
    """

    patches: Patches
    trees: Trees
    texts: dict[str, tuple[_Text, ...]] = field(default_factory=dict)
    signs: dict[tuple[str, str], tuple[_Signs, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, git: Git) -> ReadFiles:
        """Begin with nothing read."""
        return cls(Patches(git), Trees(Objects(git)))

    @property
    def git(self) -> Git:
        """The repository."""
        return self.trees.objects.git

    def cut(self, commits: Sequence[str]) -> dict[str, tuple[_Text, ...]]:
        """Give the blocks of commits, of very large ones each second or third; those that cannot be read are absent."""
        fresh = [commit for commit in commits if commit not in self.texts]
        for commit, body in self.patches.of(fresh).items():
            every = tuple(_cut(body))
            self.texts[commit] = every[:: -(-len(every) // _MOST_BLOCKS) or 1]
        return {commit: self.texts[commit] for commit in commits if commit in self.texts}

    def told(self, asked: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], tuple[_Signs, ...]]:
        """Find for every block of commits, in these files of each, what tells it from the rest of its file.

        Gives it by commit and path; absent are files that are not here.
        """
        pairs = [(commit, path) for commit, mine in asked.items() for path in mine]
        fresh = {pair for pair in pairs if pair not in self.signs}
        texts: dict[tuple[str, str], list[_Text]] = defaultdict(list)
        for commit, every in self.cut(list(dict.fromkeys(commit for commit, _ in sorted(fresh)))).items():
            for text in every:
                if (commit, text.path) in fresh:
                    texts[commit, text.path].append(text)
        places: dict[str, list[str]] = defaultdict(list)
        for commit, path in texts:
            places[commit].append(path)
            places[f"{commit}^"].append(path)
        entries = self.trees.read(places)
        wanted = {
            entry
            for (commit, path), mine in texts.items()
            for name, every in ((f"{commit}^", (one.added for one in mine)), (commit, (one.removed for one in mine)))
            if any(every) and (entry := entries.get((name, path))) is not None
        }
        sides: dict[TreeEntry | None, WholeFile] = {None: WholeFile(), **dict(whole_files(self.trees.objects, wanted))}

        def side(name: str, path: str) -> WholeFile:
            return sides[entries[name, path]]

        for (commit, path), mine in texts.items():
            with suppress(KeyError):  # it is not here
                self.signs[commit, path] = tuple(_signs(text, commit, side) for text in mine)
        return {pair: self.signs[pair] for pair in pairs if pair in self.signs}


def read_blocks(read: ReadFiles, commits: Sequence[str]) -> Mapping[str, tuple[Block, ...]]:
    """Read what commits (full ids) changed against their first parents, place by place; unreadable ones are absent."""
    return {commit: tuple(text.block for text in texts) for commit, texts in read.cut(commits).items()}


def read_steps(
    read: ReadFiles, pairs: Sequence[tuple[str, str]], paths: Sequence[str]
) -> Mapping[tuple[str, str], tuple[Block, ...]]:
    """Read what commits changed in these files against a parent each; what is not here is absent.

    What was done to a file under another name is told of the name asked for.
    """
    names = read.trees.names(paths)
    found: dict[tuple[str, str], tuple[Block, ...]] = {}
    waiting = list(dict.fromkeys(pairs))
    while waiting:
        against = dict(reversed(waiting))  # git names the commit alone, so each of them once at a time
        for commit, body in bodies(read.git, (*_STEPS, "--", *names), list(against), against):
            found[commit, against[commit]] = tuple(
                replace(text.block, path=first) for text in _cut(body) for first in names.get(text.path, ())
            )
        waiting = [pair for pair in waiting if against[pair[0]] != pair[1]]
    return found


def read_touched(
    read: ReadFiles, asked: Mapping[tuple[str, str], Collection[str]]
) -> Mapping[tuple[str, str], Collection[str]]:
    """Read which files commits changed against a parent each, by all of their names.

    A merge differs from a parent in much that came from another one, so of these only the files asked for are compared.
    Raises `NotSeen` where trees are missing.
    """
    several = Counter(commit for commit, _ in asked)
    merges = {pair: paths for pair, paths in asked.items() if several[pair[0]] > 1}
    found = _changed(read, [pair for pair in asked if pair not in merges])
    names = read.trees.names({path for paths in merges.values() for path in paths})
    later: dict[str, list[str]] = defaultdict(list)
    for name, firsts in names.items():
        for path in firsts:
            later[path].append(name)
    places: dict[str, set[str]] = defaultdict(set)
    for pair, paths in merges.items():
        for commit in pair:
            places[commit].update(name for path in paths for name in later[path])
    entries = read.trees.read(places)
    for (commit, parent), paths in merges.items():
        if any((one, name) not in entries for one in (commit, parent) for path in paths for name in later[path]):
            raise NotSeen("this copy of the repository lacks folders that tell what a merge changed", where=commit)
        found[commit, parent] = {
            path for path in paths if any(entries[commit, name] != entries[parent, name] for name in later[path])
        }
    return found


def _changed(read: ReadFiles, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Collection[str]]:
    given = "".join(f"{commit} {parent}\n" for commit, parent in pairs).encode()
    told = read.git.run(*_NAMES, given=given) if pairs else b""
    mine: list[set[str]] = []
    words = iter(told.decode("utf-8", "surrogateescape").split("\0")[:-1])
    for word in words:
        if word.startswith(":"):  # the modes and ids of a file; its name comes next
            mine[-1].add(next(words))
        else:
            mine.append(set())
    names = read.trees.names(read.trees.renamed)
    every = (frozenset(paths).union(*(names.get(path, ()) for path in paths)) for paths in mine)
    return dict(zip(pairs, every, strict=True))


def read_remains(
    read: ReadFiles, asked: Mapping[str, Sequence[str]], within: Mapping[str, Collection[str]]
) -> Mapping[tuple[str, str], tuple[Remains, ...]]:
    """Read what is left of each commit's blocks (in the order of `read_blocks`) at other commits.

    Blocks of other files than those of `within` have no signs.
    """
    texts = read.cut(list(asked))
    paths = {commit: dict.fromkeys(text.path for text in mine) for commit, mine in texts.items()}
    near = {commit: [path for path in mine if path in within[commit]] for commit, mine in paths.items()}
    signs = read.told(near)
    near = {commit: mine for commit, mine in near.items() if all((commit, path) in signs for path in mine)}
    places: dict[str, dict[str, None]] = defaultdict(dict)
    for commit, mine in near.items():
        for at in asked[commit]:
            places[at].update(dict.fromkeys(mine))
    for commit, mine in near.items():
        places[commit].update(dict.fromkeys(mine))
    entries = read.trees.followed(places)
    wanted = {
        (commit, path): {entries[at, path]: None for at in asked[commit] if (at, path) in entries}
        for commit, mine in near.items()
        for path in mine
    }
    left = _left(read.trees.objects, signs, wanted)
    found: dict[tuple[str, str], tuple[Remains, ...]] = {}
    for commit, mine in near.items():
        nothing = {path: (_UNASKED,) * count for path, count in Counter(text.path for text in texts[commit]).items()}
        known: dict[tuple[int, ...], tuple[Remains, ...]] = {}  # by what is one thing where the same is left
        for at in asked[commit]:
            with suppress(KeyError):  # a file is not here
                here = [left[(commit, path), entries[at, path]] for path in mine]
                key = tuple(map(id, here))
                if key not in known:
                    told = {**nothing, **dict(zip(mine, here, strict=True))}
                    known[key] = tuple(one for path in nothing for one in told[path])
                found[commit, at] = known[key]
    return found


def _left(
    objects: Objects,
    signs: Mapping[tuple[str, str], Sequence[_Signs]],
    wanted: Mapping[tuple[str, str], Iterable[TreeEntry | None]],
) -> dict[tuple[tuple[str, str], TreeEntry | None], tuple[Remains, ...]]:
    """Look for the signs of each commit and path in files, each file read once; one that is not here is left out."""
    asked: dict[str, dict[TreeEntry, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    sought: dict[str, set[bytes]] = defaultdict(set)
    mine: dict[tuple[str, str], frozenset[bytes]] = {}
    known: dict[tuple[tuple[str, str], frozenset[bytes]], tuple[Remains, ...]] = {}  # most files have the same pieces
    found: dict[tuple[tuple[str, str], TreeEntry | None], tuple[Remains, ...]] = {}
    for key, entries in wanted.items():
        mine[key] = frozenset(piece for sign in signs[key] for piece in (*sign.new, *sign.old, *sign.around))
        sought[key[1]] |= mine[key]
        for entry in entries:
            if entry is None:
                found[key, None] = tuple(sign.at(()) for sign in signs[key])
            else:
                asked[key[1]][entry].append(key)
    for path, file, pieces in searched(objects, asked, sought):
        for key in asked[path][file]:
            here = mine[key] & pieces
            if (key, here) not in known:
                known[key, here] = tuple(sign.at(here) for sign in signs[key])
            found[key, file] = known[key, here]
    return found


def _signs(text: _Text, commit: str, side: Callable[[str, str], WholeFile]) -> _Signs:
    """Find what tells a block of a commit from both sides of its file; raises `KeyError` where one is not here."""
    new = _telling(text, text.added, side(f"{commit}^", text.path)) if text.added else ()
    old = _telling(text, text.removed, side(commit, text.path)) if text.removed else ()
    return _Signs(text.path, new, old, tuple(line for line in (*text.before, *text.after) if tells(line)))


def _telling(text: _Text, lines: Lines, other: WholeFile) -> tuple[bytes, ...]:
    """Give for every line the shortest piece of its surroundings that the other side's file does not have."""
    every = (*text.before, *lines, *text.after)
    found: list[bytes] = []
    for place, line in enumerate(lines, len(text.before)):
        if len(found) == _MOST_SIGNS:
            break
        if not tells(line):
            continue
        for more in range(_NEIGHBOURS + 1):
            piece = b"\n".join(every[max(0, place - (more + 1) // 2) : place + more // 2 + 1])
            if not other.has(piece):
                found.append(piece)
                break
    return tuple(found)


def tells(line: bytes) -> bool:
    """Whether a line says something by itself."""
    return _TELLING.search(line) is not None


def _keys(lines: Lines) -> frozenset[int]:
    return frozenset(line_key(line, added=False) for line in lines if tells(line))


def _cut(body: bytes) -> Iterator[_Text]:
    """Cut a diff into its blocks: runs of added and removed lines, and what is no text."""
    for path, head, hunks in files(body):
        if not _differ(hunks) and (told := _BLOBS.search(head)) is not None:
            old, new = (() if set(blob) <= {ord("0")} else (whole_line(blob),) for blob in told.groups())
            yield _Text(path, (HERE,) if old and new else (), new, old)
        if (told := _MODES.search(head)) is not None:
            old, new = ((mode_line(mode),) for mode in told.groups())
            yield _Text(path, (HERE,), new, old)
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

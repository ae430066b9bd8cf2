"""What is left of changes at other commits: the lines that they added and removed, looked for in the files there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from secrel.adapters.git.diffs import bodies, files
from secrel.adapters.git.plumbing import Git
from secrel.words.errors import SecrelError
from secrel.words.history.commits import line_key
from secrel.words.history.remains import Block, Remains
from secrel.words.patterns import pattern

_COMMON = ("diff-tree", "--stdin", "-r", "--root", "-p", "--no-renames", "--no-color", "--no-ext-diff")
_OWN = (*_COMMON, "--no-textconv", "--full-index", "--unified=3", "-m", "--diff-merges=first-parent")
_STEPS = ("--literal-pathspecs", *_COMMON, "--no-textconv", "--full-index", "--unified=0")
_CHUNK = 400  # files read at a time
_MOST_SIGNS = 12  # of one block that are looked for
_NEIGHBOURS = 2  # that a line is told by, where it is not the only one of its kind
_BLANKS = b" \t\r\x0b\x0c"
_TELLING = pattern(rb"[0-9A-Za-z\x80-\xff]")

Lines = tuple[bytes, ...]


class _Text(Struct, frozen=True):
    """A block as text, blanks taken out of every line: the lines before and after the change, with those around."""

    path: str
    before: Lines
    added: Lines
    removed: Lines
    after: Lines

    @property
    def block(self) -> Block:
        return Block(self.path, _keys(self.added), _keys(self.removed))


class _File(Struct, frozen=True):
    """One file's lines without blanks, the empty ones left out; and each of them once."""

    text: bytes
    lines: frozenset[bytes]

    @classmethod
    def of(cls, data: bytes) -> _File:
        """Take the blanks out."""
        lines = list(filter(None, data.translate(None, _BLANKS).split(b"\n")))
        return cls(b"\n%b\n" % b"\n".join(lines), frozenset(lines))

    def has(self, piece: Lines) -> bool:
        """Whether these lines are here, one after the other."""
        here = self.lines.issuperset(piece)
        return here and (len(piece) == 1 or b"\n%b\n" % b"\n".join(piece) in self.text)


_NO_FILE = _File(b"", frozenset())


class _Signs(Struct, frozen=True):
    """What tells one block of a file: pieces that the change brought, those that it took away, and the lines around."""

    path: str
    new: tuple[Lines, ...]
    old: tuple[Lines, ...]
    around: Lines

    def at(self, file: _File) -> Remains:
        """Look for all of them in a file."""
        undone = sum(not file.has(piece) for piece in self.new) + sum(file.has(piece) for piece in self.old)
        left = sum(line in file.lines for line in self.around)
        return Remains(len(self.new) + len(self.old), undone, len(self.around), left)


def read_blocks(git: Git, commits: Sequence[str]) -> Mapping[str, tuple[Block, ...]]:
    """Read what commits (full ids) changed against their first parents, place by place; unreadable ones are absent."""
    return {commit: tuple(text.block for text in texts) for commit, texts in _texts(git, commits).items()}


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


def read_remains(git: Git, asked: Mapping[str, Sequence[str]]) -> Mapping[tuple[str, str], tuple[Remains, ...]]:
    """Read what is left of each commit's blocks (in the order of `read_blocks`) at other commits."""
    texts = _texts(git, list(asked))
    paths = {commit: list(dict.fromkeys(text.path for text in mine)) for commit, mine in texts.items()}
    names = [
        f"{at}:{path}" for commit in texts for at in (commit, f"{commit}^", *asked[commit]) for path in paths[commit]
    ]
    blobs = _blobs(git, names)
    signs = _signs(git, texts, blobs)
    wanted: dict[str, set[tuple[str, str]]] = defaultdict(set)  # by blob: the commits and paths looked for in it
    for commit in texts:
        for path in paths[commit]:
            for at in asked[commit]:
                wanted[blobs.get(f"{at}:{path}", "")].add((commit, path))
    left: dict[tuple[str, str, str], list[Remains]] = {}
    for blob, file in (("", _NO_FILE), *_read(git, wanted)):
        for commit, path in wanted[blob]:
            left[commit, path, blob] = [sign.at(file) for sign in signs[commit] if sign.path == path]
    return {
        (commit, at): tuple(one for mine in found for one in mine or ())
        for commit in texts
        for at in asked[commit]
        if None not in (found := [left.get((commit, path, blobs.get(f"{at}:{path}", ""))) for path in paths[commit]])
    }


def _signs(git: Git, texts: Mapping[str, Sequence[_Text]], blobs: Mapping[str, str]) -> dict[str, list[_Signs]]:
    """Find for every block what tells it from the rest of its file."""
    sides = {
        (commit, text.path): (blobs.get(f"{commit}^:{text.path}", ""), blobs.get(f"{commit}:{text.path}", ""))
        for commit, mine in texts.items()
        for text in mine
    }
    contents = dict(_read(git, dict.fromkeys(blob for both in sides.values() for blob in both)))
    found: dict[str, list[_Signs]] = {}
    for commit, mine in texts.items():
        found[commit] = []
        for text in mine:
            old, new = (contents.get(blob, _NO_FILE) for blob in sides[commit, text.path])
            around = tuple(line for line in (*text.before, *text.after) if _TELLING.search(line))
            brought = _telling(text, text.added, old)
            found[commit].append(_Signs(text.path, brought, _telling(text, text.removed, new), around))
    return found


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


def _texts(git: Git, commits: Sequence[str]) -> dict[str, list[_Text]]:
    return {commit: list(_cut(body)) for commit, body in bodies(git, _OWN, commits)}


def _cut(body: bytes) -> Iterator[_Text]:
    """Cut a diff into its blocks: runs of added and removed lines."""
    for path, lines in files(body):
        hunks: list[list[bytes]] = []
        for line in lines:
            if line.startswith(b"@@"):
                hunks.append([])
            elif hunks and line[:1] in b"+- " and line:
                hunks[-1].append(line[:1] + line[1:].translate(None, _BLANKS))
        for hunk in hunks:
            yield from _runs(path, [line for line in hunk if len(line) > 1])


def _runs(path: str, hunk: Sequence[bytes]) -> Iterator[_Text]:
    before: list[bytes] = []
    added: list[bytes] = []
    removed: list[bytes] = []
    runs: list[tuple[list[bytes], list[bytes], list[bytes]]] = []
    for line in hunk:
        if line[:1] == b" ":
            if added or removed:
                runs.append((before, added, removed))
                before, added, removed = [], [], []
            before.append(line[1:])
        else:
            (added if line[:1] == b"+" else removed).append(line[1:])
    runs.append((before, added, removed))
    for number, (above, new, old) in enumerate(runs):
        below = runs[number + 1][0] if number + 1 < len(runs) else []
        if new or old:
            yield _Text(path, tuple(above[-3:]), tuple(new), tuple(old), tuple(below[:3]))


def _blobs(git: Git, names: Iterable[str]) -> dict[str, str]:
    """Find the files that are there, by commit and path."""
    asked = [name for name in dict.fromkeys(names) if "\n" not in name]
    if not asked:
        return {}
    given = "".join(f"{name}\n" for name in asked).encode("utf-8", "surrogateescape")
    told = git.run("cat-file", "--batch-check=%(objecttype) %(objectname)", given=given).splitlines()
    return {name: line[5:].decode() for name, line in zip(asked, told, strict=True) if line.startswith(b"blob ")}


def _read(git: Git, blobs: Iterable[str]) -> Iterator[tuple[str, _File]]:
    """Read files without their blanks and empty lines; one that is not here is left out."""
    wanted = [blob for blob in blobs if blob]
    for start in range(0, len(wanted), _CHUNK):
        try:
            for name, kind, data in git.objects(wanted[start : start + _CHUNK]):
                if kind == "blob":
                    yield name, _File.of(data)
        except SecrelError:
            continue

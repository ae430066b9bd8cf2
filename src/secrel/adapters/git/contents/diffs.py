"""What commits change, from `git diff-tree`: paths, a patch digest, and digests of changed lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise

from msgspec import Struct, field

from secrel.adapters.git.contents.packs import with_trees
from secrel.adapters.git.plumbing import Git
from secrel.words.errors import SecrelError
from secrel.words.history.commits import Diff, line_key
from secrel.words.patterns import pattern

_CHUNK = 200  # commits asked for at a time
_MOST_KEPT = 64 << 20  # bytes of diffs
_LARGEST = 4 << 20  # bytes of one commit's diff that are read; beyond it the commit counts as not seen
_ARGUMENTS = (
    *("diff-tree", "--stdin", "-r", "--root", "-p", "-m", "--diff-merges=first-parent", "--no-renames", "--no-color"),
    *("--no-ext-diff", "--no-textconv", "--full-index", "--unified=3"),
)
_COMMIT = pattern(rb"^([0-9a-f]{40}|[0-9a-f]{64})(?: \(from [0-9a-f]+\))?\n", re.MULTILINE)
_FILE = pattern(rb"^diff --git ", re.MULTILINE)
_HUNK = pattern(rb"^@@", re.MULTILINE)
_QUOTED = pattern(rb"\\([0-7]{3}|.)")
_SIGNS = dict(
    zip((bytes([sign]) for sign in b'abtnvfr"\\'), (bytes([sign]) for sign in b'\a\b\t\n\v\f\r"\\'), strict=True)
)
BLANKS = b" \t\r\x0b\x0c"
"""What is taken out of lines before they are compared."""


class Patches(Struct):
    """What commits change against their first parents, as git prints it, each of them asked for once.

    `kept` by commit. When more than 64 MiB are kept, all is forgotten.
    """

    git: Git
    kept: dict[str, bytes] = field(default_factory=dict)
    size: int = 0

    def of(self, commits: Sequence[str]) -> dict[str, bytes]:
        """Give what these commits (full ids) change: nothing at all is no bytes.

        Absent is one that lacks its trees or files here, or whose diff is larger than 4 MiB.
        """
        if self.size > _MOST_KEPT:
            self.kept, self.size = {}, 0
        fresh = [commit for commit in commits if commit not in self.kept]
        for commit, body in bodies(self.git, _ARGUMENTS, fresh) if fresh else ():
            self.kept[commit] = body
            self.size += len(body)
        return {commit: self.kept[commit] for commit in commits if commit in self.kept}


def read_diffs(patches: Patches, commits: Sequence[str]) -> Mapping[str, Diff]:
    """Read the diffs of commits (full ids) against their first parents.

    One that lacks its trees or files, or whose diff is larger than 4 MiB, is absent from the answer. A commit that
    changes nothing has a diff without paths.
    """
    return {commit: _diff(body) for commit, body in patches.of(commits).items()}


def bodies(
    git: Git, arguments: Sequence[str], commits: Sequence[str], against: Mapping[str, str] | None = None
) -> Iterator[tuple[str, bytes]]:
    """Run `diff-tree` on commits (full ids), each `against` another one where it is given, and give their diffs.

    A chunk in which git stops half way is split until the commits that cannot be read stand alone, so nothing else is
    lost with them; those are absent, and so is a diff larger than 4 MiB.
    """
    here = with_trees(git, list(dict.fromkeys(commits)))
    for start in range(0, len(here), _CHUNK):
        yield from _chunk(git, arguments, here[start : start + _CHUNK], against or {})


def _chunk(
    git: Git, arguments: Sequence[str], commits: list[str], against: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    try:
        lines = (f"{commit} {against[commit]}\n" if commit in against else f"{commit}\n" for commit in commits)
        told = git.run(*arguments, given="".join(lines).encode())
    except SecrelError:
        if len(commits) > 1:
            middle = len(commits) // 2
            yield from _chunk(git, arguments, commits[:middle], against)
            yield from _chunk(git, arguments, commits[middle:], against)
        return
    # a commit that changes nothing is not told at all
    found: dict[str, bytes] = dict.fromkeys(commits, b"")
    marks = [(mark[1].decode(), mark.start(), mark.end()) for mark in _COMMIT.finditer(told)]
    for (name, _, start), (_, end, _) in pairwise([*marks, ("", len(told), 0)]):
        found[name] = told[start:end]
    yield from ((commit, body) for commit, body in found.items() if len(body) <= _LARGEST)


def files(body: bytes) -> Iterator[tuple[str, bytes, list[list[bytes]]]]:
    """Cut a diff into its files: the path of each, its head, and its hunks.

    A hunk is its lines without blanks, the empty ones left out, each with its sign before it: `+`, `-`, or `=` for one
    that is on both sides.
    """
    starts = [mark.start() for mark in _FILE.finditer(body)]
    for start, end in pairwise([*starts, len(body)]):
        head, *hunks = _HUNK.split(body[start:end])
        first, _, rest = head.partition(b"\n")
        yield _path(first), rest, [_bare(hunk) for hunk in hunks]


def _bare(hunk: bytes) -> list[bytes]:
    lines = hunk.replace(b"\n ", b"\n=").translate(None, BLANKS).split(b"\n")[1:]
    return [line for line in lines if len(line) > 1 and line[:1] != b"\\"]


def _diff(body: bytes) -> Diff:
    paths: set[str] = set()
    lines: set[int] = set()
    patch = blake2b(digest_size=8)
    for path, _, hunks in files(body):
        paths.add(path)
        patch.update(b"file " + path.encode("utf-8", "surrogateescape"))
        for hunk in hunks:
            patch.update(b"\n".join([*hunk, b""]))
            lines.update(line_key(line[1:], added=line[:1] == b"+") for line in hunk if line[:1] != b"=")
    return Diff(frozenset(paths), int.from_bytes(patch.digest(), "big") if paths else 0, frozenset(lines))


def _path(head: bytes) -> str:
    """Read the file's name from `diff --git a/NAME b/NAME`: both halves are equal, whatever the name has in it.

    Git quotes a name with a quote, a backslash or a control sign in it. Bytes that are no UTF-8 stay what they are.
    """
    names = head.removeprefix(b"diff --git ")
    second = names[len(names) // 2 + 1 :]
    if second[:1] == b'"':
        second = _QUOTED.sub(lambda sign: _SIGNS.get(sign[1]) or bytes([int(sign[1], 8)]), second[1:-1])
    return second.removeprefix(b"b/").decode("utf-8", "surrogateescape")

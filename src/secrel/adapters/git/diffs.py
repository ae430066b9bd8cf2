"""What commits change, from `git diff-tree`: paths, a patch digest, and digests of changed lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise

from secrel.adapters.git.plumbing import Git
from secrel.words.errors import SecrelError
from secrel.words.history.commits import Diff, line_key
from secrel.words.patterns import pattern

_CHUNK = 200  # commits asked for at a time
_LARGEST = 4 << 20  # bytes of one commit's diff that are read; beyond it the commit counts as not seen
_ARGUMENTS = (
    *("diff-tree", "--stdin", "-r", "--root", "-p", "-m", "--diff-merges=first-parent", "--no-renames", "--no-color"),
    *("--no-ext-diff", "--no-textconv", "--full-index", "--unified=3"),
)
_COMMIT = pattern(rb"^([0-9a-f]{40}|[0-9a-f]{64})(?: \(from [0-9a-f]+\))?\n", re.MULTILINE)
_FILE = pattern(rb"^diff --git ", re.MULTILINE)


def read_diffs(git: Git, commits: Sequence[str]) -> Mapping[str, Diff]:
    """Read the diffs of commits (full ids) against their first parents.

    One that lacks its trees or files, or whose diff is larger than 4 MiB, is absent from the answer. A commit that
    changes nothing has a diff without paths.
    """
    return {commit: _diff(body) for commit, body in bodies(git, _ARGUMENTS, commits)}


def bodies(
    git: Git, arguments: Sequence[str], commits: Sequence[str], against: Mapping[str, str] | None = None
) -> Iterator[tuple[str, bytes]]:
    """Run `diff-tree` on commits (full ids), each `against` another one where it is given, and give their diffs.

    A chunk in which git stops half way is split until the commits that cannot be read stand alone, so nothing else is
    lost with them; those are absent, and so is a diff larger than 4 MiB.
    """
    here = _here(git, list(dict.fromkeys(commits)))
    for start in range(0, len(here), _CHUNK):
        yield from _chunk(git, arguments, here[start : start + _CHUNK], against or {})


def _here(git: Git, commits: Sequence[str]) -> list[str]:
    """Keep the commits that this copy has: `diff-tree` would echo another line as if it were one."""
    told = git.run("cat-file", "--batch-check", given="".join(f"{commit}\n" for commit in commits).encode())
    kinds = [line.split() for line in told.decode().splitlines()]
    return [commit for commit, kind in zip(commits, kinds, strict=True) if kind[1] == "commit"]


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


def files(body: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Cut a diff into its files: the path of each, and the lines that follow."""
    starts = [mark.start() for mark in _FILE.finditer(body)]
    for start, end in pairwise([*starts, len(body)]):
        head, *lines = body[start:end].split(b"\n")
        yield _path(head), lines


def _diff(body: bytes) -> Diff:
    paths, lines = set(), set()
    patch = blake2b(digest_size=8)
    for path, hunk in files(body):
        paths.add(path)
        patch.update(b"file " + path.encode("utf-8", "replace"))
        in_hunk = False
        for line in hunk:
            if line.startswith(b"@@"):
                in_hunk = True
            elif in_hunk and line[:1] in b"+- " and line:
                bare = b"".join(line[1:].split())
                patch.update(line[:1] + bare + b"\n")
                if bare and line[:1] != b" ":
                    lines.add(line_key(bare, added=line[:1] == b"+"))
    return Diff(frozenset(paths), int.from_bytes(patch.digest(), "big") if paths else 0, frozenset(lines))


def _path(head: bytes) -> str:
    """Read the file's name from `diff --git a/NAME b/NAME`: both halves are equal, whatever the name has in it."""
    names = head.removeprefix(b"diff --git ")
    second = names[len(names) // 2 + 1 :].strip(b'"')
    return second.removeprefix(b"b/").decode("utf-8", "replace")

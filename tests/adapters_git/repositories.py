"""Real git repositories for tests, made quickly with `git fast-import`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def git(path: Path, *arguments: str, given: bytes = b"") -> str:
    """Run git in a repository, away from anybody's settings."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
    done = subprocess.run(
        ["git", "-C", str(path), *arguments], input=given, capture_output=True, check=True, env=environment
    )
    return done.stdout.decode()


def made(  # noqa: PLR0913 - every part of a repository, by name
    path: Path,
    parents: Sequence[Sequence[int]],
    *,
    tags: Mapping[str, int] | None = None,
    branches: Mapping[str, int] | None = None,
    messages: Mapping[int, str] | None = None,
    files: Mapping[int, Mapping[str, str]] | None = None,
    authors: Mapping[int, str] | None = None,
) -> list[str]:
    """Make a bare repository with these commits, oldest first, and give their ids."""
    path.mkdir()
    git(path, "init", "--quiet", "--bare", "--initial-branch=main")
    told = []
    for commit, mine in enumerate(parents):
        message = (messages or {}).get(commit, f"Commit number {commit}").encode()
        author = (authors or {}).get(commit, f"Elif <elif@example.org> {1_700_000_000 + commit} +0000")
        told += [
            b"reset refs/heads/walk\n",
            b"commit refs/heads/walk",
            b"mark :%d" % (commit + 1),
            b"author " + author.encode(),
            b"committer Farid <farid@example.org> %d +0000" % (1_700_000_000 + commit),
            b"data %d" % len(message),
            message,
        ]
        told += [(b"merge" if place else b"from") + b" :%d" % (parent + 1) for place, parent in enumerate(mine)]
        for name, text in (files or {}).get(commit, {}).items():
            told += [b"M 644 inline " + name.encode(), b"data %d" % len(text.encode()), text.encode()]
        told.append(b"")
    told += [b"reset refs/tags/%s\nfrom :%d\n" % (name.encode(), at + 1) for name, at in (tags or {}).items()]
    told += [b"reset refs/heads/%s\nfrom :%d\n" % (name.encode(), at + 1) for name, at in (branches or {}).items()]
    marks = path / "marks"
    git(path, "fast-import", "--quiet", "--force", f"--export-marks={marks}", given=b"\n".join([*told, b""]))
    git(path, "update-ref", "-d", "refs/heads/walk")
    ids = dict(line.split() for line in marks.read_text().splitlines())
    return [ids[f":{commit + 1}"] for commit in range(len(parents))]

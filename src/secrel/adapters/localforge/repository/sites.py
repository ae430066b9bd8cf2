"""A site's repository for the embedded forge, made where there is none."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pygit2

from secrel.words.errors import Broken


def make_site(folder: Path, branch: str, at: datetime) -> None:
    """Make a bare repository with one first commit on `branch`, which its owner alone can read.

    Raises `Broken` when the folder cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        repo = pygit2.init_repository(folder, bare=True, initial_head=branch)
        who = pygit2.Signature("site", "site@localhost", int(at.timestamp()), 0)
        index = pygit2.Index()
        blob = repo.create_blob(b"The website: every announcement is a file in here.\n")
        index.add(pygit2.IndexEntry("README.md", blob, pygit2.enums.FileMode.BLOB))
        repo.create_commit(f"refs/heads/{branch}", who, who, "Begin", index.write_tree(repo), [])
    except (pygit2.GitError, OSError) as fault:
        raise Broken(
            "cannot make the site's repository", where=str(folder), remedy="look at the folder's rights and the disk"
        ) from fault

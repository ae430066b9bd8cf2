"""The vendor's git repositories of a rehearsal: branches, fixes, backports, tags; all made from the story."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pygit2

from secrel.rehearsal.beginning import Beginning
from secrel.words.releases import Product, Shipment
from secrel.words.versions import Version

_LONG_AGO = timedelta(days=90)


def _signature(who: str, at: datetime) -> pygit2.Signature:
    return pygit2.Signature(who, f"{who}@vendor.invalid", int(at.timestamp()), 0)


def _commit_at(repo: pygit2.Repository, commit: pygit2.Oid) -> pygit2.Commit:
    return repo[commit].peel(pygit2.Commit)


def _head(repo: pygit2.Repository, reference: str) -> pygit2.Oid:
    return repo.references[reference].peel(pygit2.Commit).id


def _with_file(repo: pygit2.Repository, parent: pygit2.Oid | None, path: str, text: str | None) -> pygit2.Oid:
    index = pygit2.Index()
    if parent is not None:
        index.read_tree(_commit_at(repo, parent).tree)
    if text is None:
        index.remove(path)
    else:
        index.add(pygit2.IndexEntry(path, repo.create_blob(text.encode()), pygit2.enums.FileMode.BLOB))
    return index.write_tree(repo)


class Vendor:
    """One product's repository, bare, in a folder of the rehearsal."""

    def __init__(self, folder: Path, beginning: Beginning, due: datetime) -> None:
        """Make it, with the default branch, a branch and the earlier tags for every series."""
        shipment = beginning.shipment
        self.product: Product = shipment.product
        self.path = folder
        self._authors: dict[str, pygit2.Signature] = {}
        self.repo = pygit2.init_repository(folder, bare=True, initial_head=self.product.default_branch)
        began = due - _LONG_AGO
        first = self._commit(None, "README.md", f"{self.product.name}\n", "Begin", began)
        self._set(self.product.default_branch, first)
        for number, version in enumerate(sorted(shipment.versions)):
            self._begin_series(version, beginning, first, began + timedelta(days=number))

    def _commit(self, parent: pygit2.Oid | None, path: str, text: str | None, message: str, at: datetime) -> pygit2.Oid:
        """Commit one file; a change that was made before keeps who made it and when, as a pick does."""
        who = _signature("developer", at)
        author = self._authors.setdefault(message, who)
        parents = [parent] if parent is not None else []
        return self.repo.create_commit(None, author, who, message, _with_file(self.repo, parent, path, text), parents)

    def _set(self, branch: str, commit: pygit2.Oid) -> None:
        self.repo.references.create(f"refs/heads/{branch}", commit, force=True)

    def _begin_series(self, version: Version, beginning: Beginning, first: pygit2.Oid, at: datetime) -> None:
        series = self.product.series_of(version)
        commit = self._commit(first, "SERIES", f"{series}\n", f"Begin series {series}", at)
        for earlier, names in beginning.before(version):
            for name in names:
                commit = self._commit(commit, f"src/{name}.txt", f"{name} is fixed\n", f"Harden {name}", at)
            commit = self._commit(commit, "VERSION", f"{earlier}\n", f"Version {earlier}", at)
            self._tag(self.product.tag_of(earlier), commit)
        self._set(self.product.branch_of(series), commit)

    def _tag(self, name: str, commit: pygit2.Oid) -> None:
        self.repo.references.create(f"refs/tags/{name}", commit, force=True)

    def head(self, branch: str) -> pygit2.Oid:
        """Give the newest commit of a branch."""
        return _head(self.repo, f"refs/heads/{branch}")

    def targets(self, shipment: Shipment) -> list[str]:
        """Name the branches every fix has to reach: the default branch, and one for each series that ships."""
        return [self.product.default_branch, *(self.product.branch_of(series) for series in shipment.series)]

    def write_fix(self, branch: str, target: str, name: str, at: datetime) -> None:
        """Commit a fix on a new branch from `target`; its name says nothing of what it fixes."""
        commit = self._commit(self.head(target), f"src/{name}.txt", f"{name} is fixed\n", f"Harden {name}", at)
        self._set(branch, commit)

    def revert_fix(self, target: str, name: str, at: datetime) -> None:
        """Take a fix out of a branch again, when it is there."""
        path, head = f"src/{name}.txt", self.head(target)
        if path in _commit_at(self.repo, head).tree:
            self._set(target, self._commit(head, path, None, f'Revert "Harden {name}"', at))

    def restore_fix(self, target: str, name: str, at: datetime) -> None:
        """Bring a fix that was taken back into a branch again."""
        commit = self._commit(
            self.head(target), f"src/{name}.txt", f"{name} is fixed\n", f'Revert "Revert "Harden {name}""', at
        )
        self._set(target, commit)

    def tag_version(self, version: Version, at: datetime, *, lacking: str = "") -> None:
        """Tag what the series' branch has now as `version`; `lacking`: what it had before that fix was merged."""
        branch = self.product.branch_of(self.product.series_of(version))
        parent = self.head(branch)
        while lacking and f"src/{lacking}.txt" in _commit_at(self.repo, parent).tree:
            parent = _commit_at(self.repo, parent).parents[0].id
        commit = self._commit(parent, "VERSION", f"{version}\n", f"Version {version}", at)
        self._tag(self.product.tag_of(version), commit)
        if not lacking:
            self._set(branch, commit)

    def holds(self, version: Version, name: str) -> bool:
        """Whether the tag of `version` has the fix `name`: the file it wrote is there."""
        tag = f"refs/tags/{self.product.tag_of(version)}"
        if tag not in self.repo.references:
            return False
        return f"src/{name}.txt" in _commit_at(self.repo, _head(self.repo, tag)).tree


def commit_file(repository: Path, branch: str, file: tuple[str, str], who: str, at: datetime) -> None:
    """Commit a new text of one file (path, text) on a branch, as a person does."""
    repo = pygit2.Repository(repository)
    head = _head(repo, f"refs/heads/{branch}")
    signature = _signature(who, at)
    tree = _with_file(repo, head, *file)
    repo.create_commit(f"refs/heads/{branch}", signature, signature, "Edit the post", tree, [head])

"""The vendor's git repositories of a rehearsal: branches, fixes, backports, tags; all made from the story."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pygit2

from secrel.words.releases import Product, Shipment
from secrel.words.versions import Version

_LONG_AGO = timedelta(days=90)


def _signature(who: str, at: datetime) -> pygit2.Signature:
    return pygit2.Signature(who, f"{who}@vendor.invalid", int(at.timestamp()), 0)


def _with_file(repo: pygit2.Repository, tree: pygit2.Oid | None, path: str, text: str) -> pygit2.Oid:
    index = pygit2.Index()
    if tree is not None:
        index.read_tree(repo[tree])
    index.add(pygit2.IndexEntry(path, repo.create_blob(text.encode()), pygit2.enums.FileMode.BLOB))
    return index.write_tree(repo)


class Vendor:
    """One product's repository, bare, in a folder of the rehearsal."""

    def __init__(self, folder: Path, shipment: Shipment, due: datetime) -> None:
        """Make it, with the default branch, a branch and the earlier tags for every series."""
        self.product: Product = shipment.product
        self.path = folder
        self.repo = pygit2.init_repository(folder, bare=True, initial_head=self.product.default_branch)
        began = due - _LONG_AGO
        first = self._commit(None, "README.md", f"{self.product.name}\n", "Begin", began)
        self._set(self.product.default_branch, first)
        for number, version in enumerate(sorted(shipment.versions)):
            self._begin_series(version, first, began + timedelta(days=number))

    def _commit(self, parent: pygit2.Oid | None, path: str, text: str, message: str, at: datetime) -> pygit2.Oid:
        tree = self.repo[parent].tree.id if parent is not None else None
        who = _signature("developer", at)
        parents = [parent] if parent is not None else []
        return self.repo.create_commit(None, who, who, message, _with_file(self.repo, tree, path, text), parents)

    def _set(self, branch: str, commit: pygit2.Oid) -> None:
        self.repo.references.create(f"refs/heads/{branch}", commit, force=True)

    def _begin_series(self, version: Version, first: pygit2.Oid, at: datetime) -> None:
        series = self.product.series_of(version)
        commit = self._commit(first, "SERIES", f"{series}\n", f"Begin series {series}", at)
        *_, patch = version.key[0] if len(version.key[0]) > self.product.depth else (*version.key[0], 0)
        for earlier in range(max(0, patch - 2), patch):
            commit = self._commit(commit, "VERSION", f"{series}.{earlier}\n", f"Version {series}.{earlier}", at)
            self._tag(self.product.tag_of(Version.parse(f"{series}.{earlier}")), commit)
        self._set(self.product.branch_of(series), commit)

    def _tag(self, name: str, commit: pygit2.Oid) -> None:
        self.repo.references.create(f"refs/tags/{name}", commit, force=True)

    def head(self, branch: str) -> pygit2.Oid:
        """Give the newest commit of a branch."""
        return self.repo.references[f"refs/heads/{branch}"].resolve().target

    def targets(self, shipment: Shipment) -> list[str]:
        """Name the branches every fix has to reach: the default branch, and one for each series that ships."""
        return [self.product.default_branch, *(self.product.branch_of(series) for series in shipment.series)]

    def write_fix(self, branch: str, target: str, name: str, at: datetime) -> None:
        """Commit a fix on a new branch from `target`; its name says nothing of what it fixes."""
        commit = self._commit(self.head(target), f"src/{name}.txt", f"{name} is fixed\n", f"Harden {name}", at)
        self._set(branch, commit)

    def tag_version(self, version: Version, at: datetime, *, stale: bool = False) -> None:
        """Tag what the series' branch has now as `version`; `stale`: what it had before anything was merged."""
        branch = self.product.branch_of(self.product.series_of(version))
        parent = self.head(branch)
        while stale and len(self.repo[parent].parents) > 1:
            parent = self.repo[parent].parents[0].id
        commit = self._commit(parent, "VERSION", f"{version}\n", f"Version {version}", at)
        self._tag(self.product.tag_of(version), commit)
        if not stale:
            self._set(branch, commit)

    def holds(self, version: Version, name: str) -> bool:
        """Whether the tag of `version` has the fix `name`: the file it wrote is there."""
        tag = f"refs/tags/{self.product.tag_of(version)}"
        return (
            tag in self.repo.references
            and f"src/{name}.txt" in self.repo[self.repo.references[tag].resolve().target].tree
        )

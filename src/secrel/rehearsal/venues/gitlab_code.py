"""A product's repository on a GitLab: branches, fixes, reverts and tags by its interface alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from secrel.adapters.gitlab.client import Client, route
from secrel.adapters.gitlab.faults import Failed, FaultKind
from secrel.rehearsal.beginning import Beginning
from secrel.words.releases import Product, Shipment
from secrel.words.versions import Version

T = TypeVar("T")


class _Commit(msgspec.Struct, frozen=True):
    id: str
    parent_ids: list[str] = []


class _Head(msgspec.Struct, frozen=True):
    commit: _Commit


class _There(msgspec.Struct, frozen=True):
    file_path: str


class GitLabCode:
    """The repository of one product; developers write fixes, release managers everything else."""

    def __init__(self, developers: Client, managers: Client, product: Product) -> None:
        """Take whose tokens act, and the product."""
        self._developers = developers
        self._managers = managers
        self._product = product

    def begin(self, beginning: Beginning) -> None:
        """Make a branch for every series, with the versions before the one that ships."""
        for version in sorted(beginning.shipment.versions):
            series = self._product.series_of(version)
            branch = self._product.branch_of(series)
            main = self._product.default_branch
            self._commit(self._managers, branch, {"SERIES": f"{series}\n"}, f"Begin series {series}", start=main)
            for earlier, names in beginning.before(version):
                for name in names:
                    self._commit(self._managers, branch, {_file(name): f"{name} is fixed\n"}, f"Harden {name}")
                self.tag_version(earlier)

    def targets(self, shipment: Shipment) -> list[str]:
        """Name the branches every fix has to reach."""
        return [self._product.default_branch, *(self._product.branch_of(series) for series in shipment.series)]

    def write_fix(self, branch: str, target: str, name: str) -> None:
        """Commit a fix on a new branch from `target`."""
        self._commit(self._developers, branch, {_file(name): f"{name} is fixed\n"}, f"Harden {name}", start=target)

    def revert_fix(self, target: str, name: str) -> None:
        """Take a fix out of a branch again, when it is there."""
        if self._has(_file(name), target):
            self._commit(self._managers, target, {_file(name): None}, f'Revert "Harden {name}"')

    def restore_fix(self, target: str, name: str) -> None:
        """Bring a fix that was taken back into a branch again."""
        self._commit(self._managers, target, {_file(name): f"{name} is fixed\n"}, f'Revert "Revert "Harden {name}""')

    def tag_version(self, version: Version, *, lacking: str = "") -> None:
        """Tag what the series' branch has now as `version`; `lacking`: what it had before that fix was merged.

        A tag that is there is made anew.
        """
        branch = self._product.branch_of(self._product.series_of(version))
        start, files = self._head(branch), {"VERSION": f"{version}\n"}
        while lacking and self._has(_file(lacking), start):
            start = self._get("commits", start, kind=_Commit).parent_ids[0]
        aside = f"tag-{version}" if lacking else ""
        self._commit(self._managers, aside or branch, files, f"Version {version}", start=start if aside else "")
        tag = self._product.tag_of(version)
        if self._is_there("tags", tag):
            self._send(self._managers, "DELETE", ("tags", tag), None)
        self._send(self._managers, "POST", ("tags",), {"tag_name": tag, "ref": self._head(aside or branch)})
        if aside:
            self._send(self._managers, "DELETE", ("branches", aside), None)

    def holds(self, version: Version, name: str) -> bool:
        """Whether a version's tag has a fix."""
        return self._has(_file(name), self._product.tag_of(version))

    def _head(self, branch: str) -> str:
        return self._get("branches", branch, kind=_Head).commit.id

    def _has(self, path: str, ref: str) -> bool:
        return self._is_there("files", path, ref=ref)

    def _is_there(self, *way: str, **query: str) -> bool:
        try:
            self._get(*way, kind=dict[str, Any], **query)
        except Failed as failed:
            if failed.fault.kind is not FaultKind.NOT_THERE:
                raise
            return False
        return True

    def _get(self, *way: str, kind: type[T], **query: str) -> T:
        return self._managers.get(self._route(*way), kind, tuple(query.items()))

    def _commit(
        self, client: Client, branch: str, files: Mapping[str, str | None], message: str, *, start: str = ""
    ) -> None:
        """Commit files on a branch (None takes one away), made from `start` when that is named."""
        actions = [
            {"action": self._action(path, text, start or branch), "file_path": path} for path, text in files.items()
        ]
        for action, text in zip(actions, files.values(), strict=True):
            if text is not None:
                action["content"] = text
        body: dict[str, Any] = {"branch": branch, "commit_message": message, "actions": actions}
        if start:
            body["start_sha"] = start if _is_commit(start) else self._head(start)
        self._send(client, "POST", ("commits",), body)

    def _action(self, path: str, text: str | None, ref: str) -> str:
        if text is None:
            return "delete"
        return "update" if self._has(path, ref) else "create"

    def _send(self, client: Client, method: str, way: tuple[str, ...], body: dict[str, Any] | None) -> None:
        client.send(method, self._route(*way), body, Any)

    def _route(self, *way: str) -> str:
        return route("projects", self._product.repository, "repository", *way)


def _file(name: str) -> str:
    return f"src/{name}.txt"


_COMMIT = 40
"""How many digits the id of a commit has."""


def _is_commit(ref: str) -> bool:
    return len(ref) == _COMMIT and not set(ref) - set("0123456789abcdef")

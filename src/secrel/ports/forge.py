"""The forge as we need it: one port to read with, one to write with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from secrel.words.effects import Effect
from secrel.words.forge import Issue, Link, MergeRequest


class ForgeReader(Protocol):
    """Reads a forge. Raises `NotSeen` when the forge does not answer, `Misused` for a reference that is none."""

    def issues(self, refs: Sequence[str]) -> Mapping[str, Issue]:
        """Give the issues with these references, without those that do not exist."""
        ...

    def issue_by_mark(self, mark: str) -> Issue | None:
        """Find what the effect with this key made."""
        ...

    def issues_by_marks(self, prefix: str) -> Mapping[str, Issue]:
        """Find every issue whose mark begins with `prefix`, by mark."""
        ...

    def merge_request_by_mark(self, mark: str) -> MergeRequest | None:
        """Find what the effect with this key made, with its files as they are on its branch now."""
        ...

    def links(self, ref: str) -> tuple[Link, ...]:
        """Give all that is and was linked to an issue, oldest first."""
        ...

    def merge_requests_of(self, refs: Sequence[str]) -> Mapping[str, tuple[MergeRequest, ...]]:
        """Give the merge requests of these issues."""
        ...

    def tags(self, project: str, names: Sequence[str]) -> Mapping[str, str]:
        """Give those of the named tags that exist, with the commit each points to."""
        ...

    def tags_holding(self, project: str, commits: Sequence[str], names: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """Tell for each commit which of the named tags hold it."""
        ...


class Hand(Protocol):
    """Carries out effects of some kinds in one place."""

    def find(self, effect: Effect) -> str | None:
        """Give the address of what the effect made, when it is there; always None for a blind one."""
        ...

    def do(self, effect: Effect) -> str:
        """Carry it out and give the address of what it made; `Refused` when the world changed in between."""
        ...

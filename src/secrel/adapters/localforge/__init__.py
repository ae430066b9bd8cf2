"""The embedded forge: issues and merge requests in one SQLite file beside real git repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from secrel.adapters.localforge import people
from secrel.adapters.localforge.forge import LocalForge
from secrel.adapters.localforge.store import StoreOptions

if TYPE_CHECKING:  # loaded when they are asked for: a look at a release changes nothing, and needs no writer
    from secrel.adapters.localforge.people import NewIssue, NewMergeRequest, People

__all__ = ["LocalForge", "NewIssue", "NewMergeRequest", "People", "StoreOptions"]


def __getattr__(name: str) -> Any:
    """Give the names of those who write, loaded when they are asked for."""
    if name in ("NewIssue", "NewMergeRequest", "People"):
        return getattr(people, name)
    raise AttributeError(name)

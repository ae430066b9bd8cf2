"""The embedded forge: issues and merge requests in one SQLite file beside real git repositories."""

from __future__ import annotations

from secrel.adapters.localforge.forge import LocalForge
from secrel.adapters.localforge.people import NewIssue, NewMergeRequest, People
from secrel.adapters.localforge.store import StoreOptions

__all__ = ["LocalForge", "NewIssue", "NewMergeRequest", "People", "StoreOptions"]

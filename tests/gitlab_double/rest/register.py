"""Every module with routes, loaded: here routes are found."""

from __future__ import annotations

from tests.gitlab_double.rest import (
    approvals,
    files,
    issues,
    links,
    merge_requests,
    notes,
    people,
    pipelines,
    projects,
    repositories,
)
from tests.gitlab_double.rest.routing import ROUTES, find

MODULES = (approvals, files, issues, links, merge_requests, notes, people, pipelines, projects, repositories)

__all__ = ["MODULES", "ROUTES", "find"]

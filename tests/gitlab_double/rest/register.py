"""Every module with routes, loaded: here routes are found."""

from __future__ import annotations

from tests.gitlab_double.rest.code import files, pipelines, releases, repositories
from tests.gitlab_double.rest.places import groups, people, projects
from tests.gitlab_double.rest.planning import approvals, around, awards, issues, links, merge_requests, notes, turning
from tests.gitlab_double.rest.routing import ROUTES, allowed, find

MODULES = (
    *(approvals, around, awards, issues, links, merge_requests, notes, turning),
    *(files, pipelines, releases, repositories),
    *(groups, people, projects),
)

__all__ = ["MODULES", "ROUTES", "allowed", "find"]

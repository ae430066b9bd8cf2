"""Every module with routes, loaded: here routes are found."""

from __future__ import annotations

from tests.gitlab_double.rest.code import files, pipelines, repositories
from tests.gitlab_double.rest.places import people, projects
from tests.gitlab_double.rest.planning import approvals, issues, links, merge_requests, notes
from tests.gitlab_double.rest.routing import ROUTES, find

MODULES = (approvals, files, issues, links, merge_requests, notes, people, pipelines, projects, repositories)

__all__ = ["MODULES", "ROUTES", "find"]

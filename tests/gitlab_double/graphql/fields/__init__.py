"""What each field of GitLab's schema is served from; loaded, they register themselves."""

from __future__ import annotations

from typing import Any

from tests.gitlab_double.graphql.fields import code, merge_requests, people, pipelines, places, work_items
from tests.gitlab_double.graphql.serving import Node, encoded
from tests.gitlab_double.world.things import Issue, MergeRequest, User

MODULES = (code, merge_requests, people, pipelines, places, work_items)


def type_name(value: Any) -> str:
    """Say which type of the schema a thing is, where the schema leaves it open."""
    if isinstance(value, Node):
        return value.type
    names = {User: "UserCore", Issue: "Issue", MergeRequest: "MergeRequest"}
    return names[type(value)]


def cursor(place: int) -> str:
    """Write the cursor of a place in a list."""
    return encoded(place)

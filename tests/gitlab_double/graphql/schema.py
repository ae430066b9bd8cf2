"""The real schema, read from the data beside the repository; it may not be copied into it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema

FILE = Path(__file__).resolve().parents[4] / "shared" / "data" / "gitlab-graphql-schema" / "schema.gitlab.graphql"


_DESCRIBED = re.compile(r'"""(?:[^"]|"(?!""))*"""')


@cache
def schema() -> GraphQLSchema:
    """Build the schema, once in a process: that takes about a second, and nearly three with its descriptions.

    A test that needs it is skipped, aloud, where it is not there.
    """
    if not FILE.exists():
        pytest.skip("shared data absent: gitlab-graphql-schema, no GraphQL is executed")
    return build_schema(_DESCRIBED.sub("", FILE.read_text("utf-8")), assume_valid=True, no_location=True)

"""Every query is one that GitLab's schema knows, and is short enough to be sent."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from secrel.adapters.gitlab.client import MOST_TEXT
from secrel.adapters.gitlab.reading import texts

SCHEMA = Path(__file__).resolve().parents[4] / "shared" / "data" / "gitlab-graphql-schema" / "schema.gitlab.graphql"

QUERIES = {
    "documents": texts.issues(1, texts.DOCUMENT),
    "tracking": texts.issues(2, texts.TRACKING),
    "fixes": texts.issues(12, texts.FIX),
    "requests": texts.merge_requests(8, rules=True, files=False),
    "documents as requests": texts.merge_requests(2, rules=False, files=True),
    "issues made": texts.MADE_ISSUES,
    "requests made": texts.MADE_REQUESTS,
    "files": texts.FILES,
    "who": texts.WHO,
    **{f"more {name} of an issue": texts.further_of_issue(name) for name in texts.ISSUE_PARTS},
    **{f"more {name} of a request": texts.further_of_request(name) for name in texts.REQUEST_PARTS},
}


@cache
def schema() -> GraphQLSchema:
    return build_schema(SCHEMA.read_text("utf-8"), assume_valid=True, no_location=True)


@pytest.mark.skipif(not SCHEMA.is_file(), reason="shared data absent: ../shared/data/gitlab-graphql-schema")
@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_known_to_the_schema(name: str) -> None:
    assert validate(schema(), parse(QUERIES[name])) == []


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_short_enough(name: str) -> None:
    assert len(QUERIES[name]) < MOST_TEXT

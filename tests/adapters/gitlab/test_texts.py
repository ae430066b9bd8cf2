"""Every query is one that GitLab's schema knows, and is short enough to be sent."""

from __future__ import annotations

import pytest
from graphql import parse, validate

from secrel.adapters.gitlab.client import MOST_TEXT
from secrel.adapters.gitlab.reading import texts
from tests.gitlab_double.graphql.schema import FILE, schema

QUERIES = {
    "documents": texts.issues(1, texts.DOCUMENT),
    "tracking": texts.issues(2, texts.TRACKING),
    "fixes": texts.issues(40, texts.DOCUMENT),
    "requests": texts.merge_requests(40, rules=True, files=False),
    "documents as requests": texts.merge_requests(2, rules=False, files=True),
    "issues made": texts.MADE_ISSUES,
    "requests made": texts.MADE_REQUESTS,
    "files": texts.FILES,
    "who": texts.WHO,
    **{f"more {name} of an issue": texts.further_of_issue(name) for name in texts.ISSUE_PARTS},
    **{f"more {name} of a request": texts.further_of_request(name) for name in texts.REQUEST_PARTS},
}


@pytest.mark.skipif(not FILE.is_file(), reason="shared data absent: ../shared/data/gitlab-graphql-schema")
@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_known_to_the_schema(name: str) -> None:
    assert validate(schema(), parse(QUERIES[name])) == []


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_short_enough(name: str) -> None:
    assert len(QUERIES[name]) < MOST_TEXT

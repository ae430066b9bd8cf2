"""GraphQL on the real schema: what a desk reads, pages, prices and refusals (s9)."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.gitlab_double import Clock, Double, World, faults
from tests.gitlab_double.graphql.serving import NotServed
from tests.gitlab_double.proofs.desks import NOW, desk

FIXES = """
query fixes($path: ID!, $iids: [String!], $after: String) {
  queryComplexity { score limit }
  currentUser { username }
  project(fullPath: $path) {
    maxAccessLevel { integerValue }
    workItems(iids: $iids, first: 10, after: $after) {
      nodes {
        id iid title state confidential webUrl lockVersion
        widgets(onlyTypes: [LINKED_ITEMS, LABELS, ASSIGNEES, START_AND_DUE_DATE, DESCRIPTION]) {
          type
          ... on WorkItemWidgetLinkedItems {
            linkedItems(first: 20) {
              nodes { linkId linkType linkCreatedAt workItemState workItem { iid title namespace { fullPath } } }
              pageInfo { hasNextPage endCursor }
            }
          }
          ... on WorkItemWidgetLabels { labels(first: 20) { nodes { title } } }
          ... on WorkItemWidgetAssignees { assignees(first: 20) { nodes { username } } }
          ... on WorkItemWidgetStartAndDueDate { dueDate startDate }
          ... on WorkItemWidgetDescription { description }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
CHANGES = """
{
  project(fullPath: "gitlab-org/security/gitlab") {
    mergeRequests(labelName: ["security"], first: 5) {
      nodes {
        id iid title draft state targetBranch sourceBranch diffHeadSha mergeCommitSha description webUrl
        detailedMergeStatus mergeStatusEnum conflicts resolvableDiscussionsCount resolvedDiscussionsCount
        author { username } assignees { nodes { username } } reviewers { nodes { username } }
        labels { nodes { title } } milestone { title }
        approvedBy { nodes { username } } approvalsRequired approvalsLeft approved
        approvalState { rules { name approvalsRequired approved approvedBy { nodes { username } } } }
        headPipeline { id status sha jobs(retried: false) { nodes { name status allowFailure } } }
        commits(first: 5) { nodes { sha title } }
        discussions(first: 20) { nodes { id resolvable resolved notes { nodes { body system author { username } } } } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""


def widget(item: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(one for one in item["widgets"] if one["type"] == kind)


def test_a_tracking_issue_with_its_fixes() -> None:
    one = desk()
    answer = one.ask(FIXES, path="gitlab-org/gitlab", iids=["1"])
    assert answer["correlationId"], "not GraphQL standard (s9)"
    data = answer["data"]
    assert data["currentUser"] == {"username": "release-bot"}
    assert data["queryComplexity"]["limit"] == 250
    assert 20 < data["queryComplexity"]["score"] < 100
    [item] = data["project"]["workItems"]["nodes"]
    assert (item["iid"], item["state"], item["confidential"]) == ("1", "OPEN", True)
    [link] = widget(item, "LINKED_ITEMS")["linkedItems"]["nodes"]
    assert (link["linkType"], link["workItem"]["iid"], link["linkCreatedAt"]) == (
        "relates_to",
        "1",
        "2026-09-02T09:00:00.000Z",
    )
    assert link["workItem"]["namespace"] == {"fullPath": "gitlab-org/security/gitlab"}
    assert widget(item, "START_AND_DUE_DATE") == {
        "type": "START_AND_DUE_DATE",
        "dueDate": "2026-09-10",
        "startDate": None,
    }
    assert [label["title"] for label in widget(item, "LABELS")["labels"]["nodes"]] == [
        "security",
        "upcoming security release",
    ]


def test_a_merge_request_with_all_that_makes_it_ready() -> None:
    one = desk()
    rule = one.world.rule(one.mirror, "AppSec", 1, [one.anna])
    one.world.pipeline(one.mirror, one.change.sha or "", "success", ref="security-fix", jobs={"rspec": "success"})
    one.world.discussion(one.change, "Really?", by=one.bot)
    one.world.approve(one.change, one.bot)
    [node] = one.ask(CHANGES)["data"]["project"]["mergeRequests"]["nodes"]
    assert (node["detailedMergeStatus"], node["approvalsLeft"], node["approved"]) == ("NOT_APPROVED", 1, False)
    assert node["approvedBy"]["nodes"] == [{"username": "release-bot"}]
    assert node["approvalState"]["rules"] == [
        {"name": rule.name, "approvalsRequired": 1, "approved": False, "approvedBy": {"nodes": []}}
    ]
    assert node["headPipeline"]["jobs"]["nodes"] == [{"name": "rspec", "status": "SUCCESS", "allowFailure": False}]
    assert (node["resolvableDiscussionsCount"], node["resolvedDiscussionsCount"]) == (1, 0)
    one.world.approve(one.change, one.anna)
    one.world.commit(one.mirror, "security-fix", {"a": "b"}, message="More", by=one.anna)
    [node] = one.ask(CHANGES)["data"]["project"]["mergeRequests"]["nodes"]
    assert node["headPipeline"] is None, "it belongs to an older commit (s8)"
    assert node["detailedMergeStatus"] == "CHECKING"
    assert one.ask(CHANGES)["data"]["project"]["mergeRequests"]["nodes"][0]["detailedMergeStatus"] == "MERGEABLE"


def test_who_linked_and_when_is_told_by_the_action_of_system_notes() -> None:
    one = desk()
    one.world.clock.wait(60)
    one.world.unlink(one.world.links[0], by=one.bot)
    query = """{ project(fullPath: "gitlab-org/gitlab") { workItems(iids: ["1"]) { nodes {
      widgets(onlyTypes: [NOTES]) { ... on WorkItemWidgetNotes { notes(filter: ONLY_ACTIVITY) { nodes {
        body createdAt author { username } systemNoteMetadata { action } } } } } } } } }"""
    [item] = one.ask(query)["data"]["project"]["workItems"]["nodes"]
    notes = item["widgets"][0]["notes"]["nodes"]
    told = [(one["systemNoteMetadata"]["action"], one["author"]["username"], one["createdAt"]) for one in notes]
    assert told[-2:] == [
        ("relate", "anna", "2026-09-02T09:00:00.000Z"),
        ("unrelate", "release-bot", "2026-09-02T09:01:00.000Z"),
    ]


def test_pages_end_where_no_next_page_is_and_hold_100_at_most() -> None:
    one = desk()
    for number in range(250):
        one.world.note(one.fix, f"{number}")
    query = """query($after: String) { project(fullPath: "gitlab-org/security/gitlab") { issue(iid: "1") {
      notes(after: $after, first: 500) { nodes { body } pageInfo { hasNextPage endCursor } } } } }"""
    sizes, after = [], None
    while True:
        page = one.ask(query, after=after)["data"]["project"]["issue"]["notes"]
        sizes.append(len(page["nodes"]))
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert sizes == [100, 100, 51]


def test_what_is_not_visible_is_null_as_what_is_not_there() -> None:
    one = desk()
    stranger = one.world.token(one.world.user("stranger"))
    for path in ("gitlab-org/security/gitlab", "gitlab-org/nothing"):
        query = f'{{ project(fullPath: "{path}") {{ id }} currentUser {{ username }} }}'
        assert one.ask(query, stranger)["data"] == {"project": None, "currentUser": {"username": "stranger"}}
    query = '{ project(fullPath: "gitlab-org/gitlab") { issue(iid: "1") { title } maxAccessLevel { integerValue } } }'
    assert one.ask(query, stranger)["data"]["project"] == {"issue": None, "maxAccessLevel": {"integerValue": 0}}
    query = '{ project(fullPath: "gitlab-org/gitlab") { id } currentUser { username } }'
    assert one.ask(query, "")["data"]["currentUser"] is None


def priced(rows: int) -> int:
    one = desk()
    pages = "pageInfo { hasNextPage endCursor }"
    listed = f"issues(first: {rows}) {{ nodes {{ iid title state createdAt webUrl }} {pages} }}"
    query = f'{{ queryComplexity {{ score limit }} project(fullPath: "gitlab-org/gitlab") {{ {listed} }} }}'
    score: int = one.ask(query)["data"]["queryComplexity"]["score"]
    return score


def test_rows_are_priced_as_quoted() -> None:
    assert (priced(5), priced(100)) == (15, 26), "five columns: 15 at 5 rows and 26 at 100 (s9)"


def batch(count: int) -> str:
    parts = [f'p{n}: project(fullPath: "g/{n}") {{ issues(first: 100) {{ nodes {{ iid }} }} }}' for n in range(count)]
    return "{ " + " ".join(parts) + " }"


def test_a_query_that_costs_too_much_is_refused_with_200_and_nothing_else() -> None:
    one = desk()
    refused = one.ask(batch(60))
    assert list(refused) == ["errors", "correlationId"] or list(refused) == ["errors"]
    assert refused["errors"][0]["message"].endswith("which exceeds max complexity of 250")
    assert "data" in one.ask(batch(20))
    assert one.ask(batch(25), "")["errors"][0]["message"].endswith("which exceeds max complexity of 200")


def test_a_query_that_is_too_long_is_refused_all_of_a_multiplex_together() -> None:
    one = desk()
    long = "{ currentUser { username } } #" + "x" * 5_000
    url = f"{one.world.site.url}/api/graphql"
    assert isinstance(one.client().post(url, json=[{"query": long}]).json(), list)
    assert one.client().post(url, json=[{"query": long}, {"query": long}]).json() == {
        "errors": [{"message": "Query too large"}]
    }


def test_a_query_that_is_too_deep_is_refused() -> None:
    one = desk()
    query = "{ currentUser { username } }"
    for _ in range(12):
        query = query.replace("{ username }", '{ namespace { workItem(iid: "1") { author { username } } } }')
    assert "errors" in one.ask(query)
    assert one.ask("{ project(fullPath: 1) { nothing } }")["errors"][0]["locations"]


def test_a_wrong_token_is_refused_in_graphqls_words() -> None:
    one = desk()
    answer = one.client("glpat-nobody").post(
        f"{one.world.site.url}/api/graphql", json={"query": "{ currentUser { id } }"}
    )
    assert (answer.status_code, answer.json()) == (401, {"errors": [{"message": "Invalid token"}]})


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (403, "API not accessible for user"),
        (503, "Request timed out. Please try a less complex query or a smaller set of records."),
        (500, "Internal server error"),
    ],
)
def test_the_controllers_refusals_are_faults(status: int, message: str) -> None:
    one = desk()
    one.double.fail("POST", "/api/graphql", faults.graphql_error(status, message), text="currentUser")
    url = f"{one.world.site.url}/api/graphql"
    answer = one.client().post(url, json={"query": "{ currentUser { username } }"})
    assert (answer.status_code, answer.json()) == (status, {"errors": [{"message": message}]})


def test_what_the_double_does_not_serve_is_a_fault_of_the_test_and_never_a_null() -> None:
    with pytest.raises(NotServed, match=r"Project\.dastProfiles"):
        desk().ask('{ project(fullPath: "gitlab-org/gitlab") { dastProfiles { nodes { id } } } }')


def test_linked_work_items_of_an_issue_as_quoted() -> None:
    world = World(Clock(NOW))
    project = world.project("flightjs/public-project", visibility="public")
    issues = [world.issue(project, name) for name in ("Blocking Task", "Blocked Task", "Related Task", "The issue")]
    world.link(issues[0], issues[3], "blocks")
    world.link(issues[3], issues[1], "blocks")
    world.link(issues[3], issues[2])
    quoted = """query workITemsLinkedToIssue { project(fullPath: "flightjs/public-project") { issue(iid: "4") {
      linkedWorkItems { edges { node { workItem { title } } } } } } }"""
    client = httpx2.Client(base_url=world.site.url, transport=Double(world).transport())
    answer = client.post("/api/graphql", json={"query": quoted}).json()
    edges = answer["data"]["project"]["issue"]["linkedWorkItems"]["edges"]
    titles = [edge["node"]["workItem"]["title"] for edge in edges]
    assert titles == ["Blocking Task", "Blocked Task", "Related Task"]

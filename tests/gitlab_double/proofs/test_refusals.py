"""Each refusal of section 1, and the quoted exchanges that can be asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.gitlab_double import REPORTER, Site
from tests.gitlab_double.proofs.desks import desk
from tests.gitlab_double.proofs.replay.recordings import quotes

PRIVATE = "A title nobody may read"


def test_tokens_are_told_apart_by_body_alone() -> None:
    one = desk()
    world, bot = one.world, one.bot
    bodies = {
        "wrong": one.client("glpat-of-nobody").get("/user"),
        "revoked": one.client(world.token(bot, revoked=True)).get("/user"),
        "expired": one.client(world.token(bot, expires_at=date(2026, 9, 1))).get("/user"),
        "narrow": one.client(world.token(bot, ("read_api",))).post(one.notes, json={"body": "x"}),
        "granular": one.client(world.token(bot, granular=True)).post(one.notes, json={"body": "x"}),
        "none": one.client("").get("/version"),
    }
    assert {name: answer.status_code for name, answer in bodies.items()} == {
        "wrong": 401,
        "revoked": 401,
        "expired": 401,
        "narrow": 403,
        "granular": 403,
        "none": 401,
    }
    assert bodies["wrong"].json() == {"message": "401 Unauthorized"}
    assert bodies["revoked"].json() == {
        "error": "invalid_token",
        "error_description": "Token was revoked. You have to re-authorize from the user.",
    }
    assert bodies["expired"].json()["error"] == "invalid_token"
    assert bodies["narrow"].json()["error"] == "insufficient_scope"
    assert bodies["granular"].json() == {"message": "403 Forbidden"}


def test_a_token_says_what_it_may_do() -> None:
    one = desk()
    told = one.client(one.world.token(one.bot, ("read_api",))).get("/personal_access_tokens/self").json()
    assert (told["scopes"], told["active"], told["revoked"]) == (["read_api"], True, False)
    assert one.client(one.world.token(one.bot, ("read_api",))).get("/version").json()["version"] == "18.8.0-ee"


def test_a_token_sent_as_a_job_token_is_wrong() -> None:
    one = desk()
    answer = one.client("").get("/user", headers={"JOB-TOKEN": one.token})
    assert (answer.status_code, answer.json()) == (401, {"message": "401 Unauthorized"})


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "body"),
    [
        ("GET", "/issues?state=open", None, 400, {"error": "state does not have a valid value"}),
        ("PUT", "/issues/1", {"state_event": "closed"}, 400, {"error": "state_event does not have a valid value"}),
        ("GET", "/issues/1/notes?activity_filter=x", None, 400,
         {"error": "activity_filter does not have a valid value"}),
        ("POST", "/issues/1/notes", {}, 400, {"error": "body is missing"}),
        ("POST", "/issues/1/notes", {"body": ""}, 400,
         {"message": "400 Bad request - Note {:note=>[\"can't be blank\"]}"}),
        ("GET", "/issues/x", None, 400, {"error": "issue_iid is invalid"}),
        ("GET", "/issues/0", None, 404, {"message": "404 Not found"}),
        ("GET", "/merge_requests/99", None, 404, {"message": "404 Not found"}),
        ("GET", "/repository/branches/no", None, 404, {"message": "404 Branch Not Found"}),
        ("DELETE", "/repository/branches/no", None, 404, {"message": "404 Branch Not Found"}),
        ("GET", f"/repository/commits/{'0' * 40}/statuses", None, 404, {"message": "404 Commit Not Found"}),
        ("GET", "/repository/commits/1234567/statuses", None, 200, []),
        ("GET", "/repository/files/no?ref=master", None, 404, {"message": "404 File Not Found"}),
        ("GET", "/repository/tags/no", None, 404, {"message": "404 Tag Not Found"}),
        ("GET", "/nothing", None, 404, {"error": "404 Not Found"}),
        ("POST", "/repository/branches", {"branch": "security-fix", "ref": "master"}, 400,
         {"message": "Branch already exists"}),
        ("POST", "/merge_requests", {"title": "x", "source_branch": "security-fix", "target_branch": "master"}, 409,
         {"message": ["Another open merge request already exists for this source branch: !1"]}),
        ("POST", "/issues", {"title": "x" * 256}, 400,
         {"message": {"title": ["is too long (maximum is 255 characters)"]}}),
        ("POST", "/issues", {"title": "x", "description": "y" * 1_048_577}, 400,
         {"message": {"description": ["is too long (maximum is 1048576 characters)"]}}),
        ("GET", "/merge_requests/1/resource_label_events?per_page=1&page=2", None, 200, []),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_gitlabs_words(  # noqa: PLR0913, RUF100 - one row
    method: str, path: str, sent: object, status: int, body: object
) -> None:
    one = desk()
    answer = one.client().request(method, f"{one.here}{path}", json=sent)
    assert (answer.status_code, answer.json()) == (status, body)


def test_a_put_of_nothing_known_names_what_is() -> None:
    one = desk(Site(enterprise=False, version="19.2.1"))
    answer = one.put(f"{one.here}/issues/1", weight=3)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(
        "severity, state_event, title, issue_type are missing, at least one parameter must be provided"
    )


def test_blocking_links_are_refused_by_plan_and_edition() -> None:
    free, community = desk(Site(plan="free")), desk(Site(enterprise=False))
    sent = {"link_type": "blocks", "target_project_id": "1", "target_issue_iid": "1"}
    path = f"{free.here}/issues/1/links"
    assert free.post(path, **sent).json() == {"message": "Blocked issues not available for current license"}
    assert community.post(path, **sent).json() == {"error": "link_type does not have a valid value"}


def test_a_route_of_enterprise_is_no_route_elsewhere() -> None:
    one = desk(Site(enterprise=False))
    assert one.get(f"{one.here}/merge_requests/1/approval_state").json() == {"error": "404 Not Found"}
    assert set(one.get(f"{one.here}/merge_requests/1/approvals").json()) == {
        "user_has_approved",
        "user_can_approve",
        "approved",
        "approved_by",
    }


def test_a_moved_project_is_a_permanent_redirect_in_text() -> None:
    one = desk()
    one.world.move(one.canonical, "gitlab-org/new")
    answer = one.client().get("/projects/gitlab-org%2Fgitlab/issues")
    assert answer.status_code == 301
    assert answer.headers["location"].endswith(f"/projects/{one.canonical.id}/issues")
    assert answer.text.startswith("This resource has been moved permanently to https://")


def test_an_archived_project_takes_no_writes_and_a_project_may_have_no_issues() -> None:
    one = desk()
    one.mirror.archived = True
    assert one.post(one.notes, body="x").json() == {"message": "403 Forbidden"}
    one.mirror.issues_enabled = False
    assert one.get(f"{one.here}/issues").json() == {"message": "403 Forbidden"}


def test_confidential_issues_are_absent_for_those_outside() -> None:
    one = desk()
    outsider = one.client(one.world.token(one.world.user("outsider")))
    assert outsider.get(f"/projects/{one.canonical.id}/issues").json() == []
    assert outsider.get(f"/projects/{one.canonical.id}/issues/1").status_code == 404


def test_a_target_that_is_not_visible_cannot_be_linked() -> None:
    one = desk()
    member = one.world.user("member")
    one.canonical.members[member.id] = REPORTER
    answer = one.client(one.world.token(member)).post(
        f"/projects/{one.canonical.id}/issues/1/links",
        json={"target_project_id": one.mirror.id, "target_issue_iid": one.fix.iid},
    )
    assert (answer.status_code, PRIVATE in answer.text) == (404, False)
    assert answer.json()["message"].startswith("No matching issue found.")


def test_unknown_parameters_are_ignored_and_the_default_state_is_all() -> None:
    one = desk()
    one.world.change(one.fix, state_event="close")
    for query in ({"labelz": "backlog"}, {"label": "no"}, {"assignee": "no"}, {}):
        assert [issue["state"] for issue in one.get(f"{one.here}/issues", **query).json()] == ["closed"]
    assert one.get(f"{one.here}/issues", labels="Security").json() == [], "case-sensitive"
    assert one.get(f"{one.here}/issues", labels="no such").json() == []


def test_a_misspelt_label_is_made_without_a_word() -> None:
    one = desk()
    answer = one.put(f"{one.here}/issues/1", add_labels="Security")
    assert (answer.status_code, answer.json()["labels"]) == (200, ["Security", "security"])
    assert {"Security", "security"} <= {label["name"] for label in one.get(f"{one.here}/labels").json()}
    answer = one.put(f"{one.here}/issues/1", add_labels="a,b", remove_labels="a,nothing")
    assert answer.json()["labels"] == ["Security", "b", "security"], "remove wins"
    events = one.get(f"{one.here}/issues/1/resource_label_events").json()
    assert [event["label"]["name"] for event in events] == ["security", "Security", "b"]


def test_a_note_of_quick_actions_alone_leaves_none() -> None:
    one = desk()
    one.world.label(one.mirror, "my-test")
    path = f"{one.here}/merge_requests/{one.change.iid}"
    answer = one.post(f"{path}/notes", body='/draft\n/assign_reviewer @GitLabDuo\n/label ~"my-test"')
    assert answer.status_code == 202
    assert set(answer.json()) == {"commands_changes", "summary"}
    assert answer.json()["commands_changes"]["wip_event"] == "draft"
    assert len(answer.json()["summary"]) == 1, "what was refused is in one string with what was done"
    assert [note for note in one.change.notes if not note.system] == []
    assert one.change.title == "Draft: Fix it"
    assert "my-test" in one.change.labels


def test_commands_are_cut_out_of_what_is_stored() -> None:
    one = desk()
    answer = one.post(one.notes, body="Done.\n/close\n<!-- mark -->")
    assert answer.status_code == 201
    assert "/close" not in answer.json()["body"], "a check that compares bodies fails"


def test_a_file_that_changed_meanwhile_is_not_written() -> None:
    one = desk()
    path = f"{one.here}/repository/files/README.md"
    read = one.get(path, ref="master").json()
    sent = {"branch": "master", "commit_message": "Write", "content": "new", "last_commit_id": read["last_commit_id"]}
    assert one.put(path, **sent).status_code == 200
    stale = one.put(path, **sent)
    assert stale.status_code == 400
    assert "has changed since you started editing it" in stale.json()["message"]


def test_pages_are_cut_to_100_and_an_entity_tag_is_known() -> None:
    one = desk()
    answer = one.get(f"{one.here}/issues", per_page=200)
    assert answer.headers["x-per-page"] == "100"
    again = one.client().get(
        f"{one.here}/issues", params={"per_page": 200}, headers={"If-None-Match": answer.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_over_ten_thousand_nothing_is_counted() -> None:
    one = desk()
    one.world.site.counted_up_to = 10
    for number in range(25):
        one.world.note(one.fix, f"{number}")
    answer = one.get(one.notes)
    assert not {"x-total", "x-total-pages"} & set(answer.headers)
    assert 'rel="last"' not in answer.headers["link"]
    assert answer.headers["x-next-page"] == "2"


def test_rate_limits_are_told_by_gitlab_com_and_not_by_a_stock_instance() -> None:
    assert desk().get("/user").headers["ratelimit-limit"] == "2000"
    quiet = desk(Site(requests_per_minute=None)).get("/user").headers
    assert not [name for name in quiet if name.startswith("ratelimit")]
    busy = desk(Site(requests_per_minute=1))
    busy.get("/user")
    refused = busy.get("/user")
    assert (refused.status_code, refused.text, refused.headers["content-type"]) == (429, "Retry later\n", "text/plain")
    assert {"retry-after", "ratelimit-reset"} <= set(refused.headers)


def test_keyset_pages_have_a_next_link_alone() -> None:
    one = desk()
    for number in range(30):
        one.world.issue(one.mirror, f"Issue {number}")
    first = one.get(f"{one.here}/issues", pagination="keyset", per_page=20)
    assert not [name for name in first.headers if name.startswith("x-") and "page" in name]
    second = one.client().get(first.links["next"]["url"])
    assert (len(first.json()), len(second.json()), "link" in second.headers) == (20, 11, False)
    assert not {each["iid"] for each in first.json()} & {each["iid"] for each in second.json()}


def test_links_are_shaped_as_in_the_documentation() -> None:
    examples = {row["id"]: row["response"]["body"] for row in quotes("doc-examples.jsonl")}
    one = desk()
    path = f"/projects/{one.canonical.id}/issues/1/links"
    [listed] = one.get(path).json()
    assert examples["doc/00"][0].keys() - listed.keys() == set()
    single = one.get(f"{path}/{listed['issue_link_id']}").json()
    assert single.keys() == examples["doc/01"].keys()
    assert examples["doc/01"]["source_issue"].keys() - single["source_issue"].keys() == set()
    fresh = one.world.issue(one.mirror, "Fresh")
    made = one.post(path, target_project_id=one.mirror.id, target_issue_iid=fresh.iid)
    assert (made.status_code, made.json().keys()) == (201, examples["doc/02"].keys())


def test_what_is_quoted_of_today_has_the_keys_of_today() -> None:
    rows = {row["id"]: row["response"]["body"] for row in quotes("observed-quotes.jsonl")}
    one = desk()
    assert one.get("/personal_access_tokens/self").json().keys() == rows["sortie-quotes/007"].keys()
    assert one.get("/version").json().keys() == rows["sortie-quotes/000"].keys() | {"kas"}
    one.world.change(one.change, reviewers=[one.anna])
    [reviewer] = one.get(f"{one.here}/merge_requests/1/reviewers").json()
    assert reviewer.keys() == rows["sortie-quotes/030"][0].keys()
    assert one.client().put(f"{one.here}/merge_requests/1/rebase").json() == rows["sortie-quotes/037"]


def test_after_5000_comments_people_are_refused_and_gitlab_goes_on() -> None:
    one = desk()
    note = one.world.note(one.fix, "x")
    one.fix.notes += [replace(note, id=number) for number in range(4_999)]
    assert one.post(one.notes, body="too many").status_code == 400
    one.world.change(one.fix, by=one.bot, title="Other")
    assert one.fix.notes[-1].action == "title"


def test_a_second_equal_award_is_refused_as_if_it_were_not_there() -> None:
    one = desk()
    note = one.post(one.notes, body="Hello").json()["id"]
    path = f"{one.notes}/{note}/award_emoji"
    assert one.post(path, name="tada").status_code == 201
    again = one.post(path, name="tada")
    assert (again.status_code, again.json()) == (
        404,
        {"message": "404 Award Emoji Name has already been taken Not Found"},
    )

"""The ten facts that would hurt most if missed (`gitlab-api.md`, section 0)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.gitlab_double import REPORTER, Site, faults
from tests.gitlab_double.proofs.desks import desk

MARK = "secrelmark0123456789abcdefghij"


@pytest.mark.parametrize("sees", [True, False])
def test_search_sees_a_hidden_mark_in_new_versions_only_and_lags_in_all(*, sees: bool) -> None:
    one = desk(Site(search_sees_comments=sees))
    one.world.search_lag = timedelta(seconds=30)
    made = one.post(f"{one.here}/issues", title="Marked", description=f"Body\n\n<!-- {MARK} -->").json()
    assert one.get(f"{one.here}/issues", search=MARK).json() == [], "the index is written after the commit"
    one.world.clock.wait(31)
    found = [issue["iid"] for issue in one.get(f"{one.here}/issues", search=MARK, **{"in": "description"}).json()]
    assert found == ([made["iid"]] if sees else [])
    assert MARK in one.get(f"{one.here}/issues/{made['iid']}").json()["description"], "listing always shows it"


def test_search_sees_no_notes() -> None:
    one = desk()
    one.post(one.notes, body=MARK)
    assert one.get(f"{one.here}/issues", search=MARK).json() == []


@pytest.mark.parametrize("body", ["<!--\n/close\n-->", "~~~\n/close\n~~~", "text\n/CLOSE\n", "/close"])
def test_a_quick_action_acts_where_markdown_would_hide_it(body: str) -> None:
    one = desk()
    one.post(one.notes, body=body)
    assert one.get(f"{one.here}/issues/{one.fix.iid}").json()["state"] == "closed"


@pytest.mark.parametrize(
    "body",
    [
        "```\n/close\n```",
        " /close",
        "> /close",
        "- /close",
        "\\/close",
        "&#47;close",
        "<!-- /close -->",
        ">>>\n/close\n>>>",
        "<details>\n/close\n</details>",
        "\u200b/close",
    ],
)
def test_a_quick_action_does_not_act_where_gitlab_leaves_it(body: str) -> None:
    one = desk()
    one.post(one.notes, body=body)
    assert one.get(f"{one.here}/issues/{one.fix.iid}").json()["state"] == "opened"


def test_a_429_before_18_5_lies_about_the_limit() -> None:
    one = desk(Site(version="18.4.0-ee", retry_after=False, notes_per_minute=1))
    one.post(one.notes, body="one")
    refused = one.post(one.notes, body="two")
    assert (refused.status_code, refused.json()) == (
        429,
        {"message": {"error": "This endpoint has been requested too many times. Try again later."}},
    )
    assert "retry-after" not in refused.headers
    assert int(refused.headers["ratelimit-remaining"]) > 1900, "of another limit"
    assert len(refused.content) == 89


def test_a_429_since_18_5_says_how_long() -> None:
    one = desk(Site(notes_per_minute=1))
    one.post(one.notes, body="one")
    assert one.post(one.notes, body="two").headers["retry-after"] == "60"
    one.world.clock.wait(61)
    assert one.post(one.notes, body="two").status_code == 201
    assert [note.body for note in one.fix.notes if not note.system] == ["one", "two"], "what was refused was not done"


def test_a_post_that_is_repeated_makes_two() -> None:
    one = desk()
    one.double.fail("POST", "/notes", faults.timeout())
    with pytest.raises(Exception, match="timed out"):
        one.post(one.notes, body="once")
    one.post(one.notes, body="once")
    assert [note.body for note in one.fix.notes if not note.system] == ["once", "once"], "no idempotency key (s7)"


def test_two_opposing_puts_are_both_accepted() -> None:
    one = desk()
    path = f"{one.here}/issues/{one.fix.iid}"
    first = one.client().put(path, json={"description": "mine"}, headers={"If-Match": "x"})
    second = one.client().put(path, json={"description": "yours"})
    assert (first.status_code, second.status_code) == (200, 200)
    assert one.fix.description == "yours"


def test_the_101st_link_is_refused_and_older_issues_keep_more() -> None:
    one = desk()
    for number in range(99):
        one.world.link(one.tracking, one.world.issue(one.canonical, f"Fix {number}"))
    path = f"/projects/{one.canonical.id}/issues/{one.tracking.iid}/links"
    extra = one.world.issue(one.canonical, "One more")
    refused = one.post(path, target_project_id=one.canonical.id, target_issue_iid=extra.iid)
    assert refused.status_code == 422
    assert "would exceed the maximum number of linked issues (100)." in refused.json()["message"]
    for number in range(400):
        one.world.link(one.tracking, one.world.issue(one.canonical, f"Legacy {number}"))
    assert len(one.get(path).json()) == 500, "not paginated"


def test_a_pair_is_linked_once_and_a_link_shows_no_actor() -> None:
    one = desk()
    path = f"/projects/{one.canonical.id}/issues/{one.tracking.iid}/links"
    again = one.post(path, target_project_id=str(one.mirror.id), target_issue_iid=str(one.fix.iid))
    assert (again.status_code, again.json()) == (409, {"message": "Issue(s) already assigned"})
    [link] = one.get(path).json()
    assert {key for key in link if key.startswith("link_")} == {"link_type", "link_created_at", "link_updated_at"}


def test_who_unlinked_is_in_system_notes_alone() -> None:
    one = desk()
    path = f"/projects/{one.canonical.id}/issues/{one.tracking.iid}"
    [link] = one.get(f"{path}/links").json()
    gone = one.client().delete(f"{path}/links/{link['issue_link_id']}")
    assert gone.status_code == 200
    assert "source_issue" in gone.json()
    assert one.get(f"{path}/links").json() == []
    newest = one.get(f"{path}/notes", activity_filter="only_activity").json()[0]
    assert newest["body"] == "removed the relation with gitlab-org/security/gitlab#1"
    assert newest["author"]["username"] == "release-bot"
    outsider = one.world.user("outsider")
    one.canonical.members[outsider.id] = REPORTER
    seen = one.client(one.world.token(outsider)).get(f"{path}/notes").json()
    assert not [note for note in seen if "relat" in note["body"]], (
        "the other side may not be read, and so neither may the note"
    )


def test_a_page_of_notes_is_short_while_more_follow() -> None:
    one = desk()
    outsider = one.world.user("outsider")
    one.canonical.members[outsider.id] = REPORTER
    for number in range(60):
        fix = one.world.issue(one.mirror, f"Fix {number}")
        one.world.link(one.tracking, fix)
        one.world.note(one.tracking, f"Word {number}") if number % 20 == 0 else None
    path = f"/projects/{one.canonical.id}/issues/{one.tracking.iid}/notes"
    page = one.client(one.world.token(outsider)).get(path, params={"per_page": 20})
    assert len(page.json()) < 20
    assert page.headers["x-next-page"] == "2"
    assert 'rel="next"' in page.headers["link"]


def test_a_404_may_be_a_matter_of_permission() -> None:
    one = desk()
    stranger = one.client(one.world.token(one.world.user("stranger")))
    there = stranger.get(f"/projects/{one.mirror.id}")
    absent = stranger.get("/projects/4711")
    nobody = one.client("").get(f"/projects/{one.mirror.id}")
    assert (there.status_code, there.content) == (absent.status_code, absent.content) == (404, nobody.content)
    twice = one.client().get("/projects/gitlab-org%252Fgitlab")
    assert (twice.status_code, twice.json()) == (404, {"message": "404 Project Not Found"})
    plain = one.client().get("/projects/gitlab-org/gitlab")
    assert (plain.status_code, plain.json()) == (404, {"error": "404 Not Found"})


def test_a_401_on_merge_is_a_matter_of_permission_with_a_good_token() -> None:
    one = desk()
    one.mirror.repository.protected.add("master")
    refused = one.client().put(f"{one.here}/merge_requests/{one.change.iid}/merge")
    assert (refused.status_code, refused.json()) == (401, {"message": "401 Unauthorized"})
    assert one.get("/user").status_code == 200


def test_a_merge_status_is_transient_after_each_write_and_names_one_blocker() -> None:
    one = desk()
    one.world.commit(one.mirror, "feature", {"a": "b"}, message="Work")
    made = one.post(
        f"{one.here}/merge_requests", title="Draft: It", source_branch="feature", target_branch="master"
    ).json()
    assert (made["merge_status"], made["detailed_merge_status"]) == ("checking", "preparing")
    assert (made["diff_refs"], made["changes_count"]) == (None, None)
    path = f"{one.here}/merge_requests/{made['iid']}"
    seen = [one.get(path).json()["detailed_merge_status"] for _ in range(3)]
    assert seen == ["preparing", "checking", "draft_status"]
    one.world.merge_requests[one.mirror.id][made["iid"]].conflicts = True
    assert one.get(path).json()["detailed_merge_status"] == "draft_status", "one blocker hides the others"
    changed = one.put(path, title="It").json()
    assert changed["detailed_merge_status"] == "draft_status", "the answer may carry the old one"
    listed = one.get(f"{one.here}/merge_requests", source_branch="feature").json()
    assert listed[0]["detailed_merge_status"] == "draft_status", "the list computes nothing"
    assert [one.get(path).json()["detailed_merge_status"] for _ in range(2)] == ["checking", "conflict"]


def test_a_merge_while_gitlab_thinks_is_refused_and_passes_later() -> None:
    one = desk()
    path = f"{one.here}/merge_requests/{one.change.iid}"
    one.put(path, title="Fix it well")
    early = one.client().put(f"{path}/merge")
    assert (early.status_code, early.json()) == (422, {"message": "Branch cannot be merged"})
    one.get(path)
    stale = one.put(f"{path}/merge", sha="0" * 40)
    assert (stale.status_code, stale.json()["message"].startswith("SHA does not match HEAD")) == (409, True)
    assert one.client().put(f"{path}/merge").json()["state"] == "merged"
    again = one.client().put(f"{path}/merge")
    assert (again.status_code, again.json()) == (405, {"message": "405 Method Not Allowed"})

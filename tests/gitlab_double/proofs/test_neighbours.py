"""What stands beside the recorded requests: other filters, methods, pages and things, answered as their neighbours."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gitlab_double import GUEST
from tests.gitlab_double.proofs.desks import Desk, desk
from tests.gitlab_double.rest.register import ROUTES, allowed
from tests.gitlab_double.world.things import OWNER

Numbers = list[int]


def iids(one: Desk, path: str) -> Numbers:
    answer = one.client().get(path)
    assert answer.status_code == 200, answer.text
    return sorted(found["iid"] for found in answer.json())


def test_a_path_that_is_there_refuses_another_method_and_says_which_it_takes() -> None:
    one = desk()
    for method in ("PATCH", "DELETE"):
        answer = one.client().request(method, "/version")
        assert (answer.status_code, answer.json()) == (405, {"error": "405 Not Allowed"})
        assert answer.headers["allow"] == "OPTIONS, GET, HEAD"
    assert one.client().request("PATCH", "/nowhere").status_code == 404
    assert one.client().head("/version").status_code == 200
    assert all(route.method in allowed(route.pattern.replace(":", ""), enterprise=True) for route in ROUTES)


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("per_page=0", 400, {"error": "per_page has a value not allowed"}),
        ("per_page=x", 400, {"error": "per_page is invalid"}),
        ("scope=mine", 400, {"error": "scope does not have a valid value"}),
        ("issue_type=bug", 400, {"error": "issue_type does not have a valid value"}),
        ("pagination=keyset", 405, {"error": "Keyset pagination is not yet available for this type of request"}),
    ],
)
def test_what_a_list_does_not_take(query: str, status: int, said: dict[str, str]) -> None:
    one = desk()
    answer = one.client().get(f"{one.here}/merge_requests?{query}")
    assert (answer.status_code, answer.json()) == (status, said)


def test_every_filter_that_gitlab_has_bites() -> None:
    one = desk()
    world, project = one.world, one.mirror
    other = world.user("reviewer")
    issue = world.issue(project, "other", by=one.anna, labels=["odd"], assignees=[other])
    world.award(issue, "eyes", one.bot)
    world.commit(project, "more", {"more": "x"}, message="more", by=one.anna)
    request = world.merge_request(project, "more", "More", by=one.anna, reviewers=[other])
    world.approve(request, other)
    issues, requests = f"{one.here}/issues", f"{one.here}/merge_requests"
    every = iids(one, issues)
    assert iids(one, f"{issues}?not[labels]=odd") == [number for number in every if number != issue.iid]
    assert iids(one, f"{issues}?not[assignee_username]=reviewer") == [n for n in every if n != issue.iid]
    assert iids(one, f"{issues}?not[iids][]={issue.iid}") == [number for number in every if number != issue.iid]
    assert issue.iid not in iids(one, f"{issues}?not[author_username]={one.anna.username}")
    assert iids(one, f"{issues}?my_reaction_emoji=eyes") == [issue.iid]
    for query in ("reviewer_username=reviewer", f"reviewer_id={other.id}", f"approved_by_ids[]={other.id}"):
        assert iids(one, f"{requests}?{query}") == [request.iid], query
    assert iids(one, f"{requests}?reviewer_username=nobody") == []
    assert request.iid not in iids(one, f"{requests}?reviewer_id=None")
    assert iids(one, f"{requests}?reviewer_id=Any") == [request.iid]


def test_a_locked_discussion_takes_members_alone() -> None:
    one = desk()
    outsider, guest = one.world.user("outsider"), one.world.user("guest")
    one.canonical.visibility = "public"
    one.canonical.members[guest.id] = GUEST
    issue = one.world.issue(one.canonical, "open to all", by=one.anna)
    path = f"/projects/{one.canonical.id}/issues/{issue.iid}"
    assert one.put(path, discussion_locked=True).json()["discussion_locked"] is True
    said = {who.username: one.client(one.world.token(who)).post(f"{path}/notes", json={"body": "hm"})
            for who in (outsider, guest)}  # fmt: skip
    assert (said["outsider"].status_code, said["outsider"].json()) == (403, {"message": "403 Forbidden"})
    assert said["guest"].status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "said"),
    [
        ("POST", "labels", {"name": "x", "color": "no colour"}, 400, {"color": ["must be a valid color code"]}),
        ("POST", "repository/branches", {"branch": "a b", "ref": "master"}, 400, "Branch name is invalid"),
        ("DELETE", "repository/branches/{}", None, 405, "Cannot remove HEAD branch"),
        ("POST", "members", {"user_id": 99_999, "access_level": 30}, 404, "404 User Not Found"),
        ("DELETE", "members/99999", None, 404, "404 Not found"),
        ("GET", "releases/v0", None, 404, "404 Not Found"),
        ("GET", "jobs/99999", None, 404, "404 Not found"),
        ("POST", "issues", {"title": "x", "issue_type": "bug"}, 400, None),
        ("POST", "issues/1/move", {"to_project_id": 99_999}, 404, "404 Project Not Found"),
        ("DELETE", "issues/1/award_emoji/9", None, 404, "404 Not found"),
        ("GET", "issues/1/resource_state_events/9", None, 404, "404 Not found"),
    ],
)
def test_neighbours_are_refused_in_gitlabs_words(
    method: str, path: str, sent: dict[str, Any] | None, status: int, said: object
) -> None:
    one = desk()
    one.mirror.members[one.bot.id] = OWNER
    answer = one.client().request(method, f"{one.here}/{path.format(one.mirror.default_branch)}", json=sent)
    assert answer.status_code == status, answer.text
    assert said is None or answer.json() == {"message": said}


def test_neighbours_are_shaped_as_what_they_give() -> None:
    one = desk()
    issue = f"{one.here}/issues/{one.fix.iid}"
    request = f"{one.here}/merge_requests/{one.change.iid}"
    known = one.get(issue).json()
    assert one.post(f"{issue}/subscribe").json().keys() == known.keys()
    award = one.post(f"{issue}/award_emoji", name="eyes")
    assert (award.status_code, award.json()["awardable_type"]) == (201, "Issue")
    assert one.post(f"{issue}/award_emoji", name="eyes").status_code == 404, "a second equal one"
    assert one.client().delete(f"{issue}/award_emoji/{award.json()['id']}").status_code == 204
    begun = one.post(f"{request}/discussions", body="to be mended").json()
    note = f"{request}/discussions/{begun['id']}/notes/{begun['notes'][0]['id']}"
    assert one.get(note).json() == begun["notes"][0]
    assert one.put(note, body="to be mended soon").json()["body"] == "to be mended soon"
    assert one.put(note, resolved=True).json()["resolved"] is True
    assert one.get(f"{request}/discussions/{'0' * 40}/notes/{begun['notes'][0]['id']}").status_code == 404
    assert one.client().delete(note).status_code == 204
    one.put(issue, add_labels="security")
    [event, *_] = one.get(f"{issue}/resource_label_events").json() or [None]
    if event:
        assert one.get(f"{issue}/resource_label_events/{event['id']}").json() == event
    assert one.get(f"{issue}/resource_milestone_events").json() == []
    assert one.get(f"{issue}/time_stats").json() == known["time_stats"]

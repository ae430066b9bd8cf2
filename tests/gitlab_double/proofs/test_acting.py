"""What happens when people act: system notes, references, closing, approvals, and who sees what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.gitlab_double import REPORTER, Site
from tests.gitlab_double.proofs.desks import Desk, desk
from tests.gitlab_double.world.things import Thing


def told(thing: Thing) -> list[tuple[str | None, str]]:
    return [(note.action, note.body) for note in thing.notes if note.system]


def test_a_description_acts_when_it_is_written_and_when_it_is_changed() -> None:
    one = desk()
    made = one.post(f"{one.here}/issues", title="New", description="Text\n/confidential\n/due 2026-10-01\n").json()
    assert (made["description"], made["confidential"], made["due_date"]) == ("Text", True, "2026-10-01")
    changed = one.put(f"{one.here}/issues/{made['iid']}", description="More\n/close").json()
    assert (changed["description"], changed["state"]) == ("More", "closed")


def test_what_a_text_names_is_told_once_where_both_sides_may_be_read() -> None:
    one = desk()
    one.post(f"/projects/{one.canonical.id}/issues/1/notes", body="See gitlab-org/security/gitlab#1 and !1, `#1`")
    one.post(
        f"/projects/{one.canonical.id}/issues/1/notes", body="https://gitlab.com/gitlab-org/security/gitlab/-/issues/1"
    )
    assert told(one.fix)[-1] == ("cross_reference", "mentioned in issue gitlab-org/gitlab#1")
    assert [action for action, _ in told(one.fix)].count("cross_reference") == 1
    one.mirror.members[one.world.user("dev").id] = REPORTER
    dev = one.world.by_username("dev")
    assert dev is not None
    seen = one.client(one.world.token(dev)).get(one.notes).json()
    assert "mentioned in issue gitlab-org/gitlab#1" not in [note["body"] for note in seen], "it is confidential there"


def test_confidentiality_is_lifted_and_told() -> None:
    one = desk()
    path = f"/projects/{one.canonical.id}/issues/1"
    assert one.put(path, confidential=False).json()["confidential"] is False
    assert told(one.tracking)[-1] == ("visible", "made the issue visible to everyone")
    outsider = one.client(one.world.token(one.world.user("outsider")))
    assert outsider.get(path).status_code == 200


def test_a_merge_closes_what_it_says_and_leaves_a_commit() -> None:
    one = desk()
    one.world.change(one.change, description="Closes #1 and fixes gitlab-org/gitlab#1")
    one.world.merge(one.change, by=one.anna)
    assert (one.fix.state, one.tracking.state) == ("closed", "closed")
    merged = one.get(f"{one.here}/merge_requests/1").json()
    assert (merged["state"], merged["detailed_merge_status"], merged["merged_by"]["username"]) == (
        "merged",
        "not_open",
        "anna",
    )
    head = one.get(f"{one.here}/repository/branches/master").json()["commit"]
    assert (head["id"], len(head["parent_ids"])) == (merged["merge_commit_sha"], 2)


def test_approvals_count_for_rules() -> None:
    one = desk()
    one.world.rule(one.mirror, "AppSec", 1, [one.anna])
    path = f"{one.here}/merge_requests/1"
    assert one.client().post(f"{path}/approve").status_code == 201
    given = one.get(f"{path}/approvals").json()
    assert (given["approved"], given["approvals_left"], given["user_has_approved"]) == (False, 1, True)
    [rule] = one.get(f"{path}/approval_state").json()["rules"]
    assert (rule["name"], rule["approved"], rule["approved_by"]) == ("AppSec", False, [])
    assert one.client().post(f"{path}/unapprove").json()["user_has_approved"] is False


def test_a_discussion_waits_to_be_resolved() -> None:
    one = desk()
    one.mirror.discussions_must_resolve = True
    path = f"{one.here}/merge_requests/1"
    made = one.post(f"{path}/discussions", body="Not valid").json()
    assert (made["individual_note"], made["notes"][0]["resolvable"], made["notes"][0]["resolved"]) == (
        False,
        True,
        False,
    )
    assert one.get(path).json()["blocking_discussions_resolved"] is False
    assert one.get(path).json()["detailed_merge_status"] == "discussions_not_resolved"
    assert one.put(f"{path}/discussions/{made['id']}", resolved=True).json()["notes"][0]["resolved"] is True
    one.get(path)
    assert one.get(path).json()["detailed_merge_status"] == "mergeable"


def test_a_discussion_of_quick_actions_alone_leaves_none() -> None:
    one = desk()
    answer = one.post(f"{one.here}/merge_requests/1/discussions", body="/draft")
    assert (answer.status_code, [note for note in one.change.notes if not note.system]) == (202, [])


def test_commits_are_all_or_nothing() -> None:
    one = desk()
    actions = [
        {"action": "create", "file_path": "a.md", "content": "a"},
        {"action": "create", "file_path": "README.md", "content": "b"},
    ]
    sent = {"branch": "post", "start_branch": "master", "commit_message": "Post", "actions": actions}
    refused = one.post(f"{one.here}/repository/commits", **sent)
    assert (refused.status_code, refused.json()) == (400, {"message": "A file with this name already exists"})
    assert "post" not in one.mirror.repository.branches
    made = one.post(f"{one.here}/repository/commits", **{**sent, "actions": actions[:1]})
    assert made.status_code == 201
    assert one.get(f"{one.here}/repository/files/a.md/raw", ref="post").text == "a"
    again = one.post(f"{one.here}/repository/commits", **{**sent, "actions": actions[:1]})
    assert again.status_code == 400, "the branch is there"


def test_a_merge_request_follows_its_branch() -> None:
    one = desk()
    old = one.change.sha
    one.world.commit(one.mirror, "security-fix", {"b": "c"}, message="More", by=one.anna)
    assert one.change.sha != old
    commits = one.get(f"{one.here}/merge_requests/1/commits").json()
    assert [commit["title"] for commit in commits] == ["More", "Fix it"]
    changes = one.get(f"{one.here}/merge_requests/1/diffs").json()
    assert {change["new_path"] for change in changes} == {"b", "changes/security-fix"}


def test_community_edition_keeps_one_assignee_and_both_scoped_labels() -> None:
    one, paid = desk(Site(enterprise=False)), desk()

    def kept(at: Desk) -> tuple[int, list[str]]:
        sent = {"assignee_ids": [at.anna.id, at.bot.id], "add_labels": "severity::1,severity::2"}
        made = at.put(f"{at.here}/issues/1", **sent).json()
        return len(made["assignees"]), [name for name in made["labels"] if "::" in name]

    assert kept(one) == (1, ["severity::1", "severity::2"])
    assert kept(paid) == (2, ["severity::2"])


@pytest.mark.parametrize(
    ("version", "path", "found"),
    [
        (True, "/projects/{}/issues", True),
        (False, "/projects/{}/issues", False),
        (False, "/groups/gitlab-org/issues", True),
    ],
)
def test_a_search_at_group_level_is_raw(version: bool, path: str, found: bool) -> None:  # noqa: FBT001 - a row
    one = desk(Site(search_sees_comments=version))
    one.world.search_lag = timedelta(0)
    one.world.group("gitlab-org", members={one.bot: REPORTER})
    one.world.issue(one.mirror, "Marked", description="<!-- secrelmark0123456789 -->")
    answer = one.get(path.format(one.mirror.id), search="secrelmark0123456789")
    assert bool(answer.json()) is found


def test_an_issue_that_is_deleted_is_gone_with_its_links() -> None:
    one = desk()
    one.world.delete(one.fix)
    assert one.get(f"/projects/{one.canonical.id}/issues/1/links").json() == []
    assert one.get(f"{one.here}/issues/1").json() == {"message": "404 Not found"}

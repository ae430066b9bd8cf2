"""What people and instances get wrong: each is told apart, with what to do, and nothing is half done (issue 13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from secrel.words.effects import Action, ChangeDiscussion, Comment, OpenDiscussion
from secrel.words.errors import InDoubt, Misused, NotSeen, SecrelError
from secrel.words.parts import Part, Seen, Unseen, need
from secrel.words.sighting import TRACKING, Asked, LabelRule, Sought
from secrel.words.tracking import doubts_of
from tests.adapters.gitlab.faulted.matrix import shape
from tests.adapters.gitlab.stage import BOARD, BOTS, PRODUCT, SITE, GitLabStage
from tests.exam.forge_exam import UPCOMING, do, effect, opening, posting, requests_of, tracked
from tests.gitlab_double import faults


def token(stage: GitLabStage, **changes: Any) -> None:
    """Let the desk's own token be as `changes` say."""
    mine = next(one for one in stage.world.tokens.values() if one.user_id == stage.people[BOTS[0]].id)
    for name, value in changes.items():
        setattr(mine, name, value)


def answers(stage: GitLabStage, fault: faults.Fault) -> None:
    """Let this come in place of every answer from now on."""
    stage.double.fail("*", "/api/", fault, times=10_000)


def sent(status: int, to: str) -> faults.Fault:
    return faults.answering(status, "<html>Found</html>", {"location": to}, "text/html")


def page(status: int, text: str, headers: dict[str, str] | None = None) -> faults.Fault:
    return faults.answering(status, f"<html><body>{text}</body></html>", headers, "text/html")


@dataclass(frozen=True)
class Bad:
    """What is wrong: how it comes about, what is said of a write and of a look (empty: it is seen), what to do."""

    begin: Callable[[GitLabStage], object]
    writes: str
    looks: str
    remedy: str


BAD = {
    "a wrong token": Bad(
        lambda s: s.tokens.update({BOTS[0]: "glpat-of-elsewhere"}), "wrong token", "wrong token", "of this instance"
    ),
    "an expired token": Bad(lambda s: token(s, expires_at=date(2026, 11, 1)), "expired", "expired", "make a new token"),
    "a revoked token": Bad(lambda s: token(s, revoked=True), "revoked", "revoked", "make a new token"),
    "a token that reads": Bad(lambda s: token(s, scopes=("read_api",)), "narrow token", "", "scope `api`"),
    "a narrow token": Bad(lambda s: token(s, scopes=("read_user",)), "narrow token", "narrow token", "scope `api`"),
    "a moved project": Bad(
        lambda s: s.world.move(s.at(BOARD), "group/renamed"), "moved (301)", "has moved to group/renamed", "new path"
    ),
    "an archived project": Bad(lambda s: setattr(s.at(BOARD), "archived", True), "forbidden", "", "unarchive"),
    "a page to sign in": Bad(
        lambda s: answers(s, faults.proxy_page()), "a page to sign in", "a page to sign in", "let /api/ pass"
    ),
    "sent to sign in": Bad(
        lambda s: answers(s, sent(302, "https://sso.example/login?state=SECRET")),
        "a page to sign in came, and no answer of GitLab (302): it leads to https://sso.example/login",
        "a page to sign in",
        "let /api/ pass",
    ),
    "a gateway that wants a password": Bad(
        lambda s: answers(s, page(401, "Restricted", {"www-authenticate": "Basic"})),
        "a page to sign in",
        "a page to sign in",
        "let /api/ pass",
    ),
    "a page that blocks": Bad(
        lambda s: answers(s, page(403, "Blocked by policy")),
        "not an answer of GitLab (403): Blocked by policy",
        "not an answer of GitLab",
        "proxy",
    ),
    "another server": Bad(
        lambda s: answers(s, page(404, "nginx")), "no GitLab is at this address", "no GitLab", "[forge] url"
    ),
    "an instance that moved": Bad(
        lambda s: answers(s, sent(308, "https://git.example/gitlab/api/v4/projects/7")),
        "the instance has another address (308): it leads to https://git.example/gitlab",
        "the instance has another address",
        "[forge] url",
    ),
    "a feature that the version lacks": Bad(
        lambda s: s.double.fail("*", "/api/", faults.answering(404, {"error": "404 Not Found"}), times=10_000),
        "no such route",
        "no such route",
        "no such feature in its version or tier",
    ),
}  # fmt: skip


@pytest.fixture
def stage() -> GitLabStage:
    return GitLabStage()


def look(stage: GitLabStage, ref: str) -> Part[Any]:
    return stage.desk().look(Asked("2026-11", {TRACKING: Sought("", BOARD, ref)})).issue(TRACKING)


@pytest.mark.parametrize("name", BAD)
def test_each_is_told_apart_with_what_to_do_and_nothing_is_written(stage: GitLabStage, name: str) -> None:
    bad, ref = BAD[name], stage.open_issue("an issue", "its text")
    bad.begin(stage)
    before = shape(stage)
    actions: tuple[Action, ...] = (Comment(ref, "a remark"), opening(stage, links=(ref,)))
    for number, action in enumerate(actions):
        with pytest.raises(SecrelError) as told:
            do(stage.desk(), effect(f"2026-11/{number}", action))
        assert bad.writes in told.value.what
        assert bad.remedy in told.value.remedy
        assert not isinstance(told.value, InDoubt)
    assert shape(stage) == before
    part = look(stage, ref)
    assert isinstance(part, Unseen if bad.looks else Seen)
    if isinstance(part, Unseen):
        assert bad.looks in part.reason
        with pytest.raises(NotSeen) as unseen:
            need(part, "the tracking issue")
        assert bad.remedy in unseen.value.remedy, "a look says what mends it where it says that it could not see"
    if name.endswith("token"):
        assert "/-/user_settings/personal_access_tokens?name=secrel&scopes=api" in told.value.remedy


def test_a_field_that_the_version_lacks_is_named(stage: GitLabStage) -> None:
    refusal = faults.answering(200, {"errors": [{"message": "Field 'workItems' doesn't exist on type 'Project'"}]})
    stage.double.fail("POST", "/api/graphql", refusal, times=1_000)
    part = look(stage, stage.open_issue("an issue"))
    assert isinstance(part, Unseen)
    assert "workItems" in part.reason


def test_a_write_that_a_proxy_answers_is_in_doubt_and_not_sent_again(stage: GitLabStage) -> None:
    ref = stage.open_issue("an issue")
    stage.double.fail("POST", "/notes", faults.proxy_page(), times=10)
    with pytest.raises(InDoubt) as told:
        do(stage.desk(), effect("2026-11/1", Comment(ref, "a remark")))
    assert told.value.remedy
    assert len([one for one in stage.double.log if one.method == "POST" and one.path.endswith("/notes")]) == 1


def test_open_tracking_issues_that_nobody_can_tell_apart_are_named(stage: GitLabStage) -> None:
    day = date(2026, 11, 25)
    alike = [stage.open_issue(title, labels=UPCOMING, due=day) for title in ("Security release", "The same again")]
    stage.open_issue("Critical security release", labels=UPCOMING, due=day)
    dayless = stage.open_issue("Security release some day", labels=UPCOMING)
    found = need(stage.desk().labelled(LabelRule(BOARD, UPCOMING)), "them")
    first, second = doubts_of(found, "critical security release")
    assert first.where == dayless
    assert "no due date" in first.what
    assert all(ref in second.what for ref in alike)
    assert all(doubt.remedy for doubt in (first, second))


def test_a_merge_request_that_was_deleted_is_gone_and_takes_no_word(stage: GitLabStage) -> None:
    desk = stage.desk()
    ref = do(desk, effect("2026-11/post/draft", posting(stage)))
    begun = do(desk, effect("2026-11/faults", OpenDiscussion(ref, "to be mended")))
    stage.world.delete(stage.thing(ref))
    asked = Asked("2026-11", {}, {"draft": Sought("2026-11/post/draft", SITE, ref)})
    assert need(stage.desk().look(asked).request("draft"), "it") is None
    gone: tuple[Action, ...] = (
        Comment(ref, "a remark"),
        OpenDiscussion(ref, "to be mended"),
        ChangeDiscussion(begun, "mended", is_resolved=True, expects="to be mended"),
    )
    for number, action in enumerate(gone):
        with pytest.raises(Misused, match="does not exist, or this token may not see it"):
            do(desk, effect(f"2026-11/{number}", action))


def test_a_fix_whose_merge_request_was_deleted_has_the_others(stage: GitLabStage) -> None:
    desk, fix = stage.desk(), stage.open_issue("a fix")
    refs = []
    for name in ("one", "two"):
        stage.push(PRODUCT, name, {f"src/{name}.txt": "fixed\n"})
        refs.append(stage.open_merge_request(name, "main", fix))
    tracking = tracked(stage, desk, fix)
    stage.world.delete(stage.thing(refs[0]))
    assert [one.ref for one in requests_of(desk, tracking, fix)] == refs[1:]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('```json\n{"title": \n```', "no JSON"),
        ("```json\n[1, 2]\n```", "the details are no table"),
        ("```yaml\ntitle: [unclosed\n```", ""),
        ('```json\n{"title": "a", "vector": 7}\n```', ""),
    ],
)
def test_a_table_that_a_developer_got_wrong_is_a_fault_of_its_line_and_hides_nothing_else(
    stage: GitLabStage, table: str, said: str
) -> None:
    ref = stage.open_issue("a fix", f"What it is about.\n\n### Details\n\n{table}")
    issue = need(look(stage, ref), "it")
    assert issue.body.strip() == "What it is about."
    [fault, *_] = issue.facts.faults
    assert said in fault.what
    assert fault.remedy

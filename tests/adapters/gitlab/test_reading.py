"""The port's other questions on GitLab, and what becomes of a look when one request of it fails."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.adapters.gitlab.addresses import ThingPlace
from secrel.adapters.gitlab.profile import Profile
from secrel.adapters.gitlab.reading.asking import Questions
from secrel.adapters.gitlab.reading.instance import Instance
from secrel.adapters.gitlab.reading.making import referred
from secrel.adapters.gitlab.reading.sizing import DEEPEST, Sizes
from secrel.words.forge import Pipeline
from secrel.words.parts import Seen, Unseen, need, settled, shortfalls
from secrel.words.sighting import TRACKING, Asked, EmbargoRule, LabelRule, Sought
from tests.adapters.gitlab.worlds import BOARD, CANONICAL, CVES, SECURITY, Release, Stage, a_release, ref
from tests.gitlab_double import faults
from tests.parts import part_at, places

UPCOMING = ("security", "upcoming security release")
RULE = LabelRule(CANONICAL, UPCOMING)


def test_releases_are_told_by_the_marks_of_their_tracking_issues(release: Release) -> None:
    stage = release.stage
    stage.open(CANONICAL, "the next", key="2026-12/tracking")
    stage.open(CANONICAL, "another document", key="2026-12/checklist")
    stage.open(CANONICAL, "by somebody else", key="2027-01/tracking", by=stage.dev)
    found = need(stage.forge().releases(LabelRule(CANONICAL, UPCOMING)), "them")
    assert [(one.release, one.issue.title) for one in found] == [
        ("2026-11", "Security release"),
        ("2026-12", "the next"),
    ]
    stranger, elsewhere = stage.forge(stage.world.user("x")), LabelRule(SECURITY, UPCOMING)
    assert isinstance(stranger.releases(elsewhere), Unseen)
    assert isinstance(stranger.labelled(elsewhere), Unseen), "what a stranger cannot see is not none"


def test_open_tracking_issues_are_told_by_their_labels_in_that_case(release: Release) -> None:
    stage = release.stage
    theirs = stage.open(CANONICAL, "by a bot", by=stage.dev, labels=[*UPCOMING, "other"])
    stage.open(CANONICAL, "half of it", by=stage.dev, labels=["security"])
    found = need(stage.forge().labelled(LabelRule(CANONICAL, UPCOMING)), "them")
    assert [(one.ref, one.mark) for one in found] == [
        (ref(stage, release.tracking), "2026-11/tracking"),
        (ref(stage, theirs), ""),
    ]
    assert need(stage.forge().labelled(LabelRule(CANONICAL, ("Security", UPCOMING[1]))), "them") == ()


def test_what_desks_made_is_told_by_its_keys(release: Release) -> None:
    stage = release.stage
    found = need(stage.forge().marks("2026-11", RULE), "them")
    made = {"2026-11/tracking", "2026-11/checklist", "2026-11/post/draft", "2026-11/say/1"}
    assert set(found) == made | {f"2026-11/cve/request/{ref(stage, release.fixes[0][0])}"}
    assert found["2026-11/checklist"] == ref(stage, release.checklist)
    assert found["2026-11/say/1"].startswith(f"{ref(stage, release.tracking)}#note_")
    assert need(stage.forge().marks("2026", RULE), "them") == {}
    assert isinstance(stage.forge(stage.world.user("x")).marks("2026-11", RULE), Unseen)


def test_what_nobody_may_speak_of_is_told(release: Release) -> None:
    stage = release.stage
    hidden = stage.open(CANONICAL, "hidden", by=stage.dev, labels=["security"])
    stage.open(CANONICAL, "shown", by=stage.dev, labels=["security"], confidential=False)
    stage.open(CANONICAL, "other", by=stage.dev, labels=["other"])
    rule = EmbargoRule((CANONICAL, SECURITY), "security")
    found = {issue.ref for issue in need(stage.forge().embargoed(rule), "them")}
    assert found == {ref(stage, hidden), ref(stage, release.tracking), *(ref(stage, one) for one, _ in release.fixes)}
    assert need(stage.forge().embargoed(EmbargoRule((), "security")), "them") == ()
    part = stage.forge().embargoed(EmbargoRule((CANONICAL, "no/such"), "security"))
    assert isinstance(part, Seen)
    assert "no/such" in part.shortfall


def test_a_label_in_another_case_is_another_label(release: Release) -> None:
    assert need(release.stage.forge().embargoed(EmbargoRule((CANONICAL,), "Security")), "them") == ()


def test_a_mark_of_somebody_else_is_none(stage: Stage) -> None:
    stage.open(BOARD, "forged", key="2026-11/checklist", by=stage.dev)
    seen = stage.forge(accounts=()).look(Asked("2026-11", {"it": Sought("2026-11/checklist", BOARD)}))
    assert seen.issue("it") == Seen(None)


def test_an_account_is_itself_in_whatever_capitals(stage: Stage) -> None:
    made = stage.open(BOARD, "the checklist", key="2026-11/checklist", by=stage.bot)
    forge = stage.forge(stage.dev, accounts=("Desk-BOT",))
    found = need(forge.look(Asked("2026-11", {"it": Sought("2026-11/checklist", BOARD)})).issue("it"), "it")
    assert found is not None
    assert found.ref == ref(stage, made)


def test_what_several_chains_of_questions_want_to_know_at_once_is_asked_for_once(stage: Stage) -> None:
    instance, barrier = Instance(Questions(stage.client()), Profile()), threading.Barrier(8)

    def asked() -> tuple[str, ...]:
        barrier.wait()
        return instance.accounts()

    assert instance.asking.chains(*[asked] * 8) == [("desk-bot",)] * 8
    assert len(stage.double.log) == 1


def test_every_page_of_everything_is_followed(stage: Stage) -> None:
    world = stage.world
    release = a_release(stage, fixes=1, requests=1)
    for number in range(230):
        world.note(release.tracking, f"note {number}", by=stage.dev)
    for number in range(150):
        world.link(release.tracking, stage.open(SECURITY, f"linked {number}", by=stage.dev), by=stage.dev)
    seen = stage.forge().look(release.asked())
    tracking = need(seen.issue(TRACKING), "it")
    assert tracking is not None
    assert len(settled(tracking.notes, "notes")) == 231
    assert len(need(seen.linked, "them")) == 151


def test_a_query_that_is_too_much_is_made_smaller_until_it_is_taken(stage: Stage) -> None:
    release = a_release(stage, fixes=4, requests=2)
    whole = stage.forge().look(release.asked())
    stage.world.site.complexity = 120
    assert stage.forge().look(release.asked()) == whole


def test_what_is_too_much_by_itself_is_unseen(stage: Stage) -> None:
    release = a_release(stage, fixes=1, requests=1)
    stage.world.site.complexity = 25
    seen = stage.forge().look(release.asked())
    assert list(shortfalls(seen))
    assert all("too much in one query" in reason for _, reason in shortfalls(seen) if "tags" not in reason)


def test_what_is_still_being_looked_at_is_asked_for_again_and_then_left_open(release: Release) -> None:
    stage = release.stage
    request = release.fixes[1][1][0]
    request.stage = "checking"
    seen = need(stage.forge().look(release.asked()).linked, "them")
    assert need(seen[1].requests, "them")[0].has_conflicts is False
    assert stage.waits


@pytest.mark.parametrize(
    ("status", "pipeline"),
    [("success", Pipeline.PASSED), ("failed", Pipeline.FAILED), ("running", Pipeline.RUNNING),
     ("skipped", Pipeline.NONE), ("canceled", Pipeline.FAILED), ("manual", Pipeline.RUNNING)],
)  # fmt: skip
def test_the_pipeline_of_the_newest_commit_counts(release: Release, status: str, pipeline: Pipeline) -> None:
    stage = release.stage
    request = release.fixes[1][1][0]
    assert request.sha is not None
    stage.world.pipeline(stage.at(SECURITY), request.sha, status, ref=request.source_branch)
    seen = need(stage.forge().look(release.asked()).linked, "them")
    assert need(seen[1].requests, "them")[0].pipeline is pipeline
    stage.world.commit(stage.at(SECURITY), request.source_branch, {"more": "x"}, message="more", by=stage.dev)
    seen = need(stage.forge().look(release.asked()).linked, "them")
    assert need(seen[1].requests, "them")[0].pipeline is Pipeline.NONE


def test_a_moved_project_is_said_to_have_moved(release: Release) -> None:
    stage = release.stage
    stage.world.move(stage.at(BOARD), "gitlab-com/moved")
    part = stage.forge().look(release.asked()).issue("checklist")
    assert isinstance(part, Unseen)
    assert "moved" in part.reason


def test_an_issue_made_public_meanwhile_says_since_when(release: Release) -> None:
    stage = release.stage
    stage.world.clock.now += timedelta(days=1)
    stage.world.change(release.tracking, by=stage.bot, confidential=False)
    issue = need(stage.forge().look(release.asked()).issue(TRACKING), "it")
    assert issue is not None
    assert (issue.confidential, issue.public_since) == (False, stage.world.clock.now)


BREAKS = {
    "a proxy": faults.proxy_page(),
    "a gateway": faults.bad_gateway(),
    "a throttle": faults.throttled(30),
    "no connection": faults.refused_connection(),
    "a reset": faults.reset(),
    "half an answer": faults.cut(),
    "an unknown form": faults.answering(
        200, {"data": {"currentUser": {"username": "desk-bot"}, "p0": 7, "project": 7}}
    ),
    "nothing": faults.answering(200, {"data": {}}),
    "no data": faults.answering(200, {"errors": [{"message": "Internal server error"}]}),
}
WHAT = {
    "graphql": (r"/api/graphql", ""),
    "notes": (r"/api/graphql", "WorkItemWidgetLinkedItems"),
    "requests": (r"/api/graphql", "mergeRequests(iids"),
    "related": (r"/related_merge_requests", ""),
    "holding": (r"/commits/", ""),
    "tags": (r"/tags/", ""),
}


@pytest.mark.parametrize(
    ("name", "what"), [(name, "graphql") for name in BREAKS] + [("a gateway", what) for what in WHAT]
)
def test_what_fails_is_unseen_in_its_own_place_and_nothing_else_changes(stage: Stage, name: str, what: str) -> None:
    release = a_release(stage, fixes=1, requests=1)
    whole = stage.forge().look(release.asked())
    path, text = WHAT[what]
    stage.double.fail("*", path, BREAKS[name], times=10_000, text=json.dumps(text)[1:-1])
    seen = stage.forge().look(release.asked())
    missing = list(shortfalls(seen))
    assert missing, "it is said"
    assert all(reason for _, reason in missing)
    for place, _ in places(seen):
        part = part_at(seen, place)
        if not isinstance(part, Unseen) and not list(shortfalls(part)):
            assert part == part_at(whole, place), place


@pytest.mark.parametrize("name", ["a gateway", "a throttle", "no connection", "a reset", "half an answer"])
def test_a_read_that_fails_for_a_moment_is_seen_all_the_same(stage: Stage, name: str) -> None:
    release = a_release(stage, fixes=1, requests=1)
    whole = stage.forge().look(release.asked())
    plans = [stage.double.fail("*", path, BREAKS[name]) for path, _ in WHAT.values()]
    assert stage.forge().look(release.asked()) == whole
    assert all(plan.met for plan in plans)


def test_a_cve_project_is_listed_once(release: Release) -> None:
    stage = release.stage
    forge = stage.forge()
    stage.double.log.clear()
    forge.look(release.asked())
    lists = [
        one for one in stage.double.log if isinstance(one.body, dict) and "labelName" in str(one.body.get("query"))
    ]
    asked = [one.body["variables"]["p"] for one in lists]
    assert asked.count(CVES) == 1


def test_an_approval_counts_for_the_team_of_its_rule_and_from_when_it_was_given(release: Release) -> None:
    stage, request = release.stage, release.fixes[1][1][0]
    other = stage.world.user("bjorn")
    stage.at(SECURITY).members[other.id] = 40
    stage.world.rule(request, "AppSec", 1, [other])
    stage.pass_time()
    stage.world.approve(request, other)
    given = stage.world.clock.now
    stage.world.approve(request, stage.bot)
    found = need(need(stage.forge().look(release.asked()).linked, "them")[1].requests, "them")[0]
    assents = settled(found.assents, "them")
    assert {(one.by, one.team, one.at) for one in assents} == {("bjorn", "appsec", given), ("desk-bot", "", given)}
    assert found.changed_at is not None
    assert found.changed_at < given
    stage.pass_time()
    stage.world.commit(stage.at(SECURITY), request.source_branch, {"more": "x"}, message="more", by=stage.dev)
    found = need(need(stage.forge().look(release.asked()).linked, "them")[1].requests, "them")[0]
    assert found.changed_at is not None
    assert found.changed_at > given, "an approval of what stood there before counts no more"


def test_where_there_are_no_rules_an_approval_counts_for_the_team_of_whoever_gives_it(release: Release) -> None:
    stage, request = release.stage, release.fixes[1][1][0]
    stage.is_paid, stage.world.site.enterprise, stage.teams = False, False, {"desk-bot": "appsec"}
    for by in (stage.bot, stage.world.root):
        stage.world.approve(request, by)
    found = need(need(stage.forge().look(release.asked()).linked, "them")[1].requests, "them")[0]
    assert {(one.by, one.team) for one in settled(found.assents, "them")} == {
        ("desk-bot", "appsec"),
        (stage.world.root.username, ""),
    }


def test_an_edition_without_rules_is_asked_without_them(release: Release) -> None:
    stage = release.stage
    whole = stage.forge().look(release.asked())
    refusal = faults.answering(200, {"errors": [{"message": "Field 'approvalState' doesn't exist on 'MergeRequest'"}]})
    stage.double.fail("POST", "/api/graphql", refusal, times=1_000, text="approvalState")
    assert stage.forge().look(release.asked()) == whole


def test_a_link_to_what_cannot_be_seen_is_said(release: Release) -> None:
    stage = release.stage
    outside = stage.world.project("elsewhere/private")
    stage.world.link(release.tracking, stage.world.issue(outside, "hidden"), by=stage.world.root)
    part = stage.forge().look(release.asked()).linked
    assert isinstance(part, Seen)
    assert len(part.value) == 2


def test_system_notes_name_issues_in_every_way() -> None:
    home = ThingPlace("group/app", "#", 1)
    names = {
        "marked as related to #2": "group/app#2",
        "marked this issue as related to other#3": "group/other#3",
        "removed the relation with far/away/app#4": "far/away/app#4",
        "marked as related to https://git.example/far/app/-/work_items/5": "far/app#5",
        "marked as related to https://evil.example/far/app/-/issues/5": None,
    }
    for text, ref_ in names.items():
        assert referred(text, home, "https://git.example") == ([ref_] if ref_ else []), text


@given(st.integers(1, 400), st.integers(1, 90), st.integers(0, 60), st.integers(100, 400))
def test_a_batch_grows_to_what_is_taken_and_never_stays_refused(wanted: int, each: int, fixed: int, limit: int) -> None:
    sizes, rounds, left = Sizes(), 0, wanted
    while left and rounds < 30:
        rounds += 1
        count = sizes.most("x", left)
        assert 1 <= count <= DEEPEST
        price = fixed + each * count
        if price <= limit:
            sizes.took("x", count, price)
            left -= count
        elif not sizes.refuses(
            "x", count, 100, f"Query has complexity of {price}, which exceeds max complexity of {limit}"
        ):
            break
        elif count == 1:
            assert price > limit
            return
        else:
            assert sizes.most("x", left) < count
    assert left == 0 or rounds == 30


def test_a_refusal_that_names_no_price_halves_the_batch() -> None:
    sizes = Sizes()
    assert sizes.refuses("x", 40, 100, "Query too large")
    assert sizes.most("x", 40) == 20
    assert [sizes.refuses("x", 1, deep, "Query too large") for deep in (100, 1)] == [True, False]
    assert sizes.deep("x") == 1

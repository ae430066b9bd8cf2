"""The doctor on a GitLab: each thing that is not as a desk needs it is told apart, with what mends it."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from secrel.words.examined import Examined, Needs
from tests.adapters.gitlab.worlds import BOARD, CANONICAL, PROJECTS, SECURITY, Stage
from tests.gitlab_double import faults
from tests.gitlab_double.world.things import User

TODAY = date(2026, 11, 20)
NEEDS = Needs({CANONICAL: ("security", "severity::1"), BOARD: ("checklist",)}, frozenset({SECURITY}))


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    for project, labels in NEEDS.labels.items():
        for label in labels:
            made.world.label(made.at(project), label)
    return made


def seen(stage: Stage, by: User | None = None) -> list[Examined]:
    return list(stage.forge(by).examine(NEEDS, TODAY))


def trouble(stage: Stage, by: User | None = None) -> list[str]:
    lines = [one for one in seen(stage, by) if not one.is_well]
    assert all(one.remedy for one in lines), "each says what to do"
    return [one.said for one in lines]


def test_a_gitlab_that_has_all_is_well(stage: Stage) -> None:
    found = seen(stage)
    assert all(one.is_well for one in found)
    assert [one.name for one in found] == ["GitLab", "version", "token", "limits", *["project"] * len(PROJECTS)]
    assert "desk-bot" in found[0].said
    assert "250" in found[3].said
    assert [one.method for one in stage.double.log if one.method != "GET" and "graphql" not in one.path] == []


def test_a_label_in_another_case_is_named(stage: Stage) -> None:
    stage.at(CANONICAL).labels[0].name = "Security"
    stage.at(BOARD).labels.clear()
    first, second = trouble(stage)
    assert "'security', and has 'Security'" in first
    assert "no label 'checklist'" in second


def test_what_is_wrong_with_a_project_is_told_apart(stage: Stage) -> None:
    stage.at(SECURITY).visibility = "public"
    stage.at(BOARD).archived = True
    stage.world.move(stage.at(CANONICAL), "gitlab-org/moved")
    said = " ".join(trouble(stage))
    for word in (
        f"everybody can read {SECURITY}",
        f"{BOARD} is archived",
        f"{CANONICAL} has moved to gitlab-org/moved",
    ):
        assert word in said


def test_absent_and_invisible_are_both_named_and_roles_are(stage: Stage) -> None:
    assert any(
        "not there, or the token's user may not see it" in said for said in trouble(stage, stage.world.user("x"))
    )
    assert any("is too low to open and link" in said for said in trouble(stage, stage.guest))


@pytest.mark.parametrize(("level", "is_well"), [(10, False), (15, True), (20, True)])
def test_where_the_desk_makes_nothing_it_has_to_see_what_is_confidential(
    stage: Stage, *, level: int, is_well: bool
) -> None:
    stage.at(BOARD).members[stage.bot.id] = level
    lines = list(stage.forge().examine(replace(NEEDS, looked_at=frozenset({BOARD})), TODAY))
    told = [one for one in lines if not one.is_well]
    assert (told == []) == is_well
    assert all("is too low to see what is confidential" in one.said and "Planner" in one.remedy for one in told)


@pytest.mark.parametrize(
    ("scopes", "more", "said"),
    [
        (("read_api",), {}, "it reads, and cannot write"),
        (("read_user",), {}, "narrow token"),
        (("api",), {"expires_at": date(2026, 11, 25)}, "it expires on 2026-11-25"),
        (("api",), {"expires_at": date(2026, 11, 1)}, "expired token"),
        (("api",), {"revoked": True}, "revoked token"),
    ],
)
def test_tokens_are_told_apart(stage: Stage, scopes: tuple[str, ...], more: dict[str, object], said: str) -> None:
    made = stage.forge()
    token = next(one for one in stage.world.tokens.values() if one.user_id == stage.bot.id)
    token.scopes = scopes
    for name, value in more.items():
        setattr(token, name, value)
    assert any(said in one.said for one in made.examine(NEEDS, TODAY) if not one.is_well)


@pytest.mark.parametrize("version", ["16.11.10-ee", "nonsense"])
def test_an_old_version_is_told(stage: Stage, version: str) -> None:
    stage.world.site.version = version
    assert any("older than 17.0" in said for said in trouble(stage))


@pytest.mark.parametrize("site", [{"enterprise": False}, {"plan": "free"}], ids=str)
def test_a_tier_below_that_of_the_profile_is_told_and_one_that_the_profile_has_is_well(
    stage: Stage, site: dict[str, object]
) -> None:
    for name, value in site.items():
        setattr(stage.world.site, name, value)
    (said,) = trouble(stage)
    assert f"and {len(PROJECTS) - 1} more: one assignee, and no rules of approval" in said
    stage.is_paid = False
    lines = seen(stage)
    assert all(one.is_well for one in lines)
    assert [one.said for one in lines if one.name == "tier"], "what the desk does there is said"


def test_a_version_that_does_not_tell_its_tier_is_well(stage: Stage) -> None:
    said = "Field 'allowsMultipleMergeRequestAssignees' doesn't exist on type 'Project'"
    stage.double.fail("POST", "/api/graphql", faults.answering(200, {"errors": [{"message": said}]}), text="several")
    assert trouble(stage) == []


@pytest.mark.parametrize("is_paid", [True, False])
def test_a_team_for_which_nobody_can_approve_is_told(stage: Stage, *, is_paid: bool) -> None:
    stage.is_paid, stage.teams, stage.world.site.enterprise = is_paid, {"appsec": "appsec"}, is_paid
    needs = replace(NEEDS, teams=("maintainer", "appsec"))
    (line,) = [one for one in stage.forge().examine(needs, TODAY) if not one.is_well]
    assert "nobody can approve for maintainer" in line.said
    assert ("rules of approval" if is_paid else "accounts that approve") in line.said
    assert 'maintainer = ["NAME"] into [approvals] of the profile' in line.remedy


def test_who_is_no_account_is_told(stage: Stage) -> None:
    needs = replace(NEEDS, accounts={"@Desk-Bot": "the team file", "group/managers": "release_managers of [people]"})
    (line,) = [one for one in stage.forge().examine(needs, TODAY) if not one.is_well]
    said = "there is no account 'group/managers', which release_managers of [people] names; a group is none"
    assert line.said == said
    stage.double.fail("POST", "/api/graphql", faults.answering(403, {"message": "403 Forbidden"}), text="usernames")
    assert [one.name for one in stage.forge().examine(needs, TODAY) if not one.is_well] == ["account"]


def test_a_proxy_in_between_is_told(stage: Stage) -> None:
    stage.double.fail("*", "/api/", faults.proxy_page(), times=1_000)
    (said,) = trouble(stage)
    assert "a page to sign in came, and no answer of GitLab" in said

"""What this token may not see is never taken for what is not there: nothing is made twice by it (issue 13)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from secrel.journal.entries import in_doubt
from secrel.journal.journal import Journal
from secrel.words.errors import NotSeen
from secrel.words.outcomes import CannotTell, Made, NotMade
from secrel.words.parts import need
from secrel.words.sighting import TRACKING, Asked, Sought
from tests.adapters.gitlab.faulted.matrix import carried_out, copied, effects, shape
from tests.adapters.gitlab.stage import BOARD, BOTS, PRODUCT, SITE, GitLabStage, issue_of
from tests.exam.forge_exam import ACTOR
from tests.gitlab_double import GUEST, faults

PROJECTS = (PRODUCT, SITE, BOARD)


def roles(stage: GitLabStage, level: int | None) -> None:
    """Let the desk's accounts have another role in every project; None: none at all."""
    for path in PROJECTS:
        project = stage.at(path)
        for bot in BOTS:
            user = stage.people[bot].id
            if level is None:
                project.members.pop(user, None)
            else:
                project.members[user] = level


def private(stage: GitLabStage) -> None:
    """Let nobody outside see any project."""
    for path in PROJECTS:
        stage.at(path).visibility = "private"


def _no_member(stage: GitLabStage) -> None:
    private(stage)
    roles(stage, None)


def _guest(stage: GitLabStage) -> None:
    private(stage)
    roles(stage, GUEST)


def answers(status: int, said: str) -> Callable[[GitLabStage], None]:
    fault = faults.answering(status, {"message": said})

    def begin(stage: GitLabStage) -> None:
        stage.double.fail("GET", "/api/v4/projects/", fault, times=10_000)

    return begin


WAYS: dict[str, Callable[[GitLabStage], None]] = {
    "no member of private projects": _no_member,
    "no member of a public board": lambda stage: roles(stage, None),
    "a guest": lambda stage: roles(stage, GUEST),
    "a guest of private projects": _guest,
    "a project that is gone for REST alone": answers(404, "404 Project Not Found"),
    "a feature that is switched off": answers(403, "403 Forbidden"),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_begun_and_cannot_be_seen_is_in_doubt_and_is_made_once(way: str) -> None:
    for stage, effect in effects():
        there, absent = copied(stage), copied(stage)
        address = there.desk().do(effect, actor=ACTOR).address
        wanted, before = shape(there), shape(absent)
        for world in (there, absent):
            members = {path: dict(world.at(path).members) for path in PROJECTS}
            seen_by = {path: world.at(path).visibility for path in PROJECTS}
            WAYS[way](world)
            found = world.desk().find(effect, begun=world.world.clock.now)
            assert not isinstance(found, NotMade), (way, effect)
            if isinstance(found, CannotTell):
                assert found.reason, "whoever is asked reads why"
            world.double.planned.clear()
            for path in PROJECTS:
                world.at(path).members, world.at(path).visibility = members[path], seen_by[path]
        assert (shape(there), shape(absent)) == (wanted, before)
        assert there.desk().find(effect, begun=there.world.clock.now) == Made(address)
        assert absent.desk().find(effect, begun=absent.world.clock.now) == NotMade()


def test_links_into_a_project_that_cannot_be_seen_are_not_taken_for_none() -> None:
    """GitLab leaves them out of the list, and the notes about them as well: the fix would be gone from the release."""
    stage = GitLabStage()
    tracking, fix = (stage.open_issue(title) for title in ("tracking", "a fix"))
    made = stage.world.issue(stage.at(PRODUCT), "a fix there", by=stage.people["amara"])
    stage.world.link(issue_of(stage.thing(tracking)), made, by=stage.people["amara"])
    stage.world.link(issue_of(stage.thing(tracking)), issue_of(stage.thing(fix)), by=stage.people["amara"])
    asked = Asked("2026-11", {TRACKING: Sought("", BOARD, tracking)})
    seen = stage.desk().look(asked).linked
    assert {one.link.ref for one in need(seen, "the fixes")} == {f"{PRODUCT}#{made.iid}", fix}
    for level in (GUEST, None):
        members = stage.at(PRODUCT).members
        members.pop(stage.people[BOTS[0]].id, None)
        if level:
            members[stage.people[BOTS[0]].id] = level
        part = stage.desk().look(asked).linked
        assert f"the token's user may not read all of {PRODUCT}" in getattr(part, "shortfall", "")
        with pytest.raises(NotSeen):
            need(part, "the fixes")


def test_what_failed_before_it_was_sent_is_not_in_doubt(tmp_path: Path) -> None:
    stage, effect = next(pair for pair in effects() if pair[1].kind == "Comment")
    token = next(one for one in stage.world.tokens.values() if one.user_id == stage.people[BOTS[0]].id)
    token.scopes = ("read_api",)
    told = carried_out(stage, effect, tmp_path / "journal.sqlite3")
    assert "narrow token" in str(told)
    journal = Journal(str(tmp_path / "journal.sqlite3"))
    assert in_doubt(journal.entries("cell")) == []
    journal.close()

"""Whole stories on the double of GitLab, by the desk's own use cases, and judged as on the embedded forge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest

from secrel.cli.main import run
from secrel.desk.remembering import lost
from secrel.evaluate.verdicts import Passed, Verdict, Waived
from secrel.rehearsal.playing import Played, play
from secrel.rehearsal.stage import Stage
from secrel.rehearsal.story import BEGINS, Story, read_story
from secrel.rehearsal.venues.venue import Clock
from secrel.words.errors import Exit
from tests.rehearsal.begun import DUE
from tests.rehearsal.by_hand import ByHand
from tests.rehearsal.on_gitlab import OnDouble, sandbox_on
from tests.rehearsal.small import HEAD, few_looks

CARRIED = (
    "documents-confidential",
    "tracking-issue",
    "tracking-current",
    "fixes-linked",
    "facts-readable",
    "merge-requests-ready",
    "cve-requested",
    "cve-assigned",
    "checklist-open",
    "checklist-current",
    "draft-open",
    "post-fixes-match",
    "draft-reviewed",
    "versions-tagged",
    "fixes-in-tags",
    "release-post-open",
    "post-published-right",
    "merge-asked",
    "draft-closed",
    "post-live",
    "comms-open",
    "comms-current",
    "test-email-asked",
    "issues-public",
    "next-release-open",
    "release-closed",
)
"""The rows of the handbook that GitLab carries."""


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[OnDouble]:
    made = OnDouble(tmp_path)
    yield made
    made.close()


def shipped(name: str, folder: Path) -> Story:
    text = (resources.files("secrel.rehearsal") / "stories" / f"{name}.yaml").read_text("utf-8")
    return read_story(text, name, sandbox_on(folder, "http://127.0.0.1:1").process)


def small(folder: Path) -> Story:
    return read_story(HEAD, "small.yaml", sandbox_on(folder, "http://127.0.0.1:1").process)


def verdicts(played: Played) -> dict[str, Verdict]:
    assert played.last is not None
    return {judged.gate.name: judged.verdict for judged in played.last.look.assessment.gates}


def not_held(played: Played) -> dict[str, Verdict]:
    told = verdicts(played)
    return {name: told[name] for name in CARRIED if name in told and not isinstance(told[name], Passed | Waived)}


def first_month(story: Story) -> Iterable[datetime]:
    return [story.release.due - timedelta(days=days) for days in (41, 30)]


def test_a_release_is_started_and_its_first_fixes_are_followed(venue: OnDouble, tmp_path: Path) -> None:
    """Two looks, of whose seconds the double takes most."""
    played = play(small(tmp_path), tmp_path / "out", until=DUE, looks=first_month, venue=venue)
    told = verdicts(played)
    assert [press.what for press in played.presses] == ["secrel start 2026-11 --from release.yaml"]
    for name in ("tracking-issue", "documents-confidential", "checklist-open", "fixes-linked", "cve-requested"):
        assert isinstance(told[name], Passed), (name, told[name])
    tracking = played.world.tracking()
    assert tracking is not None
    assert played.world.acts.linked(tracking.ref) == set(played.world.known.issues.values())
    titles = Counter(
        (issue.project_id, issue.title) for some in venue.doubles[-1].world.issues.values() for issue in some.values()
    )
    assert set(titles.values()) == {1}, "nothing is made twice"


def test_the_command_plays_on_the_gitlab_that_a_file_names(
    venue: OnDouble, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Until its first fix is there, with the clock that the double takes, too."""
    story = small(tmp_path)
    clock = Clock(story.release.due - BEGINS)
    venue.opened_for(story.process, clock)
    (tmp_path / "small.yaml").write_text(HEAD, "utf-8")
    words = ["rehearse", "--forge", str(tmp_path / "sandbox.toml"), "--story", str(tmp_path / "small.yaml")]
    day = f"{min(fix.arrives for fix in story.fixes) + timedelta(days=3):%Y-%m-%d}"
    assert run([*words, "--out", str(tmp_path / "out"), "--until", day], clock=clock) == Exit.DONE
    told = capsys.readouterr()
    assert told.out.startswith("# Rehearsal of small")
    assert 'kind = "gitlab"' in (tmp_path / "out" / "secrel.toml").read_text("utf-8")
    titles = [issue.title for some in venue.doubles[-1].world.issues.values() for issue in some.values()]
    assert {"Stored script in notebooks", "Security release: 18.5.x, 18.4.x"} <= set(titles)


@pytest.mark.parametrize("text", ['[forge]\nkind = "gitlab"\n', 'sandbox = "gitlab-org"\nurl = "https://gitlab.com"\n'])
def test_nothing_is_rehearsed_in_production(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "desk.toml").write_text(text, "utf-8")
    words = ["rehearse", "--forge", str(tmp_path / "desk.toml"), "--out", str(tmp_path / "out")]
    assert run(words) == Exit.MISUSED
    assert "production" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_story_is_moved_by_whole_weeks(tmp_path: Path) -> None:
    story, at = small(tmp_path), datetime(2031, 3, 4, 5, tzinfo=UTC)
    moved = story.begun_after(at)
    by = moved.release.due - story.release.due
    assert by % timedelta(days=7) == timedelta(0)
    assert at <= moved.release.due - BEGINS < at + timedelta(days=7)
    assert [fix.ready - was.ready for fix, was in zip(moved.fixes, story.fixes, strict=True)] == [by] * len(story.fixes)
    assert moved.facts.due == moved.release.due
    assert story.begun_after(story.release.due - BEGINS) == story


@pytest.mark.first
@pytest.mark.long
@pytest.mark.parametrize("name", ["2023-05-05", "2021-10-28"])
def test_a_story_ends_right_on_gitlab(name: str, venue: OnDouble, tmp_path: Path) -> None:
    played = play(shipped(name, tmp_path), tmp_path / "out", looks=few_looks, venue=venue)
    assert played.wrongs == ()
    assert not_held(played) == {}


@pytest.mark.first
@pytest.mark.long
def test_two_releases_on_one_desk_end_right_on_gitlab(venue: OnDouble, tmp_path: Path) -> None:
    played = play(shipped("two-releases", tmp_path), tmp_path / "out", looks=few_looks, venue=venue)
    assert not played.ended_wrong
    assert len(played.beside) == 1


@pytest.mark.first
@pytest.mark.long
def test_a_small_story_ends_right_on_gitlab(venue: OnDouble, tmp_path: Path) -> None:
    played = play(small(tmp_path), tmp_path / "out", looks=few_looks, venue=venue)
    assert played.wrongs == ()
    assert not_held(played) == {}
    assert len(played.presses) <= 10


@pytest.mark.first
@pytest.mark.long
def test_a_gitlab_with_a_clock_of_its_own_keeps_the_order(tmp_path: Path) -> None:
    """All that happens there happens within minutes, and nobody is late; the desk's clock runs ahead."""
    at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    venue = OnDouble(tmp_path, own=at)
    try:
        played = play(small(tmp_path).begun_after(at), tmp_path / "out", looks=few_looks, venue=venue)
        assert played.wrongs == ()
        assert venue.doubles[-1].world.clock.now - at < timedelta(hours=1)
    finally:
        venue.close()


def last_fortnight(story: Story) -> Iterable[datetime]:
    """The looks of a desk that comes eleven days before the release is due, when all has been begun."""
    comes = story.release.due - timedelta(days=11)
    return [comes, *(at for at in few_looks(story) if at > comes)]


@pytest.mark.first
@pytest.mark.long
def test_a_release_that_others_began_by_hand_ends_right(venue: OnDouble, tmp_path: Path) -> None:
    """Bots, release managers and developers opened all of it; the desk takes it over, and nothing is there twice."""
    cast: list[ByHand] = []

    def people(stage: Stage, told: Story) -> ByHand:
        cast.append(ByHand(stage, told, lambda: venue.doubles[-1].world))
        return cast[0]

    played = play(small(tmp_path), tmp_path / "out", looks=last_fortnight, venue=venue, cast=people)
    assert played.wrongs == ()
    assert not_held(played) == {}
    assert len(played.presses) <= 10
    world, projects = venue.doubles[-1].world, played.stage.process.projects
    there = {role: world.by_path(projects[role]) for role in ("checklist", "communications", "cves", "security_site")}
    counts = {role: len(world.issues[one.id]) + len(world.merge_requests[one.id]) for role, one in there.items() if one}
    assert counts == {"checklist": 1, "communications": 1, "cves": 2, "security_site": 1}, "no second one"
    assert lost(played.stage.desk(), played.story.release.name) == {}
    opened, comms = cast[0].opened, played.world.made("comms")
    assert comms is not None
    assert (comms.ref, comms.body.partition("\n")[0]) == (opened["communications"], "Release numbers: TODO")

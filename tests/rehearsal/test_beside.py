"""Stories of several releases on one desk, and of fixes that take another way than most: played whole."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from secrel.cli.main import run
from secrel.evaluate.registry import vocabulary
from secrel.process.reading import builtin_text, read_process
from secrel.rehearsal.playing import Played, play
from secrel.rehearsal.story import read_story
from secrel.rehearsal.summary import summary
from secrel.rehearsal.venues.embedded import with_products
from secrel.words.errors import Exit, Misused
from secrel.words.forge import State
from tests.rehearsal.made import fix, happens, story, story_text
from tests.rehearsal.small import few_looks

LATER: dict[str, Any] = {"release": "2026-12", "due": "2026-12-16T16:00:00+00:00", "versions": ["18.5.3", "18.4.5"]}
JOINED: dict[str, Any] = happens("25 days before", "release joined", into="2026-11", words="one release is enough")
OWN = [
    fix(1),
    fix(2, hosted_only="GitLab.com", affected=None, cve=None),
    fix(3, assigned_by="MITRE"),
    fix(4, disclosure_days=90),
    fix(
        5,
        affected=[{"since": "17.2", "fixed": "18.4.3"}, {"since": "18.5", "fixed": "18.5.1"}],
        fixed_already=["18.5.1", "18.4.3"],
    ),
    fix(6, affected={"since": "17.2"}, fixed_already=["18.5.1"]),
]
"""One fix of every kind that takes another way."""


def wrongs(played: Played) -> list[str]:
    return [str(wrong) for part in (played, *played.beside) for wrong in part.wrongs]


@pytest.mark.long
def test_fixes_that_take_another_way_than_most_end_right(tmp_path: Path) -> None:
    ended = play(story(OWN), tmp_path / "rehearsal", looks=few_looks)
    assert wrongs(ended) == []
    assert len(ended.presses) <= 10


@pytest.mark.long
def test_a_critical_release_in_the_middle_of_a_planned_one_ends_right_and_so_does_that(tmp_path: Path) -> None:
    text = (resources.files("secrel.rehearsal") / "stories" / "two-releases.yaml").read_text("utf-8")
    ended = play(read_story(text, "two-releases"), tmp_path / "rehearsal", looks=few_looks)
    assert wrongs(ended) == []
    assert not ended.ended_wrong
    assert [len(part.presses) <= 10 for part in (ended, *ended.beside)] == [True, True]
    posts = [part.world.acts.merge_request_made(f"{part.world.name}/post/release") for part in (ended, *ended.beside)]
    assert [post is not None and post.state is State.MERGED for post in posts] == [True, True]
    assert "# Beside it: 2026-11-04-critical" in summary(ended, 1.0)


@pytest.mark.long
def test_what_is_joined_with_another_release_is_announced_there_alone(tmp_path: Path) -> None:
    beside = [story_text([fix(2)], [JOINED], **LATER)]
    ended = play(story([fix(1)], beside=beside), tmp_path / "rehearsal", looks=few_looks)
    assert wrongs(ended) == []
    assert {one.name for one in ended.world.story.fixes} == {"fix-1", "fix-2"}
    [joined] = ended.beside
    assert joined.world.story.fixes == ()
    post = ended.world.acts.merge_request_made("2026-11/post/release")
    assert post is not None
    assert "CVE-2026-1002" in post.files[0][1]
    assert joined.world.acts.merge_request_made("2026-12/post/release") is None


SPLIT: dict[str, Any] = happens("20 days before", "release split", fix="fix-2", into="2026-12", words="not this time")


@pytest.mark.long
def test_what_is_split_off_is_announced_by_the_other_release_alone(tmp_path: Path) -> None:
    beside = [story_text([fix(3)], **LATER)]
    ended = play(story([fix(1), fix(2)], [SPLIT], beside=beside), tmp_path / "rehearsal", looks=few_looks)
    assert wrongs(ended) == []
    [later] = ended.beside
    names = [{one.name for one in part.world.story.fixes} for part in (ended, later)]
    assert names == [{"fix-1"}, {"fix-2", "fix-3"}]
    posts = [ended.world.acts.merge_request_made(f"{name}/post/release") for name in ("2026-11", "2026-12")]
    assert ["CVE-2026-1002" in post.files[0][1] for post in posts if post is not None] == [False, True]
    assert "fix-2 was split off into 2026-12" in summary(ended, 1.0)


CHART: dict[str, Any] = {
    "key": "chart",
    "name": "Anvil Chart",
    "short": "Anvil Chart",
    "vendor": "Anvil Works",
    "cve_product": "Anvil Chart",
    "repository": "vendor/chart",
    "branch": "{major}.x",
    "tag": "chart-{version}",
    "depth": 1,
}
"""A product beside the main one, with its own numbers."""


@pytest.mark.long
def test_a_product_of_the_vendors_own_beside_the_main_one_ends_right(tmp_path: Path) -> None:
    shipped = [
        {"product": "product", "versions": ["18.5.2", "18.4.4"]},
        {"product": "chart", "versions": ["4.2.1"]},
    ]
    fixes = [fix(1), fix(2, product="chart", affected={"since": "4.0.0"})]
    told = story(fixes, process="generic", form="generic", own=[CHART], products=shipped)
    ended = play(told, tmp_path / "rehearsal", looks=few_looks)
    assert wrongs(ended) == []
    record = (tmp_path / "rehearsal" / "outbox" / "cve" / "CVE-2026-1002.json").read_text("utf-8")
    assert "Anvil Chart" in record
    assert run(["outbox", "2026-11", "--desk", str(tmp_path / "rehearsal")]) == Exit.DONE, "a desk goes on from there"


def test_what_is_left_of_such_a_story_is_a_process_that_lists_the_product() -> None:
    told = story([fix(1)], process="generic", form="generic", own=[CHART])
    text = with_products(builtin_text("generic"), told.own)
    assert read_process(text, "process.toml", vocabulary()).products == told.process.products


def test_a_product_that_the_process_has_is_no_product_of_the_story() -> None:
    with pytest.raises(Misused) as caught:
        story([fix(1)], own=[CHART | {"key": "gitlab"}, CHART | {"key": "other"}])
    assert "the process has a product of this key" in str(caught.value)
    with pytest.raises(Misused, match="split off by then"):
        story(
            [fix(1), fix(2)],
            [SPLIT, happens("9 days before", "pipeline fails", fix="fix-2")],
            beside=[story_text([fix(3)], **LATER)],
        )


@pytest.mark.parametrize(
    ("fixes", "events", "changes", "said"),
    [
        ([fix(1)], [], {}, "the name 'fix-1' stands twice"),
        ([fix(2, cve="CVE-2026-1001")], [], {}, "the cve 'CVE-2026-1001' stands twice"),
        ([fix(2)], [], {"release": "2026-11"}, "the release '2026-11' stands twice"),
        ([fix(2, arrives="soon")], [], {}, "'soon' is not a moment"),
        ([fix(2)], [JOINED | {"into": "2027-01"}], {}, "no release beside it is called '2027-01'"),
        ([fix(2)], [JOINED, happens("1 day before", "pipeline fails", fix="fix-2")], {}, "its release is over by then"),
        ([], [], {"kind": "unplanned", "due": "never"}, "due"),
    ],
)
def test_what_cannot_be_told_of_a_release_beside_is_refused_in_its_place(
    fixes: list[dict[str, Any]], events: list[dict[str, Any]], changes: dict[str, Any], said: str
) -> None:
    beside = [story_text(fixes, events, **{**LATER, **changes})]
    with pytest.raises(Misused) as caught:
        story([fix(1)], beside=beside)
    assert said in f"{caught.value.what} {caught.value.where}"


def test_a_release_alone_cannot_be_joined() -> None:
    with pytest.raises(Misused, match="no release beside it is called"):
        story([fix(1)], [JOINED])


def test_a_repository_begins_before_the_first_version_of_each_series_with_what_shipped_before() -> None:
    told = story(OWN, beside=[story_text([fix(7)], **LATER)])
    [beginning] = told.beginnings
    assert [str(version) for version in beginning.shipment.versions] == ["18.5.2", "18.4.4"]
    before = {str(version): names for one in beginning.shipment.versions for version, names in beginning.before(one)}
    assert before == {"18.5.0": [], "18.5.1": ["fix-5", "fix-6"], "18.4.2": [], "18.4.3": ["fix-5"]}


def test_a_story_of_two_releases_moves_as_a_whole() -> None:
    told = story([fix(1)], beside=[story_text([fix(2)], **LATER)])
    moved = told.begun_after(told.starts.replace(year=2030))
    assert moved.beside[0].release.due - moved.release.due == told.beside[0].release.due - told.release.due

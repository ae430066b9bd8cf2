"""What a rehearsal leaves: a folder of documents, the journal, the status of each phase, and one page about it."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from secrel.rehearsal.events import HAPPENINGS, Event, EventTold
from secrel.rehearsal.playing import MARK, Played, play, prepare_folder, ticks
from secrel.rehearsal.results import Phases, write_results
from secrel.rehearsal.story import Story
from secrel.rehearsal.summary import summary, told
from secrel.words.errors import Misused
from tests.house.measuring import paused
from tests.rehearsal.made import fix, happens, story
from tests.rehearsal.small import few_looks

TALE = story(
    [
        fix(1),
        fix(2, range_given="when asked"),
        fix(3, affected=None),
        fix(4, arrives="30 hours before", cna_takes="1 hour"),
    ],
    [
        happens("45 hours before", "draft edited", find="what nobody ever wrote", put="something"),
        happens("6 days before", "falls ill", who="secondary", days=9),
        happens("1 day before", "falls ill", who="farid", days=2),
    ],
)


@pytest.fixture(scope="session")
def left(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> tuple[Played, Path]:
    """A rehearsal with its results."""
    phases = Phases()
    folder = tmp_path_factory.mktemp("results") / "rehearsal"
    with paused(pytestconfig):
        played = play(TALE, folder, looks=few_looks, watch=phases.note)
    return played, write_results(played, phases, 1.5).parent


def test_every_document_is_there(left: tuple[Played, Path]) -> None:
    _, folder = left
    documents = {path.relative_to(folder / "documents").as_posix() for path in (folder / "documents").rglob("*.*")}
    assert {
        "tracking-issue.md",
        "checklist.md",
        "comms.md",
        "next-tracking-issue.md",
        "email/email.html",
        "email/email.txt",
        "cve-requests/gitlab-1.md",
        "cve-requests/gitlab-2.md",
        "outbox/cve/CVE-2026-1001.json",
        "outbox/cve/CVE-2026-1002.json",
        "outbox/mail/2026-11~email.eml",
    } <= documents
    [post] = (folder / "documents" / "post").iterdir()
    [draft] = (folder / "documents" / "draft-post").iterdir()
    assert post.read_text("utf-8") == draft.read_text("utf-8")


def test_the_status_of_every_phase_is_there_and_the_end(left: tuple[Played, Path]) -> None:
    played, folder = left
    names = sorted(path.name.partition("-")[2] for path in (folder / "status").glob("0*"))
    phases = {phase.name for phase in played.stage.process.phases} - {"critical"}
    assert {name.partition(".")[0] for name in names} <= phases
    assert {name.replace(".md", ".html") for name in names} <= set(names), "and a page to look at beside each"
    assert (folder / "status" / "end.html").read_text("utf-8").startswith("<!doctype html>")
    assert "draft.md" in names
    assert "terminate.md" in names
    assert (folder / "status" / "end.md").read_text("utf-8").startswith("# Security release 2026-11")


def test_the_journal_is_one_entry_a_line(left: tuple[Played, Path]) -> None:
    played, folder = left
    lines = (folder / "journal.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == len(played.stage.desk().journal.entries())
    assert {"receipt", "intent", "approval"} <= {json.loads(line)["kind"] for line in lines}


def test_the_summary_says_what_people_did_and_what_happened(left: tuple[Played, Path]) -> None:
    played, folder = left
    page = (folder / "summary.md").read_text("utf-8")
    assert played.wrongs == ()
    for line in (
        "# Rehearsal of made",
        "- **Announced:** 2026-11-25 16:01",
        "- **Fixes:** 2 in the release, of 4 in the story",
        "- **Sent:** 1 email, 2 CVE records, 2 notices to finders,",
        "## What people did: 10 actions",
        "read the draft post and approve gitlab-org/security/www-gitlab-com!1",
        "`secrel email verify 2026-11 inbox/2026-11-test-mail-01.eml`",
        "2026-11-19 16:00 the Secondary fell ill, for 9 days",
        "2026-11-24 16:00 farid fell ill, for 2 days",
        "fix-2 came without its affected versions\n",
        "fix-3 came without its affected versions, and nobody ever gave them",
        "2026-11-24 10:00 fix-4 was ready only after the deadline",
        "became “something” (there was nothing to do that to)",
        "## How it ended: right",
    ):
        assert line in page, line
    assert "{" not in page
    assert "Still open" not in page


def test_a_rehearsal_that_ends_early_says_so_and_is_not_judged(tmp_path: Path) -> None:
    until = TALE.release.due - timedelta(hours=30)
    phases = Phases()
    played = play(TALE, tmp_path / "early", until=until, watch=phases.note, looks=few_looks)
    page = write_results(played, phases, 1.0).read_text("utf-8")
    assert "## It was ended on 2026-11-24 10:00" in page
    assert "How it ended" not in page
    assert "- **Announced:** not announced" in page
    assert "## Still open" in page
    assert "The release post is open on canonical: opens at 2026-11-25 16:00" in page
    assert (tmp_path / "early" / "documents" / "draft-post").is_dir()
    assert not (tmp_path / "early" / "documents" / "post").exists()


def test_one_that_ends_before_it_begins_says_that(tmp_path: Path) -> None:
    tale = story([fix(1, labels=["severity::1"], arrives="4 days before")], kind="unplanned")
    until = tale.release.due - timedelta(days=5)
    played = play(tale, tmp_path / "early", until=until, looks=few_looks)
    page = write_results(played, Phases(), 1.0).read_text("utf-8")
    assert page.endswith("It was ended before the release was started.\n")
    assert not (tmp_path / "early" / "documents").exists()


@pytest.mark.long
def test_what_ended_wrong_and_what_was_refused_is_told(tmp_path: Path) -> None:
    ill = [
        happens("6 days before", "falls ill", who=who, days=20) for who in ("bjorn", "chidi", "dewi", "elif", "farid")
    ]
    played = play(story([fix(1)], ill), tmp_path / "alone", until=None, looks=few_looks)
    page = summary(played, 1.0)
    assert "## How it ended: wrong" in page
    assert "- **people:** the secondary was not there on the day of the release" in page
    assert "## What they tried in vain" in page


@pytest.mark.parametrize("happening", HAPPENINGS)
def test_every_happening_is_told_in_words(happening: str) -> None:
    filled = {name: f"<{name}>" for name in HAPPENINGS[happening] if name not in ("days", "facts", "to")}
    event = EventTold("at due", happening, **filled, days=3, facts={"vector": "x"})
    said = told(Event(TALE.release.due, happening, event, TALE.release.due))
    assert said
    assert "{" not in said
    assert all(value in said for name, value in filled.items() if name != "product"), said


def test_only_a_rehearsals_own_folder_is_emptied(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    prepare_folder(mine)
    (mine / "old.txt").write_text("old", "utf-8")
    prepare_folder(mine)
    assert [path.name for path in mine.iterdir()] == [MARK]
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "precious.txt").write_text("x", "utf-8")
    with pytest.raises(Misused, match="no rehearsal made it"):
        prepare_folder(tmp_path / "theirs")
    assert (tmp_path / "theirs" / "precious.txt").exists()


MOVED = [happens("30 hours before", "due moves", to="6 days after")]


@pytest.mark.parametrize("tale", [story([fix(1)]), story([fix(1)], MOVED, disclosure_days=90)])
def test_somebody_looks_every_hour_near_the_release_and_at_every_hour_of_the_day(tale: Story) -> None:
    looks = list(ticks(tale))
    assert looks == sorted(set(looks))
    due, last = tale.release.due, max(tale.dues)
    assert due - looks[0] == timedelta(days=60)
    assert looks[-1] - last >= timedelta(days=100)
    near = [at for at in looks if due - timedelta(days=3) <= at <= last + timedelta(days=1)]
    assert max(b - a for a, b in pairwise(near)) <= timedelta(hours=1)
    assert {at.hour for at in looks} == set(range(24))
    assert all(moment + timedelta(minutes=1) in looks for moment in tale.dues)

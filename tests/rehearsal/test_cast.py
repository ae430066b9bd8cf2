"""The people of a rehearsal: who is there, what the public sees, how a draft is mended, how a test mail is made."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from msgspec.structs import replace

from secrel.papers.email.message import Sender
from secrel.rehearsal.cast.mending import mended
from secrel.rehearsal.cast.presence import For, who_is_there
from secrel.rehearsal.cast.world import Public, mail_of
from secrel.rehearsal.playing import Played, play
from secrel.rehearsal.vendor import commit_file
from secrel.snapshot.seen import Snapshot
from secrel.words.people import Absence, Duty
from tests.rehearsal.begun import forge_of
from tests.rehearsal.made import fix, happens, story
from tests.rehearsal.small import few_looks

DUE = datetime.fromisoformat("2026-11-25T16:00:00+00:00")
DUTY = Duty("2026-11", "amara", "bjorn")

SENDER = Sender("Acme Security", "security@acme.example")


@pytest.fixture(scope="session")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A rehearsal that was ended when the draft was there."""
    until = DUE - timedelta(hours=47)
    return play(story([fix(1), fix(2)]), tmp_path_factory.mktemp("cast") / "x", until=until, looks=few_looks)


@pytest.fixture
def snapshot(drafted: Played) -> Snapshot:
    """What was seen last, with known people on duty."""
    assert drafted.last is not None
    return replace(drafted.last.look.snapshot, duty=DUTY)


def away(snapshot: Snapshot, *names: str) -> Snapshot:
    absence = Absence(DUE.date() - timedelta(days=9), DUE.date() + timedelta(days=9))
    return replace(
        snapshot, people=tuple(replace(p, absences=(absence,)) if p.username in names else p for p in snapshot.people)
    )


def test_people_work_in_their_own_hours(snapshot: Snapshot) -> None:
    week_before = DUE - timedelta(days=7)
    assert who_is_there(snapshot, week_before.replace(hour=10)) == [("amara", For.WORK)]
    assert who_is_there(snapshot, week_before.replace(hour=20)) == [("bjorn", For.WORK)]
    assert who_is_there(snapshot, week_before.replace(hour=3)) == []


def test_near_the_release_they_can_be_called_and_on_its_day_they_are_there(snapshot: Snapshot) -> None:
    night = DUE.replace(day=24, hour=3)
    assert who_is_there(snapshot, night) == [("amara", For.WHAT_IS_DUE), ("bjorn", For.WHAT_IS_DUE)]
    assert who_is_there(snapshot, DUE + timedelta(hours=7)) == [("amara", For.WORK), ("bjorn", For.WORK)]
    assert who_is_there(away(snapshot, "amara"), night) == [("bjorn", For.WHAT_IS_DUE)]


def test_when_both_are_away_somebody_else_sees_to_it(snapshot: Snapshot) -> None:
    gone = away(snapshot, "amara", "bjorn")
    assert who_is_there(gone, DUE.replace(hour=10)) == [("chidi", For.SWAP), ("farid", For.SWAP)]
    assert who_is_there(replace(snapshot, duty=None), DUE.replace(hour=3)) == [("dewi", For.SWAP)]


def test_the_public_sees_what_is_public_and_nothing_else(drafted: Played) -> None:
    world, stage = drafted.world, drafted.stage
    before = DUE - timedelta(hours=1)
    public = Public(world)
    public.look(DUE, before)
    assert world.known.leaks == []
    site = stage.settings.repositories[stage.process.projects["canonical_site"]]
    commit_file(site, stage.process.projects["site_branch"], ("posts/x.md", "It is out.\n"), "somebody", before)
    for kind, name in (("mail", "x.eml"), ("cve", "CVE-2026-1001.json"), ("reporters", "x.md")):
        folder: Path = stage.settings.outbox / kind
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x", "utf-8")
    forge_of(stage).people.set_confidential(world.known.issues["fix-1"], confidential=False)
    public.look(DUE, DUE)
    assert world.known.leaks == []
    public.look(DUE, before)
    public.look(DUE, before)
    assert [leak.what for leak in world.known.leaks] == [
        "the public site had a post",
        "an email was out",
        "a CVE record was out",
        "a notice to a finder was out",
        f"the issue {world.known.issues['fix-1']} was public",
    ]


def test_mending_takes_back_what_contradicts_the_facts_and_nothing_else(snapshot: Snapshot) -> None:
    wanted = snapshot.wanted["post/path"], snapshot.wanted["post"]
    edited = (
        wanted[1]
        .replace("Somebody could do", "Anybody could do", 1)
        .replace("18.5.2, and 18.4.4 for", "18.5.9, and 18.4.4 for")
        .replace("18.5.2 and 18.4.4 for", "18.5.9 and 18.4.4 for")
        .replace("CVE-2026-1002", "CVE-2026-9999")
    )
    edited = f"{edited}\nOne more sentence.\n"
    right = mended(edited, wanted, snapshot.contents, None)
    assert "18.5.9" in edited
    assert right == f"{wanted[1].replace('Somebody could do', 'Anybody could do', 1)}\nOne more sentence.\n"


def test_what_nobody_touched_needs_no_mending(snapshot: Snapshot) -> None:
    wanted = snapshot.wanted["post/path"], snapshot.wanted["post"]
    assert mended(wanted[1], wanted, snapshot.contents, None) == wanted[1]


def test_a_test_mail_is_made_of_the_blocks_of_the_issue_and_may_be_garbled() -> None:
    body = "Text\n\n```text\nSubject 18.5.2\n```\n\n````text\nSee <https://x.example/a?b>.\n\n<b>18.5.2</b>\n````\n"
    mail = message_from_bytes(mail_of(body, SENDER, "team@desk.example", DUE), policy=default)
    part = mail.get_body(("html",))
    assert part is not None
    assert mail["Subject"] == "Subject 18.5.2"
    assert '<a href="https://x.example/a?b">' in part.get_content()
    assert "&lt;b&gt;18.5.2&lt;/b&gt;" in part.get_content()
    garbled = mail_of(body, SENDER, "team@desk.example", DUE, ("18.5.2", "18.5.1")).decode()
    assert "18.5.2" not in garbled
    assert "Subject:\n" in mail_of("nothing", SENDER, "team@desk.example", DUE).decode()


def test_a_test_mail_keeps_the_blanks_of_a_subject_in_any_script() -> None:
    body = "```text\nApp 日本語 naïve é 😀 18.5.2\n```\n\n```text\nnaïve\n```\n"
    found = message_from_bytes(mail_of(body, SENDER, "team@desk.example", DUE), policy=default)
    assert found["Subject"] == "App 日本語 naïve é 😀 18.5.2"


def test_an_edit_waits_until_there_is_something_to_edit(tmp_path: Path) -> None:
    early = happens("30 days before", "checklist edited", put="- [ ] mine")
    ended = play(story([fix(1)], [early]), tmp_path / "x", until=DUE - timedelta(days=5), looks=few_looks)
    assert ended.missed == ()
    assert ended.world.known.edits == [("checklist", "", "- [ ] mine")]

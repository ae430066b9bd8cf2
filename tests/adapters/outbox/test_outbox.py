"""The outbox: files that a person can send, each once, for the owner's eyes alone."""

from __future__ import annotations

import multiprocessing
import resource
from datetime import UTC, datetime
from email import message_from_bytes
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.adapters.outbox.outbox import Outbox, file_name
from secrel.words.effects import (
    Action,
    CloseIssue,
    Effect,
    PostMessage,
    PublishRecord,
    SendMail,
    TellReporter,
)
from secrel.words.errors import Broken, Misused, Refused
from secrel.words.ids import record_digest
from secrel.words.outcomes import CannotTell
from tests.writing import BEGUN, do, there_is

LIFTS = datetime(2026, 11, 11, 17, tzinfo=UTC)
EML = "From: desk@example.com\nTo: list@example.com\nSubject: Security release\n\nPlease upgrade. \u2603\n"


def clock() -> datetime:
    return LIFTS


def effect(key: str, action: Action) -> Effect:
    return Effect(key, action, "as the test asks")


ACTIONS: list[tuple[Action, str, bytes]] = [
    (SendMail("list@example.com", "Security release", EML), "mail/2026-11~x.eml", EML.encode()),
    (
        PostMessage("#security", "/close\n@all\r\nhello\0"),
        "messages/%23security/2026-11~x.md",
        b"/close\n@all\r\nhello\0",
    ),
    (TellReporter("report 7\nBcc: all", "Thank you"), "reporters/2026-11~x.md", b"To: report 7 Bcc: all\n\nThank you"),
    (PublishRecord("CVE-2026-0001", "{}"), "cve/CVE-2026-0001.json", b"{}"),
]


@pytest.mark.parametrize(("action", "where", "content"), ACTIONS)
def test_a_file_holds_the_exact_text_for_its_owner_alone(
    tmp_path: Path, action: Action, where: str, content: bytes
) -> None:
    folder = tmp_path / "deep" / "outbox"
    outbox, asked = Outbox(folder, clock), effect("2026-11/x", action)
    assert there_is(outbox, asked) is None
    assert do(outbox, asked) == f"outbox:{where}"
    assert do(outbox, asked) == f"outbox:{where}", "again is as good as once"
    path = folder / where
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert folder.stat().st_mode & 0o777 == 0o700
    assert not list(folder.rglob(".draft-*"))
    assert there_is(outbox, asked) == (None if isinstance(action, SendMail) else f"outbox:{where}")


def test_of_a_mail_nobody_can_tell_once_it_began_and_a_second_desk_finds_the_others(tmp_path: Path) -> None:
    blind = Effect("2026-11/m", PostMessage("team", "hello"), "tell", findable=False)
    do(Outbox(tmp_path, clock), blind)
    assert there_is(Outbox(tmp_path, clock), blind) is None
    mail = effect("2026-11/email", SendMail("all@example.com", "s", EML))
    for one in (blind, mail):
        assert isinstance(Outbox(tmp_path, clock).find(one, begun=BEGUN), CannotTell)
    assert (
        there_is(Outbox(tmp_path, clock), effect("2026-11/m", PostMessage("team", "hello")))
        == "outbox:messages/team/2026-11~m.md"
    )


def test_a_mail_is_a_mail_that_a_program_can_open(tmp_path: Path) -> None:
    do(Outbox(tmp_path, clock), effect("2026-11/email", SendMail("list@example.com", "Security release", EML)))
    found = message_from_bytes((tmp_path / "mail/2026-11~email.eml").read_bytes())
    assert (found["To"], found["Subject"]) == ("list@example.com", "Security release")


def test_another_mail_under_the_same_key_is_refused_and_the_first_one_stays(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, clock)
    do(outbox, effect("2026-11/email", SendMail("a@example.com", "one", "one")))
    with pytest.raises(Refused) as caught:
        do(outbox, effect("2026-11/email", SendMail("a@example.com", "two", "two secret")))
    assert "secret" not in f"{caught.value} {caught.value.remedy}"
    assert (tmp_path / "mail/2026-11~email.eml").read_text() == "one"


def test_a_newer_record_takes_the_place_of_an_older_one_and_never_the_other_way_round(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, clock)
    old = effect("2026-11/cve/CVE-2026-0001", PublishRecord("CVE-2026-0001", '{"old": 1}'))
    known = (record_digest(b'{"old": 1}'),)
    new = effect("2026-11/cve/CVE-2026-0001/again", PublishRecord("CVE-2026-0001", '{"new": 1}', known))
    do(outbox, old)
    assert there_is(outbox, new) is None, "another text of the same record has yet to be published"
    do(outbox, new)
    assert do(outbox, old) == there_is(outbox, old) == there_is(outbox, new)
    assert (tmp_path / "cve/CVE-2026-0001.json").read_text() == '{"new": 1}'


@pytest.mark.parametrize("stands", ['{"old": 1, "by": "a person"}', "", "\udcff"])
def test_a_record_that_somebody_changed_is_never_written_over(tmp_path: Path, stands: str) -> None:
    outbox, file = Outbox(tmp_path, clock), tmp_path / "cve/CVE-2026-0001.json"
    do(outbox, effect("2026-11/cve", PublishRecord("CVE-2026-0001", '{"old": 1}')))
    file.write_text(stands, "utf-8", "surrogateescape")
    known = (record_digest(b'{"old": 1}'),)
    anew = effect("2026-11/cve/anew/1", PublishRecord("CVE-2026-0001", '{"new": 1}', known))
    with pytest.raises(Refused, match="somebody changed the record CVE-2026-0001 in the outbox"):
        do(outbox, anew)
    assert file.read_text("utf-8", "surrogateescape") == stands
    assert there_is(outbox, anew) is None
    file.unlink()
    do(outbox, anew)
    assert file.read_text() == '{"new": 1}', "what was taken away is lost to nobody"


def test_a_record_whose_desk_died_before_the_mark_is_written_again(tmp_path: Path) -> None:
    outbox, asked = Outbox(tmp_path, clock), effect("2026-11/cve", PublishRecord("CVE-2026-0001", "{}"))
    do(outbox, asked)
    (tmp_path / "cve/.keys/2026-11~cve").unlink()
    assert there_is(outbox, asked) is None
    do(outbox, asked)
    assert [path.name for path in (tmp_path / "cve").glob("*.json")] == ["CVE-2026-0001.json"]


def test_a_readme_says_what_to_do_and_is_left_alone_afterwards(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, clock)
    do(outbox, effect("2026-11/a", PostMessage("team", "hello")))
    readme = tmp_path / "README.txt"
    for word in ("mail/", "messages/", "reporters/", "cve/", "2026-11-11"):
        assert word in readme.read_text()
    readme.write_text("mine")
    do(outbox, effect("2026-11/b", PostMessage("team", "hello")))
    assert readme.read_text() == "mine"


@pytest.mark.parametrize("cve_id", ["../../CVE-2026-0001", "CVE-2026-0001/../../x", "CVE-2026-0001\n", "", "x"])
def test_a_record_of_no_cve_id_is_misused(tmp_path: Path, cve_id: str) -> None:
    with pytest.raises(Misused):
        do(Outbox(tmp_path, clock), effect("2026-11/cve", PublishRecord(cve_id, "{}")))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("channel", ["../../etc", "/etc", "..", ".", "", "a/b", "nul\0", "x" * 3000, "\ud800", "☃"])
def test_a_channel_cannot_lead_out_of_the_folder(tmp_path: Path, channel: str) -> None:
    folder = tmp_path / "outbox"
    do(Outbox(folder, clock), effect("2026-11/m", PostMessage(channel, "hello")))
    (made,) = folder.rglob("*.md")
    assert made.parent.parent == folder / "messages"
    assert [path.name for path in tmp_path.iterdir()] == ["outbox"]


def test_what_is_not_for_an_outbox_is_misused(tmp_path: Path) -> None:
    outbox, asked = Outbox(tmp_path, clock), effect("2026-11/close", CloseIssue("board#1"))
    with pytest.raises(Misused):
        there_is(outbox, asked)
    with pytest.raises(Misused):
        do(outbox, asked)
    with pytest.raises(Misused):
        do(outbox, effect("2026-11/m", PostMessage("team", "half \ud800")))


@given(st.text(), st.text())
def test_names_are_safe_and_differ(one: str, other: str) -> None:
    for name in (file_name(one), file_name(other)):
        assert name not in {"", ".", ".."}
        assert not set(name) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~%-")
        assert not name.startswith((".", "-draft"))
        assert len(name) < 150
    assert (file_name(one) == file_name(other)) == (one == other)


def test_long_keys_that_begin_alike_have_names_of_their_own(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, clock)
    addresses = {do(outbox, effect(f"2026-11/{'a' * 300}/{n}", TellReporter("7", "hello"))) for n in range(3)}
    assert len(addresses) == 3


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file is in the way")
    with pytest.raises(Broken) as caught:
        do(Outbox(tmp_path / "outbox", clock), effect("2026-11/m", PostMessage("team", "a secret")))
    assert caught.value.remedy
    assert "secret" not in str(caught.value)


def write_with_little_room(folder: Path, told: Queue[str]) -> None:
    """Write a long mail where no file may be longer than 4096 bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    try:
        do(Outbox(folder, clock), effect("2026-11/email", SendMail("a@example.com", "x", "x" * 10_000)))
    except Broken as error:
        told.put(str(error))
    else:
        told.put("written")


def test_a_full_disk_leaves_no_half_mail(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    told: Queue[str] = context.Queue()
    process = context.Process(target=write_with_little_room, args=(tmp_path, told))
    process.start()
    answer = told.get(timeout=60)
    process.join()
    assert answer.startswith(f"{tmp_path}: the outbox cannot be used")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["README.txt"]


def race(folder: Path, number: int, barrier: Barrier, told: Queue[str]) -> None:
    """Write a notice at the same moment as another process."""
    barrier.wait(timeout=60)
    told.put(do(Outbox(folder, clock), effect("2026-11/m", PostMessage("team", f"from {number}"))))


def test_two_desks_at_once_make_one_file(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    barrier, told = context.Barrier(2), context.Queue()
    racers = [context.Process(target=race, args=(tmp_path, number, barrier, told)) for number in range(2)]
    for racer in racers:
        racer.start()
    assert {told.get(timeout=60) for _ in racers} == {"outbox:messages/team/2026-11~m.md"}
    for racer in racers:
        racer.join()
    assert [path.name for path in (tmp_path / "messages/team").iterdir()] == ["2026-11~m.md"]

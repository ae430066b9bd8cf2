"""A journal that was deleted, emptied or exchanged: every command notices, nothing is begun anew, and it can go on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from secrel.journal.entries import Entry, Remembered
from secrel.journal.journal import Journal
from secrel.words.errors import Exit
from tests.cli.desks import NOW, RELEASE, User

NAME = "2027-01"
LOST = f"the journal has lost its memory: the forge has {NAME}/"


def forget(user: User) -> Path:
    file = user.folder / "journal.db"
    for one in user.folder.glob("journal.db*"):
        one.unlink()
    return file


def deleted(user: User) -> None:
    user("apply")
    forget(user)


def emptied(user: User) -> None:
    user("apply")
    forget(user).touch()


def of_another_desk(user: User) -> None:
    user("apply")
    journal = Journal(str(forget(user)))
    told = {"kind": "Comment", "action": {"ref": "other/product#1", "body": "x"}}
    journal.add(Entry(NOW, "2026-12", Remembered.INTENT, "2026-12/tracking", "amara", told))
    journal.add(Entry(NOW, "2026-12", Remembered.RECEIPT, "2026-12/tracking", "amara", {"address": "local:o/p#1"}))
    journal.close()


def older(user: User) -> None:
    kept = user.folder / "backup.db"
    shutil.copy(user.folder / "journal.db", kept)
    user("apply")
    kept.rename(forget(user))


def named_otherwise(user: User) -> None:
    user("apply")
    settings = user.folder / "secrel.toml"
    settings.write_text(settings.read_text("utf-8").replace('"journal.db"', '"new.db"'), "utf-8")


FAULTS: Mapping[str, Callable[[User], None]] = {
    fault.__name__: fault for fault in (deleted, emptied, of_another_desk, older, named_otherwise)
}
ORDERS: Mapping[str, tuple[str, ...]] = {
    "plan": ("plan", NAME),
    "apply": ("apply", NAME),
    "approve": ("apply", NAME, "--approve", "0" * 32),
    "settle": ("apply", NAME, "--settle", f"{NAME}/email", "--as", "done"),
    "claim": ("claim", NAME, "timing-agreed", "--yes", "--words", "it is"),
    "fix": ("fix", "set", NAME, "vendor/product#1", "edition=EE"),
    "handover": ("handover", NAME),
    "start": ("start", "--from", "again.yaml"),
}


def things(user: User) -> tuple[list[str], list[Path]]:
    """All that the forge has, and all that was sent."""
    with closing(sqlite3.connect(user.folder / "forge.db")) as forge:
        return list(forge.iterdump()), sorted((user.folder / "outbox").rglob("*"))


@pytest.mark.parametrize("fault", FAULTS)
def test_every_command_that_plans_or_changes_refuses_and_says_what_to_do(
    fault: str, started: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    FAULTS[fault](started)
    monkeypatch.chdir(started.folder)
    again = RELEASE.replace("    cve: CVE-2026-1111\n    assigned_by: us\n", "")
    (started.folder / "again.yaml").write_text(again, "utf-8")
    before = things(started)
    for words in ORDERS.values():
        answer = started(*words)
        assert answer.word == Exit.BROKEN, words
        assert LOST in answer.err
        assert "put the journal's file back" in answer.err
        assert f"secrel journal {NAME} --adopt" in answer.err
    assert things(started) == before, "nothing was begun"


@pytest.mark.parametrize("fault", FAULTS)
def test_commands_that_look_say_it_as_well(fault: str, started: User) -> None:
    FAULTS[fault](started)
    status, doctor = started("status", NAME), started("doctor")
    assert status.word == Exit.BROKEN
    assert LOST in status.err
    assert doctor.word != Exit.DONE
    assert f"trouble  journal      {NAME}: {LOST}" in doctor.out


def test_a_journal_that_was_put_back_goes_on(started: User) -> None:
    started("apply")
    kept = {file: file.read_bytes() for file in started.folder.glob("journal.db*")}
    forget(started)
    assert started("apply").word == Exit.BROKEN
    forget(started)
    for file, content in kept.items():
        file.write_bytes(content)
    assert LOST not in started("apply").err
    assert LOST not in started("doctor").out


@pytest.mark.parametrize("fault", FAULTS)
def test_what_the_forge_has_can_be_taken_over_and_nothing_is_done_twice(fault: str, started: User) -> None:
    FAULTS[fault](started)
    before = things(started)
    told = started("journal", NAME, "--adopt")
    assert told.word == Exit.DONE
    assert f"found    {NAME}/" in told.out
    assert "look into the outbox before you approve" in told.err
    assert things(started) == before
    assert LOST not in started("apply").err
    assert "nothing is lost" in started("journal", NAME, "--adopt").out
    assert things(started) == before, "what is there is made once"


def test_what_people_had_said_is_shown_to_be_said_again_and_never_taken_for_said(started: User) -> None:
    started("claim", NAME, "merge-requests-ready", "--waive", "--words", "bjorn has looked", by="dewi")
    started("claim", NAME, "duties-present", "--waive", "--words", "they come back")
    started("apply")
    forget(started)
    told = started("journal", NAME, "--adopt").out
    assert "lost     merge-requests-ready  Every fix has its merge requests, and they are ready; waived by dewi" in told
    assert f'secrel claim {NAME} merge-requests-ready --waive --words "…"' in told
    assert "bjorn has looked" in told
    assert "tracking-issue" not in told.partition("lost ")[2], "what holds by what is seen is not asked for"
    assert "✗ blocked" in started("status", NAME, "--gate", "merge-requests-ready").out
    started("apply")
    assert "lost " not in started("journal", NAME, "--adopt").out


def test_only_who_may_settle_takes_it_over_and_says_of_what(started: User) -> None:
    deleted(started)
    assert started("journal", NAME, "--adopt", by="mallory").word == Exit.REFUSED
    assert started("journal", NAME, "--adopt", by="").word == Exit.MISUSED
    assert started("journal", "--adopt").word == Exit.MISUSED
    assert LOST in started("status", NAME).err


def test_a_forge_that_was_emptied_is_not_taken_for_one_where_all_is_done(started: User) -> None:
    for file in started.folder.glob("forge.db*"):
        file.unlink()
    answer = started("start", "--from", str(started.folder / "release.yaml"))
    assert answer.word == Exit.BROKEN
    assert "the forge has none of it" in answer.err
    assert "put the forge back from a backup" in answer.err

"""What was begun and cut off: every command that looks says it, every command that changes something settles it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

import pytest

from secrel.apply.applying import Done, Outcome
from secrel.apply.unfinished import Unfinished
from secrel.cli.doubts import told_unfinished
from secrel.cli.session import told_outcomes
from secrel.journal.entries import Entry, Remembered
from secrel.journal.journal import Journal
from secrel.words.effects import Effect, OpenIssue
from secrel.words.errors import Exit
from secrel.words.outcomes import CannotTell, Made
from tests.cli.desks import NOW, PROGRAM, User, clean_environment

NAME = "2027-01"
COMMENT = {"kind": "Comment", "action": {"ref": "vendor/product#1", "body": "x"}}
MAIL = {"kind": "SendMail", "action": {"to": "all@vendor.example", "subject": "s", "eml": "m"}, "blind": True}
LOOKS = "  to go on: let the desk look for it: secrel apply 2027-01 --by USERNAME"


def begin(user: User, key: str, body: Mapping[str, object]) -> None:
    journal = Journal(str(user.folder / "journal.db"))
    journal.add(Entry(NOW, NAME, Remembered.INTENT, key, "bjorn", body))
    journal.close()


@pytest.mark.parametrize("command", [("status",), ("plan",)], ids=" ".join)
def test_a_command_that_looks_says_what_is_in_doubt_and_changes_nothing(
    command: tuple[str, ...], started: User
) -> None:
    begin(started, f"{NAME}/say/it", COMMENT)
    for _ in range(2):
        told = started(*command).err
        assert f"in doubt: {NAME}: nobody knows whether {NAME}/say/it happened" in told
        assert "it was begun 2026-12-24 16:00 UTC by bjorn, and cut off" in told
        assert LOOKS in told


def test_the_doctor_says_what_is_in_doubt(started: User) -> None:
    begin(started, f"{NAME}/say/it", COMMENT)
    answer = started("doctor")
    assert answer.word == Exit.MISUSED
    assert f"trouble  in doubt     {NAME}: nobody knows whether {NAME}/say/it happened" in answer.out
    assert "secrel apply 2027-01 --by USERNAME" in answer.out
    started("apply")
    assert "in doubt" not in started("doctor").out


@pytest.mark.parametrize(
    "command",
    [
        ("apply",),
        ("claim", NAME, "duties-present", "--waive", "--words", "they swap"),
        ("fix", "set", NAME, "vendor/product#1", "edition=EE"),
        ("fix", "notes", NAME, "vendor/product#1", "--words", "read"),
        ("handover", NAME),
        ("cve", "request", NAME),
        ("email", "draft", NAME, "--issue"),
    ],
    ids=" ".join,
)
def test_any_command_that_changes_something_settles_what_can_be_found(command: tuple[str, ...], started: User) -> None:
    begin(started, f"{NAME}/say/it", COMMENT)
    assert "in doubt" not in started(*command).err
    assert started("journal", NAME, "--doubts").word == Exit.DONE


def test_apply_says_what_became_of_it(started: User) -> None:
    begin(started, f"{NAME}/say/it", COMMENT)
    told = started("apply").out.splitlines()
    assert told[0] == (
        f"not done {NAME}/say/it  begun 2026-12-24 16:00 UTC by bjorn, and cut off; it is free to be done again"
    )


@pytest.mark.parametrize(
    "command",
    [
        ("apply",),
        ("claim", NAME, "duties-present", "--waive", "--words", "they swap"),
        ("fix", "set", NAME, "vendor/product#1", "edition=EE"),
        ("rotation", "swap", NAME, "bjorn", "--for", "dewi"),
        ("status",),
        ("plan",),
    ],
    ids=" ".join,
)
def test_what_nobody_can_look_for_is_said_by_every_command_until_it_is_settled(
    command: tuple[str, ...], started: User
) -> None:
    key = f"{NAME}/email"
    begin(started, key, MAIL)
    answer = started(*command)
    assert f"nobody knows whether {key} happened" in answer.err
    assert f"secrel apply {NAME} --settle {key} --as done --by USERNAME, or --as not-done" in answer.err
    assert (answer.word == Exit.BROKEN) == (command == ("apply",))
    unsaid = started("apply", "--settle", key)
    assert unsaid.word == Exit.MISUSED
    assert f"what became of {key} is not said" in unsaid.err
    assert "--as done, or --as not-done" in unsaid.err
    assert started("apply", "--settle", key, "--as", "not-done").word == Exit.DONE
    assert started("journal", NAME, "--doubts").word == Exit.DONE


def test_many_doubts_are_counted(started: User) -> None:
    for number in range(7):
        begin(started, f"{NAME}/email/{number}", MAIL)
    told = started("journal", "--doubts")
    assert told.word == Exit.BROKEN
    assert told.err.count("nobody knows whether") == 5
    assert "2 more are in doubt" in told.err


def test_why_something_is_in_doubt_is_said_with_what_to_do() -> None:
    asked = Effect(f"{NAME}/tracking", OpenIssue("vendor/desk", "a title", ""), "open the tracking issue")
    why = "more than one desk has made it: vendor/desk#1, vendor/desk#2; close all but one"
    assert told_outcomes([Outcome(asked, Done.DOUBT, "", why=why)]).splitlines() == [
        f"in doubt {NAME}/tracking  open the tracking issue",
        f"  why {NAME}/tracking is in doubt: {why}",
    ]


def test_what_is_found_is_said_with_its_address_and_what_is_not_with_why() -> None:
    intent = Entry(NOW, NAME, Remembered.INTENT, f"{NAME}/tracking", "bjorn", COMMENT)
    told = told_unfinished([Unfinished(intent, Made("vendor/desk#1")), Unfinished(intent, CannotTell("it is blind"))])
    assert told == [
        f"found    {NAME}/tracking  begun 2026-12-24 16:00 UTC by bjorn, and cut off; it is at vendor/desk#1",
        f"in doubt {NAME}/tracking  begun 2026-12-24 16:00 UTC by bjorn, and cut off; it is blind",
    ]


_HOLDER = """
import sys
from secrel.journal.journal import Journal
with Journal(sys.argv[1]).holding("2027-01", "2027-01/say/it", by="dewi"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.long  # two processes of their own
def test_a_command_that_waits_for_another_desk_says_for_whom_and_goes_on_after_it(started: User) -> None:
    begin(started, f"{NAME}/say/it", COMMENT)
    journal = str(started.folder / "journal.db")
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", _HOLDER, journal], stdin=pipe, stdout=pipe, text=True) as dewi:
        assert dewi.stdin is not None
        assert dewi.stdout is not None
        assert dewi.stdout.readline() == "held\n"
        words = (*PROGRAM, "apply", NAME, "--by", "amara", "--desk", str(started.folder))
        with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, env=clean_environment()) as amara:
            assert amara.stderr is not None
            said = amara.stderr.readline()
            assert f"waiting: dewi (process {dewi.pid} on " in said
            assert f"holds {NAME}/say/it since " in said
            dewi.communicate("\n")
            out, err = amara.communicate()
            assert f"not done {NAME}/say/it" in out
            assert "waiting" not in err

"""The test mail, as it came back, and the small letters that the desk writes (mission M4, M7, M9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pygit2
import pytest

from secrel.desk.carrying_out import carry_out_free
from secrel.desk.claiming import claim
from secrel.desk.fixing import remove_fix
from secrel.desk.looking import look
from secrel.desk.mailing import verify_mail
from secrel.desk.starting import start
from secrel.faces.fixes.cves import cve_standing
from secrel.journal.entries import last_mail
from secrel.observe.release_file import read_release_file
from secrel.papers.email.current import email_now
from secrel.words.errors import Misused
from tests.builders import notes_of
from tests.desk.stage import DUE, NAME, NOTEBOOKS, PROCESS, RELEASE, TOKENS, Stage


def the_mail(stage: Stage) -> bytes:
    return email_now(look(stage.desk(), NAME)).eml.encode()


def test_a_mail_that_says_what_the_post_says_is_remembered_as_right(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    notes = len(notes_of(stage.issue("comms")))
    assert verify_mail(stage.desk("bjorn"), NAME, the_mail(stage)) == ()
    mail = last_mail(stage.desk().journal.entries(NAME))
    assert mail is not None
    assert mail.disagreements == ()
    assert len(notes_of(stage.issue("comms"))) == notes


def test_a_mail_that_disagrees_is_told_to_whoever_sends_it_each_time(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    notes = len(notes_of(stage.issue("comms")))
    wrong = the_mail(stage).replace(b"1.1.9", b"1.1.8")
    for count in (1, 2):
        found = verify_mail(stage.desk("bjorn"), NAME, wrong)
        assert any("1.1.8" in one.what for one in found)
        assert len(notes_of(stage.issue("comms"))) == notes + count
        assert "1.1.8" in notes_of(stage.issue("comms"))[-1].body
    mail = last_mail(stage.desk().journal.entries(NAME))
    assert mail is not None
    assert mail.disagreements
    plan = carry_out_free(stage.desk(), NAME).left
    assert f"{NAME}/email" not in [effect.key for effect in plan.effects], "a wrong mail is not sent to everybody"


def test_a_mail_is_held_to_the_post_as_corrections_made_it(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    was = look(stage.desk(), NAME).contents.is_critical
    for rest, number in ((RATED[not was], ""), (RATED[was], "/2")):
        before = the_mail(stage)
        stage.write(NOTEBOOKS, {"vector": f"CVSS:3.1/AV:N/AC:L/{rest}"})
        stage.quiet()
        stage.approve("bjorn", only=("release_post",))
        assert verify_mail(stage.desk("bjorn"), NAME, the_mail(stage)), "the correction is not merged yet"
        stage.forge.people.merge(stage.request(f"post/correction{number}").ref, "release-managers", stage.at)
        assert verify_mail(stage.desk("bjorn"), NAME, the_mail(stage)) == ()
        assert verify_mail(stage.desk("bjorn"), NAME, before)


RATED = {True: "PR:N/UI:N/S:U/C:H/I:H/A:H", False: "PR:L/UI:R/S:C/C:L/I:L/A:N"}
"""The rest of a vector, by whether it makes a release critical."""


def test_before_there_is_a_post_a_mail_is_compared_with_the_facts(staged: Callable[[str], Stage]) -> None:
    stage = staged("begun")
    assert verify_mail(stage.desk(), NAME, the_mail(stage)) == ()
    wrong = the_mail(stage).replace(b"1.1.9", b"1.1.8")
    assert verify_mail(stage.desk(), NAME, wrong), "and there is no communications issue to say it on"
    assert stage.forge.people.issue_made(f"{NAME}/comms") is None


def test_what_is_no_mail_is_misused_and_not_remembered(staged: Callable[[str], Stage]) -> None:
    stage = staged("begun")
    with pytest.raises(Misused, match="this is no mail"):
        verify_mail(stage.desk(), NAME, b"\x00\x01 nothing")
    assert last_mail(stage.desk().journal.entries(NAME)) is None


def test_release_managers_of_a_critical_release_are_asked_and_told(staged: Callable[[str], Stage]) -> None:
    stage = staged("begun")
    text = RELEASE[: RELEASE.index("fixes:")].replace("kind: planned", "kind: unplanned")
    text = text.replace(f"release: {NAME}", "release: critical").replace("[1.2.3, 1.1.9]", "[1.2.4, 1.1.10]")
    start(stage.desk(), read_release_file(text, "release.yaml", PROCESS))
    carry_out_free(stage.desk(), "critical", ("tell_release_managers",))
    tracking = stage.forge.people.issue_made("critical/tracking")
    assert tracking is not None
    assert len(notes_of(tracking)) == 1
    assert any("critical" in file.name for file in stage.files("messages"))


def test_whoever_forgot_a_range_is_asked_once(staged: Callable[[str], Stage]) -> None:
    stage = staged("begun")
    stage.write(TOKENS, {"affected": None})
    for _ in range(3):
        stage.quiet()
        stage.at += timedelta(hours=1)
    [note] = notes_of(stage.forge.people.issues([TOKENS])[TOKENS])
    assert "developers" in note.body
    assert stage.forge.people.issue_made(f"{NAME}/cve/request/{NOTEBOOKS}") is not None, "the others do not wait for it"
    assert stage.forge.people.issue_made(f"{NAME}/cve/request/{TOKENS}") is None


def test_the_prepared_text_is_left_on_a_fix_that_was_taken_out(staged: Callable[[str], Stage]) -> None:
    stage = staged("drafted")
    stage.at += timedelta(hours=1)
    remove_fix(stage.desk(), NAME, TOKENS, "not ready")
    stage.quiet()
    [note] = notes_of(stage.forge.people.issues([TOKENS])[TOKENS])
    assert "Tokens of the service were written into log files" in note.body
    assert "Tokens in the log files" not in stage.request("post/draft").files[0][1]
    stage.quiet()
    assert len(notes_of(stage.forge.people.issues([TOKENS])[TOKENS])) == 1


def test_a_fix_that_was_taken_out_incomplete_gets_a_comment_without_a_text(staged: Callable[[str], Stage]) -> None:
    stage = staged("drafted")
    stage.at += timedelta(hours=1)
    stage.write(TOKENS, {"vector": "AV:N"})
    stage.forge.people.unlink(TOKENS, stage.issue("tracking").ref, stage.at)
    stage.quiet()
    [note] = notes_of(stage.forge.people.issues([TOKENS])[TOKENS])
    assert "Tokens of the service" not in note.body


def test_tags_that_lack_a_fix_are_told_to_the_release_managers(staged: Callable[[str], Stage]) -> None:
    stage = staged("ready")

    repository = pygit2.Repository(stage.folder / "product.git")
    old = repository.references["refs/tags/v1.2.1"].target
    repository.references.create("refs/tags/v1.2.3", old, force=True)
    stage.at = DUE - timedelta(hours=1)
    stage.quiet()
    note = notes_of(stage.issue("tracking"))[-1]
    assert "1.2.3" in note.body
    count = len(notes_of(stage.issue("tracking")))
    stage.at += timedelta(hours=1)
    stage.quiet()
    assert len(notes_of(stage.issue("tracking"))) == count
    stage.at += timedelta(hours=3)
    stage.quiet()
    assert len(notes_of(stage.issue("tracking"))) == count + 1


def test_the_test_mail_is_asked_of_whoever_is_assigned_and_is_not_of_the_team(
    staged: Callable[[str], Stage],
) -> None:
    for assignees, asked in (
        (["someone-of-comms"], "someone-of-comms"),
        (["amara"], "communications"),
        ([], "communications"),
    ):
        stage = staged("ready")
        stage.forge.people.set_assignees(stage.issue("comms").ref, assignees)
        stage.at = DUE + timedelta(minutes=1)
        stage.quiet()
        stage.approve("amara")
        stage.quiet()
        note = next(n for n in notes_of(stage.issue("comms")) if "amara@vendor.example" in n.body)
        assert asked in note.body


def test_how_a_cve_stands_is_told(staged: Callable[[str], Stage]) -> None:
    stage = staged("begun")
    standing = cve_standing(look(stage.desk(), NAME), NOTEBOOKS)
    assert (standing.fix, standing.cve_id, standing.request) == (NOTEBOOKS, "", "")
    stage.write(NOTEBOOKS, {"no_cve": "only our own service is affected"})
    standing = cve_standing(look(stage.desk(), NAME), NOTEBOOKS)
    assert (standing.no_cve, standing.missing) == ("only our own service is affected", ())
    with pytest.raises(Misused, match="is not in this release"):
        look(stage.desk(), NAME).advisory("vendor/product#99")


def test_a_release_with_signed_exceptions_ends_like_any_other(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    claim(stage.desk("bjorn"), NAME, "reporters-told", "told by telephone", waives=True)
    stage.approve("bjorn", ("email", "cve_records"))
    stage.at = DUE + timedelta(days=40)
    stage.quiet()
    stage.approve("bjorn")
    stage.quiet()
    assert stage.issue("tracking").state == "opened", "the mail and the records are prepared, and were not sent"
    stage.send()
    stage.quiet()
    assert stage.issue("tracking").state == "closed"
    assert not stage.files("reporters")

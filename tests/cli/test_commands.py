"""Commands on a real desk: what they say, how they end, and what they change."""

from __future__ import annotations

import json
import shlex
from datetime import timedelta
from pathlib import Path

import pytest

from secrel.cli import pages
from secrel.cli.main import run
from secrel.cli.pages import main
from secrel.words.errors import Exit
from tests.cli.desks import DUE, RELEASE, User

VECTOR = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N"
help_page = Path(pages.__file__).with_name("help.txt")


def test_a_desk_that_was_made_is_well(user: User) -> None:
    answer = user("doctor", by="")
    assert answer.word == Exit.DONE, answer.out
    assert "trouble" not in answer.out
    again = run(["init", str(user.folder), "--process", "generic"])
    assert again == Exit.DONE
    assert "finder-one" in (user.folder / "release.yaml").read_text("utf-8"), "nothing that is there is overwritten"


def test_the_doctor_says_what_to_mend(user: User) -> None:
    (user.folder / "team.toml").write_text('[[person]]\nusername = "x"\n', "utf-8")
    answer = user("doctor", by="")
    assert answer.word == Exit.MISUSED
    assert "trouble" in answer.out
    assert "team.toml" in answer.out


@pytest.mark.parametrize(
    ("regions", "is_enough"),
    [
        (("emea", "amer"), False),
        (("emea", "amer", "apac"), False),
        (("emea", "emea", "emea", "amer"), False),
        (("emea", "amer", "emea", "amer"), True),
        (("emea", "amer", "apac", "apac"), True),
    ],
)
def test_the_doctor_says_when_a_team_is_too_small_for_two_releases_in_a_row(
    user: User, regions: tuple[str, ...], *, is_enough: bool
) -> None:
    people = [f'[[person]]\nusername = "p{n}"\nname = "P"\nregion = "{one}"\n' for n, one in enumerate(regions)]
    more = 'zone = "Europe/Berlin"\nemail = "p@desk.example"\n'
    (user.folder / "team.toml").write_text("\n".join(f"{one}{more}" for one in people), "utf-8")
    answer = user("doctor", by="")
    assert ("in_a_row = true under [defaults]" in answer.out) == (not is_enough)
    file = user.folder / "process.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("[defaults]\n", "[defaults]\nin_a_row = true\n"), "utf-8")
    assert "in_a_row" not in user("doctor", by="").out


@pytest.mark.parametrize(
    "versions", [("product=1.2.4", "product=1.1.10"), ("1.2.4,1.1.10",), ("product=1.2.4,1.1.9", "1.1.10")]
)
def test_a_move_drops_no_version_that_was_named(started: User, versions: tuple[str, ...]) -> None:
    options = [word for one in versions for word in ("--versions", one)]
    answer = started("forge", "move", "2027-01", *options, "--due", (DUE + timedelta(days=1)).isoformat())
    assert answer.word == Exit.MISUSED
    assert "name each product once, with all its versions" in answer.err
    assert "1.2.3 and 1.1.9" in started("status").out


def test_a_release_is_started_once(started: User) -> None:
    again = started("start", "--from", str(started.folder / "release.yaml"))
    assert again.word == Exit.DONE
    assert "already" in again.out
    assert "done" not in again.out
    assert started("status").word in (Exit.DONE, Exit.BLOCKED)


def test_status_has_its_forms(started: User) -> None:
    assert "2027-01" in started("status").out
    sheet = started("status", "--format", "html").out
    assert sheet.startswith("<!doctype html>")
    assert "Plan that waits" in sheet
    page = started("status", "--format", "markdown").out
    assert "```mermaid" in page
    told = json.loads(started("status", "--format", "json").out)
    assert told["release"]["name"] == "2027-01"
    one = started("status", "--gate", "fixes-linked").out
    assert "draft" not in one.lower() or "fixes" in one.lower()


def test_fixes_are_shown_added_completed_and_removed(started: User) -> None:
    table = started("fix", "show").out
    assert "CVE-2026-1111" in table
    assert "8.7" in table
    ref = "vendor/product#1"
    assert "high" in started("fix", "show", "2027-01", ref).out
    assert json.loads(started("fix", "show", "2027-01", "--format", "json").out)["fixes"][0]["severity"] == "high"
    added = started("fix", "add", "2027-01", "tokens", "--set", "title=Tokens in logs", "--since", "1.1")
    assert added.word == Exit.DONE, added.err
    completed = started("fix", "set", "2027-01", "vendor/product#2", "cve=CVE-2026-2222", "assigned_by=us")
    assert completed.word == Exit.DONE, completed.err
    assert "CVE-2026-2222" in started("fix", "show", "2027-01", "vendor/product#2").out
    removed = started("fix", "remove", "2027-01", "vendor/product#2", "--reason", "not ready")
    assert removed.word == Exit.DONE
    assert "CVE-2026-2222" not in started("fix", "show").out
    assert "not ready" in started("journal", "2027-01").out


def test_what_a_description_says_otherwise_is_told_when_it_is_given_and_the_remedy_takes_it_out(started: User) -> None:
    told = "description=A token in versions before 1.2.9 was kept (FIXME)."
    added = started("fix", "add", "2027-01", "tokens", "--set", "title=Tokens", "--set", told, "--since", "1.1")
    assert added.word == Exit.DONE, added.err
    ref = "vendor/product#2"
    said = (
        f"to be settled: {ref}: its description says 'versions before 1.2.9', and its facts say all versions from 1.1"
    )
    assert said in added.err
    remedies = [line.partition("secrel ")[2] for line in added.err.splitlines() if "--reword" in line]
    assert remedies == [
        f"fix set 2027-01 {ref} --reword 'in versions before 1.2.9='",
        f"fix set 2027-01 {ref} --reword FIXME=",
    ]
    for remedy in remedies:
        answer = started(*shlex.split(remedy))
        assert answer.word == Exit.DONE, answer.err
    assert "to be settled" not in answer.err
    assert "is no pair" in started("fix", "set", "2027-01", ref, "--reword", "words").err
    shown = started("fix", "show", "2027-01", ref, "--format", "json").out
    assert "A token was kept." in shown


def test_a_release_is_cancelled_and_says_so(started: User) -> None:
    cancelled = started("cancel", "2027-01", "--reason", "not ready")
    assert cancelled.word == Exit.DONE, cancelled.err
    assert "close the tracking issue" in cancelled.out
    assert "2027-01 is cancelled" in cancelled.err
    assert "Cancelled by amara" in started("status", "2027-01").out
    assert started("apply", "2027-01").word == Exit.REFUSED
    assert "Cancelled by amara" in started("status").out, "it is the only one"
    file = started.folder / "more.yaml"
    file.write_text(
        RELEASE[: RELEASE.index("fixes:")].replace("2027-01", "2027-02").replace("1.2.3, 1.1.9", "1.2.4, 1.1.10")
        + "fixes: []\n",
        "utf-8",
    )
    assert started("start", "--from", str(file)).word == Exit.DONE
    assert "Security release 2027-02" in started("status").out, "and with another one that is meant"


def test_fixes_go_from_one_release_to_another(started: User) -> None:
    file = started.folder / "more.yaml"
    file.write_text(
        RELEASE[: RELEASE.index("fixes:")].replace("2027-01", "2027-02").replace("1.2.3, 1.1.9", "1.2.4, 1.1.10")
        + "fixes: []\n",
        "utf-8",
    )
    assert started("start", "--from", str(file)).word == Exit.DONE
    moved = started("split", "2027-01", "2027-02", "vendor/product#1", "--reason", "not ready")
    assert moved.word == Exit.DONE, moved.err
    assert "next: secrel apply 2027-02" in moved.err
    assert "CVE-2026-1111" in started("fix", "show", "2027-02").out
    joined = started("join", "2027-02", "2027-01", "--reason", "one is enough")
    assert joined.word == Exit.DONE, joined.err
    assert "CVE-2026-1111" in started("fix", "show", "2027-01").out


def test_a_post_has_the_author_that_is_named(started: User) -> None:
    named = ("--email", "author@vendor.example", "--full-name", "Elif Author", "--username", "dewi")
    answer = started("make-blogpost", "2027-01", *named)
    assert answer.word == Exit.DONE
    assert "Elif Author" in answer.out
    assert "Elif Author" not in started("make-blogpost", "2027-01").out
    started("make-blogpost", "2027-01", "--draft", *named)
    assert "Elif Author" in started("make-blogpost", "2027-01").out, "the desk remembers it"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fix", "show", "2027-01", "vendor/product#99"), "is no fix of this release"),
        (("fix", "remove", "2027-01", "vendor/product#99", "--reason", "x"), "is no fix of this release"),
        (("fix", "add", "2027-01", "x", "--set", "colour=red"), "there is no field"),
        (("fix", "add", "2027-01", "x", "--set", "title"), "is no pair"),
        (("fix", "add", "2027-01", "x", "--set", "title=t", "--set", "cve=CVE-1"), "is not a CVE id"),
        (("fix", "add", "2027-01", "x", "--set", "title=t", "--set", "vector=AV:N"), "is not a CVSS vector"),
        (("status", "2099-01"), "there is no release"),
        (("claim", "2027-01", "no-such-gate", "--yes", "--words", "x"), "there is no gate"),
        (("claim", "2027-01", "fixes-linked", "--yes", "--words", " "), "the words are empty"),
        (("email", "verify", "2027-01", "nowhere.eml"), "cannot read the mail"),
        (("make-blogpost", "2027-01", "--draft", "--release"), "exclude each other"),
        (("make-blogpost", "2027-01", "--email", "a@vendor.example"), "the author has no username"),
        (("make-blogpost", "2027-01", "--draft", "--approve", "00"), "you read the plan 00"),
        (("terminate", "2027-01", "--approve", "00"), "you read the plan 00"),
        (("rotation", "swap", "2027-01", "nobody"), "nobody"),
        (("apply", "2027-01", "--settle", "2027-01/email", "--as", "done"), "is not in doubt"),
    ],
)
def test_bad_input_says_what_where_and_what_next(started: User, words: tuple[str, ...], said: str) -> None:
    answer = started(*words)
    assert answer.word in (Exit.MISUSED, Exit.REFUSED, Exit.BLOCKED)
    assert said in answer.err
    assert "to go on:" in answer.err
    assert answer.out == ""


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("kind: planned", "kind: sometimes", "kind", 2),
        ("[1.2.3, 1.1.9]", "[1.2.3, 1.2.4]", "two versions in the series", 6),
        ("product: product", "product: other", "is no product", 6),
        ("cve: CVE-2026-1111", "cve: CVE-26-1", "is not a CVE id", 16),
        ('since: "1.0"', 'since: "9.0"', "no version of this release is later", 13),
        ("target: 1.1-stable", "target: 1.2-stable", "two merge requests go into", 22),
        ("target: 1.1-stable", "target: 0.9-stable", "is no branch of this release", 22),
        ("form: generic", "form: [", "not YAML", 6),
        ("form: generic", "forms: generic", "forms", 4),
        ("    merge_requests:", "    labels: [severity::one]\n    merge_requests:", "there is no label", 19),
        ("primary: amara", "primary: nobody", "is not in the team", 0),
    ],
)
def test_a_release_file_with_a_fault_names_its_line(user: User, old: str, new: str, said: str, line: int) -> None:
    file = user.folder / "release.yaml"
    file.write_text(RELEASE.replace(old, new), "utf-8")
    answer = user("start", "--from", str(file))
    assert answer.word == Exit.MISUSED
    assert said in answer.err
    assert not line or f"release.yaml:{line}" in answer.err, answer.err
    assert user("status", "2027-01").word == Exit.MISUSED, "nothing was started"


def test_a_release_that_is_past_is_not_started(user: User) -> None:
    file = user.folder / "release.yaml"
    lines = [line if not line.startswith("due:") else "due: 2020-01-01T00:00:00+00:00" for line in RELEASE.split("\n")]
    file.write_text("\n".join(lines), "utf-8")
    answer = user("start", "--from", str(file))
    assert answer.word == Exit.MISUSED
    assert "past" in answer.err


def test_commands_that_change_something_need_somebody(started: User) -> None:
    answer = started("fix", "remove", "2027-01", "vendor/product#1", "--reason", "x", by="")
    assert answer.word == Exit.MISUSED
    assert "nobody is named" in answer.err


def test_the_post_is_printed_for_review(started: User) -> None:
    answer = started("make-blogpost", "-e", "a@vendor.example", "-f", "Amara Example", "-n", "amara")
    assert answer.word == Exit.DONE
    assert "Stored script in notebooks" in answer.out
    assert "CVE-2026-1111" in answer.out


def test_what_reveals_is_refused_before_its_time(started: User) -> None:
    answer = started("make-blogpost", "2027-01", "--release")
    assert answer.word == Exit.REFUSED
    assert "to go on:" in answer.err
    assert started("apply", "2027-01", "--approve", "0" * 32).word == Exit.REFUSED


def test_what_is_quiet_is_applied_and_the_plan_is_empty_afterwards(started: User) -> None:
    planned = started("plan", "2027-01")
    assert planned.word == Exit.DONE
    assert "2027-01/checklist" in planned.out
    digest = started("plan", "2027-01", "--digest")
    assert (digest.word, digest.out) == (Exit.REFUSED, ""), "nothing in it needs one"
    assert "to go on: secrel apply 2027-01" in digest.err
    applied = started("apply", "2027-01")
    assert applied.word == Exit.DONE, applied.err
    assert "open the checklist (vendor/security#2)" in applied.out
    assert "2027-01/checklist" in applied.out
    assert "done" not in started("apply", "2027-01").out
    assert "- [x]" in started("checklist", "--show").out
    assert "CVE-2026-1111" in started("cve", "show").out
    record = json.loads(started("cve", "show", "2027-01", "vendor/product#1", "--record").out)
    assert record["cveMetadata"]["cveId"] == "CVE-2026-1111"


def test_merge_requests_are_checked(started: User) -> None:
    answer = started("check-merge-requests")
    assert answer.word == Exit.BLOCKED
    assert "main" in answer.out
    assert json.loads(started("check-merge-requests", "--format", "json").out)["release"] == "2027-01"
    assert "|" in started("check-merge-requests", "--format", "markdown").out


def test_handovers_and_claims_are_remembered(started: User) -> None:
    said = started("handover", "--note", "the pipeline of main is flaky")
    assert "the pipeline of main is flaky" in said.out
    assert "not sent" in said.err
    sent = started("handover", "--send")
    assert sent.err.startswith("prepared: outbox:messages/")
    listed = started("outbox")
    assert "2027-01/handover/2026-12-24/amara to security-team, by amara: outbox:messages/" in listed.out
    assert "secrel sent 2027-01 message" in listed.err
    said = started("sent", "2027-01", "messages")
    assert said.out == "sent  2027-01/handover/2026-12-24/amara  amara, 2026-12-24 16:00 UTC\n"
    assert started("outbox").out == "nothing waits to be sent\n"
    assert json.loads(started("outbox", "--format", "json").out) == {"version": 1, "release": "2027-01", "prepared": []}
    assert started("outbox", "--format", "markdown").out == "Nothing waits to be sent.\n"
    claimed = started("claim", "2027-01", "merge-requests-ready", "--waive", "--words", "seen, and fine", by="bjorn")
    assert claimed.word == Exit.DONE
    told = json.loads(started("journal", "2027-01", "--format", "json").out)
    assert any(entry["kind"] == "claim" and entry["who"] == "bjorn" for entry in told["entries"])
    assert "waived: seen, and fine" in started("journal", "2027-01").out
    assert started("journal", "2027-01", "--doubts").out == "nothing is in doubt\n"


def test_a_no_is_said_as_one(started: User) -> None:
    words = ("claim", "2027-01", "draft-reviewed", "--words", "not with this title")
    for said, why in (
        ((), "it is neither a yes nor a no"),
        (("--yes",), "it is a yes, and its words say no: 'not with this title'"),
        (("--no", "--waive"), "exclude each other"),
        (("--yes", "--no"), "exclude each other"),
    ):
        answer = started(*words, *said, by="bjorn")
        assert answer.word == Exit.MISUSED
        assert why in answer.err
    denied = started(*words, "--no", by="bjorn")
    assert denied.word == Exit.DONE
    assert denied.out.startswith("denied  draft-reviewed  bjorn, ")
    assert "no: not with this title" in started("journal", "2027-01").out


def test_a_document_is_shown_as_it_is_and_compared_with_what_it_should_be(started: User) -> None:
    for command in ("show", "diff"):
        assert started(command, "2027-01").word == Exit.MISUSED
        assert "the draft post does not exist yet" in started(command, "2027-01").err
    assert started("checklist").word == Exit.DONE
    assert started("email", "draft", "--issue").word == Exit.DONE
    page = started("show", "2027-01", "comms")
    assert page.word == Exit.DONE
    assert "1.2.3" in page.out
    assert "opened" in page.err
    assert "is what it should be" in started("diff", "2027-01", "comms").out
    again = started("diff", "2027-01", "checklist").out
    assert "+++ as it is" in again, "it is a look behind: it does not know yet that it is open"


def test_the_rotation_is_planned_shown_and_exported(started: User, tmp_path: Path) -> None:
    assert "amara" in started("rotation", "show").out
    assert "Primary" in started("rotation", "plan", "--count", "1").out or started("rotation", "plan").word
    calendar = tmp_path / "rotation.ics"
    assert started("rotation", "export", "--to", str(calendar)).word == Exit.DONE
    assert calendar.read_text("utf-8").startswith("BEGIN:VCALENDAR")
    assert "dewi: can\n" in started("rotation", "show", "2027-01", "bjorn").out
    swapped = started("rotation", "swap", "2027-01", "bjorn")
    assert swapped.word == Exit.DONE, swapped.err
    assert "dewi" in started("rotation", "show").out


def test_the_mail_is_drafted(started: User) -> None:
    draft = started("email", "draft")
    assert draft.out.startswith("Subject: ")
    assert "1.2.3" in draft.out
    whole = started("email", "draft", "--eml").out
    assert "multipart/alternative" in whole


def test_a_test_mail_is_verified_and_remembered(started: User, tmp_path: Path) -> None:
    mail = tmp_path / "test.eml"
    mail.write_text(started("email", "draft", "--eml").out, "utf-8")
    assert started("email", "verify", "2027-01", str(mail)).word == Exit.DONE
    mail.write_text(mail.read_text("utf-8").replace("1.1.9", "1.1.8"), "utf-8")
    wrong = started("email", "verify", "2027-01", str(mail))
    assert wrong.word == Exit.BLOCKED
    assert "1.1.8" in wrong.out
    lines = [line for line in started("journal", "2027-01").out.splitlines() if "  mail  " in line]
    assert lines[0].endswith("0 disagreements")
    assert "disagreement" in lines[1]


@pytest.mark.parametrize("words", [["nonsense"], ["status", "--nonsense"], ["fix"], ["fix", "remove"]])
def test_what_is_no_command_line_is_misused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) in (Exit.MISUSED, Exit.DONE)
    told = capsys.readouterr()
    assert told.out or "to go on: secrel" in told.err


def test_where_there_is_no_desk_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "--desk", str(tmp_path)]) == Exit.MISUSED
    assert "there is no desk here" in capsys.readouterr().err


def test_the_first_page_of_help_is_ready(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == Exit.DONE
    assert "check-merge-requests" in capsys.readouterr().out


def test_the_checklist_is_opened_when_its_turn_has_come_and_is_blocked_before(user: User) -> None:
    assert user("start", "--from", str(user.folder / "release.yaml")).word == Exit.DONE
    before = user("checklist", "--show")
    assert before.word == Exit.BLOCKED
    assert "there is no checklist yet" in before.err
    opened = user("checklist")
    assert opened.word == Exit.DONE
    assert opened.out.startswith("# ")
    assert user("checklist", "--show").out == opened.out


def test_a_checklist_that_has_to_wait_says_for_what(user: User) -> None:
    file = user.folder / "release.yaml"
    head, _, _ = RELEASE.partition("fixes:")
    file.write_text(head, "utf-8")
    assert user("start", "--from", str(file)).word == Exit.DONE
    answer = user("checklist")
    assert answer.word == Exit.BLOCKED
    assert "checklist-open waits for" in answer.err


def test_requests_and_the_communications_issue_are_opened_once(started: User) -> None:
    told = ("title=Tokens in logs", "description=A token was logged.", f"vector={VECTOR}", "weakness=CWE-532")
    sets = [word for text in told for word in ("--set", text)]
    assert started("fix", "add", "2027-01", "tokens", *sets, "--since", "1.0").word == Exit.DONE
    assert "vendor/product#2" in started("cve", "request").out
    assert started("cve", "request").out == "nothing to do\n"
    assert started("cve", "request", by="").word == Exit.MISUSED
    assert "2027-01/comms" in started("email", "draft", "--issue").out
    assert started("email", "draft", "--issue").out == "nothing to do\n"


def test_a_mail_that_is_too_large_is_not_read(started: User, tmp_path: Path) -> None:
    mail = tmp_path / "large.eml"
    with mail.open("wb") as file:
        file.truncate(25_000_001)
    answer = started("email", "verify", "2027-01", str(mail))
    assert answer.word == Exit.MISUSED
    assert "larger than 25,000,000 bytes" in answer.err


def test_what_could_not_be_seen_is_told_as_such(started: User) -> None:
    (started.folder / "product.git" / "HEAD").unlink()
    assert started("status").word == Exit.UNSEEN
    answer = started("check-merge-requests")
    assert answer.word == Exit.UNSEEN


def test_a_critical_release_is_called_by_an_issue_of_the_first_severity(started: User) -> None:
    file = started.folder / "critical.yaml"
    unplanned = RELEASE.replace("release: 2027-01", "release: urgent").replace("planned", "unplanned")
    file.write_text(unplanned.partition("fixes:")[0].replace("[1.2.3, 1.1.9]", "[1.2.4, 1.1.10]"), "utf-8")
    words = ("start", "--critical", "vendor/product#1", "--from", str(file))
    refused = started(*words)
    assert refused.word == Exit.MISUSED
    assert "is not labelled" in refused.err
    assert started("forge", "label", "vendor/product#1", "severity::1").word == Exit.DONE
    answer = started(*words)
    assert answer.word == Exit.DONE, answer.err
    assert "urgent/link" in answer.out
    assert started("start", "--from", str(started.folder / "nowhere.yaml")).word == Exit.MISUSED
    assert started("start").word == Exit.MISUSED


def test_without_a_name_the_next_release_is_meant_or_else_the_last(started: User) -> None:
    assert "2027-01" in started("status").out
    started.now = DUE + timedelta(days=2)
    assert "2027-01" in started("status").out


def test_without_any_release_there_is_nothing_to_look_at(user: User) -> None:
    answer = user("status")
    assert answer.word == Exit.MISUSED
    assert "there is no release" in answer.err


def test_one_gate_is_shown_and_a_strange_one_refused(started: User) -> None:
    told = json.loads(started("status", "--gate", "ranges-given", "--format", "json").out)
    assert [gate["name"] for gate in told["gates"]] == ["ranges-given"]
    assert started("status", "--gate", "nothing").word == Exit.MISUSED


def test_the_rotation_of_one_release_is_shown(started: User) -> None:
    assert started("rotation", "show", "2027-01").out.count("2027-01") == 2
    assert started("rotation", "show", "2099-01").word == Exit.MISUSED
    for count in ("0", "61"):
        assert "cannot be planned" in started("rotation", "plan", "--count", count).err
    schedule = started.folder / "releases.yml"
    assert "cannot read the schedule" in started("rotation", "export", "--schedule", str(schedule)).err


def test_a_fix_is_completed_from_a_file_or_not_at_all(started: User) -> None:
    assert "needs a name and a title" in started("fix", "add", "2027-01").err
    assert "is no pair" in started("fix", "add", "2027-01", "x", "--set", "=t").err
    assert "is no pair" in started("fix", "add", "2027-01", "x", "--set", "title=t", "--branch", "main").err


def test_what_waits_for_a_word_is_settled_with_a_name(started: User) -> None:
    assert started("apply", "--settle", "2027-01/email", by="").word == Exit.MISUSED
    assert started("apply", "--approve", "0" * 32, by="").word == Exit.MISUSED
    assert started("make-blogpost", "--draft", by="").word == Exit.MISUSED
    assert "named" in started("make-blogpost", "--draft", by="").err


def test_the_pages_of_help_are_written(tmp_path: Path) -> None:
    written = help_page.read_text("utf-8")
    main(tmp_path / "commands")
    assert (tmp_path / "commands" / "fix-add.md").read_text("utf-8").startswith("# secrel fix add\n")
    assert help_page.read_text("utf-8") == written

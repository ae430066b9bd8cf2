"""What people do on the embedded forge by commands, and that the desk sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from secrel.words.errors import Exit
from tests.cli.desks import DUE, User


def test_merge_requests_are_made_ready_and_merged(started: User) -> None:
    requests = [f"vendor/product!{number}" for number in (1, 2, 3)]
    assert started("forge", "pipeline", "passed", *requests).out.count("passed  vendor/product!") == 3
    for ref in requests:
        assert started("forge", "approve", ref, "--team", "appsec", by="bjorn").word == Exit.DONE
        assert started("forge", "approve", ref, "--team", "maintainer", by="dewi").word == Exit.DONE
    table = started("check-merge-requests").out
    assert "bjorn" in table
    assert "passed" in table or "✓" in table
    assert started("forge", "merge", *requests).out.count("merged  vendor/product!") == 3
    assert "3 of 3 merged" in started("fix", "show").out


def test_an_objection_is_a_discussion_that_somebody_resolves(started: User) -> None:
    ref = "vendor/product!1"
    note = started("forge", "note", ref, "Do not publish this.", "--discussion", by="dewi").out.strip()
    assert "has 1 open discussions" in started("check-merge-requests").out
    assert started("forge", "resolve", note, by="").word == Exit.MISUSED
    resolved = started("forge", "resolve", note)
    assert (resolved.word, resolved.out) == (Exit.DONE, f"resolved  {note}\n")
    assert "open discussions" not in started("check-merge-requests").out
    assert started("forge", "resolve", f"{ref}#note_999").word == Exit.MISUSED


def test_an_approval_can_be_taken_back(started: User) -> None:
    assert started("forge", "approve", "vendor/product!1", by="bjorn").word == Exit.DONE
    assert "bjorn" in started("check-merge-requests").out
    assert started("forge", "approve", "vendor/product!1", "--withdraw", by="bjorn").word == Exit.DONE
    assert "bjorn" not in started("check-merge-requests").out


def test_labels_notes_assignees_and_states(started: User) -> None:
    ref = "vendor/product#1"
    assert started("forge", "label", ref, "severity::1").word == Exit.DONE
    assert started("forge", "note", ref, "seen \x1b[31m by me").word == Exit.DONE
    assert started("forge", "assign", ref, "dewi").word == Exit.DONE
    told = started("show", ref).out
    assert "severity::1" in told
    assert "assigned to: dewi" in told
    assert "\x1b" not in told
    assert started("forge", "label", ref, "severity::1", "--remove").word == Exit.DONE
    assert "severity::1" not in started("show", ref).out
    assert started("forge", "state", ref, "closed").word == Exit.DONE
    assert "closed" in started("show", ref).out
    assert started("forge", "state", ref, "opened").word == Exit.DONE


def test_a_release_moves_and_everything_follows(started: User) -> None:
    moved = started("forge", "move", "2027-01", "--versions", "product=1.2.4,1.1.9")
    assert moved.word == Exit.DONE, moved.err
    post = started("make-blogpost", "2027-01").out
    assert "1.2.4" in post
    assert "1.2.3" not in post
    day = DUE.replace(year=DUE.year + 1)
    assert started("forge", "move", "2027-01", "--due", day.isoformat()).word == Exit.DONE
    assert f"{day:%Y/%m/%d}" in started("make-blogpost", "2027-01").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("tick", "vendor/product#99", "x"), "there is no 'vendor/product#99'"),
        (("approve", "vendor/product!99"), "vendor/product!99"),
        (("merge", "nonsense"), "nonsense"),
        (("move", "2027-01"), "nothing is changed"),
        (("move", "2027-01", "--versions", "other=1.0.0"), "does not ship"),
        (("move", "2027-01", "--versions", "product=1.2.3,1.2.4"), "two versions in the series"),
        (("move", "2027-01", "--due", "tomorrow"), "due"),
    ],
)
def test_bad_input_changes_nothing(started: User, words: tuple[str, ...], said: str) -> None:
    before = started("status", "--format", "json").out.split('"gates"')[0]
    answer = started("forge", *words)
    assert answer.word in (Exit.MISUSED, Exit.REFUSED)
    assert said in answer.err
    assert started("status", "--format", "json").out.split('"gates"')[0].split('"at"')[0] == before.split('"at"')[0]


def test_a_fix_comes_from_a_file_and_is_completed_by_one(started: User, tmp_path: Path) -> None:
    file = tmp_path / "fix.yaml"
    file.write_text(
        "name: tokens\ntitle: Tokens in logs\naffected: {since: '1.1'}\nlabels: ['severity::1']\n"
        "credits: [{name: finder-two, source: other}]\norigins: [0123abcd]\n",
        "utf-8",
    )
    added = started("fix", "add", "2027-01", "--from", str(file))
    assert added.word == Exit.DONE, added.err
    told = started("show", "vendor/product#2").out
    assert "severity::1" in told
    assert "finder-two" in told
    assert "0123abcd" in told
    file.write_text("name: tokens\ntitle: Tokens in log files\nweakness: CWE-532\n", "utf-8")
    assert started("fix", "set", "2027-01", "vendor/product#2", "--from", str(file)).word == Exit.DONE
    assert "CWE-532" in started("fix", "show", "2027-01", "vendor/product#2").out
    file.write_text("name: tokens\ntitle: x\ncolour: red\n", "utf-8")
    wrong = started("fix", "add", "2027-01", "--from", str(file))
    assert wrong.word == Exit.MISUSED
    assert "fix.yaml:3" in wrong.err
    assert started("fix", "add", "2027-01", "--from", str(tmp_path / "nowhere")).word == Exit.MISUSED


def test_every_fact_of_a_fix_that_is_there_can_be_changed(started: User) -> None:
    ref = "vendor/product#1"
    changed = started(
        *("fix", "set", "2027-01", ref, "credits=[{name: Kim, source: other}]", "references=https://acme.example/a"),
        *("related=[CVE-2020-1111]", "fixed_already=[1.2.1]", "disclosure_days=90", "workaround=Turn it off."),
        *("affected=[{since: 1.1, fixed: 1.1.9}]", "--label", "severity::2", "--unlabel", "security"),
    )
    assert changed.word == Exit.DONE, changed.err
    told = started("show", ref).out
    for text in ("Kim", "https://acme.example/a", "CVE-2020-1111", "1.2.1", "90", "Turn it off.", "severity::2"):
        assert text in told, text
    assert "labels: severity::2\n" in told
    assert started("fix", "set", "2027-01", ref, "workaround=", "related=", "--since", "1.0").word == Exit.DONE
    told = started("show", ref).out
    assert "workaround" not in told
    assert "CVE-2020-1111" not in told
    assert '{since: "1.0"}' in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing is said to change"),
        (("severity=high",), "computed from the CVSS vector"),
        (("colour=red",), "there is no field"),
        (("title",), "is no pair"),
        (("credits=[{name:",), "credits="),
        (("--label", "blue"), "there is no label"),
        (("--branch", "nowhere=1.0-stable"), "is no branch of this release"),
        (("--branch", "nowhere=main"), "no such branch"),
    ],
)
def test_what_cannot_be_set_says_what_to_say_instead(started: User, words: tuple[str, ...], said: str) -> None:
    answer = started("fix", "set", "2027-01", "vendor/product#1", *words)
    assert answer.word == Exit.MISUSED
    assert said in answer.err


def test_a_fix_is_linked_as_it_is_and_nothing_is_set_with_it(started: User) -> None:
    both = started("fix", "add", "2027-01", "--ref", "vendor/product#1", "--since", "1.0")
    assert both.word == Exit.MISUSED
    assert "secrel fix set 2027-01 vendor/product#1 FIELD=VALUE" in both.err


def test_many_merge_requests_are_approved_at_once(started: User) -> None:
    answer = started("forge", "approve", "vendor/product!1", "vendor/product!2", "vendor/product!1", by="bjorn")
    assert (answer.word, answer.out) == (Exit.DONE, "approved  vendor/product!1\napproved  vendor/product!2\n")
    answer = started("forge", "approve", "vendor/product!3", "vendor/product!99", by="bjorn")
    assert (answer.word, answer.out) == (Exit.MISUSED, "approved  vendor/product!3\n"), "what was done is said"


def test_a_text_is_edited_and_a_box_of_it_ticked(started: User) -> None:
    ref, file = "vendor/product#1", started.folder / "text.md"
    file.write_text("- [ ] The packages are ready\n", "utf-8")
    assert started("forge", "edit", ref, "--text", str(file), "--title", "Another title").word == Exit.DONE
    assert started("forge", "tick", ref, "packages").out == f"ticked  {ref}  packages\n"
    told = started("show", ref).out
    assert "Another title" in told
    assert "- [x] The packages are ready" in told
    assert started("forge", "tick", ref, "packages", "--off").word == Exit.DONE
    assert "- [ ] The packages are ready" in started("show", ref).out
    assert "nothing is changed" in started("forge", "edit", ref).err
    assert started("forge", "tick", ref, "nowhere").word == Exit.MISUSED
    assert started("forge", "edit", ref, "--title", "x", by="").word == Exit.MISUSED
    assert started("forge", "edit", ref, "--text", str(started.folder / "none.md")).word == Exit.MISUSED


def test_a_merge_request_is_shown_and_what_is_not_there_refused(started: User) -> None:
    told = started("show", "vendor/product!1", by="").out
    assert "pipeline: " in told
    assert "approved by: nobody" in told
    assert started("show", "local:vendor/product!1").out == told, "and by its address"
    assert "there is no 'vendor/product!99'" in started("show", "vendor/product!99").err
    assert started("show", "vendor/product#99").word == Exit.MISUSED

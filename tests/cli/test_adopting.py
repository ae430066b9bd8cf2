"""`secrel start --adopt`: what people opened is shown, and taken over by the command that the answer ends with."""

from __future__ import annotations

import shlex

from secrel.adapters.localforge.people import NewIssue, People
from secrel.wiring import people_at
from secrel.words.errors import Exit
from tests.cli.desks import DUE, NOW, User

LABELS = ("security", "upcoming security release")


def test_what_people_opened_is_shown_and_taken_over_by_the_command_that_is_said(user: User) -> None:
    people = people_at(user.folder, lambda: NOW)
    assert isinstance(people, People)
    new = NewIssue("vendor/security", "Security release: 1.2.x", "elif", NOW, "- [x] asked", LABELS, due=DUE.date())
    ref = people.open_issue(new)
    words = ("start", "--from", str(user.folder / "release.yaml"))
    answer = user(*words)
    assert answer.word == Exit.MISUSED
    assert f"{ref} (opened {NOW:%Y-%m-%d} by elif)" in answer.err
    assert f"secrel start --from FILE --adopt {ref}" in answer.err
    shown = user(*words, "--adopt", f"local:{ref}")
    assert shown.word == Exit.REFUSED
    assert "TAKES OVER makes something the desk's that people opened; their words stay" in " ".join(shown.out.split())
    assert "1. 2027-01/tracking: Adopt, TAKES OVER" in shown.out
    way = shown.err.partition("to go on: ")[2].strip()
    assert people.issues([ref])[ref].mark == ""
    wrong = user(*words, "--adopt", ref, "--approve", "0" * 32)
    assert wrong.word == Exit.REFUSED
    assert "you read the plan 00000000000000000000000000000000, and it is another now" in wrong.err
    done = user.elsewhere(*shlex.split(way)[1:])
    assert done.word == Exit.DONE
    assert f"take over the tracking issue {ref}" in done.out
    assert people.issues([ref])[ref].mark == "2027-01/tracking"
    assert user("status").word in {Exit.DONE, Exit.BLOCKED}


def test_a_document_that_people_opened_waits_for_an_approval(user: User) -> None:
    assert user("start", "--from", str(user.folder / "release.yaml")).word == Exit.DONE
    people = people_at(user.folder, lambda: NOW)
    assert isinstance(people, People)
    new = NewIssue("vendor/security", "Checklist 1.2.3", "elif", NOW, "- [x] asked", ("checklist",), due=DUE.date())
    ref = people.open_issue(new)
    assert f"there is no checklist yet: somebody has to approve to take over {ref}" in user("checklist").err
    answer = user("apply")
    assert answer.word == Exit.REFUSED
    assert f"take over {ref} (opened {NOW:%Y-%m-%d} by elif) as the checklist" in answer.out
    assert "refused: 2027-01: this takes over what people opened: read it, then approve it" in answer.err
    way = answer.err.partition("to go on: ")[2].strip()
    assert user.elsewhere(*shlex.split(way)[1:]).word == Exit.DONE
    assert people.issues([ref])[ref].mark == "2027-01/checklist"

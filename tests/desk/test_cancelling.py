"""A release is cancelled with one command: closed, told, carried over; and nothing is wanted of it from then on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from secrel.apply.applying import Done
from secrel.cli.session import told_outcomes
from secrel.desk.cancelling import cancel_release
from secrel.desk.carrying_out import carry_out_free
from secrel.desk.fixing import link_fix, remove_fix, request_of_before
from secrel.desk.looking import look
from secrel.desk.starting import start
from secrel.evaluate.verdicts import Passed
from secrel.faces.status.board import board_of
from secrel.faces.status.text import status_text
from secrel.journal.entries import Entry, Remembered, in_doubt
from secrel.observe.release_file import read_release_file
from secrel.words.documents import TABLE
from secrel.words.effects import Comment, values_of
from secrel.words.errors import Misused, NotSeen, Refused
from secrel.words.forge import State
from secrel.words.outcomes import NotMade
from secrel.words.parts import known
from tests.builders import notes_of
from tests.desk.stage import DUE, NAME, NOTEBOOKS, POINTS, RELEASE, TOKENS, Stage

REASON = "both fixes broke the upgrade"


def notes_on(stage: Stage, ref: str) -> str:
    """What was said on an issue."""
    return "\n".join(note.body for note in notes_of(stage.forge.people.issues([ref])[ref]))


def spoken(stage: Stage) -> str:
    """What was said in channels."""
    return "\n".join(file.read_text("utf-8") for file in stage.files("messages"))


@pytest.mark.parametrize("point", [point for point in POINTS if point != "live"])
def test_wherever_a_release_stands_nothing_of_it_stays_open_and_nothing_is_wanted(
    point: str, staged: Callable[[str], Stage]
) -> None:
    stage = staged(point)
    outcomes = cancel_release(stage.desk(), NAME, REASON)
    assert {outcome.done for outcome in outcomes} == {Done.DONE}
    stage.at += timedelta(minutes=1)
    seen = look(stage.desk(), NAME)
    documents = {name: known(seen.snapshot.document(name), None) for name in TABLE}
    assert {name for name, found in documents.items() if found is not None and found.state is State.OPENED} == set()
    told_managers = notes_on(stage, seen.issue("tracking").ref)
    tags = [tag for part in seen.snapshot.tags.values() for tag in known(part, {})]
    assert all(tag in told_managers for tag in tags), "what is tagged is to be taken back"
    assert ("Please tag and publish none" in told_managers) == (not tags)
    assert seen.snapshot.tracked_fixes == ()
    assert {fix.ref for fix in seen.snapshot.removed_fixes} == {NOTEBOOKS, TOKENS}
    assert seen.assessment.gates == (), "no gate, no deadline and no handover"
    told = status_text(board_of(seen), width=100, colour=False)
    assert "Cancelled by amara, " in told
    assert REASON in told
    assert "every gate of this release holds" not in told
    assert cancel_release(stage.desk(), NAME, REASON) == [], "and it is cancelled once"


def test_whoever_was_asked_is_told_and_channels_hear_no_reason(staged: Callable[[str], Stage]) -> None:
    stage = staged("ready")
    before = spoken(stage)
    cancel_release(stage.desk(), NAME, REASON)
    tracking, comms = stage.issue("tracking").ref, stage.issue("comms").ref
    assert "@release-managers the security release of Larkspur 1.2.3 and 1.1.9" in notes_on(stage, tracking)
    assert "Please do not send its email" in notes_on(stage, comms)
    assert REASON in notes_on(stage, tracking)
    said = spoken(stage).removeprefix(before)
    assert "is cancelled.\n\nNone of its versions is to be published." in said
    assert REASON not in said
    for ref, text in ((NOTEBOOKS, "## Stored script in notebooks"), (TOKENS, "## Tokens in the log files")):
        assert "This fix is for a later release" in notes_on(stage, ref)
        assert text in notes_on(stage, ref), "what was written of it is kept with it"


def test_ids_are_kept_for_a_later_release_which_takes_fix_request_and_id_over(staged: Callable[[str], Stage]) -> None:
    stage = staged("drafted")
    cancel_release(stage.desk(), NAME, REASON)
    request = stage.issue(f"cve/request/{NOTEBOOKS}")
    assert "please keep CVE-2026-1111 reserved for it" in notes_on(stage, request.ref)
    assert request.state is State.OPENED
    later = DUE + timedelta(days=21)
    head = RELEASE[: RELEASE.index("fixes:")].replace(f"release: {NAME}", "release: 2026-12")
    text = head.replace(DUE.isoformat(), later.isoformat()).replace("1.2.3, 1.1.9", "1.2.4, 1.1.10") + "fixes: []\n"
    start(stage.desk(), read_release_file(text, "next.yaml", stage.desk().process))
    link_fix(stage.desk(), "2026-12", NOTEBOOKS)
    carry_out_free(stage.desk(), "2026-12")
    seen = look(stage.desk(), "2026-12").snapshot
    [fix] = seen.tracked_fixes
    assert known(fix.cve_request, None) is not None
    assert [str(one.cve_id) for one in seen.contents.advisories] == ["CVE-2026-1111"]
    again = stage.forge.people.issues([request.ref])[request.ref]
    assert "1.2.4" in again.body, "and its text goes on with the later release"
    assert "1.2.3" not in again.body
    assert not any(key.startswith("2026-12/cve/request/") for key in stage.made()), "no second id is asked for"
    assert list(request_of_before(stage.desk().journal.entries(), "2026-12", NOTEBOOKS, "amara", stage.at)) == []
    assert list(request_of_before([], "2026-12", NOTEBOOKS, "amara", stage.at)) == []


def test_its_versions_are_free_again_for_the_release_that_ships_them(staged: Callable[[str], Stage]) -> None:
    stage = staged("begun")
    head = RELEASE[: RELEASE.index("fixes:")].replace(f"release: {NAME}", "release: 2026-12")
    file = read_release_file(head + "fixes: []\n", "next.yaml", stage.desk().process)
    with pytest.raises(Misused, match=f"is a version of {NAME}"):
        start(stage.desk(), file)
    cancel_release(stage.desk(), NAME, REASON)
    start(stage.desk(), file)
    assert isinstance(look(stage.desk(), "2026-12").assessment.by_name["versions-free"].verdict, Passed)
    with pytest.raises(Misused, match="is a version of 2026-12"):
        start(stage.desk(), read_release_file(head.replace("2026-12", "2027-01"), "third.yaml", stage.desk().process))


def test_what_is_given_up_is_to_be_rejected(staged: Callable[[str], Stage]) -> None:
    stage = staged("drafted")
    cancel_release(stage.desk(), NAME, REASON, gives_up=True)
    assert "please reject CVE-2026-1111" in notes_on(stage, stage.issue(f"cve/request/{NOTEBOOKS}").ref)
    assert "No release is to announce this fix" in notes_on(stage, NOTEBOOKS)


def test_before_an_id_is_assigned_the_request_stands_or_none_is_wanted(staged: Callable[[str], Stage]) -> None:
    for gives_up, said in ((False, "the request stands"), (True, "please assign no id")):
        stage = staged("begun")
        stage.quiet()
        cancel_release(stage.desk(), NAME, REASON, gives_up=gives_up)
        assert said in notes_on(stage, stage.issue(f"cve/request/{NOTEBOOKS}").ref)


def test_nobody_works_on_a_release_that_was_cancelled(staged: Callable[[str], Stage]) -> None:
    stage = staged("drafted")
    cancel_release(stage.desk(), NAME, REASON)
    for act in (stage.quiet, lambda: remove_fix(stage.desk(), NAME, NOTEBOOKS, "late")):
        with pytest.raises(Refused, match="it was cancelled by amara"):
            act()
    with pytest.raises(Refused, match="it was cancelled by amara"):
        start(stage.desk(), read_release_file(RELEASE, "release.yaml", stage.desk().process))
    assert in_doubt(stage.desk().journal.entries(NAME)) == []


def test_what_is_announced_or_half_seen_or_has_no_reason_is_not_cancelled(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    with pytest.raises(Misused, match="the release is announced"):
        cancel_release(stage.desk(), NAME, REASON)
    stage = staged("drafted")
    with pytest.raises(Misused, match="no reason"):
        cancel_release(stage.desk(), NAME, " ")
    with pytest.raises(Refused, match="is not in the team"):
        cancel_release(stage.desk("stranger"), NAME, REASON)
    stage.close()
    (stage.folder / "private.git").rename(stage.folder / "away.git")
    with pytest.raises(NotSeen, match="the draft post"):
        cancel_release(stage.desk(), NAME, REASON)
    assert stage.issue("tracking").state is State.OPENED


def test_a_release_whose_product_nobody_can_look_at_is_cancelled(staged: Callable[[str], Stage]) -> None:
    stage = staged("begun")
    (stage.folder / "product.git").rename(stage.folder / "away.git")
    cancel_release(stage.desk(), NAME, REASON)
    assert stage.issue("tracking").state is State.CLOSED


def test_nothing_is_told_where_everybody_could_read_it(staged: Callable[[str], Stage]) -> None:
    stage = staged("drafted")
    ref = stage.issue("comms").ref
    before = notes_on(stage, ref)
    stage.forge.people.set_confidential(ref, confidential=False)
    outcomes = cancel_release(stage.desk(), NAME, REASON)
    assert notes_on(stage, ref) == before
    assert stage.issue("comms").state is State.CLOSED
    [left] = [outcome for outcome in outcomes if outcome.done is not Done.DONE]
    assert (left.effect.key, left.done) == (f"{NAME}/cancel/comms", Done.LEFT)
    assert "everybody could read it" in told_outcomes(outcomes)
    assert [one.done for one in cancel_release(stage.desk(), NAME, REASON)] == [Done.LEFT], "and it is said again"
    stage.forge.people.set_confidential(ref, confidential=True)
    assert [one.done for one in cancel_release(stage.desk(), NAME, REASON)] == [Done.DONE]
    assert "Please do not send its email" in notes_on(stage, ref)
    assert cancel_release(stage.desk(), NAME, REASON) == []


def test_what_was_begun_of_a_release_that_was_cancelled_is_looked_for_all_the_same(
    staged: Callable[[str], Stage],
) -> None:
    stage = staged("begun")
    cancel_release(stage.desk(), NAME, REASON)
    key, action = f"{NAME}/say/it", Comment(NOTEBOOKS, "something")
    begun = {"kind": "Comment", "action": values_of(action)}
    stage.desk().journal.add(Entry(stage.at, NAME, Remembered.INTENT, key, "amara", begun))
    carried = carry_out_free(stage.desk(), NAME)
    assert [(one.intent.key, one.became) for one in carried.unfinished] == [(key, NotMade())]
    assert (carried.outcomes, carried.left.effects, carried.doubts) == ((), (), ())
    with pytest.raises(Refused, match="it was cancelled by amara"):
        carry_out_free(stage.desk(), NAME)

"""The release post is the reviewed draft, open and as it is, or nothing; then the draft has done its work (M6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from secrel.cli.session import Where
from secrel.cli.showing import diff, show
from secrel.desk.carrying_out import carry_out_approved
from secrel.desk.claiming import claim, deny
from secrel.desk.looking import look
from secrel.evaluate.verdicts import Blocked, Passed, Verdict, Waived
from secrel.plan.plan import Plan
from secrel.plan.planning import plan_release
from secrel.rehearsal.vendor import commit_file
from secrel.words.errors import Exit, Refused
from secrel.words.forge import State
from tests.desk.stage import DUE, NAME, NOTEBOOKS, Stage

POST = f"{NAME}/post/release"


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    """A release at the minute it is due, everything ready."""
    stage = staged("ready")
    stage.at = DUE + timedelta(minutes=1)
    return stage


def loud(stage: Stage) -> Plan:
    return plan_release(look(stage.desk(), NAME)).to_approve


def verdicts(stage: Stage) -> dict[str, Verdict]:
    """The verdicts of the gates that look at the draft, but for that which wants it closed."""
    gates = look(stage.desk(), NAME).assessment.gates
    about = [judged for judged in gates if judged.gate.told("document") == "draft"]
    return {judged.gate.name: judged.verdict for judged in about if judged.gate.check != "document_closed"}


def as_then(found: dict[str, Verdict], at: str) -> dict[str, Verdict]:
    """The same verdicts, their evidence with the time at which it was so."""
    said = f" (at {at}, when the release post was made of it)"
    return {
        name: Passed(tuple(replace(one, what=f"{one.what}{said}") for one in verdict.evidence))
        if isinstance(verdict, Passed)
        else verdict
        for name, verdict in found.items()
    }


def opens(plan: Plan) -> bool:
    return POST in {effect.key for effect in plan.effects}


def opened(stage: Stage) -> bool:
    return stage.forge.people.merge_request_made(POST) is not None


def close_it(stage: Stage) -> None:
    stage.forge.people.close(stage.request("post/draft").ref)


def object_to_it(stage: Stage) -> None:
    ref = stage.request("post/draft").ref
    stage.forge.people.add_note(ref, "Do not publish this.", "dewi", stage.at, discussion=True)


def write_into_it(stage: Stage) -> None:
    draft = stage.request("post/draft")
    [(path, text)] = draft.files
    commit_file(stage.folder / "private.git", draft.branch, (path, f"{text}\nMore.\n"), "bjorn", stage.at)


def change_a_fact(stage: Stage) -> None:
    stage.write(NOTEBOOKS, {"description": "A notebook could run script in the browser of everybody who opened it."})


def say_no(stage: Stage) -> None:
    deny(stage.desk("dewi"), NAME, "draft-reviewed", "not with this sentence in it")


@pytest.mark.parametrize("happens", [close_it, object_to_it, write_into_it, change_a_fact, say_no])
def test_whatever_becomes_of_the_draft_changes_the_plan_and_no_post_is_made(
    stage: Stage, happens: Callable[[Stage], None]
) -> None:
    before = loud(stage)
    assert opens(before)
    stage.at += timedelta(minutes=1)
    happens(stage)
    with pytest.raises(Refused):
        carry_out_approved(stage.desk("bjorn"), NAME, read=before.digest)
    stage.quiet()
    after = plan_release(look(stage.desk(), NAME))
    assert after.to_approve.digest != before.digest
    assert not opens(after)
    assert not opened(stage)
    assert any(isinstance(verdict, Blocked) for verdict in verdicts(stage).values())


def test_a_closed_draft_switches_no_gate_off(stage: Stage) -> None:
    whole = verdicts(stage)
    assert {type(verdict) for verdict in whole.values()} == {Passed}
    close_it(stage)
    assert not any(isinstance(verdict, Passed) for verdict in verdicts(stage).values())
    stage.forge.people.reopen(stage.request("post/draft").ref)
    assert verdicts(stage) == whole
    assert opens(loud(stage))


def test_what_changed_is_reviewed_again_and_then_it_goes_on(stage: Stage) -> None:
    change_a_fact(stage)
    stage.at += timedelta(minutes=1)
    stage.quiet()
    [(_, text)] = stage.request("post/draft").files
    assert "of everybody who opened it" in text, "the draft follows, whatever the gates compare"
    assert isinstance(verdicts(stage)["draft-reviewed"], Blocked)
    stage.at += timedelta(minutes=1)
    stage.forge.people.approve(stage.request("post/draft").ref, "bjorn", stage.at, "appsec")
    stage.approve("amara")
    assert stage.request("post/release").files == stage.request("post/draft").files


def test_once_it_is_carried_over_its_gates_keep_their_verdicts_evidence_and_time(stage: Stage) -> None:
    claim(stage.desk("bjorn"), NAME, "post-extras-in", "they come tomorrow", waives=True)
    stage.forge.people.withdraw(stage.request("post/draft").ref, "bjorn")
    claim(stage.desk("dewi"), NAME, "draft-reviewed", "read on paper", waives=True)
    before = verdicts(stage)
    assert isinstance(before["draft-reviewed"], Waived)
    assert isinstance(before["post-fixes-match"], Passed)
    stage.at += timedelta(minutes=1)
    stage.approve("bjorn")
    stage.quiet()
    assert stage.request("post/draft").state is State.CLOSED, "the desk closes it itself"
    before = as_then(before, f"{DUE + timedelta(minutes=2):%Y-%m-%d %H:%M %Z}")
    assert verdicts(stage) == before
    stage.at += timedelta(days=1)
    change_a_fact(stage)
    stage.quiet()
    assert verdicts(stage) == before, "what was true when it went out stays so"
    say_no(stage)
    assert isinstance(verdicts(stage)["draft-reviewed"], Blocked)


def test_a_release_post_that_somebody_changed_is_not_what_was_reviewed(stage: Stage) -> None:
    stage.approve("amara")
    post = stage.request("post/release")
    [(path, text)] = post.files
    commit_file(stage.folder / "public.git", post.branch, (path, f"{text}\nNobody read this.\n"), "bjorn", stage.at)
    judged = look(stage.desk(), NAME).assessment.by_name["post-published-right"]
    assert isinstance(judged.verdict, Blocked)
    assert judged.verdict.findings[0].what == "it is not, to the byte, what was reviewed: it was changed since"
    stage.quiet()
    asked = f"{NAME}/post/ask-merge"
    assert asked not in look(stage.desk(), NAME).snapshot.receipts, "nobody is asked to merge it"
    stage.approve("amara")
    assert stage.request("post/release").files == ((path, text),)


def test_a_reviewer_is_shown_the_draft_and_what_is_not_the_desks(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    where = Where(stage.folder, "bjorn", stage.clock)

    def said(command: Callable[..., int], *words: str) -> tuple[str, str]:
        assert command(NAME, *words, where=where) == Exit.DONE
        told = capsys.readouterr()
        return told.out, told.err

    [(path, text)] = stage.request("post/draft").files
    out, err = said(show)
    assert (out, path in err, "approved by: bjorn" in err) == (text, True, True)
    assert said(diff)[0] == "the draft post is what it should be, to the byte\n"
    stage.at += timedelta(minutes=1)
    write_into_it(stage)
    assert "+More." in said(diff)[0].splitlines()
    draft = stage.request("post/draft")
    commit_file(stage.folder / "private.git", draft.branch, (path, text.rstrip("\n")), "bjorn", stage.at)
    assert "only how its lines end" in said(diff)[0]
    commit_file(stage.folder / "private.git", draft.branch, (path, text), "bjorn", stage.at)
    stage.at += timedelta(minutes=1)
    stage.forge.people.approve(draft.ref, "bjorn", stage.at)
    stage.approve("amara")
    assert said(diff, "post")[0] == "the release post is what it should be, to the byte\n"
    post = stage.request("post/release")
    commit_file(stage.folder / "public.git", post.branch, (path, f"{text}\nNobody read this.\n"), "bjorn", stage.at)
    assert "+Nobody read this." in said(diff, "post")[0].splitlines()


def test_an_objection_on_the_release_post_keeps_it_from_being_merged(stage: Stage) -> None:
    stage.approve("amara")
    post = stage.request("post/release")
    note = stage.forge.people.add_note(post.ref, "Do not publish.", "dewi", stage.at, discussion=True)
    stage.quiet()
    asked = f"{NAME}/post/ask-merge"
    assert asked not in look(stage.desk(), NAME).snapshot.receipts
    stage.forge.people.resolve(note)
    stage.quiet()
    assert asked in look(stage.desk(), NAME).snapshot.receipts


def test_a_release_post_that_somebody_closed_is_not_open(stage: Stage) -> None:
    stage.approve("amara")
    stage.forge.people.close(stage.request("post/release").ref)
    assert isinstance(look(stage.desk(), NAME).assessment.by_name["release-post-open"].verdict, Blocked)
    stage.quiet()
    assert f"{NAME}/post/ask-merge" not in look(stage.desk(), NAME).snapshot.receipts

"""Several desks on one forge and one journal, in processes of their own: everything once, and no change lost."""

from __future__ import annotations

import multiprocessing
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from msgspec.structs import replace

from secrel.apply.applying import Done, settle_by_word
from secrel.desk.carrying_out import carry_out_approved, carry_out_free
from secrel.desk.fixing import complete_fix
from secrel.desk.looking import look
from secrel.desk.proposing import propose
from secrel.journal.entries import Remembered, in_doubt
from secrel.words.effects import Action, RewriteIssue, SendMail
from secrel.words.errors import Refused
from secrel.words.facts.stated import FixFacts, Stated
from secrel.words.facts.tables import as_table
from tests.apply.real_world import DeadlyWriter
from tests.builders import notes_of
from tests.desk.stage import DUE, NAME, NOTEBOOKS, TOKENS, Stage

FORK = multiprocessing.get_context("fork")


def at_once(*runs: Callable[[], object]) -> list[int | None]:
    """Run each in a process of its own, all at the same time; gives how they ended."""
    barrier = FORK.Barrier(len(runs))

    def started(run: Callable[[], object]) -> None:
        barrier.wait()
        run()

    processes = [FORK.Process(target=started, args=(run,)) for run in runs]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


def things(stage: Stage) -> Counter[str]:
    """Everything that is in the world, with how often."""
    found: Counter[str] = Counter()
    for mark, issue in stage.made().items():
        found[f"issue {mark}"] += 1
        for note in notes_of(issue):
            found[f"note {mark} {note.body[:40]}"] += 1
    for fix in (NOTEBOOKS, TOKENS):
        found[f"requests {fix}"] = len(stage.forge.people.related(fix))
    for folder in ("mail", "messages", "reporters", "cve"):
        for file in stage.files(folder):
            found[str(file.relative_to(stage.folder))] += 1
    return found


def receipts_of(stage: Stage) -> list[str]:
    return sorted(e.key for e in stage.desk().journal.entries(NAME) if e.kind is Remembered.RECEIPT)


def again(stage: Stage) -> Stage:
    """The same folder, with nothing opened: for another process."""
    return Stage(stage.folder, stage.at)


def test_desks_that_look_at_once_make_what_one_makes(staged: Callable[[str], Stage]) -> None:
    alone, shared = staged("begun"), staged("begun")
    alone.at = shared.at = DUE - timedelta(days=10)
    alone.quiet()
    assert at_once(*[lambda: again(shared).quiet()] * 3) == [0, 0, 0]
    shared.quiet()
    assert things(shared) == things(alone)
    assert max(things(shared).values()) == 3, "three merge requests of each fix, and nothing twice"
    assert len(set(receipts_of(shared))) == len(receipts_of(shared))


def test_a_plan_that_two_people_approve_at_once_is_carried_out_once(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    digest = propose(stage.desk(), look(stage.desk(), NAME)).to_approve.digest
    stage.close()

    def approve(by: str) -> None:
        # the other may be so fast that there is nothing left of what was read
        with suppress(Refused):
            carry_out_approved(again(stage).desk(by), NAME, read=digest)

    assert at_once(lambda: approve("amara"), lambda: approve("bjorn")) == [0, 0]
    assert [len(stage.files(folder)) for folder in ("mail", "reporters")] == [1, 2]
    keys = receipts_of(stage)
    assert len(keys) == len(set(keys))
    assert f"{NAME}/email" in keys


def test_details_that_two_people_complete_at_once_are_both_there(staged: Callable[[str], Stage]) -> None:
    stage = staged("begun")
    told = FixFacts(edition="CE", workaround="Turn it off.", no_cve="a test")
    runs = [
        lambda line=line: complete_fix(again(stage).desk("amara"), NAME, NOTEBOOKS, told, [line])
        for line in as_table(told)
    ]
    assert at_once(*runs) == [0, 0, 0]
    assert stage.forge.people.issues([NOTEBOOKS])[NOTEBOOKS].facts.only(as_table(told)) == Stated(told)


def approve_and_die(stage: Stage, kind: type[Action], *, before: bool) -> None:
    desk = again(stage).desk("bjorn")
    writers = {one: DeadlyWriter(writer, before, kind) for one, writer in desk.writers.items()}
    digest = propose(desk, look(desk, NAME)).to_approve.digest
    carry_out_approved(replace(desk, writers=writers), NAME, read=digest)


@pytest.mark.parametrize("before", [True, False], ids=["before it is sent", "after it is sent"])
def test_a_mail_that_was_cut_off_waits_for_a_persons_word_and_is_sent_once(
    staged: Callable[[str], Stage], *, before: bool
) -> None:
    stage = staged("live")
    assert at_once(lambda: approve_and_die(stage, SendMail, before=before)) == [-signal.SIGKILL]
    mails = len(stage.files("mail"))
    assert mails == (0 if before else 1)
    assert [entry.key for entry in in_doubt(stage.desk().journal.entries(NAME))] == [f"{NAME}/email"]
    digest = propose(stage.desk(), look(stage.desk(), NAME)).to_approve.digest
    for by in ("amara", "bjorn"):
        outcomes = carry_out_approved(stage.desk(by), NAME, read=digest)
        assert outcomes[0].done is Done.DOUBT
        assert all(outcome.done is Done.UNBEGUN for outcome in outcomes[1:]), "what comes after it waits"
    assert len(stage.files("mail")) == mails
    settle_by_word(stage.desk("amara").world, NAME, f"{NAME}/email", happened=not before)
    with pytest.raises(Refused, match="is not in doubt"):
        settle_by_word(stage.desk("bjorn").world, NAME, f"{NAME}/email", happened=True)
    stage.approve("bjorn")
    assert len(stage.files("mail")) == 1
    assert receipts_of(stage).count(f"{NAME}/email") == 1


def test_a_desk_that_died_with_other_facts_leaves_what_the_next_one_writes_right(
    staged: Callable[[str], Stage],
) -> None:
    """What is remembered of a rewritten document has to be what is in the world: it is the base of the next merge."""
    stage = staged("requested")
    stage.write(NOTEBOOKS, {"description": "The first sentence."})

    def refresh_and_die() -> None:
        desk = again(stage).desk()
        writers = {one: DeadlyWriter(writer, before=True, kind=RewriteIssue) for one, writer in desk.writers.items()}
        carry_out_free(replace(desk, writers=writers), NAME)

    assert at_once(refresh_and_die) == [-signal.SIGKILL]
    stage.write(NOTEBOOKS, {"description": "The second sentence."})
    stage.quiet()
    for text in ("The third sentence.", "The fourth sentence."):
        stage.at += timedelta(minutes=1)
        stage.write(NOTEBOOKS, {"description": text})
        stage.quiet()
        body = stage.issue(f"cve/request/{NOTEBOOKS}").body
        assert text in body
        assert "The desk would write" not in body
        assert "The second sentence." not in body

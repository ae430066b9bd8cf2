"""Desks whose journal is in PostgreSQL: whoever comes second, or after one that died, does nothing twice."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import closing, suppress

import pytest
from msgspec.structs import replace

from secrel.apply.applying import settle_by_word
from secrel.desk.carrying_out import carry_out_approved
from secrel.desk.looking import look
from secrel.desk.proposing import propose
from secrel.journal.entries import in_doubt
from secrel.journal.journal import Journal
from secrel.words.effects import Action, PublishRecord, SendMail, TellReporter
from secrel.words.errors import Refused
from tests.desk.stage import NAME, Stage
from tests.desk.test_two_desks import again, approve_and_die, at_once, receipts_of, things
from tests.journal.conftest import database, server

__all__ = ["database", "server"]


def moved(stage: Stage, address: str) -> Stage:
    """Take the journal of a stage to a server."""
    with closing(Journal(address)) as journal:
        for entry in stage.desk().journal.entries():
            journal.add(replace(entry, body=entry.whole()))
    stage.close()
    settings = stage.folder / "secrel.toml"
    settings.write_text(f'journal = "{address}"\n{settings.read_text("utf-8")}', "utf-8")
    return again(stage)


def approve(stage: Stage, by: str, digest: str) -> None:
    one = again(stage)
    with suppress(Refused):  # the other was faster, and left another plan or none
        carry_out_approved(one.desk(by), NAME, read=digest)
    one.close()


@pytest.mark.parametrize(
    "kind", [SendMail, *(pytest.param(k, marks=pytest.mark.long) for k in (TellReporter, PublishRecord))]
)
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_of_desks_that_approve_at_once_one_may_die_and_all_is_done_once(
    staged: Callable[[str], Stage], database: str, kind: type[Action], *, before: bool
) -> None:
    alone = staged("live")
    stage = moved(staged("live"), database)
    digest = propose(stage.desk(), look(stage.desk(), NAME)).to_approve.digest
    stage.close()
    ended = at_once(
        lambda: approve_and_die(stage, kind, before=before),
        lambda: approve(stage, "bjorn", digest),
        lambda: approve(stage, "chidi", digest),
    )
    assert ended[1:] == [0, 0]
    assert ended[0] in (-signal.SIGKILL, 0, 1), "the others may have been faster"
    made = things(stage)
    for entry in in_doubt(stage.desk().journal.entries(NAME)):
        where = {"SendMail": "mail"}.get(str(entry.body.get("kind")), "")
        settle_by_word(stage.desk().world, NAME, entry.key, happened=bool(where and stage.files(where)))
    for one in (stage, alone):
        one.approve("bjorn")
    keys = receipts_of(stage)
    assert len(keys) == len(set(keys))
    assert things(stage) == things(alone), made
    assert in_doubt(stage.desk().journal.entries(NAME)) == []
    stage.close()

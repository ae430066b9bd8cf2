"""A desk that was cut off while it opened a document: any later command settles it, and the document follows its facts.

Everything is tried of every document a release opens: before it was there or after, and whatever comes next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, get_args

import pytest
from msgspec.structs import replace

from secrel.desk.carrying_out import carry_out_approved, carry_out_free
from secrel.desk.claiming import claim
from secrel.desk.desk import Desk
from secrel.desk.fixing import complete_fix, remove_fix
from secrel.desk.looking import look
from secrel.desk.proposing import propose
from secrel.desk.starting import start
from secrel.journal.entries import Remembered, in_doubt
from secrel.observe.release_file import read_release_file
from secrel.ports.forge import Writer
from secrel.words.effects import SENT_KINDS, Action, Effect
from secrel.words.errors import Misused
from secrel.words.facts.stated import FixFacts
from secrel.words.outcomes import CannotTell, Made, NotMade
from secrel.words.people import Actor
from tests.apply.world import Unplugged
from tests.desk.stage import DUE, NAME, NOTEBOOKS, PROCESS, RELEASE, TOKENS, Stage

SENTENCE = "A sentence that was added later."
OPENED: Mapping[str, tuple[str, timedelta]] = {
    f"cve/request/{NOTEBOOKS}": ("begun", timedelta(days=20)),
    "checklist": ("begun", timedelta(days=20)),
    "comms": ("begun", timedelta(days=20)),
    "post/draft": ("requested", timedelta(days=4)),
}
"""Every document that a release opens, with the point before it, and how long before the release that is."""


@dataclass
class Unplugging:
    """Does what another writer does, and pulls the plug before or after the effect of one key."""

    kinds: ClassVar[frozenset[type[Action]]] = frozenset(get_args(Action))
    writer: Writer
    key: str
    before: bool

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        """Ask the other."""
        return self.writer.find(effect, begun=begun)

    def do(self, effect: Effect, *, actor: Actor) -> Made:
        """Let the other do it, and fail as a power cut does."""
        if effect.key != self.key:
            return self.writer.do(effect, actor=actor)
        if not self.before:
            self.writer.do(effect, actor=actor)
        raise Unplugged


def cut_off(stage: Stage, key: str, *, before: bool) -> None:
    desk = stage.desk("amara")
    writers = {kind: Unplugging(writer, key, before) for kind, writer in desk.writers.items()}
    with pytest.raises(Unplugged):
        carry_out_free(replace(desk, writers=writers), NAME)
    assert [entry.key for entry in in_doubt(stage.desk().journal.entries(NAME))] == [key]


def change_a_fact(stage: Stage) -> None:
    stage.at += timedelta(minutes=5)
    stage.write(NOTEBOOKS, {"description": SENTENCE})


def changed_and_applied(stage: Stage) -> None:
    change_a_fact(stage)
    stage.quiet("amara")


def by_another_desk(stage: Stage) -> None:
    desk = stage.another_desk("dewi")
    carry_out_free(desk, NAME)
    desk.journal.close()


THEN: Mapping[str, Callable[[Stage], object]] = {
    "the same plan": lambda stage: stage.quiet("amara"),
    "another desk": by_another_desk,
    "an exception": lambda stage: claim(stage.desk("bjorn"), NAME, "duties-present", "they swap", waives=True),
    "facts that changed": changed_and_applied,
    "a fact that somebody states": lambda stage: complete_fix(
        stage.desk("bjorn"), NAME, NOTEBOOKS, FixFacts(edition="EE"), ("edition",)
    ),
}
"""What comes next."""


@pytest.mark.parametrize("what", OPENED)
@pytest.mark.parametrize(
    "before", [pytest.param(True, marks=pytest.mark.long), False], ids=["before it is there", "after it is there"]
)
@pytest.mark.parametrize("then", THEN)
def test_whatever_comes_next_settles_it_and_it_follows_its_facts(
    what: str, then: str, staged: Callable[[str], Stage], *, before: bool
) -> None:
    point, ahead = OPENED[what]
    stage = staged(point)
    stage.at = DUE - ahead
    cut_off(stage, f"{NAME}/{what}", before=before)
    THEN[then](stage)
    assert in_doubt(stage.desk().journal.entries(NAME)) == []
    stage.quiet()
    change_a_fact(stage)
    stage.quiet()
    marks = [issue.mark for issue in stage.forge.people.issues(refs(stage)).values()]
    assert len(marks) == len(set(marks)), "everything is there once"
    if what.startswith("cve/"):
        assert SENTENCE in stage.issue(what).body
        assert "The desk would write" not in stage.issue(what).body, "nobody edited it"


def refs(stage: Stage) -> list[str]:
    return [issue.ref for issue in stage.made().values()]


NEXT = "2026-12"
HEAD = (
    RELEASE[: RELEASE.index("fixes:")]
    .replace(f"release: {NAME}", f"release: {NEXT}")
    .replace("[1.2.3, 1.1.9]", "[1.2.4, 1.1.10]")
)
HEAD = HEAD.replace(DUE.isoformat(), (DUE + timedelta(days=21)).isoformat())
ONE, OTHER = (
    f"fixes:\n  - name: {name}\n    title: A flaw of {name} in the next release\n" for name in ("one", "other")
)


def start_next(desk: Desk, fixes: str) -> None:
    start(desk, read_release_file(HEAD + fixes, "release.yaml", PROCESS))


@pytest.mark.parametrize("what", ["tracking", "fix/one", "link/one"])
@pytest.mark.parametrize("before", [True, False], ids=["before it is there", "after it is there"])
@pytest.mark.parametrize("fixes", [ONE, OTHER], ids=["the same file", "another file"])
def test_a_start_that_was_cut_off_is_settled_by_the_next_one(
    what: str, fixes: str, staged: Callable[[str], Stage], *, before: bool
) -> None:
    stage = staged("begun")
    key = f"{NEXT}/{what}"
    desk = stage.desk("amara")
    writers = {kind: Unplugging(writer, key, before) for kind, writer in desk.writers.items()}
    with pytest.raises(Unplugged):
        start_next(replace(desk, writers=writers), ONE)
    start_next(stage.desk("bjorn"), fixes)
    told = stage.desk().journal.entries(NEXT)
    assert in_doubt(told) == []
    made = [entry.key for entry in told if entry.kind is Remembered.RECEIPT]
    assert made.count(key) == (0 if before and fixes is OTHER and what != "tracking" else 1)
    assert len([mark for mark in stage.made() if mark.startswith(f"{NEXT}/fix/")]) == len(
        [one for one in made if one.startswith(f"{NEXT}/fix/")]
    )


@pytest.mark.parametrize("before", [True, False], ids=["before it is there", "after it is there"])
@pytest.mark.parametrize("then", ["the same order", "another command"])
def test_what_an_order_remembers_comes_with_its_receipt_or_not_at_all(
    then: str, staged: Callable[[str], Stage], *, before: bool
) -> None:
    stage = staged("begun")
    desk = stage.desk("amara")
    writers = {kind: Unplugging(writer, f"{NAME}/unlink/{TOKENS}/1", before) for kind, writer in desk.writers.items()}
    with pytest.raises(Unplugged):
        remove_fix(replace(desk, writers=writers), NAME, TOKENS, "it is not ready")
    assert said_of(stage) == [], "nothing is remembered of what nobody knows to be done"
    if then == "another command":
        stage.quiet("bjorn")
        assert said_of(stage) == ([] if before else ["it is not ready"])
    if before:
        remove_fix(stage.desk("amara"), NAME, TOKENS, "it is not ready")
    else:
        with pytest.raises(Misused, match="is no fix of this release"):
            remove_fix(stage.desk("amara"), NAME, TOKENS, "it is not ready")
    assert said_of(stage) == ["it is not ready"]


def said_of(stage: Stage) -> list[str]:
    entries = stage.desk().journal.entries(NAME)
    return [str(entry.body["words"]) for entry in entries if entry.key == f"removed {TOKENS}"]


TITLE = "Script that a notebook keeps"
REVEALED: Mapping[str, tuple[str, timedelta]] = {
    "post/release": ("ready", -timedelta(minutes=1)),
    "post/correction": ("live", -timedelta(hours=3)),
    "cve/publish/CVE-2026-1111": ("live", -timedelta(hours=3)),
    f"report/{NOTEBOOKS}/": ("live", -timedelta(hours=3)),
    "email": ("live", -timedelta(hours=3)),
    "email/ask-send": ("live", -timedelta(hours=3)),
    f"public-details/{NOTEBOOKS}/1": ("live", -timedelta(days=31)),
    f"public/{NOTEBOOKS}": ("live", -timedelta(days=31)),
}
"""What is made public, corrected or prepared for sending: the begin of its key, and when."""


CHANGED: Mapping[str, Callable[[Stage], object]] = {
    "a title": lambda stage: stage.write(NOTEBOOKS, {"title": TITLE}),
    "nothing": lambda _: None,
    "who is thanked": lambda stage: stage.write(
        NOTEBOOKS, {"credits": [{"name": "finder-three", "report": "https://reports.example/3"}]}
    ),
    "a version": lambda stage: stage.write(
        stage.issue("tracking").ref, {"products": [{"product": "product", "versions": ["1.2.4", "1.1.9"]}]}
    ),
    "a fix taken out": lambda stage: remove_fix(stage.desk("bjorn"), NAME, TOKENS, "it is not ready"),
}
"""What changes between the crash and what comes next."""


def approve_all(desk: Desk) -> None:
    """Approve what there is to approve, and do what follows, as often as something does."""
    for _ in range(4):
        carry_out_free(desk, NAME)
        loud = propose(desk, look(desk, NAME)).to_approve
        if not loud.effects or loud.refusals:
            return
        carry_out_approved(desk, NAME, read=loud.digest)


@pytest.mark.parametrize("what", REVEALED)
@pytest.mark.parametrize(
    "before", [pytest.param(True, marks=pytest.mark.long), False], ids=["before it is there", "after it is there"]
)
@pytest.mark.parametrize(
    "change", [next(iter(CHANGED)), *(pytest.param(one, marks=pytest.mark.long) for one in list(CHANGED)[1:])]
)
def test_what_is_revealed_or_sent_and_was_cut_off_is_there_once_whatever_changes(
    what: str, change: str, staged: Callable[[str], Stage], *, before: bool
) -> None:
    point, ahead = REVEALED[what]
    stage = staged(point)
    if what == "post/correction" or what.startswith("public"):
        stage.at = DUE + timedelta(hours=2)
        approve_all(stage.desk("bjorn"))
    stage.at = DUE - ahead
    if what == "post/correction":
        stage.write(NOTEBOOKS, {"title": "Another title"})
    desk = stage.desk("bjorn")
    loud = propose(desk, look(desk, NAME)).to_approve
    key = next(effect.key for effect in loud.effects if effect.key.startswith(f"{NAME}/{what}"))
    writers = {kind: Unplugging(writer, key, before) for kind, writer in desk.writers.items()}
    with pytest.raises(Unplugged):
        carry_out_approved(replace(desk, writers=writers), NAME, read=loud.digest)
    CHANGED[change](stage)
    stage.at += timedelta(minutes=5)
    approve_all(stage.desk("amara"))
    left = in_doubt(stage.desk().journal.entries(NAME))
    assert [entry.key for entry in left] == ([key] if what == "email" else [])
    told = stage.desk().journal.entries(NAME)
    receipts = [entry for entry in told if entry.kind is Remembered.RECEIPT]
    assert len({entry.key for entry in receipts}) == len(receipts)
    kinds = {entry.key: entry.body["kind"] for entry in told if entry.kind is Remembered.INTENT}
    assert all(entry.body.get("prepared") for entry in receipts if kinds.get(entry.key) in SENT_KINDS)

"""Several desks at once, with a journal in a file and on a server: who waits for whom, and everything once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

import pytest
from sqlalchemy import text

from secrel.apply.applying import Applying, Done, Outcome, apply, settle_by_word
from secrel.journal.entries import Remembered, in_doubt
from secrel.journal.journal import Journal
from secrel.plan.plan import Plan, approve
from secrel.words.effects import Action, Comment, Effect, SendMail
from secrel.words.errors import Refused
from secrel.words.outcomes import CannotTell, Made, NotMade
from secrel.words.people import Actor
from tests.apply.world import AFTER, EFFECTS, MemoryWriter, Things, Unplugged, a_world, pull_the_plug
from tests.journal.journals import raw

COMMENT = next(effect for effect in EFFECTS if isinstance(effect.action, Comment))
MAIL = next(effect for effect in EFFECTS if isinstance(effect.action, SendMail))
_AT_LAST = 60.0
"""Seconds after which a writer goes on by itself: a desk that waits in vain fails its test, and does not hang."""


def run(plan: Plan, world: Applying) -> list[Outcome]:
    approval = approve(plan, read=plan.digest, by="bjorn", at=world.now()) if plan.needs_approval else None
    return list(apply(plan, approval, world))


@dataclass
class Blocked:
    """A writer that is in the middle of doing something until it is let go on."""

    kinds: ClassVar[frozenset[type[Action]]] = MemoryWriter.kinds
    things: Things
    inside: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        return NotMade()

    def do(self, effect: Effect, *, actor: Actor) -> Made:
        self.inside.set()
        self.go_on.wait(_AT_LAST)
        self.things.made.append(effect.key)
        return Made(f"at:{effect.key}")


def a_blocked_world(journal: Journal, writer: Blocked) -> Applying:
    return Applying(dict.fromkeys(writer.kinds, writer), journal, lambda: AFTER, Actor("amara"))


def test_a_desk_waits_for_no_other_effect_of_another_release_or_of_the_same(opened: Callable[[], Journal]) -> None:
    things = Things()
    slow, writer = Blocked(things), MemoryWriter(things)
    with ThreadPoolExecutor(1) as threads:
        blocked = threads.submit(run, Plan("r", (COMMENT,)), a_blocked_world(opened(), slow))
        assert slow.inside.wait(_AT_LAST)
        other = Effect("other/comment", COMMENT.action, "s")
        assert [one.done for one in run(Plan("other", (other,)), a_world(opened(), writer))] == [Done.DONE]
        assert [one.done for one in run(Plan("r", (MAIL,)), a_world(opened(), writer))] == [Done.DONE]
        assert things.made == [other.key, MAIL.key], "and the first one is still at it"
        slow.go_on.set()
        assert [one.done for one in blocked.result()] == [Done.DONE]


def test_a_person_waits_for_no_other_effect_with_their_word(opened: Callable[[], Journal]) -> None:
    things = Things()
    slow, writer = Blocked(things), MemoryWriter(things, before=pull_the_plug)
    with pytest.raises(Unplugged):
        run(Plan("r", (MAIL,)), a_world(opened(), writer))
    with ThreadPoolExecutor(1) as threads:
        blocked = threads.submit(run, Plan("r", (COMMENT,)), a_blocked_world(opened(), slow))
        assert slow.inside.wait(_AT_LAST)
        settle_by_word(a_world(opened(), writer), "r", MAIL.key, happened=False)
        assert things.made == [], "and the other effect is still in the making"
        slow.go_on.set()
        blocked.result()
    assert in_doubt(opened().entries("r")) == []


@pytest.mark.parametrize("effect", [COMMENT, MAIL], ids=["findable", "blind"])
def test_what_is_being_sent_is_not_in_doubt_and_is_not_sent_again(
    effect: Effect, opened: Callable[[], Journal]
) -> None:
    things = Things()
    slow, writer = Blocked(things), MemoryWriter(things)
    plan = Plan("r", (effect,))
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(run, plan, a_blocked_world(opened(), slow))
        assert slow.inside.wait(_AT_LAST)
        assert [entry.key for entry in in_doubt(opened().entries("r"))] == [effect.key], "readers wait for nobody"
        second = threads.submit(run, plan, a_world(opened(), writer))
        word = threads.submit(settle_by_word, a_world(opened(), writer), "r", effect.key, happened=True)
        slow.go_on.set()
        assert [one.done for one in first.result()] == [Done.DONE]
        assert [one.done for one in second.result()] == [Done.ALREADY]
        with pytest.raises(Refused, match="is not in doubt"):
            word.result()
    assert things.made == [effect.key]


@pytest.mark.parametrize("shared", [True, False], ids=["one journal", "a journal each"])
def test_threads_that_apply_one_plan_do_everything_once(opened: Callable[[], Journal], *, shared: bool) -> None:
    things, plan, barrier = Things(), Plan("r", EFFECTS), threading.Barrier(4)
    journals = [opened()] * 4 if shared else [opened() for _ in range(4)]

    def work(journal: Journal) -> list[Outcome]:
        barrier.wait()
        return run(plan, a_world(journal, MemoryWriter(things)))

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(work, journals))
    assert things.made == [effect.key for effect in EFFECTS]
    for of_one in zip(*outcomes, strict=True):
        assert sorted(outcome.done for outcome in of_one) == [Done.ALREADY] * 3 + [Done.DONE]
    kinds = [entry.kind for entry in opened().entries("r") if entry.kind is not Remembered.APPROVAL]
    assert kinds == [Remembered.INTENT, Remembered.RECEIPT] * len(EFFECTS)


def test_an_effect_that_one_release_began_is_settled_for_it_by_another(opened: Callable[[], Journal]) -> None:
    """The end of a release opens the tracking issue of the next one, which may be started meanwhile."""
    things, opens = Things(), Effect("next/tracking", EFFECTS[0].action, "s")
    with pytest.raises(Unplugged):
        run(Plan("r", (opens,)), a_world(opened(), MemoryWriter(things, before=pull_the_plug)))
    world = a_world(opened(), MemoryWriter(things))
    with pytest.raises(Refused, match="is not in doubt"):
        settle_by_word(world, "next", opens.key, happened=True)
    assert [one.done for one in run(Plan("next", (opens,)), world)] == [Done.DONE]
    assert [one.done for one in run(Plan("r", (opens,)), world)] == [Done.ALREADY]
    assert things.made == [opens.key]
    assert in_doubt(opened().entries("r")) == in_doubt(opened().entries("next")) == []


def test_what_else_the_journal_has_is_not_read_to_apply_an_effect(where: str, opened: Callable[[], Journal]) -> None:
    world = a_world(opened(), MemoryWriter(Things()))
    run(Plan("r", EFFECTS[:3]), world)
    with raw(where) as connection:
        connection.execute(text("UPDATE entries SET told = '{'"))
    assert [one.done for one in run(Plan("r", (MAIL,)), world)] == [Done.DONE]

"""A crash between the world and its receipt is settled by whatever comes next, for every kind of effect there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from secrel.apply.applying import Done, apply, settle_by_word
from secrel.apply.unfinished import settle_unfinished
from secrel.journal.entries import Entry, Remembered, in_doubt, receipts
from secrel.journal.intents import effect_of, intent_of, then_of
from secrel.journal.journal import Journal
from secrel.plan.plan import Plan, approve
from secrel.words.effects import Comment, Effect
from secrel.words.errors import Broken
from secrel.words.outcomes import CannotTell, Made, NotMade
from tests.apply.world import AFTER, EFFECTS, MemoryWriter, Things, Unplugged, a_world, pull_the_plug

OTHER = Effect("r/other", Comment("p#9", "something else"), "s")


def run(journal: Journal, writer: MemoryWriter, *effects: Effect, by: str = "amara") -> list[Done]:
    plan = Plan("r", effects)
    approval = approve(plan, read=plan.digest, by="bjorn", at=AFTER) if plan.needs_approval else None
    return [outcome.done for outcome in apply(plan, approval, a_world(journal, writer, by=by))]


def cut_off(folder: Path, things: Things, effect: Effect, moment: str) -> None:
    writer = MemoryWriter(things)
    setattr(writer, moment, pull_the_plug)
    with pytest.raises(Unplugged):
        run(Journal(str(folder / "journal.db")), writer, effect)


NEXT: Mapping[str, Callable[[Journal, MemoryWriter, Effect], object]] = {
    "nothing is planned": lambda journal, writer, _: None,
    "the same plan": run,
    "another plan": lambda journal, writer, _: run(journal, writer, OTHER),
    "somebody else's desk": lambda journal, writer, _: run(journal, writer, OTHER, by="dewi"),
}


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.kind)
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("then", NEXT)
def test_what_was_cut_off_is_settled_whatever_is_planned_by_then(
    effect: Effect, moment: str, then: str, tmp_path: Path
) -> None:
    things = Things()
    cut_off(tmp_path, things, effect, moment)
    journal, writer = Journal(str(tmp_path / "journal.db")), MemoryWriter(things)
    [one] = settle_unfinished("r", a_world(journal, writer, by="bjorn"))
    NEXT[then](journal, writer, effect)
    assert one.intent.key == effect.key
    if not effect.findable:
        assert isinstance(one.became, CannotTell)
        assert [entry.key for entry in in_doubt(journal.entries("r"))] == [effect.key]
        settle_by_word(a_world(journal, writer), "r", effect.key, happened=moment == "after")
    assert in_doubt(journal.entries("r")) == []
    assert list(settle_unfinished("r", a_world(journal, writer))) == []
    known = receipts(journal.entries("r"))
    assert (effect.key in known) == (effect.key in things.made)
    if effect.findable:
        assert one.became == (Made(f"at:{effect.key}") if moment == "after" else NotMade())
    run(journal, writer, effect)
    assert things.made.count(effect.key) == 1


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.kind)
def test_an_effect_is_read_back_from_its_intent(effect: Effect, tmp_path: Path) -> None:
    journal = Journal(str(tmp_path / "journal.db"))
    with journal.holding("r", effect.key) as so_far:
        journal.begin(effect, so_far, by="amara", at=AFTER)
    [intent] = journal.entries("r")
    back = effect_of(intent)
    assert (back.key, back.action, back.findable) == (effect.key, effect.action, effect.findable)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "Comment"},
        {"kind": "Vanished", "action": {"ref": "p#1"}},
        {"kind": "Comment", "action": {"ref": "p#1"}},
        {"kind": "Comment", "action": {"ref": "p#1", "body": 7}},
    ],
)
def test_an_intent_of_another_version_stays_in_doubt_and_is_named(body: Mapping[str, object], tmp_path: Path) -> None:
    journal = Journal(str(tmp_path / "journal.db"))
    journal.add(Entry(AFTER, "r", Remembered.INTENT, "r/comment", "amara", body))
    with pytest.raises(Broken, match=r"what was begun as r/comment cannot be read \(row 1\)"):
        effect_of(journal.entries("r")[0])
    [one] = settle_unfinished("r", a_world(journal, MemoryWriter(Things())))
    assert isinstance(one.became, CannotTell)
    assert [entry.key for entry in in_doubt(journal.entries("r"))] == ["r/comment"]
    settle_by_word(a_world(journal, MemoryWriter(Things())), "r", "r/comment", happened=False)
    assert in_doubt(journal.entries("r")) == []


class Silent(MemoryWriter):
    """A writer whose place does not answer."""

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        raise Broken(f"nobody answers for {effect.key}")


def test_a_place_that_does_not_answer_leaves_it_in_doubt_and_holds_nothing_up(tmp_path: Path) -> None:
    things = Things()
    cut_off(tmp_path, things, EFFECTS[0], "after")
    journal = Journal(str(tmp_path / "journal.db"))
    [one] = settle_unfinished("r", a_world(journal, Silent(things)))
    assert isinstance(one.became, CannotTell)
    assert "nobody answers" in one.became.reason
    [later] = settle_unfinished("r", a_world(journal, MemoryWriter(things)))
    assert isinstance(later.became, Made)


def test_what_another_release_began_is_left_to_it(tmp_path: Path) -> None:
    things = Things()
    cut_off(tmp_path, things, EFFECTS[0], "after")
    world = a_world(Journal(str(tmp_path / "journal.db")), MemoryWriter(things))
    assert list(settle_unfinished("other", world)) == []


def test_an_intent_says_that_it_is_blind() -> None:
    assert [effect.kind for effect in EFFECTS if intent_of(effect).get("blind")] == ["SendMail"]


THEN = Entry(AFTER, "r", Remembered.CLAIM, "removed p#2", "amara", {"words": "it is not ready"})


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.kind)
def test_what_is_remembered_with_a_receipt_is_so_whoever_settles_it(effect: Effect, tmp_path: Path) -> None:
    things, journal = Things(), Journal(str(tmp_path / "journal.db"))
    plan = Plan("r", (effect,))
    approval = approve(plan, read=plan.digest, by="bjorn", at=AFTER) if plan.needs_approval else None
    with pytest.raises(Unplugged):
        list(apply(plan, approval, a_world(journal, MemoryWriter(things, after=pull_the_plug)), [THEN]))
    list(settle_unfinished("r", a_world(journal, MemoryWriter(things), by="bjorn")))
    if not effect.findable:
        settle_by_word(a_world(journal, MemoryWriter(things)), "r", effect.key, happened=True)
    list(apply(plan, approval, a_world(journal, MemoryWriter(things)), [THEN]))
    claims = [entry for entry in journal.entries("r") if entry.kind is Remembered.CLAIM]
    told = [replace(entry, number=0, texts=THEN.texts) for entry in claims]
    assert told == [THEN], "once, and as it was said"


def test_what_cannot_be_read_of_what_comes_then_is_named(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path / "journal.db"))
    journal.add(Entry(AFTER, "r", Remembered.INTENT, "r/comment", "amara", {"then": [{"at": "soon"}]}))
    with pytest.raises(Broken, match="r/comment cannot be read"):
        then_of(journal.entries("r")[0])

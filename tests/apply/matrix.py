"""The fault matrix: a desk is cut off at one effect, something comes next, and what becomes of it is told in a word.

Every kind of effect that there is has a row; everything is done to a real forge, outbox and journal in a folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar, get_args

from msgspec.structs import replace

from secrel.apply.applying import Done, apply, settle_by_word
from secrel.apply.unfinished import settle_unfinished
from secrel.journal.entries import Remembered, in_doubt, receipts
from secrel.plan.plan import Plan, approve
from secrel.ports.forge import Writer
from secrel.words.effects import SENT_KINDS, Action, Comment, Effect, LiftConfidentiality, PostMessage, PublishRecord
from secrel.words.outcomes import CannotTell, Made, NotMade
from secrel.words.people import Actor
from tests.apply.real_world import AFTER, COUNTS, Place
from tests.apply.world import Unplugged

OTHERS = tuple(Effect("r/other", action, "s") for action in (PostMessage("team", "other"), Comment("p#3", "other")))
"""What a plan without the effect has instead: the first that is of another kind."""
_TEXTS = ("body", "text", "eml", "record", "title")


@dataclass
class _CutOff:
    """Does what another writer does, and is cut off before or after it."""

    kinds: ClassVar[frozenset[type[Action]]] = frozenset(get_args(Action))
    writer: Writer
    before: bool

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        """Ask the other."""
        return self.writer.find(effect, begun=begun)

    def do(self, effect: Effect, *, actor: Actor) -> Made:
        """Let the other do it, or not, and fail as a power cut does."""
        if not self.before:
            self.writer.do(effect, actor=actor)
        raise Unplugged


def changed(effect: Effect) -> Effect:
    """The effect as a later plan has it, whose facts are others; one that has no text or day stays what it is."""
    action = effect.action
    if isinstance(action, LiftConfidentiality):  # it says what stands there, and is refused when that is another
        return effect
    if isinstance(action, PublishRecord):
        return replace(effect, action=replace(action, record="{ }"))
    for name in action.__struct_fields__:
        value = getattr(action, name)
        if name in _TEXTS and value:
            text: Any = {name: f"{value.rstrip()} again"}
            return replace(effect, action=replace(action, **text))
        if isinstance(value, date):
            day: Any = {name: date(2026, 12, 2)}
            return replace(effect, action=replace(action, **day))
    return effect


@dataclass(frozen=True)
class Next:
    """What comes next: who sits at the desk, and what their plan has of the effect (None: it has it no more)."""

    plan: Callable[[Effect], Effect | None]
    by: str = "amara"


POINTS: Mapping[str, bool | None] = {
    "after the intent, before it is there": True,
    "once it is there, before the receipt": False,
    "after the receipt": None,
}
"""Where a desk is cut off: before its writer has done it, after that, or after everything."""
NEXTS: Mapping[str, Next] = {
    "the same plan": Next(lambda effect: effect),
    "a new plan without it": Next(lambda _: None),
    "another desk": Next(lambda effect: effect, by="bjorn"),
    "facts changed meanwhile": Next(changed),
}


def _run(place: Place, effect: Effect, by: str = "amara") -> Done:
    plan = Plan("r", (effect,))
    approval = approve(plan, read=plan.digest, by="dewi", at=AFTER) if plan.needs_approval else None
    [outcome] = apply(plan, approval, replace(place.world, actor=Actor(by)))
    return outcome.done


def _cut_off(folder: Path, effect: Effect, before: bool | None) -> None:  # noqa: FBT001 - a row of the table
    place = Place(folder) if before is None else Place(folder, wrapped=lambda writer: _CutOff(writer, before))
    try:
        _run(place, effect)
        assert before is None
    except Unplugged:
        assert before is not None
    finally:
        place.close()


def cell(folder: Path, effect: Effect, point: str, then: str) -> str:
    """Cut a desk off, let something come next, and say what became of the effect; fails when it is not there once.

    `folder` holds a world in which nothing has happened yet.
    """
    _cut_off(folder, effect, POINTS[point])
    was_there = POINTS[point] is not True
    place, step = Place(folder), NEXTS[then]
    assert COUNTS[effect.kind](place) == was_there
    told = [one.became for one in settle_unfinished("r", replace(place.world, actor=Actor(step.by)))]
    planned = step.plan(effect)
    done = _run(place, planned or next(one for one in OTHERS if one.kind != effect.kind), step.by)
    word = _word(told, done if planned else None)
    if in_doubt(place.journal.entries("r")):
        assert not effect.findable
        assert word == "asked"
        settle_by_word(place.world, "r", effect.key, happened=was_there)
        done = _run(place, planned or effect)
    assert_once(place, effect, planned or effect, was_there=was_there)
    place.close()
    return word


def _word(told: list[Made | NotMade | CannotTell], done: Done | None) -> str:
    match told:
        case []:
            assert done in (Done.ALREADY, None)
            return "known"
        case [Made()]:
            assert done in (Done.ALREADY, None)
            return "found"
        case [NotMade()]:
            assert done in (Done.DONE, None)
            return "free, made" if done else "free"
        case _:
            assert done in (Done.DOUBT, None)
            return "asked"


def assert_once(place: Place, effect: Effect, planned: Effect, *, was_there: bool) -> None:
    """Fail unless it is there once by now, or can be made once, and is remembered as it was sent."""
    _run(place, planned)
    assert _run(place, planned) is Done.ALREADY
    sent = effect if was_there else planned
    if sent == effect:
        assert COUNTS[effect.kind](place) == 1
    entries = place.journal.entries("r")
    assert in_doubt(entries) == []
    assert [one.key for one in entries if one.kind is Remembered.RECEIPT].count(effect.key) == 1
    assert receipts(entries)[effect.key].prepared == (effect.kind in SENT_KINDS), "what lies in the outbox has not left"
    told = [one.whole()["action"] for one in entries if one.kind is Remembered.INTENT and one.key == effect.key]
    for name in _TEXTS:
        assert told[-1].get(name, "") == getattr(sent.action, name, ""), "what was sent is what is remembered"


def table(words: Mapping[tuple[str, str, str], str]) -> str:
    """Give the matrix as pages have it: one table for each point, kinds down and what comes next across."""
    kinds = list(dict.fromkeys(kind for kind, _, _ in words))
    lines: list[str] = []
    for point in POINTS:
        lines += [f"### Cut off {point}", "", f"| effect | {' | '.join(NEXTS)} |", f"| --- |{' --- |' * len(NEXTS)}"]
        lines += [f"| `{kind}` | {' | '.join(words[kind, point, then] for then in NEXTS)} |" for kind in kinds]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"

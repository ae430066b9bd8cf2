"""The embargo guard: the last look at every effect that reveals (mission M10, design.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

import msgspec
from msgspec import Struct

from secrel.plan.guard.finding import EmbargoedFact, Leaks, find
from secrel.plan.guard.reading import readings
from secrel.plan.guard.unread import Unread
from secrel.plan.plan import Notice, Refusal
from secrel.words.effects import Action, Effect, PublishRecord, sent_by
from secrel.words.facts.tables import texts_in

_NAMED = 5
_TAKE_OUT = "take it out of the document, then plan again"


class Guarded(Struct, frozen=True):
    """What the guard says of a plan: why it refuses itself, and what a person has to look at before they approve it."""

    refusals: tuple[Refusal, ...]
    notices: tuple[Notice, ...]


def _told(action: Action) -> Iterator[str]:
    """Give every text that `action` sends, those inside a record among them."""
    yield from texts_in(sent_by(action))
    if isinstance(action, PublishRecord):
        try:
            yield from texts_in(msgspec.json.decode(action.record))
        except (msgspec.DecodeError, RecursionError):
            return  # what is no JSON is looked at as the text it is


def look_through(effect: Effect, facts: Iterable[EmbargoedFact]) -> Leaks:
    """Say which of the embargoed facts the bytes of `effect` hold, however they are written.

    A text is read as its reader's program shows it, and letters as a person sees them: docs/embargo.md says what that
    is. Raises `Unread` for a text that cannot be read to its end.
    """
    return _leaks(effect.action, tuple(facts))


@lru_cache(maxsize=128)  # whoever approves reads the plan first, and what is carried out is planned again
def _leaks(action: Action, facts: tuple[EmbargoedFact, ...]) -> Leaks:
    texts = tuple(_told(action)) if facts else ()
    return find(facts, readings(texts), texts) if texts else Leaks()


def _early(effect: Effect, now: datetime) -> Iterator[Refusal]:
    if effect.not_before is not None and now < effect.not_before:
        yield Refusal(
            "embargo",
            f"{effect.key} would be public {effect.not_before - now} early",
            (effect.key,),
            f"wait until {effect.not_before:%Y-%m-%d %H:%M %Z}, or move the due time of the release",
        )


def _some(labels: Iterable[str]) -> str:
    return ", ".join(sorted(labels)[:_NAMED])


def _telling(effect: Effect, facts: Sequence[EmbargoedFact]) -> Iterator[Refusal | Notice]:
    keys = (effect.key,)
    try:
        found = look_through(effect, facts)
    except Unread as why:
        what = f"{effect.key} cannot be compared with what is under embargo: {why}"
        yield Refusal("embargo", what, keys, "write it plainly, then plan again")
        return
    if found.certain:
        what = f"{effect.key} holds what is still under embargo: {_some(found.certain)}"
        yield Refusal("embargo", what, keys, _TAKE_OUT)
    if found.perhaps:
        yield Notice(f"{effect.key} holds a word that is under embargo, and ordinary: {_some(found.perhaps)}", keys)


def guard(effects: Sequence[Effect], facts: Sequence[EmbargoedFact], now: datetime) -> Guarded:
    """Refuse each effect that would reveal too early, or what stays under embargo; note what only a person can tell."""
    said: list[Refusal | Notice] = []
    for effect in effects:
        if effect.reveals:
            said += _early(effect, now)
            said += _telling(effect, facts)
    return Guarded(
        tuple(one for one in said if isinstance(one, Refusal)), tuple(one for one in said if isinstance(one, Notice))
    )

"""An effect as its intent remembers it, so that whoever comes later can look for it in the world; pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, get_args, get_type_hints

import msgspec

from secrel.journal.entries import Entry, Remembered, builtins_of
from secrel.words.effects import SENT_KINDS, Action, Effect, SentAction, values_of
from secrel.words.errors import Broken, Misused
from secrel.words.facts.stated import Facts, Stated, read_json

_KINDS: Mapping[str, type[Action]] = {kind.__name__: kind for kind in get_args(Action)}


def intent_of(effect: Effect, then: Sequence[Entry] = ()) -> dict[str, Any]:
    """Give what an intent remembers of an effect: its kind, the exact bytes it will send, and whether it is blind.

    `then` is what is to be remembered with its receipt, and not without it.
    """
    blind = {} if effect.findable else {"blind": True}
    later = {"then": [builtins_of(entry) for entry in then]} if then else {}
    return {"kind": effect.kind, "action": values_of(effect.action), **blind, **later}


def then_of(intent: Entry) -> tuple[Entry, ...]:
    """Give what is to be remembered with the receipt of what was begun; raises `Broken` for what cannot be read."""
    try:
        return tuple(_entry(told) for told in intent.whole().get("then", ()))
    except (KeyError, TypeError, ValueError) as fault:
        raise _unreadable(intent) from fault


def _entry(told: Mapping[str, Any]) -> Entry:
    at = datetime.fromisoformat(told["at"])
    return Entry(at, told["release"], Remembered(told["kind"]), told["key"], told["who"], told["body"])


def _unreadable(intent: Entry) -> Broken:
    return Broken(
        f"what was begun as {intent.key} cannot be read (row {intent.number})",
        where=intent.release,
        remedy="look with the version of secrel that began it, or say what became of it",
    )


def effect_of(intent: Entry) -> Effect:
    """Give the effect that was begun, good enough to be found by its mark: it is never carried out from here.

    Raises `Broken` for an intent that another version of secrel wrote in a way this one does not know.
    """
    told = intent.whole()
    try:
        kind = _KINDS[told["kind"]]
        action = _action(kind, told["action"])
        return Effect(intent.key, action, f"{kind.__name__} of {intent.at:%Y-%m-%d}", findable=not told.get("blind"))
    except (KeyError, TypeError, ValueError, Misused) as fault:
        raise _unreadable(intent) from fault


def prepared(entries: Iterable[Entry]) -> dict[str, SentAction]:
    """Give what was prepared for a person to send, by its key: the actions that were settled so.

    One that this version cannot read is left out, and is then unknown to whoever asks for it.
    """
    sent: dict[str, Entry] = {}
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.kind is Remembered.INTENT:
            sent[entry.key] = entry
        elif entry.kind is Remembered.RECEIPT and entry.body.get("prepared") and entry.key in sent:
            found[entry.key] = sent[entry.key]
    actions = ((key, _sent(intent)) for key, intent in found.items() if intent.body["kind"] in SENT_KINDS)
    return {key: action for key, action in actions if action is not None}


def _sent(intent: Entry) -> SentAction | None:
    try:
        action = effect_of(intent).action
    except Broken:
        return None
    return action if isinstance(action, SentAction) else None


def _action(kind: type[Action], told: Mapping[str, Any]) -> Action:
    hints = _hints(kind)
    known = {name: _value(hints[name], told[name]) for name in kind.__struct_fields__ if name in told}
    return kind(**known)


@cache
def _hints(kind: type[Action]) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, told: Any) -> Any:
    if told is None:
        return None
    if hint is Stated:
        return read_json(json.dumps(told))
    if hint == Facts or hint == Facts | None:
        return read_json(json.dumps(told)).facts
    return msgspec.convert(told, hint)

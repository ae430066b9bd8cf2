"""An effect taken apart: short facts in a line each, and the exact texts it would send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from msgspec import Struct

from secrel.evaluate.verdicts import EXCEPTED
from secrel.words.effects import Adopt, Effect, SetHead, values_of

_LONG = ("body", "eml", "text", "record")
_GUARDS = {
    "expects": "only if it still is",
    "stood": "only if they still are",
    "desk_text": "kept for the next merge",
}
"""Texts that are not sent, by their field: what is compared before, and what is remembered."""


class Fact(Struct, frozen=True):
    """One short value of an effect's action."""

    name: str
    value: str


class Text(Struct, frozen=True):
    """One text that would be sent, exactly; `name` its field, or the path of a file.

    `before` is the text that it takes the place of; None where nothing stood.
    """

    name: str
    text: str
    before: str | None = None

    @property
    def size(self) -> int:
        """Its size in bytes of UTF-8."""
        return len(self.text.encode("utf-8", "surrogatepass"))

    @property
    def digest(self) -> str:
        """Its fingerprint, 12 hexadecimal digits."""
        return sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def marks_of(effect: Effect) -> tuple[str, ...]:
    """Say what a reader must not overlook about an effect: that it reveals, cannot be found again, takes over."""
    marks = ["REVEALS"] if effect.reveals else []
    marks += [] if effect.findable else ["BLIND"]
    marks += ["TAKES OVER"] if isinstance(effect.action, Adopt) else []
    return tuple(marks)


def facts_of(effect: Effect) -> tuple[Fact, ...]:
    """Give the short values of its action that are not empty, in the order of its fields."""
    return tuple(_facts(effect))


def texts_of(effect: Effect) -> tuple[Text, ...]:
    """Give the texts it would send, in the order of its fields."""
    return tuple(_texts(effect))


def _facts(effect: Effect) -> Iterator[Fact]:
    if isinstance(effect.action, SetHead):
        yield from _head(effect.action)
        return
    if isinstance(effect.action, Adopt):
        yield from _theirs(effect.action)
        return
    for name, value in values_of(effect.action).items():
        if name in _GUARDS:
            if value:
                named = tuple(zip(("title", "text"), value, strict=True)) if name == "stood" else value
                yield Fact(_GUARDS[name], _guarded(named))
        elif name == "vouched":
            gates = ", ".join(
                dict.fromkeys(f"{gate} ({verdict})" for gate, verdict, _, _ in value if verdict != EXCEPTED)
            )
            yield from (Fact("by the verdicts of", gates),) if gates else ()
        elif name not in (*_LONG, "files", "notes"):
            said = _said(value)
            if said:
                yield Fact(name, said)


def _head(action: SetHead) -> Iterator[Fact]:
    """Give what changes of a head, each value with the one that it takes the place of."""
    yield Fact("ref", action.ref)
    stood = values_of(action.stood)
    for name, value in values_of(action.head).items():
        if value != stood[name]:
            yield Fact(name, f"{_said(value) or 'none'} (only if it still is: {_said(stood[name]) or 'none'})")


def _theirs(action: Adopt) -> Iterator[Fact]:
    """Give what is taken over: nothing of it is sent, so that its title is enough to know it by."""
    title, text = action.stood
    yield Fact("ref", action.ref)
    yield Fact("title", title)
    yield Fact(_GUARDS["stood"], _guarded((("title", title), ("text", text))))


def _texts(effect: Effect) -> Iterator[Text]:
    if isinstance(effect.action, SetHead | Adopt):
        return
    values = values_of(effect.action)
    stood = _stood(values)
    for name, value in values.items():
        if name == "files":
            yield from (Text(path, text, stood.get(path)) for path, text in value)
        elif name == "notes":
            yield from (Text(f"note {number}", text) for number, text in enumerate(value, start=1))
        elif name in _LONG:
            yield Text(name, value, stood.get(f"its {name}"))


def _stood(values: Mapping[str, Any]) -> Mapping[str, str]:
    """Give the texts that are replaced, files by their paths; the action carries them, for it is done to these only."""
    expects, stood = values.get("expects"), values.get("stood")
    files = dict(expects) if isinstance(expects, tuple) else {}
    text = stood[1] if stood else expects
    return {**files, "its body": text} if isinstance(text, str) else files


def _guarded(value: str | tuple[tuple[str, str], ...] | dict[str, Any]) -> str:
    if isinstance(value, dict):
        return _said(value)
    texts = [Text("", value)] if isinstance(value, str) else [Text(path, text) for path, text in value]
    return "; ".join(f"{one.name + ': ' if one.name else ''}{one.size:,} bytes, {one.digest}" for one in texts)


def _said(value: object) -> str:
    match value:
        case None | "" | ():
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(map(str, value))
        case dict():
            return "; ".join(f"{key}: {_flow(one)}" for key, one in value.items())
        case _:
            return str(value)


def _flow(value: object) -> str:
    """Write a value as a release file would, on one line; what is empty in it is left out."""
    match value:
        case dict():
            return f"{{{', '.join(f'{key}: {_flow(one)}' for key, one in value.items() if one not in ('', None))}}}"
        case list() | tuple():
            return f"[{', '.join(map(_flow, value))}]"
        case _:
            return str(value)

"""Parts of what was looked at: each is seen, or unseen with its reason; "could not see" is never "no"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Generic, TypeVar, Union

from msgspec import Struct
from msgspec.structs import astuple

from secrel.words.errors import NotSeen, SecrelError

S = TypeVar("S")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Seen(Struct, Generic[T_co], frozen=True):
    """A part that was looked at: what it is, and where it was seen (an address or a file, without secrets).

    `shortfall` says what of it could not be read (`100 of 10,000 notes read`); empty: all of it was.
    """

    value: T_co
    where: str = ""
    shortfall: str = ""


class Unseen(Struct, frozen=True):
    """A part that could not be looked at, and why. This is never "no".

    `remedy` is what lets it be seen, where somebody knows more than to look again: a new token, say.
    """

    reason: str
    where: str = ""
    remedy: str = ""


def unseen(fault: SecrelError, where: str = "") -> Unseen:
    """Give the part that an error kept from being looked at, with what mends that."""
    return Unseen(fault.what, where or fault.where, fault.remedy)


Part = Seen[T] | Unseen
"""Something that was looked for."""

_AGAIN = "look again: secrel doctor"
NOT_ASKED = Unseen("not looked for")
"""What nobody looked for."""

Open = Union[T, Unseen]  # noqa: UP007 - mypy reads `T | Unseen` as no type
"""A field that a forge may leave open: its value, or why there is none; its place is that of what it is a field of."""


def need(part: Part[T], what: str) -> T:
    """Give a part that has to be there whole; raises `NotSeen`, which names it as `what`, for any other."""
    if isinstance(part, Unseen):
        raise NotSeen(f"{what} could not be seen: {part.reason}", remedy=part.remedy or _AGAIN)
    if part.shortfall:
        raise NotSeen(f"{what} could not be seen whole: {part.shortfall}", remedy=_AGAIN)
    return part.value


def settled(field: Open[T], what: str) -> T:
    """Give a field that has to be known; raises `NotSeen`, which names it as `what`, for one that was left open."""
    if isinstance(field, Unseen):
        raise NotSeen(f"{what} could not be seen: {field.reason}", remedy=field.remedy or _AGAIN)
    return field


def known(part: Part[T], otherwise: S) -> T | S:
    """Give what is known of a part, for showing it: nothing may be decided from that, since more may be there."""
    return part.value if isinstance(part, Seen) else otherwise


def mapped(part: Part[S], make: Callable[[S], T]) -> Part[T]:
    """Give what `make` makes of a part; one that could not be seen, or not whole, stays so."""
    return part if isinstance(part, Unseen) else Seen(make(part.value), part.where, part.shortfall)


def tried(look: Callable[[], T], where: str) -> Part[T]:
    """Give what `look` sees, or why it could not: an error of ours stays in this one part."""
    try:
        return Seen(look(), where)
    except SecrelError as fault:
        return unseen(fault, where)


_LEAVES = (str, int, date, frozenset, type(None))
"""Types of values in which there is no part: most of what a look brings; enumerations of words are texts."""


def is_whole(value: object) -> bool:
    """Whether everything inside a value could be seen, and whole: there is nothing that `shortfalls` would tell."""
    waiting = [value]
    for one in waiting:
        if isinstance(one, Unseen) or (isinstance(one, Seen) and one.shortfall):
            return False
        if isinstance(one, Struct):
            inside: Iterable[object] = astuple(one)
        else:
            inside = one.values() if isinstance(one, Mapping) else one if isinstance(one, tuple) else ()
        waiting += [part for part in inside if not isinstance(part, _LEAVES)]
    return True


_Trail = str | tuple["_Trail", str]
"""Where a value belongs, as names; put into words when there is something to say, which is rare."""


def shortfalls(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Tell everything inside a value that could not be seen, or not whole: where it belongs, and why.

    Looks into values of ours, into tuples and tables; so that no new part can be forgotten.
    """
    return ((_in_words(trail), why) for trail, why in _short(value, path))


def _short(value: object, trail: _Trail) -> Iterator[tuple[_Trail, str]]:
    if isinstance(value, Unseen):
        yield trail, value.reason
        return
    if isinstance(value, Seen) and value.shortfall:
        yield trail, value.shortfall
    for where, inside in _inside(value, trail):
        yield from _short(inside, where)


def _inside(value: object, trail: _Trail) -> Iterable[tuple[_Trail, object]]:
    """Give what is directly inside a value and may have parts, with where it belongs."""
    if isinstance(value, Seen):
        return () if isinstance(value.value, _LEAVES) else [(trail, value.value)]
    if isinstance(value, Mapping):
        return [((trail, str(name)), part) for name, part in value.items() if not isinstance(part, _LEAVES)]
    if isinstance(value, tuple):
        return [(trail, part) for part in value if not isinstance(part, _LEAVES)]
    if not isinstance(value, Struct):
        return ()
    here = str(getattr(value, "ref", "")) or trail
    fields = ((name, getattr(value, name)) for name in value.__struct_fields__)
    return [((here, name), part) for name, part in fields if not isinstance(part, _LEAVES)]


def _in_words(trail: _Trail) -> str:
    return trail if isinstance(trail, str) else f"{_in_words(trail[0])} {trail[1]}".strip()

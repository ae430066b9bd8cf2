"""Every part inside a value, found by the types it is declared with, and the same value with one of them hidden.

A part that is added to any word is found here without anybody naming it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from msgspec import Struct
from msgspec.structs import replace

from secrel.words.parts import Seen, Unseen

V = TypeVar("V")
Path = tuple[object, ...]
"""The way into a value: names of fields, keys, places in a tuple; `value` for what was seen."""
HIDDEN = Unseen("hidden by the test")
CUT = "cut short by the test"


@cache
def open_fields(cls: type[Struct]) -> frozenset[str]:
    """Name the fields of a struct that can be unseen."""
    hints = get_type_hints(cls)
    return frozenset(name for name in cls.__struct_fields__ if _can_be_unseen(hints[name]))


def _can_be_unseen(hint: Any) -> bool:
    is_union = get_origin(hint) is Union or type(hint).__name__ == "UnionType"
    return is_union and Unseen in get_args(hint)


def declared(cls: Any, met: set[type] | None = None) -> Iterator[tuple[type, str]]:
    """Give every field that can be unseen, of a struct and of everything its fields can hold."""
    known = set() if met is None else met
    if isinstance(cls, type) and issubclass(cls, Struct) and cls not in known:
        known.add(cls)
        for name in open_fields(cls):
            yield cls, name
        for hint in get_type_hints(cls).values():
            yield from declared(hint, known)
    for inside in get_args(cls):
        yield from declared(inside, known)


def places(value: object, path: Path = ()) -> Iterator[tuple[Path, tuple[type, str] | None]]:
    """Give the way to every part inside a value; with the field it is, None for one that stands in a table."""
    if isinstance(value, Seen):
        yield from places(value.value, (*path, "value"))
    elif isinstance(value, Mapping):
        for key, inside in value.items():
            if isinstance(inside, Seen | Unseen):
                yield (*path, key), None
            yield from places(inside, (*path, key))
    elif isinstance(value, tuple):
        for place, inside in enumerate(value):
            yield from places(inside, (*path, place))
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            inside = getattr(value, name)
            if name in open_fields(type(value)):
                yield (*path, name), (type(value), name)
            yield from places(inside, (*path, name))


def part_at(value: Any, path: Path) -> Any:
    """Give what is at the end of a way; raises `LookupError` where something before it is hidden."""
    for step in path:
        if isinstance(value, Unseen):
            raise LookupError(path)  # noqa: TRY004 - it is not there, of whatever type
        is_table = isinstance(value, Mapping) or isinstance(value, tuple)  # noqa: SIM101 - mypy reads it so
        value = value[step] if is_table else getattr(value, str(step))
    return value


def put(value: V, path: Path, part: object) -> V:
    """Give the same value with another part at the end of a way."""
    if not path:
        return part  # type: ignore[return-value]
    step, rest = path[0], path[1:]
    made: Any
    if isinstance(value, Mapping):
        made = {**value, step: put(value[step], rest, part)}
    elif isinstance(value, tuple):
        made = tuple(put(one, rest, part) if place == step else one for place, one in enumerate(value))
    else:
        name = str(step)
        made = replace(value, **{name: put(getattr(value, name), rest, part)})  # type: ignore[type-var]
    return made  # type: ignore[no-any-return]


def hidden(value: V, path: Path) -> V:
    """Give the same value with one part unseen; unchanged where it is inside another that is."""
    try:
        part_at(value, path)
    except (LookupError, AttributeError):
        return value
    return put(value, path, HIDDEN)


def cut(value: V, path: Path) -> V:
    """Give the same value with one part cut short: the last of what it holds was not read."""
    try:
        part = part_at(value, path)
    except (LookupError, AttributeError):
        return value
    if not isinstance(part, Seen):
        return hidden(value, path)
    less = part.value
    if isinstance(less, tuple):
        less = less[:-1]
    elif isinstance(less, frozenset):
        less = frozenset(sorted(less)[:-1])
    elif isinstance(less, Mapping):
        less = dict(sorted(less.items())[:-1])
    return put(value, path, Seen(less, part.where, CUT))

"""What keeps a value from being of a kind: every fault of it, where the decoder tells only the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Struct

from secrel.reading.signs import Path
from secrel.words.errors import Misused, did_you_mean

T = TypeVar("T")
_NATIVE = (date, time, datetime)
_LISTS = (list, tuple, frozenset)
_WORDS: Mapping[Any, str] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    date: "a date without quotes, such as 2026-11-25",
    time: "a time of day, such as 09:00:00",
    datetime: "an instant with its zone, such as 2026-11-25T16:00:00Z",
}


class Wrong(Struct, frozen=True):
    """One fault of a value: the way down to it, what it is, and what to do (empty: look at the file's page)."""

    path: Path
    what: str
    remedy: str = ""


def converted(value: object, kind: Any, *, typed: bool) -> Any:
    """Decode `value` strictly; a kind of our own has a class method `read`.

    `typed` says that its format has numbers, flags and dates of its own; in others they are texts. Raises
    `msgspec.ValidationError`, or the `Misused` of a kind of our own, for the first fault.
    """
    native = _NATIVE if typed else None
    return msgspec.convert(value, kind, strict=typed, builtin_types=native, dec_hook=lambda own, inner: own.read(inner))


def wrongs(value: object, kind: Any, path: Path = (), *, typed: bool) -> Iterator[Wrong]:
    """Give every fault of a value; at least one for what cannot be decoded, and none for what can."""
    found: list[Wrong] = []
    for part in _inside(value, kind, path):
        found += [part] if isinstance(part, Wrong) else wrongs(*part, typed=typed)
    yield from found
    if found:
        return
    try:
        converted(value, kind, typed=typed)
    except Misused as fault:
        yield Wrong((*path, *fault.path), f"{named((*path, *fault.path))}: {fault.what}", fault.remedy)
    except msgspec.ValidationError:
        is_empty = value is None and not path
        what = "the file is empty" if is_empty else f"{named(path)} has to be {_wanted(kind)}"
        yield Wrong(path, what, _meant(value, kind, path))


def named(path: Path) -> str:
    """Say of what is spoken: a key, an item of a list, or the file."""
    match path:
        case ():
            return "the file"
        case (*_, str(key), int(number)):
            return f"item {number + 1} of {key[:40]}"
        case (*_, int(number)):
            return f"item {number + 1}"
        case _:
            return str(path[-1])[:40]


def _members(kind: Any) -> tuple[Any, ...]:
    """Give the kinds that a value may be of, without what is annotated to them."""
    if get_origin(kind) is Annotated:
        return _members(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return tuple(member for one in get_args(kind) for member in _members(one))
    return (kind,)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _is_mapping(kind: Any) -> bool:
    return get_origin(kind) in (dict, Mapping)


_Inside = Wrong | tuple[object, Any, Path]
"""A fault of a table itself, or something inside a value: what it is, its kind, and the way to it."""


def _inside(value: object, kind: Any, path: Path) -> Iterator[_Inside]:
    """Give what is inside a value, as far as its kind says of what kind that is."""
    for member in _members(kind):
        if isinstance(value, list) and get_origin(member) in _LISTS:
            of = get_args(member)[0]
            yield from ((inner, of, (*path, number)) for number, inner in enumerate(value))
        elif isinstance(value, dict) and _is_mapping(member):
            yield from ((inner, get_args(member)[1], (*path, key)) for key, inner in value.items())
    structs = [member for member in _members(kind) if _is_struct(member)]
    if isinstance(value, dict) and structs:
        tags = {struct.__struct_config__.tag: struct for struct in structs}
        field, only = structs[0].__struct_config__.tag_field, next(iter(tags)) if len(tags) == 1 else None
        tag = value.get(field, only)  # without a field for it, both are None
        if field is not None:
            yield tag, Literal[tuple(tags)], (*path, field)
        yield from (part for one, struct in tags.items() if one == tag for part in _in_table(value, struct, path))


def _in_table(value: dict[str, object], struct: type[msgspec.Struct], path: Path) -> Iterator[_Inside]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    for key, inner in value.items():
        if key in fields:
            yield inner, fields[key].type, (*path, key)
        elif struct.__struct_config__.forbid_unknown_fields and key != struct.__struct_config__.tag_field:
            remedy = did_you_mean(key, fields, f"the keys here are {', '.join(fields)}")
            yield Wrong((*path, key), f"there is no key {key[:40]!r} here", remedy)
    for key, field in fields.items():
        if field.required and key not in value:
            yield Wrong(path, f"{named(path)} has no {key}", f"add {key}")


def _wanted(kind: Any) -> str:
    """Say what a value of a kind is, as people say it."""
    if get_origin(kind) is Annotated:
        inner, *told = get_args(kind)
        said = next((one.description for one in told if isinstance(one, msgspec.Meta) and one.description), None)
        return said or _wanted(inner)
    members = [member for member in _members(kind) if member is not NoneType]
    if len(members) > 1:
        return " or ".join(_wanted(member) for member in members)
    if choices := _choices(members[0]):
        return f"one of {', '.join(choices)}"
    if get_origin(members[0]) in _LISTS:
        return "a list of tables" if _is_struct(get_args(members[0])[0]) else "a list"
    return _WORDS.get(members[0], "a table")


def _choices(kind: Any) -> tuple[str, ...]:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(str(member.value) for member in kind)
    return tuple(map(str, get_args(kind))) if get_origin(kind) is Literal else ()


def _meant(value: object, kind: Any, path: Path) -> str:
    """Say what was probably meant: a choice, or a list of tables."""
    choices = [choice for member in _members(kind) for choice in _choices(member)]
    if isinstance(value, str):
        return did_you_mean(value, choices)
    is_one_of_several = isinstance(value, dict) and get_origin(_members(kind)[0]) in _LISTS
    return f"make it a list: [[{path[-1]}]] in TOML, - in YAML" if is_one_of_several and path else ""

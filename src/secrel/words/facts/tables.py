"""Tables that people write, as plain values of JSON or YAML: read into words by their types, and written back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum, EnumType
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec

from secrel.words.errors import Misused, did_you_mean, within
from secrel.words.ids import CveId, Cwe
from secrel.words.patterns import pattern
from secrel.words.spans import Affected, Span, lower
from secrel.words.vectors import Vector
from secrel.words.versions import Version

S = TypeVar("S", bound=msgspec.Struct)
Path = tuple[str | int, ...]
"""The way from a table down to one of its values."""
_PARSED: Mapping[Any, Any] = {kind: kind.parse for kind in (Version, Vector, CveId, Cwe)}
"""Words that are written as one text."""
_MOST_ITEMS = 500
_ALL = "all"
_REMEDY = "correct this field; secrel manual release-file has them all"
_COMPUTED = frozenset({"severity", "score", "rating", "cvss", "cvss_score", "cvss_severity"})
"""What people want to state of a fix, and what follows from its vector."""
_VECTOR = "give the vector, with its prefix: vector: CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:N"
_AFFECTED = "write affected: {since: VERSION}, with the first affected version, or affected: {since: all}"
_STEP = pattern(r"\.([A-Za-z_][\w-]*)|\[(\d+)\]")
_TIME = "write the time as 2026-12-03T14:00:00+00:00"
_KIND = pattern(r"Expected `([^`]+)`, got `([^`]+)`")
_KINDS = {
    "object": "a table",
    "array": "a list",
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
}
_UNKNOWN = pattern(r"unknown field `([^`]+)`")


class SpanTold(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One affected range, half open; without `since` from the first version on, without `fixed` not fixed yet."""

    since: str | None = None
    fixed: str | None = None


class SinceTold(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The first affected version, or `all`; the release's own versions close the ranges."""

    since: str


def _plainly(what: str) -> str:
    """Say in a person's words of what kind a value has to be; other faults as they are."""
    told = _KIND.match(what)
    if told is None:
        _, lacks, name = what.partition("Object missing required field ")
        unknown = _UNKNOWN.search(what)
        return f"{name} is missing" if lacks else f"there is no field {unknown[1][:40]!r}" if unknown else what[:300]
    wanted, found = ([_KINDS.get(kind, kind) for kind in part.split(" | ") if kind != "null"] for part in told.groups())
    return f"this has to be {' or '.join(wanted)}, and is {' or '.join(found) or 'nothing'}"


def _shaped(value: object, kind: Any) -> Any:
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as fault:
        what, _, path = str(fault).partition(" - at `$")
        steps = [name or int(number) for name, number in _STEP.findall(path)]
        said, remedy = _plainly(what), _REMEDY
        if "RFC3339" in what:
            said, remedy = "this is no time with its zone", _TIME
        elif isinstance(kind, EnumType):
            said = f"this has to be one of {', '.join(map(str, kind))}"
        raise Misused(said, remedy=remedy, path=(*steps, *_UNKNOWN.findall(what))) from fault


def _each(items: Sequence[object], kind: Any) -> tuple[Any, ...]:
    if len(items) > _MOST_ITEMS:
        raise Misused(f"this has {len(items)} items, and {_MOST_ITEMS} are the most", remedy="shorten it")
    found = []
    for number, item in enumerate(items):
        with within(number):
            found.append(_read(kind, item))
    return tuple(found)


def _first(text: str) -> Version | None:
    return None if text == _ALL else lower(Version.parse(text))


def _span(value: object) -> Span:
    told = _shaped(value, SpanTold)
    with within("since"):
        since = _first(told.since) if told.since else None
    with within("fixed"):
        fixed = Version.parse(told.fixed) if told.fixed else None
    return Span(since, fixed)


def _affected(value: object) -> Affected | None:
    if isinstance(value, str):
        raise Misused("this is no range", remedy=_AFFECTED)
    told = _shaped(value, SinceTold | list[SpanTold] | None)
    if isinstance(told, SinceTold):
        return Affected.since(_first(told.since))
    if told == []:
        raise Misused("no range is given", remedy="give at least one, or leave `affected` out")
    return None if told is None else Affected(_each(told, SpanTold))


def _read(kind: Any, value: object) -> Any:
    """Read a value as its type says; raises `Misused`."""
    if kind in _PARSED:
        return _PARSED[kind](_shaped(value, str))
    if kind in _OTHERS:
        return _OTHERS[kind](value)
    if get_origin(kind) is not None:
        return _read_parts(get_origin(kind), get_args(kind), value)
    return record(kind, value) if issubclass(kind, msgspec.Struct) else _shaped(value, kind)


def _read_parts(outer: Any, parts: tuple[Any, ...], value: object) -> Any:
    if outer is Annotated:
        return parts[1](_read(parts[0], value))
    if outer is tuple:
        return _each(_shaped(value, list[object]), parts[0])
    return _read(parts[0], value)  # `X | None`: what is not stated is not there


_OTHERS: Mapping[Any, Any] = {Affected: _affected, SpanTold: _span}


@lru_cache(maxsize=64)
def _fields(kind: type[msgspec.Struct]) -> Mapping[str, msgspec.structs.FieldInfo]:
    return {field.name: field for field in msgspec.structs.fields(kind)}


def _is_text(kind: Any) -> bool:
    while get_origin(kind) in (Annotated, Union, UnionType):
        kind = get_args(kind)[0]
    return kind is str or kind in _PARSED


def is_text(kind: type[msgspec.Struct], name: str) -> bool:
    """Whether a field of a table is written as one text, and not as a list, a range or a number."""
    return _is_text(_fields(kind)[name].type)


def unknown_field(name: str, known: Collection[str]) -> Misused:
    """Say that there is no such field, with the one that was probably meant; of what is computed, from what."""
    if name.casefold() in _COMPUTED:
        return Misused(f"a {name} is never given: it is computed from the CVSS vector", remedy=_VECTOR)
    remedy = did_you_mean(name, known, f"use one of: {', '.join(known)}")
    return Misused(f"there is no field {name[:40]!r}", remedy=remedy)


def read_field(kind: type[msgspec.Struct], name: str, value: object) -> Any:
    """Read one field of a table; an empty text states nothing. Raises `Misused` with its path."""
    with within(name):
        field = _fields(kind).get(name)
        if field is None:
            raise unknown_field(name, _fields(kind))
        if value == "" and _is_text(field.type) and not (field.required or name in getattr(kind, "needs", ())):
            return field.default
        return _read(field.type, value)


def record(kind: type[S], value: object) -> S:
    """Read a whole table strictly; raises `Misused` with the path of what is wrong."""
    told = {name: read_field(kind, name, one) for name, one in _shaped(value, dict[str, object]).items()}
    for name, field in _fields(kind).items():
        if field.required and name not in told:
            raise Misused(f"`{name}` is missing", remedy=_REMEDY)
    return kind(**told)


def _written(value: Any) -> Any:
    match value:
        case Affected():
            first = str(value.spans[0].since or _ALL)
            told: Any = {"since": first} if value.follows else _written(value.spans)
        case Span():
            told = {name: str(end) for name in ("since", "fixed") if (end := getattr(value, name)) is not None}
        case tuple():
            told = [_written(one) for one in value]
        case _ if type(value) in _PARSED:
            told = str(value)
        case msgspec.Struct():
            told = {name: _written(getattr(value, name)) for name in value.__struct_fields__}
        case datetime():
            told = value.isoformat()
        case _:
            told = str(value) if isinstance(value, Enum) else value
    return told


def as_table(table: msgspec.Struct) -> dict[str, Any]:
    """Write a table as plain values: each field by its name, what is not stated left out."""
    told = ((field, getattr(table, name)) for name, field in _fields(type(table)).items())
    return {field.name: _written(value) for field, value in told if value != field.default}


def texts_in(value: object) -> Iterator[str]:
    """Give every text in a value made of tables and lists, the names in its tables among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from (str(name), *texts_in(part))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts_in(part)

"""YAML that people write: read as plain strings, lists and tables, with the line of everything.

No scalar is guessed at: `14.10` stays a version and never becomes a number, `2026-11-25` never a date; decoding into
words says what each must be. Aliases, tags and doubled keys are refused: nothing we read needs them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from secrel.words.errors import Misused

T = TypeVar("T")
_LARGEST = 4_000_000
_DEEPEST = 20
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_PLAIN = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq")
)
"""The tags that the reader gives by itself to what has none."""
_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+)\]")
_REMEDY = "correct the file; docs/release-file.md and docs/stories.md have every field"


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read: its data, and the lines by path (`("fixes", 3, "vector")`)."""

    name: str
    data: Any
    lines: Mapping[tuple[str | int, ...], int]

    def place(self, *path: str | int) -> str:
        """Say where `path` stands: `file:line`; of a path that is not there, where its nearest parent stands."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.name}:{self.lines.get(path, 1)}"

    def decode(self, kind: type[T]) -> T:
        """Decode the whole of it strictly; raises `Misused` with file and line."""
        try:
            return msgspec.convert(self.data, kind, strict=False)
        except msgspec.ValidationError as fault:
            what, _, path = str(fault).partition(" - at `$")
            steps = [name or int(number) for name, number in _STEP.findall(path)]
            steps += re.findall(r"unknown field `([^`]+)`", what)
            named = ".".join(str(step) for step in steps)
            said = f"{named}: {what[:300]}" if named else what[:300]
            raise Misused(said, where=self.place(*steps), remedy=_REMEDY) from fault


class _Reader:
    """Turns the tree of one file into data, and remembers the lines."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[tuple[str | int, ...], int] = {}
        self.seen: set[int] = set()

    def refuse(self, node: Any, what: str) -> Misused:
        return Misused(what, where=f"{self.name}:{node.start_mark.line + 1}", remedy=_REMEDY)

    def data(self, node: Any, path: tuple[str | int, ...] = (), near: Any = None) -> Any:
        """Read one node; `near` is what stands before it: an alias is the node that it names, and has no place."""
        if id(node) in self.seen:
            raise self.refuse(near, "an alias stands here, and aliases are not read")
        self.lines[path] = node.start_mark.line + 1
        self.seen.add(id(node))
        if node.tag not in _PLAIN:
            raise self.refuse(node, f"the tag {node.tag[:40]!r} stands here, and tags are not read")
        if len(path) > _DEEPEST:
            raise self.refuse(node, f"this is nested deeper than {_DEEPEST} levels")
        match node.id:
            case "mapping":
                return self.table(node, path)
            case "sequence":
                before = [node, *node.value]
                return [self.data(part, (*path, n), before[n]) for n, part in enumerate(node.value)]
            case _:
                is_plain = node.style is None
                return None if is_plain and node.value in _NOTHING else node.value

    def table(self, node: Any, path: tuple[str | int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if key.id != "scalar":
                raise self.refuse(key, "a name is not a plain word")
            if key.value in found:
                raise self.refuse(key, f"{key.value[:40]!r} stands here twice")
            found[key.value] = self.data(value, (*path, key.value), key)
            self.lines[(*path, key.value)] = key.start_mark.line + 1
        return found


def read_yaml(text: str, name: str) -> Document:
    """Read the text of one YAML file, which messages call `name`; raises `Misused` with file and line."""
    # the parser is loaded with the first file
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415

    if len(text) > _LARGEST:
        raise Misused(f"the file has {len(text)} characters, and {_LARGEST} are the most", where=name, remedy=_REMEDY)
    reader = _Reader(name)
    try:
        tree = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise Misused(
            f"this is not YAML ({str(fault.problem or fault.context)[:100]})", where=f"{name}:{line}", remedy=_REMEDY
        ) from fault
    except (YAMLError, ValueError, RecursionError) as fault:
        raise Misused("this is not YAML", where=name, remedy=_REMEDY) from fault
    if tree is None:
        raise Misused("the file is empty", where=name, remedy=_REMEDY)
    return Document(name, reader.data(tree), reader.lines)

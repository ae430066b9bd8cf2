"""YAML that people write: read as plain strings, lists and tables, with the place of everything.

No scalar is guessed at: `14.10` stays a version and never becomes a number, `2026-11-25` never a date; decoding into
words says what each must be. Anchors, tags and doubled keys are refused: nothing we read needs them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import accumulate
from typing import Any

import ruamel.yaml
from msgspec import Struct, field

from secrel.reading.documents import Document, Malformed, malformed, plain_text
from secrel.reading.signs import Path
from secrel.words.patterns import pattern

_DEEPEST = 20
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_PLAIN = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq")
)
"""The tags that the reader gives by itself to what has none."""
_HALF_A_SIGN = pattern("[\ud800-\udfff]")
_BEYOND = pattern(r"\\U(?!00(?:0[0-9a-fA-F]|10))")
_REMEDY = "correct the line"
_MOST_OPEN = 60
"""How many brackets more than it closes a line may open: the parser takes a line's brackets for keys, all at once, and
its time grows with their square before it counts how deep they are."""
_MOST_VALUES = 16_000
"""How many keys and values a file may have: 200 fixes have 13,000, and the parser takes some 10,000 in a second."""


class Spot(Struct, frozen=True):
    """Where a value stands: lines and columns from 0, `end` is the first column after it.

    `key` is the place of the key before it, or of the value itself when it has none. `style` is the quotation mark
    around it, `|` or `>` for a block of text, `[` or `{` for what is in brackets, and empty for the rest.
    """

    line: int
    start: int
    last: int
    end: int
    key: tuple[int, int]
    style: str


class YamlDocument(Document, frozen=True):
    """A file of YAML, with the spot of everything in it."""

    spots: Mapping[Path, Spot] = field(default_factory=dict)


def read_yaml(given: str | bytes, name: str, *, most: int, remedy: str) -> YamlDocument:
    """Read a file of YAML, which messages call `name`; raises `Malformed` with file and line, None when it is empty.

    `most` is how many characters it may have; `remedy` says where its keys are explained. What the parser says of its
    own stands in brackets, and may quote the file.
    """
    text = plain_text(given, name, most)
    _check_brackets(text, name)
    parser = ruamel.yaml.YAML(typ="safe", pure=True)
    parser.Composer = _counting(name)
    parser.max_depth = _DEEPEST
    parser.composer.warn_double_anchors = False  # none is taken
    try:
        tree = parser.compose(text)
    except ruamel.yaml.composer.MaxDepthExceededError as fault:
        place = f"{name}:{fault.problem_mark.line + 1}"
        raise malformed(place, f"this is nested deeper than {_DEEPEST} levels", _REMEDY) from fault
    except ruamel.yaml.error.MarkedYAMLError as fault:
        said = str(fault.problem)[:100]
        # what never ends is told where it begins
        mark = fault.context_mark if fault.context_mark and "stream" in said else fault.problem_mark
        line = mark.line + 1 if mark else 1
        raise malformed(f"{name}:{line}", f"this is not YAML ({said})", _REMEDY) from fault
    except ruamel.yaml.error.YAMLError as fault:  # a sign that YAML does not allow
        line = text.count("\n", 0, getattr(fault, "position", 0)) + 1
        raise malformed(f"{name}:{line}", "this is not YAML", _REMEDY) from fault
    except (ValueError, OverflowError) as fault:
        line = _BEYOND.split(text, maxsplit=1)[0].count("\n") + 1
        raise malformed(f"{name}:{line}", "this is not YAML: no such sign is in Unicode", _REMEDY) from fault
    reader = _Reader(name)
    data = None if tree is None else reader.data(tree, (), tree)

    def lines(paths: Collection[Path]) -> Mapping[Path, int]:
        return {path: reader.spots[path].key[0] + 1 for path in paths if path in reader.spots}

    return YamlDocument(name, data, lines, typed=False, remedy=remedy, spots=reader.spots)


def _counting(name: str) -> type[Any]:
    """Give a composer that reads on only while there are not too many keys and values."""

    class Counting(ruamel.yaml.composer.Composer):
        count = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            self.count += 1
            if self.count > _MOST_VALUES:
                line = self.loader.parser.peek_event().start_mark.line + 1
                what = f"this has more than {_MOST_VALUES:,} keys and values"
                raise malformed(f"{name}:{line}", what, "leave out what is not needed, or make several files of it")
            return super().compose_node(parent, index)

    return Counting


def _check_brackets(text: str, name: str) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count("[") + line.count("{") > _MOST_OPEN and _most_open(line) > _MOST_OPEN:
            raise malformed(f"{name}:{number}", f"this is nested deeper than {_DEEPEST} levels", _REMEDY)


def _most_open(line: str) -> int:
    steps = (1 if sign in "[{" else -1 for sign in line if sign in "[]{}")
    return max(accumulate(steps))


class _Reader:
    """Turns the tree of one file into data, and remembers the spots."""

    def __init__(self, name: str) -> None:
        self.spots: dict[Path, Spot] = {}
        self._name = name

    def _refused(self, line: int, what: str) -> Malformed:
        return malformed(f"{self._name}:{line + 1}", what, _REMEDY)

    def _check(self, node: Any) -> int:
        """Refuse what no file of ours needs, and give the line."""
        line: int = node.start_mark.line
        if node.anchor:
            raise self._refused(line, "an anchor stands here, and anchors and aliases are not read")
        if node.tag not in _PLAIN:
            raise self._refused(line, "a tag stands here, and tags are not read")
        if node.id == "scalar" and _HALF_A_SIGN.search(node.value):
            raise self._refused(line, "a text has half a sign in it")
        return line

    def data(self, node: Any, path: Path, key: Any) -> Any:
        """Read one node; `key` is the node of its key, or itself."""
        self._check(node)
        self.spots[path] = _spot(node, key)
        match node.id:
            case "mapping":
                return self._table(node, path)
            case "sequence":
                return [self.data(part, (*path, number), part) for number, part in enumerate(node.value)]
            case _:
                return None if node.style is None and node.value in _NOTHING else node.value

    def _table(self, node: Any, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = self._check(key)
            if key.id != "scalar":
                raise self._refused(line, "a key is not a plain word")
            if key.value in found:
                raise self._refused(line, "a key stands here for the second time")
            found[key.value] = self.data(value, (*path, key.value), key)
        return found


def _spot(node: Any, key: Any) -> Spot:
    start, end = node.start_mark, node.end_mark
    style = (node.style or "") if node.id == "scalar" else ("[{"[node.id == "mapping"] if node.flow_style else "")
    return Spot(start.line, start.column, end.line, end.column, (key.start_mark.line, key.start_mark.column), style)

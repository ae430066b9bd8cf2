"""A schedule file with the place of everything in it, so that one place can change and every other byte stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Struct, field

from secrel.reading import largest
from secrel.reading.documents import Faults, malformed, plain_text
from secrel.reading.signs import Path
from secrel.reading.yaml import Spot, YamlDocument, read_yaml
from secrel.words.errors import Misused
from secrel.words.patterns import pattern

BOM = b"\xef\xbb\xbf"
OURS = ("appsec", "psirt")
_REMEDY = "write it as the rest of the file is: - version, date, and lists of names, each on its own line"
_FORBIDDEN = pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\r")


class _Release(msgspec.Struct, frozen=True):
    version: Annotated[str, msgspec.Meta(min_length=1, description="a version, such as '15.7'")]
    date: str | None = None
    appsec: list[str | None] | str | None = None
    psirt: list[str | None] | str | None = None


class Scalar(Struct, frozen=True):
    """One value: its text, and where it stands; `line` counts from 0, `end` is the first column after it.

    `quote` is the quotation mark around it, or empty.
    """

    text: str
    line: int
    start: int
    end: int
    quote: str = ""


class ScheduleEntry(Struct):
    """One key of a release: its value, or its list; `other` when it holds something that is not ours to understand."""

    name: str
    line: int
    value: Scalar | None = None
    items: list[Scalar] = field(default_factory=list)
    indent: int | None = None
    other: bool = False


class ReleaseBlock(Struct):
    """One release: the line it begins on, the last line that is its own, and the column and order of its keys."""

    line: int
    last: int
    column: int
    entries: dict[str, ScheduleEntry] = field(default_factory=dict)


def lines_of(data: bytes) -> list[str]:
    """Split a schedule that was read into lines, without newlines and byte order mark."""
    return data.removeprefix(BOM).decode("utf-8").split("\n")


def read_blocks(data: bytes, place: str) -> tuple[ReleaseBlock, ...]:
    """Give the releases of a schedule in the order of the file.

    Raises `Malformed` for over a million bytes, for what is not UTF-8, for control characters, and for what cannot be
    changed in one place alone: texts over several lines, and names that do not stand on lines of their own.
    """
    text = plain_text(data, place, largest.SCHEDULE)
    if found := _FORBIDDEN.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise malformed(f"{place}:{line}", "a control character is in this line", "take it out")
    # blanks at the ends of lines are blemishes, and tabs among them are none to the parser
    bare = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    document = read_yaml(bare, place, most=largest.SCHEDULE, remedy=_REMEDY)
    if document.data is None:
        return ()
    faults = Faults(document)
    faults.decode(document.data, tuple[_Release, ...])
    faults.raise_if_any()
    reader = _Blocks(document, text.split("\n"), faults)
    blocks = tuple(reader.block(number, release) for number, release in enumerate(document.data))
    faults.raise_if_any()
    return blocks


class _Blocks:
    """Gives the values of a document their places, and notes what could not be changed there."""

    def __init__(self, document: YamlDocument, lines: list[str], faults: Faults) -> None:
        self._spots = document.spots
        self._lines = lines
        self._faults = faults
        if self._spots[()].style:
            faults.add((), "the list is in brackets")

    def block(self, number: int, release: Mapping[str, Any]) -> ReleaseBlock:
        """Give one release."""
        spot = self._spots[number,]
        if spot.style:
            self._faults.add((number,), "a release is in brackets")
        block = ReleaseBlock(spot.line, spot.line, spot.start)
        block.entries = {key: self._entry((number, key), value) for key, value in release.items()}
        block.last = max(self._last((number, key), value) for key, value in release.items())
        return block

    def _last(self, path: Path, value: Any) -> int:
        """Give the last line of what stands at `path`; what is empty ends with its key."""
        spot = self._spots[path]
        if spot.style in ("|", ">"):
            self._faults.add(path, "a block of text is not read here")
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        ends = [self._last((*path, key), part) for key, part in inner]
        own = spot.last if spot.style or isinstance(value, str) else spot.key[0]
        return max([own, *ends])

    def _entry(self, path: Path, value: Any) -> ScheduleEntry:
        name, spot = str(path[-1]), self._spots[path]
        entry = ScheduleEntry(name, spot.key[0])
        is_list = isinstance(value, list)
        if is_list and not spot.style:
            entry.indent = spot.start
            entry.other = any(isinstance(part, list | dict) for part in value)
            parts = [] if entry.other else list(enumerate(value))
            entry.items = [self._scalar((*path, number), part, in_list=True) for number, part in parts]
        elif value == [] or isinstance(value, str) or (value is None and spot.start != spot.end):
            entry.value = self._scalar(path, value or None, in_list=False)
        else:
            entry.other = value is not None
            if entry.other and name in OURS:
                self._faults.add(path, "a list in brackets is not read here")
        return entry

    def _scalar(self, path: Path, text: str | None, *, in_list: bool) -> Scalar:
        spot = self._spots[path]
        if path[1] in ("version", "date", *OURS):
            self._check(path, spot, text or "", in_list=in_list)
        return Scalar(text or "", spot.line, spot.start, spot.end, spot.style.strip("["))

    def _check(self, path: Path, spot: Spot, text: str, *, in_list: bool) -> None:
        before = self._lines[spot.line][: spot.start]
        if spot.line != spot.last or (not in_list and spot.line != spot.key[0]):
            self._faults.add(path, "the text goes on over several lines")
        elif in_list and not re.fullmatch(r" *- +", before):
            self._faults.add(path, "a list item is empty, or does not stand on its own line")
        elif not text.isprintable():
            self._faults.add(path, "a character that cannot be printed is in this text")


def written(name: str) -> str:
    """Write a name as a value: plain where every reader takes it for a text, in single quotes elsewhere.

    Raises `Misused` for a name that is empty, over 200 characters, or has characters that cannot be printed.
    """
    if not name or name != name.strip() or len(name) > 200 or not name.isprintable():  # noqa: PLR2004 - said above
        raise Misused(
            "a name for the schedule is empty, too long, or not printable", remedy="correct the name in the team file"
        )
    plain = re.fullmatch(r"[^\W\d_](?:[\w .'-]*[\w.])?", name)
    word = name.casefold() in {"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"}
    return name if plain and not word else "'" + name.replace("'", "''") + "'"

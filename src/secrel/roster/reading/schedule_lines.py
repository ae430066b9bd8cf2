"""A schedule file taken apart line by line, so that one place can change and every other byte stays.

The files are YAML, and only the part of YAML that they use is read: a list of mappings whose values are one scalar or
a list. Nothing is ever expanded, so an anchor, an alias or a tag is a fault with its line, and a bomb has no fuse.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from secrel.words.errors import Misused

BOM = b"\xef\xbb\xbf"
OURS = ("appsec", "psirt")
_READ = ("version", "date", *OURS)
_MOST_BYTES = 1_000_000
_LONGEST_LINE = 1000
_REMEDY = "write it as the rest of the file is: - version, date, and lists of names, each on its own line"
_KEY = re.compile(r"([^\W\d][\w-]*|'[\w -]+'|\"[\w -]+\")[ \t]*:(?:[ \t]+(.*))?")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\r(?!\n)")
_NULLS = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value: its text, and where it stands; `line` counts from 0, `end` is the first column after it.

    `quote` is the quotation mark around it, or empty.
    """

    text: str
    line: int
    start: int
    end: int
    quote: str = ""


@dataclass(slots=True)
class Entry:
    """One key of a release: its value, or its list; `other` when it holds something that is not ours to understand."""

    name: str
    line: int
    value: Scalar | None = None
    items: list[Scalar] = field(default_factory=list)
    indent: int | None = None
    other: bool = False


@dataclass(slots=True)
class Block:
    """One release: the line it begins on, the last line that is its own, and the column and order of its keys."""

    line: int
    last: int
    column: int
    entries: dict[str, Entry] = field(default_factory=dict)


def lines_of(data: bytes, place: str) -> list[str]:
    """Decode a schedule and split it into lines, without newlines and byte order mark.

    Raises `Misused` for over a million bytes, for what is not UTF-8, for control characters, and for endless lines.
    """
    if len(data) > _MOST_BYTES:
        raise Misused(
            f"the schedule has {len(data)} bytes, over a million",
            where=place,
            remedy="look at the file: a schedule of a hundred releases has about fifteen thousand",
        )
    try:
        text = data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as cause:
        line = cause.object.count(b"\n", 0, cause.start) + 1
        raise Misused("this is not UTF-8", where=f"{place}:{line}", remedy="save the file as UTF-8") from cause
    if found := _FORBIDDEN.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise Misused("a control character is in this line", where=f"{place}:{line}", remedy="take it out")
    lines = text.split("\n")
    if long := next((number for number, line in enumerate(lines, 1) if len(line) > _LONGEST_LINE), None):
        raise Misused(
            f"the line is over {_LONGEST_LINE} characters long", where=f"{place}:{long}", remedy="no name is that long"
        )
    return lines


class Reader:
    """Reads the lines of one schedule into blocks; made for one file and used once."""

    def __init__(self, place: str) -> None:
        """Name the file as messages shall."""
        self.blocks: list[Block] = []
        self._place = place
        self._indent: int | None = None
        self._begun = False
        self._name = ""

    def _fault(self, line: int, what: str) -> Misused:
        return Misused(what, where=f"{self._place}:{line + 1}", remedy=_REMEDY)

    def read(self, lines: list[str]) -> list[Block]:
        """Give the blocks in the order of the file; raises `Misused` with the line for what is none of the format."""
        for number, raw in enumerate(lines):
            line = raw.removesuffix("\r")
            content = line.strip(" \t")
            if not content or content.startswith("#"):
                continue
            if line == "---" and not self._begun:
                self._begun = True
                continue
            indent = len(line) - len(line.lstrip(" "))
            if line[indent] == "\t":
                raise self._fault(number, "the line is indented by a tab")
            self._begun = True
            self._line(number, indent, line, content)
            self.blocks[-1].last = number
        return self.blocks

    def _line(self, number: int, indent: int, line: str, content: str) -> None:
        is_item = content == "-" or content.startswith("- ")
        if is_item and self._indent in {None, indent}:
            self._indent = indent
            column = indent + 1 + len(content[1:]) - len(content[1:].lstrip(" "))
            self.blocks.append(Block(number, number, column))
            self._key(number, column, line)
        elif not self.blocks:
            raise self._fault(number, "the file has to be a list of releases, and this is none")
        elif is_item and indent >= self.blocks[-1].column:
            self._item(number, indent, line)
        elif indent == self.blocks[-1].column:
            self._key(number, indent, line)
        elif indent > self.blocks[-1].column:
            self._nested(number, content)
        else:
            raise self._fault(number, "the line is indented less than the release it stands in")

    def _key(self, number: int, column: int, line: str) -> None:
        found = _KEY.fullmatch(line.rstrip(" \t"), column)
        if found is None:
            raise self._fault(number, "a key with a colon has to stand here")
        name = found[1].strip("'\"")
        if name in self.blocks[-1].entries:
            raise self._fault(number, f"{name[:40]} is said twice for one release")
        self._name = name
        entry = self.blocks[-1].entries[name] = Entry(name, number)
        body = found[2] or ""
        if not body or body.startswith("#"):
            return
        if body[0] in "[{":
            self._flow(number, found.start(2), body)
        else:
            entry.value = self._scalar(number, found.start(2), line)

    def _flow(self, number: int, start: int, body: str) -> None:
        """Read a value in brackets: nothing at all, or something of others that ends on its line."""
        entry = self.blocks[-1].entries[self._name]
        if empty := re.match(r"\[[ \t]*\](?=$|[ \t]+(?:#|$))", body):
            entry.value = Scalar("", number, start, start + empty.end())
        elif entry.name in _READ:
            raise self._fault(number, "a list in brackets is not read here")
        else:
            self._brackets(number, body)
            entry.value, entry.other = Scalar(body, number, start, start + len(body)), True

    def _brackets(self, number: int, body: str) -> None:
        pairs = all(body.count(one) == body.count(other) for one, other in ("[]", "{}"))
        if re.search(r"[&*!]", body) or not pairs or body.count("'") % 2 or body.count('"') % 2:
            raise self._fault(number, "anchors, aliases, tags, and brackets over several lines are not read here")

    def _item(self, number: int, indent: int, line: str) -> None:
        entry = self.blocks[-1].entries[self._name]
        if entry.value is not None or entry.indent not in {None, indent}:
            raise self._fault(number, "a list item is not where one can be: look at its indentation")
        start = len(line) - len(line[indent + 1 :].lstrip(" "))
        if start >= len(line.rstrip(" \t")):
            raise self._fault(number, "a list item is empty")
        entry.indent = indent
        body = line[start:]
        if entry.name not in _READ and (body[0] in "[{-" or _KEY.fullmatch(body.rstrip(" \t"))):
            self._nested(number, body)
        else:
            entry.items.append(self._scalar(number, start, line))

    def _nested(self, number: int, content: str) -> None:
        entry = self.blocks[-1].entries[self._name]
        if entry.name in _READ or entry.value is not None:
            raise self._fault(number, "the line belongs to nothing: a text goes on, or its indentation is wrong")
        entry.other = True
        # it stays as it is, but what goes on over several lines could hold what looks like a key of ours
        value = re.sub(r"^(?:- +)+", "", content.rstrip(" \t"))
        if key := _KEY.fullmatch(value):
            value = key[2] or ""
        if value.startswith(("[", "{")):
            self._brackets(number, value)
        elif value and not value.startswith("#"):
            self._scalar(number, 0, value)

    def _scalar(self, number: int, start: int, line: str) -> Scalar:
        """Read the value that begins at column `start`, quoted or plain, with an optional comment after it."""
        body = line[start:]
        quoted = re.match(r"'((?:[^']|'')*)'|\"((?:\\.|[^\"\\])*)\"", body)
        if quoted is not None:
            if not re.fullmatch(r"[ \t]*(?:[ \t]#.*)?", body[quoted.end() :]):
                raise self._fault(number, "something stands after the closing quotation mark")
            return Scalar(self._unquoted(number, quoted), number, start, start + quoted.end(), body[0])
        if body[0] in "&*!|>@`%{}[],?:'\"" or body.startswith("- "):
            raise self._fault(
                number, f"a value cannot begin with {body[0]}: anchors, tags and blocks are not read here"
            )
        plain = re.split(r"[ \t]+#", body, maxsplit=1)[0].rstrip(" \t")
        if ": " in plain or plain.endswith(":"):
            raise self._fault(number, "a colon is inside a value without quotes")
        return Scalar("" if plain in _NULLS else plain, number, start, start + len(plain))

    def _unquoted(self, number: int, quoted: re.Match[str]) -> str:
        if quoted[1] is not None:
            return quoted[1].replace("''", "'")
        try:
            text = str(json.loads(quoted[0]))
        except ValueError as cause:
            raise self._fault(number, "an escape in this value is not read here") from cause
        if not text.isprintable():
            raise self._fault(number, "an escape in this value is no printable character")
        return text


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

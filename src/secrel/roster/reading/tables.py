"""Tables of a TOML file with the lines on which they and their keys stand, and every fault told at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import TypeVar

from secrel.roster.zones import YEARS
from secrel.words.errors import Misused, SecrelError

_MOST_CHARACTERS = 200_000
_MOST_DOTS = 50
_MOST_TOLD = 10
_LONGEST = 200
_Value = TypeVar("_Value")

# strings and comments, as TOML 1.0 writes them; what is in them cannot be a header or a key
_QUOTED = re.compile(
    r'"""(?:\\[\s\S]|[^\\])*?"{3,5}' r"|'''[\s\S]*?'{3,5}" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'" r"|#[^\n]*"
)
_HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*")
_KEY = re.compile(r"\s*([A-Za-z][\w-]*)\s*=")


class Faults:
    """Collects what is wrong in one file, so that one reading tells all of it."""

    def __init__(self, place: str, remedy: str) -> None:
        """Name the file as messages shall, and what to do about its faults."""
        self._place = place
        self._remedy = remedy
        self._told: list[tuple[int, str]] = []

    def add(self, line: int, what: str) -> None:
        """Note a fault of `line`."""
        self._told.append((line, what))

    def attempt(self, line: int, make: Callable[[], _Value]) -> _Value | None:
        """Give what `make` makes; note its complaint as a fault of `line` and give None when it has one."""
        try:
            return make()
        except SecrelError as fault:
            self.add(line, f"{fault.what} ({fault.remedy})" if fault.remedy else fault.what)
            return None

    def raise_if_any(self) -> None:
        """Raise `Misused` at the line of the first fault, with the next ones in its sentence."""
        if not self._told:
            return
        (line, what), *others = sorted(self._told)
        if others:
            lines = "; ".join(f"line {other}: {said}" for other, said in others[:_MOST_TOLD])
            what = f"{what}; and {len(others)} more: {lines}"
        raise Misused(what, where=f"{self._place}:{line}", remedy=self._remedy)


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys that a kind of table may have, and those that it must have."""

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One table: its values, and the lines of its header and keys (`line` where a key cannot be found)."""

    kind: str
    values: Mapping[str, object]
    line: int
    faults: Faults
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        """The line of one key."""
        return self.lines.get(key, self.line)

    def fault(self, key: str, what: str) -> None:
        """Note a fault of one key."""
        self.faults.add(self.line_of(key), what)

    def check(self, shape: Shape) -> None:
        """Note keys that are missing and keys that are unknown, with the known one that was probably meant."""
        for key in shape.needed:
            if key not in self.values:
                self.fault(key, f"this {self.kind} has no {key}")
        known = (*shape.needed, *shape.optional)
        for key in self.values:
            if key not in known:
                meant = get_close_matches(key, known, 1)
                hint = f", did you mean {meant[0]}?" if meant else f": it may have {', '.join(known)}"
                self.fault(key, f"a {self.kind} has no key {key[:40]!r}{hint}")

    def text(self, key: str) -> str:
        """A text of one line, trimmed; empty when it is missing or no such text, which is noted."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            self.fault(key, f"{key} has to be a text in quotes")
        elif len(value) > _LONGEST or not value.isprintable():
            self.fault(key, f"{key} has to be one line of at most {_LONGEST} printable characters")
        elif key in self.values and not value.strip() and key in {"username", "name", "region", "zone"}:
            self.fault(key, f"{key} is empty")
        else:
            return value.strip()
        return ""

    def day(self, key: str) -> date:
        """A date; the first day there is when it is missing or no date, which is noted."""
        value = self.values.get(key)
        if type(value) is date and value.year in YEARS:
            return value
        if key in self.values:
            self.fault(key, f"{key} has to be a date of our time without quotes, such as 2026-11-25")
        return date.min

    def hour(self, key: str, default: time) -> time:
        """A time of day, `09:00` in quotes or `09:00:00` without; the default when it is missing or none."""
        value = self.values.get(key, default)
        if isinstance(value, time):
            return value
        try:
            if isinstance(value, str) and re.fullmatch(r"\d\d:\d\d", value, re.ASCII):
                return time.fromisoformat(value)
        except ValueError:
            pass
        self.fault(key, f'{key} has to be a time of day, such as "09:00"')
        return default

    def moment(self, key: str) -> datetime | None:
        """An instant with its zone; None when it is missing or none, which is noted."""
        value = self.values.get(key)
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value
        if key in self.values:
            self.fault(key, f"{key} has to be an instant with its zone, such as 2026-11-25T16:00:00Z")
        return None


def rows_of(text: str, place: str, kinds: tuple[str, ...], faults: Faults) -> list[Row]:
    """Read the tables `[[kind]]` of a TOML text, in the order of kinds and of the file.

    Raises `Misused` for what is not TOML, with its line; notes top-level keys that are none of `kinds`, and kinds
    that are no list of tables.
    """
    if len(text) > _MOST_CHARACTERS:
        raise Misused(
            "the file is too large to be meant", where=place, remedy=f"keep it under {_MOST_CHARACTERS} characters"
        )
    blank = _QUOTED.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    parsed = _parsed(text, blank, place)
    places = _Places(blank)
    rows: list[Row] = []
    for kind, tables in parsed.items():
        line = places.line(kind, 1)
        if kind not in kinds:
            faults.add(line, f"the file has no key {kind[:40]!r}: it may have {', '.join(f'[[{k}]]' for k in kinds)}")
        elif not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            faults.add(line, f"{kind} has to be a list of tables: write [[{kind}]] above each")
    for kind in kinds:
        tables = parsed.get(kind)
        for number, table in enumerate(tables if isinstance(tables, list) else []):
            if isinstance(table, dict):
                line = places.line(f"{kind}[{number}]", places.line(kind, 1))
                rows.append(Row(kind, table, line, faults, places.keys(f"{kind}[{number}]")))
    return rows


def _parsed(text: str, blank: str, place: str) -> dict[str, object]:
    # the parser's memory grows with the square of the dots in a key
    if deep := next((number for number, line in enumerate(blank.split("\n"), 1) if line.count(".") > _MOST_DOTS), None):
        raise Misused("a key has too many dots", where=f"{place}:{deep}", remedy="write plain tables")
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except RecursionError as cause:
        raise Misused("the file is nested too deeply", where=place, remedy="write plain tables") from cause
    except ValueError as cause:
        found = re.search(r" \(at line (\d+), column (\d+)\)", str(cause))
        line = int(found[1]) if found else text.count("\n") + 1
        said = str(cause).split(" (at ", maxsplit=1)[0][:120]
        raise Misused(
            f"this is not TOML: {said}", where=f"{place}:{line}", remedy="correct the line; texts need quotes"
        ) from cause


class _Places:
    """Where headers and keys stand, found in the text with its strings and comments blanked out."""

    def __init__(self, blank: str) -> None:
        # per table the lines of its keys; of a table itself, or of a key of the file, under the empty key
        self._lines: dict[str, dict[str, int]] = {}
        self._counts: dict[str, int] = {}
        table = ""
        for number, line in enumerate(blank.split("\n"), 1):
            if header := _HEADER.fullmatch(line):
                table = self._entered(header[1], number)
            elif key := _KEY.match(line):
                self._note(table or key[1], key[1] if table else "", number)

    def _note(self, table: str, key: str, line: int) -> None:
        self._lines.setdefault(table, {}).setdefault(key, line)

    def _entered(self, name: str, line: int) -> str:
        """Count a header; a part of a table, such as `person.absences`, is a key of the table above it."""
        kind, _, part = name.partition(".")
        above = f"{kind}[{self._counts.get(kind, 0) - 1}]"
        if part:
            nth = self._counts[f"{above}.{part}"] = self._counts.get(f"{above}.{part}", 0) + 1
            self._note(above, part, line)
            self._note(above, f"{part}[{nth - 1}]", line)
            return f"{above}.{part}[{nth - 1}]"
        number = self._counts.get(kind, 0)
        self._counts[kind] = number + 1
        self._note(kind, "", line)
        self._note(f"{kind}[{number}]", "", line)
        return f"{kind}[{number}]"

    def line(self, table: str, default: int) -> int:
        """The line of a table, `person[0]`, of the first of its kind, `person`, or of a key of the file."""
        return self._lines.get(table, {}).get("", default)

    def keys(self, table: str) -> Mapping[str, int]:
        """The lines of the keys of one table."""
        return self._lines.get(table, {})

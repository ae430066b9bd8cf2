"""What is odd in a schedule file though it can be read: the blemishes that years of editing by hand leave."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from secrel.roster.entries import OURS, ReleaseBlock, Scalar, ScheduleEntry
from secrel.words.errors import Misused
from secrel.words.versions import Version

_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - reads as the calendar does
)
_NOBODY = ("tbd", "tba", "none", "n/a", "-", "?")
_TWO = 2


class Blemish(Struct, frozen=True):
    """A blemish of the file: the line it is on, from 1, and what it is."""

    line: int
    what: str


def findings_of(blocks: Sequence[ReleaseBlock], lines: Sequence[str]) -> tuple[Blemish, ...]:
    """Every blemish, by line."""
    looks = (_of_versions, _of_dates, _of_keys, _of_names, _of_indentation)
    found = {finding for look in looks for finding in look(blocks)} | set(_of_blanks(blocks, lines))
    if not blocks:
        found.add(Blemish(1, "the schedule has no release"))
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.what)))


def is_somebody(name: str) -> bool:
    """Whether `name` is one, and not a place holder."""
    return name.strip().casefold() not in {"", *_NOBODY}


def people_of(entry: ScheduleEntry) -> tuple[str, ...]:
    """The names under one key, trimmed, place holders left out."""
    scalars = [*([entry.value] if entry.value else []), *entry.items]
    return tuple(scalar.text.strip() for scalar in scalars if is_somebody(scalar.text))


def parsed_date(text: str) -> tuple[date | None, str]:
    """Read either form of date; the second part says what is odd about it, or is empty."""
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text, re.ASCII)
    long = re.fullmatch(r"([A-Z][a-z]+) (\d{1,2})(st|nd|rd|th), (\d{4})", text, re.ASCII)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3])), ""
        if long and long[1] in _MONTHS:
            day = int(long[2])
            ending = "th" if day in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
            odd = "" if ending == long[3] else f"{day}{long[3]} should be {day}{ending}"
            return date(int(long[4]), _MONTHS.index(long[1]) + 1, day), odd
    except ValueError:
        pass
    return None, "the date cannot be read: it is neither 2023-11-16 nor December 22nd, 2022"


def _of_versions(blocks: Sequence[ReleaseBlock]) -> Iterator[Blemish]:
    first_line: dict[str, int] = {}
    for scalar in (value for block in blocks if (value := block.entries["version"].value)):
        line = scalar.line + 1
        if not scalar.quote and re.fullmatch(r"\d+\.\d+", scalar.text, re.ASCII):
            yield Blemish(
                line, f"version {scalar.text} has no quotes: readers take it for the number {float(scalar.text)}"
            )
        try:
            Version.parse(scalar.text)
        except Misused:
            yield Blemish(line, f"{scalar.text[:40]!r} is not a version")
        if first_line.setdefault(scalar.text, line) != line:
            yield Blemish(line, f"version {scalar.text[:40]} is also on line {first_line[scalar.text]}")


def _of_dates(blocks: Sequence[ReleaseBlock]) -> Iterator[Blemish]:
    before: date | None = None
    for block in blocks:
        entry = block.entries.get("date")
        if entry is None or entry.value is None:
            yield Blemish((entry.line if entry else block.line) + 1, "the release has no date")
            continue
        day, odd = parsed_date(entry.value.text)
        if odd:
            yield Blemish(entry.line + 1, odd)
        if day and before and day >= before:
            yield Blemish(entry.line + 1, f"{day} is not before {before}, the date of the release above")
        before = day or before


def _of_keys(blocks: Sequence[ReleaseBlock]) -> Iterator[Blemish]:
    for block in blocks:
        ours = [block.entries[key] for key in OURS if key in block.entries]
        if not ours and set(block.entries) - {"version", "date"}:
            yield Blemish(block.line + 1, "the release has neither appsec nor psirt")
        if len(ours) == _TWO:
            yield Blemish(ours[1].line + 1, "the release has both appsec and psirt")
        for entry in ours:
            names = people_of(entry)
            if not names:
                yield Blemish(entry.line + 1, f"{entry.name} is empty")
            elif len(names) != _TWO:
                yield Blemish(
                    entry.line + 1, f"{entry.name} has {len(names)} {'name' if len(names) == 1 else 'names'}, not two"
                )
            if len(set(map(folded, names))) < len(names):
                yield Blemish(entry.line + 1, f"{entry.name} has the same name twice")


def _scalars(blocks: Sequence[ReleaseBlock]) -> Iterator[Scalar]:
    """Every name of every list, ours and others'."""
    for block in blocks:
        for entry in block.entries.values():
            if entry.name not in {"version", "date"}:
                yield from (scalar for scalar in entry.items if not entry.other)


def folded(name: str) -> str:
    """A name without accents, capitals and doubled blanks, to find it again however it is spelled."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def _of_names(blocks: Sequence[ReleaseBlock]) -> Iterator[Blemish]:
    spelled: dict[str, Scalar] = {}
    for scalar in _scalars(blocks):
        name = scalar.text.strip()
        if not is_somebody(name):
            yield Blemish(scalar.line + 1, f"{name[:40] or 'nothing'!r} stands where a name should")
        elif re.search(r"[<>(),;&]", name):
            yield Blemish(scalar.line + 1, f"{name[:60]!r} is more than one name")
        elif (first := spelled.setdefault(folded(name), scalar)).text.strip() != name:
            yield Blemish(
                scalar.line + 1, f"{name[:60]!r} is spelled {first.text.strip()[:60]!r} on line {first.line + 1}"
            )


def _of_blanks(blocks: Sequence[ReleaseBlock], lines: Sequence[str]) -> Iterator[Blemish]:
    for scalar in _scalars(blocks):
        if scalar.text != scalar.text.strip() or lines[scalar.line].removesuffix("\r").endswith((" ", "\t")):
            yield Blemish(scalar.line + 1, f"{scalar.text.strip()[:60]!r} has blanks around it")


def _of_indentation(blocks: Sequence[ReleaseBlock]) -> Iterator[Blemish]:
    usual = usual_indent(blocks)
    for block in blocks:
        for entry in block.entries.values():
            if entry.indent is not None and entry.indent - block.column != usual:
                yield Blemish(
                    entry.line + 1,
                    f"the list of {entry.name} is indented by {entry.indent - block.column}, elsewhere by {usual}",
                )


def usual_indent(blocks: Sequence[ReleaseBlock]) -> int:
    """By how much most lists of the file are indented, counted from their key."""
    found = Counter(
        entry.indent - block.column for block in blocks for entry in block.entries.values() if entry.indent is not None
    )
    return found.most_common(1)[0][0] if found else 2

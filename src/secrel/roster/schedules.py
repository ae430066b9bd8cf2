"""The two schedule files of GitLab's website, read with their blemishes and written with nothing else touched.

`release_managers.yml` (until 2022) and `releases.yml` (2023 on) differ in how a date is written, and hold the release
managers beside the names that are ours (gitlab-process.md 6). Their form must not change: release automation reads them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from secrel.roster.reading.schedule_lines import OURS, Block, Entry, Reader, Scalar, lines_of, written
from secrel.words.errors import Misused
from secrel.words.people import Duty, Person
from secrel.words.versions import Version

_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - reads as the calendar does
)
_NOBODY = ("tbd", "tba", "none", "n/a", "-", "?")
_TWO = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """A blemish of the file: the line it is on, from 1, and what it is."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One release of a schedule.

    `day` is None when the date cannot be read; `key` is which of our keys it has (`appsec` or `psirt`, empty for none);
    `names` are the people under it, trimmed, Primary first; `line` is where it begins, from 1.
    """

    version: str
    day: date | None
    key: str
    names: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule as it was read: its bytes, its releases in the order of the file, and its blemishes by line."""

    data: bytes
    place: str
    releases: tuple[Listed, ...]
    findings: tuple[Finding, ...]

    def release(self, version: str) -> Listed:
        """The release of one version; raises `Misused` when there is none, or more than one."""
        found = [listed for listed in self.releases if listed.version == version]
        if len(found) != 1:
            what = "is not in the schedule" if not found else f"is in the schedule {len(found)} times"
            raise Misused(
                f"version {version[:40]} {what}", where=self.place, remedy="correct the schedule with its owners first"
            )
        return found[0]


def read_schedule(data: bytes, place: str) -> Schedule:
    """Read either form; `place` is how messages name the file.

    Blemishes become findings. Raises `Misused`, with the line, for what is not a schedule: over a million bytes, not
    UTF-8, anchors, tags, text blocks, another structure, a release without a version.
    """
    blocks = Reader(place).read(lines_of(data, place))
    findings: list[Finding] = []
    releases = []
    for block in blocks:
        version = block.entries.get("version")
        if version is None or version.value is None or not version.value.text:
            raise Misused(
                "a release has no version", where=f"{place}:{block.line + 1}", remedy="begin it with - version: '15.7'"
            )
        names, key = _our_names(block)
        releases.append(Listed(version.value.text, _day(block), key, names, block.line + 1))
    lines = lines_of(data, place)
    for look in (_of_versions, _of_dates, _of_keys, _of_names, _of_indentation):
        findings.extend(look(blocks))
    findings.extend(_of_blanks(blocks, lines))
    if not blocks:
        findings.append(Finding(1, "the schedule has no release"))
    return Schedule(data, place, tuple(releases), tuple(sorted(set(findings), key=lambda f: (f.line, f.what))))


def _is_somebody(name: str) -> bool:
    return name.strip().casefold() not in {"", *_NOBODY}


def _people(entry: Entry) -> tuple[str, ...]:
    scalars = [*([entry.value] if entry.value else []), *entry.items]
    return tuple(scalar.text.strip() for scalar in scalars if _is_somebody(scalar.text))


def _our_names(block: Block) -> tuple[tuple[str, ...], str]:
    """The names that are ours and the key they are under: of two keys the one that has names, `psirt` before `appsec`."""
    keys = [key for key in reversed(OURS) if key in block.entries]
    told = [(names, key) for key in keys if (names := _people(block.entries[key]))]
    return told[0] if told else ((), keys[0] if keys else "")


def _parsed_date(text: str) -> tuple[date | None, str]:
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


def _day(block: Block) -> date | None:
    entry = block.entries.get("date")
    return _parsed_date(entry.value.text)[0] if entry and entry.value else None


def _of_versions(blocks: Sequence[Block]) -> Iterator[Finding]:
    first_line: dict[str, int] = {}
    for block in blocks:
        scalar = block.entries["version"].value
        if scalar is None:
            continue
        line = scalar.line + 1
        if not scalar.quote and re.fullmatch(r"\d+\.\d+", scalar.text, re.ASCII):
            yield Finding(line, f"version {scalar.text} has no quotes: readers take it for the number {float(scalar.text)}")
        try:
            Version.parse(scalar.text)
        except Misused:
            yield Finding(line, f"{scalar.text[:40]!r} is not a version")
        if first_line.setdefault(scalar.text, line) != line:
            yield Finding(line, f"version {scalar.text[:40]} is also on line {first_line[scalar.text]}")


def _of_dates(blocks: Sequence[Block]) -> Iterator[Finding]:
    before: date | None = None
    for block in blocks:
        entry = block.entries.get("date")
        if entry is None or entry.value is None:
            yield Finding((entry.line if entry else block.line) + 1, "the release has no date")
            continue
        day, odd = _parsed_date(entry.value.text)
        if odd:
            yield Finding(entry.line + 1, odd)
        if day and before and day >= before:
            yield Finding(entry.line + 1, f"{day} is not before {before}, the date of the release above")
        before = day or before


def _of_keys(blocks: Sequence[Block]) -> Iterator[Finding]:
    for block in blocks:
        ours = [block.entries[key] for key in OURS if key in block.entries]
        if not ours and set(block.entries) - {"version", "date"}:
            yield Finding(block.line + 1, "the release has neither appsec nor psirt")
        if len(ours) == _TWO:
            yield Finding(ours[1].line + 1, "the release has both appsec and psirt")
        for entry in ours:
            names = _people(entry)
            if not names:
                yield Finding(entry.line + 1, f"{entry.name} is empty")
            elif len(names) != _TWO:
                yield Finding(entry.line + 1, f"{entry.name} has {len(names)} {'name' if len(names) == 1 else 'names'}, not two")
            if len(set(map(_folded, names))) < len(names):
                yield Finding(entry.line + 1, f"{entry.name} has the same name twice")


def _scalars(blocks: Sequence[Block]) -> Iterator[Scalar]:
    """Every name of every list, ours and others'."""
    for block in blocks:
        for entry in block.entries.values():
            if entry.name not in {"version", "date"}:
                yield from (scalar for scalar in entry.items if not entry.other)


def _folded(name: str) -> str:
    """A name without accents, capitals and doubled blanks, to find it again however it is spelled."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def _of_names(blocks: Sequence[Block]) -> Iterator[Finding]:
    spelled: dict[str, Scalar] = {}
    for scalar in _scalars(blocks):
        name = scalar.text.strip()
        if not _is_somebody(name):
            yield Finding(scalar.line + 1, f"{name[:40] or 'nothing'!r} stands where a name should")
        elif re.search(r"[<>(),;&]", name):
            yield Finding(scalar.line + 1, f"{name[:60]!r} is more than one name")
        elif (first := spelled.setdefault(_folded(name), scalar)).text.strip() != name:
            yield Finding(scalar.line + 1, f"{name[:60]!r} is spelled {first.text.strip()[:60]!r} on line {first.line + 1}")


def _of_blanks(blocks: Sequence[Block], lines: Sequence[str]) -> Iterator[Finding]:
    for scalar in _scalars(blocks):
        if scalar.text != scalar.text.strip() or lines[scalar.line].removesuffix("\r").endswith((" ", "\t")):
            yield Finding(scalar.line + 1, f"{scalar.text.strip()[:60]!r} has blanks around it")


def _of_indentation(blocks: Sequence[Block]) -> Iterator[Finding]:
    usual = _usual_indent(blocks)
    for block in blocks:
        for entry in block.entries.values():
            if entry.indent is not None and entry.indent - block.column != usual:
                yield Finding(
                    entry.line + 1,
                    f"the list of {entry.name} is indented by {entry.indent - block.column}, elsewhere by {usual}",
                )


def _usual_indent(blocks: Sequence[Block]) -> int:
    found = Counter(
        entry.indent - block.column
        for block in blocks
        for entry in block.entries.values()
        if entry.indent is not None
    )
    return found.most_common(1)[0][0] if found else 2


def with_names(schedule: Schedule, version: str, names: Iterable[str]) -> Schedule:
    """Put `names`, Primary first, under our key of one release; every other byte stays.

    Lines of names that stay are not touched, a comment behind a changed name is kept, and a release without our key
    gets the one that the file uses. The same schedule when the names are these already. Raises `Misused` for a version
    that is not there once, for both of our keys at once, and for a name that cannot be written.
    """
    wanted, listed = tuple(names), schedule.release(version)
    if wanted == listed.names:
        return schedule
    lines = lines_of(schedule.data, schedule.place)
    blocks = Reader(schedule.place).read(lines)
    block = next(block for block in blocks if block.line + 1 == listed.line)
    if all(key in block.entries for key in OURS):
        raise Misused(
            f"version {version[:40]} has both appsec and psirt",
            where=f"{schedule.place}:{listed.line}",
            remedy="keep the one of the two that counts",
        )
    usual = _usual_indent(blocks)
    if listed.key:
        _change(lines, block.entries[listed.key], tuple(map(written, wanted)), block.column + usual)
    else:
        key = next((other.key for other in schedule.releases if other.key), OURS[0])
        items = [" " * (block.column + usual) + f"- {written(name)}" for name in wanted]
        _insert(lines, block.last, [" " * block.column + f"{key}:", *items])
    return read_schedule("\n".join(lines).encode(), schedule.place)

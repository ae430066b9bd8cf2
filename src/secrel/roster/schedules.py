"""The two schedule files of GitLab's website, read with their blemishes and written with nothing else touched.

`release_managers.yml` (until 2022) and `releases.yml` (2023 on) differ in how a date is written, and hold the release
managers beside the names that are ours (gitlab-process.md 6). Their form must not change: release automation reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from secrel.roster.blemishes import Blemish, findings_of, parsed_date, people_of, usual_indent
from secrel.roster.entries import BOM, OURS, ReleaseBlock, Scalar, ScheduleEntry, lines_of, read_blocks, written
from secrel.words.errors import Misused
from secrel.words.people import Duty, Person

__all__ = ["Blemish", "Schedule", "ScheduledRelease", "read_schedule", "with_duty", "with_names"]


class ScheduledRelease(Struct, frozen=True):
    """One release of a schedule.

    `day` is None when the date cannot be read; `key` is which of our keys it has (`appsec` or `psirt`, empty for none);
    `names` are the people under it, trimmed, Primary first; `line` is where it begins, from 1.
    """

    version: str
    day: date | None
    key: str
    names: tuple[str, ...]
    line: int


class Schedule(Struct, frozen=True):
    """A schedule as it was read: its bytes, its releases in the order of the file, and its blemishes by line.

    `blocks` are its releases with the places of their values.
    """

    data: bytes
    place: str
    releases: tuple[ScheduledRelease, ...]
    findings: tuple[Blemish, ...]
    blocks: tuple[ReleaseBlock, ...]

    def release(self, version: str) -> ScheduledRelease:
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

    Blemishes become findings. Raises `Malformed`, with the line, for what is not a schedule: over a million bytes, not
    UTF-8, anchors, tags, text blocks, another structure, a release without a version.
    """
    blocks = read_blocks(data, place)
    releases = []
    for block in blocks:
        version = block.entries["version"].value
        names, key = _our_names(block)
        releases.append(ScheduledRelease(version.text if version else "", _day(block), key, names, block.line + 1))
    return Schedule(data, place, tuple(releases), findings_of(blocks, lines_of(data)), blocks)


def _our_names(block: ReleaseBlock) -> tuple[tuple[str, ...], str]:
    """The names that are ours, and their key: of two keys the one that has names, `psirt` before `appsec`."""
    keys = [key for key in reversed(OURS) if key in block.entries]
    told = [(names, key) for key in keys if (names := people_of(block.entries[key]))]
    return told[0] if told else ((), keys[0] if keys else "")


def _day(block: ReleaseBlock) -> date | None:
    entry = block.entries.get("date")
    return parsed_date(entry.value.text)[0] if entry and entry.value else None


def with_names(schedule: Schedule, version: str, names: Iterable[str]) -> Schedule:
    """Put `names`, Primary first, under our key of one release; every other byte stays.

    Lines of names that stay are not touched, a comment behind a changed name is kept, and a release without our key
    gets the one that the file uses. The same schedule when the names are these already. Raises `Misused` for a version
    that is not there once, for both of our keys at once, and for a name that cannot be written.
    """
    wanted, listed = tuple(names), schedule.release(version)
    if wanted == listed.names:
        return schedule
    lines = lines_of(schedule.data)
    block = next(block for block in schedule.blocks if block.line + 1 == listed.line)
    if all(key in block.entries for key in OURS):
        raise Misused(
            f"version {version[:40]} has both appsec and psirt",
            where=f"{schedule.place}:{listed.line}",
            remedy="keep the one of the two that counts",
        )
    usual = usual_indent(schedule.blocks)
    if listed.key:
        _change(lines, block.entries[listed.key], wanted, block.column + usual)
    else:
        key = next((other.key for other in schedule.releases if other.key), OURS[0])
        _insert(lines, block.last, [" " * block.column + f"{key}:", *_items(wanted, block.column + usual)])
    mark = BOM if schedule.data.startswith(BOM) else b""
    return read_schedule(mark + "\n".join(lines).encode(), schedule.place)


def _items(names: Sequence[str], indent: int) -> list[str]:
    return [" " * indent + f"- {written(name)}" for name in names]


def _insert(lines: list[str], after: int, new: Sequence[str]) -> None:
    """Put lines behind another, ended as it is; at the end of a file that has no last newline, it still has none."""
    ending = "\r" if any(line.endswith("\r") for line in lines) else ""
    ended = [line + ending for line in new]
    if after == len(lines) - 1 and ending:
        lines[after] += ending
        ended[-1] = new[-1]
    lines[after + 1 : after + 1] = ended


def _cut(line: str, scalar: Scalar, instead: str) -> str:
    """Replace one value in its line; a comment behind it stays, blanks behind it go."""
    behind = line[scalar.end :]
    kept = behind if behind.strip() else behind.strip(" \t")
    return line[: scalar.start] + instead + kept


def _change(lines: list[str], entry: ScheduleEntry, names: tuple[str, ...], indent: int) -> None:
    if entry.value is not None:  # an empty list in brackets, a null, or a single name beside the key
        lines[entry.line] = _cut(lines[entry.line], entry.value, "")
        if not lines[entry.line][entry.value.start :].strip():
            lines[entry.line] = lines[entry.line].rstrip(" \t\r") + "\r" * lines[entry.line].endswith("\r")
    last = entry.items[-1].line if entry.items else entry.line
    if added := names[len(entry.items) :]:
        _insert(lines, last, _items(added, entry.indent if entry.indent is not None else indent))
    for item in reversed(entry.items[len(names) :]):
        del lines[item.line]
    for item, name in zip(entry.items, names, strict=False):
        if item.text.strip() != name:
            lines[item.line] = _cut(lines[item.line], item, written(name))


def with_duty(schedule: Schedule, version: str, duty: Duty, people: Iterable[Person]) -> Schedule:
    """Put the names of a duty under our key of one release, as `with_names` does.

    Raises `Misused` for a username that the team does not have.
    """
    names = {person.username: person.name for person in people}
    if missing := [username for username in (duty.primary, duty.secondary) if username not in names]:
        raise Misused(
            f"{missing[0][:60]!r} is not in the team", where=f"duty of {duty.release[:60]}", remedy="add them to it"
        )
    return with_names(schedule, version, (names[duty.primary], names[duty.secondary]))

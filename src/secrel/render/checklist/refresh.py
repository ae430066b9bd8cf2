"""The checklist brought up to date, with all that people did to it kept (mission M3)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from secrel.render.checklist.judging import Conflict, Ruling, remark_line, rule, withdraw
from secrel.render.checklist.lines import DISPUTE, Line, read_lines, written
from secrel.render.checklist.placing import placed

_RECORD = re.compile(r"<!-- s:without(?P<keys>(?: [^\s<>]+)*) -->")


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A checklist brought up to date: its text, where person and desk disagree, and the lines a person took out.

    Every conflict is also shown in the text, in a line below the one it is about, until a person deletes that line.
    """

    text: str
    conflicts: tuple[Conflict, ...] = ()
    taken_out: tuple[str, ...] = ()


def refresh_checklist(as_found: str, last_written: str, now_text: str) -> Refreshed:
    """Bring the checklist `as_found` up to date with `now_text`, which `render_checklist` gave.

    `last_written` is the base of the merge: what the desk wrote last, either as it was rendered or as it was sent, or
    nothing when nobody knows. Boxes of the desk's lines follow the evidence; whatever a person wrote, moved or
    deleted stays so, byte for byte. Doing it twice gives the same bytes as doing it once.
    """
    found = read_lines(as_found)
    usual = _usual_end(found)
    now = [line if line.end == usual else replace(line, end=usual) for line in read_lines(now_text)]
    bases = {line.key: line for line in read_lines(last_written) if line.key}
    rulings = _rulings(found, bases, {line.key: line for line in now if line.key})
    present = {line.key for line in found}
    known = [*_recorded(found), *(line.key for line in now if line.key in bases)]
    gone = [key for key in dict.fromkeys(known) if key not in present]
    lines = placed(list(_standing(found, rulings, present)), _wanted(now, present, frozenset(gone)))
    lines = list(_with_record(lines, gone))
    conflicts = [
        remark.conflict
        for ruling in rulings.values()
        for key, remark in ruling.remarks.items()
        if remark.is_new or key in present
    ]
    return Refreshed(written(_with_ends(lines, found, usual)), tuple(conflicts), tuple(gone))


def _rulings(found: Sequence[Line], bases: Mapping[str, Line], nows: Mapping[str, Line]) -> dict[str, Ruling]:
    """Judge from the last line up: whether one may go depends on what stands below it."""
    disputes = {line.key: line for line in found if line.key.startswith(DISPUTE)}
    rulings: dict[str, Ruling] = {}
    is_used, nested = False, -1
    for line in reversed(found):
        if line.is_remark:
            continue
        if not line.key:
            is_used = not line.is_heading and (is_used or not line.is_blank)
            nested = -1 if line.is_blank else line.depth
            continue
        now = nows.get(line.key)
        if now is not None:
            ruling = rule(line, bases.get(line.key), now, disputes.get(DISPUTE + line.key))
        else:
            ruling = withdraw(line, is_held=is_used if line.is_heading else nested > line.depth)
        rulings[line.key] = ruling
        is_used = now is None and not line.is_heading and (is_used or ruling.line is not None)
        nested = -1
    return dict(reversed(rulings.items()))


def _standing(found: Sequence[Line], rulings: Mapping[str, Ruling], present: set[str]) -> Iterator[Line]:
    blank: Line | None = None
    for line in found:
        if blank is not None and not _goes_with_its_blank(line, rulings):
            yield blank
        blank = None
        if line.is_blank:
            blank = line
        else:
            yield from _stays(line, rulings, present)
    if blank is not None:
        yield blank


def _goes_with_its_blank(line: Line, rulings: Mapping[str, Ruling]) -> bool:
    ruling = rulings.get(line.key)
    return line.is_heading and ruling is not None and ruling.line is None


def _stays(line: Line, rulings: Mapping[str, Ruling], present: set[str]) -> Iterator[Line]:
    if line.is_remark:
        subject = rulings.get(line.key.partition("/")[2])
        remark = subject.remarks.get(line.key) if subject else None
        if subject and subject.line and remark:
            yield remark_line(line.key, remark, subject.line) if remark.is_new else line
        return
    ruling = rulings.get(line.key)
    if ruling is None:
        yield line
    elif ruling.line is not None:
        yield ruling.line
        for key, remark in ruling.remarks.items():
            if remark.is_new and key not in present:
                yield remark_line(key, remark, ruling.line)


def _wanted(now: Sequence[Line], present: set[str], gone: frozenset[str]) -> Iterator[Line]:
    """Leave out what a person took out, and what is new in a block that a person took out as a whole."""
    block: list[Line] = []
    for line in [*now, Line("#")]:
        if line.is_heading:
            is_closed = bool(block) and block[0].key in gone and not any(one.key in present for one in block if one.key)
            yield from () if is_closed else (one for one in block if one.key not in gone)
            block = []
        block.append(line)


def _recorded(found: Sequence[Line]) -> list[str]:
    return next((match["keys"].split() for line in found if (match := _RECORD.fullmatch(line.before))), [])


def _with_record(lines: Sequence[Line], gone: Sequence[str]) -> Iterator[Line]:
    """Keep in a hidden line which lines a person took out: they must not come back when nobody knows the base."""
    record = [Line(f"<!-- s:without {' '.join(gone)} -->", end="")] if gone else []
    for line in lines:
        if _RECORD.fullmatch(line.before):
            yield from (replace(one, end=line.end) for one in record)
            record = []
        else:
            yield line
    yield from record


def _usual_end(found: Sequence[Line]) -> str:
    ends = Counter(line.end for line in found if line.end).most_common(1)
    return ends[0][0] if ends else "\n"


def _with_ends(lines: Sequence[Line], found: Sequence[Line], usual: str) -> Iterator[Line]:
    """End every line; only the last one of a text that ended without a line end goes on doing so."""
    for line in lines[:-1]:
        yield line if line.end else replace(line, end=usual)
    for line in lines[-1:]:
        yield replace(line, end=(line.end or usual) if not found or found[-1].end else "")

"""The checklist brought up to date, with all that people did to it kept (mission M3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from secrel.papers.checklist.judging import LineConflict, LineRemark, Ruling, remark_line, rule, withdraw
from secrel.papers.checklist.lines import DISPUTE, ChecklistLine, read_lines, written
from secrel.papers.checklist.placing import placed
from secrel.words.patterns import pattern

_RECORD = pattern(r"<!-- s:without(?P<keys>(?: [^\s<>]+)*) -->")


class Refreshed(Struct, frozen=True):
    """A checklist brought up to date: its text, where person and desk disagree, and the lines a person took out.

    Every conflict is also shown in the text, in a line below the one it is about, until a person deletes that line.
    """

    text: str
    conflicts: tuple[LineConflict, ...] = ()
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
    gone += _closed(now, present, frozenset(gone))
    remarks = _remarks(rulings, present)
    away = frozenset(gone)
    lines = placed(list(_standing(found, rulings, remarks)), (line for line in now if line.key not in away))
    lines = list(_with_record(lines, gone, usual))
    conflicts = tuple(remark.conflict for remark in remarks.values())
    return Refreshed(written(_with_ends(lines, usual)), conflicts, tuple(gone))


def _rulings(
    found: Sequence[ChecklistLine], bases: Mapping[str, ChecklistLine], nows: Mapping[str, ChecklistLine]
) -> dict[int, Ruling]:
    """Judge each line of the desk's by its place, from the last up: whether one may go depends on what is below it.

    A line that a person copied is the desk's in both places.
    """
    disputes = {line.key: line for line in found if line.key.startswith(DISPUTE)}
    rulings: dict[int, Ruling] = {}
    is_used, nested = False, -1
    for place in range(len(found) - 1, -1, -1):
        line = found[place]
        if line.is_remark:
            continue
        if not line.key:
            is_used = not line.is_heading and (is_used or not line.is_blank)
            nested = -1 if line.is_blank else line.depth
            continue
        now = nows.get(line.key)
        if now is not None:
            rulings[place] = rule(line, bases.get(line.key), now, disputes.get(DISPUTE + line.key))
        else:
            rulings[place] = withdraw(line, is_held=is_used if line.is_heading else nested > line.depth)
        is_used = now is None and not line.is_heading and (is_used or rulings[place].line is not None)
        nested = -1
    return dict(reversed(rulings.items()))


def _remarks(rulings: Mapping[int, Ruling], present: set[str]) -> dict[str, LineRemark]:
    """Give the remarks that will stand, by their keys: new ones, and those that nobody has deleted yet."""
    remarks: dict[str, LineRemark] = {}
    for ruling in rulings.values():
        for key, remark in ruling.remarks.items():
            if remark.is_new or (key in present and key not in remarks):
                remarks[key] = remark
    return remarks


def _standing(
    found: Sequence[ChecklistLine], rulings: Mapping[int, Ruling], remarks: Mapping[str, LineRemark]
) -> Iterator[ChecklistLine]:
    """Give what stays of a person's text, with the remarks; a heading takes the blank line before it along."""
    open_remarks = dict(remarks)
    present = {line.key for line in found}
    blank: ChecklistLine | None = None
    for place, line in enumerate(found):
        ruling = rulings.get(place)
        if blank is not None and not (line.is_heading and ruling is not None and ruling.line is None):
            yield blank
        blank = line if line.is_blank else None
        if line.is_remark:
            remark = open_remarks.pop(line.key, None)
            if remark is not None:
                yield remark_line(line, remark) if remark.is_new else line
        elif ruling is None:
            yield from () if line.is_blank else (line,)
        elif ruling.line is not None:
            yield ruling.line
            for key in ruling.remarks:
                if key not in present and key in open_remarks:
                    yield remark_line(ruling.line, open_remarks.pop(key))
    if blank is not None:
        yield blank


def _closed(now: Sequence[ChecklistLine], present: set[str], gone: frozenset[str]) -> list[str]:
    """Name the lines that would be new in a block that a person took out as a whole."""
    closed: list[str] = []
    block: list[str] = []
    for line in [*now, ChecklistLine("#")]:
        if line.is_heading:
            if block and block[0] in gone and present.isdisjoint(block):
                closed += [key for key in block if key not in gone]
            block = []
        block += [line.key] if line.key else []
    return closed


def _recorded(found: Sequence[ChecklistLine]) -> list[str]:
    return next((match["keys"].split() for line in found if (match := _RECORD.fullmatch(line.before))), [])


def _with_record(lines: Sequence[ChecklistLine], gone: Sequence[str], usual: str) -> Iterator[ChecklistLine]:
    """Keep in a hidden line which lines a person took out: they must not come back when nobody knows the base."""
    record = [ChecklistLine(f"<!-- s:without {' '.join(gone)} -->", end=usual)] if gone else []
    for line in lines:
        if _RECORD.fullmatch(line.before):
            yield from (replace(one, end=line.end) for one in record)
            record = []
        else:
            yield line
    yield from record


def _usual_end(found: Sequence[ChecklistLine]) -> str:
    ends = Counter(line.end for line in found if line.end).most_common(1)
    return ends[0][0] if ends else "\n"


def _with_ends(lines: Sequence[ChecklistLine], usual: str) -> Iterator[ChecklistLine]:
    """End every line but the last, which stays as it is."""
    for line in lines[:-1]:
        yield line if line.end else replace(line, end=usual)
    yield from lines[-1:]

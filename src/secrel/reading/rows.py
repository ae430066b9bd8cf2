"""The tables of facts that developers write into issues: read into facts line by line, and corrected row by row."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct, field

from secrel.reading.cells import is_empty, points, read_cell, written
from secrel.reading.naming import ASIDE, folded, resembling, without_aside
from secrel.reading.tables import HTML_CELL, Cell, Table, WrittenRow, read_tables, with_lines
from secrel.words.errors import Misused
from secrel.words.facts.stated import UNSTATED, FixFacts, LineFault, Stated, shown
from secrel.words.facts.tables import as_table
from secrel.words.patterns import pattern
from secrel.words.releases import joined

_MOST = 400_000
_ANSWER = pattern(r"(\w+)\.?")
_FURTHER = 2
_SHORT = 4
"""The letters of a name that is an abbreviation at most: `CVSS`."""
Escape = Callable[[str], str]
"""Makes of words what may be sent, and is read as the same words."""


class RowNames(Struct, frozen=True):
    """What the rows of people's tables state: the line of a fix's facts by the row's name in small letters.

    A row with an empty line states no fact that a document has. `answers` are what Yes and No say in a row that asks
    whether only one edition is affected.
    """

    lines: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Tell it from others by all that it says."""
        return hash((tuple(self.lines.items()), tuple(self.answers.items())))

    def name_of(self, cell: Cell) -> str:
        """Give the name by which a row is known, empty for none: capitals and asides that deny nothing do not count."""
        said = folded(cell.words)
        return next((name for name in (said, without_aside(said)) if name in self.lines), "")


NO_ROWS = RowNames()
"""People's tables state nothing."""


class Place(Struct, frozen=True):
    """Where one row says something: its name as written, the line it states, the row, and the number of the cell.

    `meant` is the one name that a misspelt row can mean, and the number of the cell that has it.
    """

    name: str
    line: str
    row: WrittenRow
    number: int
    cell: Cell
    fault: str = ""
    remedy: str = ""
    meant: tuple[str, int] = ("", 0)


@lru_cache(maxsize=256)
def stated_in(text: str, rows: RowNames) -> Stated:
    """Give what the tables of a text state of a fix; a row that cannot be read is a fault, and touches no other.

    Rows that contradict each other are one fault with both. `text` is the text as a person reads it.
    """
    if not _may_hold(text, rows):
        return UNSTATED
    if len(text) > _MOST:
        what = f"the tables in it are not read: it has more than {_MOST:,} characters"
        return Stated(faults=(LineFault(("tables",), what, "shorten it", json.dumps("")),))
    by_line: dict[str, list[Place]] = {}
    for place in _places(text, rows):
        by_line.setdefault(place.line, []).append(place)
    told: dict[str, Any] = {}
    faults = []
    for line, places in by_line.items():
        try:
            value = _value(line, places, rows)
        except Misused as fault:
            said = [place.cell.words for place in places]
            written_as = json.dumps(said[0] if len(said) == 1 else said)
            faults.append(LineFault((line,), fault.what, fault.remedy, written_as, _means(places, rows)))
        else:
            told |= {} if value is None else {line: value}
    return Stated(FixFacts(**told), tuple(faults)) if told or faults else UNSTATED


def corrected(
    text: str, rows: RowNames, facts: FixFacts, lines: Collection[str], escape: Escape
) -> tuple[str, frozenset[str]]:
    """Write these lines of `facts` into the rows that state them, and give the text and the lines that have a row.

    Every other row, cell and word stays to the letter. A line that is not stated any more leaves its cells empty.
    Raises `Misused` for a row in which it cannot be written so that it reads back.
    """
    if not _may_hold(text, rows):
        return text, frozenset()
    places = [place for place in _places(text, rows) if place.line in lines]
    placed = frozenset(place.line for place in places)
    places = [place for place in places if not _says(place, rows, facts)]
    changes: dict[tuple[int, int], dict[int, str]] = {}
    for place in places:
        cells = changes.setdefault((place.row.start, place.row.end), {})
        cells[place.number] = _written(place, rows, facts, escape)
        name, number = place.meant
        if name:
            cells[number] = name.upper() if len(name) <= _SHORT else name[:1].upper() + name[1:]
    by_row = {(place.row.start, place.row.end): place.row for place in places}
    text = with_lines(text, {at: by_row[at].rewritten(cells) for at, cells in changes.items()})
    return text, placed


def _says(place: Place, rows: RowNames, facts: FixFacts) -> bool:
    """Whether a row says of its line what `facts` do; a row that cannot be read does not."""
    try:
        value = _of(place, rows)
    except Misused:
        return False
    return bool(_as_plain(place.line, value) == _as_plain(place.line, getattr(facts, place.line)))


def _as_plain(line: str, value: Any) -> Any:
    return None if value is None else as_table(FixFacts(**{line: value})).get(line)


def _written(place: Place, rows: RowNames, facts: FixFacts, escape: Escape) -> str:
    """Give the first way to say a line that a row reads back as the same; a row that is none has to be mended first."""
    line = place.line
    if place.fault and not place.meant[0]:
        raise Misused(f"{_row_said(place)}: {place.fault}", remedy=place.remedy)
    wanted = _as_plain(line, getattr(facts, line))
    answers = [answer.title() for answer, said in rows.answers.items() if line == "edition" and said == wanted]
    for way in (*answers, *written(line, facts)):
        row = read_tables(f"|a|b|\n|-|-|\n| x | {way} |").tables[0].rows[0]
        cell = row.cells[1] if len(row.cells) > 1 else Cell()
        try:
            value = _read(line, cell, rows)
        except Misused:
            continue
        if _as_plain(line, value) == wanted:
            return escape(way)
    raise Misused(
        f"the row {place.name!r} cannot say {line.replace('_', ' ')} so that it is read back",
        remedy="take the row out of the table, and run it again",
    )


def _may_hold(text: str, rows: RowNames) -> bool:
    """Whether a row could stand in a text: most texts have none, and are not taken apart."""
    return bool(rows.lines) and ("|" in text or HTML_CELL.search(text) is not None)


def _places(text: str, rows: RowNames) -> Iterator[Place]:
    """Find every row that states something, and every one that only seems to."""
    found = read_tables(text)
    for table in found.tables:
        yield from _in_table(table, rows)
    for row in found.loose:
        line = rows.lines.get(rows.name_of(row.cells[0]), "") if row.cells else ""
        if line:
            what = "it stands in no table: below the first row of one is a line of dashes, with as many cells"
            yield _place(row, 0, line, (what, "write | --- | --- | below the head of the table, and no line between"))
    for name in found.in_html:
        if line := rows.lines.get(folded(name), ""):
            what, remedy = "it stands in a table of HTML, which is not read", "write it as a table of Markdown"
            yield Place(name, line, WrittenRow((), 0, 0, ""), 0, Cell(), what, remedy)


def _in_table(table: Table, rows: RowNames) -> Iterator[Place]:
    lying = [(number, line) for number, cell in enumerate(table.head.cells) if (line := _line(cell, rows)) is not None]
    if len(lying) > 1:
        yield from _lying(table, lying)
        return
    head = [table.head] if lying and lying[0][0] == 0 else []
    width = max(len(table.head.cells), _FURTHER)
    above: Place | None = None
    for row in (*head, *table.rows):
        places = list(_in_row(row, width, rows))
        if above is not None and not places and (cell := _unnamed(row, rows)):
            what, remedy = "it goes on in a row without a name", "say all of it in one cell, beside the name"
            yield Place(above.name, above.line, row, row.cells.index(cell), cell, what, remedy)
        elif any(folded(cell.words) for cell in row.cells):
            above = places[-1] if places else None
        yield from places


def _unnamed(row: WrittenRow, rows: RowNames) -> Cell | None:
    """Give what a row says whose first cell is empty: people go on below a cell that has no more room."""
    filled = [cell for cell in row.cells if folded(cell.words)]
    is_named = not filled or bool(folded(row.cells[0].words)) or _line(filled[0], rows) is not None
    return None if is_named or all(map(is_empty, filled)) else filled[0]


def _line(cell: Cell, rows: RowNames) -> str | None:
    name = rows.name_of(cell)
    return rows.lines[name] if name else None


def _lying(table: Table, lying: Sequence[tuple[int, str]]) -> Iterator[Place]:
    """Read a table that has the names as its head: with one row below it, each cell is what its column says."""
    filled = [row for row in table.rows if not all(map(is_empty, row.cells))]
    row = (filled or [*table.rows, table.head])[0]
    for number, line in lying:
        if not line:
            continue
        name = table.head.cells[number].words
        cell = row.cells[number] if filled and number < len(row.cells) else Cell()
        if len(filled) > 1:
            what, remedy = (
                f"{len(filled)} rows stand below its column",
                "leave one of them, or write one row for each fact",
            )
            yield Place(name, line, row, number, cell, what, remedy)
        elif table.rows:
            yield Place(name, line, row, number, cell)


def _in_row(row: WrittenRow, width: int, rows: RowNames) -> Iterator[Place]:
    """Read a row of a name and what it says; one that holds several names is several rows that lost their ends."""
    names = [n for n, cell in enumerate(row.cells) if folded(cell.words)][:1]
    if names and len(row.cells) > width:
        names += [n for n, cell in enumerate(row.cells) if n > names[0] + 1 and _line(cell, rows) is not None]
    for begin, end in zip(names, [*names[1:], len(row.cells)], strict=False):
        yield from _named(row, (begin, end), width, rows)


def _named(row: WrittenRow, between: tuple[int, int], width: int, rows: RowNames) -> Iterator[Place]:
    begin, end = between
    cells = row.cells[begin:end]
    line = _line(cells[0], rows)
    if line is None:
        yield from _nearly(row, begin, cells, rows)
    elif line and any(not is_empty(cell) for cell in cells[width:]):
        what = "it has more cells than the head of its table"
        yield _place(row, begin, line, (what, r"write a | that is meant as \|, and each row on a line of its own"))
    elif line:
        filled = [n for n, cell in enumerate(cells) if n and not is_empty(cell)]
        number = filled[0] if filled else 1
        if not all(points(cells[n]) for n in filled[1:]):
            what = "more than one of its cells is filled in"
            yield _place(
                row,
                begin,
                line,
                (what, "say all of it in one cell, with each | in it as \\|, and leave the others empty"),
            )
            return
        yield Place(cells[0].words, line, row, begin + number, cells[number] if number < len(cells) else Cell())


def _nearly(row: WrittenRow, begin: int, cells: Sequence[Cell], rows: RowNames) -> Iterator[Place]:
    """Say of a row that resembles a known one, or begins as one, that it is none: nobody may take it for read."""
    said = folded(cells[0].words)
    begins = [name for name in rows.lines if said.startswith(f"{name} ") and all(map(is_empty, cells[1:]))]
    aside = ASIDE.fullmatch(said)
    denied = [folded(aside[1])] if aside and folded(aside[1]) in rows.lines else []
    if begins or denied:
        name = (begins or denied)[0]
        what = "what it says stands in its first cell" if begins else "no row is known by this name"
        if line := rows.lines[name]:
            yield _place(row, begin, line, (what, f"name the row {name!r} alone, and say the rest in the next cell"))
    elif found := resembling(said, list(rows.lines)):
        yield from _misspelt(row, begin, found, rows)


def _misspelt(row: WrittenRow, begin: int, found: Sequence[str], rows: RowNames) -> Iterator[Place]:
    """Say of a row whose name resembles known ones that it is none; where they state one line, it can be corrected."""
    lines = dict.fromkeys(rows.lines[name] for name in found)
    line = next(filter(None, lines), "")
    if not line:
        return
    names = " or ".join(repr(name) for name in found)
    mend = f"name the row {names} alone, and say the rest in the next cell"
    cells = row.cells[begin:]
    filled = [n for n, cell in enumerate(cells) if n and not is_empty(cell)]
    number = filled[0] if filled else 1
    is_clear = len(lines) == 1 and all(points(cells[n]) for n in filled[1:])
    meant = (found[0], begin) if is_clear else ("", 0)
    cell = cells[number] if number < len(cells) else Cell()
    yield Place(cells[0].words, line, row, begin + number, cell, "no row is known by this name", mend, meant)


def _means(places: Sequence[Place], rows: RowNames) -> str:
    """Give as JSON what a misspelt row says by the name that it can mean; empty where nobody can tell."""
    place = places[0]
    if len(places) > 1 or not place.meant[0]:
        return ""
    try:
        value = _as_plain(place.line, _read(place.line, place.cell, rows))
    except Misused:
        return ""
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _place(row: WrittenRow, begin: int, line: str, fault: tuple[str, str]) -> Place:
    cell = row.cells[begin + 1] if begin + 1 < len(row.cells) else Cell()
    return Place(row.cells[begin].words, line, row, begin + 1, cell, *fault)


def _value(line: str, places: Sequence[Place], rows: RowNames) -> Any:
    """Read what one or several rows say of a line; raises `Misused`, also for two of them that contradict."""
    values = [value for place in places if (value := _of(place, rows)) is not None]
    told = [_as_plain(line, value) for value in values]
    if any(one != told[0] for one in told):
        named = [place for place in places if not is_empty(place.cell)]
        said = joined(f"{place.name[:60]!r}{_said(place)}" for place in named)
        raise Misused(f"its rows contradict: {said}", remedy="leave one of them, or let them say the same")
    return values[0] if values else None


def _of(place: Place, rows: RowNames) -> Any:
    if place.fault:
        raise Misused(f"{_row_said(place)}: {place.fault}", remedy=place.remedy)
    try:
        return _read(place.line, place.cell, rows)
    except Misused as fault:
        raise Misused(f"{_row_said(place)}: {fault.what}", remedy=fault.remedy) from None


def _row_said(place: Place) -> str:
    return f"the row {place.name[:60]!r}{_said(place)}"


def _said(place: Place) -> str:
    quoted = shown(place.line, place.cell.words) if place.cell.words else ""
    return f" says{quoted}" if quoted else ""


def _read(line: str, cell: Cell, rows: RowNames) -> Any:
    """Read a cell; in a row that asks, an answer is a word of the profile's, or what that word says, and no other."""
    if line != "edition" or not rows.answers or cell.code[:1] == '"' or is_empty(cell):
        return read_cell(line, cell)
    said = " ".join(cell.words.split())
    answer = _ANSWER.fullmatch(said.casefold())
    if answer is not None and answer[1] in rows.answers:
        return rows.answers[answer[1]] or None
    if said and said in rows.answers.values():
        return said
    words = " or ".join(one.title() for one in rows.answers)
    raise Misused(f"it is not exactly {words}", remedy=f"write {words} alone, or leave the cell empty")

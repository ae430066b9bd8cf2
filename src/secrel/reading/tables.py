"""Tables of Markdown as people write them: text in, rows of cells out, each with the lines on which it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token
from msgspec import Struct
from msgspec.structs import replace

from secrel.words.patterns import pattern

_ENDING = pattern(r"\r\n|\n|\r")
_AROUND = pattern(r"[ \t>]*")
_BREAK = pattern(r"<br\s*/?>", re.IGNORECASE)
_WRAPPED = "<br>"


class Cell(Struct, frozen=True):
    """What a cell says: its words without markup, its links as words and address, and its code.

    `words` has a line break where the cell has one; comments say nothing. `code` is what stands in the cell when that
    is one piece of code and nothing else.
    """

    words: str = ""
    links: tuple[tuple[str, str], ...] = ()
    code: str = ""


class WrittenRow(Struct, frozen=True):
    """A row: its cells, the lines of the text from `start` up to and not including `end`, and what stands before it."""

    cells: tuple[Cell, ...]
    start: int
    end: int
    source: str
    prefix: str = ""

    def rewritten(self, changes: dict[int, str]) -> str:
        """Give the row as one line in which these cells say something else; every other stays to the letter."""
        pieces, first = _pieces(self.source)
        cells = [*pieces[first:], *[" "] * (max(changes) + 1 - len(pieces) + first)]
        for number, said in changes.items():
            cells[number] = f" {said} "
        line = self.prefix + "|".join([*pieces[:first], *cells])
        return line if line.endswith("|") else f"{line}|"


class Table(Struct, frozen=True):
    """A table: its head, and the rows below it. A row may have fewer cells than the head, or more."""

    head: WrittenRow
    rows: tuple[WrittenRow, ...]


class Tables(Struct, frozen=True):
    """The tables of a text, and lines that look like rows of one and stand in none."""

    tables: tuple[Table, ...] = ()
    loose: tuple[WrittenRow, ...] = ()


def lines_of(text: str) -> list[str]:
    """Give the lines of a text as Markdown counts them, without what ends them."""
    return _ENDING.split(text)


def with_lines(text: str, changes: dict[tuple[int, int], str]) -> str:
    """Give a text in which lines from one up to another became one line each; their endings stay what they are."""
    lines, ends = lines_of(text), [*_ENDING.findall(text), ""]
    for (start, end), line in sorted(changes.items(), reverse=True):
        lines[start:end] = [line]
        ends[start:end] = [ends[end - 1]]
    return "".join(line + ending for line, ending in zip(lines, ends, strict=True))


def read_tables(text: str) -> Tables:
    """Find the tables of a text; what stands in a comment or a block of code is none.

    A line that does not begin as the lines around it do goes on with the row above it, when that is left open: people
    break lines in cells.
    """
    lines = lines_of(text)
    found: list[Table] = []
    loose: list[WrittenRow] = []
    rows: list[tuple[int, int]] = []
    for token in _blocks().parse(text):
        if token.type == "tr_open" and token.map:
            rows.append((token.map[0], token.map[1]))
        elif token.type == "table_close":
            found.append(_table(lines, rows))
            rows = []
        elif token.type == "paragraph_open" and token.map:
            numbers = range(*token.map)
            loose += [_row(lines, n, n + 1) for n in numbers if "|" in lines[n]]
    return Tables(tuple(found), tuple(loose))


def _table(lines: Sequence[str], numbers: Sequence[tuple[int, int]]) -> Table:
    head = _row(lines, *numbers[0])
    is_closed = head.source.startswith("|") and head.source.endswith("|")
    rows: list[WrittenRow] = []
    for start, end in numbers[1:]:
        row = _row(lines, start, end)
        if is_closed and rows and not row.source.startswith("|") and not rows[-1].source.endswith("|"):
            above = rows.pop()
            source = f"{above.source}{_WRAPPED}{row.source}"
            row = replace(above, cells=_cells(source), end=end, source=source)
        rows.append(row)
    return Table(head, tuple(rows))


def _row(lines: Sequence[str], start: int, end: int) -> WrittenRow:
    around = _AROUND.match(lines[start])
    prefix = around[0] if around else ""
    source = lines[start][len(prefix) :].rstrip()
    return WrittenRow(_cells(source), start, end, source, prefix)


def _cells(source: str) -> tuple[Cell, ...]:
    pieces, first = _pieces(source)
    if len(pieces) > first and not pieces[-1].strip():
        pieces.pop()
    return tuple(map(_cell, (piece.replace("\\|", "|") for piece in pieces[first:])))


def _pieces(source: str) -> tuple[list[str], int]:
    """Split a line where the parser of tables splits it, to the letter; with the number of the first cell."""
    pieces = [piece.replace("|", "\\|") for piece in escapedSplit(source)]
    return pieces, 1 if source.startswith("|") else 0


@lru_cache(maxsize=1)
def _blocks() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])


@lru_cache(maxsize=1)
def _inlines() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("strikethrough")


def _cell(source: str) -> Cell:
    (inline,) = _inlines().parseInline(source.strip())
    children = [token for token in inline.children or () if token.content or token.type != "text"]
    links: list[tuple[str, str]] = []
    said: list[str] = []
    begun = 0
    for token in children:
        if token.type == "link_open":
            begun = len(said)
            links.append(("", str(token.attrs["href"])))
        elif token.type == "link_close":
            links[-1] = ("".join(said[begun:]).strip(), links[-1][1])
        else:
            said.append(_said(token))
    alone = children[0].content if len(children) == 1 and children[0].type == "code_inline" else ""
    return Cell("\n".join(_folded("".join(said))), tuple(links), alone)


def _folded(words: str) -> Iterator[str]:
    """Give the lines of a cell, each without what white space is too much; not the empty ones around them."""
    yield from (" ".join(line.split()) for line in words.strip().split("\n"))


def _said(token: Token) -> str:
    if token.type != "html_inline":
        return token.content
    return "\n" if _BREAK.fullmatch(token.content) else ""

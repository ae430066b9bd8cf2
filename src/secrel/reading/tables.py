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
_TAG = pattern(r"<(/?)(b|strong|i|em|u|code|kbd|sub|sup|small|mark|ins|del|s|strike)>", re.IGNORECASE)
_STRIKING = frozenset({"s", "del", "strike"})
_JOINED_BEFORE, _JOINED_AFTER = pattern(r"(?:\w[.:-]?|/)\Z"), pattern(r"[./-]?\w|/")
HTML_CELL = pattern(r"<t[dh]\b[^<>]{0,200}>\s{0,50}(?:<\w{1,10}>\s{0,50})?([^<>]{1,100})</", re.IGNORECASE)
"""A cell of a table of HTML, with the words at its begin."""
_COMMENT = pattern(r"<!--.*?-->", re.DOTALL)
_IDENTIFIER = pattern(r"[a-z][a-z0-9_]*", re.ASCII)
LINK = "\0"
"""What stands for a link among the words beside it; no text of Markdown has it."""


class Cell(Struct, frozen=True):
    """What a cell says: its words without markup, its links as words and address, and its code.

    `words` has a line break where the cell has one; comments and what is struck out say nothing, and what is no markup
    of a cell stays to the letter. `beside` is the same with `LINK` in the place of each link. `code` is what stands in
    the cell when that is one piece of code and nothing else.
    """

    words: str = ""
    beside: str = ""
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
    """The tables of a text, lines that look like rows of one and stand in none, and the names of rows in HTML."""

    tables: tuple[Table, ...] = ()
    loose: tuple[WrittenRow, ...] = ()
    in_html: tuple[str, ...] = ()


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
    in_html: list[str] = []
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
        elif token.type == "html_block":
            in_html += [" ".join(cell[1].split()) for cell in HTML_CELL.finditer(_COMMENT.sub("", token.content))]
    return Tables(tuple(found), tuple(loose), tuple(in_html))


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
    children = _unstruck([token for token in inline.children or () if token.content or token.type != "text"])
    alone = children[0].content if len(children) == 1 and children[0].type == "code_inline" else ""
    literal = _literal(children)
    links: list[tuple[str, str]] = []
    said: list[str] = []
    beside: list[str] = []
    within: list[str] | None = None
    for number, token in enumerate(children):
        if token.type == "link_open":
            within = []
            links.append(("", str(token.attrs["href"])))
            beside.append(LINK)
        elif token.type == "link_close":
            links[-1] = ("".join(within or ()).strip(), links[-1][1])
            within = None
        else:
            words = token.markup if number in literal and token.nesting else _said(token, is_literal=number in literal)
            said.append(words)
            (beside if within is None else within).append(words)
    return Cell(_folded("".join(said)), _folded("".join(beside)), tuple(links), alone)


def _folded(words: str) -> str:
    """Give the lines of a cell, each without what white space is too much; not the empty ones around them."""
    return "\n".join(" ".join(line.split()) for line in words.strip().split("\n"))


def _said(token: Token, *, is_literal: bool) -> str:
    if token.type != "html_inline" or is_literal:
        return token.content
    return "\n" if _BREAK.fullmatch(token.content) else ""


def _pairs(tokens: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    """Give the name and the places of every markup that begins and ends, the inner ones first."""
    begun: list[tuple[str, int]] = []
    for number, token in enumerate(tokens):
        tag = _TAG.fullmatch(token.content) if token.type == "html_inline" else None
        name = tag[2].casefold() if tag else token.type.rpartition("_")[0]
        if token.nesting == 1 or (tag and not tag[1]):
            begun.append((name, number))
        elif (token.nesting == -1 or tag) and name in [one for one, _ in begun]:
            while begun[-1][0] != name:
                begun.pop()
            yield (*begun.pop(), number)


def _unstruck(tokens: Sequence[Token]) -> list[Token]:
    """Leave out what is struck out, with its links."""
    struck = {n for name, start, end in _pairs(tokens) if name in _STRIKING for n in range(start, end + 1)}
    return [token for number, token in enumerate(tokens) if number not in struck]


def _literal(tokens: Sequence[Token]) -> set[int]:
    """Give the places of what looks like markup, and is words: tags that mark nothing, and signs within a word."""
    pairs = list(_pairs(tokens))
    marked = {place for _, *places in pairs for place in places}
    found = {n for n, token in enumerate(tokens) if token.type == "html_inline" and n not in marked and _is_word(token)}
    for name, start, end in pairs:
        if name in {"em", "strong"} and tokens[start].nesting and _is_within_a_word(tokens, start, end):
            found |= {start, end}
    return found


def _is_word(token: Token) -> bool:
    return not token.content.startswith("<!--") and _BREAK.fullmatch(token.content) is None


def _is_within_a_word(tokens: Sequence[Token], start: int, end: int) -> bool:
    before = tokens[start - 1].content if start else ""
    after = tokens[end + 1].content if end + 1 < len(tokens) else ""
    if _JOINED_BEFORE.search(before) or _JOINED_AFTER.match(after):
        return True
    return (
        tokens[start].markup == "__"
        and end == start + 2
        and _IDENTIFIER.fullmatch(tokens[start + 1].content) is not None
    )

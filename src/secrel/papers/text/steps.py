"""What people can do meanwhile, as they wrote it: steps, code and small headings stay, and nothing acts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from secrel.papers.text.cleaning import clean, one_line, paragraphs
from secrel.papers.text.markdown import Markdown, markdown_text
from secrel.words.patterns import pattern

_ITEM = pattern(r"\s*(\d{1,3}\.|[-*+])\s+(?=\S)")
_HEADING = pattern(r"\s*#{1,6}\s+(\S.*)")
_FENCE = pattern(r"\s*(?:`{3,}|~{3,})[\w+-]{0,20}\s*")
_CODE = pattern(r"(?<![`\\])`([^`]{1,200})`(?!`)")
_UNFIT = pattern(r"[{}|\\@]")
"""What acts in a line of code before, or after, Markdown is read."""
_ACTING = pattern(r"~~~|\{[%:{#]|[%}]\}")
"""What ends a block of code, or acts in one before Markdown is read."""


def markdown_steps(text: str) -> Markdown:
    """Give text as Markdown in which lists, headings, blocks of code and code in a line stay what they are.

    All other words are shown exactly, as `markdown_text` does it; so is code that a template engine would act on.
    A heading is a line in bold: it is none of the page.
    """
    parts: list[str] = []
    was_item = False
    for block, is_item in _blocks(clean(text).split("\n")):
        parts.append(("\n" if was_item and is_item else "\n\n") if parts else "")
        parts.append(block)
        was_item = is_item
    return Markdown("".join(parts))


def markdown_prose(text: str) -> Markdown:
    """Give text of several paragraphs as Markdown paragraphs in which code in a line stays code."""
    return Markdown("\n\n".join(map(_inline, paragraphs(text))))


def _blocks(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Give every block with whether it is an item of a list: a paragraph, an item, a heading, or code."""
    said: list[str] = []
    place = 0
    while place < len(lines):
        line, ends = lines[place], _end_of_code(lines, place)
        begins = ends is not None or not line.strip() or _ITEM.match(line) or _HEADING.match(line)
        if begins and said:
            yield _told(said)
            said = []
        if ends is not None:
            code = textwrap.dedent("\n".join(lines[place + 1 : ends])).strip("\n")
            yield f"~~~\n{code}\n~~~", False
        elif heading := _HEADING.fullmatch(line):
            yield f"**{_inline(heading[1])}**", False
        elif line.strip():
            said.append(line)
        place = (place if ends is None else ends) + 1
    if said:
        yield _told(said)


def _end_of_code(lines: list[str], place: int) -> int | None:
    """Give the line that ends a block of code which begins at `place`; None where none does that may stay."""
    if not _FENCE.fullmatch(lines[place]):
        return None
    ends = next((at for at in range(place + 1, len(lines)) if _FENCE.fullmatch(lines[at])), None)
    if ends is None or any(_ACTING.search(line) for line in lines[place + 1 : ends]):
        return None
    return ends


def _told(lines: list[str]) -> tuple[str, bool]:
    item = _ITEM.match(lines[0])
    if item is None:
        return _inline(" ".join(lines)), False
    mark = "*" if item[1] in "-*+" else item[1]
    return f"{mark} {_inline(' '.join([lines[0][item.end() :], *lines[1:]]))}", True


def _inline(text: str) -> str:
    """Give one line in which code between backticks stays code."""
    parts = _CODE.split(one_line(text))
    return "".join(_coded(part) if number % 2 else _shown(part) for number, part in enumerate(parts))


def _coded(text: str) -> str:
    return str(markdown_text(f"`{text}`")) if _UNFIT.search(text) or not text.strip() else f"`{text}`"


def _shown(text: str) -> str:
    """Escape a part of a line, with the blanks at its ends."""
    inner = text.strip(" ")
    if not inner:
        return text
    before, after = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    return f"{before}{markdown_text(inner)}{after}"

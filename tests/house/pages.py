"""Pages of docs/, as the documentation tests read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house.sources import DOCS, ROOT, tracked

_FENCE = re.compile(r"^(?P<fence>`{3,})(?P<language>\w*)\s*$")
_MARK = re.compile(r"^<!--\s*(?P<word>[\w-]+)(?::\s*(?P<what>.*?))?\s*-->$")
_LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)(?:\s+\"[^\"]*\")?\)")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the mark on the line before it: `<!-- word: what -->`."""

    page: Path
    line: int
    language: str
    text: str
    word: str = ""
    what: str = ""


def documentation() -> list[Path]:
    """Every page in Markdown, the README first; golden files of tests are no pages."""
    return [ROOT / "README.md", *(path for path in tracked() if path.suffix == ".md" and path.is_relative_to(DOCS))]


def blocks(page: Path) -> Iterator[Block]:
    """Give every fenced block of a page."""
    lines = page.read_text("utf-8").splitlines()
    number = 0
    while number < len(lines):
        fence = _FENCE.match(lines[number])
        if fence is None:
            number += 1
            continue
        begin = number
        number += 1
        while lines[number] != fence["fence"]:
            number += 1
        mark = _MARK.match(lines[begin - 1]) if begin else None
        text = "\n".join([*lines[begin + 1 : number], ""])
        word, what = (mark["word"], mark["what"] or "") if mark else ("", "")
        yield Block(page, begin + 1, fence["language"], text, word, what)
        number += 1


def marked(page: Path, word: str) -> list[Block]:
    """Give the blocks of a page that carry a mark, in order."""
    return [block for block in blocks(page) if block.word == word]


def prose(page: Path) -> str:
    """Give a page without its fenced blocks."""
    kept = page.read_text("utf-8").splitlines()
    for block in blocks(page):
        for number in range(block.line - 1, block.line + block.text.count("\n") + 1):
            kept[number] = ""
    return "\n".join(kept)


def links(page: Path) -> list[str]:
    """Give the targets of all links of a page."""
    return _LINK.findall(re.sub(r"`[^`\n]*`", "`x`", prose(page)))


def anchors(page: Path) -> set[str]:
    """Give the anchors of a page's headings, as forges make them."""
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6}\s+(.+?)\s*#*$", prose(page), re.MULTILINE):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", text).strip().replace(" ", "-")
        number, name = 0, slug
        while name in found:
            number += 1
            name = f"{slug}-{number}"
        found.add(name)
    return found


def table_after(page: Path, word: str, what: str) -> list[list[str]]:
    """Give the rows of the table that follows the mark `<!-- word: what -->`, cells stripped, head left out.

    Raises `LookupError` when the page has no such mark, or no table follows it.
    """
    lines = page.read_text("utf-8").splitlines()
    marks = [n for n, line in enumerate(lines) if (m := _MARK.match(line)) and (m["word"], m["what"]) == (word, what)]
    if not marks:
        raise LookupError(f"{page.name} has no mark {word}: {what}")
    rows = []
    for line in lines[marks[0] + 1 :]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
        elif rows:
            break
    if not rows:
        raise LookupError(f"no table follows {word}: {what} in {page.name}")
    return rows[2:]


def code(cell: str) -> str:
    """Give what stands in a cell's first code span, or nothing."""
    match = re.search(r"`([^`]+)`", cell)
    return match[1] if match else ""

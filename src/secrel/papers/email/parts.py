"""One source, two parts: the mail's Markdown as plain text and as HTML, with its subject as the first heading."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import markdown_it
from msgspec import Struct

from secrel.papers.email.headers import header_words
from secrel.papers.text import clean, web_address
from secrel.words.errors import Misused

if TYPE_CHECKING:
    from markdown_it.token import Token

_WIDTH = 76
_HEADING = "font-size: 1.5em; line-height: 1.25"
_REMEDY = "write headings, paragraphs, lists, links and emphasis: a mail has nothing else"
_KNOWN = {
    *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "bullet_list_open"),
    *("bullet_list_close", "ordered_list_open", "ordered_list_close", "list_item_open", "list_item_close"),
    *("text", "text_special", "code_inline", "softbreak", "hardbreak", "link_open", "link_close", "em_open"),
    *("em_close", "strong_open", "strong_close"),
}


class EmailSource(Struct, frozen=True):
    """What one rendered template says: the subject, the plain text, and the body of the HTML part."""

    subject: str
    text: str
    body: str


def read_source(markdown: str, *, where: str) -> EmailSource:
    """Turn the mail's Markdown into its two parts; the first block has to be a heading of level one: the subject.

    Raises `Misused`, naming the template `where`, when it is not, when a link is no web address under https, and for
    constructs that a reader of plain text could not see (images, tables, code blocks, HTML).
    """
    reader = markdown_it.MarkdownIt("commonmark", {"html": False})
    tokens = reader.parse(markdown)
    for token in _all(tokens):
        _check(token, where)
    # a heading is two tokens, its mark and its words
    if len(tokens) < 2 or tokens[0].tag != "h1" or not (subject := header_words(_words(tokens[1].children or []))):  # noqa: PLR2004
        raise Misused(
            "the mail has no subject",
            where=where,
            remedy="begin the template with a heading, such as # {{ product }} Security Release {{ versions | join }}",
        )
    tokens[0].attrSet("style", _HEADING)
    html = clean(reader.renderer.render(tokens, reader.options, {}))
    return EmailSource(subject, "\n".join(_lines(tokens)) + "\n", html)


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _check(token: Token, where: str) -> None:
    if token.type not in _KNOWN:
        raise Misused(f"the mail holds what no mail may: {token.type}", where=where, remedy=_REMEDY)
    if token.type == "link_open":
        address = str(token.attrs["href"])
        if not web_address(address).startswith("https://"):
            raise Misused(
                "the mail has a link that is not an address under https", where=where, remedy="give the whole address"
            )


def _words(children: Sequence[Token]) -> str:
    """Say one block's inline content; an address stands in angle brackets behind its words (RFC 3986, appendix C)."""
    said: list[str] = []
    shown, address = 0, ""
    for child in children:
        match child.type:
            case "softbreak":
                said.append(" ")
            case "hardbreak":
                said.append("\n")
            case "link_open":
                shown, address = len(said), str(child.attrs["href"])
            case "link_close":
                if "".join(said[shown:]) != address:
                    said.append(f" <{address}>")
            case _:
                said.append(clean(child.content))
    return "".join(said)


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    """Lay out the blocks as lines: one empty line between blocks, none between the items of a list."""
    depth, marker = 0, ""
    gap = False
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                gap = gap or not depth
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
                gap = not depth
            case "list_item_open":
                marker = f"{token.info}{token.markup} " if token.info else "- "
            case "inline":
                if gap:
                    yield ""
                yield from _block(_words(token.children or []), depth, marker)
                gap = not depth
                marker = ""


def _block(words: str, depth: int, marker: str) -> Iterator[str]:
    first = "  " * max(depth - 1, 0) + marker
    rest = " " * len(first) if marker else "  " * depth
    for line in words.split("\n"):
        yield from textwrap.wrap(
            line,
            _WIDTH,
            initial_indent=first or rest,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        first = rest

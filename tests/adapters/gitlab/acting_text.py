"""Readers of text that acts, written from gitlab-api.md 5 and CommonMark, and not from what the product does."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

_NAME = re.compile(r"/[a-z_]+(?:[ \t]|$)", re.IGNORECASE)
_FENCE = re.compile(r"^```.+?\n```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`\n*.+?\n*`", re.DOTALL)
_BLOCKS = (
    re.compile(r"^>>>.+?\n>>>$", re.MULTILINE | re.DOTALL),
    re.compile(r"^<[^>]+?>\n.+?\n</[^>]+?>$", re.MULTILINE | re.DOTALL),
)
_MARKDOWN = MarkdownIt("commonmark", {"linkify": False})


def commands_by_pattern(text: str, *, with_spans: bool) -> list[str]:
    """Find quick actions as versions do that read a text from left to right with patterns, without its returns."""
    content = text.replace("\r", "")
    skipping = (_FENCE, *_BLOCKS, *((_SPAN,) if with_spans else ()))
    found, place = [], 0
    while place < len(content):
        skipped = next((match for one in skipping if (match := one.match(content, place))), None)
        if skipped:
            place = skipped.end()
            continue
        if place == 0 or content[place - 1] == "\n":
            line = content[place:].partition("\n")[0]
            if _NAME.match(line):
                found.append(line)
        place += 1
    return found


def commands_by_markdown(text: str) -> list[str]:
    """Find quick actions as versions do that look at what is a paragraph for Markdown, and at nothing else."""
    lines = re.split(r"\r\n|\n|\r", text)
    found = []
    for token in _MARKDOWN.parse(text):
        if token.type == "inline" and token.map:
            found += [line for line in lines[token.map[0] : token.map[1]] if _NAME.match(line)]
    return found


def _words(tokens: list[Token]) -> Iterator[str]:
    """The text of a document outside of code and links, each run of it for itself; raw HTML as text too."""
    run = ""
    for token in tokens:
        if token.type == "inline":
            yield from _words(token.children or [])
        elif token.type in ("text", "text_special"):
            run += token.content
            continue
        elif token.type == "html_block" and not token.content.lstrip().startswith("<!--"):
            yield html.unescape(re.sub(r"<!--.*?(?:-->|\Z)|<[^<>]*>", "\0", token.content, flags=re.DOTALL))
        yield run
        run = ""
    yield run


_MENTION = re.compile(r"(?<![A-Za-z0-9_])@[A-Za-z0-9_][A-Za-z0-9_./-]*")
_ADDRESS = re.compile(r"(?<![^\s*_~(])https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?/[^\s<\"')\]`|]*")
_REFERENCE = re.compile(r"(?<!\w)(?:[A-Za-z0-9_][\w./-]*)?[#!&]\d+", re.ASCII)


def _shown(text: str) -> Iterator[str]:
    """The runs of a text without the addresses in it, of which GitLab makes links."""
    return (_ADDRESS.sub("\0", run) for run in _words(_MARKDOWN.parse(text)))


def mentions(text: str) -> list[str]:
    """Who is called by a text, once it is shown."""
    return [found[0].rstrip(".-") for run in _shown(text) for found in _MENTION.finditer(run)]


def references(text: str) -> list[str]:
    """To what a text refers, once it is shown."""
    return [found[0] for run in _shown(text) for found in _REFERENCE.finditer(run)]

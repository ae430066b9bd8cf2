"""Other people's text inside Markdown that kramdown, CommonMark or a forge reads: it is shown, and never acts.

What must not act: HTML, kramdown's attribute lists and options, footnotes, tables, template tags (`{%`, `{{`), front
matter, and, where the text ends up in an issue, quick actions at a line's start and mentions.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from markupsafe import Markup

from secrel.papers.text.addresses import web_address
from secrel.papers.text.cleaning import one_line
from secrel.words.patterns import pattern

# Braces, pipes and backslashes are written as numbers: a template engine, a table and a line break at a line's end
# look at the raw signs, whether or not a backslash stands before them.
_SIGNS = {
    "\\": "&#92;",
    "`": "&#96;",
    "*": "\\*",
    "_": "\\_",
    "[": "\\[",
    "]": "\\]",
    "#": "\\#",
    "$": "\\$",
    "<": "&lt;",
    ">": "&gt;",
    "&": "&amp;",
    "{": "&#123;",
    "}": "&#125;",
    "|": "&#124;",
    "~": "&#126;",
    "^": "&#94;",
    "--": "\\-\\-",
    # a word joiner, unseen, parts the sign from the name: a forge finds mentions in rendered text too
    "@": "@&#8288;",
}
_SIGN = pattern(r"--|!(?=\[|\d)|[\\`*_\[\]#$<>&{}|~^@]")
_STARTS = {"-": "\\-", "+": "\\+", ":": "\\:", "=": "\\=", "/": "&#47;"}
_NUMBERED = pattern(r"(\d+)([.)])(?=\s|$)", re.ASCII)


class Markdown(Markup):
    """Ready Markdown: no template escapes it again, and whatever is added to it is escaped as Markdown."""

    __slots__ = ()

    @classmethod
    def escape(cls, s: object, /) -> Markdown:
        """Give `s` if it is ready text, otherwise its words escaped (`markdown_text`)."""
        return cls(s) if isinstance(s, Markup) else markdown_text(str(s))


def _escaped(line: str) -> str:
    text = _SIGN.sub(lambda match: _SIGNS.get(match[0], f"\\{match[0]}"), line)
    text = _NUMBERED.sub(r"\1\\\2", text, count=1) if _NUMBERED.match(text) else text
    return _STARTS.get(text[:1], text[:1]) + text[1:]


@lru_cache(maxsize=8192)  # a checklist says the same of most of its gates at every look
def markdown_text(text: str) -> Markdown:
    """Give text as one line of Markdown that shows exactly its words, wherever in a line it stands.

    White space is brought to single blanks and unseen characters are dropped. The result is marked as ready, so that
    a Markdown template does not escape it again.
    """
    return Markdown(_escaped(one_line(text)))


def markdown_cell(text: str) -> Markdown:
    """Give text for one cell of a table: as `markdown_text`, which leaves no pipe and no line end."""
    return markdown_text(text)


def link(text: str, address: str) -> Markdown:
    """Give a Markdown link; only to a web address (`web_address`), otherwise the text alone.

    An empty text shows the address.
    """
    safe = web_address(address)
    shown = _escaped(one_line(text) or safe)
    return Markdown(f"[{shown}]({safe})" if safe else shown)


_MARKS = pattern(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<entity>&(?:#\d{1,7}|[a-z]{2,8});)"
    r"|\[(?P<text>(?:\\.|&[^;]{1,9};|[^\[\]\\])*)\]\((?P<address>[^()\s]*)\)"
)


def unmarked(markdown: str) -> str:
    """Give the words of a message: what is escaped as it reads, and a link as its text and its address.

    For templates of messages, whose other marks (a list's hyphen) read as they are. A sign that keeps a mention from
    acting, the unseen word joiner behind an @, stays.
    """
    return _MARKS.sub(_shown, markdown)


def _shown(sign: re.Match[str]) -> str:
    if sign["escaped"]:
        return sign["escaped"]
    if sign["entity"]:
        return html.unescape(sign["entity"])
    text, address = unmarked(sign["text"]), sign["address"]
    return address if text in ("", address) else f"{text}: {address}"


def code_span(text: str) -> str:
    """Give text as Markdown code on one line, whatever back-ticks it holds; nothing for no text.

    A pipe is written as a table needs it, and no comment can begin inside: marks are looked for in raw text.
    """
    line = one_line(text).replace("<!--", "<! --").replace("|", "\\|")
    if not line:
        return ""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", line)), default=0) + 1)
    blank = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{blank}{line}{blank}{fence}"


def code_block(text: str, language: str = "") -> str:
    """Give text as a fenced block that no line of it can close."""
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`+", text))])
    return f"{fence}{language}\n{text.rstrip(chr(10))}\n{fence}"

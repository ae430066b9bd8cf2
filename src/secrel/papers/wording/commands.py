"""Commands inside Markdown: as code, so that they can be pasted."""

from __future__ import annotations

import re

from secrel.papers.text import one_line


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

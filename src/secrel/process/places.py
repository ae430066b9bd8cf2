"""Where in a TOML text each table and key stands: the parser forgets it, and every complaint has to say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_OPAQUE = re.compile(
    r'"""(?:\\.|[^\\])*?"""|' r"'''.*?'''|" r'"(?:\\.|[^"\\\n])*"|' r"'[^'\n]*'|" r"#[^\n]*",
    re.DOTALL,
)
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w-]+)((?:\s*\.\s*[\w-]+)*)\s*\]")
_KEY = re.compile(r"\s*([\w-]+)\s*[.=]")


@dataclass(frozen=True, slots=True)
class Places:
    """The lines of a file, counted from 1, by table, number of the table (for arrays of them) and key."""

    file: str
    lines: Mapping[tuple[str, int, str], int]

    def of(self, table: str, number: int = 0, key: str = "") -> str:
        """Give `file:line` of a key, or of its table when the key stands nowhere by itself."""
        line = self.lines.get((table, number, key)) or self.lines.get((table, number, "")) or 1
        return f"{self.file}:{line}"


def find_places(text: str, file: str) -> Places:
    """Find the lines of a text that is known to be TOML."""
    # strings and comments are blanked, so that what stands in them is not taken for a table
    bare = _OPAQUE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    lines: dict[tuple[str, int, str], int] = {}
    counts: dict[str, int] = {}
    table, number, inside = "", 0, ""
    for line, content in enumerate(bare.split("\n"), 1):
        header = _HEADER.match(content)
        if header:
            table, inside = header[2], header[3].strip(" .\t")
            if header[1] == "[[" and not inside:
                counts[table] = counts.get(table, -1) + 1
            number = counts.get(table, 0)
            lines.setdefault((table, number, inside), line)
        elif (key := _KEY.match(content)) and not inside:
            lines.setdefault((table, number, key[1]), line)
    return Places(file, lines)

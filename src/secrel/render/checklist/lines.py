"""The checklist's lines: which are the desk's, how each is found again, and what a person did to it.

Every line that the desk writes ends in a hidden comment such as `<!-- s:gate/draft-open x4f2a1c -->`: its key, the
box as the desk left it (`x` ticked, `o` open, `-` none), and six digits that depend on its words. So a line says by
itself whether a person changed it, wherever it stands now, and on a laptop that never saw the release before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2s

_MARK = re.compile(r" ?<!-- s:(?P<key>\S+) (?P<box>[xo-])(?P<print>[0-9a-f]{6}|gone--) -->")
_BOX = re.compile(r"(?P<before>[\s>]*(?:[-*+]|\d{1,9}[.)])\s+\[)(?P<state>[ xX])(?=\])")
_PLACE = re.compile(r"[\s>]*")
_AWAY = re.compile(r"[^\w./#!@+-]|-(?=-)", re.ASCII)
GONE = "gone--"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a checklist: its words without mark and line end, and the line end (`\\n`, `\\r\\n` or none).

    `key` is empty for a person's line. `box` and `imprint` are as the desk left them in the mark; `words` are as found,
    box included. `tail` is how many of the words' last characters stood behind the mark.
    """

    words: str
    end: str = "\n"
    key: str = ""
    box: str = "-"
    imprint: str = ""
    tail: int = 0

    @property
    def ticked(self) -> bool | None:
        """Whether its box is ticked; None when it has no box."""
        match = _BOX.match(self.words)
        return None if match is None else match["state"] != " "

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading, with which a block begins."""
        return self.words.startswith("#")

    @property
    def is_blank(self) -> bool:
        """Whether it is empty."""
        return not self.key and not self.words.strip()

    @property
    def depth(self) -> int:
        """How far it is indented."""
        return len(self.words) - len(self.words.lstrip())

    @property
    def is_edited(self) -> bool:
        """Whether its words, the box left out, are not the desk's."""
        return self.imprint != print_of(self.words)

    def with_box(self, ticked: bool) -> Line:  # noqa: FBT001 - a box is ticked or it is not
        """Give it with the box as told, and the mark saying so; a line whose box is gone stays as it is."""
        if self.ticked is None:
            return self
        words = self.words
        if self.ticked != ticked:
            words = _BOX.sub(lambda match: match["before"] + ("x" if ticked else " "), words, count=1)
        return replace(self, words=words, box="x" if ticked else "o")

    def __str__(self) -> str:
        """Give it as it is written."""
        if not self.key:
            return self.words + self.end
        cut = len(self.words) - self.tail
        mark = f"<!-- s:{self.key} {self.box}{self.imprint} -->"
        blank = " " if cut else ""
        return f"{self.words[:cut]}{blank}{mark}{self.words[cut:]}{self.end}"


def print_of(words: str) -> str:
    """Give six digits that depend on the words of a line, and not on its box."""
    return blake2s(_BOX.sub(r"\g<before> ", words, count=1).encode("utf-8", "surrogatepass"), digest_size=3).hexdigest()


def desk_line(key: str, words: str) -> Line:
    """Make a line of the desk's."""
    line = Line(words, key=key_of(key), imprint=print_of(words))
    return line if line.ticked is None else replace(line, box="x" if line.ticked else "o")


def key_of(text: str) -> str:
    """Make a key that can stand in a mark from one that may hold anything; keys that differ stay different."""
    safe = _AWAY.sub("_", text)[:120]
    if safe == text and text:
        return text
    return f"{safe}~{blake2s(text.encode('utf-8', 'surrogatepass'), digest_size=4).hexdigest()}"


def read_lines(text: str) -> list[Line]:
    """Take a text apart, so that `written` gives exactly the same text again."""
    return list(_read(text))


def _read(text: str) -> Iterator[Line]:
    known: set[str] = set()
    for whole in text.splitlines(keepends=True) if text.isascii() and not _ODD.search(text) else _split(text):
        body = whole.rstrip("\n")
        end = whole[len(body) :]
        if end and body.endswith("\r"):
            body, end = body[:-1], "\r\n"
        yield _parsed(body, end, known)

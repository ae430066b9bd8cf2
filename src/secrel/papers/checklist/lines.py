"""The checklist's lines: which are the desk's, how each is found again, and what a person did to it.

Every line that the desk writes ends in a hidden comment such as `<!-- s:gate/draft-open x4f2a1c -->`: its key, the
box as the desk left it (`x` ticked, `o` open, `-` none or a person's), and six digits that depend on its words. So a
line says by itself whether a person changed it, wherever it stands now, and to a desk that never saw it before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2s

from msgspec import Struct
from msgspec.structs import replace

from secrel.papers.text import unmarked
from secrel.words.effects import plain
from secrel.words.patterns import pattern

OWN = "own/"
NOTE = "note/"
DISPUTE = "dispute/"
GONE = "gone--"
_MARK = pattern(r"<!-- s:(?P<key>[^\s<>]{1,200}) (?P<box>[xo-])(?P<imprint>[0-9a-f]{6}|gone--) -->")
_HIDDEN = pattern(r" ?<!-- s:[^<>\n]* -->")
_WISH = pattern(r"\s*<!-- s:(?P<key>[^\s<>]{1,200}) -->\s*")
_BOX = pattern(r"(?P<before>[\s>]*(?:[-*+]|\d{1,9}[.)])\s+\[)(?P<state>[ xX])(?=\])")
_FENCE = pattern(r"[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(?P<fence>`{3,}(?!.*`)|~{3,})(?P<rest>.*)")
_CODE = pattern(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_WHOLE_LINE = pattern(r"[^\n]*\n|[^\n]+")
_UNSAFE = pattern(r"[^\w./#!@+-]|-(?=-)", re.ASCII)
_LONGEST_KEY = 120
_REMEMBERED = 8192


class ChecklistLine(Struct, frozen=True):
    r"""One line of a checklist.

    A desk's line has a `key`, and its words stand `before` and (if a person wrote there) `after` the mark; `box` and
    `imprint` are as the desk left them. Any other line is all in `before`. `end` is `\n`, `\r\n`, or nothing.
    `is_hidden` for one inside a comment or a code fence: a reader sees no box there, and nobody ticks it.
    """

    before: str
    end: str = "\n"
    key: str = ""
    box: str = "-"
    imprint: str = ""
    after: str = ""
    is_hidden: bool = False

    @property
    def words(self) -> str:
        """Its words, box included, without the mark (and without those of lines that a person joined to it)."""
        return self.before.rstrip() + (_MARK.sub("", self.after).rstrip() if self.after else "")

    @property
    def ticked(self) -> bool | None:
        """Whether its box is ticked; None when it has no box, or is hidden."""
        match = None if self.is_hidden else _BOX.match(self.before)
        return None if match is None else match["state"] != " "

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading, with which a block begins."""
        return self.before.startswith("#")

    @property
    def is_remark(self) -> bool:
        """Whether the desk put it below another line, to show a conflict."""
        return self.key.startswith((NOTE, DISPUTE))

    @property
    def is_blank(self) -> bool:
        """Whether it is empty."""
        return not self.key and not self.before.strip()

    @property
    def depth(self) -> int:
        """By how many characters it is indented."""
        return len(self.before) - len(self.before.lstrip())

    @property
    def is_edited(self) -> bool:
        """Whether a person changed the words of this desk's line; no words at all ask for it."""
        return bool(self.words) and self.imprint != imprint_of(self.words)

    @property
    def is_flipped(self) -> bool:
        """Whether a person changed the box that the desk had set."""
        return self.box != "-" and self.ticked is not None and self.ticked != (self.box == "x")

    def with_words(self, words: str) -> ChecklistLine:
        """Give it with other words, all of them before the mark."""
        return replace(self, before=f"{words} " if words else "", after="")

    def with_box(self, *, ticked: bool) -> ChecklistLine:
        """Give it with its box as told; a line that has no box stays as it is."""
        if self.ticked in (None, ticked):
            return self
        return replace(self, before=_boxed(self.before, "x" if ticked else " "))

    def __str__(self) -> str:
        """Give it as it is written."""
        if not self.key:
            return self.before + self.end
        told = f" {self.box}{self.imprint}" if self.imprint else ""
        return f"{self.before}<!-- s:{self.key}{told} -->{self.after}{self.end}"


def imprint_of(words: str) -> str:
    """Give six digits that depend on the words of a line, and not on its box."""
    told = _boxed(words, " ").encode("utf-8", "surrogatepass")
    return blake2s(told, digest_size=3).hexdigest()


def _boxed(words: str, state: str) -> str:
    match = _BOX.match(words)
    return words if match is None else f"{words[: match.end('before')]}{state}{words[match.end('state') :]}"


def key_of(text: str) -> str:
    """Make a key that can stand in a mark of a text that may hold anything; texts that differ have different keys."""
    if text and len(text) <= _LONGEST_KEY and not _UNSAFE.search(text):
        return text
    digest = blake2s(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{_UNSAFE.sub('_', text[:_LONGEST_KEY])}~{digest}"


def key_below(key: str, text: str) -> str:
    """Make a key for a line below another one, told apart by its text."""
    return f"{key}/{blake2s(text.encode('utf-8', 'surrogatepass'), digest_size=4).hexdigest()}"


def task_line(key: str, words: str, *, holds: bool) -> ChecklistLine:
    """Make a line of the desk's with a box, ticked when it holds."""
    return desk_line(key, f"- [{'x' if holds else ' '}] {words}")


@lru_cache(_REMEMBERED)
def desk_line(key: str, words: str) -> ChecklistLine:
    """Make a line of the desk's; of one whose key begins with `own/`, the box is the person's."""
    safe, told = key_of(key), plain(words)
    match = None if safe.startswith(OWN) else _BOX.match(told)
    box = "-" if match is None else "o" if match["state"] == " " else "x"
    return ChecklistLine(f"{told} ", key=safe, box=box, imprint=imprint_of(told))


def read_lines(text: str) -> list[ChecklistLine]:
    """Take a text apart, so that `written` gives exactly the same text again.

    A remark of the desk's that a person rewrote is the person's line. A person who wants a line of the desk's back
    writes `<!-- s:KEY -->` on a line by itself.
    """
    return list(_read(text))


@lru_cache(maxsize=16)  # what was written last is the base of the next merge, and often what is found
def _read(text: str) -> tuple[ChecklistLine, ...]:
    return tuple(_each(text))


class _Hiding:
    """What hides the next line of a text: a comment that is still open, or a code fence."""

    def __init__(self) -> None:
        self._fence = ""
        self._comment = False

    def hides(self, body: str) -> bool:
        """Tell whether a line is hidden, and go on behind it."""
        was_hidden = bool(self._fence) or self._comment
        may_fence = not self._comment and ("```" in body or "~~~" in body)
        fence = _FENCE.match(body) if may_fence else None
        if fence is not None and not self._fence:
            self._fence = fence["fence"]
        elif fence is not None and fence["fence"].startswith(self._fence) and not fence["rest"].strip():
            self._fence = ""
        elif not self._fence:
            self._comment = _leaves_open(body, is_open=self._comment)
        return was_hidden


def _leaves_open(body: str, *, is_open: bool) -> bool:
    """Tell whether a comment is open behind a line; what stands in code between back-ticks opens none."""
    rest = body if is_open or "`" not in body else _CODE.sub("", body)
    while (sign := "-->" if is_open else "<!--") in rest:
        rest = rest.partition(sign)[2]
        is_open = not is_open
    return is_open


def _each(text: str) -> Iterator[ChecklistLine]:
    hiding = _Hiding()
    for whole in _WHOLE_LINE.findall(text):
        body = whole.removesuffix("\n")
        end = whole[len(body) :]
        if end and body.endswith("\r"):
            body, end = body[:-1], "\r\n"
        line = _parsed(body, end)
        line = ChecklistLine(body, end) if line.is_remark and line.is_edited else line
        yield replace(line, is_hidden=True) if hiding.hides(body) else line


@lru_cache(_REMEMBERED)
def _parsed(body: str, end: str) -> ChecklistLine:
    match = _MARK.search(body)
    if match is not None:
        return ChecklistLine(
            body[: match.start()], end, match["key"], match["box"], match["imprint"], body[match.end() :]
        )
    wish = _WISH.fullmatch(body)
    if wish is None:
        return ChecklistLine(body, end)
    return ChecklistLine(body[: body.index("<")], end, wish["key"], after=body[body.rindex(">") + 1 :])


def written(lines: Iterable[ChecklistLine]) -> str:
    """Put lines together again."""
    return "".join(map(str, lines))


def read_plain(text: str) -> str:
    """Give a checklist as a person reads it in a terminal: without the hidden comments, escapes and marks of links."""
    return unmarked(_HIDDEN.sub("", text))

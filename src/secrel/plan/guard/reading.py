"""A text in all the ways in which somebody reads it: as it stands, decoded, rendered, unpacked, and all of it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from secrel.plan.guard.decoding import decoded
from secrel.plan.guard.gathering import gathered
from secrel.plan.guard.mails import is_mail, mailed
from secrel.plan.guard.markup import read_html, rendered
from secrel.plan.guard.packing import packed_in
from secrel.plan.guard.spelling import spelled
from secrel.plan.guard.unread import Unread

LONGEST = 500_000
"""Characters of a text that is read at all."""
MOST = 4_000_000
"""Characters of all the ways in which one text is read."""
DEEPEST = 8
"""How deep a text may be packed into others."""


def readings(texts: Iterable[str]) -> tuple[str, ...]:
    """Give every way in which texts can be read, each once.

    Raises `Unread`, without quoting anything, for what is too long, or packed too deep, to be read to its end.
    """
    found: dict[str, None] = {}
    now = dict.fromkeys(texts)
    size = 0
    for _ in range(DEEPEST):
        inside: dict[str, None] = {}
        for text in now:
            if len(text) > LONGEST:
                raise Unread(f"it is longer than {LONGEST} characters")
            for reading in _read(text, inside):
                size += 0 if reading in found else len(reading)
                found[reading] = None
                if size > MOST:
                    raise Unread("it can be read in too many ways")
        now = {text: None for text in inside if text.strip() and text not in found}
        if not now:
            return tuple(found)
    raise Unread(f"something is packed into it more than {DEEPEST} times over")


def _read(text: str, inside: dict[str, None]) -> Iterator[str]:
    """Give the readings of a text, and put what is packed in it `inside`."""
    if is_mail(text):
        inside.update(dict.fromkeys(mailed(text)))
    steps = tuple(decoded(text))
    yield from steps
    known: set[str] = set()
    for step in steps:
        news = _news(step, known)
        yield from spelled(news)
        inside.update(dict.fromkeys((*packed_in(news), *gathered(news))))
    for page in map(read_html, dict.fromkeys(html for step in (steps[0], steps[-1]) for html in _pages(step))):
        inside[page.behind] = None
        for shown in page.shown:
            for again in decoded(shown):
                yield again
                if again != shown:
                    inside.update(dict.fromkeys(packed_in(again)))


def _news(text: str, known: set[str]) -> str:
    """Give the paragraphs of a text that are not `known`, and those beside them; all of it is known from then on."""
    blocks = text.split("\n\n")
    is_new = [False, *(block not in known for block in blocks), False]
    known.update(blocks)
    return "\n\n".join(block for place, block in enumerate(blocks) if any(is_new[place : place + 3]))


def _pages(text: str) -> Iterator[str]:
    yield from rendered(text)
    if "<" in text:
        yield text

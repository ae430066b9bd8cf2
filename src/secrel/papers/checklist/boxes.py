"""Which boxes of a checklist are ticked, the desk's and people's own."""

from __future__ import annotations

from collections import Counter

from secrel.papers.checklist.lines import ChecklistLine, imprint_of, read_lines
from secrel.words.errors import Misused
from secrel.words.patterns import pattern

_BOX_AND_BLANKS = pattern(r"[\s>]*(?:[-*+]|\d{1,9}[.)])\s+\[[ xX]\]\s*")


def read_boxes(text: str) -> dict[str, bool]:
    """Tell which boxes are ticked, by key, in the order of the text.

    A person's own box has the key `yours/WORDS`, with ` (2)` and so on behind it when the words stand there again.
    What stands between code fences, or in a comment, is no box.
    """
    boxes: dict[str, bool] = {}
    seen: Counter[str] = Counter()
    for line in read_lines(text):
        if line.ticked is None:
            continue
        if line.key:
            boxes[line.key] = line.ticked
            continue
        words = _BOX_AND_BLANKS.sub("", line.before, count=1).strip()
        seen[words] += 1
        boxes[f"yours/{words}" + (f" ({seen[words]})" if seen[words] > 1 else "")] = line.ticked
    return boxes


def held_words(text: str) -> dict[str, str]:
    """Give what the desk wrote of everything that held when it wrote a checklist, in Markdown, by key.

    Lines that a person changed are left out: what stands there now is not the desk's word.
    """
    return {
        line.key: _BOX_AND_BLANKS.sub("", line.before, count=1).strip()
        for line in read_lines(text)
        if line.key and line.ticked and line.box == "x" and line.imprint == imprint_of(line.words)
    }


def with_box(text: str, words: str, *, ticked: bool) -> str:
    """Give a text with one box ticked, or emptied: the one whose line has `words` in it, in whatever capitals.

    Raises `Misused` when no line with a box has them, or more than one has.
    """
    lines, wanted = list(read_lines(text)), " ".join(words.split()).casefold()
    found = [place for place, line in enumerate(lines) if line.ticked is not None and wanted in _said(line).casefold()]
    if len(found) != 1:
        what = "no box has" if not found else f"{len(found)} boxes have"
        remedy = "name more of its words" if found else "name some words of its line"
        raise Misused(f"{what} {words[:80]!r} beside it", remedy=remedy)
    lines[found[0]] = lines[found[0]].with_box(ticked=ticked)
    return "".join(map(str, lines))


def _said(line: ChecklistLine) -> str:
    return " ".join(f"{line.before}{line.after}".split())

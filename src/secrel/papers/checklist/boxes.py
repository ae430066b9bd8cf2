"""Which boxes of a checklist are ticked, the desk's and people's own."""

from __future__ import annotations

import re
from collections import Counter

from secrel.papers.checklist.lines import read_lines

_BOX_AND_BLANKS = re.compile(r"[\s>]*(?:[-*+]|\d{1,9}[.)])\s+\[[ xX]\]\s*")


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

"""How long a three-way merge takes: texts of 20,000 lines, made to be hard. Run it with `python -m bench.merging`.

Each has to take less than two seconds.
"""

from __future__ import annotations

import random
import time

from secrel.words.merging import merge

LINES = 20_000


def hard_texts(lines: int) -> dict[str, tuple[list[str], list[str], list[str]]]:
    """Give what the desk last wrote, what it would write, and what a person made of it, by what is hard about them."""
    draw = random.Random(1)
    boxes = [f"- [ ] line {number}" for number in range(lines)]
    pairs = boxes[: lines // 2] * 2
    two = [[draw.choice("ab") for _ in range(lines)] for _ in range(3)]
    return {
        "one word": (["a"] * lines, ["a", "b"] * (lines // 2), ["b", "a"] * (lines // 2)),
        "two words": (two[0], two[1], two[2]),
        "turned round": (boxes, boxes[::-1], boxes),
        "shuffled": (boxes, draw.sample(boxes, lines), draw.sample(boxes, lines)),
        "each line changed": (boxes, [f"{line}." for line in boxes], [f"{line}!" for line in boxes]),
        "each line twice": (sorted(pairs), draw.sample(pairs, lines), draw.sample(pairs, lines)),
    }


def main() -> None:
    """Merge each, and print how long it took."""
    for name, texts in hard_texts(LINES).items():
        base, ours, theirs = ("\n".join(text) + "\n" for text in texts)
        began = time.perf_counter()
        found = merge(base, ours, f"{theirs}more\n")
        print(f"{name:<18} {time.perf_counter() - began:5.2f} s  {len(found.conflicts):,} conflicts")


if __name__ == "__main__":
    main()

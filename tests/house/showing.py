"""What the README shows of its rehearsal is what the rehearsal says: `.ci/newcomer` asks, once it has played it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tests.house.pages import marked
from tests.house.sources import ROOT


def unsaid(shown: str, said: str) -> str:
    """Give the first line of an excerpt that a page does not say, empty when it says all of them in this order.

    `…` in a line stands for anything, and alone for lines that are left out.
    """
    lines = iter(said.splitlines())
    for line in filter(None, map(str.strip, shown.splitlines())):
        form = ".*".join(re.escape(part) for part in line.split("…"))
        if not any(re.fullmatch(form, one.strip()) for one in lines):
            return line
    return ""


def main() -> None:
    """Hold the README's excerpt to the page that is named."""
    (block,) = marked(ROOT / "README.md", "it-says")
    if line := unsaid(block.text, Path(sys.argv[1]).read_text("utf-8")):
        sys.exit(f"README.md shows what its rehearsal does not say, or says elsewhere: {line}")


if __name__ == "__main__":
    main()

"""Write the fault matrix into docs/faults.md, every cell as it was run: `python -m tests.apply.write_faults`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.apply.matrix import NEXTS, POINTS, cell, table
from tests.apply.real_world import EFFECTS, build
from tests.house.sources import DOCS

PAGE = DOCS / "faults.md"
MARK = "<!-- made by tests/apply/write_faults.py; every cell is run by tests/apply/test_matrix.py -->\n"


def run_all(folder: Path) -> Mapping[tuple[str, str, str], str]:
    """Run every cell in an empty folder, and give what became of each effect, by kind, point and what came next."""
    (folder / "built").mkdir()
    build(folder / "built")
    words: dict[tuple[str, str, str], str] = {}
    for effect in EFFECTS:
        for point in POINTS:
            for then in NEXTS:
                world = folder / "world"
                shutil.copytree(folder / "built", world)
                words[effect.kind, point, then] = cell(world, effect, point, then)
                shutil.rmtree(world)
    return words


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        before = PAGE.read_text("utf-8").partition(MARK)[0]
        PAGE.write_text(f"{before}{MARK}\n{table(run_all(Path(place)))}", "utf-8")

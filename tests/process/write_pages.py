"""Write `docs/process` anew from the tables: `python -m tests.process.write_pages`."""

from __future__ import annotations

import shutil
from pathlib import Path

from secrel.evaluate.registry import shipped
from secrel.process.pages import pages
from secrel.process.reading import BUILTIN_NAMES

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "process"


def write() -> None:
    for name in BUILTIN_NAMES:
        shutil.rmtree(FOLDER / name, ignore_errors=True)
    for path, text in pages(shipped(name) for name in BUILTIN_NAMES).items():
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()

from __future__ import annotations

import re

import msgspec
import pytest

from secrel.evaluate.registry import shipped
from secrel.process.pages import pages
from secrel.process.reading import BUILTIN_NAMES
from secrel.process.table import Gate, Phase, Process
from tests.process.write_pages import FOLDER


def test_the_pages_in_docs_are_those_that_the_tables_make_now() -> None:
    made = pages(shipped(name) for name in BUILTIN_NAMES)
    stored = {str(path.relative_to(FOLDER)): path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.md")}
    assert stored == made, "make them again: python -m tests.process.write_pages"


@pytest.mark.parametrize("name", BUILTIN_NAMES)
def test_every_link_of_a_page_leads_to_a_page(name: str) -> None:
    made = pages([shipped(name)])
    for path, text in made.items():
        folder = path.rpartition("/")[0]
        for target in re.findall(r"\]\(([^)]+)\)", text):
            assert f"{folder}/{target}".removeprefix("/") in made


class Several(msgspec.Struct):
    wanted: str = "so"
    many: tuple[str, ...] = ("a", "b")
    on: bool = True
    off: bool = False
    zero: int = 0
    none: tuple[str, ...] = ()
    nothing: str = ""


def test_a_page_says_only_what_its_row_says() -> None:
    row = Gate(
        "alone",
        "It stands alone",
        "p",
        "primary",
        "claimed",
        params=Several(),
    )
    page = pages([Process("own", "Own", (Phase("p", "All of it"),), (row,))])["own/alone.md"]
    assert "with `wanted`: so; `many`: a, b; `on`: yes; `zero`: 0\n" in page
    assert "as soon as its turn has come" in page
    for absent in ("After", "Before", "Opens", "Releases", "What to run", "Once it holds", "Falls away", "Source"):
        assert f"**{absent}**" not in page

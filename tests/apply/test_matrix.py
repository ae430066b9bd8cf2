"""The fault matrix: every cell is run, and the page says what was seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import pytest

from secrel.words.effects import Action
from tests.apply.matrix import NEXTS, POINTS, cell, changed, table
from tests.apply.real_world import EFFECTS, build
from tests.apply.write_faults import MARK, PAGE, run_all

_FREE: Mapping[str, str] = {then: "free, made" if then != "a new plan without it" else "free" for then in NEXTS}


def told() -> str:
    return PAGE.read_text("utf-8").partition(MARK)[2].removeprefix("\n")


def test_every_kind_has_its_row_at_every_point() -> None:
    kinds = [kind.__name__ for kind in get_args(Action)]
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", told(), re.MULTILINE)
    assert [kind for kind, _ in rows] == kinds * len(POINTS)
    assert {cells.count("|") + 1 for _, cells in rows} == {len(NEXTS)}


def test_what_is_cut_off_is_found_or_free_or_asked_for_and_never_anything_else() -> None:
    """What the page may say: it is held to the rule, and not to what happened to come out."""
    words: dict[tuple[str, str, str], str] = {}
    for effect in EFFECTS:
        for then in NEXTS:
            before, there, after = POINTS
            words[effect.kind, before, then] = _FREE[then] if effect.findable else "asked"
            words[effect.kind, there, then] = "found" if effect.findable else "asked"
            words[effect.kind, after, then] = "known"
    assert told() == table(words)


@pytest.mark.parametrize("kind", ["OpenIssue", "SendMail"])
def test_a_row_of_each_sort_is_as_the_page_says(kind: str, tmp_path: Path) -> None:
    effect = next(effect for effect in EFFECTS if effect.kind == kind)
    build(tmp_path)
    before = next(iter(POINTS))
    word = cell(tmp_path, effect, before, "facts changed meanwhile")
    assert word == ("asked" if kind == "SendMail" else "free, made")
    assert changed(effect) != effect


@pytest.mark.first
@pytest.mark.long  # 204 worlds
def test_every_cell_is_as_the_page_says(tmp_path: Path) -> None:
    assert table(run_all(tmp_path)) == told()

"""The page about the post says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from secrel.papers import text
from secrel.papers.post.entries import PostEntry
from secrel.papers.post.post import post_templates, render_post
from secrel.papers.post.view import ShipmentView, UpdateView
from secrel.verify.post.alone import ALONE
from secrel.verify.post.disagreements import RULES
from tests.papers.post.stories import AUTHOR, critical

PAGE = (Path(__file__).parents[3] / "docs" / "post.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    section = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = [line.strip("| ").split(" | ") for line in section.split("\n") if line.startswith("| `")]
    assert found
    return found


def names(cell: str) -> list[str]:
    return re.findall(r"`(\w+)[^`]*`", cell)


def test_every_rule_is_in_the_table() -> None:
    told = rows("What is held against it")
    assert [names(row[0])[0] for row in told] == list(RULES)
    assert {names(row[0])[0] for row in told if row[2] == "yes"} == set(ALONE)


def test_every_form_is_in_the_table() -> None:
    forms = {name.split("/")[0] for name in post_templates().texts}
    assert {names(row[0])[0] for row in rows("What it writes")} == forms


def test_every_function_for_text_is_in_the_table() -> None:
    told = {name for row in rows("Text from others") for name in names(row[0])}
    assert told == set(text.__all__) - {"Markdown"}


def test_a_template_can_use_every_name_in_the_table() -> None:
    told = [name for row in rows("A desk's own words") for name in names(row[0])]
    source = "".join(f"{{% set x = {name} %}}" for name in told)
    render_post(critical(), AUTHOR, templates=post_templates({"2023/post.md.j2": source}))
    used = {name for name in told if any(re.search(rf"\b{name}\b", t) for t in post_templates().texts.values())}
    assert used | {"title", "critical", "vendor"} >= set(told)


def test_the_parts_of_values_are_in_the_table() -> None:
    told = {names(row[0])[0]: row[1] for row in rows("A desk's own words")}
    for name, kind in (("entries", PostEntry), ("main", ShipmentView), ("updates", UpdateView)):
        assert set(names(told[name])) >= {*kind.__struct_fields__}

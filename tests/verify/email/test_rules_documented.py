from __future__ import annotations

from pathlib import Path

from secrel.verify.email import RULES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "email.md"


def test_the_page_has_every_rule_with_what_it_demands() -> None:
    rows = [line.strip("| ").split(" | ", 1) for line in PAGE.read_text("utf-8").split("\n") if line.startswith("| `")]
    told = {name.strip("`"): words for name, words in rows}
    assert {rule: told.get(rule) for rule in RULES} == dict(RULES)

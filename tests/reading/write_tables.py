"""Write what is read of people's tables into its page: `python -m tests.reading.write_tables`."""

from __future__ import annotations

import json

from secrel.reading.rows import stated_in
from secrel.words.facts.tables import as_table
from tests.house.sources import DOCS
from tests.reading.people import CASES, HEAD, ROWS, Case

PAGE = DOCS / "tables.md"
MARK = "<!-- made by tests/reading/write_tables.py -->\n"


def table() -> str:
    """Give the whole table: one row for each case."""
    rows = [f"| {_cell(case.name)} | {_shown(case)} | {_read(case)} | {_found(case)} |" for case in CASES]
    return "\n".join(
        ["| how it is written | its rows | what is read | what is found |", "| --- | --- | --- | --- |", *rows, ""]
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "\\<")


def _code(text: str) -> str:
    fence = "``" if "`" in text else "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|")


def _shown(case: Case) -> str:
    lines = case.text.replace(HEAD, "").split("\n")
    return "<br>".join(_code(line) for line in lines if line)


def _read(case: Case) -> str:
    told = as_table(stated_in(case.text, ROWS).facts)
    return "<br>".join(f"{name}: {_code(json.dumps(value))}" for name, value in told.items()) or "nothing"


def _found(case: Case) -> str:
    return "<br>".join(_cell(f"{fault.what}; {fault.remedy}") for fault in stated_in(case.text, ROWS).faults)


if __name__ == "__main__":
    before = PAGE.read_text("utf-8").partition(MARK)[0]
    PAGE.write_text(f"{before}{MARK}\n{table()}", "utf-8")

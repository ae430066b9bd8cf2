"""Every command explains itself, and the pages in docs/commands are what the program says now."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from secrel.cli.main import COMMANDS, make_app, root_help
from secrel.cli.pages import help_text, man_page, pages
from tests.house.sources import DOCS, SOURCE

PAGES = DOCS / "commands"
HEAVY = ("alembic", "cvss", "holidays", "icalendar", "jinja2", "msgspec", "numpy", "pygit2", "rich", "sqlalchemy")
"""What no page of help needs, with the exception of rich, which lays out all pages but the first."""


def _words() -> list[list[str]]:
    app: Any = make_app()
    found: list[list[str]] = []
    for name in COMMANDS:
        below = [sub for sub in app[name] if not sub.startswith("-")]
        found += [[name, sub] for sub in below] or [[name]]
    return found


WORDS = _words()


def test_the_pages_in_docs_are_what_the_program_says_now() -> None:
    stored = {path.name: path.read_text("utf-8") for path in PAGES.glob("*.md")}
    assert stored == pages(), "write them again: make pages"


def test_the_first_page_ships_as_the_program_would_make_it() -> None:
    assert root_help() == help_text([]), "write it again: make pages"
    assert (SOURCE / "cli" / "secrel.1").read_text("utf-8") == man_page(), "write it again: make pages"


def test_the_first_page_says_what_every_command_does() -> None:
    lines = root_help().splitlines()
    for name in COMMANDS:
        (line,) = (line for line in lines if re.match(rf"│ {re.escape(name)}\s", line))
        assert len(line.strip("│ ").removeprefix(name).split()) > 2, f"{name} says nothing of itself"


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_a_command_shows_an_example_of_itself_and_its_exit_words(words: list[str]) -> None:
    text = re.sub(r"\s+", " ", help_text(words))
    named = re.escape(" ".join(words))
    assert re.search(rf"Example: (?:\S+ )*?secrel {named}", text), "show a worked example"
    assert "Exit words:" in text.partition("Parameters")[0], "say how it can end"


def _rows(text: str) -> dict[str, str]:
    """Give what a page says of each parameter, by the parameter's own words: `--due STR`."""
    rows: dict[str, str] = {}
    for panel in re.split(r"^╭─ ", text, flags=re.MULTILINE)[1:]:
        lines = re.findall(r"^│[* ]{1,2}(.*?) *│$", panel, re.MULTILINE)
        edge = min((len(line) - len(line.lstrip(" *")) for line in lines), default=0)
        name = ""
        for line in lines:
            begins = not line[edge : edge + 1].isspace()
            first, _, rest = line.strip(" *").partition("  ")
            name = first if begins else name
            rows[name] = f"{rows.get(name, '')} {rest if begins else line}".strip()
    return rows


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_every_parameter_of_a_command_is_explained(words: list[str]) -> None:
    said = {name: re.sub(r"\[[^\]]*\]", "", text).strip() for name, text in _rows(help_text(words)).items()}
    assert said
    assert [name for name, text in said.items() if len(text.split()) < 2] == []


def _modules_of(*words: str) -> set[str]:
    script = (
        "import sys\n"
        "from secrel.cli.main import run\n"
        f"try:\n    run({list(words)!r})\nexcept SystemExit:\n    pass\n"
        "sys.stderr.write(' '.join(sys.modules))\n"
    )
    return set(
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stderr.split()
    )


def test_the_first_page_of_help_loads_nothing_heavy() -> None:
    assert _modules_of("--help") & set(HEAVY) == set()


def test_the_version_costs_no_more_than_the_first_page_of_help() -> None:
    assert _modules_of("--version") - _modules_of("--help") == set()


def test_a_command_that_opens_no_journal_loads_no_database() -> None:
    assert _modules_of("affected", "--help") & {"sqlalchemy", "alembic"} == set()


def test_a_misspelt_command_is_misused_and_says_what_to_do(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "from secrel.cli.main import main; main()", "statsu"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "to go on: secrel --help" in ended.stderr

"""Any terminal: a sign that its encoding has not is spelled out, and neither answer nor exit word is lost."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from secrel.cli.main import COMMANDS, run
from secrel.cli.spelling import escaped, json_that_fits, spell_out, spelled
from secrel.words.errors import Exit
from tests.cli.desks import NOW, PROGRAM, User, clean_environment
from tests.cli.test_formats import ANSWERS
from tests.cli.test_hostile import LOOKS
from tests.house.sources import SOURCE, modules, tracked, tree

ENCODINGS = ("ascii", "latin-1", "cp1252", "utf-8")
TITLE = "Skript “in” Notizbüchern → 日本語 😀 …"
C_LOCALE = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
GUESSES_ARE_ERRORS = {"PYTHONWARNDEFAULTENCODING": "1", "PYTHONWARNINGS": "error::EncodingWarning"}
"""A file that is opened without its encoding is read as the terminal's, and otherwise on another one."""


def _on(encoding: str, call: Callable[[], int]) -> tuple[int, str, str]:
    """Call something on streams of an encoding, as a terminal would have them: what it gives, and what was written."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        spell_out()
        word = call()
    told = []
    for stream in (out, err):
        stream.flush()
        stream.seek(0)
        told.append(stream.read())
    return word, told[0], told[1]


def _written(encoding: str, text: str) -> str:
    return _on(encoding, lambda: sys.stdout.write(text))[1]


def _ran(encoding: str, line: list[str]) -> tuple[int, str, str]:
    return _on(encoding, lambda: run(line, clock=lambda: NOW))


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(st.text(st.characters(exclude_characters="\r\n")))
@example("\ud800 \udcff")
def test_any_text_is_written_and_what_fits_is_left_as_it_is(encoding: str, text: str) -> None:
    assert _written(encoding, text) == "".join(
        sign if sign.encode(encoding, "ignore") else _written("ascii", sign) for sign in text
    )


def test_what_others_wrote_is_spelled_so_that_it_can_be_read_back() -> None:
    assert _written("ascii", "Zürich 日本 😀") == r"Z\xfcrich \u65e5\u672c \U0001f600"
    assert _written("latin-1", "Zürich → ✓ …") == "Zürich -> + ..."


@pytest.mark.parametrize("handler", [spelled, escaped])
def test_what_was_read_wrong_is_not_made_right(handler: Callable[[UnicodeError], object]) -> None:
    fault = UnicodeDecodeError("ascii", b"\xff", 0, 1, "no such sign")
    with pytest.raises(UnicodeDecodeError):
        handler(fault)


COMPARED = (SOURCE / "plan" / "guard", SOURCE / "papers" / "text" / "cleaning.py")
"""Where signs of many scripts are looked for in what others wrote, and none is drawn."""


def _drawn() -> set[str]:
    """Every sign in a string of the program, docstrings, stories and what is compared left out."""
    found = set()
    for path in modules():
        if any(map(path.is_relative_to, COMPARED)) or not re.search(r"[^\x00-\x7f]|\\[uUNx]", path.read_text("utf-8")):
            continue
        documented = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
                found |= set(node.value)
    for path in tracked():
        if path.is_relative_to(SOURCE) and path.suffix in {".txt", ".j2", ".toml"}:
            found |= set(path.read_text("utf-8"))
    return {sign for sign in found if not sign.isascii() and sign.isprintable()}


def test_every_sign_that_the_program_draws_has_a_spelling_of_its_own() -> None:
    assert len(_drawn()) > 10
    assert {sign for sign in _drawn() if "\\" in _written("ascii", sign)} == set()


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(st.dictionaries(st.text(), st.text()))
def test_json_stays_the_same_json(encoding: str, value: dict[str, str]) -> None:
    text = json.dumps(value, ensure_ascii=False)
    _, out, _ = _on(encoding, lambda: sys.stdout.write(json_that_fits(text)))
    assert json.loads(out) == value
    assert (out == text) is (text.encode(encoding, "ignore").decode(encoding) == text)


PAGES: list[tuple[str, ...]] = [(), ("--version",), *((name, "--help") for name in COMMANDS)]
WRONG: list[tuple[str, ...]] = [("statüs",), ("status", "--größe"), ("rehearse", "--story", "日本"), ("plan", "→")]
AT_A_DESK = list(dict.fromkeys([*LOOKS, *((*words, "--format", "json") for words, _ in ANSWERS)]))


@pytest.mark.parametrize("words", [*PAGES, *WRONG], ids=" ".join)
def test_help_and_errors_are_printed_on_an_ascii_terminal(words: tuple[str, ...]) -> None:
    word, out, err = _ran("ascii", list(words))
    assert word == (Exit.MISUSED if words in WRONG else Exit.DONE)
    assert (err if words in WRONG else out).strip()


@pytest.fixture
def foreign(started: User) -> User:
    """A desk whose release has a fix that was written in other scripts."""
    words = ["fix", "add", "2027-01", "tokens", "--set", f"title={TITLE}", "--set", f"description={TITLE}"]
    assert started(*words, "--since", "1.0", "--set", "vector=CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:N").word == 0
    started("apply", "2027-01")
    return started


def test_every_answer_is_had_on_an_ascii_terminal(foreign: User) -> None:
    spelled_out = 0
    for words in AT_A_DESK:
        line = [*words, "--desk", str(foreign.folder), "--by", "amara"]
        (word, there, _), (same, here, _) = _ran("utf-8", line), _ran("ascii", line)
        assert word == same, words
        assert here.strip() or not there.strip(), words
        spelled_out += not there.isascii()
        if "json" in words:
            assert json.loads(here) == json.loads(there), words
    assert spelled_out > 5, "answers were compared that have something to spell"


def test_a_record_is_the_same_json_on_an_ascii_terminal(foreign: User) -> None:
    line = ["cve", "show", "2027-01", "vendor/product#1", "--record", "--desk", str(foreign.folder)]
    assert json.loads(_ran("ascii", line)[1]) == json.loads(_ran("utf-8", line)[1])


@pytest.mark.parametrize(
    ("words", "environment", "ends"),
    [
        (("status", "2027-01"), {**C_LOCALE, **GUESSES_ARE_ERRORS}, Exit.DONE),
        (("fix", "show", "--format", "json"), {"PYTHONIOENCODING": "ascii"}, Exit.DONE),
        (("status", "2099-→"), {"PYTHONIOENCODING": "cp1252:strict"}, Exit.MISUSED),
    ],
)
def test_the_program_itself_answers_whatever_the_terminal_takes(
    foreign: User, words: tuple[str, ...], environment: dict[str, str], ends: Exit
) -> None:
    ended = subprocess.run(
        [*PROGRAM, *words, "--desk", str(foreign.folder)],
        env={**clean_environment(), **environment},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == ends, ended.stderr
    assert (ended.stderr if ends else ended.stdout).strip().isascii()
    assert b"Error" not in ended.stderr

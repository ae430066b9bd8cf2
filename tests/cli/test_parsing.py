"""What is no command line: said in our words, with the page of help to read, and nothing of what is secret."""

from __future__ import annotations

import ast
import re

import pytest

from secrel.cli.complaining import complain
from secrel.cli.main import COMMANDS, run
from secrel.cli.misusing import misused
from secrel.words.errors import Exit, Misused
from tests.cli.desks import User
from tests.house.sources import SOURCE, modules, tree

SECRET = "Stored script in notebooks"


@pytest.mark.parametrize(
    ("line", "said", "page"),
    [
        ("statsu", "there is no command 'statsu'; did you mean status?", "secrel --help"),
        ("xyzzy", "there is no command 'xyzzy'", "secrel --help"),
        ("--desk x status", "there is no option '--desk' here; a command comes first", "secrel --help"),
        ("status --dekc x", "there is no option '--dekc'; did you mean --desk?", "secrel status --help"),
        ("status --no-gate", "there is no option '--no-gate'", "secrel status --help"),
        ("status one two three", "unexpected arguments: the last 2", "secrel status --help"),
        ("status one two", "unexpected argument: the last one", "secrel status --help"),
        ("fix ad", "there is no command 'fix ad'; there are: add, set, show, notes, remove", "secrel fix --help"),
        ("email verify", "RELEASE is missing", "secrel email verify --help"),
        ("claim a b", "--words is missing", "secrel claim --help"),
        ("make-blogpost -e", "-e needs a value", "secrel make-blogpost --help"),
        ("status --gate", "--gate needs a value", "secrel status --help"),
        ("status --format json --format text", "--format is given twice", "secrel status --help"),
        ("status --format xml", "--format: 'xml' is none of text, markdown, json, html", "secrel status --help"),
        ("rehearse --speed fast", "--speed: 'fast' is not a number", "secrel rehearse --help"),
        ("rotation plan --count x", "--count: 'x' is not a whole number", "secrel rotation plan --help"),
        ("claim a b --words x --waive=maybe", "--waive: 'maybe' is not yes or no", "secrel claim --help"),
        ("init a --process other", "--process: 'other' is none of gitlab, generic", "secrel init --help"),
        ("status -xyz", "there is no option '-xyz'", "secrel status --help"),
    ],
)
def test_it_says_what_is_wrong_and_where_to_read(
    line: str, said: str, page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(line.split()) == Exit.MISUSED
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"misused: {said}")
    assert told.err.endswith(f"\n  to go on: {page}\n")


@pytest.mark.parametrize(
    "words",
    [
        ["fix", "add", "2027-01", "notebooks", SECRET],
        ["fix", "add", "2027-01", "notebooks", f"--title={SECRET}"],
        ["handover", "2027-01", SECRET],
        ["claim", "2027-01", "gate", SECRET],
    ],
)
def test_words_that_went_astray_are_not_repeated(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == Exit.MISUSED
    assert SECRET not in capsys.readouterr().err


@pytest.mark.parametrize("command", [*COMMANDS, "fix set a", "forge move a"])
def test_only_the_program_has_a_version_and_a_command_that_is_asked_for_it_does_nothing(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command.split(), "--version"]) == Exit.MISUSED
    assert "there is no" in capsys.readouterr().err


def test_a_value_in_the_environment_that_is_none_is_said(user: User) -> None:
    answer = user.as_process("rehearse", "--speed", "1_", by="")
    assert answer.word == Exit.MISUSED
    assert "Traceback" not in answer.err


def test_help_of_a_group_and_of_a_command_is_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    for words, shown in ((["fix"], "add"), (["fix", "add", "--help"], "--branch"), (["--version"], "0.")):
        assert run(words) == Exit.DONE
        assert shown in capsys.readouterr().out


def test_complaints_of_the_parser_that_have_no_words_of_ours_are_still_one_line() -> None:
    from cyclopts import CycloptsError, ValidationError  # noqa: PLC0415 - as the parser raises them

    strange = CycloptsError(msg="Strange.\nmore", command_chain=("status",))
    for fault in (ValidationError(exception_message="must be\n\n  less.", command_chain=("status",)), strange):
        told = misused(fault)
        assert isinstance(told, Misused)
        assert "\n" not in told.what
        assert not told.what.endswith(".")
        assert told.remedy == "secrel status --help"


def test_a_value_of_an_unknown_kind_is_told_in_the_parsers_words() -> None:
    from cyclopts import CoercionError  # noqa: PLC0415 - as the parser raises it

    assert misused(CoercionError(msg="Cannot be read.", command_chain=("apply",))).what == "cannot be read"


def test_an_error_without_a_remedy_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert complain(Misused("it is so")) == Exit.MISUSED
    assert capsys.readouterr().err == "misused: it is so\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == Exit.DONE
    told = capsys.readouterr().out
    assert all(name in told for name in COMMANDS)
    assert "--approve" in told


def test_every_page_that_a_message_names_is_in_the_manual(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["manual"]) == Exit.DONE
    pages = capsys.readouterr().out.split()
    named = {
        name for file in modules() for name in re.findall(r"secrel manual ([a-z][a-z-]+)\b", file.read_text("utf-8"))
    }
    assert named - {"names"} <= set(pages)
    assert len(named) > 5
    assert run(["manual", "settings"]) == Exit.DONE
    assert capsys.readouterr().out.startswith("# Settings\n")
    assert run(["manual", "setings"]) == Exit.MISUSED
    assert "did you mean settings?" in capsys.readouterr().err
    assert run(["manual", "xyzzy"]) == Exit.MISUSED
    assert "to go on: secrel manual names them all" in capsys.readouterr().err


def test_no_message_names_a_file_of_the_sources() -> None:
    found = []
    for file in modules():
        nodes = list(ast.walk(tree(file)))
        docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        found += [
            f"{file.relative_to(SOURCE)}:{node.lineno}"
            for node in nodes
            if isinstance(node, ast.Constant) and id(node) not in docstrings
            if isinstance(node.value, str) and re.search(r"docs/[a-z-]+\.md", node.value)
        ]
    assert found == [], "name the page as people read it: secrel manual PAGE"

"""A command loads what it uses: what a person waits for is mostly the loading of libraries."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from secrel.adapters.answer_file import program, read_answers, write_answers
from secrel.cli.main import COMMANDS
from secrel.wiring import ANSWERS, OF_THE_EXTRA, check_extra
from secrel.words.errors import Misused
from tests.cli.desks import NOW, User, clean_environment
from tests.house.sources import ROOT, SOURCE, modules

ALWAYS = frozenset({"cyclopts", "attr", "attrs", "rich", "typing_extensions", "msgspec"})
"""What reads the command line, and what decodes."""
LOOK = ALWAYS | {"cffi", "confusable_homoglyphs", "cvss", "jinja2", "markupsafe", "pygit2", "ruamel"}
"""What a look at a release on the embedded forge needs: git, vectors, the post as it would be, front matter."""
MAY_LOAD = {
    ("--version",): frozenset[str](),
    ("--help",): frozenset[str](),
    ("status", "2027-01"): LOOK,
    ("fix", "show"): LOOK,
    ("journal",): LOOK,
    ("check-merge-requests",): LOOK,
    ("plan", "2027-01"): LOOK | {"markdown_it", "mdurl", "regex"},
}
"""The libraries that a command may load, by its words: a person waits for each of them."""


def _loaded(user: User, *words: str) -> set[str]:
    given = [*words] if words[0].startswith("--") else [*words, "--desk", str(user.folder)]
    program = (
        "import sys\nfrom datetime import datetime\nfrom secrel.cli.main import run\n"
        f"run({given!r}, clock=lambda: datetime.fromisoformat({NOW.isoformat()!r}))\n"
        "from secrel.loading import _Waiting\n"
        "read = [name for name, module in list(sys.modules.items()) if type(module) is not _Waiting]\n"
        "sys.stderr.write('\\n' + ' '.join(read))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], env=clean_environment(), capture_output=True, text=True, check=True
    )
    return set(ended.stderr.splitlines()[-1].split())


def _libraries(loaded: set[str]) -> set[str]:
    """Give those that are no part of Python, and not of the desk; what the test itself runs in is none of them."""
    found = {name.partition(".")[0] for name in loaded}
    return {name for name in found - sys.stdlib_module_names - {"secrel"} if not name.startswith(("_", "__"))} - {
        "coverage",
        "sitecustomize",
        "a1_coverage",
        "org",
        "nt",
        "winreg",
    }


@pytest.mark.parametrize("words", MAY_LOAD)
def test_a_command_loads_no_library_that_it_does_not_use(started: User, words: tuple[str, ...]) -> None:
    assert _libraries(_loaded(started, *words)) - MAY_LOAD[words] == set()


AGAIN = ALWAYS | {"confusable_homoglyphs", "cvss", "markupsafe", "ruamel"}
"""What a look needs that finds what it needs to know in the answers of an earlier one; of `ruamel` the name alone."""


def test_a_second_look_loads_neither_git_nor_templates_and_says_the_same(started: User) -> None:
    first = started.as_process("status", "2027-01", "--all", by="")
    assert _libraries(_loaded(started, "status", "2027-01", "--all")) - AGAIN == set()
    assert started.as_process("status", "2027-01", "--all", by="") == first


def test_answers_that_cannot_be_relied_on_are_found_out_anew(started: User) -> None:
    first, file = started.as_process("status", "2027-01", "--all"), started.folder / ANSWERS
    told = file.read_bytes()

    def unharmed() -> bool:
        is_same = started.as_process("status", "2027-01", "--all") == first
        return is_same and file.read_bytes() == told and file.stat().st_mode & 0o777 == 0o600

    file.write_bytes(told[:-9])
    assert unharmed(), "cut"
    file.write_bytes(told.replace(b"notebook", b"NOTEBOOK"))
    assert unharmed(), "changed"
    file.chmod(0o644)
    assert unharmed(), "others could read it"
    write_answers(file, "ab" * 32, read_answers(file, program(SOURCE)))
    assert unharmed(), "written by another program"


def test_imports_stand_at_the_top_of_every_file() -> None:
    # one mechanism decides when a module is read (`secrel.loading`), and nobody has to place an import by hand
    placed = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in modules()
        if re.search(r"^ +(?:from|import) ", path.read_text("utf-8"), re.MULTILINE)
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert placed == []


def test_help_of_a_command_builds_no_stage(started: User) -> None:
    loaded = _loaded(started, "doctor")
    assert "secrel.rehearsal.playing" not in loaded
    assert "sqlalchemy" not in loaded, "a desk that is up to date is looked at without what changes it"


LIGHT = f"import sys\nfor name in {OF_THE_EXTRA!r}: sys.modules[name] = None\n"
"""What a light install does when something asks for what only the extra brings: it has none."""


def _light(program: str, *words: str, at: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LIGHT + program, *words]
    return subprocess.run(command, cwd=at, env=clean_environment(), capture_output=True, text=True, check=False)


def test_the_extra_brings_what_the_program_looks_for() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]["affected"]
    assert {re.split(r"[^\w-]", one)[0] for one in told} == set(OF_THE_EXTRA)
    check_extra()
    with pytest.raises(Misused, match="extra `affected`, which is not installed") as told_so:
        check_extra(("no_such_package",))
    assert told_so.value.remedy == 'pip install "secrel[affected]"'


def test_without_the_extra_every_command_but_one_is_loaded(tmp_path: Path) -> None:
    places = [place.partition(":")[0] for name, place in COMMANDS.items() if name != "affected"]
    ended = _light("import importlib\nfor place in sys.argv[1:]: importlib.import_module(place)", *places, at=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_without_the_extra_what_needs_it_says_so_before_it_begins(user: User, tmp_path: Path) -> None:
    program = (
        "from secrel.cli.main import run\n"
        "for words in sys.argv[1:]: sys.stdout.write(f'ended {run(words.split()):d}\\n')"
    )
    needing = [
        "rehearse",
        "affected product",
        "init made",
        f"status --desk {user.folder}",
        f"doctor --desk {user.folder}",
    ]
    ended = _light(program, *needing, at=tmp_path)
    assert ended.stderr.count('to go on: pip install "secrel[affected]"') == len(needing) - 1
    assert 'to go on: pip install "secrel[affected]"' in ended.stdout, "the doctor finds it"
    assert ended.stdout.count("ended 2\n") == len(needing)
    assert not (tmp_path / "made").exists()

"""What docs/a-change.md says that an addition takes: each is made in a copy of the program, with no other file touched.

A desk of that copy then shows the check, the message, the document and the command.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.desks import PROGRAM, User, a_desk, clean_environment
from tests.house.sources import SOURCE

CHECK = '''"""The release has a name."""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Question, Said
from secrel.snapshot.seen import Snapshot

Params = Told


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at the name."""
    yield Evidence(snapshot.release.name, "is its name")
'''
WORK = '''"""Greet those who work on a release."""

from __future__ import annotations

from collections.abc import Iterator

from secrel.papers.messages.pieces import message
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.effects import Comment, Effect, plain


def work(scene: Scene) -> Iterator[Step]:
    """Want it said once, on the tracking issue."""
    yield from once(scene, scene.key("greet"), lambda key: _greeting(scene, key))


def _greeting(scene: Scene, key: str) -> Effect:
    text = message("greet", {"release": scene.name}, scene.wording)
    return Effect(key, Comment(scene.issue("tracking").ref, plain(text)), "greet those who work on it")
'''
COMMAND = '''"""`secrel greet`: a greeting."""

from __future__ import annotations

from secrel.cli.session import say


def greet(name: str, /) -> int:
    """Greet somebody."""
    say(f"hello, {name}")
    return 0
'''
IDENTITY = """
        Identity(
            "minutes",
            "the minutes",
            key="minutes",
            edits="minutes/edit",
            project="communications",
            label="communications",
            kept_by="minutes",
            heading="Minutes",
        ),"""
PAPER = """
    "minutes": Paper(
        lambda scene, _about: _sheet(TABLE["minutes"], scene, f"Minutes of {scene.name}", lambda: "Nothing yet."),
        _with_conflicts,
    ),"""


def gate(name: str, check: str, more: str) -> str:
    told = {"title": f"It is so that {name}", "phase": "people", "owner": "primary", "why": "So that it is seen."}
    lines = [f'{key} = "{value}"' for key, value in {"name": name, "check": check, **told}.items()]
    return "\n".join(["", "[[gate]]", *lines, 'remedy = "secrel plan {release}"', more, ""])


def grown(copy: Path, files: Mapping[str, str], lines: Mapping[str, tuple[str, str]] | None = None) -> None:
    """Write new files into a copy of the program, and put text behind a text that is in others."""
    for name, text in files.items():
        assert not (copy / "secrel" / name).exists()
        (copy / "secrel" / name).write_text(text, "utf-8")
    for name, (before, more) in (lines or {}).items():
        file = copy / "secrel" / name
        text = file.read_text("utf-8")
        assert text.count(before) == 1
        file.write_text(text.replace(before, before + more), "utf-8")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with one more check, message, document and command."""
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(SOURCE, copy / "secrel", ignore=shutil.ignore_patterns("__pycache__"))
    grown(copy, {"evaluate/checks/has_a_name.py": CHECK})
    grown(copy, {"plan/works/greet.py": WORK, "papers/messages/wording/greet.md.j2": "Hello, it is {{ release }}.\n"})
    rows = {
        "cli/main.py": ("COMMANDS = {", '\n    "greet": "secrel.cli.greeting:greet",'),
        "words/documents.py": ("    for identity in (", IDENTITY),
        "papers/documents.py": ("PAPERS: Mapping[str, Paper] = {", PAPER),
    }
    grown(copy, {"cli/greeting.py": COMMAND}, rows)
    return copy


@pytest.fixture
def user(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> User:
    """A release is started, and the desk's own process file has a row for each of them."""
    user = a_desk(tmp_path, capsys)
    assert user("start", "--from", str(tmp_path / "release.yaml")).word == 0
    rows = [
        gate("it-has-a-name", "has_a_name", ""),
        gate("they-are-greeted", "effects_done", 'makes = "greet"\nparams = { keys = ["{release}/greet"] }'),
        gate("minutes-are-kept", "document_found", 'makes = "minutes"\nparams = { document = "minutes" }'),
    ]
    with (tmp_path / "process.toml").open("a", encoding="utf-8") as file:
        file.writelines(rows)
    return user


@pytest.mark.long
def test_what_is_added_with_the_files_that_the_page_names_is_there(user: User, program: Path) -> None:
    there = {"PYTHONPATH": str(program)}
    status = user.as_process("status", "2027-01", "--gate", "it-has-a-name", **there)
    assert "passed" in status.out
    assert "2027-01: is its name" in status.out
    planned = user.as_process("plan", "2027-01", **there)
    assert "Hello, it is 2027-01." in planned.out
    assert "title: Minutes of 2027-01" in planned.out
    done = user.as_process("apply", "2027-01", **there)
    assert "2027-01/greet " in done.out
    assert "2027-01/minutes " in done.out
    for name in ("they-are-greeted", "minutes-are-kept"):
        assert "passed" in user.as_process("status", "2027-01", "--gate", name, **there).out
    checklist = user.as_process("checklist", "2027-01", **there)
    assert "Minutes" in checklist.out
    environment = {**clean_environment(), **there}
    assert subprocess.check_output([*PROGRAM, "greet", "bjorn"], env=environment) == b"hello, bjorn\n"

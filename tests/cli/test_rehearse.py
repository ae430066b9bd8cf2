"""`secrel rehearse`: stories by name and by file, days, speed, progress on a terminal only."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from secrel.cli.main import run
from secrel.words.errors import Exit
from tests.cli.desks import PROGRAM, Answer, clean_environment

Play = Callable[..., Answer]


@pytest.fixture
def play(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Play:
    def played(*words: str) -> Answer:
        capsys.readouterr()
        word = run(["rehearse", "--out", str(tmp_path / "out"), *words])
        told = capsys.readouterr()
        return Answer(word, told.out, told.err)

    return played


def test_a_rehearsal_leaves_everything_in_a_folder(play: Play, tmp_path: Path) -> None:
    answer = play("--story", "2023-05-05", "--until", "2023-05-04", "--speed", "1000000")
    assert answer.word == Exit.DONE, answer.err
    assert answer.out.startswith("# Rehearsal of 2023-05-05")
    assert answer.err == f"everything is in {tmp_path / 'out'}; begin with {tmp_path / 'out' / 'summary.md'}\n"
    assert (tmp_path / "out" / "secrel.toml").exists()
    again = play("--story", "2023-05-05", "--until", "2023-05-03")
    assert again.word == Exit.DONE, "an earlier rehearsal is replaced"


def test_a_story_of_ones_own_is_played(play: Play, tmp_path: Path) -> None:
    text = (resources.files("secrel.rehearsal") / "stories" / "2023-05-05.yaml").read_text("utf-8")
    mine = tmp_path / "mine.yaml"
    mine.write_text(text, "utf-8")
    assert play("--story", str(mine), "--until", "2023-05-02T12:00").word == Exit.DONE


def test_the_stories_that_ship_are_listed(play: Play, tmp_path: Path) -> None:
    answer = play("--list")
    assert answer.word == Exit.DONE
    assert [line.split()[0] for line in answer.out.splitlines()] == [
        "2021-10-28",
        "2022-01-11",
        "2023-05-05",
        "2026-09-10",
        "cancelled",
        "two-releases",
    ]
    assert all(len(line.split()) > 4 for line in answer.out.splitlines())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--story", "nowhere.yaml"), "cannot read the story 'nowhere.yaml' (No such file or directory)"),
        (("--story", "no\0where"), "(no file can have this name)"),
        (("--until", "tomorrow"), "'tomorrow' is no day"),
        (("--until", "1999-01-01"), "the rehearsal begins on 2021-08-29"),
        (("--speed", "-1"), "a speed below zero"),
    ],
)
def test_what_cannot_be_played_is_said(play: Play, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    answer = play(*words)
    assert answer.word == Exit.MISUSED
    assert said in answer.err
    assert "to go on:" in answer.err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_something_else_is_left_alone(play: Play, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine", "utf-8")
    assert play().word == Exit.MISUSED
    assert (tmp_path / "out" / "thesis.txt").read_text("utf-8") == "mine"


def test_what_the_system_refuses_is_said_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert run(["rehearse", "--out", str(tmp_path / "file" / "out")]) == Exit.BROKEN
    told = capsys.readouterr().err
    assert told.startswith(f"broken: {tmp_path / 'file'}")
    assert "the system does not do what was asked" in told
    assert "to go on:" in told


def test_a_terminal_sees_how_far_it_is(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "rehearse", "--story", "2023-05-05", "--until", "2023-05-02", "--out", str(tmp_path / "out")],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    drawn = b""
    while part := _read(ours):
        drawn += part
    out, _ = process.communicate(timeout=120)
    os.close(ours)
    assert process.returncode == Exit.DONE
    lines = drawn.decode().replace("\r\n", "\n").split("\r")
    assert any("gates hold" in line and "2023-05-0" in line for line in lines)
    assert all(len(line.partition("\n")[0]) <= 79 for line in lines if "gates hold" in line)
    assert out.startswith("# Rehearsal of")
    assert "gates hold" not in out


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # a terminal whose other side is gone
        return b""

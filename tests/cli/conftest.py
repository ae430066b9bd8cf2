"""Desks for the tests of commands: made once, and copied for each test, which then has it alone."""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from secrel.cli.main import run
from secrel.words.errors import Exit
from tests.cli.desks import NOW, User, make_desk
from tests.packing import pack


def _quiet(*words: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        assert run(list(words), clock=lambda: NOW) == Exit.DONE


@pytest.fixture(scope="session")
def desk_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with everything it needs, and nothing started."""
    folder = tmp_path_factory.mktemp("made") / "desk"
    make_desk(folder)
    pack(folder)
    return folder


@pytest.fixture(scope="session")
def started_folder(desk_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with its release started."""
    folder = tmp_path_factory.mktemp("started") / "desk"
    shutil.copytree(desk_folder, folder)
    _quiet("start", "--from", str(folder / "release.yaml"), "--by", "amara", "--desk", str(folder))
    pack(folder)
    return folder


@pytest.fixture
def copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[Path], User]:
    def copy(folder: Path) -> User:
        shutil.copytree(folder, tmp_path / "desk")
        return User(tmp_path / "desk", capsys)

    return copy


@pytest.fixture
def user(desk_folder: Path, copied: Callable[[Path], User]) -> User:
    """Somebody at a desk where nothing is started."""
    return copied(desk_folder)


@pytest.fixture
def started(started_folder: Path, copied: Callable[[Path], User]) -> User:
    """Somebody at a desk with a release that is started."""
    return copied(started_folder)

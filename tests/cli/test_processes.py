"""Commands as processes: interrupted, cut off, without room, without rights; nothing is lost, and nothing is told."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import re
import resource
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from secrel.journal.journal import Journal
from secrel.words.errors import Exit
from tests.cli.desks import NOW, PROGRAM, SCRIPT, User, clean_environment

GUEST = 65534
SECRET = "Stored script in notebooks"
EAGER = (
    "import importlib, pkgutil, os, secrel, sqlalchemy.dialects.sqlite, pygit2, cyclopts, rich.console\n"
    "for module in pkgutil.walk_packages(secrel.__path__, 'secrel.'):\n"
    "    '.migrations' in module.name or importlib.import_module(module.name)\n"
)


def _started(user: User, *words: str, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*PROGRAM, *words, "--desk", str(user.folder), "--by", "amara"],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def _receipts(user: User) -> list[str]:
    told = json.loads(user("journal", "2027-01", "--format", "json").out)
    return [entry["key"] for entry in told["entries"] if entry["kind"] == "receipt"]


def test_an_interrupted_command_says_so_and_has_done_nothing(user: User) -> None:
    with Journal(str(user.folder / "journal.db")).holding("2027-01", "2027-01/tracking", by="bjorn"):
        process = _started(user, "start", "--from", str(user.folder / "release.yaml"))
        assert process.stderr is not None
        assert process.stderr.readline().startswith(b"waiting: bjorn (process ")  # read once the command waits for us
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == Exit.INTERRUPTED
    assert out == b""
    assert err.decode() == "interrupted: nothing that was settled is lost; run the command again\n"
    assert user("status", "2027-01").word == Exit.MISUSED, "nothing was started"
    assert user("start", "--from", str(user.folder / "release.yaml")).word == Exit.DONE


def test_a_command_that_is_interrupted_between_intent_and_effect_goes_on_where_it_was(started: User) -> None:
    before = _receipts(started)
    with contextlib.closing(sqlite3.connect(started.folder / "forge.db", isolation_level=None)) as held:
        held.execute("BEGIN IMMEDIATE")  # the intent can be written, and the effect cannot
        process = _started(started, "apply", "2027-01")
        for _ in range(600):
            if started("journal", "2027-01", "--doubts").word == Exit.BROKEN:
                break
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.05)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        held.execute("ROLLBACK")
    process.communicate(timeout=60)
    assert process.returncode in (Exit.INTERRUPTED, -signal.SIGINT)
    assert started("apply", "2027-01").word == Exit.DONE
    assert started("apply", "2027-01").word == Exit.DONE
    done = _receipts(started)
    assert set(before) < set(done)
    assert len(done) == len(set(done)), "everything once"
    assert started("journal", "2027-01", "--doubts").word == Exit.DONE
    told = json.loads(started("status", "--format", "json").out)
    assert told["release"]["name"] == "2027-01"


def test_a_reader_that_goes_away_ends_the_command_quietly(started: User) -> None:
    process = _started(started, "status", "2027-01", "--format", "json")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == Exit.DONE


def _limited(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_is_said_and_nothing_is_lost(started: User) -> None:
    before = _receipts(started)
    size = max(file.stat().st_size for file in started.folder.iterdir() if file.is_file())
    process = _started(started, "apply", "2027-01", preexec_fn=_limited(size // 2))
    _, err = process.communicate(timeout=60)
    assert process.returncode == Exit.BROKEN
    assert err.decode().startswith("broken: ")
    assert "to go on: " in err.decode()
    assert SECRET not in err.decode()
    assert "Traceback" not in err.decode()
    assert set(before) <= set(_receipts(started))
    assert started("apply", "2027-01").word == Exit.DONE, "with room again, it goes on"
    done = _receipts(started)
    assert len(done) == len(set(done))


@pytest.mark.parametrize("words", [("init", "desk"), ("rehearse", "--out", "played")])
def test_a_folder_that_takes_no_file_is_said(words: tuple[str, ...], tmp_path: Path) -> None:
    ended = subprocess.run(
        [*PROGRAM, *words],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_limited(16),
    )
    assert ended.returncode == Exit.BROKEN
    assert ended.stderr.startswith("broken: ")
    assert "internal error, please report it" not in ended.stderr
    assert "to go on: " in ended.stderr


def _as_guest(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody who may not write; whatever it loads is loaded before the rights are given up."""
    drop = f"os.setgid({GUEST}); os.setuid({GUEST})\n" if os.geteuid() == 0 else ""
    return subprocess.run(
        [sys.executable, "-c", f"{EAGER}{drop}{SCRIPT}", *words, "--desk", str(folder), "--by", "amara"],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "words", [("apply", "2027-01"), ("claim", "2027-01", "timing-agreed", "--yes", "--words", "yes")]
)
def test_a_folder_that_is_read_only_is_said(started: User, words: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as place:  # pytest's own folders are for their owner alone
        folder = Path(place) / "desk"
        shutil.copytree(started.folder, folder)
        for path in [Path(place), folder, *folder.rglob("*")]:
            if os.geteuid() == 0:
                shutil.chown(path, GUEST, GUEST)
            path.chmod(0o555 if path.is_dir() else 0o400)
        ended = _as_guest(folder, *words)
        for path in [Path(place), *(path for path in Path(place).rglob("*") if path.is_dir())]:
            path.chmod(0o700)
    assert ended.returncode == Exit.BROKEN, ended.stderr
    assert ended.stderr.startswith("broken: ")
    assert "to go on: " in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("file", "change", "word"),
    [
        ("forge.db", "UPDATE schema_version SET version = 999", Exit.BROKEN),
        ("journal.db", "UPDATE alembic_version SET version_num = '9999'", Exit.REFUSED),
    ],
)
def test_a_database_of_a_newer_version_is_left_alone(started: User, file: str, change: str, word: Exit) -> None:
    with contextlib.closing(sqlite3.connect(started.folder / file)) as database, database:
        database.execute(change)
    for words in (("status",), ("apply", "2027-01"), ("journal",)):
        answer = started(*words)
        assert answer.word == word
        assert "newer" in answer.err
        assert answer.out == ""
    assert "trouble" in started("doctor").out


def test_a_fault_of_our_own_tells_no_content_and_no_traceback(started: User) -> None:
    program = f"from secrel.cli.main import main\ndef clock():\n    raise RuntimeError({SECRET!r})\nmain(clock=clock)"
    ended = subprocess.run(
        [sys.executable, "-c", program, "status", "2027-01", "--desk", str(started.folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == Exit.BROKEN
    assert SECRET not in ended.stderr
    assert "Traceback" not in ended.stderr
    first, second = ended.stderr.splitlines()
    assert first.startswith("broken: ")
    assert "RuntimeError" in first
    assert second.startswith("  to go on: ")
    assert ended.stdout == ""


def test_nothing_but_the_answer_is_on_standard_output(started: User) -> None:
    answer = started.as_process("start", "--from", str(started.folder / "release.yaml"))
    assert answer.word == Exit.DONE
    assert answer.err == f"next: secrel status 2027-01 --desk {started.folder}\n"
    assert "next:" not in answer.out


def test_a_desk_is_named_by_the_environment_or_by_where_one_is(started: User) -> None:
    for environment, place in (({"SECREL_DESK": str(started.folder), "SECREL_BY": "amara"}, "/"), ({}, started.folder)):
        ended = subprocess.run(
            [*PROGRAM, "fix", "show"],
            cwd=place,
            env={**clean_environment(), **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == Exit.DONE, ended.stderr
        assert SECRET in ended.stdout


def test_the_time_is_the_machines_own_where_nobody_hands_in_a_clock(started: User) -> None:
    assert NOW.year >= 2026
    ended = subprocess.run(
        [sys.executable, "-c", "from secrel.cli.main import main; main()", "doctor", "--desk", str(started.folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == Exit.DONE, ended.stdout


@pytest.mark.parametrize(
    ("environment", "is_coloured"),
    [({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_a_terminal_gets_colours_and_its_own_width_unless_it_wants_none(
    started: User,
    environment: dict[str, str],
    is_coloured: bool,  # noqa: FBT001 - a case of the table
) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 72, 0, 0))
    process = subprocess.Popen(
        [*PROGRAM, "status", "2027-01", "--desk", str(started.folder)],
        env={**{name: value for name, value in clean_environment().items() if name != "NO_COLOR"}, **environment},
        stdout=theirs,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # the other side is gone
        while part := os.read(ours, 4096):
            shown += part
    _, err = process.communicate(timeout=60)
    os.close(ours)
    text = shown.decode()
    assert err == b""
    assert ("\x1b[" in text) is is_coloured
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\r\n", "\n")
    assert "\x1b" not in plain
    assert 60 < max(len(line) for line in plain.splitlines() if "run: secrel" not in line) <= 72

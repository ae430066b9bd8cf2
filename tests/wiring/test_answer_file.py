"""The file of answers: whole, its owner's alone, of the same program; whatever else it is, it is as if it were not."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from secrel.adapters.answer_file import program, read_answers, write_answers

BY, ANOTHER = "ab" * 32, "cd" * 32
ANSWERS = {b"one": b"1", b"two": b"2"}


def a_file(folder: Path) -> Path:
    file = folder / "answers.kept"
    write_answers(file, BY, ANSWERS)
    return file


def test_what_was_kept_is_read_by_the_same_program_and_by_no_other(tmp_path: Path) -> None:
    file = a_file(tmp_path)
    assert read_answers(file, BY) == ANSWERS
    assert read_answers(file, ANOTHER) == {}
    assert [one.name for one in tmp_path.iterdir()] == ["answers.kept"]
    write_answers(file, BY, {b"three": b"3"})
    assert read_answers(file, BY) == {b"three": b"3"}


@pytest.mark.skipif(sys.platform == "win32", reason="links and rights are those of POSIX")
def test_what_a_killed_process_left_half_written_is_in_nobodys_way(tmp_path: Path) -> None:
    left, other = tmp_path / f".answers.kept-{os.getpid()}", tmp_path / "other"
    left.write_bytes(b"half of it")
    left.chmod(0o644)
    file = a_file(tmp_path)
    assert read_answers(file, BY) == ANSWERS
    assert not left.exists()
    other.write_bytes(b"mine")
    left.symlink_to(other)
    write_answers(file, BY, {})
    assert read_answers(file, BY) == ANSWERS
    assert other.read_bytes() == b"mine", "nothing is written through a link"


def test_no_part_of_it_can_be_cut_or_changed(tmp_path: Path) -> None:
    file = a_file(tmp_path)
    whole = file.read_bytes()
    for place in range(len(whole)):
        for poisoned in (whole[:place], whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]):
            file.write_bytes(poisoned)
            assert read_answers(file, BY) == {}


def test_a_file_that_is_sealed_and_holds_no_answers_is_none(tmp_path: Path) -> None:
    file = a_file(tmp_path)
    write_answers(file, BY, {"text": b"1"})  # type: ignore[dict-item]  # what another release of the program might write
    assert read_answers(file, BY) == {}


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of POSIX")
def test_only_its_owner_can_read_it_and_one_that_others_can_open_is_not_used(tmp_path: Path) -> None:
    file = a_file(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    for mode in (0o640, 0o604, 0o620, 0o602):
        file.chmod(mode)
        assert read_answers(file, BY) == {}
    file.chmod(0o600)
    assert read_answers(file, BY) == ANSWERS


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are those of POSIX")
def test_nothing_is_read_through_a_link_from_a_pipe_or_where_nothing_is(tmp_path: Path) -> None:
    file, link, pipe = a_file(tmp_path), tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(file)
    os.mkfifo(pipe, 0o600)
    assert [read_answers(one, BY) for one in (link, pipe, tmp_path, tmp_path / "nowhere")] == [{}] * 4


def test_what_cannot_be_written_is_not_kept_and_harms_nobody(tmp_path: Path) -> None:
    write_answers(tmp_path / "no folder" / "answers.kept", BY, ANSWERS)
    assert list(tmp_path.iterdir()) == []


def test_what_has_no_room_is_left_out_from_the_end(tmp_path: Path) -> None:
    file = tmp_path / "answers.kept"
    large = {bytes([number]): bytes(3 * 1024 * 1024) for number in range(4)}
    write_answers(file, BY, large)
    assert list(read_answers(file, BY)) == [b"\0", b"\1"]


def test_a_program_is_another_one_when_any_of_its_files_is(tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "module.py").write_text("1")
    first = program(tmp_path)
    assert program(tmp_path) == first
    (tmp_path / "room" / "__pycache__").mkdir()
    (tmp_path / "room" / "__pycache__" / "module.pyc").write_text("1")
    assert program(tmp_path) == first, "what Python makes of it is no part of it"
    (tmp_path / "room" / "module.py").write_text("12")
    second = program(tmp_path)
    assert second != first
    (tmp_path / "template.j2").write_text("")
    assert program(tmp_path) not in {first, second}

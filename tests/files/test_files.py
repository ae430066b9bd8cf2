"""Files are read whole within their bound, and refused before they are read otherwise."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from secrel.files import digest_of, read_file
from secrel.words.errors import Misused


def test_a_file_is_read_to_the_byte_up_to_its_bound(tmp_path: Path) -> None:
    file = tmp_path / "a file"
    file.write_bytes(b"\0\r\n\xff")
    assert read_file(file, "it", most=4, remedy="r") == b"\0\r\n\xff"
    with pytest.raises(Misused, match="cannot read it: it is larger than 3 bytes") as told:
        read_file(file, "it", most=3, remedy="r")
    assert (told.value.where, told.value.remedy) == (str(file), "r")


def test_what_does_not_say_its_size_is_read_no_further_than_its_bound() -> None:
    endless = Path("/proc/self/status")  # where there is one: its size is said to be 0
    if endless.exists():
        with pytest.raises(Misused, match="it is larger than 10 bytes"):
            read_file(endless, "it", most=10, remedy="r")


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, said in (("pipe", "it is a pipe"), (".", "it is a folder"), ("nowhere", "No such file"), ("\0", "name")):
        with pytest.raises(Misused, match=said):
            read_file(tmp_path / name, "it", most=10, remedy="r")
    with pytest.raises(Misused, match="it is a device"):
        read_file(Path(os.devnull), "it", most=10, remedy="r")


def test_a_digest_is_another_one_for_every_change_below_the_names(tmp_path: Path) -> None:
    names = ("HEAD", "refs", "absent")
    with pytest.raises(FileNotFoundError):
        digest_of(tmp_path / "nowhere", names)
    with pytest.raises(FileNotFoundError):
        digest_of(tmp_path, names)
    (tmp_path / "HEAD").write_text("b")
    seen = [digest_of(tmp_path, names)]
    (tmp_path / "refs" / "heads").mkdir(parents=True)
    assert digest_of(tmp_path, names) == seen[0], "an empty folder names nothing"

    def changed(file: str, text: str) -> None:
        (tmp_path / file).write_text(text)
        seen.append(digest_of(tmp_path, names))

    changed("HEAD", "a")
    changed("refs/heads/main", "a")
    changed("refs/heads/main", "b")
    changed("refs/heads/other", "b")
    changed("refs/tags", "")
    changed("absent", "")
    assert len(set(seen)) == len(seen)
    (tmp_path / "config").write_text("beside them")
    assert digest_of(tmp_path, names) == seen[-1]

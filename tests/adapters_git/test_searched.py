"""Pieces of text are found in files as somebody finds them who reads each file line by line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.adapters.git.plumbing import Git, opened
from secrel.adapters.git.searched import WholeFile, searched, whole_files
from secrel.adapters.git.trees import TreeEntry
from tests.adapters_git.repositories import made

LINES = st.sampled_from([b"a", b"b", b" b ", b"a\tb", b"", b"  ", b"c\r"])
PIECES = st.lists(st.sampled_from([b"a", b"b", b"ab", b"c"]), min_size=1, max_size=3).map(b"\n".join)


def entry(repository: Git, data: bytes) -> TreeEntry:
    name = repository.run("hash-object", "-w", "--stdin", given=data).decode().strip()
    return TreeEntry("100644", name)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Git:
    path = tmp_path_factory.mktemp("searched") / "x.git"
    made(path, [[]], branches={"main": 0})
    return opened(path)


@given(texts=st.lists(st.lists(LINES, max_size=8).map(b"\n".join), min_size=1, max_size=2), pieces=st.sets(PIECES))
def test_pieces_are_found_blanks_and_empty_lines_aside(repository: Git, texts: list[bytes], pieces: set[bytes]) -> None:
    entries = {entry(repository, text): text for text in texts}
    found = {file: mine for _, file, mine in searched(repository, {"x": entries}, {"x": pieces})}
    whole = dict(whole_files(repository, entries))
    assert found.keys() == whole.keys() == entries.keys()
    for file, text in entries.items():
        bare = [line for raw in text.split(b"\n") if (line := raw.translate(None, b" \t\r"))]
        runs = {b"\n".join(bare[start:end]) for end in range(len(bare) + 1) for start in range(end)}
        assert found[file] & pieces == runs & pieces
        assert all(whole[file].has(piece) is (piece in runs) for piece in pieces)
        assert found[file] - pieces == {*whole[file].lines} - {*bare}


def test_a_file_that_is_not_here_and_all_that_git_gives_up_with_it_is_left_out(repository: Git) -> None:
    here = entry(repository, b"a\n")
    away, folder = TreeEntry("100644", "ab" * 20), TreeEntry("100644", repository.run("mktree").decode().strip())
    module = TreeEntry("160000", "cd" * 20)
    asked = {"x": [away, here, folder], "y": [module, here]}
    told = [(path, file) for path, file, _ in searched(repository, asked, {"x": {b"a"}, "y": ()})]
    assert told == [("y", module), ("x", here), ("y", here)]
    assert not WholeFile().has(b"a")


def test_where_git_stops_the_next_ones_are_asked_for(tmp_path: Path) -> None:
    """A damaged object ends git's answer; some hundred objects after it are given up, and no more."""
    path = tmp_path / "x.git"
    made(path, [[]], branches={"main": 0})
    repository = opened(path)
    long = b"".join(number.to_bytes(4, "big") for number in range(0, 10**9, 10**5))
    names = [entry(repository, b"%d\n%b" % (number, long if number == 1 else b"")).id for number in range(401)]
    file = path / "objects" / names[1][:2] / names[1][2:]
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:5_000])
    assert [name for name, _, _ in repository.readable(names)] == [names[0], names[400]]

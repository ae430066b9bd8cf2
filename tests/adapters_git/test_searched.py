"""Pieces of text are found in files as somebody finds them who reads each file line by line."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pygit2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.adapters.git.contents.packs import Objects
from secrel.adapters.git.contents.searched import WholeFile, searched, whole_files
from secrel.adapters.git.contents.trees import TreeEntry
from secrel.adapters.git.plumbing import Git, opened
from tests.adapters_git.repositories import made

LINES = st.sampled_from([b"a", b"b", b" b ", b"a\tb", b"", b"  ", b"c\r"])
PIECES = st.lists(st.sampled_from([b"a", b"b", b"ab", b"c"]), min_size=1, max_size=3).map(b"\n".join)
LONG = st.sampled_from([b"\tcall_%d(of, arguments, that, fill, a, line);" % number for number in range(40)])
RUNS = st.lists(LONG | LINES, min_size=1, max_size=60)


class World(NamedTuple):
    """A repository, and what reads and writes its objects."""

    git: Git
    objects: Objects
    store: pygit2.Odb

    def entry(self, data: bytes) -> TreeEntry:
        return TreeEntry("100644", str(self.store.write(pygit2.enums.ObjectType.BLOB, data)))


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    path = tmp_path_factory.mktemp("searched") / "x.git"
    made(path, [[]], branches={"main": 0})
    return World(opened(path), Objects(opened(path)), pygit2.Odb(str(path / "objects")))


def bare(text: bytes) -> list[bytes]:
    return [line for raw in text.split(b"\n") if (line := raw.translate(None, b" \t\r"))]


def naively(text: bytes, pieces: set[bytes]) -> set[bytes]:
    """Find pieces as somebody does who reads the file line by line."""
    lines = bare(text)
    return {b"\n".join(lines[at : at + count]) for at in range(len(lines)) for count in (1, 2, 3)} & pieces


@given(texts=st.lists(st.lists(LINES, max_size=8).map(b"\n".join), min_size=1, max_size=2), pieces=st.sets(PIECES))
def test_pieces_are_found_blanks_and_empty_lines_aside(world: World, texts: list[bytes], pieces: set[bytes]) -> None:
    entries = {world.entry(text): text for text in texts}
    found = {file: mine for _, file, mine in searched(world.objects, {"x": entries}, {"x": pieces})}
    whole = dict(whole_files(world.objects, entries))
    assert found.keys() == whole.keys() == entries.keys()
    for file, text in entries.items():
        assert found[file] == naively(text, pieces)
        assert all(whole[file].has(piece) is (piece in found[file]) for piece in pieces)
        mine = {*whole[file].lines} - {*bare(text)}
        assert [one for _, _, one in searched(world.objects, {"x": [file]}, {"x": mine})] == [mine]


@given(data=st.data(), first=st.lists(RUNS, min_size=1, max_size=5))
def test_in_each_version_of_a_file_is_found_what_it_has(
    world: World, data: st.DataObject, first: list[list[bytes]]
) -> None:
    """Whatever was in the version before: lines come, go and move, one of them or many."""
    lines = [line for run in first for line in run]
    versions = [lines]
    for _ in range(data.draw(st.integers(1, 4))):
        start, end = sorted(data.draw(st.tuples(st.integers(0, len(lines)), st.integers(0, len(lines)))))
        gone = data.draw(st.sampled_from([0, 1, end - start]))
        new = data.draw(st.sampled_from([[], lines[start:end]]) | RUNS)
        lines = [*lines[:start], *new, *lines[start + gone :]]
        versions.append(lines)
    texts = [b"\n".join([*lines, *data.draw(st.sampled_from([[], [b""]]))]) for lines in versions]
    runs = [bare(text) for text in texts]
    places = st.sampled_from(runs).flatmap(lambda mine: st.tuples(st.just(mine), st.integers(0, max(0, len(mine) - 1))))
    drawn = data.draw(st.lists(st.tuples(places, st.integers(1, 3)), max_size=30))
    pieces = {b"\n".join(mine[at : at + count]) for (mine, at), count in drawn if mine} | data.draw(st.sets(PIECES))
    entries = {world.entry(text): text for text in texts}
    for _, file, found in searched(world.objects, {"x": entries}, {"x": pieces}):
        assert found == naively(entries[file], pieces)


def test_a_file_that_is_not_here_is_left_out(world: World) -> None:
    here = world.entry(b"a\n")
    away, folder = TreeEntry("100644", "ab" * 20), TreeEntry("100644", world.git.run("mktree").decode().strip())
    module = TreeEntry("160000", "cd" * 20)
    asked = {"x": [away, here, folder], "y": [module, here]}
    told = [(path, file) for path, file, _ in searched(world.objects, asked, {"x": {b"a"}, "y": ()})]
    assert told == [("y", module), ("x", here), ("y", here)]
    assert not WholeFile().has(b"a")


def test_packed_objects_are_read_as_git_reads_them(tmp_path: Path) -> None:
    """Those in packs, of this repository or another, and loose ones beside them, each as often as it is asked for."""
    for name in ("x.git", "y.git"):
        made(
            tmp_path / name, [[], [0]], branches={"main": 1}, files={0: {name: "a\n" * 900, "b": name}, 1: {name: "c"}}
        )
    repository = opened(tmp_path / "x.git", [tmp_path / "y.git"])
    opened(tmp_path / "y.git").run("repack", "-a", "-d", "--quiet")
    told = repository.run("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").decode().split()
    for _ in range(2):
        asked = [*told, "ab" * 20, told[0]]
        found = [*Objects(repository).read(asked)]
        assert found == [one for one in repository.readable(asked) if one[1] != "missing"]
        assert [name for name, _, _ in found] == [*told, told[0]]
        repository.run("repack", "-a", "-d", "-l", "--quiet")
    [pack] = (tmp_path / "x.git" / "objects" / "pack").glob("*.pack")
    damaged = pack.read_bytes()
    pack.chmod(0o600)
    pack.write_bytes(damaged[:12] + bytes(len(damaged) - 32) + damaged[-20:])
    whole = {name for name, _, _ in Objects(opened(tmp_path / "y.git")).read(told)}
    assert {name for name, _, _ in Objects(repository).read(told)} == whole < {*told}


def test_where_git_stops_the_next_ones_are_asked_for(tmp_path: Path) -> None:
    """A damaged object ends git's answer; some hundred objects after it are given up, and no more."""
    path = tmp_path / "x.git"
    made(path, [[]], branches={"main": 0})
    repository = opened(path)
    long = b"".join(number.to_bytes(4, "big") for number in range(0, 10**9, 10**5))
    texts = (b"%d\n%b" % (number, long if number == 1 else b"") for number in range(401))
    names = [repository.run("hash-object", "-w", "--stdin", given=text).decode().strip() for text in texts]
    file = path / "objects" / names[1][:2] / names[1][2:]
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:5_000])
    assert [name for name, _, _ in repository.readable(names)] == [names[0], names[400]]
    assert [name for name, _, _ in Objects(repository).read(names)] == [names[0], names[400]]

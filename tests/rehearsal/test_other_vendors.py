"""Nothing that a desk with the generic process writes has a word of the vendor whose handbook ships."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pygit2
import pytest

from secrel.evaluate.registry import shipped
from secrel.rehearsal.playing import play
from tests.rehearsal.made import fix, story
from tests.rehearsal.small import few_looks

pytestmark = pytest.mark.long

WORDS = re.compile(
    r"gitlab|hackerone|about\.gitlab|appsec|\bpsirt\b|www-gitlab|gl-security|handbook|application security"
    r"|(?-i:\bMRs?\b)|(?<!make-)blog ?posts?\b|release task|request the disclosure|marketing op|security mirror"
    r"|(?-i:\bS1\b)",
    re.IGNORECASE,
)


def _names(process: str) -> frozenset[str]:
    """Every name and address of a process: projects, channels, labels, people, addresses, its CNA and products."""
    told = shipped(process)
    tables = (told.projects, told.channels, told.labels, told.people, told.addresses, told.cna)
    found = {value for table in tables for value in table.values()}
    for product in told.products:
        found |= {value for value in msgspec.to_builtins(product).values() if isinstance(value, str)}
    return frozenset(found)


_SOURCE = re.compile(r'"?source\\?"?: ?\\?"?hackerone')
FOREIGN = {one for one in _names("gitlab") - _names("generic") if len(one) > 4 and "{" not in one}


def _written(folder: Path) -> Iterator[tuple[str, str]]:
    """Give every text that is left in a folder: files, the forge's rows, the journal's entries, the sites' commits."""
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.suffix == ".db":
            with contextlib.closing(sqlite3.connect(file)) as store, store:
                yield from ((f"{name} {number}", line) for number, line in enumerate(store.iterdump()))
        elif (file / "HEAD").is_file() and (file / "objects").is_dir():
            repository = pygit2.Repository(file)
            for reference in repository.references.objects:
                commit = reference.peel(pygit2.Commit)
                yield f"{name} {reference.name}", commit.message
                yield from ((f"{name} {path}", text) for path, text in _files(commit.tree))
        elif file.is_file() and file.suffix in {".md", ".txt", ".eml", ".html", ".json", ".jsonl", ".yaml", ".toml"}:
            yield name, file.read_text("utf-8")


def _files(tree: pygit2.Tree) -> Iterator[tuple[str, str]]:
    for entry in tree:
        if isinstance(entry, pygit2.Tree):
            yield from _files(entry)
        elif isinstance(entry, pygit2.Blob) and not entry.is_binary:
            yield entry.name or "", entry.data.decode()


def test_a_generic_release_writes_no_word_of_the_large_vendor(tmp_path: Path) -> None:
    told = story(
        [fix(1), fix(2, credits=[{"source": "internal"}]), fix(3, credits=[{"source": "customer", "name": "Farid"}])],
        process="generic",
        form="generic",
        versions=["18.5.2", "18.4.4"],
    )
    played = play(told, tmp_path / "played", looks=few_looks)
    assert played.wrongs == ()
    texts = dict(_written(tmp_path / "played"))
    assert len(texts) > 40
    assert any("handover" in name for name in texts)
    said = {
        f"{name}: {line.strip()[:150]}"
        for name, text in texts.items()
        for line in text.splitlines()
        if WORDS.search(_SOURCE.sub("", line)) or any(one in line for one in FOREIGN)
    }
    assert not said, "\n".join(sorted(said))

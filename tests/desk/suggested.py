"""Commands that the desk suggests, run in a copy of the desk as whoever is asked would run them."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from secrel.cli.main import run
from secrel.evaluate.verdicts import Blocked, Waiting
from secrel.papers.email.current import email_now
from secrel.papers.scene import Scene

_COMMAND = re.compile(r"secrel [^\n;]*")
_NEXT = re.compile(r"(?:to go on|next|name the keys\)): |^\s+secrel apply .* --approve ")
_LOOKS = ("show", "diff", "plan", "outbox", "status", "doctor", "journal", "check-merge-requests")
_SHOWS = ("fix", "cve", "rotation")
_MOST = 5


@dataclass(frozen=True)
class Suggested:
    """A command, the gate that suggests it, and who is asked to run it."""

    command: str
    gate: str
    who: str


@dataclass(frozen=True)
class Tried:
    """What became of a command: its exit word, whether it changed anything, and what it said."""

    command: str
    word: int
    changed: bool
    said: str


def suggested(scene: Scene) -> Iterator[Suggested]:
    """Give every command that the gates suggest now: their own, and those of single findings."""
    known = {person.username for person in scene.snapshot.people}
    primary = scene.snapshot.duty.primary if scene.snapshot.duty else ""
    for judged in scene.assessment.gates:
        verdict = judged.verdict
        if isinstance(verdict, Waiting) and not verdict.pending:
            continue
        who = judged.who if judged.who in known else primary if primary in known else min(known)
        remedies = [finding.remedy for finding in verdict.findings] if isinstance(verdict, Blocked) else []
        for text in dict.fromkeys(filter(None, [judged.command, *remedies])):
            found = _COMMAND.findall(text)
            assert found, f"{judged.gate.name} suggests what is no command: {text}"
            yield from (Suggested(command, judged.gate.name, who) for command in found)


def only_looks(command: str) -> bool:
    """Whether a command shows something, and need not change anything."""
    words = shlex.split(command)[1:]
    is_post = words[0] == "make-blogpost" and not {"--draft", "--release"}.intersection(words)
    return words[0] in _LOOKS or (words[0] in _SHOWS and words[1] in ("show", "plan")) or is_post


def tries(folder: Path, scene: Scene, one: Suggested, *, fix: str = "FIX") -> list[Tried]:
    """Run a command, and what it says comes next, one after the other in one copy of the desk in `folder`.

    It ends where a command comes up again: the desk says so only after something has changed, or it goes in a circle.
    """
    done: list[Tried] = []
    with TemporaryDirectory() as temporary:
        copy = Path(temporary) / "desk"
        shutil.copytree(folder, copy)
        todo = [one.command]
        while todo and len(done) < _MOST:
            command = todo.pop(0)
            since = [place for place, before in enumerate(done) if before.command == command]
            if since:
                assert any(tried.changed for tried in done[since[-1] + 1 :]), f"{one}: it goes in a circle"
                break
            words = [_filled(word, scene, copy, fix) for word in shlex.split(command)[1:]]
            done.append(_ran(command, words, copy, scene.now, one.who))
            after = [line for line in done[-1].said.split("\n") if _NEXT.search(line)]
            todo += [text.rstrip(", ") for line in after for text in _COMMAND.findall(line)[:1]]
    return done


def _ran(command: str, words: list[str], copy: Path, at: datetime, by: str) -> Tried:
    before, said = _dump(copy), io.StringIO()
    ending = [] if "--desk" in words else ["--desk", str(copy)]
    ending += [] if "--by" in words else ["--by", by]
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        word = run([*words, *ending], clock=lambda: at)
    return Tried(command, word, _dump(copy) != before, said.getvalue())


def _filled(word: str, scene: Scene, copy: Path, fix: str) -> str:
    """Put something that a person could write in the place of a word that says what belongs there."""
    if word == "FILE.eml":
        (copy / word).write_text(email_now(scene).eml, "utf-8")
    others = sorted(person.username for person in scene.snapshot.people if person.username != scene.by)
    said: Mapping[str, str] = {"USERNAME": others[-1], "VERSION": "1.0", "FIX": fix, "FILE.eml": str(copy / word)}
    return said.get(word, word.replace("…", "as it is").replace("CVE-ID", f"CVE-{scene.now:%Y}-98765"))


def _dump(folder: Path) -> list[str]:
    lines: list[str] = []
    for file in ("forge.db", "journal.db"):
        with contextlib.closing(sqlite3.connect(folder / file)) as database:
            lines += database.iterdump()
    return lines

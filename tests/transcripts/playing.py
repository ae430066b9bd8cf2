"""Transcripts: stories of commands, told as a person would see them on a screen, and played to the letter.

A line of a story that begins with

- `#` is a remark;
- `@ 2027-01-04 09:00` sets the clock, in UTC;
- `$ ` is a command line, and what follows is its answer: standard output, set in by two blanks, standard error behind
  `2> `, and the exit word, `[0 done]`; `DIGEST` in it stands for
  the digest that was shown last;
- `~ ` is a command line whose answer is left out;
- `% ` is something that people do beside the desk: `git …`, `copy NAME TO` (from `files/`), `write FILE TEXT`,
  `replace FILE OLD NEW`, `remove FILE`, `folder FOLDER`, `save FILE secrel …` (what the command answers).

A desk's folder is made for each story, with the repository of a product beside it: `product.git`.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from secrel.cli.main import run
from secrel.rehearsal.beginning import Beginning
from secrel.rehearsal.vendor import Vendor
from secrel.words.errors import Exit
from secrel.words.releases import Shipment
from secrel.words.versions import Version
from tests.cli.desks import VERSIONS, product

DUE = datetime(2027, 1, 13, 16, tzinfo=UTC)
FILES = Path(__file__).parent / "files"
OF_THIS_MACHINE = ((re.compile(r"git version \S+"), "git version 2"), (re.compile(r"\d{3} are known"), "600 are known"))
_DIGEST = re.compile(r"(?:Digest {2}|--approve )([0-9a-f]{32})")
MARKS = ("# ", "@ ", "$ ", "~ ", "% ")


class Clock:
    """Tells the time that the story says."""

    def __init__(self) -> None:
        self.at = DUE

    def __call__(self) -> datetime:
        return self.at


def prepare(folder: Path) -> None:
    """Make the repository of the product, with a fix on a branch for every series."""
    shipment = Shipment(product(), tuple(Version.parse(version) for version in VERSIONS))
    vendor = Vendor(folder / "product.git", Beginning(shipment), DUE)
    for target in vendor.targets(shipment):
        vendor.write_fix(f"security-notebooks-{target}", target, "notebooks", DUE - timedelta(days=30))


def ran(line: str, clock: Clock) -> tuple[int, str, str]:
    """Run one command line, and give its exit word, standard output and standard error."""
    program, *words = shlex.split(line)
    assert program == "secrel", line
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        word = run(words, clock=clock)
    return word, out.getvalue(), err.getvalue()


def told(answer: tuple[int, str, str], folder: Path) -> Iterator[str]:
    """Give an answer as the lines that its user sees."""
    word, out, err = answer
    yield from (f"  {line}".rstrip() for line in _anywhere(out, folder))
    yield from (f"2> {line}".rstrip() for line in _anywhere(err, folder))
    yield f"[{word} {Exit(word).name.lower()}]"


def _anywhere(text: str, folder: Path) -> list[str]:
    """Give the lines of an answer, with what another machine would say otherwise made the same."""
    text = text.replace(str(folder), "/home/amara")
    for found, instead in OF_THIS_MACHINE:
        text = found.sub(instead, text)
    return text.splitlines()


def beside(line: str) -> None:
    """Do what people do beside the desk."""
    verb, *rest = shlex.split(line)
    match verb, rest:
        case "git", words:
            identity = ["-c", "user.name=release-bot", "-c", "user.email=bot@vendor.example"]
            subprocess.run(["git", *identity, *words], check=True, capture_output=True)
        case "copy", [name, to]:
            Path(to).write_text((FILES / name).read_text("utf-8"), "utf-8")
        case "write", [file, text]:
            Path(file).write_text(text.replace("\\n", "\n"), "utf-8")
        case "replace", [file, old, new]:
            found = Path(file).read_text("utf-8")
            assert old in found
            Path(file).write_text(found.replace(old, new), "utf-8")
        case "remove", [file]:
            Path(file).unlink()
        case "folder", [name]:
            Path(name).mkdir(parents=True)
        case _:
            raise ValueError(line)


def script(story: str) -> Iterator[str]:
    """Give the lines of a story that are its author's, without the answers."""
    yield from (line for line in story.splitlines() if line[:2] in MARKS)


def played(story: str, folder: Path) -> str:
    """Play the commands of a story in an empty folder, and give it as it is now."""
    prepare(folder)
    clock, lines, before, digest = Clock(), list[str](), "", ""
    for line in script(story):
        mark, rest = line[:2], line[2:]
        if lines and (mark in {"$ ", "@ "} or (mark == "# " and not before.startswith("#"))):
            lines.append("")
        lines.append(line)
        before = line
        match mark, rest.split(" ", 2):
            case "# ", _:
                pass
            case "@ ", _:
                clock.at = datetime.fromisoformat(rest).replace(tzinfo=UTC)
            case "% ", ["save", file, command]:
                Path(file).write_text(ran(command, clock)[1], "utf-8")
            case "% ", _:
                beside(rest)
            case _:
                answer = ran(rest.replace("DIGEST", digest), clock)
                digest = next((found[1] for found in _DIGEST.finditer(f"{answer[1]}{answer[2]}")), digest)
                if mark == "$ ":
                    lines += told(answer, folder)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(played(Path(sys.argv[1]).read_text("utf-8"), Path.cwd()))

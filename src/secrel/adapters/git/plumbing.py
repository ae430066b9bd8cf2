"""Git's plumbing, run so that nothing is written, fetched, paged or coloured, and no answer is ever half an answer."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from secrel.files import read_file, real, refuse_strange
from secrel.words.errors import Broken, Misused, NotSeen

_LONGEST_RUN = 1800.0  # seconds; a walk over millions of commits without a commit-graph takes less than a minute
_WIDTHS = {"sha1": 20, "sha256": 32}
_LONGEST = 65_536  # bytes of a .git file
_STEP = 400  # objects that are given up together when git stops at one of them
_AHEAD = 1 << 20  # bytes read at a time
_TOLD = 300  # characters of git's own complaint that are passed on


def _environment(also: Sequence[Path]) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    kept |= {
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_GRAFT_FILE": f"{os.devnull}/none",  # of one that is there git gives a hint at every turn
        "GIT_ALLOW_PROTOCOL": "none",  # a partial clone must say what it lacks, and not fetch it
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(f'"{_quoted(path)}"' for path in also),
    }
    return kept


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')


class Git(Struct, frozen=True):
    """One repository; `also` are object directories of others, whose commits are read as if they were here.

    `width` is how many bytes an id has: 20, or 32 where the repository was made so.
    """

    directory: Path
    also: tuple[Path, ...] = ()
    width: int = 20

    def _command(self, arguments: Sequence[str]) -> list[str]:
        # the settings keep a repository's own configuration from running programs of its choice
        safe = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")
        return ["git", *safe, "--git-dir", str(self.directory), *arguments]

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        """Run to the end and give all that git said; raises `Broken` or `NotSeen` when it failed."""
        return self.run_both(*arguments, given=given)[0]

    def run_both(self, *arguments: str, given: bytes = b"") -> tuple[bytes, bytes]:
        """Run as `run` does, and give what git complained of as well."""
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program, and arguments that are ours
                self._command(arguments),
                input=given,
                capture_output=True,
                check=False,
                env=_environment(self.also),
                timeout=_LONGEST_RUN,
            )
        except FileNotFoundError as fault:
            raise Broken("git is not installed", remedy="install git 2.30 or later") from fault
        except subprocess.TimeoutExpired as fault:
            raise Broken(f"git {arguments[0]} did not end", where=str(self.directory)) from fault
        if done.returncode:
            raise complaint(self.directory, arguments[0], done.stderr)
        return done.stdout, done.stderr

    def objects(self, ids: Iterable[str]) -> Iterator[tuple[str, str, bytes]]:
        """Read objects in the order asked for: id, kind (`missing` when it is not here) and contents.

        Raises `Broken` or `NotSeen` when git stops before it has answered for each of them.
        """
        asked = list(ids)
        told = self.run("cat-file", "--batch", "--buffer", given="\n".join([*asked, ""]).encode())
        at, answered = 0, 0
        while at < len(told):
            end = told.index(b"\n", at)
            name, kind, *size = told[at:end].decode("ascii", "replace").split(" ")
            if kind == "missing":
                yield name, kind, b""
                at = end + 1
            else:
                length = int(size[0])
                yield name, kind, told[end + 1 : end + 1 + length]
                at = end + length + 2
            answered += 1
        if answered != len(asked) or at != len(told):
            raise Broken(
                f"git answered for {answered} of {len(asked)} objects",
                where=str(self.directory),
                remedy="check the repository with git fsck",
            )

    def readable(self, ids: Iterable[str]) -> Iterator[tuple[str, str, bytes]]:
        """Read objects as `objects` does, one by one while git goes on reading, and those that can be read.

        Where git stops, some of those that it was asked for next are left out: a partial copy stops at each.
        """
        waiting = list(ids)
        while waiting:
            answered = 0
            for answered, one in enumerate(self._streamed(waiting), start=1):  # noqa: B007 - it is told afterwards
                yield one
            waiting = waiting[(answered // _STEP + 1) * _STEP :] if answered < len(waiting) else []

    def _streamed(self, ids: Sequence[str]) -> Iterator[tuple[str, str, bytes]]:
        """Give what git tells of objects, up to where it stops."""
        with tempfile.TemporaryFile() as asked:
            asked.write("\n".join([*ids, ""]).encode())
            asked.seek(0)
            with subprocess.Popen(  # noqa: S603 - a fixed program, and arguments that are ours
                self._command(["cat-file", "--batch", "--buffer"]),
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(self.also),
                bufsize=_AHEAD,
            ) as process:
                told = process.stdout
                while told is not None and (line := told.readline()):
                    name, kind, *size = line.decode("ascii", "replace").split()
                    if kind == "missing":
                        yield name, kind, b""
                        continue
                    data = told.read(int(size[0]) + 1)
                    if len(data) <= int(size[0]):
                        return
                    yield name, kind, data[:-1]


def complaint(directory: Path, command: str, said: bytes) -> Broken | NotSeen | Misused:
    """Turn what git wrote on its error stream into one of our errors."""
    text = " ".join(said.decode("utf-8", "replace").split())
    shown = "".join(c for c in text if c.isprintable())[:_TOLD]
    if "dubious ownership" in text:
        return Misused(
            "git does not trust this repository, because somebody else owns it",
            where=str(directory),
            remedy=f"if you trust it: git config --global --add safe.directory {directory}",
        )
    if any(sign in text for sign in ("missing", "bad object", "unable to read", "could not fetch", "Could not read")):
        return NotSeen(
            f"this copy of the repository lacks objects (git {command}: {shown})",
            where=str(directory),
            remedy="fetch the whole history, then check it with git fsck",
        )
    return Broken(f"git {command} failed: {shown}", where=str(directory), remedy="check the repository with git fsck")


def opened(path: Path, also: Sequence[Path] = ()) -> Git:
    """Find the repository at `path` (bare, or with a work tree); raises `Misused` when there is none."""
    if not path.is_dir():
        raise Misused("there is no repository here", where=str(path), remedy="give the path of a git repository")
    directory = path
    if (path / ".git").exists():
        directory = Path(_located(path / ".git"))
    found = Git(directory)
    refuse_strange(directory)
    try:
        told = found.run("rev-parse", "--show-object-format", "--git-common-dir").decode("utf-8", "surrogateescape")
    except Broken as fault:
        raise Misused(
            "this is no git repository", where=str(path), remedy="give the path of a git repository"
        ) from fault
    form, _, common = told.rstrip("\n").partition("\n")
    root = (directory if common in {".", str(directory)} else Path(common)).absolute()
    return Git(root, tuple(opened(other).directory / "objects" for other in also), _WIDTHS.get(form, 20))


def _located(dot_git: Path) -> Path:
    """Follow the file that a linked work tree or a submodule has in place of a `.git` folder."""
    if dot_git.is_dir():
        return dot_git
    remedy = "give the path of a git repository"
    text = read_file(dot_git, "the .git file", most=_LONGEST, remedy=remedy).decode("utf-8", "replace").strip()
    if not text.startswith("gitdir: "):
        raise Misused("this .git file names no repository", where=str(dot_git), remedy=remedy)
    return real(dot_git.parent / text.removeprefix("gitdir: "))

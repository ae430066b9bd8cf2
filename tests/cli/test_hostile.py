"""Names and texts that others wrote: no command lets them act on a terminal, a shell or a page."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from secrel.words.errors import Exit
from tests.cli.desks import RELEASE, User

TITLE = "Bad \x1b[2J\x1b]0;owned\x07 \u202etitle\u202c `rm -rf` <script>alert(1)</script> | /close @all"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

LOOKS: list[tuple[str, ...]] = [
    ("status",),
    ("status", "--format", "markdown"),
    ("status", "--format", "json"),
    ("fix", "show"),
    ("fix", "show", "2027-01", "vendor/product#2"),
    ("fix", "show", "--format", "markdown"),
    ("fix", "show", "--format", "json"),
    ("cve", "show"),
    ("cve", "show", "--format", "markdown"),
    ("plan",),
    ("plan", "--format", "markdown"),
    ("check-merge-requests",),
    ("checklist", "--show"),
    ("journal", "2027-01"),
    ("journal", "2027-01", "--format", "markdown"),
    ("make-blogpost",),
    ("email", "draft"),
    ("handover", "--note", TITLE),
    ("rotation", "show"),
    ("rotation", "export"),
    ("show", "vendor/product#2"),
    ("claim", "2027-01", "fixes-linked", "--yes", "--words", TITLE),
]


@pytest.fixture
def hostile(started: User) -> User:
    """A release with a fix whose title was written to harm."""
    words = ["--set", f"title={TITLE}", "--set", f"description={TITLE}", "--since", "1.0"]
    assert "control character" in started("fix", "add", "2027-01", "tokens", *words).err
    words[1] = "title=" + "".join(sign for sign in TITLE if sign >= " ")
    added = started("fix", "add", "2027-01", "tokens", *words)
    assert added.word == Exit.DONE, added.err
    started("apply", "2027-01")
    return started


def test_nothing_that_a_terminal_obeys_is_in_any_answer(hostile: User) -> None:
    harmed = {}
    for words in LOOKS:
        answer = hostile(*words)
        assert answer.word != Exit.BROKEN, answer.err
        text = answer.out.replace("\r\n", "\n") if words[:2] == ("rotation", "export") else answer.out
        if found := OBEYED.search(text + answer.err):
            harmed[words] = f"{found[0]!r} in {text[max(0, found.start() - 60) : found.end() + 20]!r}"
    assert harmed == {}


def test_a_name_in_the_team_that_a_terminal_would_obey_is_refused(started: User) -> None:
    file = started.folder / "team.toml"
    file.write_text(file.read_text("utf-8").replace('name = "Bjorn"', r'name = "Bj\u001b[31morn\u202e"'), "utf-8")
    answer = started("status")
    assert answer.word == Exit.MISUSED
    assert "team.toml:11" in answer.err
    assert not OBEYED.search(answer.err)


def test_an_error_spells_out_what_a_terminal_would_obey(started: User) -> None:
    answer = started("status", "2099\x1b[2J\u202e")
    assert answer.word == Exit.MISUSED
    assert not OBEYED.search(answer.err)
    answer = started("start", "--from", f"{started.folder}/\x1b[2J.yaml")
    assert not OBEYED.search(answer.err)
    assert "\\x1b" in answer.err


@pytest.mark.parametrize("name", ["../../etc/passwd", "a b", "2027-01/tracking", "x" * 300, "", "--desk", "\x1b[2J"])
def test_a_name_of_a_fix_that_is_none_is_refused(started: User, name: str) -> None:
    answer = started("fix", "add", "2027-01", name, "--set", "title=t")
    assert answer.word == Exit.MISUSED
    assert answer.out == ""
    assert not OBEYED.search(answer.err)


@pytest.mark.parametrize("name", ["../2027", "a/b", "a b", "x" * 300, "\\e"])
def test_a_name_of_a_release_that_is_none_is_refused(user: User, name: str) -> None:
    file = user.folder / "release.yaml"
    file.write_text(RELEASE.replace("release: 2027-01", f"release: {name!r}"), "utf-8")
    answer = user("start", "--from", str(file))
    assert answer.word == Exit.MISUSED
    assert user("journal").out == "nothing is remembered\n"


def test_a_folder_with_blanks_and_quotes_is_quoted_in_every_command_to_run(started: User, tmp_path: Path) -> None:
    folder = tmp_path / "my desk; it's"
    shutil.copytree(started.folder, folder)
    started.folder = folder
    answer = started("start", "--from", str(folder / "release.yaml"))
    (line,) = (line for line in answer.err.splitlines() if line.startswith("next: "))
    assert shlex.split(line.removeprefix("next: ")) == ["secrel", "status", "2027-01", "--desk", str(folder)]
    planned = started("plan").out.splitlines()[-1]
    assert shlex.split(planned) == ["secrel", "apply", "2027-01", "--by", "amara", "--desk", str(folder)]

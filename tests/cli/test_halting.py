"""An error that stops a command on either forge: what was done is said, what was not, and the command for the rest."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from secrel.apply.applying import Halted
from secrel.cli.halting import tell_way
from secrel.words.errors import Exit, Refused
from tests.cli.desks import User
from tests.cli.test_handbook_on_gitlab import ADOPT, APPROVE, Team
from tests.gitlab_double import faults
from tests.rehearsal.on_gitlab import OnDouble
from tests.rehearsal.small import HEAD

REST = re.compile(r"to do the rest, run it again: secrel (.*)")


def ends(said: str) -> dict[str, list[str]]:
    """Give the keys of effects by how they ended, as a command tells it."""
    found: dict[str, list[str]] = {}
    for line in said.splitlines():
        if told := re.match(r"(done|not done|unbegun|in doubt|found|already)\s+(\S+/\S+)", line):
            found.setdefault(told[1], []).append(told[2])
    return found


def of_the_forge(user: User, statement: str) -> None:
    with closing(sqlite3.connect(user.folder / "forge.db")) as database:
        database.executescript(statement)


def test_on_the_embedded_forge_an_apply_that_fails_half_way_tells_it_and_ends_right(started: User) -> None:
    full = "BEFORE INSERT ON notes WHEN (SELECT count(*) FROM notes) > 0 BEGIN SELECT RAISE(ABORT, 'full'); END"
    of_the_forge(started, f"CREATE TRIGGER full {full}")
    stopped = started("apply")
    told = ends(stopped.out)
    assert stopped.word == Exit.BROKEN
    assert (len(told["done"]), len(told["in doubt"])) == (1, 1)
    assert len(told["unbegun"]) > 1
    rest = REST.search(stopped.err)
    assert rest, stopped.err
    of_the_forge(started, "DROP TRIGGER full")
    again = started.elsewhere(*rest[1].split())
    assert again.word == Exit.DONE, again.err
    assert {*told["in doubt"], *told["unbegun"]} <= {*ends(again.out)["done"]}
    assert not {*told["done"]} & {*ends(again.out)["done"]}, "nothing is done twice"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("apply 2026-11 --approve 0123 --by amara", "run it again: secrel apply 2026-11 --by amara"),
        ("apply 2026-11 --approve=0123", "run it again: secrel apply 2026-11"),
        ("fix add 2026-11 it --set title=secret", "run the same command again"),
        ("fix remove 2026-11 p#1 --reason what\\nothers", "run the same command again"),
    ],
)
def test_the_command_for_the_rest_repeats_no_words_of_people(
    words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_way(Refused("no"), words.split())
    assert capsys.readouterr().err == ""
    tell_way(Halted(Refused("no"), ()), [word.replace("\\n", " ") for word in words.split()])
    assert capsys.readouterr().err == f"  to do the rest, {said}\n"


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    venue = OnDouble(tmp_path)
    yield Team(tmp_path, venue)
    venue.close()


@pytest.mark.long
def test_on_gitlab_a_start_that_is_forbidden_half_way_tells_it_and_ends_right(team: Team) -> None:
    release = HEAD.partition("release:\n")[2].partition("fixes:")[0]
    (team.stage.folder / "release.yaml").write_text(re.sub("(?m)^  ", "", release), "utf-8")
    team.world.act(team.stage.clock())
    _, said = team.run("start", "--from", "release.yaml")
    found = ADOPT.search(said)
    assert found, said
    words = ("start", "--from", "release.yaml", "--adopt", found[1])
    _, said = team.run(*words)
    approval = APPROVE.search(said)
    assert approval, said
    double = team.venue.doubles[-1]
    forbidden = faults.answering(403, {"message": "403 Forbidden"})
    planned = double.fail("PUT", "/api/v4/projects", forbidden, times=1_000, after=1)
    code, said = team.run(*words, "--approve", approval[1])
    assert code == Exit.REFUSED
    assert ends(said) == {"done": ["2026-11/tracking"], "not done": ["2026-11/details"]}
    rest = REST.search(said)
    assert rest, said
    assert rest[1].split() == list(words), "as it was typed, and without the approval of what is no more"
    double.planned.remove(planned)
    team.ran(*rest[1].split())
    assert team.run(*words)[0] == 0

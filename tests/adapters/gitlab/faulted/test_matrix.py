"""The fault matrix of GitLab: every cell is run, and the page says what was seen."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

import pytest

from secrel.adapters.gitlab.writing.writer import GitLabWriter
from secrel.words.errors import InDoubt
from secrel.words.outcomes import Made, NotMade
from tests.adapters.gitlab.faulted.matrix import WAYS, cell, copied, effects, named, run_reads, shape
from tests.adapters.gitlab.faulted.write_faults import MARK, PAGE, both
from tests.exam.forge_exam import ACTOR
from tests.gitlab_double import faults

_AGAIN = {"made by the next run", "found"}
_ALLOWED = {
    **{way: {"made"} for way in WAYS},
    "killed before it is sent": {"made by the next run"},
    "killed after it is sent": _AGAIN,
    "killed, and seen two reads later": _AGAIN,
    "no answer, and not done": {"made by the next run"},
    "502, and not done": {"made by the next run"},
    "reset, and not done": {"made by the next run"},
    "a page, and not done": {"made by the next run"},
    "sent to sign in": {"made by the next run"},
    "killed after it is sent, and no member then": {
        "in doubt, then found",
        "in doubt, then made by the next run",
        "found",
    },
    "two machines, two tokens": {"found"},
    "two machines, one sees nothing new": {"in doubt", "said, then found"},
}


def told() -> str:
    return PAGE.read_text("utf-8").partition(MARK)[2].removeprefix("\n")


def test_every_kind_has_its_row_and_no_cell_says_more_than_it_may() -> None:
    rows = dict(re.findall(r"^\| (`\w+`[^|]*) \| (.*) \|$", told(), re.MULTILINE))
    assert {row.strip("`").partition("`")[0] for row in rows} == {kind.__name__ for kind in GitLabWriter.kinds}
    for row, cells in rows.items():
        words = dict(zip(WAYS, cells.split(" | "), strict=True))
        wrong = {way: said for way, said in words.items() if not set(said.split(" / ")) <= _ALLOWED[way]}
        assert not wrong, row
        assert "found" not in words["killed after it is sent, and no member then"].split(" / ") or "Lift" in row
        in_doubt = "in doubt" in words.values()
        assert in_doubt == row.startswith(("`OpenIssue`", "`Comment`", "`OpenDiscussion`")), (
            "only what has no key of its own"
        )


def test_what_no_answer_came_to_is_seen_or_in_doubt() -> None:
    for stage, effect in effects():
        there, absent = copied(stage), copied(stage)
        for method in ("POST", "PUT", "DELETE"):
            there.double.fail(method, "/api/v4/", faults.timeout(done=True))
            absent.double.fail(method, "/api/v4/", faults.timeout(done=False))
        desk = there.desk()
        address = desk.do(effect, actor=ACTOR).address
        assert desk.find(effect, begun=there.world.clock.now) == Made(address), effect
        before = shape(absent)
        with pytest.raises(InDoubt):
            absent.desk().do(effect, actor=ACTOR)
        assert absent.desk().find(effect, begun=absent.world.clock.now) == NotMade(), effect
        assert shape(absent) == before


def test_a_cell_is_as_the_page_says(tmp_path: Path) -> None:
    numbers = count()
    stage, effect = next(pair for pair in effects() if pair[1].kind == "LinkIssue")
    word = cell(stage, effect, WAYS["killed after it is sent"], lambda: tmp_path / f"{next(numbers)}.sqlite3")
    assert named(effect.action) == "`LinkIssue`"
    assert word == "found"


@pytest.mark.long  # some 400 journals
def test_every_cell_is_as_the_page_says(tmp_path: Path) -> None:
    assert both(tmp_path) == told()


@pytest.mark.parametrize("kind", ["Comment", "LinkIssue"])
def test_no_read_that_goes_wrong_lets_a_write_be_sent_twice(tmp_path: Path, kind: str) -> None:
    found = run_reads(tmp_path, lambda effect: effect.kind == kind)
    for name, words in found.items():
        is_lasting = name.endswith("from then on") or name == "a page"
        assert set(words) <= (_AGAIN if is_lasting else {"made"}), name

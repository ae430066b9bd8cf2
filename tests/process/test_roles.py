"""Whose each act is: the table of roles, of a process and of its gates."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest

from secrel.process.pages import pages
from secrel.process.reading import read_process
from secrel.process.roles import Act, Roles
from secrel.process.table import Process
from secrel.reading.documents import Malformed
from tests.process.test_reading import GOOD, WORDS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rotation.md"
OWN = """
[roles]
waive = ["psirt"]
claim = ["psirt", "primary"]
"""


def read(text: str) -> Process:
    return read_process(text, "own.toml", WORDS)


def test_a_line_that_is_left_out_is_as_the_page_says() -> None:
    text = PAGE.read_text("utf-8")
    begins = text.index("```toml\n[roles]\n") + len("```toml\n")
    table = tomllib.loads(text[begins : text.index("```", begins)])["roles"]
    assert msgspec.convert(table, Roles) == Roles()
    assert table.keys() == {"duty", *Act}


def test_a_process_has_roles_of_its_own_and_a_gate_may_say_more() -> None:
    gated = GOOD.replace('check = "seen"\n', 'check = "seen"\nwaived_by = ["primary"]\nnot_by = ["author"]\n', 1)
    process = read(gated + OWN)
    first, second = process.gates
    assert process.roles_for(Act.WAIVE, first) == {"primary"}
    assert process.roles_for(Act.WAIVE, second) == {"psirt"}
    assert process.roles_for(Act.CLAIM, first) == {"psirt", "primary"}
    assert process.roles_for(Act.REVIEW, first) == Roles().of(Act.REVIEW)
    assert "psirt" in process.roles.known()
    told = pages([process])["own/first.md"]
    assert "- **Waived by**: primary; never by author\n" in told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('check = "seen"\n', 'check = "seen"\nnot_by = ["auther"]\n', "did you mean author?"),
        ('check = "seen"\n', 'check = "seen"\nwaived_by = ["nobody-knows"]\n', "no role is named 'nobody-knows'"),
        ('check = "seen"\n', 'check = "seen"\nclaimed_by = "primary"\n', "list of roles"),
        ("[projects]", '[roles]\nwave = ["primary"]\n\n[projects]', "wave"),
        ("[projects]", '[roles]\nwaive = ["Primary"]\n\n[projects]', "a role: small letters"),
    ],
)
def test_a_wrong_role_is_a_fault_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(Malformed) as told:
        read(GOOD.replace(old, new, 1))
    assert said in f"{told.value} {told.value.remedy}"
    assert "own.toml:" in str(told.value)


def test_every_act_is_said_in_words() -> None:
    assert all(act.said for act in Act)

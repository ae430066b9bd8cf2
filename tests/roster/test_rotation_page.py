from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from secrel.roster.cadence import AROUND, MONTHLY
from secrel.roster.rota import Infeasible, plan_rotation
from secrel.roster.rules import RotaRule
from secrel.roster.team import read_team
from tests.roster.made_up import AMARA, BJORN, CHIDI, WEDNESDAY, away, slots

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "rotation.md").read_text(encoding="utf-8")


def test_the_team_file_of_the_page_can_be_read() -> None:
    example, _ = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    team = read_team(example)
    assert [person.username for person in team.people] == ["amara", "dewi"]
    assert team.people[0].days == (0, 1, 2, 3)
    assert team.people[1].absences


def test_the_page_names_every_rule_and_both_cadences() -> None:
    rules = PAGE.split("## The hard rules")[1].split("\n## ")[0]
    assert re.findall(r"^\| ([^|]+) \|", rules, re.MULTILINE)[2:] == list(RotaRule)
    for name in (MONTHLY, AROUND):
        assert f"| `{name}` |" in PAGE


def test_the_refusal_of_the_page_is_the_one_that_is_made() -> None:
    with pytest.raises(Infeasible) as told:
        plan_rotation(slots(1), (AMARA, BJORN, replace(CHIDI, absences=away(WEDNESDAY))))
    assert f"{told.value}\n  to go on: {told.value.remedy}\n" in PAGE

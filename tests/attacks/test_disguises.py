"""The embargo guard reads as a person does: every disguise of every kind is seen through, and kinds on top of kinds."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from secrel.plan.guard import EmbargoedFact, look_through
from secrel.words.effects import Effect, OpenMergeRequest, SendMail
from tests.attacks.disguises import ALONE, KINDS, PAIRS

FACTS = ("Stored script in notebooks", "Kim Lee", "h4ck3r", "王小明", "CVE-2026-1111")
LATIN = tuple(fact for fact in FACTS if fact.isascii())


def finds(fact: str, disguised: str, kind: str) -> bool:
    if kind == "mails":
        action: OpenMergeRequest | SendMail = SendMail("all@vendor.example", "s", disguised)
    else:
        files = (("p.md", f"Before it.\n\n{disguised}\n\nAfter it."),)
        action = OpenMergeRequest("site", "b", "main", "t", "b", files)
    return look_through(Effect("r/x", action, "s"), [EmbargoedFact("it", fact)]).certain == ("it",)


@pytest.mark.parametrize("kind", KINDS)
def test_every_disguise_of_a_kind_is_seen_through(kind: str) -> None:
    missed = [(name, fact) for name, way in KINDS[kind].items() for fact in FACTS if not finds(fact, way(fact), kind)]
    assert missed == []


def missed_of(some: int) -> list[tuple[str, str, str]]:
    """Try some members of each two kinds that go together, the same ones every time."""
    found = []
    for inside, outside in PAIRS:
        chance = random.Random(f"{inside} {outside}")
        both = [(a, b) for a in KINDS[inside] for b in KINDS[outside] if not {a, b} & ALONE]
        for inner, outer in chance.sample(both, min(some, len(both))):
            fact = chance.choice(LATIN)
            if not finds(fact, KINDS[outside][outer](KINDS[inside][inner](fact)), outside):
                found.append((inner, outer, fact))
    return found


def test_two_disguises_on_top_of_each_other_are_seen_through() -> None:
    assert missed_of(8) == []


@pytest.mark.long
def test_many_pairs_of_disguises_are_seen_through() -> None:
    assert missed_of(60) == []


def test_each_kind_has_members() -> None:
    assert {kind: len(ways) for kind, ways in KINDS.items() if len(ways) < 3} == {}
    assert {kind for pair in PAIRS for kind in pair} == set(KINDS)


def test_the_docs_name_every_kind() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "embargo.md").read_text("utf-8")
    table = page.partition("<!-- table: disguises -->")[2].partition("\n\n")[0]
    assert re.findall(r"^\| ([^|]+?) \|", table, re.MULTILINE)[2:] == list(KINDS)

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import jsonschema_rs
import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from secrel.evaluate.registry import shipped
from secrel.evaluate.verdicts import (
    Assessment,
    Blocked,
    Evidence,
    Finding,
    Judged,
    Passed,
    UnseenVerdict,
    Verdict,
    Waiting,
    Waived,
)
from secrel.faces.status.data import status_json
from secrel.faces.status.gate import gate_text
from secrel.faces.status.page import status_markdown
from secrel.faces.status.summary import summarise
from secrel.faces.status.text import status_text
from secrel.faces.status.words import actor, next_said
from secrel.faces.terminal import width_of
from secrel.process.table import Gate
from secrel.words.people import Duty
from secrel.words.releases import Kind
from tests.builders import DUE, NAME, NOW, a_live_post, a_release, a_shipment, a_snapshot, seen
from tests.faces.terminal.scene import HOSTILE, a_board, a_scene, an_assessment

SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "schemas" / "status.schema.json"


def text_of(assessment: Assessment, width: int = 80) -> str:
    return status_text(a_board(assessment, a_scene()), width=width, everything=True)


def judged(verdict: object, **changes: object) -> Judged:
    gate = Gate("one", "The one gate", "fixes", "primary", "some_check")
    told = {"due": None, "is_due": False, "who": "amara", "command": "", **changes}
    return Judged(gate, verdict, **told)  # type: ignore[arg-type]


def alone(verdict: object, **changes: object) -> Assessment:
    return Assessment(NAME, NOW, (judged(verdict, **changes),))


def test_the_top_says_what_is_next_by_whom_until_when_and_what_to_run() -> None:
    lines = text_of(an_assessment()).splitlines()
    assert lines[4:8] == [
        "NEXT  developers: Every merge request is ready (ready)",
        "      overdue since Wed 18 Nov 2026 09:00 UTC, 3 h ago",
        "      acme/app!201: its pipeline has failed; has 0 of 1 approvals (and 1 more)",
        "      run: secrel check-merge-requests 2026-11",
    ]
    assert "LATE  1 overdue: Every merge request is ready" in lines
    assert "DONE  2 of 8 gates hold (1 waived); 1 blocked, 1 unseen, 4 waiting" in lines


def test_what_is_due_first_comes_first_and_what_only_waits_is_nobodys() -> None:
    summary = summarise(an_assessment())
    assert [one.gate.name for one in summary.acting] == ["ready", "cves", "live"]
    assert [one.gate.name for one in summary.late] == ["ready"]
    assert (summary.gates, summary.holding) == (8, 2)


def test_more_than_three_are_counted() -> None:
    gates = tuple(judged(Blocked((Finding("", f"{n}"),)), due=DUE) for n in range(5))
    assert "      and 2 more, below\n" in text_of(Assessment(NAME, NOW, gates))


def test_when_nobody_has_to_act_the_next_instant_is_told() -> None:
    waiting = alone(Waiting(until=DUE))
    assert "NEXT  Nothing to do before Wed 25 Nov 2026 16:00 UTC, in 7 days: The" in text_of(waiting)
    assert "- **Next:** Nothing to do before Wed 25 Nov" in status_markdown(a_board(waiting, a_scene()))
    assert "NEXT  Nothing: every gate of this release holds" in text_of(alone(Passed(())))
    assert "NEXT  Nothing to do now\n" in text_of(alone(Waiting(("elsewhere",))))


def test_whoever_need_not_act_is_told_when_their_turn_comes() -> None:
    mine, others = judged(Waiting(until=DUE)), judged(Blocked((Finding("", "it is open"),)), who="bjorn")
    later = judged(Waiting(until=DUE + timedelta(days=1)))

    def said(by: str, *gates: Judged) -> str:
        top = status_text(a_board(Assessment(NAME, NOW, gates), a_scene(), by)).split("DONE")[0]
        return top.partition("YOU   ")[2].strip()

    assert said("Amara", later, others, mine).startswith("nothing has to be done before Wed 25 Nov 2026 16:00")
    assert said("bjorn", mine, others) == "", "it is their turn"
    assert said("chidi", mine, others) == "", "no turn of theirs is known"
    assert said("stranger", mine, others) == said("", mine, others) == ""


def test_what_is_next_is_said_in_one_line() -> None:
    assert next_said(a_board(an_assessment())) == (
        "developers: Every merge request is ready (ready), overdue since Wed 18 Nov 2026 09:00 UTC, 3 h ago; "
        "run: secrel check-merge-requests 2026-11"
    )
    assert next_said(a_board(alone(Blocked((Finding("", "it is open"),))))) == "amara (primary): The one gate (one)"
    assert next_said(a_board(alone(Passed(())))) == "Nothing: every gate of this release holds"


def test_headlines_of_other_releases() -> None:
    release = a_release(kind=Kind.UNPLANNED, shipments=(a_shipment(()),))
    scene = a_snapshot([], release=release, duty=None, post=seen(a_live_post(at=NOW - timedelta(hours=2))))
    scene = replace(scene, release=replace(release, due=NOW - timedelta(hours=3)))
    top = status_text(a_board(alone(Passed(())), scene)).splitlines()[:3]
    assert top == [
        "Critical security release 2026-11, unplanned: versions not known yet",
        "Announced Wed 18 Nov 2026 10:00 UTC, 2 h ago",
        "Nobody on duty",
    ]
    half = a_snapshot([], duty=Duty(NAME, "amara", ""))
    assert "Primary amara, Secondary nobody" in status_text(a_board(alone(Passed(())), half))


def test_who_acts_is_said_with_the_role_where_that_adds_something() -> None:
    assert actor(judged(Passed(()))) == "amara (primary)"
    assert actor(judged(Passed(()), who="primary")) == "primary"
    assert actor(judged(Passed(()), who="")) == "primary"
    assert actor(judged(Passed(()), who="@primary-team")) == "@primary-team"


def test_gates_that_wait_alike_share_one_explanation() -> None:
    gates = tuple(
        replace(judged(Waiting(("linked",)), due=DUE), gate=Gate(n, f"Gate {n}", "fixes", "primary", "x"))
        for n in "abc"
    )
    lines = text_of(Assessment(NAME, NOW, gates)).splitlines()
    assert lines[-5:] == [
        "  · waiting  Gate a (a)",
        "  · waiting  Gate b (b)",
        "  · waiting  Gate c (c)",
        "              comes after: The fixes are linked",
        "              amara (primary), until Wed 25 Nov 2026 16:00 UTC, in 7 days",
    ]


def test_long_lists_are_cut_and_say_so() -> None:
    many = Blocked(tuple(Finding(f"acme/app!{n}", "is odd") for n in range(9)))
    assert "- acme/app!5: is odd (and 3 more)" in text_of(alone(many))
    assert "is odd<br>and 4 more |" in status_markdown(a_board(alone(many), a_scene()))
    evidence = Passed(tuple(Evidence("acme/app#1", "word " * 30) for _ in range(2)))
    assert re.search(r"acme/app#1: (word )+w?o?r?…\n", text_of(alone(evidence)))


@pytest.mark.parametrize("width", [40, 80, 100, 120])
@pytest.mark.parametrize("text", [HOSTILE, "漢字" * 50, "x" * 300, ""])
def test_every_line_but_commands_fits_and_nothing_acts(width: int, text: str) -> None:
    verdicts: tuple[Verdict, ...] = (
        Blocked((Finding(text, text, text),)),
        Passed((Evidence(text, text),)),
        Waived(text, NOW, text),
        UnseenVerdict((text,)),
        Waiting((text,), DUE),
    )
    gates = tuple(
        Judged(Gate(f"g{n}", text, "fixes", text, "x"), verdict, DUE, is_due=True, who=text, command=text)
        for n, verdict in enumerate(verdicts)
    )
    assessment = Assessment(NAME, NOW, gates)
    shown = text_of(assessment, width)
    assert all(width_of(line) <= width for line in shown.splitlines() if "run: " not in line)
    assert not set(shown) & {"\x1b", "\x07", "\u202e"}
    page = status_markdown(a_board(assessment, a_scene()))
    tokens = MarkdownIt("commonmark").enable("table").parse(page)
    assert sum(token.type == "td_open" for token in tokens) == 5 * 6
    assert sum(token.type == "fence" for token in tokens) == 1
    json.loads(status_json(a_board(assessment, a_scene())))


def test_json_follows_its_schema() -> None:
    schema = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text()))
    live = a_snapshot([], duty=None, post=seen(a_live_post()))
    for scene in (a_scene(), live):
        schema.validate(json.loads(status_json(a_board(an_assessment(), scene))))
    told = json.loads(status_json(a_board()))
    assert told["summary"]["next"] == ["ready", "cves", "live"]
    assert [gate["verdict"] for gate in told["gates"]][:3] == ["passed", "blocked", "waived"]
    assert told["gates"][4]["waits_for"] == ["ready", "cves"]
    assert told["gates"][7]["waits_until"] == "2026-12-25T16:00:00+00:00"


def test_colour_only_adds() -> None:
    coloured = status_text(a_board(), colour=True, everything=True)
    assert "\x1b[31m✗ blocked\x1b[0m" in coloured
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == text_of(an_assessment())
    nothing = alone(Waiting(until=DUE))
    plain = re.sub(r"\x1b\[[\d;]*m", "", status_text(a_board(nothing, a_scene()), colour=True, everything=True))
    assert plain == text_of(nothing)


def test_one_gate_is_told_with_all_there_is_to_say_of_it() -> None:
    gate = next(one for one in shipped("generic").gates if one.name == "handover-written")
    found = tuple(Finding("", f"finding {number}", "secrel doctor") for number in range(9))
    one = Judged(gate, Blocked(found), due=NOW, is_due=True, who="amara", command="secrel doctor")
    told = gate_text(a_board(Assessment(NAME, NOW, (one,))), one, width=60)
    assert told.count("  to go on: secrel doctor\n") == told.count("- finding ") == 9
    assert "\nwhy: The other one goes on from where this one" in told
    assert "\nrule: the check handover_written (days: 7; days_after:" in told
    assert "\ncomes after: duties-assigned\nmade by: handover\nrun: secrel doctor\n" in told
    due = next(one for one in shipped("generic").gates if one.opens)
    held = gate_text(a_board(), Judged(due, Passed(()), None, is_due=False, who="", command="secrel doctor"))
    assert "when: opens 5 days before due; due 48 hours before due" in held
    assert "run:" not in held
    late = NOW - timedelta(minutes=4)
    assert "overdue since" in gate_text(a_board(), judged(Blocked(()), due=late))
    held = gate_text(a_board(), judged(Passed(()), due=late))
    assert "overdue" not in held, "what holds is not overdue"
    assert "when: was due" in held
    assert "when:" not in gate_text(a_board(), judged(Passed(()))), "a gate that nobody set a time for"


def test_without_all_it_fits_a_screen_and_has_what_somebody_can_do() -> None:
    lines = status_text(a_board()).splitlines()
    assert len(lines) <= 24
    assert "  ✗ blocked  Every merge request is ready (ready)" in lines
    assert not any("The draft post is open" in line for line in lines), "its turn has not come"
    assert lines[-2:] == [
        "every gate  run: secrel status 2026-11 --all",
        "one of them run: secrel status 2026-11 --gate NAME",
    ]

"""What people write into the desk's documents stays, byte for byte, over every refresh (mission M3, M6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.apply.applying import Halted, apply
from secrel.desk.carrying_out import carry_out_free
from secrel.desk.looking import look
from secrel.desk.ordering import adopt
from secrel.desk.proposing import propose
from secrel.desk.rotation import switch
from secrel.evaluate.verdicts import Blocked, Passed
from secrel.journal.entries import in_doubt
from secrel.rehearsal.vendor import commit_file
from secrel.words.effects import Effect, SetHead
from secrel.words.heads import head_of
from secrel.words.merging import SHOWN
from secrel.words.people import Actor
from tests.builders import notes_of
from tests.desk.stage import DUE, NAME, NOTEBOOKS, TOKENS, Stage, a_stage

ISSUES = {"checklist": "checklist", "comms": "comms", "request": f"cve/request/{NOTEBOOKS}"}
HANDWRITTEN = (
    "- [x] my own box, with ⟦2026-11/tracking⟧ in it\n"
    "> a quote, and a trailing blank \n"
    "\ta tab, `code`, <b>html</b>, /close, @all, ☃, ⟦no such key⟧\n"
    "```\nnot closed\n"
)


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    return staged("requested")


def change_a_fact(stage: Stage, number: int) -> None:
    """Change what every document says: the title, the description and the severity of one fix."""
    stage.at += timedelta(minutes=10)
    changes = {"title": f"Stored script in notebooks, part {number}", "description": f"A sentence about part {number}."}
    vector = f"CVSS:3.1/AV:{'NALP'[number % 4]}/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:N"
    stage.write(NOTEBOOKS, {**changes, "vector": vector})


def slip(stage: Stage, days: int) -> None:
    due = DUE + timedelta(days=days)
    stage.write(stage.issue("tracking").ref, {"due": due.isoformat()})
    stage.at += timedelta(minutes=10)


@pytest.mark.parametrize("mark", ISSUES.values(), ids=ISSUES)
def test_lines_that_a_person_adds_survive_every_refresh(mark: str, stage: Stage) -> None:
    issue = stage.issue(mark)
    stage.forge.people.set_body(issue.ref, f"{issue.body.rstrip()}\n\n{HANDWRITTEN}")
    for number in range(1, 5):
        change_a_fact(stage, number)
        slip(stage, number)
        stage.quiet()
        body = stage.issue(mark).body
        assert HANDWRITTEN in body, f"after {number} refreshes"
    stage.at += timedelta(minutes=1)
    assert not [o for o in carry_out_free(stage.desk(), NAME).outcomes if "/edit/" in o.effect.key], "it settles"


@pytest.mark.parametrize("mark", ["comms", f"cve/request/{NOTEBOOKS}"])
def test_the_desks_own_lines_follow_the_facts_beside_them(mark: str, stage: Stage) -> None:
    issue = stage.issue(mark)
    stage.forge.people.set_body(issue.ref, f"{issue.body.rstrip()}\n\nA line of mine.\n")
    before = stage.issue(mark).body
    change_a_fact(stage, 7)
    slip(stage, 3)
    stage.write(stage.issue("tracking").ref, {"products": [{"product": "product", "versions": ["1.2.4", "1.1.9"]}]})
    stage.quiet()
    after = stage.issue(mark).body
    assert after != before
    assert "1.2.4" in after
    assert "A line of mine.\n" in after
    assert SHOWN not in after


@pytest.mark.parametrize("mark", ["comms", f"cve/request/{NOTEBOOKS}"])
def test_where_both_changed_a_line_the_persons_stays_and_the_desks_is_shown_once(mark: str, stage: Stage) -> None:
    issue = stage.issue(mark)
    lines = issue.body.splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if "1.2.3" in line)
    mine = "I say 1.2.3-1 here, and mean it.\n"
    stage.forge.people.set_body(issue.ref, "".join([*lines[:place], mine, *lines[place + 1 :]]))
    for version in ("1.2.4", "1.2.5", "1.2.6"):
        stage.at += timedelta(minutes=10)
        stage.write(stage.issue("tracking").ref, {"products": [{"product": "product", "versions": [version, "1.1.9"]}]})
        stage.quiet()
        body = stage.issue(mark).body
        assert mine in body
        shown = [line for line in body.splitlines() if line.startswith(SHOWN)]
        assert len(shown) == 1, "a conflict is shown below the line it is about, once"
        assert version in shown[0]
    issue = stage.issue(mark)
    stage.forge.people.set_body(issue.ref, issue.body.replace(mine, lines[place].replace("1.2.3", "1.2.6")))
    stage.at += timedelta(minutes=10)
    stage.quiet()
    assert SHOWN not in stage.issue(mark).body, "and goes when it is settled"


def test_a_persons_ticks_stay_and_the_desks_boxes_follow_the_evidence(stage: Stage) -> None:
    issue = stage.issue("checklist")
    own = [line for line in issue.body.splitlines() if line.startswith("- [ ] ")]
    assert own, "there are boxes to tick"
    mine = "- [ ] ask the packaging team\n"
    stage.forge.people.set_body(issue.ref, f"{issue.body.rstrip()}\n{mine}")
    change_a_fact(stage, 1)
    stage.quiet()
    stage.forge.people.set_body(issue.ref, stage.issue("checklist").body.replace(mine, mine.replace("[ ]", "[X]")))
    change_a_fact(stage, 2)
    stage.quiet()
    assert mine.replace("[ ]", "[X]") in stage.issue("checklist").body


def test_a_text_that_a_person_replaced_as_a_whole_stays_theirs(stage: Stage) -> None:
    stage.forge.people.set_body(stage.issue("comms").ref, "Everything is mine now.\n")
    change_a_fact(stage, 2)
    stage.quiet()
    assert "Everything is mine now.\n" in stage.issue("comms").body


def test_a_refresh_that_a_person_overtakes_changes_nothing_and_leaves_no_doubt(stage: Stage) -> None:
    change_a_fact(stage, 1)
    desk = stage.desk()
    plan = propose(desk, look(desk, NAME)).free
    request = stage.issue(f"cve/request/{NOTEBOOKS}")
    stage.forge.people.set_body(request.ref, f"{request.body}\nA line that came in between.\n")
    with pytest.raises(Halted, match="not what the desk last saw"):
        list(apply(plan, None, desk.world))
    assert "A line that came in between.\n" in stage.issue(f"cve/request/{NOTEBOOKS}").body
    assert in_doubt(desk.journal.entries(NAME)) == [], "what was refused did not happen"
    stage.quiet()
    body = stage.issue(f"cve/request/{NOTEBOOKS}").body
    assert "A line that came in between.\n" in body
    assert "A sentence about part 1." in body


def test_the_draft_keeps_a_persons_wording_over_refreshes(staged: Callable[[str], Stage]) -> None:
    stage = staged("drafted")
    draft = stage.request("post/draft")
    [(path, text)] = draft.files
    old = "Tokens of the service were written into log files by every worker that started twice."
    mine = "Workers that were started twice wrote tokens into their log files; ⟦2026-11/tracking⟧ is no reference."
    assert old in text
    commit_file(stage.folder / "private.git", draft.branch, (path, text.replace(old, mine)), "bjorn", stage.at)
    for number in range(1, 4):
        change_a_fact(stage, number)
        stage.quiet()
        [(path, text)] = stage.request("post/draft").files
        assert mine in text
        assert f"part {number}" in text
    stage.write(TOKENS, {"description": "Another description of the same thing, by the desk."})
    stage.at += timedelta(minutes=10)
    stage.quiet()
    [(path, text)] = stage.request("post/draft").files
    assert mine in text, "where both changed it, the person's words stay, and the gates say what they think of them"


def test_the_release_post_is_the_reviewed_draft_byte_for_byte(staged: Callable[[str], Stage]) -> None:
    stage = staged("ready")
    draft = stage.request("post/draft")
    [(path, text)] = draft.files
    mine = f"{text}\n  trailing \t\nSee ⟦2026-11/tracking⟧ and ⟦no such key⟧.\n\n\n"
    commit_file(stage.folder / "private.git", draft.branch, (path, mine), "bjorn", stage.at)
    stage.forge.people.approve(draft.ref, "dewi", stage.at)
    stage.at = DUE + timedelta(minutes=1)
    stage.quiet()
    stage.approve("amara", ("release_post",))
    assert stage.request("post/release").files == ((path, mine),)


def test_the_draft_moves_with_the_day_and_keeps_its_words(staged: Callable[[str], Stage]) -> None:
    stage = staged("drafted")
    draft = stage.request("post/draft")
    [(path, text)] = draft.files
    commit_file(stage.folder / "private.git", draft.branch, (path, f"{text}\nMine.\n"), "bjorn", stage.at)
    slip(stage, 1)
    stage.quiet()
    [(moved, text)] = stage.request("post/draft").files
    assert moved == path.replace("2026-11-25", "2026-11-26")
    assert text.endswith("\nMine.\n")
    assert "2026-11-26" in text


def test_a_draft_that_somebody_closed_is_left_alone(staged: Callable[[str], Stage]) -> None:
    stage = staged("drafted")
    stage.forge.people.close(stage.request("post/draft").ref)
    before = stage.request("post/draft").files
    change_a_fact(stage, 1)
    stage.at += timedelta(hours=1)
    stage.quiet()
    assert stage.request("post/draft").files == before
    assert "part 1" in stage.issue("checklist").body, "and the rest goes on"


def forget(stage: Stage) -> None:
    """Lose the journal for good, and take over what the forge has: the desk does not know what it wrote last."""
    stage.close()
    for file in stage.folder.glob("journal.db*"):
        file.unlink()
    assert adopt(stage.desk("amara"), NAME)


@pytest.mark.parametrize("mark", ISSUES.values(), ids=ISSUES)
def test_a_desk_that_forgot_what_it_wrote_overwrites_nobody(mark: str, stage: Stage) -> None:
    issue = stage.issue(mark)
    lines = issue.body.splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if "1.2.3" in line)
    mine = "I say 1.2.3-1 here, and mean it.\n"
    edited = "".join([*lines[:place], mine, *lines[place + 1 :]]).rstrip() + f"\n\n{HANDWRITTEN}"
    stage.forge.people.set_body(issue.ref, edited)
    forget(stage)
    for number in range(1, 4):
        change_a_fact(stage, number)
        stage.quiet()
        body = stage.issue(mark).body
        assert HANDWRITTEN in body
        assert mine in body


def test_a_desk_that_forgot_makes_nothing_twice(staged: Callable[[str], Stage]) -> None:
    stage = staged("drafted")
    before = set(stage.made())
    notes = len(notes_of(stage.issue("comms")))
    forget(stage)
    for _ in range(3):
        stage.at += timedelta(minutes=10)
        stage.quiet()
    assert set(stage.made()) == before
    assert len(notes_of(stage.issue("comms"))) == notes
    assert len(stage.forge.people.related(NOTEBOOKS)) == 3


def test_documents_stay_as_they_are_while_the_fixes_cannot_be_seen(stage: Stage) -> None:
    stage.quiet()
    before = {mark: stage.issue(mark).body for mark in ("comms", "checklist", f"cve/request/{NOTEBOOKS}")}
    (stage.folder / "product.git").rename(stage.folder / "away.git")
    stage.close()
    stage.at += timedelta(minutes=10)
    stage.quiet()
    assert {mark: stage.issue(mark).body for mark in before} == before
    stage.close()
    (stage.folder / "away.git").rename(stage.folder / "product.git")
    change_a_fact(stage, 1)
    stage.quiet()
    assert "part 1" in stage.issue(f"cve/request/{NOTEBOOKS}").body


def test_what_a_person_wrote_about_a_fix_outlives_a_typing_mistake_in_its_facts(stage: Stage) -> None:
    issue = stage.issue("checklist")
    heading = next(line for line in issue.body.splitlines() if line.startswith("## Fix by fix"))
    stage.forge.people.set_body(issue.ref, issue.body.replace(heading, f"{heading}\n\nA remark of mine."))
    stage.write(NOTEBOOKS, {"vector": "AV:N"})
    stage.at += timedelta(hours=1)
    stage.quiet()
    stage.write(NOTEBOOKS, {"vector": "CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:N"})
    stage.at += timedelta(hours=1)
    stage.quiet()
    body = stage.issue("checklist").body
    assert "\nA remark of mine.\n" in body
    assert "CVE-2026-1111" in body


lines = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n\x00", exclude_categories=("Cs", "Cc")), max_size=30
)


@settings(max_examples=8)
@given(st.lists(st.tuples(st.integers(0, 60), lines.filter(lambda line: not line.startswith("> "))), max_size=4))
def test_any_line_anywhere_survives(edits: list[tuple[int, str]]) -> None:
    with TemporaryDirectory() as folder, a_stage("requested", Path(folder) / "desk") as stage:
        for mark in ISSUES.values():
            issue = stage.issue(mark)
            found = issue.body.splitlines()
            for number, (place, line) in enumerate(edits):
                found.insert(min(place, len(found)), f"mine {number}: {line}")
            stage.forge.people.set_body(issue.ref, "\n".join(found) + "\n")
        change_a_fact(stage, 1)
        stage.quiet()
        change_a_fact(stage, 2)
        stage.quiet()
        for mark in ISSUES.values():
            body = stage.issue(mark).body.splitlines()
            for number, (_, line) in enumerate(edits):
                assert f"mine {number}: {line}" in body


def test_what_a_person_and_the_facts_both_changed_is_a_finding_until_they_agree(stage: Stage) -> None:
    comms, request = stage.issue("comms"), stage.issue(f"cve/request/{NOTEBOOKS}")
    for issue in (comms, request):
        mine = replace(head_of(issue), title="A title of mine")
        stage.forge.do(
            Effect(f"by-hand/{issue.ref}", SetHead(issue.ref, mine, head_of(issue)), "x"), actor=Actor("bjorn")
        )
    stage.quiet()
    assert disputes_in(stage) == {}, "the facts have not changed"
    change_a_fact(stage, 1)
    stage.write(stage.issue("tracking").ref, {"products": [{"product": "product", "versions": ["1.2.4", "1.1.9"]}]})
    stage.quiet()
    assert stage.issue("comms").title == "A title of mine"
    assert disputes_in(stage) == {"comms-current": comms.ref, "cve-complete": NOTEBOOKS}
    for issue, title in (
        (comms, "Security release email alert: 1.2.4 and 1.1.9"),
        (request, "Stored script in notebooks, part 1"),
    ):
        theirs = replace(head_of(issue), title=title)
        there = replace(theirs, title="A title of mine")
        stage.forge.do(Effect(f"again/{issue.ref}", SetHead(issue.ref, theirs, there), "x"), actor=Actor("bjorn"))
    assert disputes_in(stage) == {}


@pytest.mark.parametrize("mark", ["comms", "tracking"])
def test_a_figure_of_the_facts_that_a_person_changed_is_a_finding_and_a_note_of_theirs_is_none(
    stage: Stage, mark: str
) -> None:
    issue, people = stage.issue(mark), stage.forge.people
    lines = issue.body.splitlines()
    told = [(number, found[0]) for number, line in enumerate(lines) for found in re.finditer(r"\d+(?:[.:-]\d+)+", line)]
    assert {figure for _, figure in told} >= {"1.2.3", "1.1.9"}
    for number, figure in dict(told).items():
        changed = [*lines[:number], lines[number].replace(figure, f"{figure}7"), *lines[number + 1 :]]
        people.set_body(issue.ref, "\n".join([*changed, "My note of 1.0.0"]))
        assert figure in said_of(stage, mark), lines[number]
    people.set_body(issue.ref, "\n".join([*lines, "My note of 1.0.0", ""]))
    assert said_of(stage, mark) == ""


def said_of(stage: Stage, mark: str) -> str:
    judged = next(one for one in look(stage.desk(), NAME).assessment.gates if one.gate.name == f"{mark}-current")
    if not isinstance(judged.verdict, Blocked):
        assert isinstance(judged.verdict, Passed)
        return ""
    return " ".join(
        one.what for one in judged.verdict.findings if "somebody changed in it what the facts say" in one.what
    )


def disputes_in(stage: Stage) -> dict[str, str]:
    """The gates that say that a person and the facts changed the same title, with what each says it of."""
    judged = look(stage.desk(), NAME).assessment.gates
    found = [(j.gate.name, f) for j in judged if isinstance(j.verdict, Blocked) for f in j.verdict.findings]
    return {name: f.about for name, f in found if "changed its title, and the facts changed it" in f.what}


def test_documents_are_given_to_whoever_is_on_duty_now(staged: Callable[[str], Stage]) -> None:
    stage = staged("drafted")
    switch(stage.desk(), NAME, "bjorn", "dewi")
    stage.quiet()
    assert stage.issue("comms").assignees == stage.issue("checklist").assignees == ("amara", "dewi")
    assert stage.request("post/draft").reviewers == ("dewi",)

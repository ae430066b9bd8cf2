"""What somebody claims, as it is remembered: a yes, a no, of what it was said (mission M2, M9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from msgspec.structs import replace

from secrel.desk.carrying_out import carry_out_free
from secrel.desk.claiming import claim, deny
from secrel.desk.fixing import remove_fix
from secrel.desk.looking import look
from secrel.desk.releasing import move_release
from secrel.evaluate.verdicts import Blocked, Judged, Passed
from secrel.words.errors import Misused
from secrel.words.people import Actor
from secrel.words.releases import Kind
from tests.desk.stage import DUE, NAME, NOTEBOOKS, PROCESS, TOKENS, Stage

TIMING = "timing-agreed"


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    """A critical release whose managers have been asked."""
    stage = staged("begun")
    stage.write(stage.issue("tracking").ref, {"kind": "unplanned"})
    carry_out_free(stage.desk(), NAME, ("tell_release_managers",))
    stage.send()
    return stage


def judged(stage: Stage, gate: str = TIMING) -> Judged:
    return look(stage.desk(), NAME).assessment.by_name[gate]


def test_what_was_agreed_of_one_day_is_not_agreed_of_another(stage: Stage) -> None:
    assert isinstance(judged(stage).verdict, Blocked)
    said = claim(stage.desk(), NAME, TIMING, "the timing is right")
    assert said.about == "due 2026-11-25 14:00 UTC"
    assert isinstance(judged(stage).verdict, Passed)
    move_release(stage.desk(), NAME, due=(DUE + timedelta(days=15)).isoformat())
    verdict = judged(stage).verdict
    assert isinstance(verdict, Blocked)
    assert "of due 2026-11-25 14:00 UTC, and it is due 2026-12-10 14:00 UTC now: ask again" in verdict.findings[0].what
    move_release(stage.desk(), NAME, due=DUE.isoformat())
    assert isinstance(judged(stage).verdict, Passed), "it is what was agreed, again"


def test_a_no_blocks_opens_the_mitigation_and_is_lifted_by_a_yes(stage: Stage) -> None:
    assert deny(stage.desk(), NAME, TIMING, "not before January").denies
    verdict = judged(stage).verdict
    assert isinstance(verdict, Blocked)
    assert "not before January" in verdict.findings[0].what
    assert isinstance(judged(stage, "mitigation-sought").verdict, Blocked)
    claim(stage.desk(), NAME, "mitigation-sought", "the feature is switched off")
    assert isinstance(judged(stage, "mitigation-sought").verdict, Passed)
    stage.at += timedelta(hours=1)
    claim(stage.desk("bjorn"), NAME, TIMING, "they changed their minds")
    assert isinstance(judged(stage).verdict, Passed)


@pytest.mark.parametrize(
    "words",
    [
        *(
            "NO, not before January",
            "not yet",
            "yes, not yet",
            "OK not OK",
            "Never!",
            "  “no”",
            "no",
            "nope",
            "Nein",
            "rejected by the team",
        ),
        *("we cannot ship on that day", "I don't agree", "They won\u2019t ship then", "Unfortunately, it is not right"),
        *("the release managers disagree", "they are against it", "nobody can ship in that week"),
        *(
            "I dont agree",
            "it was vetoed",
            "legal rejected it",
            "wait for legal",
            "on hold",
            "NACK",
            "-1",
            "\U0001f44e",
        ),
        *(
            "the fix fails on Windows",
            "we looked, and it is still broken",
            "the tests still fail",
            "a package is missing",
        ),
        *("there is no agreement", "we have no answer from legal", "without their approval", "It\u2019s too early"),
        *("the day is right but the build breaks", "if it rains: whatever; the pipeline is stuck"),
        *("ok, but I do not agree", "okay, no", "Fine? No!", "No objections, but it cannot ship", "that is a clear no"),
        *("rather not", "Better not before Friday", "nobody objects, but it cannot ship", "nobody agrees"),
    ],
)
def test_words_that_say_no_are_no_yes(stage: Stage, words: str) -> None:
    with pytest.raises(Misused, match="it is a yes, and its words say no: ") as told:
        claim(stage.desk(), NAME, TIMING, words)
    assert " ".join(words.split()) in str(told.value), "both are shown"
    assert told.value.remedy == "say --no, where they mean it; or begin with a yes, where they mean that"
    assert deny(stage.desk(), NAME, TIMING, words).denies
    assert claim(stage.desk(), NAME, TIMING, f"{words}, it goes all the same", waives=True).waives


@pytest.mark.parametrize(
    "words",
    [
        *(
            "maybe",
            "probably",
            "TODO",
            "Perhaps on Tuesday",
            "TBD",
            "tbc",
            "to be decided",
            "pending",
            "awaiting legal",
            "waiting for them",
        ),
        *(
            "?",
            "is that day fine?",
            "...",
            "\u2014",
            "unclear",
            "they are undecided",
            "we will check",
            "ready by …",
            "I'll ask them",
        ),
        *("let me think", "let\u2019s see", "ask me tomorrow", "They have to discuss it"),
    ],
)
def test_words_that_decide_nothing_are_no_yes(stage: Stage, words: str) -> None:
    with pytest.raises(Misused, match="its words decide nothing: ") as told:
        claim(stage.desk(), NAME, TIMING, words)
    assert told.value.remedy == "claim it once it is answered; or begin with a yes, where they mean one"
    if any(map(str.isalnum, words)):
        assert claim(stage.desk(), NAME, TIMING, f"{words}, it goes all the same", waives=True).waives
    assert not claim(stage.desk(), NAME, TIMING, f"yes: {words}").denies


@pytest.mark.parametrize(
    "words",
    [
        *("yes", "Agreed", "OK, fine", "no objections", "No problem with that day", "confirmed by legal", "done"),
        *("nobody objects", "No one minded", "none of them disagrees"),
        *(
            "they agree",
            "We all agreed on it",
            "it looks good to me",
            "LGTM",
            "go ahead",
            "+1",
            "\u2705 right",
            "all good",
        ),
    ],
)
def test_words_that_say_yes_are_no_no(stage: Stage, words: str) -> None:
    with pytest.raises(Misused, match="it is a no, and its words say yes: ") as told:
        deny(stage.desk(), NAME, TIMING, words)
    assert " ".join(words.split()) in str(told.value), "both are shown"
    assert not claim(stage.desk(), NAME, TIMING, words).denies
    assert deny(stage.desk(), NAME, TIMING, f"no: {words}").denies


@pytest.mark.parametrize(
    "words",
    [
        *(
            "yes, but not in that week",
            "ok until they are asked",
            "do not go ahead",
            "they agreed, but legal is against it",
        ),
        *("Agreed, it will not move", "fine, unless it rains", "the feature freeze is on that day", "Advent"),
    ],
)
def test_a_no_may_grant_something(stage: Stage, words: str) -> None:
    assert deny(stage.desk(), NAME, TIMING, words).denies


@pytest.mark.parametrize("words", ["…", "...", "-", "?!"])
def test_an_exception_says_why(stage: Stage, words: str) -> None:
    with pytest.raises(Misused, match="these words give no reason"):
        claim(stage.desk(), NAME, TIMING, words, waives=True)


def test_other_words_are_not_interpreted(stage: Stage) -> None:
    for words in (
        *("November is right", "notified and agreed", "yes, no doubt", "No objections", "no problem", "not a problem"),
        *("Agreed, it will not move", "they can ship on that day", "annotated"),
        *("ok, but later in the day", "nothing is left to do", "the date holds", "we asked them, and it is right"),
        *("they checked it", "Friday at the latest", "ready tomorrow", "it was discussed and agreed"),
        *("nothing is broken", "the pipeline that failed is green now", "what is missing comes with the next one"),
        *("if it fails we go on Thursday", "the broken link is mended", "there is no other release then"),
        *("it no longer crashes", "only the test that fails everywhere is red", "none of the tests still fail"),
        *("with no further questions", "it comes without a reboot"),
    ):
        assert not claim(stage.desk(), NAME, TIMING, words).denies


def test_neither_a_yes_nor_a_no_goes_without_words(stage: Stage) -> None:
    with pytest.raises(Misused, match="the words are empty"):
        deny(stage.desk(), NAME, TIMING, " ")
    with pytest.raises(Misused, match="there is no gate 'nothing'"):
        claim(stage.desk(), NAME, "nothing", "yes")


def test_an_estimate_is_posted_where_it_was_promised_once_for_each_claim(stage: Stage) -> None:
    tracking = stage.forge.people.issue_made(f"{NAME}/tracking")
    assert tracking is not None

    def posted() -> list[str]:
        now = stage.forge.people.issues([tracking.ref])[tracking.ref]
        assert isinstance(now.notes, tuple)
        return [note.body.split("> ")[1].split("\n")[0] for note in now.notes if "an estimate for the fix" in note.body]

    claim(stage.desk("bjorn"), NAME, "estimate-given", "ready by Friday")
    for _ in range(2):
        carry_out_free(stage.desk(), NAME, ("estimate",))
    assert posted() == ["ready by Friday"]
    stage.at += timedelta(hours=1)
    claim(stage.desk("bjorn"), NAME, "estimate-given", "ready by Saturday")
    carry_out_free(stage.desk(), NAME, ("estimate",))
    assert posted() == ["ready by Friday", "ready by Saturday"]
    assert isinstance(judged(stage, "estimate-given").verdict, Passed)


@pytest.mark.parametrize("kind", [Kind.PLANNED, Kind.UNPLANNED])
def test_nobody_says_of_a_release_what_it_has_no_gate_for_or_nothing_comes_of(
    staged: Callable[[str], Stage], kind: Kind
) -> None:
    stage = staged("begun")
    stage.write(stage.issue("tracking").ref, {"kind": str(kind)})
    desk = replace(stage.desk("dewi"), actor=Actor("ship", frozenset({"appsec", "release-manager"})))
    for row in PROCESS.gates:
        told = {say: partial(say, desk, NAME, row.name, "we have talked about it") for say in (claim, deny)}
        before = len(desk.journal.entries(NAME))
        if kind not in row.kinds:
            for say in (*told.values(), partial(told[claim], waives=True)):
                with pytest.raises(Misused, match="no such gate: it is for"):
                    say()
            assert len(desk.journal.entries(NAME)) == before
        elif row.check in ("claimed", "estimate_given"):
            assert told[claim]().gate == row.name
        else:
            with pytest.raises(Misused, match="no word makes it hold"):
                told[claim]()
    assert deny(desk, NAME, "fixes-linked", "we are to wait").denies
    assert claim(desk, NAME, "fixes-linked", "go on").gate == "fixes-linked", "it takes the no back"


def test_a_gate_that_an_exception_took_out_is_gone(staged: Callable[[str], Stage]) -> None:
    stage = staged("begun")
    for ref in (NOTEBOOKS, TOKENS):
        remove_fix(stage.desk(), NAME, ref, "it is not ready")
    claim(stage.desk("bjorn"), NAME, "fixes-linked", "it ships without security content", waives=True)
    with pytest.raises(Misused, match="an exception was signed from fixes-linked"):
        claim(stage.desk("bjorn"), NAME, "ranges-given", "it has none", waives=True)

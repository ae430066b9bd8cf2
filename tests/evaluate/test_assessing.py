from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec import structs
from msgspec.structs import replace

from secrel.evaluate.assessing import anchors, assess
from secrel.evaluate.checks.claimed import Params as ClaimedParams
from secrel.evaluate.deadlines import deadlines
from secrel.evaluate.verdicts import (
    Assessment,
    Blocked,
    Check,
    Evidence,
    Finding,
    Hidden,
    Passed,
    Pending,
    Question,
    Said,
    UnseenVerdict,
    Verdict,
    Waiting,
    Waived,
    rows_of,
    verdict_of,
)
from secrel.process.due import Due
from secrel.process.table import Gate
from secrel.snapshot.seen import CarriedOver, Snapshot
from secrel.words.errors import Misused, NotSeen
from secrel.words.forge import State
from secrel.words.parts import Seen, Unseen
from secrel.words.releases import Kind
from tests.builders import (
    DUE,
    FILES,
    NAME,
    NOW,
    a_claim,
    a_contents,
    a_draft,
    a_duty,
    a_fix,
    a_live_post,
    a_release,
    a_snapshot,
    a_tracking_issue,
    an_advisory,
    receipts,
    seen,
)
from tests.evaluate.asking import a_process

HOLDS = Evidence("it", "holds")
WRONG = Finding("acme/app#1", "is wrong")
DARK = Hidden("it is dark")
UNDER_WAY = Pending("acme/app#1", "is under way", "the-cna")
SAID: dict[str, tuple[Said, ...]] = {
    "holds": (HOLDS,),
    "wrong": (HOLDS, WRONG),
    "dark": (HOLDS, DARK),
    "under-way": (HOLDS, UNDER_WAY),
    "all-of-it": (UNDER_WAY, DARK, WRONG, HOLDS),
    "dark-and-under-way": (UNDER_WAY, DARK),
    "silent": (),
    "nothing": (),
}


def find(name: str) -> Check:
    """A check that says what its name promises."""

    def check(_snapshot: Snapshot, _question: Question[Any]) -> Iterator[Said]:
        yield from SAID[name]
        if name == "silent":
            raise NotSeen("the forge does not answer", where="forge.test")

    return check


def rule(text: str) -> Due:
    return Due(text)


def gate(name: str, check: str = "holds", *after: str, due: str = "at due", **changes: object) -> Gate:
    made = Gate(name, name, "one", "primary", check, after=after, due=rule(due) if due else None)
    return structs.replace(made, **changes)


def judge(*gates: Gate, snapshot: Snapshot | None = None, now: datetime = NOW) -> Assessment:
    return assess(snapshot or a_snapshot(), a_process(*gates), now, find)


def signed_in(verdict: Verdict) -> tuple[str, datetime, str]:
    """By whom, when and with which words a gate is waived."""
    assert isinstance(verdict, Waived)
    return verdict.by, verdict.at, verdict.words


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        ("holds", Passed((HOLDS,))),
        ("wrong", Blocked((WRONG,))),
        ("dark", UnseenVerdict(("it is dark",))),
        ("under-way", Waiting(pending=(UNDER_WAY,))),
        ("all-of-it", Blocked((WRONG,))),
        ("dark-and-under-way", UnseenVerdict(("it is dark",))),
        ("silent", UnseenVerdict(("forge.test: the forge does not answer",))),
    ],
)
def test_what_is_found_comes_before_what_is_unseen_and_that_before_what_is_under_way(
    check: str, verdict: object
) -> None:
    assert judge(gate("a", check)).by_name["a"].verdict == verdict


def test_a_no_blocks_whatever_the_check_says_until_somebody_says_yes() -> None:
    no = a_claim("a", "chidi", words="do not publish", denies=True)
    told = judge(gate("a"), gate("b", "holds", "a"), snapshot=a_snapshot(claims=(no,)))
    since = "said no at 2026-11-18 12:00 UTC: do not publish"
    [found] = told.by_name["a"].verdict.findings if isinstance(told.by_name["a"].verdict, Blocked) else []
    assert (found.about, found.what, found.since) == ("chidi", since, NOW)
    assert told.by_name["b"].verdict == Waiting(gates=("a",))
    yes = a_claim("a", "bjorn", at=NOW + timedelta(seconds=1))
    assert judge(gate("a"), snapshot=a_snapshot(claims=(no, yes))).by_name["a"].verdict == Passed((HOLDS,))
    for hours, kind in ((-1, Blocked), (1, Waived)):
        signed = a_claim("a", "bjorn", at=NOW + timedelta(hours=hours), waives=True)
        assert isinstance(judge(gate("a"), snapshot=a_snapshot(claims=(signed, no))).by_name["a"].verdict, kind)


def test_what_has_nothing_to_look_at_has_not_passed() -> None:
    told = judge(gate("a", "nothing"), gate("b", "holds", "a"), now=DUE - timedelta(hours=1))
    assert told.by_name["a"].verdict == Waiting(pending=(Pending("a", "there is nothing to look at yet"),))
    assert told.by_name["b"].verdict == Waiting(gates=("a",))
    signed = a_snapshot(claims=(a_claim("a", waives=True),))
    assert isinstance(judge(gate("a", "nothing"), snapshot=signed).by_name["a"].verdict, Waived)


def test_gates_are_told_in_the_order_of_the_table_whatever_they_come_after() -> None:
    told = judge(gate("late", "holds", "early"), gate("early"))
    assert [judged.gate.name for judged in told.gates] == ["late", "early"]
    assert (told.release, told.at) == (NAME, NOW)


@pytest.mark.parametrize("check", ["wrong", "dark", "under-way"])
def test_a_gate_waits_for_those_before_it_whatever_its_own_check_would_say(check: str) -> None:
    told = judge(gate("a", check), gate("b", "wrong", "a"), gate("c", "holds", "b", "a"))
    assert told.by_name["b"].verdict == Waiting(gates=("a",))
    assert told.by_name["c"].verdict == Waiting(gates=("b", "a"))
    assert {judged.gate.name for judged in told.blocked} <= {"a"}


def test_its_turn_comes_when_they_have_passed_or_are_waived() -> None:
    waived = a_snapshot(claims=(a_claim("b", "chidi", words="we know", waives=True),))
    told = judge(gate("a"), gate("b", "wrong"), gate("c", "wrong", "a", "b"), snapshot=waived)
    assert signed_in(told.by_name["b"].verdict) == ("chidi", NOW, "we know")
    assert told.by_name["c"].verdict == Blocked((WRONG,))


def test_a_gate_that_nobody_knows_is_never_passed() -> None:
    assert judge(gate("a", "holds", "nowhere")).by_name["a"].verdict == Waiting(gates=("nowhere",))


def test_gates_that_wait_for_each_other_are_refused() -> None:
    with pytest.raises(Misused, match="wait for each other"):
        judge(gate("a", "holds", "b"), gate("b", "holds", "a"))


def test_a_gate_waits_until_it_opens() -> None:
    opening = gate("a", "wrong", opens=rule("at due"))
    assert judge(opening).by_name["a"].verdict == Waiting(until=DUE)
    assert judge(opening, now=DUE).by_name["a"].verdict == Blocked((WRONG,))


def test_a_gate_opens_when_the_first_issue_may_be_public_and_is_due_after_the_last() -> None:
    opening = gate("a", "wrong", opens=rule("disclosure"), due="7 days after disclosure")
    told = a_contents(advisories=[an_advisory(1, disclosure_days=60), an_advisory(2, disclosure_days=14)])
    live = a_snapshot([a_fix(1), a_fix(2)], contents=told, post=seen(a_live_post(DUE)))
    waits = judge(opening, snapshot=live, now=DUE + timedelta(days=13)).by_name["a"]
    assert waits.verdict == Waiting(until=DUE + timedelta(days=14))
    assert waits.due == DUE + timedelta(days=67)
    assert isinstance(judge(opening, snapshot=live, now=DUE + timedelta(days=14)).by_name["a"].verdict, Blocked)


def test_what_opens_after_the_announcement_has_no_instant_before_it() -> None:
    opening = gate("a", "wrong", opens=rule("disclosure"), due="7 days after disclosure")
    before = judge(opening).by_name["a"]
    assert (before.verdict, before.due, before.is_due) == (Waiting(), None, False)
    live = a_snapshot(post=seen(a_live_post(DUE)))
    after = judge(opening, snapshot=live).by_name["a"]
    assert after.verdict == Waiting(until=DUE + timedelta(days=30))
    assert after.due == DUE + timedelta(days=37)


def test_waiting_for_gates_and_for_an_instant_tells_both() -> None:
    told = judge(gate("a", "wrong"), gate("b", "holds", "a", opens=rule("at due")))
    assert told.by_name["b"].verdict == Waiting(gates=("a",), until=DUE)


@pytest.mark.parametrize(("now", "is_due"), [(DUE - timedelta(seconds=1), False), (DUE, True)])
def test_a_gate_is_due_from_its_instant_on(now: datetime, is_due: bool) -> None:  # noqa: FBT001
    assert judge(gate("a"), now=now).by_name["a"].is_due is is_due


def test_a_gate_without_a_due_rule_has_to_hold_at_once_and_lets_others_work() -> None:
    told = judge(gate("a", "under-way", due=""))
    assert told.by_name["a"].is_due
    assert told.by_name["a"].due is None
    assert told.by_name["a"].verdict == Waiting(pending=(UNDER_WAY,))


def test_what_is_under_way_when_it_is_due_blocks_and_stays_in_the_same_hands() -> None:
    judged = judge(gate("a", "under-way"), now=DUE).by_name["a"]
    assert judged.verdict == Blocked((Finding("acme/app#1", "is under way, and this is overdue", who="the-cna"),))
    assert judged.who == "the-cna"


# --- kinds, moot gates, lasting gates ---------------------------------------------------------------------------------


def test_gates_of_other_kinds_are_left_out_and_passed_through() -> None:
    other = frozenset({Kind.UNPLANNED})
    told = judge(gate("a", "wrong"), gate("b", "holds", "a", kinds=other), gate("c", "holds", "b"))
    assert [judged.gate.name for judged in told.gates] == ["a", "c"]
    assert told.by_name["c"].verdict == Waiting(gates=("a",))
    unplanned = a_snapshot(release=a_release(kind=Kind.UNPLANNED))
    assert len(judge(gate("a"), gate("b", "holds", "a", kinds=other), snapshot=unplanned).gates) == 2


def test_an_exception_makes_other_gates_moot() -> None:
    gates = (gate("a", "wrong"), gate("b", "wrong", "a", moot_if_waived=("a",)), gate("c", "holds", "b"))
    assert [judged.gate.name for judged in judge(*gates).gates] == ["a", "b", "c"]
    waived = a_snapshot(claims=(a_claim("a", waives=True),))
    told = judge(*gates, snapshot=waived)
    assert [judged.gate.name for judged in told.gates] == ["a", "c"]
    assert told.by_name["c"].verdict == Passed((HOLDS,))


def test_a_gate_that_passes_by_itself_makes_nothing_moot() -> None:
    gates = (gate("a"), gate("b", "wrong", "a", moot_if_waived=("a",)))
    told = judge(*gates, snapshot=a_snapshot(claims=(a_claim("a", waives=True),)))
    assert [judged.gate.name for judged in told.gates] == ["a", "b"]


def test_a_gate_may_be_moot_by_one_that_does_not_belong_to_the_release() -> None:
    gates = (gate("a", kinds=frozenset({Kind.UNPLANNED})), gate("b", "holds", moot_if_waived=("a",)))
    assert [judged.gate.name for judged in judge(*gates).gates] == ["b"]


def test_what_has_happened_stays_passed_whatever_changes_before_it() -> None:
    told = judge(gate("a", "wrong"), gate("b", "holds", "a", lasting=True), gate("c", "wrong", "b"))
    assert told.by_name["b"].verdict == Passed((HOLDS,))
    assert told.by_name["c"].verdict == Blocked((WRONG,))


@pytest.mark.parametrize("check", ["wrong", "dark", "under-way"])
def test_what_has_not_happened_waits_like_any_other(check: str) -> None:
    told = judge(gate("a", "wrong"), gate("b", check, "a", lasting=True))
    assert told.by_name["b"].verdict == Waiting(gates=("a",))


# --- exceptions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", ["wrong", "dark", "under-way", "all-of-it", "silent"])
def test_an_exception_waives_all_that_does_not_hold(check: str) -> None:
    waived = a_snapshot(claims=(a_claim("a", waives=True),))
    assert signed_in(judge(gate("a", check), snapshot=waived).by_name["a"].verdict) == ("amara", NOW, "")


def test_an_exception_holds_before_the_gates_turn_too() -> None:
    waived = a_snapshot(claims=(a_claim("b", waives=True),))
    told = judge(gate("a", "wrong"), gate("b", "wrong", "a"), gate("c", "holds", "b"), snapshot=waived)
    assert signed_in(told.by_name["b"].verdict) == ("amara", NOW, "")
    assert told.by_name["c"].verdict == Passed((HOLDS,))


def test_the_newest_exception_counts_and_only_one_of_this_gate_and_release() -> None:
    claims = (
        a_claim("a", "bjorn", at=NOW - timedelta(days=1), waives=True),
        a_claim("a", "chidi", at=NOW, waives=True),
        a_claim("a", "dewi", at=NOW + timedelta(days=1)),
        a_claim("b", "elif", at=NOW + timedelta(days=1), waives=True),
        replace(a_claim("a", "farid", at=NOW + timedelta(days=1), waives=True), release="2026-12"),
    )
    told = judge(gate("a", "wrong"), snapshot=a_snapshot(claims=claims))
    assert signed_in(told.by_name["a"].verdict) == ("chidi", NOW, "")


def test_an_exception_does_not_cover_what_came_about_after_it() -> None:
    newer = Finding("acme/app#2", "came later", since=NOW + timedelta(seconds=1))
    older = Finding("acme/app#1", "was there", since=NOW)

    def finds(*found: Finding) -> Callable[[str], Check]:
        return lambda _: lambda _snapshot, _question: iter(found)

    waived = a_snapshot(claims=(a_claim("a", waives=True),))
    process = a_process(gate("a"))
    covered = assess(waived, process, NOW, finds(older, WRONG)).by_name["a"]
    excepted = (Finding("acme/app#1", "was there"), Finding(WRONG.about, WRONG.what))
    assert covered.verdict == Waived("amara", NOW, "", excepted)
    assert verdict_of("a", rows_of("a", covered.verdict)) == covered.verdict
    uncovered = assess(waived, process, NOW, finds(older, newer)).by_name["a"]
    assert uncovered.verdict == Blocked((newer,))


@pytest.mark.parametrize("by", ["amara", "Amara", "@AMARA"])
def test_what_somebody_signed_before_they_got_a_part_does_not_free_them(by: str) -> None:
    signed = a_claim("a", by, waives=True)
    barred = gate("a", "wrong", not_by=("primary",))
    told = judge(barred, snapshot=a_snapshot(claims=(signed,), duty=a_duty("amara", "bjorn")))
    assert isinstance(told.by_name["a"].verdict, Blocked)
    told = judge(barred, snapshot=a_snapshot(claims=(signed,), duty=a_duty("bjorn", "amara")))
    assert isinstance(told.by_name["a"].verdict, Waived)
    told = judge(barred, snapshot=a_snapshot(claims=(signed,), duty=a_duty("amara", "bjorn"), people=()))
    assert isinstance(told.by_name["a"].verdict, Blocked), "nor does it when they have left the team"


def test_a_yes_of_somebody_who_may_not_say_it_by_now_is_asked_for_again() -> None:
    told = a_snapshot(claims=(a_claim("a", "bjorn"),), duty=a_duty("amara", "bjorn"))
    for barring, kind in (("secondary", Blocked), ("primary", Passed)):
        process = a_process(gate("a", "claimed", not_by=(barring,), params=ClaimedParams()))
        assert isinstance(assess(told, process, NOW).by_name["a"].verdict, kind)


def test_an_exception_covers_nothing_that_is_about_its_signer() -> None:
    found = [Finding("amara", "left none", since=NOW), Finding("bjorn", "left none", since=NOW)]
    signed = {name: a_claim("a", name, waives=True) for name in ("amara", "bjorn", "chidi")}

    def told(*by: str) -> Verdict:
        claims = tuple(signed[name] for name in by)
        process = a_process(gate("a", not_by=("named",)))
        given = assess(a_snapshot(claims=claims), process, NOW, lambda _: lambda _snapshot, _question: iter(found))
        return given.by_name["a"].verdict

    assert told("amara") == Blocked((found[0],))
    assert told("bjorn") == Blocked((found[1],))
    excepted = tuple(Finding(one.about, one.what) for one in found)
    assert told("amara", "bjorn") == Waived("bjorn", NOW, "", excepted)
    assert told("chidi") == Waived("chidi", NOW, "", excepted)


# --- who acts, and how ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "who"),
    [
        ("primary", "amara"),
        ("secondary", "bjorn"),
        ("release-manager", "the-release-managers"),
        ("cna", "the-cna"),
        ("developer", "developer"),
    ],
)
def test_the_person_behind_the_role_acts(owner: str, who: str) -> None:
    for check in ("holds", "wrong", "dark"):
        assert judge(gate("a", check, owner=owner)).by_name["a"].who == who


def test_without_a_duty_the_role_acts() -> None:
    told = judge(gate("a"), gate("b", owner="secondary"), snapshot=a_snapshot(duty=None))
    assert [judged.who for judged in told.gates] == ["primary", "secondary"]


def test_what_is_under_way_is_with_whom_it_says_or_with_the_owner() -> None:
    assert judge(gate("a", "under-way")).by_name["a"].who == "the-cna"
    anonymous = Pending("it", "is under way")
    told = assess(a_snapshot(), a_process(gate("a")), NOW, lambda _: lambda _s, _q: iter((anonymous,)))
    assert told.by_name["a"].who == "amara"


@pytest.mark.parametrize("minutes", [-30, 30])
@pytest.mark.parametrize("due", ["at due", "3 days before due", ""])
def test_what_is_over_by_itself_is_not_overdue_before_that(minutes: int, due: str) -> None:
    """It has until then, or until the gate is due where that is later; when it goes on after that, it is overdue."""
    until = NOW + timedelta(minutes=minutes)
    resting, table = Pending("it", "is written again later", "the desk", until=until), a_process(gate("a", due=due))
    at = NOW if due != "at due" else a_release().due + timedelta(minutes=10)
    resting = structs.replace(resting, until=at + timedelta(minutes=minutes))
    told = assess(a_snapshot(), table, at, lambda _: lambda _s, _q: iter((resting,))).by_name["a"]
    gates_due = judge(gate("a", due=due), now=at).by_name["a"].due
    if minutes < 0 and gates_due is not None and gates_due <= at:
        assert isinstance(told.verdict, Blocked)
        assert "overdue" in told.verdict.findings[0].what
    else:
        assert told.verdict == Waiting(pending=(resting,))
        assert told.due is None or told.due > at
        assert told.who == "the desk"


def test_the_command_is_the_findings_own_or_the_gates_filled() -> None:
    remedy = "secrel do {release} {gate} {fix}"
    assert judge(gate("a", "wrong", remedy=remedy)).by_name["a"].command == "secrel do 2026-11 a acme/app#1"
    own = Finding("it", "is wrong", "secrel mend")
    told = assess(a_snapshot(), a_process(gate("a", remedy=remedy)), NOW, lambda _: lambda _s, _q: iter((own,)))
    assert told.by_name["a"].command == "secrel mend"


def test_there_is_nothing_to_run_where_nothing_is_to_be_done() -> None:
    told = judge(gate("a", remedy="secrel x"), gate("b", "under-way", remedy="secrel x"), gate("c", "x", "b"))
    assert [judged.command for judged in told.gates] == ["", "", ""]
    assert judge(gate("a", "dark", remedy="secrel x")).by_name["a"].command == "secrel doctor"


def test_a_check_is_told_its_row_the_process_and_the_instants() -> None:
    asked: list[Question[Any]] = []

    def listening(_snapshot: Snapshot, question: Question[Any]) -> Iterator[Said]:
        asked.append(question)
        return iter((HOLDS,))

    row = gate("a", due="1 hour before due")
    process = a_process(row)
    assess(a_snapshot(), process, NOW, lambda _: listening)
    assert asked == [Question(row, process, NOW, DUE - timedelta(hours=1))]


def test_a_check_that_does_not_exist_leaves_its_gate_unseen() -> None:
    told = assess(a_snapshot(), a_process(gate("a", "no_such_check")), NOW)
    [verdict] = [judged.verdict for judged in told.gates]
    assert isinstance(verdict, UnseenVerdict)
    assert "no check is named 'no_such_check'" in verdict.reasons[0]


def test_any_other_error_of_a_check_is_not_hidden() -> None:
    def broken(_snapshot: Snapshot, _question: Question[Any]) -> Iterator[Said]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        assess(a_snapshot(), a_process(gate("a")), NOW, lambda _: broken)


# --- anchors ----------------------------------------------------------------------------------------------------------


def test_time_counts_from_the_merge_of_the_post() -> None:
    assert anchors(a_snapshot(), NOW).announcement is None
    live = anchors(a_snapshot(post=seen(a_live_post(DUE + timedelta(hours=2)))), NOW)
    assert (live.due, live.announcement, live.disclosure_days) == (DUE, DUE + timedelta(hours=2), 30)
    own = a_contents(advisories=[an_advisory(1, disclosure_days=60), an_advisory(2, disclosure_days=14)])
    assert anchors(a_snapshot([a_fix(1), a_fix(2)], contents=own), NOW).disclosure_days == 60


def test_a_release_without_a_fix_counts_from_its_due_instant_once_that_has_passed() -> None:
    assert anchors(a_snapshot([]), DUE - timedelta(seconds=1)).announcement is None
    assert anchors(a_snapshot([]), DUE).announcement == DUE
    assert anchors(a_snapshot(), DUE).announcement is None
    assert anchors(replace(a_snapshot([]), fixes=Unseen("no answer")), DUE).announcement is None


NO_ANSWER = Unseen("no answer")


@pytest.mark.parametrize(
    ("snapshot", "reason"),
    [
        (a_snapshot(post=NO_ANSWER), "the release post could not be seen: no answer"),
        (replace(a_snapshot(), fixes=NO_ANSWER), "the fixes could not be seen"),
        (replace(a_snapshot(), fixes=Seen((), "", "0 of 2 read")), "the fixes could not be seen"),
    ],
)
def test_what_counts_from_an_announcement_that_nobody_can_tell_is_unseen(snapshot: Snapshot, reason: str) -> None:
    opens = gate("later", due="", opens=rule("at announcement"))
    waits = gate("under-way", "under-way", due="1 days after announcement")
    told = judge(opens, waits, snapshot=snapshot, now=DUE).by_name
    assert told["later"].verdict == told["under-way"].verdict == UnseenVerdict((reason,))
    after = judge(
        gate("before", "wrong"),
        gate("next", "holds", "before", opens=rule("at announcement")),
        snapshot=snapshot,
        now=DUE,
    )
    assert after.by_name["next"].verdict == Waiting(("before",))


def test_nothing_is_overdue_at_birth() -> None:
    """A release that is started now, due in two days, has gates that were due before it existed."""
    now = DUE - timedelta(days=2)
    early, late = gate("a", "under-way", due="14 days before due"), gate("b", "wrong", due="24 hours before due")
    new = a_snapshot(tracking=seen(a_tracking_issue(created_at=now)))
    told = judge(early, late, snapshot=new, now=now)
    assert (told.by_name["a"].due, told.by_name["a"].is_due) == (DUE, True), "it has to hold now"
    assert isinstance(told.by_name["a"].verdict, Waiting), "and is not overdue"
    assert (told.by_name["b"].due, told.by_name["b"].is_due) == (DUE - timedelta(days=1), False)
    assert not any(deadline.is_past for deadline in deadlines(told))
    assert isinstance(judge(early, snapshot=new, now=DUE).by_name["a"].verdict, Blocked)
    old = a_snapshot(tracking=seen(a_tracking_issue(created_at=now - timedelta(days=13))))
    assert isinstance(judge(early, snapshot=old, now=now).by_name["a"].verdict, Blocked)
    filled_in = replace(old, receipts=receipts("/details", at=now))
    assert isinstance(judge(early, snapshot=filled_in, now=now).by_name["a"].verdict, Waiting)
    unseen = judge(early, snapshot=a_snapshot(tracking=Unseen("no answer")), now=now)
    assert unseen.by_name["a"].due == DUE - timedelta(days=14)
    unsaid = judge(early, snapshot=a_snapshot(tracking=seen(a_tracking_issue(created_at=None))), now=now)
    assert isinstance(unsaid.by_name["a"].verdict, Blocked), "nobody knows that it is so new"


def test_a_verdict_by_which_the_draft_was_carried_over_is_kept_once_the_draft_is_no_longer_open() -> None:
    kept = Passed((Evidence("it", "was read"), Evidence("it", "was right")))
    signed = Waived("bjorn", NOW, "read on paper, twice")
    rows = (*rows_of("a", kept), *rows_of("b", signed), *rows_of("c", Blocked((WRONG,))))
    then = f" (at {NOW:%Y-%m-%d %H:%M} UTC, when the release post was made of it)"
    kept = Passed((Evidence("it", f"was read{then}"), Evidence("it", f"was right{then}")))
    carried = CarriedOver(NOW, FILES, rows)
    gates = (gate("a", "wrong", "c"), gate("b", "dark"), gate("c", "wrong"))
    for draft in (None, a_draft(state=State.CLOSED), a_draft(state=State.MERGED)):
        told = judge(*gates, snapshot=a_snapshot(carried=carried, draft=seen(draft)))
        assert {name: judged.verdict for name, judged in told.by_name.items()} == {
            "a": kept,
            "b": signed,
            "c": Blocked((WRONG,)),
        }
    unseen = judge(*gates, snapshot=a_snapshot(carried=carried, draft=Unseen("no answer")))
    assert unseen.by_name["a"].verdict == kept
    again = judge(*gates, snapshot=a_snapshot(carried=carried, draft=seen(a_draft())))
    assert again.by_name["a"].verdict == Waiting(gates=("c",))
    no = a_snapshot(carried=carried, claims=(a_claim("a", denies=True), a_claim("b", denies=True)))
    assert isinstance(judge(gates[1], snapshot=no).by_name["b"].verdict, Blocked)

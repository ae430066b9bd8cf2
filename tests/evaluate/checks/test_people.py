from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any

import pytest
from msgspec.structs import replace

from secrel.evaluate.verdicts import Finding
from secrel.snapshot.seen import Complaint
from secrel.words.errors import Misused
from secrel.words.forge import State
from secrel.words.parts import Unseen
from secrel.words.people import ON_DUTY
from tests.builders import (
    DUE,
    NAME,
    NOW,
    a_claim,
    a_contents,
    a_duty,
    a_fix,
    a_live_post,
    a_person,
    a_release,
    a_removed_fix,
    a_snapshot,
    a_team,
    a_tracking_issue,
    an_advisory,
    away,
    receipts,
    seen,
    with_parts,
)
from tests.evaluate.asking import ask, evidence, findings, hidden, holds

MONDAY = DUE - timedelta(days=2)


def test_claimed_holds_with_the_newest_words() -> None:
    claims = (
        a_claim("asked", "amara", at=NOW, words="yes"),
        a_claim("asked", "bjorn", at=NOW + timedelta(hours=1)),
        a_claim("other", "chidi", at=NOW + timedelta(hours=2)),
    )
    assert evidence(ask("claimed", a_snapshot(claims=claims))) == [("bjorn", "said so at 2026-11-18 13:00 UTC")]
    assert evidence(ask("claimed", a_snapshot(claims=claims[:1])))[0][1].endswith(": yes")


def test_an_exception_is_no_claim() -> None:
    waived = a_snapshot(claims=(a_claim("asked", waives=True),))
    assert findings(ask("claimed", waived, wanted="that it is time")) == [("asked", "nobody has said that it is time")]


def test_what_was_claimed_ends_with_what_it_was_about() -> None:
    about = "due 2026-11-25 16:00 UTC; versions app 18.5.2, app 18.4.4, app 18.3.6"
    told = a_snapshot(claims=(a_claim("asked", words="agreed", about=about),))
    facts = ["due", "versions"]
    said = ask("claimed", told, wanted="that it is time", about=facts)
    assert evidence(said) == [("amara", f"said so of {about} at 2026-11-18 12:00 UTC: agreed")]
    elsewhere = DUE.astimezone(timezone(timedelta(hours=9)))
    assert holds(ask("claimed", replace(told, release=a_release(due=elsewhere)), about=facts)), "the same instant"
    moves = (a_release(due=DUE + timedelta(seconds=1)), a_release(("18.5.3", "18.4.4", "18.3.6")))
    for moved in moves:
        [(_, what)] = findings(ask("claimed", replace(told, release=moved), wanted="that it is time", about=facts))
        assert what.startswith(f"amara said that it is time of {about}, and it is due 2026-11-25 16:00")
        assert what.endswith("now: ask again")
        assert holds(ask("claimed", told, about=facts))
    [(_, what)] = findings(ask("claimed", replace(told, claims=(a_claim("asked"),)), about=facts))
    assert what.startswith("amara said so of something that was not recorded, and it is due")


def test_a_no_is_no_claim_and_a_later_yes_is() -> None:
    no = a_claim("asked", "bjorn", words="not before January", denies=True)
    assert findings(ask("claimed", a_snapshot(claims=(a_claim("asked", at=NOW - timedelta(hours=1)), no))))
    yes = a_claim("asked", "bjorn", at=NOW + timedelta(hours=1))
    assert holds(ask("claimed", a_snapshot(claims=(no, yes))))


def test_some_things_have_to_be_said_only_while_a_no_stands_against_another_gate() -> None:
    asked: dict[str, Any] = {"wanted": "what mitigates it", "if_denied": "timing"}
    assert evidence(ask("claimed", a_snapshot(), **asked)) == [("timing", "nobody has said no to it")]
    assert holds(ask("claimed", a_snapshot(claims=(a_claim("timing"),)), **asked))
    no = a_claim("timing", "bjorn", words="not before January", denies=True)
    denied = a_snapshot(claims=(no,))
    assert findings(ask("claimed", denied, **asked)) == [
        ("asked", "nobody has said what mitigates it since bjorn said no: not before January")
    ]
    assert holds(ask("claimed", replace(denied, claims=(no, a_claim("asked", words="switch it off"))), **asked))


def test_duties_are_assigned() -> None:
    assert evidence(ask("duties_assigned", a_snapshot())) == [("amara", "Amara, emea"), ("bjorn", "Bjorn, amer")]


@pytest.mark.parametrize(
    ("primary", "secondary", "found"),
    [
        ("", "", [(NAME, "Primary and Secondary not named")]),
        ("amara", "", [(NAME, "Secondary not named")]),
        ("", "bjorn", [(NAME, "Primary not named")]),
        ("amara", "amara", [("amara", "is both Primary and Secondary")]),
        ("amara", "zoe", [("zoe", "is not in the team")]),
        ("amara", "chidi", [("chidi", "sits in the same region as amara, so that nobody can take over")]),
    ],
)
def test_duties_that_are_wrong(primary: str, secondary: str, found: list[tuple[str, str]]) -> None:
    assert findings(ask("duties_assigned", a_snapshot(duty=a_duty(primary, secondary)))) == found


def test_nobody_at_all_is_assigned() -> None:
    assert findings(ask("duties_assigned", a_snapshot(duty=None))) == [(NAME, "Primary and Secondary not named")]


def test_a_team_of_one_region_may_say_so() -> None:
    assert holds(ask("duties_assigned", a_snapshot(duty=a_duty("amara", "chidi")), one_region=True))


def test_both_are_there_in_the_release_week() -> None:
    assert holds(ask("duties_present", a_snapshot()))


@pytest.mark.parametrize(
    ("first", "last", "is_found"),
    [
        (MONDAY - timedelta(days=3), MONDAY - timedelta(days=1), False),
        (MONDAY - timedelta(days=3), MONDAY, True),
        (DUE, DUE, True),
        (DUE + timedelta(days=1), DUE + timedelta(days=5), False),
    ],
)
def test_an_absence_counts_from_monday_to_the_day(first: datetime, last: datetime, is_found: bool) -> None:  # noqa: FBT001
    amara, bjorn, *rest = a_team()
    said = ask("duties_present", a_snapshot(people=(amara, away(bjorn, first, last), *rest)))
    found = [one for one in said if isinstance(one, Finding)]
    assert [one.about for one in found] == (["bjorn"] if is_found else [])
    assert all(one.remedy == "secrel rotation swap 2026-11 bjorn" for one in found)


def test_days_gone_by_no_longer_count_and_an_illness_of_today_does() -> None:
    amara, bjorn, *rest = a_team()
    ill = a_snapshot(people=(amara, away(bjorn, MONDAY), *rest))
    assert findings(ask("duties_present", ill, now=MONDAY))
    assert holds(ask("duties_present", ill, now=DUE))


def test_after_a_slipped_day_today_counts_until_the_announcement() -> None:
    amara, bjorn, *rest = a_team()
    late = DUE + timedelta(days=2)
    ill = a_snapshot(people=(amara, away(bjorn, late), *rest))
    assert findings(ask("duties_present", ill, now=late)) == [("bjorn", "is away on 2026-11-27, in the release week")]
    assert holds(ask("duties_present", with_parts(ill, post=seen(a_live_post())), now=late))


def test_somebody_unknown_may_be_anywhere() -> None:
    said = ask("duties_present", a_snapshot(duty=a_duty("amara", "zoe")))
    assert findings(said) == [("zoe", "is not in the team, so nobody knows whether they are at work")]


def test_a_zone_that_is_none_is_an_error_of_ours() -> None:
    people = (a_person("amara", zone="Mars/Olympus"), a_person("bjorn"))
    for check in ("duties_present", "handover_written"):
        with pytest.raises(Misused, match="time zone"):
            ask(check, a_snapshot(people=people))


# --- handover: amara works 09-17 UTC, bjorn 09-17 in Denver, which is 16-24 UTC in November --------------------------

EVENING = datetime(2026, 11, 24, 17, tzinfo=UTC)  # the Tuesday of the release week
SENT = ("/handover/2026-11-23/amara", "/handover/2026-11-23/bjorn")


def missed(said: list[Any]) -> list[tuple[str, str]]:
    """Whose handover is missing, and of which day."""
    found = [(about, what.removeprefix("left no handover on ")) for about, what in findings(said)]
    return [(about, what.removesuffix(", and their working day has ended")) for about, what in found]


def remedies(said: list[Any]) -> list[str]:
    return [one.remedy for one in said if isinstance(one, Finding)]


def test_a_handover_is_due_at_the_end_of_the_persons_own_day() -> None:
    snapshot = a_snapshot(receipts=receipts(*SENT, at=EVENING - timedelta(days=1)))
    early = ask("handover_written", snapshot, now=EVENING - timedelta(seconds=1))
    assert holds(early)
    assert evidence(early)[0] == (
        "amara",
        "wrote a handover at 2026-11-23 17:00 UTC: https://forge.test/2026-11/handover/2026-11-23/amara",
    )
    late = ask("handover_written", snapshot, now=EVENING)
    assert findings(late) == [("amara", "left no handover on 2026-11-24")]
    assert remedies(late) == ["secrel handover 2026-11 --send --by amara"]


def test_the_others_day_ends_on_their_own_date() -> None:
    written = a_snapshot(receipts=receipts(*SENT, "/handover/2026-11-24/amara"))
    said = ask("handover_written", written, now=datetime(2026, 11, 25, 0, tzinfo=UTC))
    assert missed(said) == [("bjorn", "2026-11-24")]
    assert holds(ask("handover_written", written, now=datetime(2026, 11, 24, 23, 59, tzinfo=UTC)))


def test_a_handover_that_was_missed_stays_missed_until_somebody_signs_it() -> None:
    snapshot = a_snapshot(receipts=receipts("/handover/2026-11-24/amara", *SENT[1:], "/handover/2026-11-24/bjorn"))
    at_night, next_morning = EVENING + timedelta(hours=6), EVENING + timedelta(hours=16)
    for now in (at_night, next_morning):
        said = ask("handover_written", snapshot, now=now)
        assert missed(said) == [("amara", "2026-11-23")]
        assert remedies(said) == ['secrel claim 2026-11 asked --waive --words "…" --by bjorn'], "the other one signs"
    live = with_parts(snapshot, post=seen(a_live_post()), receipts={**snapshot.receipts, **receipts(*LATER)})
    assert missed(ask("handover_written", live, now=DUE + timedelta(days=30))) == [("amara", "2026-11-23")]
    [found] = [one for one in said if isinstance(one, Finding)]
    assert found.since == datetime(2026, 11, 23, 17, tzinfo=UTC), "an exception signed later covers it"


def test_of_a_release_that_is_closed_no_handover_is_asked() -> None:
    closed = a_snapshot(tracking=seen(a_tracking_issue(state=State.CLOSED)), post=seen(a_live_post()))
    assert holds(ask("handover_written", closed, now=DUE + timedelta(days=31)))
    assert evidence(ask("handover_written", closed, now=DUE)) == [
        ("acme/app#500", "the release is closed, and nobody goes on with it")
    ]


LATER = tuple(f"/handover/2026-11-{day}/{who}" for day in (24, 25, 26) for who in ("amara", "bjorn"))


def test_until_the_next_working_day_begins_it_can_still_be_sent() -> None:
    friday = datetime(2026, 11, 20, 17, tzinfo=UTC)
    asked = a_snapshot(removed=(a_removed_fix(9, friday - timedelta(hours=1)),), duty=a_duty("amara", ""))
    for later in (timedelta(0), timedelta(days=1), timedelta(days=2, hours=15, minutes=59)):
        said = ask("handover_written", asked, now=friday + later)
        assert missed(said) == [("amara", "2026-11-20")]
        assert remedies(said) == ["secrel handover 2026-11 --send --by amara"]
    said = ask("handover_written", asked, now=friday + timedelta(days=2, hours=16))
    assert remedies(said) == ['secrel claim 2026-11 asked --waive --words "…"']


def test_none_is_asked_for_a_day_before_the_release_existed() -> None:
    """An unplanned release that is started now, due in two days, has missed nothing."""
    for born in (EVENING, EVENING - timedelta(hours=3)):
        opened = a_snapshot(tracking=seen(a_tracking_issue(created_at=born)), duty=a_duty("amara", "dewi"))
        assert missed(ask("handover_written", opened, now=born)) == []
    assert missed(ask("handover_written", opened, now=EVENING)) == [("amara", "2026-11-24")]
    filled_in = a_snapshot(receipts={**receipts("/tracking"), **receipts("/details", at=EVENING)})
    assert missed(ask("handover_written", filled_in, now=EVENING)) == []
    unknown = a_snapshot(tracking=seen(a_tracking_issue(created_at=None)), receipts=receipts(*SENT))
    assert missed(ask("handover_written", unknown, now=EVENING)) == [("amara", "2026-11-24")]
    unseen = ask("handover_written", a_snapshot(tracking=Unseen("no answer")), now=EVENING)
    assert set(hidden(unseen)) == {"the tracking issue could not be seen: no answer"}


def test_none_is_asked_of_somebody_for_a_day_before_they_took_their_place() -> None:
    taken = a_claim(ON_DUTY, about="AMARA", at=datetime(2026, 11, 24, 9, tzinfo=UTC))
    said = ask("handover_written", a_snapshot(claims=(taken,)), now=EVENING)
    assert missed(said) == [("amara", "2026-11-24"), ("bjorn", "2026-11-23")]


def test_who_is_away_or_off_hands_nothing_over() -> None:
    amara, *rest = a_team()
    day_before = receipts(*SENT)
    ill = a_snapshot(people=(away(amara, EVENING), *rest), receipts=day_before)
    assert holds(ask("handover_written", ill, now=EVENING))
    off = a_snapshot(people=(replace(amara, days=(0, 2, 3, 4)), *rest), receipts=day_before)
    assert holds(ask("handover_written", off, now=EVENING))


def test_before_the_release_week_only_open_work_calls_for_one() -> None:
    evening = datetime(2026, 11, 18, 17, tzinfo=UTC)
    nothing = ask("handover_written", a_snapshot(), now=evening)
    daily = "from 2026-11-23 on every working day ends with one"
    assert evidence(nothing)[0] == ("amara", f"has nothing to hand over yet; {daily}")
    ill = away(a_team()[0], DUE - timedelta(days=9), DUE + timedelta(days=9))
    after = ask("handover_written", a_snapshot(people=(ill,)), now=DUE + timedelta(days=2))
    assert evidence(after)[0] == ("amara", "has nothing to hand over yet")
    linked = evening - timedelta(hours=9)
    fixes = [a_fix(1, linked_at=linked), a_fix(2, linked_at=linked)]
    alone: dict[str, Any] = {"duty": a_duty("amara", "")}
    for snapshot in (
        a_snapshot(fixes, contents=a_contents(advisories=[an_advisory(affected=None)]), **alone),
        a_snapshot(fixes, contents=a_contents(advisories=[an_advisory(cve_id=None)]), **alone),
        a_snapshot(fixes, complaints=(Complaint(fixes[0].ref, "vector", "is none"),), **alone),
        a_snapshot(fixes, removed=(a_removed_fix(9, linked),), **alone),
    ):
        assert missed(ask("handover_written", snapshot, now=evening)) == [("amara", "2026-11-18")]
        assert holds(ask("handover_written", snapshot, now=evening, days=3))
    settled = a_snapshot(fixes, contents=a_contents(advisories=[an_advisory(cve_id=None, no_cve="a dependency")]))
    assert holds(ask("handover_written", settled, now=evening))


def test_handovers_go_on_for_a_day_after_the_announcement_and_no_longer() -> None:
    sent = receipts(*SENT, *LATER[:-2])
    live = a_snapshot(post=seen(a_live_post(DUE + timedelta(hours=1))), receipts=sent)
    until = DUE + timedelta(days=1, hours=1)
    assert missed(ask("handover_written", live, now=until - timedelta(seconds=1))) == []
    assert missed(ask("handover_written", live, now=until)) == [("amara", "2026-11-26")]
    sent = {**sent, **receipts("/handover/2026-11-26/amara")}
    assert holds(ask("handover_written", replace(live, receipts=sent), now=until + timedelta(days=9)))
    assert missed(ask("handover_written", replace(live, receipts=sent), now=until + timedelta(days=9), days_after=2))


def test_a_release_that_announces_nothing_is_over_when_it_is_due() -> None:
    empty = a_snapshot([], receipts=receipts(*SENT, *LATER))
    assert holds(ask("handover_written", empty, now=DUE + timedelta(days=30)))


def test_a_night_worker_hands_over_the_morning_after() -> None:
    owl = a_person("amara", begins=time(20), ends=time(4))
    snapshot = a_snapshot(people=(owl, *a_team()[1:]), receipts=receipts(*SENT, "/handover/2026-11-24/bjorn"))
    assert holds(ask("handover_written", snapshot, now=datetime(2026, 11, 25, 3, 59, tzinfo=UTC)))
    morning = ask("handover_written", replace(snapshot, duty=a_duty("amara", "")), now=EVENING.replace(day=25, hour=4))
    assert missed(morning) == [("amara", "2026-11-24")]
    assert remedies(morning) == ["secrel handover 2026-11 --send --by amara"]


def test_with_nobody_on_duty_nobody_hands_over() -> None:
    assert evidence(ask("handover_written", a_snapshot(duty=None), now=EVENING)) == [(NAME, "nobody is on duty yet")]

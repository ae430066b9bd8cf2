"""Starting a release, and what people do to it by commands: fixes come and go, days and versions move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs
from msgspec.structs import replace

from secrel.adapters.localforge.people import NewIssue
from secrel.apply.applying import Done, Halted
from secrel.desk.claiming import claim
from secrel.desk.fixing import add_fix, complete_fix, link_fix, remove_fix
from secrel.desk.looking import look
from secrel.desk.ordering import Ordered, order
from secrel.desk.releasing import move_release
from secrel.desk.rotation import known_releases
from secrel.desk.starting import check_critical, start
from secrel.evaluate.looking import issue_of
from secrel.evaluate.train import next_release, next_stops
from secrel.journal.entries import claims, in_doubt
from secrel.observe.release_file import Branch, FixEntry, ReleaseFile, read_release_file
from secrel.process.roles import Act
from secrel.words.effects import Effect, SetFacts
from secrel.words.errors import Misused, Refused
from secrel.words.facts.stated import UNSTATED, FixFacts
from secrel.words.ids import CveId
from secrel.words.people import Duty
from secrel.words.vectors import Vector
from tests.builders import VECTOR
from tests.desk.stage import DUE, NAME, NOTEBOOKS, PROCESS, RELEASE, TOKENS, Stage


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    return staged("begun")


def a_file(text: str = RELEASE) -> ReleaseFile:
    return read_release_file(text, "release.yaml", PROCESS)


def named(name: str, due: datetime, until: str = "fixes:") -> str:
    """The head of the release file, for another release."""
    head = RELEASE[: RELEASE.index(until)]
    head = head.replace("[1.2.3, 1.1.9]", "[1.2.4, 1.1.10]")
    return head.replace(f"release: {NAME}", f"release: {name}").replace(DUE.isoformat(), due.isoformat())


def test_started_again_nothing_is_made_twice_and_what_is_new_is_added(stage: Stage) -> None:
    assert {outcome.done for outcome in start(stage.desk(), a_file())} == {Done.ALREADY}
    more = RELEASE + "  - {name: third, title: A third flaw}\n"
    outcomes = start(stage.desk(), read_release_file(more, "release.yaml", PROCESS))
    assert [o.effect.key for o in outcomes if o.done is Done.DONE] == [f"{NAME}/fix/third", f"{NAME}/link/third"]
    assert len(look(stage.desk(), NAME).snapshot.tracked_fixes) == 3


def test_started_again_the_release_says_what_the_file_says_now(stage: Stage) -> None:
    more = "dependencies: [{name: libfoo, version: '2.1'}]\nbug_fixes: [{version: 1.2.3, title: A bug, url: https://x.test}]\n"
    text = RELEASE.replace("fixes:\n", f"{more}disclosure_days: 45\nfixes:\n", 1)
    done = [outcome for outcome in start(stage.desk(), a_file(text)) if outcome.done is Done.DONE]
    assert [outcome.effect.key for outcome in done] == [f"{NAME}/details/1"]
    assert done[0].effect.summary.endswith("of disclosure days, dependencies, and bug fixes")
    contents = look(stage.desk(), NAME).snapshot.contents
    assert [update.name for update in contents.dependencies] == ["libfoo"]
    assert [fix.title for fix in contents.bug_fixes] == ["A bug"]
    assert contents.release.disclosure_days == 45
    assert {outcome.done for outcome in start(stage.desk(), a_file(text))} == {Done.ALREADY}
    start(stage.desk(), a_file())
    seen = look(stage.desk(), NAME).snapshot
    assert (seen.contents.dependencies, seen.contents.bug_fixes) == ((), ())
    assert seen.duty == Duty(NAME, "amara", "bjorn")


UPCOMING = ("security", "upcoming security release")
BOARD = PROCESS.projects["tracking"]


@pytest.mark.parametrize(
    ("due", "said"),
    [(DUE.date(), "people opened the tracking issue of a planned release for 2026-11-25"), (None, "no due date")],
)
def test_beside_a_tracking_issue_that_people_opened_none_is_started(
    staged: Callable[[str], Stage], due: date | None, said: str
) -> None:
    stage = staged("begun")
    name = "2026-12"
    day = due and due + timedelta(days=30)
    ref = stage.forge.people.open_issue(NewIssue(BOARD, "Security release", "bot", DUE, labels=UPCOMING, due=day))
    file = a_file(named(name, DUE + timedelta(days=30)))
    with pytest.raises(Misused, match=said.replace("11-25", "12-25")) as refused:
        start(stage.desk(), file)
    assert ref in str(refused.value)
    assert refused.value.remedy
    assert stage.forge.people.issue_made(f"{name}/tracking") is None
    stage.forge.people.set_due(ref, DUE.date() + timedelta(days=60))
    start(stage.desk(), file)
    assert stage.forge.people.issue_made(f"{name}/tracking") is not None


def test_of_two_tracking_issues_neither_is_taken(stage: Stage) -> None:
    new = NewIssue(BOARD, "Security release", "bot", DUE, labels=UPCOMING, due=DUE.date())
    ref, own = stage.forge.people.open_issue(new), stage.issue("tracking").ref
    with pytest.raises(Misused, match=rf"2 open tracking issues could be that of this release: {own} .* and {ref}"):
        start(stage.desk(), a_file())


def test_started_again_nobody_is_chosen_a_second_time(stage: Stage) -> None:
    unnamed = RELEASE.replace("primary: amara\nsecondary: bjorn\n", "")
    move_release(stage.desk(), NAME, due=(DUE - timedelta(days=3)).isoformat())
    earlier = unnamed.replace(DUE.isoformat(), (DUE - timedelta(days=3)).isoformat())
    assert {outcome.done for outcome in start(stage.desk(), a_file(earlier))} == {Done.ALREADY}


def test_those_on_duty_are_written_as_the_team_spells_them(stage: Stage) -> None:
    for text in (RELEASE, named("2026-12", DUE + timedelta(days=21)) + "fixes: []\n"):
        file = a_file(text.replace("primary: amara", "primary: Amara").replace("secondary: bjorn", "secondary: BJORN"))
        for _ in range(2):
            start(stage.desk(), file)
            duty = look(stage.desk(), file.release.name).snapshot.duty
            assert duty == Duty(file.release.name, "amara", "bjorn")
    made = stage.forge.people.issue_made("2026-12/tracking")
    assert made is not None
    assert made.facts.table["primary"] == "amara"


@pytest.mark.parametrize(
    ("old", "new", "door"),
    [
        (DUE.isoformat(), (DUE + timedelta(days=1)).isoformat(), "secrel forge move 2026-11 --due 2026-11-26T14:00"),
        ("versions: [1.2.3, 1.1.9]", "versions: [1.2.4, 1.1.9]", "--versions product=1.2.4,1.1.9"),
        ("secondary: bjorn", "secondary: dewi", "secrel rotation swap 2026-11"),
    ],
)
def test_what_has_a_door_of_its_own_is_not_changed_by_starting_again(
    stage: Stage, old: str, new: str, door: str
) -> None:
    before = len(stage.desk().journal.entries())
    text = RELEASE.replace(old, new)
    with pytest.raises(Misused, match="the file") as told:
        start(stage.desk(), a_file(text))
    assert door in told.value.remedy
    assert len(stage.desk().journal.entries()) == before


def test_the_merge_requests_of_a_release_file_carry_the_label_that_the_gates_want(stage: Stage) -> None:
    requests = stage.forge.people.related(NOTEBOOKS)
    assert [request.labels for request in requests] == [{"security"}] * 3


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"primary: amara": "primary: nobody"}, "'nobody' is not in the team"),
        ({"secondary: bjorn": 'secondary: ""'}, "only one of `primary` and `secondary` is named"),
        ({"primary: amara": 'primary: ""'}, "only one of `primary` and `secondary` is named"),
        ({"form: generic": "form: genric"}, "there is no form named 'genric'"),
        ({DUE.isoformat(): "2026-11-01T00:00:00+00:00"}, "which is past"),
    ],
)
def test_a_release_that_cannot_be_started_changes_nothing(stage: Stage, changes: dict[str, str], said: str) -> None:
    before = len(stage.desk().journal.entries())
    text = named("2026-12", DUE)
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(Misused, match=said):
        start(stage.desk(), read_release_file(text, "release.yaml", PROCESS))
    assert len(stage.desk().journal.entries()) == before


def test_without_names_the_rotation_says_who_and_not_the_same_two_again(stage: Stage) -> None:
    start(stage.desk(), a_file(named("2026-12", DUE + timedelta(days=21), "primary:")))
    known = {release.name: duty for release, duty in known_releases(stage.desk())}
    assert known[NAME] == Duty(NAME, "amara", "bjorn")
    chosen = known["2026-12"]
    assert chosen is not None
    assert {chosen.primary, chosen.secondary} == {"chidi", "dewi"}, "nobody twice in a row"


def test_a_tracking_issue_that_cannot_be_read_is_no_release(stage: Stage) -> None:
    stage.write(stage.issue("tracking").ref, {"due": None})
    assert known_releases(stage.desk()) == []


def test_a_branch_that_is_not_there_is_refused_and_nothing_is_in_doubt(stage: Stage) -> None:
    entry = FixEntry("fourth", FixFacts(title="t"), merge_requests=(Branch("nowhere", "main"),))
    with pytest.raises(Halted, match="no such branch"):
        add_fix(stage.desk(), NAME, entry)
    assert in_doubt(stage.desk().journal.entries()) == []


def test_the_release_after_this_one_is_started_on_the_issue_that_this_one_opened(
    staged: Callable[[str], Stage],
) -> None:
    stage = staged("live")
    stage.approve("bjorn")
    stage.at = DUE + timedelta(days=31)
    stage.quiet()
    stage.approve("bjorn")
    stage.quiet()
    snapshot = look(stage.desk(), NAME).snapshot
    following, due = next_release(snapshot.release, PROCESS, stage.at)
    assert due is not None
    assert due > stage.at, "the next stop is after today, however late this one ends"
    assert next_release(snapshot.release, PROCESS, due + timedelta(days=1), snapshot.receipts) == (following, None)
    opened = stage.forge.people.issue_made(f"{following}/tracking")
    assert opened is not None
    assert opened.facts.table["next_after"] == NAME
    with pytest.raises(Misused, match="is not started") as early:
        look(stage.desk(), following)
    assert (early.value.where, early.value.remedy) == (opened.ref, "start it: secrel start --from release.yaml")
    stage.write(opened.ref, {"kind": "to be said", "colour": "red"})
    with pytest.raises(Misused, match=f"is there already, as {following}") as told:
        start(stage.desk(), a_file(named("another-name", due)))
    assert f"`release: {following}`" in told.value.remedy
    text = named(following, stage.at + timedelta(days=20))
    text += "fixes:\n  - {name: one, title: A flaw of the next release}\n"
    start(stage.desk(), read_release_file(text, "next.yaml", PROCESS))
    assert stage.forge.people.issues([opened.ref])[opened.ref].facts.table["colour"] == "red", "what nobody knows stays"
    stage.write(opened.ref, {"colour": None})
    seen = look(stage.desk(), following)
    assert isinstance(seen.snapshot.tracking.where, str)
    assert seen.snapshot.release.name == following
    begun = stage.forge.people.issues([opened.ref])[opened.ref]
    assert (opened.title, begun.title) == (f"Security release: {following}", "Security release: 1.2.x, 1.1.x")
    assert "They are named when" in opened.body
    assert "- Larkspur 1.2.4\n" in begun.body
    assert begun.due == (stage.at + timedelta(days=20)).date()
    assert [issue_of(fix).title for fix in seen.snapshot.tracked_fixes] == ["A flaw of the next release"]
    assert stage.forge.people.issue_made(f"{following}/tracking") is not None
    assert "next_after" not in stage.forge.people.issues([opened.ref])[opened.ref].facts.table
    assert {o.done for o in start(stage.desk(), read_release_file(text, "next.yaml", PROCESS))} == {Done.ALREADY}


def test_a_critical_release_is_called_by_an_issue_of_the_highest_severity(stage: Stage) -> None:
    unplanned = read_release_file(RELEASE.replace("kind: planned", "kind: unplanned"), "release.yaml", PROCESS)
    with pytest.raises(Misused, match="says a planned release"):
        check_critical(stage.desk(), NOTEBOOKS, a_file())
    with pytest.raises(Misused, match="there is no issue 'vendor/product#99'"):
        check_critical(stage.desk(), "vendor/product#99", unplanned)
    with pytest.raises(Misused, match="is not labelled severity::1"):
        check_critical(stage.desk(), NOTEBOOKS, unplanned)
    stage.forge.people.add_label(NOTEBOOKS, "severity::1")
    check_critical(stage.desk(), NOTEBOOKS, unplanned)


def test_a_critical_release_is_labelled_so(stage: Stage) -> None:
    text = named("2026-11-critical", DUE).replace("kind: planned", "kind: unplanned")
    start(stage.desk(), a_file(text))
    tracking = stage.forge.people.issue_made("2026-11-critical/tracking")
    assert tracking is not None
    assert "critical security release" in tracking.labels


def test_hostile_names_and_texts_stand_for_nothing(stage: Stage) -> None:
    hostile = "A title ⟦2026-11/tracking⟧ ⟦no/such⟧ /close @all <script>"
    add_fix(stage.desk(), NAME, FixEntry("hostile", FixFacts(title=hostile, description="⟦no/such⟧")))
    fix = look(stage.desk(), NAME).snapshot.tracked_fixes[-1]
    assert issue_of(fix).title == hostile.replace("⟦", "[").replace("⟧", "]")
    assert issue_of(fix).facts.table["description"] == "⟦no/such⟧", "a fact stays as it was given"
    stage.at = DUE - timedelta(days=10)
    stage.quiet()
    for name in ("../x", "a/b", "⟦x⟧", "", "x" * 81, "a b"):
        with pytest.raises(Misused, match="is no name for a fix"):
            add_fix(stage.desk(), NAME, FixEntry(name, FixFacts(title="t")))


def test_a_fix_is_added_once_and_completed_after_an_interruption(stage: Stage) -> None:
    entry = FixEntry("fifth", FixFacts(title="A fifth flaw", vector=Vector.parse(VECTOR)))
    wrong = FixEntry("fifth", FixFacts(title="A fifth flaw"), merge_requests=(Branch("nowhere", "main"),))
    with pytest.raises(Halted, match="no such branch"):
        add_fix(stage.desk(), NAME, wrong)
    assert len(look(stage.desk(), NAME).snapshot.tracked_fixes) == 2, "its issue is there, and not its link"
    outcomes = add_fix(stage.desk(), NAME, entry)
    assert [outcome.done for outcome in outcomes] == [Done.ALREADY, Done.DONE]
    assert len(look(stage.desk(), NAME).snapshot.tracked_fixes) == 3
    with pytest.raises(Misused, match="has a fix named 'fifth' already"):
        add_fix(stage.desk(), NAME, entry)
    for bad, said in (
        (FixEntry("sixth", FixFacts()), "`title` is missing"),
        (FixEntry("sixth", FixFacts(title="t", product="other")), "is not shipped by this release"),
        (FixEntry("sixth", FixFacts(title="t"), ("unknown",)), "there is no label"),
    ):
        with pytest.raises(Misused, match=said):
            add_fix(stage.desk(), NAME, bad)
    assert len(look(stage.desk(), NAME).snapshot.tracked_fixes) == 3


def test_details_are_completed_line_by_line(stage: Stage) -> None:
    def complete(ref: str = NOTEBOOKS, **changes: Any) -> None:
        complete_fix(stage.desk(), NAME, ref, FixFacts(**changes), tuple(changes))

    def table() -> dict[str, Any]:
        return stage.forge.people.issues([NOTEBOOKS])[NOTEBOOKS].facts.table

    complete(cve=CveId("CVE-2026-7777"), assigned_by="us", workaround="None.")
    complete(workaround="")
    assert table()["cve"] == "CVE-2026-7777"
    assert "workaround" not in table()
    stage.write(NOTEBOOKS, {"vector": "AV:N"})
    complete(cve=CveId("CVE-2026-8888"))
    before = table()
    assert (before["cve"], before["vector"]) == ("CVE-2026-8888", "AV:N"), "what cannot be read hinders no other line"
    with pytest.raises(Misused, match="is no fix of this release"):
        complete("vendor/product#99", workaround="None.")
    assert table() == before
    complete(vector=Vector.parse(VECTOR))
    assert table() == {**before, "vector": VECTOR}


def test_a_fix_is_taken_out_with_a_reason_and_put_back_again(stage: Stage) -> None:
    for reason in ("", "  "):
        with pytest.raises(Misused, match="no reason is given"):
            remove_fix(stage.desk(), NAME, TOKENS, reason)
    for _ in range(2):
        remove_fix(stage.desk("bjorn"), NAME, TOKENS, "after the deadline")
        assert [fix.ref for fix in look(stage.desk(), NAME).snapshot.tracked_fixes] == [NOTEBOOKS]
        with pytest.raises(Misused, match="is no fix of this release"):
            remove_fix(stage.desk(), NAME, TOKENS, "again")
        link_fix(stage.desk(), NAME, TOKENS)
        assert len(look(stage.desk(), NAME).snapshot.tracked_fixes) == 2
    told = [c for c in claims(stage.desk().journal.entries(NAME)) if c.gate == f"removed {TOKENS}"]
    assert [(c.by, c.words) for c in told] == [("bjorn", "after the deadline")] * 2
    with pytest.raises(Misused, match="there is no issue"):
        link_fix(stage.desk(), NAME, "vendor/product#99")


def test_claims_are_about_gates_of_releases(stage: Stage) -> None:
    said = claim(stage.desk("bjorn"), NAME, "fixes-linked", "  seen  ", waives=True)
    assert (said.by, said.words, said.at) == ("bjorn", "seen", stage.at)
    for name, gate, words, what in (
        ("2099-01", "fixes-linked", "x", "there is no release '2099-01'"),
        (NAME, "no-such-gate", "x", "there is no gate"),
        (NAME, "author of the post", "x", "there is no gate"),
        (NAME, "fixes-linked", " ", "the words are empty"),
    ):
        with pytest.raises(Misused, match=what):
            claim(stage.desk(), name, gate, words)


def test_a_release_is_moved_as_a_whole_or_not_at_all(stage: Stage) -> None:
    moved = move_release(stage.desk(), NAME, due=(DUE + timedelta(days=2)).isoformat())
    assert moved.due == DUE + timedelta(days=2)
    assert stage.issue("tracking").due == moved.due.date()
    moved = move_release(stage.desk(), NAME, versions={"product": ["1.2.4", "1.1.9"]})
    assert [str(version) for version in moved.main.versions] == ["1.2.4", "1.1.9"]
    facts = stage.issue("tracking").facts
    for changes, said in (
        ({"due": "soon"}, "is no time with its zone"),
        ({"versions": {"other": ["1"]}}, "does not ship 'other'"),
        ({"versions": {"product": ["x"]}}, "is not a version"),
    ):
        with pytest.raises(Misused, match=said):
            move_release(stage.desk(), NAME, **changes)
    assert stage.issue("tracking").facts == facts


def test_the_train_has_stops_and_without_one_the_next_release_has_a_name() -> None:
    stops = next_stops(PROCESS, DUE.date(), 3)
    assert [at.date().isoformat() for at in stops] == ["2026-12-16", "2027-01-20", "2027-02-17"]
    assert len(next_stops(PROCESS, DUE.date(), 9)) == 9, "farther than one look ahead"
    trainless = structs.replace(PROCESS, cadence=None)
    assert next_stops(trainless, DUE.date()) == []
    assert next_release(a_file().release, trainless, DUE) == (f"after-{NAME}", None)
    late = DUE + timedelta(days=35)
    assert next_release(a_file().release, PROCESS, late)[0] == "2027-01-20"


def test_a_change_that_others_overtake_again_and_again_is_refused(stage: Stage) -> None:
    desk = stage.desk()
    action = SetFacts(NOTEBOOKS, FixFacts(edition="CE"), ("edition",), UNSTATED)
    taken = Effect(f"{NAME}/facts/{NOTEBOOKS}/1", action, "s")
    order(desk, NAME, Act.ADD, lambda _look: Ordered((taken,)))
    late = replace(taken, action=replace(action, changes=FixFacts(edition="EE")))
    with pytest.raises(Refused, match="other desks change this release all the time"):
        order(desk, NAME, Act.ADD, lambda _look: Ordered((late,)))
    assert stage.forge.people.issues([NOTEBOOKS])[NOTEBOOKS].facts.table["edition"] == "CE"

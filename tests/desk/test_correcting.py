"""What becomes known after the announcement is planned, approved and applied as a correction of the live post."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from msgspec.structs import replace

from secrel.adapters.localforge.people import NewIssue
from secrel.apply.applying import Done, Outcome
from secrel.cli.main import run
from secrel.desk.fixing import complete_fix
from secrel.desk.looking import look
from secrel.desk.mailing import verify_mail
from secrel.desk.ordering import Unapproved
from secrel.desk.proposing import propose
from secrel.desk.releasing import move_release
from secrel.evaluate.verdicts import Blocked, Judged, Passed, Verdict, Waived
from secrel.papers.documents import corrected
from secrel.papers.email.current import email_now
from secrel.papers.post.current import post_address
from secrel.papers.scene import Scene
from secrel.rehearsal.vendor import commit_file
from secrel.verify.post.facts.reading import read_post
from secrel.words.advisories import Credit
from secrel.words.errors import Exit, Misused, Refused
from secrel.words.facts.stated import FixFacts
from secrel.words.vectors import Vector
from tests.builders import VECTOR, an_advisory
from tests.desk.stage import DUE, NAME, NOTEBOOKS, Stage

CORRECTION = f"{NAME}/post/correction"


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    """A release whose post is live."""
    return staged("live")


def seen(stage: Stage) -> Scene:
    """Look at it."""
    return look(stage.desk(), NAME)


def verdict(stage: Stage) -> Verdict:
    return look(stage.desk(), NAME).assessment.by_name["post-published-right"].verdict


def rate(stage: Stage, rest: str) -> str:
    """Let somebody correct the vector of a fix, and give it."""
    vector = f"CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/{rest}"
    stage.write(NOTEBOOKS, {"vector": vector})
    return vector


def files(stage: Stage) -> dict[str, str]:
    return dict(stage.request("post/correction").files)


def test_a_fact_that_came_late_is_corrected_in_public_and_once(stage: Stage) -> None:
    assert isinstance(verdict(stage), Passed)
    stage.at = DUE + timedelta(days=4)
    vector = rate(stage, "C:H/I:L/A:N")
    assert isinstance(verdict(stage), Blocked)
    stage.quiet()
    assert stage.forge.people.merge_request_made(CORRECTION) is None, "it is public: nobody corrects it unasked"
    assert stage.approve("bjorn", only=("release_post",)) == [CORRECTION]
    [(path, text)] = files(stage).items()
    [(live_path, live)] = stage.request("post/release").files
    assert path == live_path
    changed = set(text.splitlines()) - set(live.splitlines())
    assert vector in text
    assert all(vector in line for line in changed), "nothing else is changed"
    assert stage.approve("bjorn", only=("release_post",)) == []
    vector = rate(stage, "C:L/I:L/A:N")
    assert stage.approve("bjorn", only=("release_post",)) == [f"{CORRECTION}/edit/1"]
    assert vector in "".join(files(stage).values())
    stage.forge.people.merge(stage.request("post/correction").ref, "release-managers", stage.at)
    assert isinstance(verdict(stage), Passed)
    third = rate(stage, "C:N/I:L/A:N")
    assert isinstance(verdict(stage), Blocked)
    assert stage.approve("bjorn", only=("release_post",)) == [f"{CORRECTION}/2"], "a second one is as the first"
    again = stage.request("post/correction/2")
    assert third in again.files[0][1]
    assert vector not in again.files[0][1]
    fourth = rate(stage, "C:N/I:N/A:L")
    assert stage.approve("bjorn", only=("release_post",)) == [f"{CORRECTION}/edit/2"]
    assert fourth in stage.request("post/correction/2").files[0][1]
    stage.forge.people.merge(again.ref, "release-managers", stage.at)
    assert isinstance(verdict(stage), Passed)


WORDS = {"title": "Script that a notebook keeps", "workaround": "Turn notebooks off.", "description": "It ran script."}
"""Facts that no rule compares, since people may edit the words in the post."""


@pytest.mark.parametrize("line", WORDS)
def test_words_that_changed_after_the_announcement_are_corrected_as_well(line: str, stage: Stage) -> None:
    stage.at = DUE + timedelta(days=4)
    stage.write(NOTEBOOKS, {line: WORDS[line]})
    found = verdict(stage)
    assert isinstance(found, Blocked)
    assert {one.remedy for one in found.findings} == {f"secrel plan {NAME}"}
    assert stage.approve("bjorn", only=("release_post",)) == [CORRECTION]
    assert WORDS[line].split()[0] in files(stage).popitem()[1]
    assert not isinstance(verdict(stage), Passed), "it is not merged yet"
    stage.forge.people.merge(stage.request("post/correction").ref, "release-managers", stage.at)
    assert isinstance(verdict(stage), Passed)


def test_what_led_to_a_section_leads_to_it_after_its_title_and_its_severity_were_corrected(stage: Stage) -> None:
    stage.at = DUE + timedelta(days=4)
    [(path, live)] = stage.request("post/release").files
    before = {row.anchor: row.title for row in read_post(live, path).rows}
    address = post_address(seen(stage))
    critical = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"
    for number, facts in enumerate(({"title": "Script that a notebook keeps"}, {"vector": critical}), start=1):
        stage.write(NOTEBOOKS, facts)
        stage.approve("bjorn", only=("release_post",))
        correction = stage.request("post/correction" + (f"/{number}" if number > 1 else ""))
        stage.forge.people.merge(correction.ref, "release-managers", stage.at)
        [(there, text)] = correction.files
        after = {row.anchor: row.title for row in read_post(text, path).rows}
        assert after.keys() == before.keys()
        assert after != before
        assert there == path
        assert isinstance(verdict(stage), Passed)
    assert "Critical" in text
    assert post_address(seen(stage)) == address, "records and mails lead to where it is"


def test_an_address_that_people_took_out_of_a_correction_is_found(stage: Stage) -> None:
    stage.at = DUE + timedelta(days=4)
    stage.write(NOTEBOOKS, {"title": "Script that a notebook keeps"})
    stage.approve("bjorn", only=("release_post",))
    correction = stage.request("post/correction")
    [(path, text)] = correction.files
    kept = "{#stored-script-in-notebooks}"
    assert kept in text
    commit_file(stage.folder / "public.git", correction.branch, (path, text.replace(kept, "")), "somebody", stage.at)
    assert isinstance(verdict(stage), Blocked), "it does not correct what is live without a loss"
    stage.forge.people.merge(correction.ref, "release-managers", stage.at)
    found = verdict(stage)
    assert isinstance(found, Blocked)
    assert any("#stored-script-in-notebooks was published" in one.what for one in found.findings)


def linked(stage: Stage) -> None:
    """Let somebody link a fix that nobody may know of, with all that its section needs."""
    told = NewIssue("vendor/product", "Somebody else's cards", "developer", stage.at, labels=("security",))
    ref = stage.forge.people.open_issue(told)
    facts = {"title": "Somebody else's cards", "vector": VECTOR, "weakness": "CWE-79", "affected": {"since": "1.0"}}
    stage.write(
        ref, {**facts, "description": "Cards of one person were shown to others, which nobody may know of yet."}
    )
    stage.forge.people.link(ref, stage.issue("tracking").ref, "developer", stage.at)


def refused(stage: Stage) -> str:
    """Why there is no correction."""
    left = propose(stage.desk("bjorn"), look(stage.desk(), NAME), ("release_post",)).left
    [refusal] = left.refusals
    assert not left.effects
    assert refusal.keys == (CORRECTION,)
    assert "Somebody" not in f"{refusal.what} {refusal.remedy}", "what is under embargo is not said"
    return refusal.what


def test_a_fix_that_was_linked_after_the_announcement_does_not_come_out_with_a_correction(stage: Stage) -> None:
    stage.at = DUE + timedelta(days=4)
    linked(stage)
    assert "3 sections instead of 2" in refused(stage)


def on_the_site(stage: Stage, old: str, new: str) -> None:
    """Let somebody change the post where it is live, without the desk."""
    [(path, live)] = stage.request("post/release").files
    assert old in live
    commit_file(stage.folder / "public.git", "main", (path, live.replace(old, new)), "somebody", stage.at)


def test_what_people_took_out_of_the_live_post_does_not_come_back_with_a_correction(stage: Stage) -> None:
    stage.at = DUE + timedelta(days=4)
    on_the_site(stage, "finder-one", "a finder who is not named")
    found = verdict(stage)
    assert isinstance(found, Blocked), "what is live is seen, whoever wrote it"
    assert {one.remedy for one in found.findings} == {f"secrel diff {NAME} post"}
    vector = rate(stage, "C:H/I:L/A:N")
    found = verdict(stage)
    assert isinstance(found, Blocked)
    assert {one.remedy for one in found.findings} == {f"secrel plan {NAME}"}
    assert stage.approve("bjorn", only=("release_post",)) == [CORRECTION], "what is suggested works at once"
    [text] = files(stage).values()
    assert vector in text
    assert "finder-one" not in text
    stage.forge.people.merge(stage.request("post/correction").ref, "release-managers", stage.at)
    found = verdict(stage)
    assert isinstance(found, Blocked)
    assert ["finder one is not thanked" in one.what for one in found.findings] == [True], found.findings
    stage.write(NOTEBOOKS, {"credits": [{"name": "a finder who is not named", "report": "https://reports.example/1"}]})
    assert isinstance(verdict(stage), Passed), "it was taken over into the facts"


def test_what_people_corrected_on_the_site_is_corrected(stage: Stage) -> None:
    stage.at = DUE + timedelta(days=4)
    vector = rate(stage, "C:H/I:L/A:N")
    [(path, live)] = stage.request("post/release").files
    [(_, wanted, text)] = [corrected(seen(stage)) or ("", "", "")]
    assert wanted == live
    assert vector in text
    commit_file(stage.folder / "public.git", "main", (path, text), "somebody", stage.at)
    assert isinstance(verdict(stage), Passed)
    assert stage.approve("bjorn", only=("release_post",)) == []


def test_where_people_and_the_facts_changed_one_line_theirs_stays_and_is_shown(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.at = DUE + timedelta(days=4)
    on_the_site(stage, "C:H/I:H/A:N", "C:H/I:H/A:H")
    rate(stage, "C:H/I:L/A:N")
    found = verdict(stage)
    assert isinstance(found, Blocked)
    assert {one.remedy for one in found.findings} == {f"secrel diff {NAME} post"}
    words = ["diff", NAME, "post", "--desk", str(stage.folder)]
    assert run(words, clock=lambda: stage.at) == Exit.DONE
    told = capsys.readouterr()
    assert "+" in told.out
    assert "C:H/I:H/A:H" in told.out
    assert f"secrel claim {NAME} post-published-right --waive" in told.err


def test_what_people_write_into_a_correction_stays(stage: Stage) -> None:
    stage.at = DUE + timedelta(days=4)
    rate(stage, "C:H/I:L/A:N")
    stage.approve("bjorn", only=("release_post",))
    correction = stage.request("post/correction")
    [(path, text)] = correction.files
    edited = text.replace("finder-one", "a finder who is not named")
    commit_file(stage.folder / "public.git", correction.branch, (path, edited), "somebody", stage.at)
    assert stage.approve("bjorn", only=("release_post",)) == [], "nothing else is to be changed"
    vector = rate(stage, "C:L/I:L/A:N")
    assert stage.approve("bjorn", only=("release_post",)) == [f"{CORRECTION}/edit/1"]
    [now] = files(stage).values()
    assert vector in now
    assert "finder-one" not in now


def test_a_correction_announces_no_fix_that_was_linked_between_the_post_and_its_merge(
    staged: Callable[[str], Stage],
) -> None:
    stage = staged("ready")
    stage.at = DUE + timedelta(minutes=1)
    stage.quiet()
    stage.approve("amara", only=("release_post",))
    linked(stage)
    stage.at = DUE + timedelta(minutes=2)
    stage.forge.people.merge(stage.request("post/release").ref, "release-managers", stage.at)
    stage.at = DUE + timedelta(hours=1)
    assert "3 sections instead of 2" in refused(stage)


def test_what_is_announced_is_moved_no_more(stage: Stage) -> None:
    for changes in ({"due": (DUE + timedelta(days=30)).isoformat()}, {"versions": {"product": ["1.2.4", "1.1.9"]}}):
        with pytest.raises(Misused, match="the release is announced"):
            move_release(stage.desk("bjorn"), NAME, **changes)


def test_a_release_moves_to_no_time_that_is_past(staged: Callable[[str], Stage]) -> None:
    with pytest.raises(Misused, match="a time that is past"):
        move_release(staged("begun").desk(), NAME, due="2020-01-01T00:00:00+00:00")


def test_a_release_that_goes_out_now_is_due_now(staged: Callable[[str], Stage]) -> None:
    desk = staged("begun").desk()
    due = desk.now() - timedelta(minutes=1)
    assert move_release(desk, NAME, due=due.isoformat()).due == due


def public(stage: Stage) -> None:
    """Bring the release to the day after its issues became public, with everything sent."""
    stage.approve("bjorn")
    stage.send()
    stage.at = DUE + timedelta(days=31)
    stage.approve("bjorn")


def correct(stage: Stage, read: str = "", **changes: Any) -> list[Outcome]:
    desk = replace(stage.desk("bjorn"), read=read)
    return complete_fix(desk, NAME, NOTEBOOKS, FixFacts(**changes), tuple(changes))


BETTER = "CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:L/A:N"


def test_a_fact_on_an_issue_that_is_public_is_changed_once_somebody_has_read_the_change(stage: Stage) -> None:
    public(stage)
    with pytest.raises(Unapproved, match="everybody can read it at once") as unread:
        correct(stage, vector=Vector.parse(BETTER))
    [effect] = unread.value.plan.effects
    assert effect.reveals
    with pytest.raises(Unapproved, match="it is another now"):
        correct(stage, unread.value.plan.digest, title="Script that a notebook keeps")
    assert verdict(stage) == look(stage.desk(), NAME).assessment.by_name["post-published-right"].verdict
    assert isinstance(verdict(stage), Passed), "nothing was changed"
    [done] = correct(stage, unread.value.plan.digest, vector=Vector.parse(BETTER))
    assert (done.done, done.effect.key) == (Done.DONE, effect.key)
    assert not stage.forge.people.issues([NOTEBOOKS])[NOTEBOOKS].confidential
    [name] = an_advisory(credits=(Credit(report="https://reports.example/1"),)).reports
    keys = stage.approve("bjorn")
    assert {key for key in keys if "/anew/" in key} == {
        f"{NAME}/cve/publish/CVE-2026-1111/anew/1",
        f"{NAME}/report/{NOTEBOOKS}/{name}/anew/1",
    }, "the finder, whose report is not on the issue any more, hears of it as well"


def test_where_a_finder_reported_is_never_written_on_an_issue_that_is_public(stage: Stage) -> None:
    public(stage)
    with pytest.raises(Refused, match="where a finder reported"):
        correct(stage, credits=(Credit(name="finder-one", report="https://reports.example/1"),))
    assert "reports.example" not in str(stage.forge.people.issues([NOTEBOOKS])[NOTEBOOKS].facts)


def test_an_issue_that_somebody_made_confidential_again_is_made_public_again(stage: Stage) -> None:
    public(stage)
    for number in (1, 2):
        stage.forge.people.set_confidential(NOTEBOOKS, confidential=True)
        assert isinstance(look(stage.desk(), NAME).assessment.by_name["issues-public"].verdict, Blocked)
        assert f"{NAME}/public/{NOTEBOOKS}/again/{number}" in stage.approve("bjorn", only=("public_issues",))
        assert isinstance(look(stage.desk(), NAME).assessment.by_name["issues-public"].verdict, Passed)


def test_the_command_that_changes_a_public_fact_shows_it_and_ends_with_the_one_that_makes_it(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    public(stage)
    at = ["--desk", str(stage.folder), "--by", "bjorn"]

    def ran(*words: str) -> tuple[int, str, str]:
        word = run(["fix", "set", NAME, NOTEBOOKS, *words, *at], clock=stage.clock)
        return (word, *capsys.readouterr())

    word, out, said = ran("--reword", "script=a script", "--since", "1.1")
    assert (word, "are read one by one" in said) == (Exit.MISUSED, True)
    word, out, said = ran("--since", "1.1")
    assert (word, "REVEALS" in out) == (Exit.REFUSED, True)
    way = said.partition("to go on: secrel fix set ")[2].partition(" --by")[0]
    assert way.startswith(f"{NAME} {NOTEBOOKS} --since 1.1 --approve ")
    assert ran(*shlex.split(way)[2:])[0] == Exit.DONE
    word, out, said = ran("--reword", "script=a script", "--approve", "0" * 32)
    assert (word, "you read the plan 0000" in said) == (Exit.REFUSED, True)


@pytest.mark.parametrize(
    "words",
    [
        ("fix", "set", NAME, NOTEBOOKS, "vector=CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:N"),
        ("fix", "set", NAME, NOTEBOOKS, "--reword", "notebook=sheet"),
        ("fix", "remove", NAME, NOTEBOOKS, "--reason", "it is no fix"),
        ("fix", "add", NAME, "--ref", NOTEBOOKS),
    ],
)
def test_every_command_that_writes_on_a_public_issue_is_shown_first_and_works_once_it_was_read(
    stage: Stage, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    public(stage)
    at = ["--desk", str(stage.folder), "--by", "bjorn"]
    before = stage.forge.people.issues([NOTEBOOKS])[NOTEBOOKS]
    assert run([*words, *at], clock=stage.clock) == Exit.REFUSED
    out, said = capsys.readouterr()
    assert "REVEALS" in out
    assert stage.forge.people.issues([NOTEBOOKS])[NOTEBOOKS] == before, "nothing was changed"
    way = shlex.split(said.rpartition("to go on: secrel ")[2])
    assert run([*way, *([] if "--desk" in way else at[:2])], clock=stage.clock) == Exit.DONE, capsys.readouterr()


def test_what_the_team_alone_is_to_read_is_made_confidential_and_not_approved(stage: Stage) -> None:
    comms, wrong = stage.issue("comms").ref, email_now(look(stage.desk(), NAME)).eml.replace("1.2.3", "1.2.4").encode()
    stage.forge.people.set_confidential(comms, confidential=False)
    with pytest.raises(Unapproved) as told:
        verify_mail(stage.desk("bjorn"), NAME, wrong)
    assert told.value.remedy == f"make {comms} confidential, which the team alone is to read; nothing was changed"
    stage.forge.people.set_confidential(comms, confidential=True)
    assert verify_mail(stage.desk("bjorn"), NAME, wrong)


@pytest.mark.parametrize("by_the_desk", [True, False])
@pytest.mark.parametrize("days", [4, 29])
def test_a_correction_is_due_from_when_its_need_arose_and_overdue_only_after_that(
    stage: Stage, days: int, *, by_the_desk: bool
) -> None:
    stage.approve("bjorn")
    stage.send()
    stage.at = changed = DUE + timedelta(days=days)
    vector = Vector.parse("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:N")
    if by_the_desk:
        complete_fix(stage.desk(), NAME, NOTEBOOKS, FixFacts(vector=vector), ("vector",))
    else:
        stage.write(NOTEBOOKS, {"vector": str(vector)})
    stage.quiet()
    rules = {gate.name: gate.due for gate in stage.desk().process.gates}
    opened = [one for one in seen(stage).assessment.gates if not holds(one) and one.is_due and rules[one.gate.name]]
    assert {"post-published-right", "email-sent", "cve-records-published", "reporters-told"} <= {
        one.gate.name for one in opened
    }
    for one in opened:
        rule = rules[one.gate.name]
        assert rule is not None
        assert one.due == rule.again(changed)
        assert one.due is None or one.due > stage.at, f"{one.gate.name} is overdue at birth"
        assert "overdue" not in str(one.verdict)
    assert stage.approve("bjorn")[0] == CORRECTION
    merged = stage.request("post/correction")
    stage.forge.people.merge(merged.ref, "release-managers", stage.at)
    stage.quiet()
    stage.approve("bjorn")
    mail = next(file for file in stage.files("mail") if file.suffix == ".eml")
    assert parsedate_to_datetime(str(message_from_bytes(mail.read_bytes())["Date"])) == changed, "it says when it is of"
    stage.at = changed + timedelta(days=4)
    late = {one.gate.name: one for one in seen(stage).assessment.gates if "overdue" in str(one.verdict)}
    assert {"email-sent", "cve-records-published", "reporters-told"} <= late.keys(), "then it is"
    stage.send()
    assert holds(seen(stage).assessment.by_name["email-sent"])


def holds(one: Judged) -> bool:
    return isinstance(one.verdict, Passed | Waived)

"""What lies in the outbox is prepared: the release goes on when somebody says that it was sent (mission M7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from secrel.adapters.outbox.outbox import Outbox
from secrel.apply.applying import Done, apply
from secrel.cli.main import run
from secrel.desk.claiming import claim
from secrel.desk.looking import look
from secrel.desk.mailing import verify_mail
from secrel.desk.proposing import propose
from secrel.desk.sending import outgoing, say_sent
from secrel.evaluate.people import given_up
from secrel.evaluate.verdicts import Blocked, Passed, Verdict, Waiting, Waived
from secrel.papers.email.current import email_now
from secrel.plan.plan import Plan
from secrel.verify.email import read_email
from secrel.words.advisories import Credit
from secrel.words.effects import Effect, PostMessage, PublishRecord
from secrel.words.errors import Exit, Misused
from secrel.words.outcomes import Receipt
from secrel.words.parts import settled
from tests.builders import an_advisory
from tests.desk.stage import DUE, NAME, NOTEBOOKS, Stage

GATES = ("email-sent", "cve-records-published", "reporters-told")


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    """A release that is announced, whose mail, records and notices are in the outbox."""
    stage = staged("live")
    stage.approve("bjorn")
    return stage


def waiting(stage: Stage) -> list[tuple[str, str, str]]:
    desk = stage.desk()
    return [(one.kind, one.to, one.who) for one in outgoing(desk.journal.entries(NAME), look(desk, NAME))]


def test_what_is_prepared_waits_for_whoever_sends_it(stage: Stage) -> None:
    judged = look(stage.desk(), NAME).assessment.by_name
    for gate in GATES:
        verdict = judged[gate].verdict
        assert isinstance(verdict, Waiting)
        assert all("prepared since" in one.what for one in verdict.pending)
        assert judged[gate].command == f"secrel outbox {NAME}"
    listed = waiting(stage)
    assert sorted({kind for kind, *_ in listed}) == ["mail", "message", "notice", "record"]
    assert {to for kind, to, _ in listed if kind == "notice"} == {
        "https://reports.example/1",
        "https://reports.example/2",
    }
    assert {who for kind, _, who in listed if kind != "message"} == {judged[gate].who for gate in GATES}


def test_a_record_that_another_release_prepared_takes_no_persons_place(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    desk = stage.desk("bjorn")
    cve_id = next(one.cve_id.text for one in look(desk, NAME).snapshot.contents.advisories if one.cve_id)
    earlier = Effect(f"2026-09/cve/publish/{cve_id}", PublishRecord(cve_id, '{"old": 1}'), "publish it")
    with desk.journal.holding("2026-09", earlier.key) as so_far:
        desk.journal.begin(earlier, so_far, by="bjorn", at=desk.now())
        made = desk.writers[PublishRecord].do(earlier, actor=desk.actor)
        receipt = Receipt(earlier.key, made.address, desk.now(), prepared=True)
        desk.journal.settle("2026-09", receipt, by="bjorn")
    stage.approve("bjorn")
    assert (stage.folder / "outbox" / "cve" / f"{cve_id}.json").read_text("utf-8") != '{"old": 1}'


def test_what_is_prepared_and_overdue_blocks_until_it_is_sent(stage: Stage) -> None:
    stage.at = DUE + timedelta(days=5)
    judged = look(stage.desk(), NAME).assessment.by_name
    for gate in GATES:
        verdict = judged[gate].verdict
        assert isinstance(verdict, Blocked)
        assert "and this is overdue" in verdict.findings[0].what
        assert judged[gate].command == f"secrel outbox {NAME}"


def test_a_whole_kind_is_sent_in_one_word_and_kept_as_that_persons(stage: Stage) -> None:
    told = say_sent(stage.desk("bjorn"), NAME, ("notices", f"{NAME}/email"), "by hand")
    assert len(told) == 3
    assert {said.by for said in told} == {"bjorn"}
    judged = look(stage.desk(), NAME).assessment.by_name
    for gate in ("email-sent", "reporters-told"):
        verdict = judged[gate].verdict
        assert isinstance(verdict, Passed)
        sent = [one.what for one in verdict.evidence if not one.what.startswith("written at")]
        assert sent, "the word to those who send the mail is done by the desk, and the rest is a person's"
        assert all("as bjorn said at" in what and "by hand" in what for what in sent)
    assert isinstance(judged["cve-records-published"].verdict, Waiting)
    assert {kind for kind, *_ in waiting(stage)} == {"record", "message"}


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("message", "no message waits to be sent"),
        (f"{NAME}/nothing", "nothing waits to be sent under the key"),
        ("postcards", "nothing waits to be sent under the key"),
    ],
)
def test_what_does_not_wait_cannot_be_sent(stage: Stage, what: str, said: str) -> None:
    say_sent(stage.desk(), NAME, ("messages",), "posted")
    before = stage.desk().journal.entries(NAME)
    with pytest.raises(Misused, match=said) as told:
        say_sent(stage.desk(), NAME, ("notices", what), "")
    assert told.value.remedy == f"look: secrel outbox {NAME}"
    assert stage.desk().journal.entries(NAME) == before, "all of it or nothing"


def test_it_is_said_once(stage: Stage) -> None:
    stage.send("bjorn")
    with pytest.raises(Misused, match=f"bjorn has said already that {NAME}/email was sent"):
        say_sent(stage.desk(), NAME, (f"{NAME}/email",), "")


def test_what_another_journal_began_is_listed_all_the_same(stage: Stage) -> None:
    effect = Effect(f"{NAME}/tell/somebody", PostMessage("#team", "hello"), "tell somebody")
    desk = stage.desk()
    Outbox(stage.folder / "outbox", stage.clock).do(effect, actor=desk.actor)
    [outcome] = apply(Plan(NAME, (effect,), targets=desk.targets), None, desk.world)
    assert (outcome.done, outcome.prepared) == (Done.FOUND, True)
    assert ("message", "", "") in waiting(stage)


[REPORT] = an_advisory(1, credits=(Credit(report="https://reports.example/1"),)).reports
RECORD, NOTICE, MAIL = f"{NAME}/cve/publish/CVE-2026-1111", f"{NAME}/report/{NOTEBOOKS}/{REPORT}", f"{NAME}/email"
TITLE = "Script that a notebook keeps"
VECTOR = "CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:L/A:N"


def gate(stage: Stage, name: str) -> Verdict:
    return look(stage.desk(), NAME).assessment.by_name[name].verdict


def change(stage: Stage) -> None:
    """Let facts change after everything was prepared."""
    stage.at = DUE + timedelta(hours=3)
    stage.write(NOTEBOOKS, {"title": TITLE, "vector": VECTOR})


def test_what_is_not_sent_is_prepared_anew_when_facts_change(stage: Stage) -> None:
    before = {path for folder in ("cve", "reporters", "mail") for path in stage.files(folder)}
    change(stage)
    for name in ("cve-records-published", "reporters-told"):
        found = gate(stage, name)
        assert isinstance(found, Blocked)
        [finding] = found.findings
        assert "before the facts changed" in finding.what
        assert finding.remedy == f"secrel plan {NAME}"
        assert TITLE not in finding.what
    desk = stage.desk()
    old = [one.key for one in outgoing(desk.journal.entries(NAME), look(desk, NAME)) if one.changed]
    assert set(old) == {RECORD, NOTICE, MAIL}
    done = stage.approve("bjorn", only=("cve_records", "reporters"))
    assert set(done) >= {f"{RECORD}/anew/1", f"{NOTICE}/anew/1"}
    now = {path for folder in ("cve", "reporters", "mail") for path in stage.files(folder) if ".keys" not in path.parts}
    assert now == {path for path in before if ".keys" not in path.parts}, "it takes the place of what was there"
    record = (stage.folder / "outbox" / "cve" / "CVE-2026-1111.json").read_text()
    assert TITLE in record
    assert VECTOR in record
    assert sum(TITLE in path.read_text() for path in stage.files("reporters")) == 1
    for name in ("cve-records-published", "reporters-told"):
        assert isinstance(gate(stage, name), Waiting), "the new ones are not sent yet"
    keys = [one.key for one in outgoing(desk.journal.entries(NAME), look(desk, NAME))]
    assert RECORD not in keys
    assert f"{RECORD}/anew/1" in keys
    say_sent(stage.desk("bjorn"), NAME, ("records", "notices"), "")
    for name in ("cve-records-published", "reporters-told"):
        assert isinstance(gate(stage, name), Passed)
    left = propose(stage.desk(), look(stage.desk(), NAME), ("cve_records", "reporters"))
    assert not left.effects


def test_who_has_a_notice_that_is_not_so_any_more_gets_another_that_says_so(stage: Stage) -> None:
    stage.send("bjorn")
    assert isinstance(gate(stage, "reporters-told"), Passed)
    change(stage)
    found = gate(stage, "reporters-told")
    assert isinstance(found, Blocked)
    [finding] = found.findings
    assert "it was sent before the facts changed" in finding.what
    assert all(said in finding.what for said in ("Stored script in notebooks", TITLE)), "both are said"
    assert finding.remedy == f"secrel plan {NAME}"
    assert stage.approve("bjorn", only=("reporters",)) == [f"{NOTICE}/anew/1"], "nobody else hears of it"
    assert isinstance(gate(stage, "reporters-told"), Waiting), "it is not sent yet"
    [text] = [path.read_text() for path in stage.files("reporters") if TITLE in path.read_text()]
    assert "This takes the place of what was said before" in text
    assert not propose(stage.desk(), look(stage.desk(), NAME), ("reporters",)).effects
    stage.send("bjorn")
    assert isinstance(gate(stage, "reporters-told"), Passed)
    stage.write(NOTEBOOKS, {"title": f"{TITLE} again"})
    assert stage.approve("bjorn", only=("reporters",)) == [f"{NOTICE}/anew/2"], "as often as facts change"


def mail_text(stage: Stage) -> str:
    [path] = [one for one in stage.files("mail") if ".keys" not in one.parts]
    found = read_email(path.read_bytes())
    assert found.text is not None
    return " ".join(f"{found.subject.text} {found.text.text}".split())


def corrected(stage: Stage) -> None:
    """Let the post on the site be corrected."""
    [key, *_] = stage.approve("bjorn", only=("release_post",))
    stage.forge.people.merge(stage.request(key.removeprefix(f"{NAME}/")).ref, "release-managers", stage.at)


def test_who_has_a_mail_that_is_not_so_any_more_gets_a_correction(stage: Stage) -> None:
    verify_mail(stage.desk("bjorn"), NAME, email_now(look(stage.desk(), NAME)).eml.encode())
    stage.send("bjorn")
    stage.at = DUE + timedelta(hours=3)
    stage.write(NOTEBOOKS, {"title": TITLE})
    assert isinstance(gate(stage, "email-sent"), Passed), "the mail does not say titles"
    stage.write(NOTEBOOKS, {"vector": VECTOR})
    assert isinstance(gate(stage, "email-sent"), Waiting), "the post is corrected first"
    corrected(stage)
    found = gate(stage, "email-sent")
    assert isinstance(found, Blocked)
    [finding] = found.findings
    assert "it was sent before the facts changed, and says otherwise now in its score" in finding.what
    assert finding.remedy == f"secrel plan {NAME}"
    assert isinstance(gate(stage, "test-email-right"), Passed), "that one was right when it left"
    stage.quiet()
    assert "Correction: " in stage.issue("comms").body, "those who send it have the text"
    ask = f"{MAIL}/ask-send/anew/1"
    assert stage.approve("bjorn", only=("email",)) == [f"{MAIL}/anew/1", ask]
    assert isinstance(gate(stage, "email-sent"), Waiting)
    told = mail_text(stage)
    assert told.startswith("Correction: Larkspur")
    assert "takes the place of what we sent about this release before" in told
    assert "CVSS 7.6" in told
    assert "CVSS 8.7" not in told
    notes = settled(stage.issue("comms").notes, "notes")
    assert "Please send the correction" in notes[-1].body
    assert not propose(stage.desk(), look(stage.desk(), NAME), ("email",)).effects
    stage.send("bjorn")
    assert isinstance(gate(stage, "email-sent"), Passed)
    stage.write(NOTEBOOKS, {"vector": VECTOR.replace("AC:L", "AC:H")})
    corrected(stage)
    assert stage.approve("bjorn", only=("email",)) == [f"{MAIL}/anew/2", f"{MAIL}/ask-send/anew/2"]
    assert "CVSS 6.5" in mail_text(stage)


def test_whoever_decides_that_no_correction_is_sent_signs_it(stage: Stage) -> None:
    stage.send("bjorn")
    change(stage)
    claim(stage.desk("bjorn"), NAME, "email-sent", "a tenth of a score is not worth a mail", waives=True)
    assert isinstance(gate(stage, "email-sent"), Waived)


def test_a_notice_is_of_whoever_reported_it_whoever_else_is_credited(stage: Stage) -> None:
    stage.send("bjorn")
    report = {"name": "finder-one", "report": "https://reports.example/1"}
    second = {"name": "finder-two", "report": "https://reports.example/7"}
    stage.at = DUE + timedelta(hours=3)
    stage.write(NOTEBOOKS, {"credits": [second, report]})
    assert sum("reporters" in str(path) for path in stage.files("reporters") if ".keys" not in path.parts) == 2
    [made] = stage.approve("bjorn", only=("reporters",))
    assert made.startswith(f"{NAME}/report/{NOTEBOOKS}/")
    assert made != NOTICE, "who was told is not told again, and nobody gets the other's notice"
    stage.write(NOTEBOOKS, {"credits": [second]})
    waiting = outgoing(stage.desk().journal.entries(NAME), look(stage.desk(), NAME))
    assert [one.key for one in waiting if one.kind == "notice"] == [made]
    stage.write(NOTEBOOKS, {"credits": [{**second, "name": "one"}, {**second, "name": "two"}]})
    [path] = [one for one in stage.files("reporters") if made.rpartition("/")[2] in one.name]
    assert stage.approve("bjorn", only=("reporters",)) == [f"{made}/anew/1"]
    assert "Hello one and two," in path.read_text(), "two who share a report share its notice"


def test_a_notice_that_waits_is_still_to_be_sent_when_the_issue_is_public_without_its_report(stage: Stage) -> None:
    stage.at = DUE + timedelta(days=31)
    stage.quiet()
    assert any("/public/" in key for key in stage.approve("bjorn", only=("public_issues",)))
    assert {kind for kind, *_ in waiting(stage)} >= {"notice", "mail"}
    assert NOTICE in stage.send("bjorn")
    assert isinstance(gate(stage, "reporters-told"), Passed)


def test_what_no_fact_wants_any_more_is_not_to_be_sent(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    request = stage.issue(f"cve/request/{NOTEBOOKS}")
    stage.forge.people.add_note(request.ref, "CVE-2026-1111 was rejected.", "cna", stage.at + timedelta(minutes=1))
    stage.at = DUE + timedelta(hours=3)
    stage.write(NOTEBOOKS, {"credits": [{"name": "somebody"}], "no_cve": "it is no vulnerability"})
    seen = look(stage.desk(), NAME)
    assert {one.key for one in given_up(seen.snapshot)} == {RECORD, NOTICE}
    assert not {RECORD, NOTICE} & {one.key for one in outgoing(stage.desk().journal.entries(NAME), seen)}
    assert run(["outbox", NAME, "--desk", str(stage.folder)], clock=lambda: stage.at) == Exit.DONE
    told = capsys.readouterr()
    assert RECORD not in told.out
    assert f"delete it: {RECORD}: " in told.err
    with pytest.raises(Misused, match="is not to be sent any more"):
        say_sent(stage.desk(), NAME, (RECORD,), "")
    assert {said.about for said in say_sent(stage.desk(), NAME, ("records", "notices"), "")}.isdisjoint(
        {RECORD, NOTICE}
    )


def test_an_id_that_came_after_a_notice_makes_nothing_of_it_untrue(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    request = stage.issue(f"cve/request/{NOTEBOOKS}")
    stage.forge.people.add_note(request.ref, "CVE-2026-1111 was rejected.", "cna", stage.at)
    assert f"{NOTICE}" in stage.approve("bjorn", only=("reporters",))
    stage.send("bjorn")
    stage.at = DUE + timedelta(days=2)
    stage.forge.people.add_note(request.ref, "CVE-2026-7777 is assigned.", "cna", stage.at)
    assert isinstance(gate(stage, "reporters-told"), Passed)
    stage.write(NOTEBOOKS, {"title": TITLE})
    assert isinstance(gate(stage, "reporters-told"), Blocked)


def test_a_record_that_was_sent_is_brought_up_to_date(stage: Stage) -> None:
    stage.send("bjorn")
    change(stage)
    found = gate(stage, "cve-records-published")
    assert isinstance(found, Blocked)
    [finding] = found.findings
    assert "it was sent before the facts changed" in finding.what
    assert "metrics" in finding.what
    assert "title" in finding.what
    assert stage.approve("bjorn", only=("cve_records",)) == [f"{RECORD}/anew/1"]
    assert isinstance(gate(stage, "cve-records-published"), Waiting)
    stage.send("bjorn")
    assert isinstance(gate(stage, "cve-records-published"), Passed)
    stage.write(NOTEBOOKS, {"title": f"{TITLE} again"})
    assert stage.approve("bjorn", only=("cve_records",)) == [f"{RECORD}/anew/2"], "as often as facts change"


def test_a_mail_that_was_verified_again_is_prepared_anew(stage: Stage) -> None:
    change(stage)
    assert stage.approve("bjorn", only=("release_post",)) == [f"{NAME}/post/correction"]
    stage.forge.people.merge(stage.request("post/correction").ref, "release-managers", stage.at)
    assert verify_mail(stage.desk("bjorn"), NAME, email_now(look(stage.desk(), NAME)).eml.encode()) == ()
    assert isinstance(gate(stage, "email-sent"), Blocked)
    assert stage.approve("bjorn", only=("email",)) == [f"{MAIL}/anew/1"]
    [mail] = [path for path in stage.files("mail") if ".keys" not in path.parts]
    assert mail.read_text("utf-8") == email_now(look(stage.desk(), NAME)).eml
    assert isinstance(gate(stage, "email-sent"), Waiting)


def test_a_record_that_cannot_be_compared_is_not_published(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    stage.desk().journal.settle(NAME, Receipt(RECORD, "outbox:cve/CVE-2026-1111.json", stage.at, prepared=True), by="")
    found = gate(stage, "cve-records-published")
    assert isinstance(found, Blocked)
    assert any("which this desk's journal does not know" in one.what for one in found.findings)
    stage.desk().journal.settle(NAME, Receipt(NOTICE, "outbox:reporters/1.md", stage.at), by="")
    told = gate(stage, "reporters-told")
    assert isinstance(told, Blocked)
    assert any("which this desk's journal does not know" in one.what for one in told.findings)
    stage.write(NOTEBOOKS, {"affected": None})
    assert not isinstance(gate(stage, "cve-records-published"), Passed)

"""The tables that developers write into issues on GitLab: read as facts, corrected line by line, shown when unread."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from secrel.adapters.gitlab.marks import together
from secrel.adapters.gitlab.profile import read_profile, shipped_text
from secrel.apply.applying import Done
from secrel.desk.fixing import complete_fix
from secrel.desk.looking import look
from secrel.desk.starting import start
from secrel.evaluate.verdicts import Blocked
from secrel.observe.release_file import read_release_file
from secrel.words.advisories import Credit, CreditSource
from secrel.words.effects import LiftConfidentiality, SetFacts
from secrel.words.errors import Misused, Refused
from secrel.words.facts.stated import FixFacts, ReleaseFacts, Stated
from secrel.words.facts.tables import as_table
from secrel.words.spans import Affected, Span
from secrel.words.vectors import Vector
from secrel.words.versions import Version
from tests.adapters.gitlab.desks import PROFILE, DeskOnGitLab
from tests.adapters.gitlab.stage import GitLabStage
from tests.desk.stage import NAME, PROCESS, RELEASE
from tests.exam.forge_exam import do, effect, issue_at
from tests.reading.people import VECTOR

TEMPLATE = """## Summary

### Links

| Description | Link |
| -------- | -------- |
| Issue on [GitLab](https://gitlab.example/gitlab-org/gitlab/issues) | #12 |
| CVE ID request on [`gitlab-org/cves`](https://g.example/cves) | [AppSec will fill this in](https://docs.example) |

### Details

| Description | Details | Further details |
| -------- | -------- | -------- |
| Versions affected | All versions from 8.10 before 14.1.7 | since !1234 |
| GitLab EE only | Yes | |
| Upgrade notes | Reindex after the upgrade | |
| GitLab Settings updated | Yes/No | |
| Migration required | No | |
| Thanks | [amara](https://hackerone.com/amara) | |

[GitLab]: https://gitlab.example
"""
AMARA = Credit("amara", CreditSource.HACKERONE, profile="https://hackerone.com/amara")
STATED = FixFacts(
    affected=Affected((Span(Version.parse("8.10"), Version.parse("14.1.7")),)), edition="GitLab EE", credits=(AMARA,)
)
ROWS = shipped_text().partition("# Rows of the tables")[2]
"""The rows of the profile that ships, for a profile of somebody else's."""


@pytest.fixture
def stage() -> GitLabStage:
    return GitLabStage()


def text_of(stage: GitLabStage, ref: str) -> str:
    return stage.thing(ref).description or ""


def people_edit(stage: GitLabStage, ref: str, before: str, after: str) -> None:
    assert before in text_of(stage, ref)
    text = text_of(stage, ref).replace(before, after)
    stage.world.change(stage.thing(ref), by=stage.people["amara"], description=text)


def test_the_table_of_the_template_is_read(stage: GitLabStage) -> None:
    found = issue_at(stage.desk(), stage.open_issue("A fix", TEMPLATE))
    assert found.facts == Stated(STATED)
    assert found.body == TEMPLATE, "it is what people wrote, and stays"


def test_a_line_is_corrected_in_its_row_and_one_without_a_row_in_the_details(stage: GitLabStage) -> None:
    desk, ref = stage.desk(), stage.open_issue("A fix", TEMPLATE)
    wanted = FixFacts(title="A | @all: #12", affected=Affected.since(Version.parse("9.0")), edition="GitLab CE/EE")
    asked = SetFacts.seen(ref, issue_at(desk, ref).facts, wanted, ("title", "affected", "edition", "credits"))
    assert do(desk, effect("2026-11/facts", asked)) == ref
    found = issue_at(desk, ref)
    assert found.facts == Stated(wanted)
    before, after = TEMPLATE.splitlines(), text_of(stage, ref).splitlines()
    assert [line for line in after[: len(before)] if line not in before] == [
        "| Versions affected | 9.0 and later | since !1234 |",
        "| GitLab EE only | No | |",
        "| Thanks |  | |",
    ]
    assert '"title": "A | @all: #12"' in text_of(stage, ref)
    assert do(desk, effect("2026-11/facts", asked)) == ref
    assert text_of(stage, ref).splitlines() == after, "what is there is not written again"


def test_words_in_a_row_call_nobody(stage: GitLabStage) -> None:
    desk, ref = stage.desk(), stage.open_issue("A fix", "| Title | Workaround |\n|---|---|\n| | |")
    other = f"{stage.world.site.url}/{stage.board}/-/issues/1"
    wanted = FixFacts(title=f"/close @amara {other}", workaround="One.\n\n/label ~x #1")
    asked = SetFacts.seen(ref, issue_at(desk, ref).facts, wanted, ("title", "workaround"))
    do(desk, effect("2026-11/facts", asked))
    assert issue_at(desk, ref).facts == Stated(wanted)
    sent = text_of(stage, ref)
    assert "@amara" not in sent
    assert other not in sent
    assert "#1" not in sent
    assert sent.count("\n") == 2, "a command would stand on a line of its own"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("before 14.1.7", "before 14.1.8"),
        ("All versions from 8.10 before 14.1.7", "nobody knows"),
        ("| Versions affected |", "| Versions affected | 8.11+ | |\n| Affected versions |"),
        ("| Versions affected | All versions from 8.10 before 14.1.7 |", "| Versions affected | |"),
        ("\n[GitLab]:", '\n### Details\n\n```json\n{"affected": {"since": "8.11"}}\n```\n\n[GitLab]:'),
    ],
)
def test_a_row_that_somebody_changed_meanwhile_is_not_written_over(stage: GitLabStage, before: str, after: str) -> None:
    desk, ref = stage.desk(), stage.open_issue("A fix", TEMPLATE)
    wanted = FixFacts(affected=Affected.since(Version.parse("9.0")))
    asked = SetFacts.seen(ref, issue_at(desk, ref).facts, wanted, ("affected",))
    people_edit(stage, ref, before, after)
    theirs = text_of(stage, ref)
    with pytest.raises(Refused, match="changed meanwhile"):
        do(desk, effect("2026-11/facts", asked))
    assert text_of(stage, ref) == theirs
    again = SetFacts.seen(ref, issue_at(desk, ref).facts, wanted, ("affected",))
    do(desk, effect("2026-11/facts", again))
    assert issue_at(desk, ref).facts.of(FixFacts).affected == wanted.affected, "whoever has seen it may correct it"
    assert not issue_at(desk, ref).facts.faults


def test_what_somebody_changed_in_another_row_stays(stage: GitLabStage) -> None:
    desk, ref = stage.desk(), stage.open_issue("A fix", TEMPLATE)
    wanted = FixFacts(vector=Vector.parse(VECTOR))
    asked = SetFacts.seen(ref, issue_at(desk, ref).facts, wanted, ("vector",))
    people_edit(stage, ref, "| GitLab EE only | Yes | |", "| GitLab EE only | No | |\n| CVSS | | |")
    do(desk, effect("2026-11/facts", asked))
    assert issue_at(desk, ref).facts.of(FixFacts).edition == "GitLab CE/EE"
    assert f"| CVSS | {VECTOR} | |" in text_of(stage, ref), "a row that came meanwhile is filled in"


def test_what_stands_in_no_row_that_could_be_corrected_is_refused(stage: GitLabStage) -> None:
    loose = TEMPLATE.replace("| -------- | -------- | -------- |\n| Versions", "| Versions")
    desk, ref = stage.desk(), stage.open_issue("A fix", loose)
    asked = SetFacts.seen(ref, issue_at(desk, ref).facts, FixFacts(), ("affected",))
    with pytest.raises(Misused, match="it stands in no table"):
        do(desk, effect("2026-11/facts", asked))


def test_a_misspelt_row_is_corrected_with_its_name_and_no_other(stage: GitLabStage) -> None:
    misspelt = TEMPLATE.replace("Versions affected", "Version affected").replace("| Thanks |", "| Thnaks |")
    desk, ref = stage.desk(), stage.open_issue("A fix", misspelt)
    seen = issue_at(desk, ref).facts
    assert [(fault.line, fault.means) for fault in seen.faults] == [
        ("affected", '[{"since": "8.10", "fixed": "14.1.7"}]'),
        ("credits", json.dumps(as_table(STATED)["credits"])),
    ]
    asked = SetFacts.seen(ref, seen, STATED, ("affected",))
    people_edit(stage, ref, "before 14.1.7", "before 14.1.8")
    with pytest.raises(Refused, match="changed meanwhile"):
        do(desk, effect("2026-11/facts", asked))
    people_edit(stage, ref, "before 14.1.8", "before 14.1.7")
    do(desk, effect("2026-11/facts", asked))
    now = issue_at(desk, ref).facts
    assert now.of(FixFacts).affected == STATED.affected
    assert [fault.line for fault in now.faults] == ["credits"], "it is corrected line by line"
    (row,) = [line for line in text_of(stage, ref).splitlines() if "Version" in line]
    assert row.startswith("| Versions affected | ")
    assert row.endswith(" | since !1234 |")


def test_a_row_that_could_be_two_is_not_corrected(stage: GitLabStage) -> None:
    table = "| Description | Details |\n|---|---|\n| CVES | CVE-2026-0001 |"
    desk, ref = stage.desk(), stage.open_issue("A fix", table)
    (fault,) = issue_at(desk, ref).facts.faults
    assert fault.remedy.startswith("name the row 'cvss' or 'cve' alone")
    assert not fault.means
    asked = SetFacts.seen(ref, issue_at(desk, ref).facts, FixFacts(), (fault.line,))
    with pytest.raises(Misused, match="no row is known by this name"):
        do(desk, effect("2026-11/facts", asked))


def test_a_table_beside_the_details_of_a_release_says_nothing_of_it(stage: GitLabStage) -> None:
    facts = ReleaseFacts(release="2026-11")
    ref = stage.open_issue("Security release", together(TEMPLATE, facts=facts))
    assert issue_at(stage.desk(), ref).facts == Stated(facts)


def test_an_issue_is_made_public_as_it_was_shown_with_its_table(stage: GitLabStage) -> None:
    desk, ref = stage.desk(), stage.open_issue("A fix", TEMPLATE)
    found = issue_at(desk, ref)
    people_edit(stage, ref, "before 14.1.7", "before 14.1.8")
    shown = LiftConfidentiality(ref, found.title, found.body, found.facts)
    with pytest.raises(Refused, match="not what the desk last saw"):
        do(desk, effect("2026-11/public", shown))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[rows]\nnone = ["x"]', "a fix has no line 'none'"),
        ('[rows]\ntitle = ["x"]\nvector = ["X:"]', "a row states two lines"),
        ('[one_edition]\nmaybe = "x"', "maybe"),
    ],
)
def test_rows_that_cannot_be_are_told_with_their_line(text: str, said: str) -> None:
    with pytest.raises(Misused, match=said):
        read_profile(text, "mine.toml")


@pytest.fixture
def team(tmp_path: Path) -> Iterator[DeskOnGitLab]:
    stage = DeskOnGitLab(tmp_path, profile=f"{PROFILE}#{ROWS}")
    yield stage
    stage.journal.close()


def the_finding(stage: DeskOnGitLab) -> list[str]:
    verdict = look(stage.desk(), NAME).assessment.by_name["facts-readable"].verdict
    return [finding.what for finding in verdict.findings] if isinstance(verdict, Blocked) else []


def test_a_row_that_cannot_be_read_is_found_and_mended_by_command(team: DeskOnGitLab) -> None:
    (done, *_) = start(
        team.desk(), read_release_file(RELEASE.partition("    merge_requests:")[0], "release.yaml", PROCESS)
    )
    assert done.done is Done.DONE
    fix = next(iter(look(team.desk(), NAME).snapshot.tracked_fixes))
    assert the_finding(team) == []

    def write(change: Callable[[str], str]) -> None:
        path, _, number = fix.ref.partition("#")
        issue = team.world.issues[team.projects[path].id][int(number)]
        team.pass_time()
        team.world.change(issue, by=team.users["developer"], description=change(issue.description or ""))

    write(lambda text: "| Description | Details |\n|---|---|\n| Affected versions | 1.0 up to 1.2.2 |\n\n" + text)
    (said,) = the_finding(team)
    assert said.startswith("affected: the row 'Affected versions' says '1.0 up to 1.2.2': ")
    assert said.endswith("name the first version with the fix: from A before B")
    team.world.clock.now += timedelta(minutes=1)
    wanted = FixFacts(affected=Affected.since(Version.parse("1.0")))
    assert [one.done for one in complete_fix(team.desk(), NAME, fix.ref, wanted, ("affected",))] == [Done.DONE]
    assert the_finding(team) == []
    assert "| Affected versions | 1.0 and later |" in team.text(fix.ref)
    write(lambda text: text.replace("| Affected versions |", "| CVSS | 6.5 |\n| Affectde versions |"))
    verdict = look(team.desk(), NAME).assessment.by_name["facts-readable"].verdict
    assert isinstance(verdict, Blocked)
    assert [finding.remedy for finding in verdict.findings if "affected" in finding.what] == [
        f"""secrel fix set {NAME} {fix.ref} 'affected={{"since": "1.0"}}'"""
    ]
    complete_fix(team.desk(), NAME, fix.ref, wanted, ("affected",))
    assert len(the_finding(team)) == 1, "another row that cannot be read is no hindrance"
    write(lambda text: text.replace("| CVSS | 6.5 |\n", ""))
    assert the_finding(team) == []
    write(lambda text: text.replace("| 1.0 and later |", "| 1.1 and later |"))
    (said,) = the_finding(team)
    assert 'a row of a table says {"since": "1.1"}, and the details below it say {"since": "1.0"}' in said

"""What the checklist says, and when its boxes are ticked."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from hypothesis import given, settings
from markdown_it import MarkdownIt
from msgspec import structs
from msgspec.structs import replace

from secrel.evaluate.assessing import assess
from secrel.evaluate.checks import document_current, document_found
from secrel.evaluate.registry import shipped
from secrel.evaluate.verdicts import Assessment, Blocked, Finding, Judged, Passed, Verdict, Waiting
from secrel.papers.checklist import read_boxes, refresh_checklist, render_checklist
from secrel.papers.checklist.lines import read_lines, read_plain
from secrel.process.table import Gate
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory
from secrel.words.parts import Unseen
from secrel.words.releases import Kind
from tests.builders import (
    DUE,
    NAME,
    NOW,
    a_draft,
    a_fix,
    a_merge_request,
    a_release,
    a_removed_fix,
    a_shipment,
    a_snapshot,
    an_advisory,
    an_issue,
    changed,
    merged,
    seen,
    with_parts,
)
from tests.faces.terminal.scene import HOSTILE, a_process, a_scene, an_assessment
from tests.strategies.advisories import advisories

COMPLETE = (
    "An attacker could read part 1. 17.0 18.3.6 18.4 18.4.4 18.5 18.5.2 CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N"
)


def rendered(snapshot: Snapshot | None = None, assessment: Assessment | None = None) -> str:
    return render_checklist(assessment or an_assessment(), snapshot or a_scene(), a_process())


def boxes(snapshot: Snapshot, assessment: Assessment | None = None) -> dict[str, bool]:
    return read_boxes(rendered(snapshot, assessment))


def told(snapshot: Snapshot, *said: Advisory) -> Snapshot:
    return replace(snapshot, contents=replace(snapshot.contents, advisories=said))


def only(gate: Gate, verdict: Verdict, *, due: datetime | None, who: str, command: str = "") -> Assessment:
    return Assessment(NAME, NOW, (Judged(gate, verdict, due, is_due=True, who=who, command=command),))


def test_every_line_that_says_something_has_a_key_of_its_own() -> None:
    keys = [line.key for line in read_lines(rendered()) if not line.is_blank]
    assert all(keys)
    assert len(keys) == len(set(keys))


def test_gates_are_ticked_by_their_verdicts() -> None:
    ticked = {key for key, holds in boxes(a_scene()).items() if key.startswith("gate/") and holds}
    assert ticked == {"gate/linked", "gate/late"}


def test_the_head_names_versions_duty_and_links() -> None:
    text = rendered(with_parts(a_scene(), draft=seen(a_draft()), post=Unseen("no answer"), duty=None))
    assert "- **Versions:** Acme App 18.5.2, 18.4.4, and 18.3.6 <!--" in text
    assert "- **Due:** Wed 25 Nov 2026 16:00 UTC <!--" in text
    assert "- **Primary (DRI):** nobody yet <!--" in text
    assert "merge_requests/900), acme/security/site\\!900 (opened) <!--" in text
    assert "- **Release post:** could not be seen: no answer <!--" in text


def test_an_unplanned_release_without_versions_says_so() -> None:
    release = a_release(kind=Kind.UNPLANNED, shipments=(a_shipment(()),))
    scene = a_snapshot([], release=release)
    text = rendered(scene)
    assert text.startswith("# Critical security release 2026-11: checklist <!--")
    assert "2026-11, unplanned, because of a critical fix" in text
    assert "- **Versions:** not known yet" in text


def test_the_tasks_of_a_cve_are_ticked_by_what_its_issue_says() -> None:
    fix = changed(a_fix(1), cve_request=an_issue(1, "acme/cves", body=COMPLETE))
    holds = boxes(a_snapshot([fix]))
    names = ("id", "affected", "description", "cvss")
    assert [holds[f"cve/acme/app#1/{name}"] for name in names] == [True] * 4
    assert holds["fix/acme/app#1/cve"]
    older = changed(fix, cve_request=an_issue(1, "acme/cves", body=COMPLETE.replace("18.5.2", "18.5.1")))
    holds = boxes(a_snapshot([older]))
    assert [holds[f"cve/acme/app#1/{name}"] for name in names] == [True, False, True, False]
    assert not holds["fix/acme/app#1/cve"]


def test_nothing_is_ticked_that_nobody_gave() -> None:
    bare = an_advisory(1, affected=None, vector=None, weakness=None, cve_id=None, description="")
    scene = told(a_snapshot([changed(a_fix(1), cve_request=None)]), bare)
    holds = boxes(scene)
    assert not any(value for key, value in holds.items() if key.startswith("cve/"))
    text = rendered(scene)
    assert "### No CVE id yet: Improper access control in part 1" in text
    assert "- no severity yet; fix acme/app\\#1" in text
    assert "in the CVE issue, which is not there yet and here: nobody gave them yet" in text
    assert "no vector yet; no fixed version yet" in text
    assert "- [ ] CVE issue is complete: there is none yet" in text


def test_a_fix_that_needs_no_cve_says_why() -> None:
    text = rendered(told(a_snapshot([a_fix(1)]), an_advisory(1, cve_id=None, no_cve="a flag guards it")))
    assert "### Without a CVE id: Improper access control" in text
    assert text.count("No CVE id is needed: a flag guards it") == 1
    assert text.count("No CVE issue is needed: a flag guards it") == 1


def test_the_id_of_another_cna_asks_for_nothing() -> None:
    text = rendered(told(a_snapshot([a_fix(1)]), an_advisory(1, assigned_by="Widget CNA")))
    assert text.count("Its CVE id is Widget CNA's: it is cited here, and its record is theirs") == 1
    assert text.count("No CVE issue is needed: its id is Widget CNA's to assign") == 1
    hosted = rendered(told(a_snapshot([a_fix(1)]), an_advisory(1, cve_id=None, affected=None, hosted_only="acme.test")))
    assert "No CVE id is needed: only acme.test was affected" in hosted


def test_a_fix_is_called_by_what_its_details_say_and_else_by_its_issue() -> None:
    snapshot = a_snapshot([a_fix(1)])
    assert "Another title" in rendered(told(snapshot, an_advisory(1, title="Another title")))
    assert f": {an_issue(1).title}" in rendered(told(snapshot))


def test_a_fix_without_advisory_is_not_complete() -> None:
    assert not boxes(told(a_snapshot([a_fix(1)])))["fix/acme/app#1/cve"]


def test_merge_requests_are_ticked_when_merged_or_approved_and_nothing_was_found() -> None:
    holds = boxes(a_scene())
    assert [holds[f"fix/acme/app#1/mr/acme/app!{n}"] for n in (100, 101, 102, 103)] == [True] * 4
    assert [holds[f"fix/acme/app#2/mr/acme/app!{n}"] for n in (200, 201, 202)] == [True, False, True]
    assert holds["fix/acme/app#2/on/18-3-stable"] is False
    stray = changed(a_fix(1), merge_requests=(a_merge_request(9, "old-stable"),))
    assert boxes(a_snapshot([stray]))["fix/acme/app#1/mr/acme/app!9"] is False


def test_a_fix_that_was_taken_out_is_unticked_and_one_that_came_back_is_not_told_twice() -> None:
    holds = boxes(a_scene())
    assert holds["fix/acme/app#1/linked"] is True
    assert holds["fix/acme/app#9/linked"] is False
    back = a_snapshot([a_fix(9)], removed=(a_removed_fix(9),))
    assert boxes(back)["fix/acme/app#9/linked"] is True


def test_findings_about_a_fix_are_listed_and_many_are_cut() -> None:
    found = tuple(Finding(f"acme/app#1, {part}", "is odd") for part in "abcde")
    gate = Gate("odd", "Nothing is odd", "fixes", "primary", "some_check")
    text = rendered(
        a_snapshot([a_fix(1)]),
        only(gate, Blocked(found), due=DUE, who=""),
    )
    assert text.count("- ✗ acme/app\\#1, ") == 3
    assert "- and 2 more findings <!--" in text
    many = tuple(Finding(f"acme/app!{number}", "is odd") for number in range(9))
    text = rendered(
        a_snapshot([]),
        only(gate, Blocked(many), due=None, who="amara"),
    )
    assert text.count("is odd <!--") == 5
    assert "  - and 4 more <!--" in text
    none = rendered(a_snapshot([]), only(gate, Passed(()), due=None, who="amara"))
    assert "- [x] **Nothing is odd**: passed <!--" in none


def test_what_could_not_be_seen_of_a_fix_is_not_called_missing() -> None:
    unseen = Unseen("no answer")
    text = rendered(a_snapshot([a_fix(1, issue=unseen, merge_requests=unseen, cve_request=unseen)]))
    assert "(its issue could not be seen)" in text.replace("\\", "")
    assert "- [ ] Merge request to main: could not be seen" in text
    assert "- [ ] CVE issue is complete: could not be seen" in text
    request = a_merge_request(100, "main", assents=unseen, pipeline=unseen, has_conflicts=unseen)
    line = next(li for li in rendered(a_snapshot([a_fix(1, merge_requests=(request,))])).splitlines() if "!100" in li)
    assert line.startswith("- [ ]")
    assert "approved by unseen" in line
    assert "conflicts unseen" in line


def test_an_approval_of_an_older_state_ticks_nothing() -> None:
    request = a_merge_request(100, "main", changed_at=DUE)
    fix = a_fix(1, merge_requests=(request,))
    assert boxes(a_snapshot([fix]))["fix/acme/app#1/mr/acme/app!100"] is False


def test_a_key_that_comes_twice_has_one_line() -> None:
    gate = Gate("odd", "Nothing is odd", "fixes", "primary", "some_check")
    judged = Judged(gate, Passed(()), None, is_due=True, who="amara", command="")
    assert rendered(a_snapshot([]), Assessment(NAME, NOW, (judged, judged))).count("Nothing is odd") == 1


def test_the_checklist_does_not_argue_with_itself() -> None:
    found, holds = (
        document_found.Params("checklist"),
        document_current.Params("checklist", ("fixes",)),
    )
    asked = Gate("open", "The checklist is open", "fixes", "primary", "x", params=found)
    current = structs.replace(asked, name="current", params=holds)

    def judged(gate: Gate) -> Judged:
        return Judged(gate, Blocked((Finding(NAME, "it is out of date"),)), None, is_due=True, who="amara", command="")

    assessment = Assessment(NAME, NOW, (judged(asked), judged(current)))
    assert boxes(a_snapshot([]), assessment) == {"gate/open": True, "gate/current": True}
    there = a_snapshot([], checklist=seen(an_issue(7)))
    assert boxes(there, assessment) == {"gate/open": False, "gate/current": True}


def test_it_says_nothing_new_when_only_time_has_passed() -> None:
    later = an_assessment(at=NOW + timedelta(minutes=7))
    assert rendered(assessment=later) == rendered()


def test_other_peoples_text_stays_in_its_place() -> None:
    fix = a_fix(1, issue=an_issue(1, title=HOSTILE))
    scene = told(a_snapshot([fix]), an_advisory(1, title=HOSTILE, no_cve=HOSTILE))
    gate = Gate("odd", HOSTILE, "fixes", "primary", "some_check")
    command = f"secrel {HOSTILE} ⟦2026-11/x⟧"
    verdict = Blocked((Finding(HOSTILE, HOSTILE, HOSTILE),))
    text = rendered(
        scene, Assessment(NAME, NOW, (Judged(gate, verdict, None, is_due=True, who=HOSTILE, command=command),))
    )
    keys = [line.key for line in read_lines(text) if not line.is_blank]
    assert all(keys)
    assert "title" in keys[0]
    assert not set(text) & {"\x1b", "\x07", "\u202e", "⟦"}
    html = MarkdownIt("commonmark").render(text)
    assert "<script" not in html
    assert not re.search(r"</table>|@all", re.sub(r"<code>.*?</code>", "", html))


@given(advisories())
@settings(max_examples=40, deadline=None)
def test_any_advisory_can_be_told_and_read_back(advisory: Advisory) -> None:
    text = rendered(told(a_snapshot([a_fix(1)]), advisory))
    assert all(line.key for line in read_lines(text) if not line.is_blank)
    assert refresh_checklist(text, text, text).text == text


def test_a_release_on_the_shipped_process_settles() -> None:
    process = shipped("gitlab")
    one = a_snapshot([merged(a_fix(1)), a_fix(2)])
    two = a_snapshot([merged(a_fix(1)), merged(a_fix(2)), a_fix(3)])
    first = render_checklist(assess(one, process, NOW), one, process)
    second = render_checklist(assess(two, process, NOW), two, process)
    assert refresh_checklist(first, first, second).text == second
    assert refresh_checklist(second, first, second).text == second
    waits = [j for j in assess(one, process, NOW).gates if isinstance(j.verdict, Waiting)]
    assert all(f"s:gate/{judged.gate.name} " in first for judged in waits)


def test_two_hundred_fixes_are_told_and_refreshed_line_by_line() -> None:
    one = a_snapshot([a_fix(number) for number in range(1, 201)])
    two = a_snapshot([merged(a_fix(number)) for number in range(1, 201)])
    before, after = rendered(one), rendered(two)
    found = before.replace("- [ ] Wording", "- [x] Wording")
    result = refresh_checklist(found, before, after)
    assert result.conflicts == ()
    assert result.text == after.replace("- [ ] Wording", "- [x] Wording")


def test_a_checklist_reads_plain_in_a_terminal() -> None:
    text = "- [x] **A gate**: acme/app\\#1 <!-- s:gate/a x4f2a1c -->\nmine <!-- no mark -->\n<!-- s:without b -->\n"
    assert read_plain(text) == "- [x] **A gate**: acme/app#1\nmine <!-- no mark -->\n\n"

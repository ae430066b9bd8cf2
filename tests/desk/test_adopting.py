"""What people opened for a release is taken over as it is, shown before, and never a second one opened beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pygit2
import pytest

from secrel.adapters.localforge.people import NewIssue, NewMergeRequest
from secrel.apply.applying import Done, Halted
from secrel.desk.carrying_out import carry_out_free
from secrel.desk.fixing import complete_fix
from secrel.desk.looking import look
from secrel.desk.ordering import order_new
from secrel.desk.proposing import propose
from secrel.desk.starting import plan_start, start
from secrel.evaluate.looking import issue_of
from secrel.observe.release_file import ReleaseFile, read_release_file
from secrel.papers.documents import sheet_of
from secrel.rehearsal.vendor import commit_file
from secrel.words.effects import Adopt
from secrel.words.errors import Misused, Refused
from secrel.words.facts.stated import FixFacts, ReleaseFacts
from secrel.words.forge import Issue
from secrel.words.ids import Cwe
from secrel.words.parts import need
from secrel.words.vectors import Vector
from tests.builders import VECTOR
from tests.desk.stage import DUE, NOTEBOOKS, PROCESS, RELEASE, Stage

NAME, BOARD = "2026-12", PROCESS.projects["tracking"]
AT = DUE + timedelta(days=21)
LABELS = ("security", "upcoming security release")
TEXT = "## For release managers\n\n- [x] announced to everybody\n- [ ] versions are agreed\n"
HEAD = (
    RELEASE[: RELEASE.index("fixes:")]
    .replace("2026-11\n", f"{NAME}\n")
    .replace(DUE.isoformat(), AT.isoformat())
    .replace("[1.2.3, 1.1.9]", "[1.2.4, 1.1.10]")
)
FIXES = f"""fixes:
  - {{name: sheets, title: A sheet runs script, vector: "{VECTOR}", merge_requests: [
      {{branch: security-sheets, target: main}}, {{branch: security-sheets-1.2, target: 1.2-stable}}]}}
  - {{name: cards, title: A card is shown}}
"""


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    return staged("begun")


def a_file(text: str = HEAD + "fixes: []\n") -> ReleaseFile:
    return read_release_file(text, "release.yaml", PROCESS)


def opened(stage: Stage, title: str = "Security release: 1.2.x", project: str = BOARD, **more: object) -> str:
    told = {"labels": LABELS, "due": AT.date(), "body": TEXT, **more}
    return stage.forge.people.open_issue(NewIssue(project, title, "release-bot", stage.at, **told))  # type: ignore[arg-type]


def issue(stage: Stage, ref: str) -> Issue:
    return stage.forge.people.issues([ref])[ref]


def branched(stage: Stage, branch: str, target: str) -> None:
    repository = pygit2.Repository(str(stage.folder / "product.git"))
    repository.references.create(f"refs/heads/{branch}", repository.references[f"refs/heads/{target}"].target)
    commit_file(stage.folder / "product.git", branch, ("mended.txt", "mended\n"), "developer", stage.at)


def taken_over(stage: Stage, file: ReleaseFile, *named: str) -> dict[str, Done]:
    plan = plan_start(stage.desk(), file, named)
    return {one.effect.key: one.done for one in order_new(stage.desk(), plan, plan.digest)}


def test_a_tracking_issue_that_people_opened_is_shown_and_then_taken_over(stage: Stage) -> None:
    ref, file = opened(stage, facts=ReleaseFacts(release="2026-10", form="2023")), a_file()
    with pytest.raises(Misused, match=f"people opened the tracking issue of a planned release .*{ref}") as told:
        start(stage.desk(), file)
    assert f"--adopt {ref}" in told.value.remedy
    before = len(stage.desk().journal.entries())
    plan = plan_start(stage.desk(), file, (ref,))
    assert plan.needs_approval
    assert [type(effect.action).__name__ for effect in plan.effects] == ["Adopt", "SetFacts"]
    for read in ("", "0" * 32):
        with pytest.raises(Refused, match="you read the plan"):
            order_new(stage.desk(), plan, read)
    assert len(stage.desk().journal.entries()) == before
    assert issue(stage, ref).mark == ""
    assert set(taken_over(stage, file, ref).values()) == {Done.DONE}
    theirs = issue(stage, ref)
    assert (theirs.mark, theirs.title, theirs.body) == (f"{NAME}/tracking", "Security release: 1.2.x", TEXT)
    assert look(stage.desk(), NAME).snapshot.release.name == NAME
    carry_out_free(stage.desk(), NAME)
    body = issue(stage, ref).body
    assert body.startswith(f"{TEXT}\n"), "people's words stay"
    assert body.count("## Branches to target") == 1, "the desk's come below them"
    carry_out_free(stage.desk(), NAME)
    assert issue(stage, ref).body == body
    assert {one.done for one in start(stage.desk(), file)} == {Done.ALREADY}


def test_of_two_the_one_that_is_named_is_taken(stage: Stage) -> None:
    refs = [opened(stage), opened(stage, "Security release, again")]
    with pytest.raises(Misused, match="2 open tracking issues could be that of this release") as told:
        start(stage.desk(), a_file())
    assert all(f"{ref} (opened 2026-11-05 by release-bot)" in str(told.value) for ref in refs)
    taken_over(stage, a_file(), refs[1])
    assert [issue(stage, ref).mark for ref in refs] == ["", f"{NAME}/tracking"]


def test_what_was_cut_off_between_the_mark_and_the_details_goes_on(stage: Stage) -> None:
    ref, file = opened(stage), a_file()
    plan = plan_start(stage.desk(), file, (ref,))
    cut = type(plan)(plan.release, plan.effects[:1], targets=plan.targets)
    order_new(stage.desk(), cut, cut.digest)
    start(stage.desk(), file)
    assert look(stage.desk(), NAME).snapshot.release.name == NAME
    assert issue(stage, ref).mark == f"{NAME}/tracking"


def test_issues_of_fixes_that_people_linked_are_taken_over_with_what_they_say(stage: Stage) -> None:
    ref, file, product = opened(stage), a_file(HEAD + FIXES), "vendor/product"
    facts = FixFacts(title="A sheet runs script", edition="CE", vector=Vector.parse(VECTOR.replace("C:H", "C:L")))
    sheets = opened(stage, " a sheet  runs Script", product, labels=("security",), body="steps", facts=facts)
    other = opened(stage, "Something else", product, labels=("security",))
    for one in (sheets, other):
        stage.forge.people.link(one, ref, "developer", stage.at)
    for branch, target in (("security-sheets", "main"), ("security-sheets-1.2", "1.2-stable")):
        branched(stage, branch, target)
    new = NewMergeRequest(product, "security-sheets", "main", "Mend it", "developer", stage.at, issues=(sheets,))
    stage.forge.people.add_merge_request(new)
    done = taken_over(stage, file, ref)
    assert f"{NAME}/branch/sheets/main" not in done, "it has its merge request"
    assert f"{NAME}/branch/sheets/1.2-stable" in done
    theirs = issue(stage, sheets)
    assert (theirs.mark, theirs.body, theirs.title) == (f"{NAME}/fix/sheets", "steps", " a sheet  runs Script")
    assert theirs.facts.facts == facts, "what people stated stays as they stated it"
    tracked = {issue_of(fix).title for fix in look(stage.desk(), NAME).snapshot.tracked_fixes}
    assert tracked == {" a sheet  runs Script", "Something else", "A card is shown"}
    assert {one.done for one in start(stage.desk(), file)} == {Done.ALREADY}


def test_of_two_linked_issues_of_one_title_the_one_that_is_named_is_taken(stage: Stage) -> None:
    ref, file = opened(stage), a_file(HEAD + FIXES.partition("  - {name: cards")[0].partition("merge")[0] + "}\n")
    several = [opened(stage, "A sheet runs script", "vendor/product", labels=("security",)) for _ in range(2)]
    for one in several:
        stage.forge.people.link(one, ref, "developer", stage.at)
    with pytest.raises(Misused, match="2 issues could be that of sheets") as told:
        plan_start(stage.desk(), file, (ref,))
    assert all(one in str(told.value) for one in several)
    taken_over(stage, file, ref, several[1])
    assert [issue(stage, one).mark for one in several] == ["", f"{NAME}/fix/sheets"]


@pytest.mark.parametrize("is_fix", [True, False])
def test_what_everybody_can_read_is_not_taken_over(stage: Stage, *, is_fix: bool) -> None:
    ref = opened(stage, confidential=is_fix)
    fix = opened(stage, "A sheet runs script", "vendor/product", labels=("security",), confidential=not is_fix)
    stage.forge.people.link(fix, ref, "developer", stage.at)
    with pytest.raises(Misused, match="everybody can read"):
        plan_start(stage.desk(), a_file(HEAD + FIXES), [ref])


def test_one_linked_issue_is_not_taken_for_two_fixes(stage: Stage) -> None:
    ref = opened(stage)
    fix = opened(stage, "A sheet runs script", "vendor/product", labels=("security",))
    stage.forge.people.link(fix, ref, "developer", stage.at)
    with pytest.raises(Misused, match=r"could be that of sheets and of cards") as refused:
        plan_start(stage.desk(), a_file(HEAD + FIXES.replace("A card is shown", "A sheet runs script")), [ref])
    assert fix in refused.value.what


def test_a_linked_issue_that_a_desk_keeps_is_not_taken_a_second_time(stage: Stage) -> None:
    ref, own = opened(stage), stage.issue("fix/notebooks")
    stage.forge.people.link(own.ref, ref, "developer", stage.at)
    file = a_file(HEAD + f"fixes:\n  - {{name: again, title: {own.title}}}\n")
    with pytest.raises(Misused, match=f"{own.ref} has its title, and a desk keeps it as {own.mark}"):
        plan_start(stage.desk(), file, (ref,))


def test_what_people_change_meanwhile_is_not_taken_over(stage: Stage) -> None:
    ref, file = opened(stage), a_file()
    plan = plan_start(stage.desk(), file, (ref,))
    stage.forge.people.set_body(ref, f"{TEXT}- [ ] one more\n")
    with pytest.raises(Halted, match="its title or text is not what the desk last saw"):
        order_new(stage.desk(), plan, plan.digest)
    taken_over(stage, file, ref)
    assert issue(stage, ref).body.endswith("one more\n")
    assert isinstance(plan.effects[0].action, Adopt)


OLD_CHECKLIST = "# AppSec checklist\n\n- [x] CVEs requested\n- [ ] Blog post reviewed\n  - by me\n"
POST = "---\ntitle: by hand\n---\n\nWords of ours about <b>it</b>.\n"


def documents(stage: Stage) -> dict[str, str]:
    """Let people open everything that a release has, by hand and with older tools."""
    people, fix = stage.forge.people, "vendor/product#1"
    found = {
        "checklist": opened(stage, "Patch release: 1.2.3", labels=("checklist",), body=OLD_CHECKLIST, due=None),
        "comms": opened(stage, "Mail", labels=("communications",), body="Please send it.\n", due=DUE.date()),
        f"cve/request/{fix}": opened(
            stage, "A CVE id", PROCESS.projects["cves"], labels=("cve request",), body=f"For {fix}.\n", due=None
        ),
    }
    repository = pygit2.Repository(str(stage.folder / "private.git"))
    repository.references.create("refs/heads/by-hand", repository.references["refs/heads/main"].target)
    commit_file(stage.folder / "private.git", "by-hand", ("posts/mine.html.md", POST), "elif", stage.at)
    new = NewMergeRequest("vendor/site-private", "by-hand", "main", "Draft: post for 1.2.3", "elif", stage.at, body="b")
    found["post/draft"] = people.add_merge_request(new)
    return found


def test_everything_that_people_opened_is_taken_over_and_keeps_their_words(stage: Stage) -> None:
    there = documents(stage)
    plan = propose(stage.desk(), look(stage.desk(), "2026-11"))
    over = {
        one.key.partition("/")[2]: one.action.ref for one in plan.to_approve.effects if isinstance(one.action, Adopt)
    }
    assert over == there
    assert not any(one.key.partition("/")[2] in there for one in plan.free.effects), "none is opened beside them"
    stage.quiet()
    assert {stage.forge.people.issues([ref])[ref].mark for ref in there.values() if "#" in ref} == {""}
    assert set(stage.approve("bjorn")) == {f"2026-11/{key}" for key in there}
    stage.quiet()
    checklist = issue(stage, there["checklist"])
    assert checklist.body.startswith(OLD_CHECKLIST.removesuffix("\n")), "what people ticked stays ticked"
    assert "<!-- s:gate/" in checklist.body, "and the desk's lines come in"
    comms, cve = issue(stage, there["comms"]).body, issue(stage, there[f"cve/request/{NOTEBOOKS}"]).body
    assert comms.startswith("Please send it.\n\n")
    assert comms.count("\nSubject:\n") == 1, "whoever sends the mail finds its text there"
    assert cve.startswith(f"For {NOTEBOOKS}.\n\n")
    assert cve.count("affected_versions:") == 1, "the CNA finds the form there"
    draft = stage.forge.people.merge_requests([there["post/draft"]])[there["post/draft"]]
    [(path, text)] = draft.files
    assert text == POST
    assert path != "posts/mine.html.md", "it is where the post of the release is"
    stage.forge.people.set_body(there["checklist"], checklist.body.replace("- [ ] Blog post", "- [x] Blog post"))
    stage.quiet()
    assert "- [x] Blog post reviewed\n  - by me" in issue(stage, there["checklist"]).body


def test_what_the_facts_change_later_comes_into_what_people_wrote(stage: Stage) -> None:
    ref = opened(stage, "A CVE id", PROCESS.projects["cves"], labels=("cve request",), body=f"For {NOTEBOOKS}.\n")
    sheet = sheet_of("cve", look(stage.desk(), "2026-11"), NOTEBOOKS)
    stage.forge.people.set_body(ref, f"For {NOTEBOOKS}.\n\n{sheet.body}")
    stage.approve("bjorn", only=("cve_requests",))
    complete_fix(stage.desk(), "2026-11", NOTEBOOKS, FixFacts(weakness=Cwe.parse("CWE-80")), ("weakness",))
    stage.quiet()
    body = issue(stage, ref).body
    assert body.startswith(f"For {NOTEBOOKS}.\n\n")
    assert "CWE-80" in body
    assert "CWE-79" not in body


def told_by(stage: Stage, gate: str) -> list[str]:
    [judged] = [one for one in look(stage.desk(), "2026-11").assessment.gates if one.gate.name == gate]
    return [f"{one.about}: {one.what}" for one in getattr(judged.verdict, "findings", ())]


def test_a_document_that_people_wrote_is_behind_until_it_has_the_desks_text(stage: Stage) -> None:
    ref = opened(
        stage,
        "Mail",
        PROCESS.projects["communications"],
        labels=("communications",),
        body="Please send it.\n",
        due=DUE.date(),
    )
    stage.approve("bjorn", only=("comms_issue",))
    said = f"{ref}: people wrote it, and what the desk adds is not in it yet"
    assert said in told_by(stage, "comms-current")
    stage.quiet()
    assert said not in told_by(stage, "comms-current")
    assert issue(stage, ref).body.startswith("Please send it.\n\n")


def test_of_two_checklists_the_one_that_is_named_is_taken_over(stage: Stage) -> None:
    several = [opened(stage, "Checklist", labels=("checklist",), due=DUE.date()) for _ in range(2)]
    plan = propose(stage.desk(), look(stage.desk(), "2026-11"))
    assert any("2 could be the checklist issue" in one.what for one in plan.refusals)
    stage.quiet()
    assert stage.forge.people.issue_made("2026-11/checklist") is None
    file = read_release_file(RELEASE, "release.yaml", PROCESS)
    done = taken_over(stage, file, several[1])
    assert done["2026-11/checklist"] is Done.DONE
    assert [issue(stage, ref).mark for ref in several] == ["", "2026-11/checklist"]


def test_what_is_named_and_cannot_be_taken_over_is_said(stage: Stage) -> None:
    file = read_release_file(RELEASE, "release.yaml", PROCESS)
    closed = opened(stage, "Checklist", labels=("checklist",), due=DUE.date())
    stage.forge.people.close(closed)
    for ref, said in (
        (closed, "it is closed"),
        (f"{BOARD}#99", "it is nothing that the release has a place for"),
        ("nonsense", "it is nothing that the release has a place for"),
    ):
        with pytest.raises(Misused, match=f"{ref} cannot be taken over: {said}"):
            plan_start(stage.desk(), file, (ref,))
    with pytest.raises(Misused, match="can be taken over once the release is there"):
        plan_start(stage.desk(), a_file(), (closed,))


def test_old_links_of_a_tracking_issue_that_was_copied_lead_to_nothing(stage: Stage) -> None:
    old = opened(stage, "Checklist of 1.2.2", labels=("checklist",), due=DUE.date() - timedelta(days=28))
    kept = stage.issue("tracking")
    stage.forge.people.set_body(kept.ref, f"{kept.body}\nChecklist: {old}\n")
    seen = look(stage.desk(), "2026-11").snapshot
    [found] = [one for part in seen.alike.values() for one in need(part, "them")]
    assert (found.found.ref, found.against) == (old, f"it is due on {DUE.date() - timedelta(days=28)}")
    stage.quiet()
    own = stage.forge.people.issue_made("2026-11/checklist")
    assert own is not None
    assert issue(stage, old).mark == ""


def test_documents_that_people_linked_to_the_tracking_issue_are_no_fixes(stage: Stage) -> None:
    tracking, before = stage.issue("tracking").ref, look(stage.desk(), "2026-11").snapshot.tracked_fixes
    checklist = opened(stage, "Checklist", labels=("checklist",), due=DUE.date())
    stage.forge.people.link(checklist, tracking, "elif", stage.at)
    assert look(stage.desk(), "2026-11").snapshot.tracked_fixes == before
    stage.forge.people.unlink(checklist, tracking, stage.at)
    assert look(stage.desk(), "2026-11").snapshot.removed_fixes == ()

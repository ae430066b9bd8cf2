"""What release managers and bots opened on GitLab is taken over as it is, and never a second one opened beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec.structs import replace

from secrel.apply.applying import Done, Halted
from secrel.desk.carrying_out import carry_out_approved, carry_out_free
from secrel.desk.looking import look
from secrel.desk.ordering import order_new
from secrel.desk.proposing import propose
from secrel.desk.remembering import lost
from secrel.desk.rotation import known_releases
from secrel.desk.starting import plan_start, start
from secrel.observe.release_file import ReleaseFile, read_release_file
from secrel.ports.forge import ForgeReader
from secrel.words.effects import Adopt
from secrel.words.errors import Broken, Misused
from secrel.words.parts import Part, need
from secrel.words.sighting import LabelRule, Tracked
from tests.adapters.gitlab.desks import DeskOnGitLab
from tests.desk.stage import DUE, NAME, PROCESS, RELEASE

BOARD = PROCESS.projects["tracking"]
TEXT = "## For release managers\n\n- [x] announced to everybody\n- [ ] versions are agreed\n"
LABELS = ["security", "upcoming security release"]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[DeskOnGitLab]:
    stage = DeskOnGitLab(tmp_path)
    yield stage
    stage.journal.close()


def a_file(text: str = RELEASE[: RELEASE.index("fixes:")] + "fixes: []\n") -> ReleaseFile:
    return read_release_file(text, "release.yaml", PROCESS)


def taken_over(stage: DeskOnGitLab, file: ReleaseFile, *named: str) -> set[Done]:
    plan = plan_start(stage.desk(), file, named)
    return {one.done for one in order_new(stage.desk(), plan, plan.digest)}


def test_a_tracking_issue_that_a_bot_opened_is_taken_over(stage: DeskOnGitLab) -> None:
    issue = stage.open(BOARD, "Security release: 1.2.x", TEXT, labels=LABELS, due_date=DUE.date())
    ref, file = stage.ref(issue), a_file()
    with pytest.raises(Misused, match=f"{ref} .opened 2026-11-05 by release-bot"):
        start(stage.desk(), file)
    assert taken_over(stage, file, f"{stage.world.site.url}/{BOARD}/-/issues/{issue.iid}") == {Done.DONE}
    assert (issue.description or "").startswith(TEXT), "people's words stay"
    assert [release.name for release, _ in known_releases(stage.desk())] == [NAME]
    assert look(stage.desk(), NAME).snapshot.release.name == NAME
    assert lost(stage.desk(), NAME) == {}
    assert {one.done for one in start(stage.desk(), file)} == {Done.ALREADY}
    assert len(stage.world.issues[issue.project_id]) == 1


def test_a_journal_that_lost_an_adopted_release_says_so(stage: DeskOnGitLab, tmp_path: Path) -> None:
    issue = stage.open(BOARD, "Security release: 1.2.x", TEXT, labels=LABELS, due_date=DUE.date())
    taken_over(stage, a_file(), stage.ref(issue))
    other = DeskOnGitLab(tmp_path / "other")
    other.world, other.double, other.users = stage.world, stage.double, stage.users
    (tmp_path / "other").mkdir()
    assert lost(other.desk(), NAME) == {f"{NAME}/tracking": stage.ref(issue)}
    with pytest.raises(Broken, match="the journal has lost its memory") as told:
        look(other.desk(), NAME)
    assert f"secrel journal {NAME} --adopt" in told.value.remedy
    with pytest.raises(Misused, match="there is no release '2027-13'"):
        look(other.desk(), "2027-13")
    other.journal.close()


def test_a_mark_that_somebody_else_wrote_makes_no_release(stage: DeskOnGitLab) -> None:
    issue = stage.open(BOARD, "Security release: 1.2.x", TEXT, labels=LABELS, due_date=DUE.date())
    taken_over(stage, a_file(), stage.ref(issue))
    forged = stage.open(
        BOARD, "Another", str(issue.description), labels=LABELS, due_date=DUE.date() + timedelta(days=9)
    )
    stage.world.change(forged, by=stage.users["developer"], description=f"more\n{issue.description}")
    assert [release.name for release, _ in known_releases(stage.desk())] == [NAME]


def test_a_bot_that_edits_while_the_desk_writes_loses_nothing(stage: DeskOnGitLab) -> None:
    issue = stage.open(BOARD, "Security release: 1.2.x", TEXT, labels=LABELS, due_date=DUE.date())
    file, ref = a_file(), stage.ref(issue)
    plan = plan_start(stage.desk(), file, (ref,))
    stage.world.change(issue, by=stage.users["release-bot"], description=f"{TEXT}- [ ] one more\n")
    with pytest.raises(Halted, match="its title or text is not what the desk last saw"):
        order_new(stage.desk(), plan, plan.digest)
    assert taken_over(stage, file, ref) == {Done.DONE}
    assert (issue.description or "").startswith(f"{TEXT}- [ ] one more\n")


def test_a_tracking_issue_that_was_copied_brings_nothing_of_last_months(stage: DeskOnGitLab) -> None:
    last = documents(stage)
    old = RELEASE.replace("fixes:", "bug_fixes: [{version: 1.2.3, title: old, url: 'https://x.example'}]\nfixes:")
    assert taken_over(stage, a_file(old.partition("    merge_requests:")[0]), last["tracking"]) >= {Done.DONE}
    desk = stage.desk("bjorn")
    carry_out_approved(desk, NAME, read=propose(desk, look(desk, NAME)).to_approve.digest)
    copied = stage.text(last["tracking"])
    assert "2026-11/tracking -->" in copied
    assert '"bug_fixes"' in copied
    later, new = DUE + timedelta(days=28), "2026-12"
    issue = stage.open(BOARD, "Security release: 1.2.x", copied, labels=LABELS, due_date=later.date())
    text = RELEASE[: RELEASE.index("fixes:")] + "fixes: []\n"
    text = text.replace(f"{NAME}\n", f"{new}\n").replace(DUE.isoformat(), later.isoformat())
    file = a_file(text.replace("[1.2.3, 1.1.9]", "[1.2.4, 1.1.10]"))
    assert taken_over(stage, file, stage.ref(issue)) == {Done.DONE}
    assert [release.name for release, _ in known_releases(stage.desk())] == [NAME, new]
    seen = look(stage.desk(), new).snapshot
    assert seen.contents.bug_fixes == (), "what the copied details announce was announced last month"
    assert seen.tracked_fixes == ()
    assert (issue.description or "").count("<!-- secrel ") == 1
    against = {one.found.ref: one.against for part in seen.alike.values() for one in need(part, "them")}
    assert against[last["checklist"]] == f"a desk keeps it as {NAME}/checklist"
    assert all(against.values())
    assert not any(isinstance(one.action, Adopt) for one in propose(stage.desk(), look(stage.desk(), new)).effects)


FIX_FILE = RELEASE.partition("    merge_requests:")[0]
POST = "---\ntitle: by hand\n---\n\nWords of ours.\n"


def documents(stage: DeskOnGitLab) -> dict[str, str]:
    """Let bots and people open everything: the tracking issue leads to each, as release managers write it."""
    site, cves = stage.projects["vendor/site-private"], PROCESS.projects["cves"]
    fix = stage.open("vendor/product", "Stored script in notebooks", "- [x] steps", labels=["security"], by="developer")
    checklist = stage.open(BOARD, "Patch release: 1.2.3", "- [x] CVEs requested\n", labels=["checklist"])
    comms = stage.open(BOARD, "Mail", "Please send it.\n", labels=["communications"])
    cve = stage.open(cves, "A CVE id", f"For {stage.ref(fix)}.\n", labels=["cve request"])
    stage.world.commit(site, "by-hand", {"posts/mine.html.md": POST}, message="draft", by=stage.users["developer"])
    draft = stage.world.merge_request(
        site, "by-hand", "Draft: a post", target="main", by=stage.users["developer"], description="to be read"
    )
    urls = [f"{stage.world.site.url}/{BOARD}/-/issues/{one.iid}" for one in (checklist, comms)]
    text = f"{TEXT}\n- {urls[0]}\n- {urls[1]}\n- {stage.ref(draft)}\n"
    tracking = stage.open(BOARD, "Security release: 1.2.x", text, labels=LABELS, due_date=DUE.date())
    stage.world.link(fix, tracking, by=stage.users["developer"])
    stage.world.link(checklist, tracking, by=stage.users["release-bot"])
    return {
        "tracking": stage.ref(tracking),
        "fix/notebooks": stage.ref(fix),
        "checklist": stage.ref(checklist),
        "comms": stage.ref(comms),
        f"cve/request/{stage.ref(fix)}": stage.ref(cve),
        "post/draft": stage.ref(draft),
    }


def test_a_release_that_others_began_is_taken_over_whole(stage: DeskOnGitLab) -> None:
    there, file = documents(stage), a_file(FIX_FILE)
    before = {ref: stage.text(ref) for ref in there.values()}
    assert taken_over(stage, file, there["tracking"]) == {Done.DONE, Done.FOUND}, "the fix is linked already"
    scene = look(stage.desk(), NAME)
    assert [fix.ref for fix in scene.snapshot.tracked_fixes] == [there["fix/notebooks"]], "documents are no fixes"
    plan = propose(stage.desk(), scene)
    over = {
        one.key.partition("/")[2]: one.action.ref for one in plan.to_approve.effects if isinstance(one.action, Adopt)
    }
    assert over == {key: ref for key, ref in there.items() if key not in {"tracking", "fix/notebooks"}}
    assert not any(one.key.partition("/")[2] in there for one in plan.free.effects)
    carry_out_free(stage.desk(), NAME)
    desk = stage.desk("bjorn")
    carry_out_approved(desk, NAME, read=propose(desk, look(desk, NAME)).to_approve.digest)
    carry_out_free(stage.desk(), NAME)
    for key, ref in there.items():
        assert stage.text(ref).startswith(before[ref].rstrip()), f"{key}: people's words stay"
    assert "<!-- s:gate/" in stage.text(there["checklist"])
    [(path, text)] = look(stage.desk(), NAME).snapshot.draft.value.files  # type: ignore[union-attr]
    assert (text, path) != (POST, "posts/mine.html.md")
    assert text == POST
    counts = {path: len(stage.world.issues[project.id]) for path, project in stage.projects.items()}
    assert (counts[BOARD], counts["vendor/product"], counts[PROCESS.projects["cves"]]) == (3, 1, 1), "no second one"
    assert len(stage.world.merge_requests[stage.projects["vendor/site-private"].id]) == 1
    assert lost(stage.desk(), NAME) == {}


def test_what_is_named_later_is_shown_alone_and_what_is_there_is_not_shown_as_new(stage: DeskOnGitLab) -> None:
    there, file = documents(stage), a_file(FIX_FILE)
    taken_over(stage, file, there["tracking"])
    other = stage.open(BOARD, "Mail", "The right one.\n", labels=["communications"], due_date=DUE.date())
    scene = look(stage.desk(), NAME)
    plan = propose(stage.desk(), scene)
    held = [one for one in plan.to_approve.held if one.keys == (f"{NAME}/comms",)]
    assert len(held) == 1
    assert all(ref in held[0].what for ref in (there["comms"], stage.ref(other))), "both are shown"
    named = plan_start(stage.desk(), file, (stage.ref(other),))
    assert [(one.key, one.action.ref) for one in named.effects if isinstance(one.action, Adopt)] == [
        (f"{NAME}/comms", stage.ref(other))
    ]
    assert len(named.effects) == 1, "nothing that is there is shown as if it were to be opened"
    assert {one.done for one in order_new(stage.desk(), named, named.digest)} == {Done.DONE}
    assert len(stage.world.issues[stage.projects[BOARD].id]) == 4, "none was opened beside them"


def test_documents_that_the_tracking_issue_calls_by_their_numbers_are_taken_over(stage: DeskOnGitLab) -> None:
    """One project for several documents: there people write `#12`, and GitLab links it."""
    checklist = stage.open(BOARD, "What AppSec does", "- [x] begun\n", labels=["checklist"])
    text = f"{TEXT}\nAppSec: #{checklist.iid}\n"
    tracking = stage.open(BOARD, "Security release: 1.2.x", text, labels=LABELS, due_date=DUE.date())
    taken_over(stage, a_file(), stage.ref(tracking))
    [found] = need(look(stage.desk(), NAME).snapshot.alike["checklist"], "them")
    assert (found.found.ref, found.by, found.against) == (stage.ref(checklist), ("a link leads to it",), "")


class Overtaken:
    """A forge on which something happens just after it has told which releases there are."""

    def __init__(self, forge: ForgeReader, act: Callable[[], object]) -> None:
        self.forge, self.act = forge, act

    def releases(self, rule: LabelRule) -> Part[tuple[Tracked, ...]]:
        found = self.forge.releases(rule)
        self.act()
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.forge, name)


def test_a_desk_that_is_overtaken_while_it_adopts_is_told_so(stage: DeskOnGitLab) -> None:
    issue = stage.open(BOARD, "Security release: 1.2.x", TEXT, labels=LABELS, due_date=DUE.date())
    file, ref, desk = a_file(), stage.ref(issue), stage.desk("bjorn")
    overtaken = Overtaken(desk.forge, partial(taken_over, stage, file, ref))
    with pytest.raises(Misused, match="another desk has taken it over at this moment"):
        plan_start(replace(desk, forge=cast("ForgeReader", overtaken)), file, (ref,))
    assert [release.name for release, _ in known_releases(stage.desk())] == [NAME]
    assert (issue.description or "").count("<!-- secrel ") == 1

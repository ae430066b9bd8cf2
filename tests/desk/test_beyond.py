"""What one desk may not say when it announces a release: other releases, what no release has linked, private places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from secrel.adapters.localforge.people import NewIssue
from secrel.desk.carrying_out import carry_out_approved, carry_out_free
from secrel.desk.fixing import release_notes
from secrel.desk.looking import look
from secrel.desk.proposing import look_beyond, propose
from secrel.desk.starting import start
from secrel.observe.release_file import read_release_file
from secrel.plan.plan import Plan
from secrel.plan.planning import plan_release
from secrel.rehearsal.vendor import commit_file
from secrel.words.effects import LiftConfidentiality
from secrel.words.errors import Misused, Refused
from secrel.words.facts.stated import FixFacts
from secrel.words.parts import settled
from tests.desk.stage import DUE, NAME, NOTEBOOKS, PROCESS, TOKENS, Stage

NEXT = f"""release: 2026-12
kind: planned
due: {(DUE + timedelta(days=21)).isoformat()}
form: generic
products:
  - {{product: product, versions: [1.2.4, 1.1.10]}}
primary: dewi
secondary: amara
fixes:
  - name: gadgets
    title: A gadget runs whatever it is sent by anybody
    description: Gadgets ran every command that arrived at their door without asking who had sent it to them.
    affected: {{since: "1.0"}}
    cve: CVE-2026-7777
    assigned_by: us
    credits: [{{name: Wanderlust Example, report: "https://reports.example/77"}}]
"""


def with_draft(stage: Stage, text: str) -> Plan:
    """The plan that opens the release post, when somebody wrote this into the draft and it was reviewed again."""
    draft = stage.request("post/draft")
    [(path, before)] = draft.files
    commit_file(stage.folder / "private.git", draft.branch, (path, f"{before}\n{text}\n"), "amara", stage.at)
    stage.at += timedelta(seconds=1)
    stage.forge.people.approve(draft.ref, "bjorn", stage.at, "appsec")
    stage.at = DUE + timedelta(minutes=1)
    desk = stage.desk("bjorn")
    return propose(desk, look(desk, NAME), ("release_post",))


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    stage = staged("ready")
    start(stage.desk(), read_release_file(NEXT, "release.yaml", PROCESS))
    return stage


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("A gadget runs whatever it is sent by anybody", "the title of vendor/product#3, of the release 2026-12"),
        ("See CVE-2026-7777.", "the cve of vendor/product#3, of the release 2026-12"),
        ("Thanks to Wanderlust Example", "the finder's name of vendor/product#3, of the release 2026-12"),
        ("https://reports.example/77", "the finder's report of vendor/product#3, of the release 2026-12"),
        ("https://reports.example/1", "the report address of the finder of vendor/product#1"),
    ],
)
def test_two_releases_on_one_desk_never_announce_each_other(stage: Stage, text: str, label: str) -> None:
    said = [refusal.what for refusal in with_draft(stage, text).refusals]
    assert any(label in one for one in said), said


def test_what_is_announced_is_no_secret_of_another_release(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    start(stage.desk(), read_release_file(NEXT, "release.yaml", PROCESS))
    desk = stage.desk()
    beyond = look_beyond(desk, look(desk, "2026-12"))
    assert [seen.release.name for seen in beyond.releases] == [NAME]
    assert beyond.unseen == ()
    assert {issue.ref for issue in beyond.issues} >= {NOTEBOOKS, TOKENS}


def test_a_confidential_issue_that_no_release_has_linked_is_kept(stage: Stage) -> None:
    facts = FixFacts(title="The gate opens by itself at night", credits=())
    new = NewIssue("vendor/product", "Night gate", "farid", stage.at, labels=("security",), facts=facts)
    ref = stage.forge.people.open_issue(new)
    [refusal] = with_draft(stage, "The gate opens by itself at night.").refusals
    assert f"the title of {ref}, which no release has linked" in refusal.what


def test_a_plan_that_nobody_compared_with_the_rest_refuses_what_reveals(staged: Callable[[str], Stage]) -> None:
    stage = staged("ready")
    stage.at = DUE + timedelta(minutes=1)
    plan = plan_release(look(stage.desk(), NAME), ("release_post",))
    [refusal] = plan.refusals
    assert "the other releases of this desk: nobody has looked at them" in refusal.what
    assert propose(stage.desk(), look(stage.desk(), NAME), ("release_post",)).refusals == ()


@pytest.mark.parametrize("what", ["checklist", f"cve/request/{NOTEBOOKS}", "tracking"])
def test_what_a_person_made_public_gets_nothing_quietly(staged: Callable[[str], Stage], what: str) -> None:
    stage = staged("drafted")
    ref = stage.issue(what).ref
    stage.forge.people.set_confidential(ref, confidential=False)
    before = stage.issue(what)
    stage.write(NOTEBOOKS, {"title": "Another title", "description": "Another text, which is under embargo."})
    stage.at += timedelta(hours=1)
    desk = stage.desk()
    carried = carry_out_free(desk, NAME)
    assert stage.issue(what) == before
    gate = next(judged for judged in look(desk, NAME).assessment.gates if judged.gate.check == "documents_confidential")
    assert f"secrel forge visibility {ref} confidential" in gate.command or ref in str(gate.verdict)
    early = [refusal.what for refusal in carried.left.refusals]
    assert what == "tracking" or any("early" in one for one in early), early
    stage.forge.people.set_confidential(ref, confidential=True)
    carry_out_free(desk, NAME)
    assert what == "tracking" or stage.issue(what).body != before.body


def lifts(stage: Stage) -> dict[str, LiftConfidentiality]:
    plan = propose(stage.desk(), look(stage.desk(), NAME), ("public_issues",))
    return {
        effect.action.ref: effect.action for effect in plan.effects if isinstance(effect.action, LiftConfidentiality)
    }


def test_the_plan_shows_what_becomes_public_and_keeps_out_what_must_not(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    stage.approve("bjorn")
    stage.write(TOKENS, {"no_cve": "the customer asked us to keep it out"})
    stage.forge.people.add_note(NOTEBOOKS, "between us: the customer was Wonka", "amara", stage.at)
    stage.at += timedelta(days=31)
    shown = lifts(stage)[NOTEBOOKS]
    assert shown.title == "Stored script in notebooks"
    assert shown.notes == ()
    assert "reports.example" not in str(shown.facts.table)
    assert "customer" not in str(lifts(stage)[TOKENS].facts.table)
    stage.quiet()
    stage.approve("bjorn")
    found = stage.forge.people.issues([NOTEBOOKS])[NOTEBOOKS]
    assert not found.confidential
    assert "reports.example" not in str(found.facts.table)
    assert all(note.internal for note in settled(found.notes, "the notes"))


def test_notes_go_when_somebody_read_them_and_said_so(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    stage.approve("bjorn")
    stage.forge.people.add_note(NOTEBOOKS, "fixed in all versions", "amara", stage.at)
    stage.at += timedelta(days=31)
    for ref, words, fault in (("vendor/product#99", "x", "is no fix"), (NOTEBOOKS, " ", "the words are empty")):
        with pytest.raises(Misused, match=fault):
            release_notes(stage.desk("bjorn"), NAME, ref, words)
    said = release_notes(stage.desk("bjorn"), NAME, NOTEBOOKS, "I have read all of them")
    assert said.by == "bjorn"
    assert "fixed in all versions" in lifts(stage)[NOTEBOOKS].notes
    stage.forge.people.add_note(NOTEBOOKS, "and one more", "amara", stage.at)
    assert lifts(stage)[NOTEBOOKS].notes == (), "they were read before there was this one"


def test_what_changed_since_it_was_read_does_not_become_public(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    stage.approve("bjorn")
    stage.at += timedelta(days=31)
    desk = stage.desk("bjorn")
    digest = propose(desk, look(desk, NAME)).to_approve.digest
    stage.forge.people.set_body(NOTEBOOKS, "a text that nobody approved")
    with pytest.raises(Refused, match="it is now"):
        carry_out_approved(desk, NAME, read=digest)
    assert stage.forge.people.issues([NOTEBOOKS])[NOTEBOOKS].confidential


def test_a_merge_with_an_old_date_opens_no_issue_early(staged: Callable[[str], Stage]) -> None:
    stage = staged("ready")
    stage.at = DUE + timedelta(minutes=1)
    stage.quiet()
    stage.approve("amara")
    post = stage.request("post/release")
    stage.forge.people.merge(post.ref, "release-managers", DUE - timedelta(days=58))
    stage.at = DUE + timedelta(minutes=30)
    live = look(stage.desk(), NAME).snapshot.announced_at
    assert live == DUE + timedelta(minutes=1), "when the desk opened the post: it was not live before"

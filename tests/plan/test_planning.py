"""From what is wanted to a plan: order, what is done, what is embargoed, whose the post is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from secrel.evaluate.verdicts import (
    Assessment,
    Blocked,
    Finding,
    Judged,
    Passed,
    Pending,
    UnseenVerdict,
    Verdict,
    Waiting,
)
from secrel.papers.scene import Scene
from secrel.plan.embargo import embargoed
from secrel.plan.guard import look_through
from secrel.plan.planning import not_yet, open_works, plan_release
from secrel.process.table import Gate
from secrel.words.advisories import Credit
from secrel.words.effects import Effect, TellReporter, address_of
from secrel.words.errors import Misused
from secrel.words.facts.stated import FixFacts, read_facts
from secrel.words.forge import Assent
from secrel.words.ids import CveId
from secrel.words.parts import Seen, Unseen, need
from secrel.words.people import POST_AUTHOR
from secrel.words.vectors import Vector
from tests.builders import (
    DUE,
    NAME,
    NOW,
    REPOSITORY,
    VECTOR,
    a_claim,
    a_contents,
    a_draft,
    a_fix,
    a_post,
    a_removed_fix,
    a_tracking_issue,
    an_advisory,
    an_issue,
    changed,
    receipts,
    seen,
)
from tests.plan.scenes import PROCESS, a_scene

SECRETS: dict[str, Any] = {
    "title": "A removed title nobody knows",
    "description": "The first sentence of it, and it is long enough. Short. And a third one, as long as it has to be!",
    "workaround": "Switch off the secret feature",
    "cve": "CVE-2026-9999",
    "credits": [
        {"name": "finder-of-secrets", "profile": "https://finders.test/s", "report": "https://reports.test/9"},
    ],
}


def a_removed(**facts: object) -> Any:
    removed = a_removed_fix(9)
    issue = replace(an_issue(9), facts=read_facts(FixFacts, {**SECRETS, **facts}))
    return changed(removed, issue=issue, cve_id=CveId("CVE-2026-8888"), branches=("security-secret-main",))


def judged(name: str, verdict: Verdict, makes: str = "") -> Judged:
    return Judged(
        Gate(name, name.title(), "p", "primary", "c", makes=makes), verdict, None, is_due=False, who="", command=""
    )


BLOCKED, PASSED = Blocked((Finding("a", "b"),)), Passed(())


def test_the_turn_of_a_line_of_work_has_come_when_a_gate_of_its_own_has_findings() -> None:
    gates = (
        judged("one", BLOCKED, "email"),
        judged("two", BLOCKED, "checklist"),
        judged("three", PASSED, "reporters"),
        judged("four", BLOCKED),
        judged("five", BLOCKED, "email"),
    )
    assert open_works(Assessment(NAME, NOW, gates)) == ["email", "checklist"]


def test_why_the_turn_of_a_line_of_work_has_not_come_is_said() -> None:
    gates = (
        judged("first", Waiting(("a", "b"), None), "email"),
        judged("second", Waiting((), DUE), "email"),
        judged("third", Waiting((), None), "email"),
        judged("fourth", BLOCKED, "email"),
        judged("fifth", Waiting(("a",), None), "checklist"),
    )
    assert not_yet("email", Assessment(NAME, NOW, gates)) == [
        "first waits for a, b",
        "second opens at 2026-11-25 16:00 UTC",
        "third is not open",
    ]


def opened(scene: Scene, *works: str) -> Scene:
    """The scene in which the turn of these lines of work, and of no other, has come."""
    gates = tuple(judged(work, BLOCKED, work) for work in works)
    return replace(scene, assessment=Assessment(NAME, scene.now, gates))


def test_what_has_its_receipt_is_not_planned_again() -> None:
    scene = opened(a_scene(receipts=receipts("/ask/release-managers")), "tell_release_managers", "email")
    assert [effect.key for effect in plan_release(scene).effects] == [f"{NAME}/tell/release-managers", f"{NAME}/email"]


def test_a_plan_has_what_is_wanted_in_the_order_of_the_table() -> None:
    scene = replace(
        opened(a_scene(), "tell_release_managers", "email", "tell_release_managers"), targets=("the forge",)
    )
    plan = plan_release(scene)
    assert [effect.key for effect in plan.effects] == [
        f"{NAME}/ask/release-managers",
        f"{NAME}/tell/release-managers",
        f"{NAME}/email",
    ]
    assert plan.targets == ("the forge",)
    assert [refusal.rule for refusal in plan.refusals] == ["embargo"], "the mail is a week early"
    assert plan_release(replace(scene, now=DUE)).refusals == ()


def test_what_is_held_back_is_said_and_the_rest_goes_on() -> None:
    told = [an_advisory(1, references=("ftp://files.test/a",)), an_advisory(2)]
    plan = plan_release(opened(a_scene(now=DUE, contents=a_contents(advisories=told)), "cve_records"))
    assert [effect.key for effect in plan.effects] == [f"{NAME}/cve/publish/CVE-2026-0002"]
    assert [(refusal.rule, refusal.keys) for refusal in plan.refusals] == [
        ("facts", (f"{NAME}/cve/publish/CVE-2026-0001",))
    ]


def test_documents_that_are_there_are_kept_up_to_date_whatever_the_gates_say() -> None:
    scene = opened(a_scene(checklist=seen(an_issue(7)), comms=seen(an_issue(8))))
    assert [effect.key for effect in plan_release(scene).effects] == [f"{NAME}/checklist/edit/1"]
    keys = [effect.key for effect in plan_release(opened(scene, "comms_issue", "checklist")).effects]
    assert keys == [f"{NAME}/checklist/edit/1"], "once"
    assert plan_release(opened(a_scene(fixes=[a_fix(1, cve_request=None)]))).effects == (), "what is not there waits"


def test_a_part_of_the_work_is_planned_alone_and_refuses_before_its_turn() -> None:
    scene = opened(a_scene(now=DUE), "email", "reporters")
    assert [effect.key for effect in plan_release(scene, ("email",)).effects] == [f"{NAME}/email"]
    early = judged("first", Waiting(("a",), None), "cve_records")
    scene = replace(scene, assessment=replace(scene.assessment, gates=(*scene.assessment.gates, early)))
    plan = plan_release(scene, ("cve_records", "email"))
    assert [effect.key for effect in plan.effects] == [f"{NAME}/email"]
    assert [(refusal.rule, refusal.what) for refusal in plan.refusals] == [("order", "first waits for a")]
    assert plan.refusals[0].remedy.endswith("--gate first"), "nothing is known of a"
    last = judged("b", Waiting(pending=(Pending("c", "is late"),)))
    gates = (*scene.assessment.gates, judged("a", Waiting(("b",), None)), last)
    plan = plan_release(replace(scene, assessment=replace(scene.assessment, gates=gates)), ("cve_records",))
    assert plan.refusals[0].remedy == f"secrel status {NAME} --gate b", "what all of them wait for in the end"
    with pytest.raises(Misused, match="there is no line of work 'reporter'") as told:
        plan_release(scene, ("reporter",))
    assert (told.value.where, "reporters" in told.value.remedy) == (NAME, True)


def test_a_reference_to_what_is_made_nowhere_is_refused() -> None:
    def scene(key: str, **changes: Any) -> Scene:
        tracking = a_tracking_issue(ref=address_of(key))
        return opened(a_scene(tracking=seen(tracking), **changes), "tell_release_managers")

    assert plan_release(scene(f"{NAME}/tracking", receipts=receipts("/tracking"))).refusals == ()
    [refusal] = plan_release(scene("2026-11/nowhere")).refusals
    assert (refusal.rule, refusal.keys) == ("order", (f"{NAME}/ask/release-managers",))
    assert "2026-11/nowhere" in refusal.what


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("title", "A removed title nobody knows"),
        ("title", "Flaw number 9"),
        ("description", "The first sentence of it, and it is long enough."),
        ("description", "And a third one, as long as it has to be!"),
        ("workaround", "Switch off the secret feature"),
        ("cve", "CVE-2026-9999"),
        ("CVE id", "CVE-2026-8888"),
        ("address", "https://forge.test/acme/app/-/issues/9"),
        ("branch", "security-secret-main"),
        ("finder's name", "finder-of-secrets"),
        ("finder's profile", "https://finders.test/s"),
        ("finder's report", "https://reports.test/9"),
    ],
)
def test_everything_that_gives_a_removed_fix_away_is_embargoed(label: str, text: str) -> None:
    found = {fact.text: fact.label for fact in embargoed(a_scene(removed=(a_removed(),))).facts}
    assert found[text] == f"the {label} of {REPOSITORY}#9, which is no longer in the release"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("title", [SECRETS["title"]]),
        ("title", f"{SECRETS['title']}\nand more"),
        ("description", {"text": SECRETS["description"]}),
        ("description", f"{SECRETS['description']} {'x' * 20_000}"),
        ("workaround", [{SECRETS["workaround"]: True}]),
        ("cve", f"{SECRETS['cve']} or so"),
        ("credits", [*SECRETS["credits"], "x"]),
        ("credits", [*SECRETS["credits"], {"nick": "x"}]),
        ("credits", SECRETS["credits"] * 501),
    ],
)
def test_the_guard_gets_no_smaller_when_a_fact_cannot_be_read(line: str, value: object) -> None:
    sound, unread = a_removed(), a_removed(**{line: value})
    assert [fault.line for fault in need(unread.issue, "it").facts.faults] == [line]
    guard = embargoed(a_scene(removed=(unread,))).facts
    for fact in embargoed(a_scene(removed=(sound,))).facts:
        found = look_through(Effect("r/x", TellReporter("report/1", f"This: {fact.text}"), "s"), guard)
        assert found.certain + found.perhaps, fact.text


def test_what_stands_in_a_line_that_nobody_knows_is_embargoed_unless_it_is_announced() -> None:
    told = an_advisory(1, vector=Vector.parse(VECTOR), references=("https://acme.test/a",))
    removed = a_removed(
        **{"desciption": "A secret of few words", "The flaw of it": 1}, vector=VECTOR.removeprefix("CVSS:3.1/"),
        references="https://acme.test/a", credits=[{"source": "hackerone", "type": "reporter", "nick": "x"}],
    )  # fmt: skip
    scene = a_scene(removed=(removed,), contents=a_contents(advisories=[told]))
    found = {fact.text: fact.label for fact in embargoed(scene).facts if "unreadable" in fact.label}
    label = f"the unreadable details of {REPOSITORY}#9, which is no longer in the release"
    assert found["A secret of few words"] == found["The flaw of it"] == label
    assert {text for text in found if len(text) >= 8} == {"A secret of few words", "The flaw of it", "desciption"}


def test_a_removed_fix_without_facts_is_known_by_its_issue() -> None:
    removed = a_removed_fix(9)
    texts = [fact.text for fact in embargoed(a_scene(removed=(removed,))).facts if "#9" in fact.label]
    assert texts == ["Flaw number 9", "https://forge.test/acme/app/-/issues/9"]


def test_what_an_announced_advisory_says_itself_is_no_secret() -> None:
    told = an_advisory(
        1, title="A removed title nobody knows, and more", description="Short.",
        workaround="Switch off the secret feature", credits=(Credit("Finder-Of-Secrets", profile="https://finders.test/s"),),
    )  # fmt: skip
    scene = a_scene(removed=(a_removed(),), contents=a_contents(advisories=[told]))
    texts = {fact.text for fact in embargoed(scene).facts}
    for text in (SECRETS["title"], SECRETS["workaround"], "finder-of-secrets", "https://finders.test/s"):
        assert text not in texts
    assert SECRETS["description"] in texts
    assert "https://reports.test/9" in texts


def test_the_addresses_of_what_is_confidential_are_embargoed() -> None:
    fixes = [a_fix(1), a_fix(2, cve_request=an_issue(2, "acme/cves", confidential=False)), a_fix(3, cve_request=None)]
    scene = a_scene(fixes=fixes, checklist=seen(an_issue(601)), comms=seen(an_issue(602, confidential=False)))
    assert {fact.label: fact.text for fact in embargoed(scene).facts if "report" not in fact.label} == {
        "the address of the tracking issue": "https://forge.test/acme/app/-/issues/500",
        "the address of the checklist": "https://forge.test/acme/app/-/issues/601",
        "the address of the CVE request of acme/app#1": "https://forge.test/acme/cves/-/issues/1",
    }


def test_a_release_post_that_tells_of_a_removed_fix_is_refused() -> None:
    def refusals(text: str) -> list[str]:
        draft = a_draft(files=(("p.md", text),))
        scene = a_scene(removed=(a_removed(),), now=DUE, draft=seen(draft), post=seen(a_post(files=(("p.md", "x"),))))
        return [refusal.what for refusal in plan_release(opened(scene, "release_post")).refusals]

    [said] = refusals("about cve-2026-8888")
    assert "the CVE id of acme/app#9" in said
    assert refusals("about CVE-2026-0001") == []


def unfree(**changes: Any) -> frozenset[str]:
    return plan_release(opened(a_scene(**changes))).authors


def test_the_posts_author_is_alone_until_somebody_else_has_read_it_as_it_is() -> None:
    changed = a_draft().changed_at
    assert changed is not None
    fresh, stale = Assent("chidi", changed), Assent("chidi", changed - timedelta(seconds=1))
    assert unfree() == frozenset(), "there is no draft"
    assert unfree(draft=seen(a_draft(assents=()))) == {"amara"}
    assert unfree(draft=seen(a_draft(assents=(stale,)))) == {"amara"}
    assert unfree(draft=seen(a_draft(assents=(stale, fresh)))) == frozenset()
    assert unfree(draft=seen(a_draft(assents=(stale,), changed_at=None))) == frozenset()
    assert unfree(draft=seen(a_draft(assents=(Assent("amara", changed),)))) == {"amara"}
    assert unfree(draft=seen(a_draft(assents=(), author="clockwork"))) == {"amara", "clockwork"}, "the Primary wrote it"
    assert unfree(draft=seen(a_draft(assents=(), author="clockwork")), duty=None) == {"clockwork"}


def test_whoever_was_ever_named_is_an_author() -> None:
    claims = (
        a_claim(POST_AUTHOR, "bjorn", about="chidi"),
        a_claim("timing-agreed", "bjorn"),
        a_claim(POST_AUTHOR, "bjorn", about="dewi"),
    )
    changed = a_draft().changed_at
    assert changed is not None
    assert unfree(draft=seen(a_draft(assents=(Assent("dewi", changed),))), claims=claims) == {"amara", "chidi", "dewi"}
    assert unfree(draft=seen(a_draft(assents=(Assent("chidi", changed),))), claims=claims) != frozenset()
    assert unfree(draft=seen(a_draft(assents=(Assent("bjorn", changed),))), claims=claims) == frozenset()


def test_the_works_of_a_whole_release_are_open_in_the_order_of_the_table() -> None:
    works = open_works(a_scene().assessment)
    order = [gate.makes for gate in PROCESS.gates]
    assert works == sorted(works, key=order.index)


UNSEEN = Unseen("no answer")


def test_a_line_of_work_whose_gate_could_not_be_judged_is_not_open_and_says_why() -> None:
    told = Assessment(NAME, NOW, (judged("one", UnseenVerdict(("the draft post could not be seen",)), "email"),))
    assert not_yet("email", told) == ["one could not be judged: the draft post could not be seen"]


def test_an_effect_that_needs_what_could_not_be_seen_is_refused_by_itself() -> None:
    plan = plan_release(opened(a_scene(tracking=UNSEEN, now=DUE), "close_tracking", "email", "close_draft"))
    assert [effect.key for effect in plan.effects] == [f"{NAME}/email"]
    said = [(refusal.rule, refusal.keys) for refusal in plan.refusals]
    assert ("unseen", (f"{NAME}/tracking/close",)) in said
    assert ("unseen", (f"{NAME}/post/draft/close",)) in said


def test_a_line_of_work_that_looks_at_what_could_not_be_seen_wants_nothing() -> None:
    assert plan_release(opened(a_scene(draft=UNSEEN), "draft_post", "close_draft")).effects == ()


def test_the_author_stays_alone_while_the_draft_or_its_approvals_could_not_be_seen() -> None:
    for draft in (UNSEEN, seen(a_draft(assents=UNSEEN))):
        assert unfree(draft=draft) == {"amara"}


def test_the_guard_refuses_what_reveals_when_it_could_not_see_everything() -> None:
    removed = a_removed()
    blind: list[dict[str, Any]] = [
        {"removed": UNSEEN},
        {"removed": Seen((removed,), "", "1 of 2 read")},
        *({"removed": (changed(removed, **{part: UNSEEN}),)} for part in ("issue", "cve_id", "branches")),
        {"checklist": UNSEEN},
        {"fixes": (a_fix(1, cve_request=UNSEEN),)},
    ]
    draft = seen(a_draft(files=(("a.md", "said"),)))
    for hidden in blind:
        [refusal] = plan_release(opened(a_scene(now=DUE, draft=draft, **hidden), "release_post")).refusals
        assert (refusal.rule, refusal.keys) == ("unseen", (f"{NAME}/post/release",))
    assert plan_release(opened(a_scene(now=DUE, draft=draft), "release_post")).refusals == ()

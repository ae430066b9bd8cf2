"""From what is wanted to a plan: order, what is done, what is embargoed, whose the post is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from secrel.evaluate.assessing import assess
from secrel.evaluate.registry import shipped
from secrel.evaluate.verdicts import Assessment, Blocked, Finding, Judged, Passed, Verdict, Waiting
from secrel.plan.making import AUTHOR, Scene, Text
from secrel.plan.planning import embargoed, not_yet, open_makers, plan_release, wanted
from secrel.process.table import Gate
from secrel.words.advisories import Credit
from secrel.words.effects import Receipt, address_of
from secrel.words.forge import Assent
from secrel.words.ids import CveId
from tests.builders import (
    DUE,
    NAME,
    NOW,
    REPOSITORY,
    a_claim,
    a_contents,
    a_draft,
    a_fix,
    a_post,
    a_removed_fix,
    a_snapshot,
    an_advisory,
    an_issue,
    receipts,
    seen,
)

PROCESS = shipped("gitlab")
SECRETS: dict[str, object] = {
    "title": "A removed title nobody knows",
    "description": "The first sentence of it, and it is long enough. Short. And a third one, as long as it has to be!",
    "workaround": "Switch off the secret feature",
    "cve": "CVE-2026-9999",
    "credits": [
        {"name": "finder-of-secrets", "profile": "https://finders.test/s", "report": "https://reports.test/9"},
        "x",
    ],
}


def a_scene(**changes: Any) -> Scene:
    now = changes.pop("now", NOW)
    return Scene(a_snapshot(**changes), PROCESS, now)


def a_removed(**facts: object) -> Any:
    removed = a_removed_fix(9)
    issue = replace(removed.issue, facts={**SECRETS, **facts})
    return replace(removed, issue=issue, cve_id=CveId("CVE-2026-8888"), branches=("security-secret-main",))


def judged(name: str, verdict: Verdict, makes: str = "") -> Judged:
    return Judged(
        Gate(name, name.title(), "p", "primary", "c", makes=makes), verdict, None, is_due=False, who="", command=""
    )


BLOCKED, PASSED = Blocked((Finding("a", "b"),)), Passed(())


def test_the_turn_of_a_maker_has_come_when_a_gate_of_its_own_has_findings() -> None:
    gates = (
        judged("one", BLOCKED, "email"),
        judged("two", BLOCKED, "checklist"),
        judged("three", PASSED, "reporters"),
        judged("four", BLOCKED),
        judged("five", BLOCKED, "email"),
    )
    assert open_makers(Assessment(NAME, NOW, gates)) == ["email", "checklist"]


def test_why_the_turn_of_a_maker_has_not_come_is_said() -> None:
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


def test_what_has_its_receipt_is_not_wanted_again() -> None:
    scene = a_scene(receipts=receipts("/ask/release-managers"))
    assert [want.key for want in wanted(["tell_release_managers", "email"], scene)] == [
        f"{NAME}/tell/release-managers",
        f"{NAME}/email",
    ]


def test_a_plan_has_what_has_a_text_in_the_order_wanted() -> None:
    scene = a_scene()
    wants = wanted(["tell_release_managers", "email", "tell_release_managers"], scene)
    texts = {want.key: Text("body") for want in wants if "ask" not in want.key}
    plan = plan_release(wants, texts, scene, ("the forge",))
    assert [effect.key for effect in plan.effects] == [f"{NAME}/tell/release-managers", f"{NAME}/email"]
    assert plan.targets == ("the forge",)
    assert [refusal.rule for refusal in plan.refusals] == ["embargo"], "the mail is a week early"
    late = replace(scene, now=DUE)
    assert plan_release(wants, texts, late).refusals == ()


def test_a_reference_to_what_is_made_nowhere_is_refused() -> None:
    scene = a_scene(receipts={f"{NAME}/tracking": Receipt(f"{NAME}/tracking", "x", NOW)})
    [one, other] = wanted(["tell_release_managers"], scene)
    texts = {one.key: Text(f"see {address_of(f'{NAME}/tracking')} and {address_of(other.key)}"), other.key: Text("b")}
    assert plan_release([one, other], texts, scene).refusals == ()
    texts[other.key] = Text(f"see {address_of('2026-11/nowhere')}")
    [refusal] = plan_release([one, other], texts, scene).refusals
    assert (refusal.rule, refusal.keys) == ("order", (other.key,))
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
    found = {fact.text: fact.label for fact in embargoed(a_scene(removed=(a_removed(),)))}
    assert found[text] == f"the {label} of {REPOSITORY}#9, which is no longer in the release"


def test_a_removed_fix_without_facts_is_known_by_its_issue() -> None:
    removed = replace(a_removed_fix(9), cve_id=None)
    texts = [fact.text for fact in embargoed(a_scene(removed=(removed,))) if "#9" in fact.label]
    assert texts == ["Flaw number 9", "https://forge.test/acme/app/-/issues/9"]


def test_what_an_announced_advisory_says_itself_is_no_secret() -> None:
    told = an_advisory(
        1, title="A removed title nobody knows, and more", description="Short.",
        workaround="Switch off the secret feature", credits=(Credit("Finder-Of-Secrets", profile="https://finders.test/s"),),
    )  # fmt: skip
    scene = a_scene(removed=(a_removed(),), contents=a_contents(advisories=[told]))
    texts = {fact.text for fact in embargoed(scene)}
    for text in (SECRETS["title"], SECRETS["workaround"], "finder-of-secrets", "https://finders.test/s"):
        assert text not in texts
    assert SECRETS["description"] in texts
    assert "https://reports.test/9" in texts


def test_the_addresses_of_what_is_confidential_are_embargoed() -> None:
    fixes = [a_fix(1), a_fix(2, cve_request=an_issue(2, "acme/cves", confidential=False)), a_fix(3, cve_request=None)]
    scene = a_scene(fixes=fixes, checklist=seen(an_issue(601)), comms=seen(an_issue(602, confidential=False)))
    assert {fact.label: fact.text for fact in embargoed(scene)} == {
        "the address of the tracking issue": "https://forge.test/acme/app/-/issues/500",
        "the address of the checklist": "https://forge.test/acme/app/-/issues/601",
        "the address of the CVE request of acme/app#1": "https://forge.test/acme/cves/-/issues/1",
    }


def test_a_release_post_that_tells_of_a_removed_fix_is_refused() -> None:
    scene = a_scene(removed=(a_removed(),), now=DUE, post=seen(a_post(files=(("p.md", "x"),))))
    [want] = wanted(["release_post"], scene)
    [refusal] = plan_release([want], {want.key: Text("about cve-2026-8888", "t", "p.md")}, scene).refusals
    assert "the CVE id of acme/app#9" in refusal.what
    assert plan_release([want], {want.key: Text("about CVE-2026-0001", "t", "p.md")}, scene).refusals == ()


def sole_author(**changes: Any) -> str:
    return plan_release([], {}, a_scene(**changes)).sole_author


def test_the_posts_author_is_alone_until_somebody_else_has_read_it_as_it_is() -> None:
    changed = a_draft().changed_at
    assert changed is not None
    fresh, stale = Assent("chidi", changed), Assent("chidi", changed - timedelta(seconds=1))
    assert sole_author() == "", "there is no draft"
    assert sole_author(draft=seen(a_draft(assents=()))) == "amara"
    assert sole_author(draft=seen(a_draft(assents=(stale,)))) == "amara"
    assert sole_author(draft=seen(a_draft(assents=(stale, fresh)))) == ""
    assert sole_author(draft=seen(a_draft(assents=(stale,), changed_at=None))) == ""
    assert sole_author(draft=seen(a_draft(assents=(Assent("amara", changed),)))) == "amara"
    assert sole_author(draft=seen(a_draft(assents=(), author="clockwork"))) == "amara", "the Primary wrote it"
    assert sole_author(draft=seen(a_draft(assents=(), author="clockwork")), duty=None) == "clockwork"


def test_whoever_was_named_last_is_the_author() -> None:
    claims = (a_claim(AUTHOR, "chidi"), a_claim("timing-agreed", "bjorn"), a_claim(AUTHOR, "dewi"))
    changed = a_draft().changed_at
    assert changed is not None
    assert sole_author(draft=seen(a_draft(assents=(Assent("dewi", changed),))), claims=claims) == "dewi"
    assert sole_author(draft=seen(a_draft(assents=(Assent("chidi", changed),))), claims=claims) == ""


def test_makers_of_a_whole_release_are_open_in_the_order_of_the_table() -> None:
    snapshot = a_snapshot()
    makers = open_makers(assess(snapshot, PROCESS, NOW))
    order = [gate.makes for gate in PROCESS.gates]
    assert makers == sorted(makers, key=order.index)

"""What must not become public with a release: what the desk knows of beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from secrel.papers.cve5.references import references
from secrel.plan.audience import as_read
from secrel.plan.embargo import embargoed, guarded
from secrel.snapshot.seen import Beyond, Snapshot
from secrel.words.advisories import Credit, CreditSource
from secrel.words.effects import Action, Audience, Comment, Effect, LiftConfidentiality, PublishRecord, SetFacts
from secrel.words.facts.stated import UNSTATED, FixFacts, Stated
from secrel.words.ids import CveId
from tests.builders import (
    DUE,
    a_contents,
    a_fix,
    a_live_post,
    a_product,
    a_release,
    a_removed_fix,
    a_shipment,
    a_snapshot,
    an_advisory,
    an_issue,
    seen,
)
from tests.plan.scenes import a_scene, made

AT = DUE + timedelta(hours=1)
COMMIT, OTHER = "a" * 40, "b" * 40


def another(**changes: object) -> Snapshot:
    """Another release of the desk, with the fix acme/app#7 and the version 18.5.9."""
    release = a_release(name="2026-12", shipments=(a_shipment(("18.5.9", "18.4.4")),))
    told = an_advisory(7, title="Something that nobody may know of yet", origins=(COMMIT,))
    issue = an_issue(7, title="Nobody may know of it")
    snapshot = a_snapshot([a_fix(7, issue=issue)], release=release, contents=a_contents(release, [told]))
    return replace(snapshot, **changes)


def facts(beyond: Beyond) -> dict[str, str]:
    return {fact.label: fact.text for fact in embargoed(replace(a_scene(), beyond=beyond)).facts}


def test_the_versions_of_another_release_are_secret_unless_this_one_ships_them() -> None:
    told = [text for label, text in facts(Beyond((another(),))).items() if "a version of" in label]
    assert told == [f"{a_product().short} 18.5.9"]


def test_no_document_may_name_an_internal_version() -> None:
    assert not [fact for fact in embargoed(a_scene()).facts if fact.is_pattern]
    product = a_product(internal="{version}-internal{number}")
    other = another(release=a_release(name="2026-12", shipments=(a_shipment(("18.5.9",), product),)))
    (told,) = [fact for fact in embargoed(replace(a_scene(), beyond=Beyond((other,)))).facts if fact.is_pattern]
    assert told.label == f"an internal version of {product.short}"


def test_what_another_release_has_announced_is_no_secret() -> None:
    live = another(documents={"post": seen(a_live_post(AT))})
    secret = [label for label in facts(Beyond((another(),))) if "acme/app#7" in label]
    assert any(label.startswith("the title") for label in secret)
    told = facts(Beyond((live,), (an_issue(7, title="Nobody may know of it"),)))
    assert not [label for label in told if "the title of acme/app#7" in label]
    late = replace(live, fixes=seen((a_fix(7, issue=an_issue(7), linked_at=AT + timedelta(days=1)),)))
    assert [label for label in facts(Beyond((late,))) if "the title of acme/app#7" in label]


@pytest.mark.parametrize("is_of_another", [False, True])
def test_what_was_linked_after_the_announcement_is_a_secret_that_its_own_advisory_does_not_tell(
    *, is_of_another: bool
) -> None:
    live = another(documents={"post": seen(a_live_post(AT))})
    told = live.contents.advisories[0].title

    def labels(snapshot: Snapshot) -> list[str]:
        scene = replace(a_scene(), beyond=Beyond((snapshot,))) if is_of_another else a_scene(snapshot)
        facts = embargoed(replace(scene, beyond=scene.beyond or Beyond())).facts
        return [fact.label for fact in facts if fact.text == told]

    def linked(at: timedelta, post: str = "") -> Snapshot:
        issue = an_issue(7, title=told)
        files = (("post.md", post),)
        documents = {"post": seen(replace(a_live_post(AT), files=files))}
        return replace(live, fixes=seen((a_fix(7, issue=issue, linked_at=AT + at),)), documents=documents)

    assert not labels(linked(timedelta()))
    assert labels(linked(timedelta(seconds=1)))
    assert is_of_another or not labels(linked(timedelta(seconds=1), f"## {told}")), "everybody can read it already"


def test_the_canonical_issue_of_an_unannounced_fix_is_secret_and_that_of_an_announced_one_is_not() -> None:
    report = an_issue(17, title="How it was reported at first")
    fixes = seen((a_fix(7, issue=an_issue(7, members_only=True), canonical=seen(report)),))
    other = another(fixes=fixes)
    assert report.title in facts(Beyond((other,))).values()
    live = replace(other, documents={"post": seen(a_live_post(AT))})
    assert report.title not in facts(Beyond((live,), (report,))).values()


def test_a_commit_that_another_flaw_came_from_as_well_stays_out_of_what_becomes_public() -> None:
    table = Stated(FixFacts(title="t", origins=(COMMIT, OTHER)))
    fixes = [a_fix(1, issue=an_issue(1, facts=table))]

    def origins(beyond: Beyond, **changes: Any) -> tuple[str, ...]:
        scene = a_scene(fixes=fixes, post=seen(a_live_post(AT)), now=AT + timedelta(days=90), **changes)
        actions = [effect.action for effect in made("public_issues", replace(scene, beyond=beyond))]
        [lifted] = [action for action in actions if isinstance(action, LiftConfidentiality)]
        return lifted.facts.of(FixFacts).origins

    assert origins(Beyond()) == (COMMIT, OTHER)
    assert origins(Beyond((another(),))) == (OTHER,)
    assert origins(Beyond((another(documents={"post": seen(a_live_post(AT))}),))) == (COMMIT, OTHER)
    gone = a_removed_fix(9, advisory=an_advisory(9, origins=(OTHER,)))
    unread = a_removed_fix(8, advisory=None)
    assert origins(Beyond(), removed=(gone, unread)) == (COMMIT,)


@pytest.mark.parametrize("confidential", [True, False])
def test_a_word_on_the_request_of_a_removed_fix_is_for_whoever_can_read_that_request(*, confidential: bool) -> None:
    request = replace(an_issue(3, "acme/cves"), confidential=confidential)
    scene = a_scene(a_snapshot([a_fix(1)], removed=(a_removed_fix(7, cve_request=request),)))
    asked = as_read(Effect("2026-11/removed-id/acme/app#7", Comment(request.ref, "what becomes of it?"), "ask"), scene)
    assert asked.reveals is not confidential


REPORTS = ["100000000001", "https://hackerone.com/reports/1000001", "https://reports.example/9", "an email of Monday"]


@pytest.mark.parametrize("source", [*CreditSource])
@pytest.mark.parametrize("report", REPORTS)
def test_of_where_finders_reported_a_record_says_what_records_cite_and_no_other_paper_says_it(
    source: CreditSource, report: str
) -> None:
    one = an_advisory(1, cve_id=CveId.parse("CVE-2026-0001"), credits=(Credit("kim", source, report=report),))
    other = an_advisory(2, cve_id=CveId.parse("CVE-2026-0002"))
    scene = replace(
        a_scene(a_snapshot([a_fix(1), a_fix(2)], contents=a_contents(advisories=[one, other])), now=AT),
        beyond=Beyond((), ()),
    )
    cited = "".join(entry["url"] for entry in references(one, "Acme", "https://acme.example/post", "here"))

    def is_refused(action: Action) -> bool:
        effect = Effect("2026-11/it", action, "", audience=Audience.EVERYBODY, not_before=DUE)
        return bool(guarded((effect,), scene).refusals)

    assert is_refused(PublishRecord("CVE-2026-0001", f"see {report}")) is (report not in cited)
    assert is_refused(PublishRecord("CVE-2026-0002", f"see {report}"))
    assert is_refused(Comment("acme/app#9", f"see {report}"))


@pytest.mark.parametrize("report", ["https://reports.example/9", ""])
def test_details_that_everybody_reads_never_say_where_a_finder_reported(report: str) -> None:
    changes = FixFacts(credits=(Credit(name="kim", report=report),))
    action = SetFacts.seen("acme/app#1", UNSTATED, changes, ("credits",))
    effect = Effect("r/facts/1", action, "", audience=Audience.EVERYBODY, not_before=DUE)
    scene = a_scene(post=seen(a_live_post(DUE)), now=AT)
    found = guarded((effect,), replace(scene, beyond=Beyond((), ())))
    assert ["where a finder reported" in refusal.what for refusal in found.refusals] == [True] * bool(report)

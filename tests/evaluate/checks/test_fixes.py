from __future__ import annotations

import shlex
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.evaluate.looking import NO_CANONICAL, issue_of
from secrel.evaluate.verdicts import Finding, Pending
from secrel.observe.release_file import read_value
from secrel.snapshot.seen import Complaint, RangeProof, Snapshot, Written
from secrel.words.advisories import DependencyUpdate
from secrel.words.documents import READY
from secrel.words.facts.stated import FixFacts, read_facts
from secrel.words.fixes import Fix
from secrel.words.forge import Issue, MergeRequest, Pipeline, State
from secrel.words.ids import CveId
from secrel.words.outcomes import Receipt
from secrel.words.parts import Part, Seen, Unseen
from secrel.words.people import SENT, WAS_SENT, Claim
from secrel.words.spans import EARLIEST, Affected, Span
from secrel.words.vectors import Vector
from secrel.words.versions import Version
from tests.builders import (
    DUE,
    NAME,
    NOW,
    VECTOR,
    a_claim,
    a_contents,
    a_draft,
    a_fix,
    a_live_post,
    a_merge_request,
    a_product,
    a_release,
    a_removed_fix,
    a_shipment,
    a_snapshot,
    an_advisory,
    an_issue,
    merged,
    receipts,
    seen,
    spans,
    tags_of,
    with_parts,
)
from tests.evaluate.asking import ask, evidence, findings, hidden, holds, pending

NEED_THE_FIXES = (
    "severity_one",
    "estimate_given",
    "fixes_linked",
    "no_late_fix",
    "ranges_given",
    "ranges_follow_versions",
    "cve_requested",
    "cve_assigned",
    "cve_complete",
    "merge_requests_ready",
    "fixes_in_tags",
    "issues_public",
)


@pytest.mark.parametrize("check", NEED_THE_FIXES)
def test_fixes_that_could_not_be_seen_are_not_called_missing(check: str) -> None:
    said = ask(check, replace(a_snapshot(), fixes=Unseen("the forge does not answer")))
    assert hidden(said) == ["the fixes could not be seen: the forge does not answer"]
    assert len(said) == 1


def test_a_release_is_called_for_by_a_fix_of_the_highest_severity() -> None:
    worst = a_fix(1, issue=an_issue(labels=frozenset({"severity::1"})))
    assert evidence(ask("severity_one", a_snapshot([worst, a_fix(2)]))) == [("acme/app#1", "carries severity::1")]
    said = ask("severity_one", a_snapshot())
    assert findings(said) == [(NAME, "no linked fix is labelled severity::1, and only such a fix calls for a release")]
    assert [one.remedy for one in said if isinstance(one, Finding)] == [""], (
        "what is not grave is not to be labelled so"
    )
    grave = Vector.parse("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:N")
    told = a_contents(advisories=[an_advisory(1), an_advisory(2, vector=grave)])
    [finding] = [one for one in ask("severity_one", a_snapshot(contents=told)) if isinstance(one, Finding)]
    assert finding.what.endswith(f": label acme/app#2: {issue_of(a_fix(2)).url}")
    assert not finding.remedy, "what people do at a web address is no command"
    here = [a_fix(1), a_fix(2, issue=an_issue(2, url="local:acme/app#2"))]
    [finding] = [one for one in ask("severity_one", a_snapshot(here, contents=told)) if isinstance(one, Finding)]
    assert finding.remedy == "secrel forge label acme/app#2 severity::1"
    assert [
        one.remedy
        for one in ask("severity_one", a_snapshot(contents=a_contents(advisories=[])))
        if isinstance(one, Finding)
    ] == [""]
    assert holds(
        ask("severity_one", a_snapshot([a_fix(issue=an_issue(labels=frozenset({"security"})))]), label="security")
    )


def test_release_managers_have_an_estimate_before_any_fix_is_linked() -> None:
    [found] = ask("estimate_given", a_snapshot([]))
    assert isinstance(found, Finding)
    assert found.what == "no fix is linked yet, and nobody has said when there will be one"
    said = replace(a_claim("asked", "farid", words="Thursday"), about="fixes none")
    told = replace(a_snapshot([]), claims=(said,))
    assert [what for _, what in findings(ask("estimate_given", told, about=["fixes"]))] == [
        "gave an estimate, and it is not on the tracking issue yet, where it was promised"
    ]
    assert holds(ask("estimate_given", replace(told, receipts=receipts("/estimate/1")), about=["fixes"]))


def test_a_fix_that_is_ready_needs_no_estimate() -> None:
    assert holds(ask("estimate_given", a_snapshot([a_fix(1), merged(a_fix(2))])))


def test_release_managers_who_were_asked_before_the_fix_was_ready_are_told_that_it_is() -> None:
    asked = a_snapshot([merged(a_fix(1))], receipts=receipts("/ask/release-managers"))
    [found] = [one for one in ask("estimate_given", asked) if isinstance(one, Finding)]
    assert (found.about, found.remedy) == (NAME, "secrel plan 2026-11")
    assert "who were asked before it was" in found.what
    assert holds(ask("estimate_given", replace(asked, written={"ask/release-managers": Written("k", READY)})))
    assert holds(ask("estimate_given", replace(asked, receipts=receipts("/ask/release-managers", "/estimate/ready"))))


@pytest.mark.parametrize(
    "changes",
    [
        {"assents": ()},
        {"is_draft": True},
        {"pipeline": Pipeline.RUNNING},
        {"has_conflicts": True},
        {"state": State.CLOSED},
    ],
)
def test_a_fix_that_is_not_ready_needs_an_estimate(changes: dict[str, Any]) -> None:
    unready = a_fix(1, merge_requests=(a_merge_request(1, **changes),))
    assert findings(ask("estimate_given", a_snapshot([unready]))) == [
        ("acme/app#1", "the fix is not ready, and nobody has said when it will be")
    ]
    late = a_claim("asked", "farid", words="Thursday noon", at=NOW + timedelta(hours=1))
    told = replace(a_snapshot([unready]), claims=(a_claim("asked", "farid", words="Wednesday"), late))
    [found] = [one for one in ask("estimate_given", told) if isinstance(one, Finding)]
    assert found.what == "gave an estimate, and it is not on the tracking issue yet, where it was promised"
    assert found.remedy == "secrel plan 2026-11"
    assert findings(ask("estimate_given", replace(told, receipts=receipts("/estimate/1")))), "of the one before it"
    posted = replace(told, receipts=receipts("/estimate/1", "/estimate/2"))
    said = "estimates: Thursday noon (https://forge.test/2026-11/estimate/2)"
    assert evidence(ask("estimate_given", posted)) == [("farid", said)]
    assert findings(ask("estimate_given", posted, about=["fixes"])), "it was of something that was not recorded"
    known = replace(posted, claims=(replace(late, about="fixes acme/app#1"),), receipts=receipts("/estimate/1"))
    assert holds(ask("estimate_given", known, about=["fixes"]))
    more = replace(known, fixes=seen((unready, merged(a_fix(2)))))
    assert findings(ask("estimate_given", more, about=["fixes"])), "one more fix, and nobody knows about that"
    no = replace(known, claims=(*known.claims, a_claim("asked", at=NOW + timedelta(hours=2), denies=True)))
    assert findings(ask("estimate_given", no, about=["fixes"]))


def test_fixes_are_linked() -> None:
    assert evidence(ask("fixes_linked", a_snapshot([a_fix()]))) == [("acme/app#1", "linked since 2026-11-05 16:00 UTC")]


def test_a_release_without_a_fix_announces_nothing() -> None:
    assert findings(ask("fixes_linked", a_snapshot([]))) == [
        (NAME, "no security fix is linked: there is nothing to announce, and no email may go out")
    ]


@pytest.mark.parametrize("check", [one for one in NEED_THE_FIXES if one not in ("severity_one", "estimate_given")])
def test_a_release_of_third_parties_updates_alone_says_so_and_goes_on(check: str) -> None:
    updates = (DependencyUpdate("OpenSSL", "3.0.1", "app", (CveId("CVE-2026-7777"),)),)
    alone = a_contents(advisories=[], dependencies=updates)
    said = ask(check, a_snapshot([], contents=alone))
    assert evidence(said)[0] == (NAME, "it has no fix of its own, and announces updates of third parties")
    assert holds(said)
    for unseen in (Unseen("no answer"), Seen((), "acme", "one page is missing")):
        assert hidden(ask(check, replace(a_snapshot([], contents=alone), fixes=unseen)))
    with_one = ask(check, a_snapshot([a_fix()], contents=a_contents(dependencies=updates)))
    assert not any("no fix of its own" in what for _, what in evidence(with_one))


def test_updates_of_third_parties_do_not_call_for_a_release_by_themselves() -> None:
    updates = (DependencyUpdate("OpenSSL", "3.0.1", "app", (CveId("CVE-2026-7777"),)),)
    assert findings(ask("severity_one", a_snapshot([], contents=a_contents(advisories=[], dependencies=updates))))


def test_a_release_of_which_every_fix_was_taken_out_is_to_be_cancelled() -> None:
    for removed, remedy in (((), ""), ((a_removed_fix(),), 'secrel cancel 2026-11 --reason "no fix of it is left"')):
        [found] = [one for one in ask("fixes_linked", a_snapshot([], removed=removed)) if isinstance(one, Finding)]
        assert found.remedy == remedy


def test_a_fix_of_a_product_that_is_not_shipped_is_found() -> None:
    for check in ("fixes_linked", "merge_requests_ready"):
        assert findings(ask(check, a_snapshot([a_fix(product="runner")]))) == [
            ("acme/app#1", "is a fix of 'runner', of which this release ships no version")
        ]


def test_every_fact_that_could_not_be_read_is_found() -> None:
    assert holds(ask("facts_readable", a_snapshot()))
    unread = a_snapshot(complaints=(Complaint("acme/app#1", "vector", "'AV:N' is not a CVSS vector"),))
    assert findings(ask("facts_readable", unread)) == [("acme/app#1", "vector: 'AV:N' is not a CVSS vector")]
    told = a_snapshot(complaints=(Complaint("acme/app#1", "vector", "is none", "write it with its prefix"),))
    assert findings(ask("facts_readable", told)) == [("acme/app#1", "vector: is none; write it with its prefix")]
    clear = a_snapshot(complaints=(Complaint("acme/app#1", "affected", "is misspelt", means='{"since": "1.0"}'),))
    [finding] = [one for one in ask("facts_readable", clear) if isinstance(one, Finding)]
    assert finding.remedy == f"""secrel fix set {clear.release.name} acme/app#1 'affected={{"since": "1.0"}}'"""


@pytest.mark.parametrize(
    ("before", "hours", "is_late"),
    [
        (timedelta(hours=48), 48, False),
        (timedelta(hours=47, minutes=59), 48, True),
        (timedelta(hours=47, minutes=59), 24, False),
        (-timedelta(minutes=1), 0, True),
    ],
)
def test_a_fix_is_late_after_the_deadline(before: timedelta, hours: int, is_late: bool) -> None:  # noqa: FBT001
    late = a_fix(2, linked_at=DUE - before)
    said = ask("no_late_fix", a_snapshot([a_fix(1), late]), hours=hours)
    assert [about for about, _ in findings(said)] == (["acme/app#2"] if is_late else [])
    assert holds(said) is not is_late


def test_what_is_late_says_how_to_remove_it_and_since_when_it_is_so() -> None:
    at = DUE - timedelta(hours=1)
    [found] = ask("no_late_fix", a_snapshot([a_fix(2, linked_at=at)]))
    assert found == Finding(
        "acme/app#2",
        "was linked at 2026-11-25 15:00 UTC, after the deadline of 2026-11-23 16:00 UTC",
        'secrel fix remove 2026-11 acme/app#2 --reason "after the deadline"',
        since=at,
    )


def test_a_range_is_given_asked_for_or_missing() -> None:
    told = [an_advisory(1), an_advisory(2, affected=None), an_advisory(3, affected=())]
    snapshot = a_snapshot(contents=a_contents(advisories=told), receipts=receipts("/ask/range/acme/app#3"))
    said = ask("ranges_given", snapshot)
    assert evidence(said) == [
        ("acme/app#1", "all versions from 17.0 before 18.3.6, 18.4 before 18.4.4, 18.5 before 18.5.2")
    ]
    assert findings(said) == [("acme/app#2", "nobody has given the affected versions")]
    assert pending(said) == [("acme/app#3", "the affected versions were asked for at 2026-11-18 12:00 UTC", "")]


def test_a_range_follows_the_versions_of_the_release() -> None:
    assert holds(ask("ranges_follow_versions", a_snapshot()))
    bumped = a_release(("18.5.3", "18.4.4", "18.3.6"))
    told = [an_advisory(1)]
    assert findings(ask("ranges_follow_versions", a_snapshot(release=bumped, contents=a_contents(bumped, told)))) == [
        ("acme/app#1", "its range says fixed in 18.5.2, and this release ships 18.5.3")
    ]


def test_a_range_may_end_in_a_version_that_has_the_fix_already() -> None:
    spans_ = (Span(None, Version.parse("17.9.1")), Span(Version.parse("18.0"), Version.parse("18.3.6")), *spans()[1:])
    told = [an_advisory(1, affected=spans_, fixed_already=(Version.parse("17.9.1"),)), an_advisory(2, affected=None)]
    assert holds(ask("ranges_follow_versions", a_snapshot(contents=a_contents(advisories=told))))
    [(_, what)] = findings(
        ask("ranges_follow_versions", a_snapshot(contents=a_contents(advisories=[an_advisory(1, affected=spans_)])))
    )
    assert what == "its range says fixed in 17.9.1, which is no version of this release, and none with the fix already"


@pytest.mark.parametrize("already", ["17.9.1", "18.4.0", "18.5.1"])
def test_a_version_that_has_the_fix_already_is_not_called_affected(already: str) -> None:
    told = [an_advisory(1, affected=spans(), fixed_already=(Version.parse(already),))]
    what = f"its range says that {already} is affected, and it has the fix already"
    assert (
        what in dict(findings(ask("ranges_follow_versions", a_snapshot(contents=a_contents(advisories=told))))).values()
    ) == any(Version.parse(already) in span for span in spans())


def ranges(*pairs: tuple[str, str]) -> tuple[Span, ...]:
    return tuple(Span(Version.parse(a) if a else None, Version.parse(b) if b else None) for a, b in pairs)


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([("17.2", "18.5.2")], "says that 18.4.4 is affected, and this release ships it with the fix"),
        ([("18.5.2", "")], "says that 18.5.2 is affected"),
        ([("80", "")], "has no end, and this release ships the fix"),
        ([("17.2", "18.3.6"), ("18.4", "18.44"), ("18.5", "18.5.2")], "18.44, which is no version of this release"),
        ([("17.2", "18.3.6"), ("18.5", "18.5.2")], "leaves out 18.4.4, which gets the fix"),
        ([("7.2", "8.3.6"), ("18.4", "18.4.4"), ("18.5", "18.5.2")], "8.3.6, which is no version of this release"),
        ([("17.2", "18.3.6"), ("18.4", "18.4.04"), ("18.5", "18.5.2")], "18.4.04, and that version is written 18.4.4"),
        ([("17.2", "18.8.0")], "18.8.0, which is no version of this release"),
        ([("17.2", "18.3.6"), ("18.4", "18.4.4"), ("18.4.1", "18.5.2")], "its spans overlap"),
        ([("17.2", ""), ("18.5", "18.5.2")], "its spans overlap"),
    ],
)
def test_a_range_that_does_not_fit_what_ships_is_a_finding(pairs: list[tuple[str, str]], said: str) -> None:
    told = an_advisory(1, affected=ranges(*pairs))
    found = [
        what for _, what in findings(ask("ranges_follow_versions", a_snapshot(contents=a_contents(advisories=[told]))))
    ]
    assert any(said in what for what in found), found


@pytest.mark.parametrize(
    ("pairs", "mended"),
    [
        ([("17.2", "18.5.2")], [("17.2", "18.3.6"), ("18.4", "18.4.4"), ("18.5", "18.5.2")]),
        ([("17.2", "18.3.6"), ("18.5", "18.5.2")], [("17.2", "18.3.6"), ("18.4", "18.4.4"), ("18.5", "18.5.2")]),
        ([("17.2", "18.3.6"), ("18.4.2", "18.5.2")], [("17.2", "18.3.6"), ("18.4.2", "18.4.4"), ("18.5", "18.5.2")]),
        ([("17.2", ""), ("18.5", "18.5.2")], [("17.2", "18.3.6"), ("18.4", "18.4.4"), ("18.5", "18.5.2")]),
        ([("", "18.4.4"), ("18.5.1", "18.5.2")], [("", "18.3.6"), ("18.4", "18.4.4"), ("18.5.1", "18.5.2")]),
        ([("17.2", "18.3.6"), ("18.4", "18.44")], [("17.2", "18.3.6"), ("18.4", "18.4.4"), ("18.5", "18.5.2")]),
        ([("17.2", "18.8.0")], [("17.2", "18.3.6"), ("18.4", "18.4.4"), ("18.5", "18.5.2")]),
        ([("7.2", "8.3.6"), ("18.4", "18.4.4"), ("18.5", "18.5.2")], None),
        ([("80", "")], None),
    ],
)
def test_the_remedy_of_a_range_changes_it_to_one_that_fits(
    pairs: list[tuple[str, str]], mended: list[tuple[str, str]] | None
) -> None:
    told = an_advisory(1, affected=ranges(*pairs))
    said = set(remedies("ranges_follow_versions", a_snapshot(contents=a_contents(advisories=[told]))))
    assert told_by(said) == (ranges(*mended) if mended else None)
    if mended:
        right = an_advisory(1, affected=ranges(*mended))
        assert holds(ask("ranges_follow_versions", a_snapshot(contents=a_contents(advisories=[right]))))


def told_by(said: set[str]) -> tuple[Span, ...] | None:
    """Give the range that the one remedy says, read as the command reads it; None where it says none."""
    [remedy] = said
    words = shlex.split(remedy)
    if not words:
        return None
    if "--since" in words:
        return Affected.since(Version.parse(words[-1])).closed_by(a_release().main)
    name, _, value = words[-1].partition("=")
    affected = read_facts(FixFacts, {name: read_value(name, value)}).whole(FixFacts, "it").affected
    return affected.spans if affected else None


@given(st.data())
def test_a_remedy_of_a_range_never_leaves_a_fault(data: st.DataObject) -> None:
    starts, ends = ["", "17.2", "18.3", "18.4", "18.4.1", "18.5", "18.5.1"], ["18.3.6", "18.4.4", "18.5.2", ""]
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(starts), st.sampled_from(ends)), min_size=1, max_size=3))
    given_ = [pair for pair in pairs if not pair[1] or Version.parse(pair[0] or "0") < Version.parse(pair[1])]
    assume(given_)
    snapshot = a_snapshot(contents=a_contents(advisories=[an_advisory(1, affected=ranges(*given_))]))
    if said := set(remedies("ranges_follow_versions", snapshot)):
        mended = told_by(said)
        assert mended is None or holds(
            ask("ranges_follow_versions", a_snapshot(contents=a_contents(advisories=[an_advisory(1, affected=mended)])))
        )
        firsts = min(Version.parse(pair[0] or "0") for pair in given_)
        assert mended is None or firsts == min(span.since or EARLIEST for span in mended), "it begins where it began"


_SHIPS = st.sampled_from(
    [
        ("18.5.2", "18.4.4"),
        ("18.6.0", "18.5.2", "18.4.4"),
        ("18.6.0-rc1", "18.5.2"),
        ("18.6.0-rc12", "18.5.2"),
        ("11.0.0-M21", "10.1.30", "9.0.90"),
        ("2.2.19.Final", "2.1.0"),
        ("3.0.0-beta.3",),
        ("3.0",),
    ]
)


@given(_SHIPS, st.sampled_from(["0.1", "9.0.3", "10.1", "17.2", "18.4.1"]).map(Version.parse))
def test_what_follows_from_the_first_affected_version_fits_what_ships(ships: tuple[str, ...], since: Version) -> None:
    release = a_release(ships)
    assume(any(since < version for version in release.main.versions))
    told = an_advisory(1, affected=Affected.since(since).closed_by(release.main))
    snapshot = a_snapshot([a_fix(1, ships)], release=release, contents=a_contents(release, [told]))
    assert holds(ask("ranges_follow_versions", snapshot))
    assert told.ships_in(release.main) == tuple(v for v in release.main.versions if since < v)


def test_the_first_version_of_a_series_has_the_fix_though_no_range_ends_there() -> None:
    ships = a_release(("18.6.0", "18.5.2", "18.4.4"))
    told = a_contents(ships, [an_advisory(1, affected=ranges(("17.2", "18.4.4"), ("18.5", "18.5.2")))])
    for tags, lacks in (({"v18.5.2", "v18.4.4"}, ["v18.6.0"]), (set(tags_of(ships)), [])):
        held = a_fix(1, ["18.5.2", "18.4.4"], tags=seen(frozenset(tags)))
        snapshot = a_snapshot([held], release=ships, contents=told, tags=seen(tags_of(ships)))
        said = [what for _, what in findings(ask("fixes_in_tags", snapshot, DUE))]
        assert said == [f"is announced for {tag[1:]}, and {tag} does not hold all of its commits" for tag in lacks]
        assert "18-6-stable" not in str(findings(ask("merge_requests_ready", snapshot))), "it can come from main"


PUBLISHED = "secrel fix set 2026-11 acme/app#1 'fixed_already=[18.5.2]'"
FOLLOWS = "secrel fix set 2026-11 acme/app#1 --since 17.0"


@pytest.mark.parametrize(
    ("requests", "remedy"),
    [
        ((), PUBLISHED),
        ((a_merge_request(1, "18-5-stable"),), FOLLOWS),
        ((a_merge_request(1, "18-5-stable", state=State.CLOSED),), PUBLISHED),
        ((a_merge_request(1, "18-5-stable", state=State.MERGED, merged_at=NOW),), FOLLOWS),
        ((a_merge_request(1, "18-5-stable", state=State.MERGED, merged_at=NOW - timedelta(days=90)),), PUBLISHED),
    ],
)
def test_a_range_that_ends_in_a_version_that_is_out_is_not_made_another(
    requests: tuple[MergeRequest, ...], remedy: str
) -> None:
    bumped = a_release(("18.5.3", "18.4.4", "18.3.6"))
    snapshot = a_snapshot([a_fix(1, merge_requests=seen(requests))], release=bumped)
    tracking = seen(an_issue(9, "acme/security", created_at=NOW - timedelta(days=30)))
    snapshot = with_parts(snapshot, tracking=tracking, contents=a_contents(bumped, [an_advisory(1)]))
    assert remedies("ranges_follow_versions", snapshot) == [remedy]


def test_several_versions_that_are_out_are_said_at_once_and_a_range_that_follows_is_not_set_again() -> None:
    ships = a_release(("1.2.3", "1.1.9"))
    told = an_advisory(1, affected=ranges(("1.0", "1.1.8"), ("1.2", "1.2.2")))
    snapshot = a_snapshot([a_fix(1, merge_requests=())], release=ships, contents=a_contents(ships, [told]))
    said = set(remedies("ranges_follow_versions", snapshot))
    assert said == {"secrel fix set 2026-11 acme/app#1 'fixed_already=[1.1.8, 1.2.2]'"}
    first = an_advisory(1, affected=ranges(("1.1.9", "1.2.3")))
    snapshot = a_snapshot([a_fix(1, ("1.2.3", "1.1.9"))], release=ships, contents=a_contents(ships, [first]))
    assert remedies("ranges_follow_versions", snapshot) == [""]


def test_a_series_without_the_fix_may_stay_affected_or_be_left_out() -> None:
    only_new = a_fix(1, merge_requests=seen((a_merge_request(100, "main"), a_merge_request(101, "18-5-stable"))))
    for pairs in ([("18.5", "18.5.2")], [("17.2", "18.5.2")]):
        contents = a_contents(advisories=[an_advisory(1, affected=ranges(*pairs))])
        assert holds(ask("ranges_follow_versions", a_snapshot([only_new], contents=contents))), pairs


def test_a_cve_id_is_requested_unneeded_there_or_missing() -> None:
    fixes = [a_fix(1), *(a_fix(n, cve_request=None) for n in (2, 3, 4, 5))]
    told = [
        an_advisory(1, cve_id=None),
        an_advisory(2, cve_id=None, no_cve="only a dependency"),
        an_advisory(3),
        an_advisory(4, cve_id=None),
    ]
    said = ask("cve_requested", a_snapshot(fixes, contents=a_contents(advisories=told)))
    assert evidence(said) == [
        ("acme/app#1", "requested: acme/cves#1"),
        ("acme/app#2", "needs no CVE id: only a dependency"),
        ("acme/app#3", "has CVE-2026-0003"),
    ]
    assert findings(said) == [(f"acme/app#{n}", "no CVE id has been requested") for n in (4, 5)]
    unknown = a_snapshot([a_fix(1, cve_request=seen(None))])
    unknown = replace(unknown, contents=a_contents(advisories=[an_advisory(1, cve_id=None, affected=None)]))
    said = ask("cve_requested", unknown)
    assert findings(said) == [("acme/app#1", "no CVE id can be requested before its affected versions are given")]
    assert [one.remedy for one in said if isinstance(one, Finding)] == ["secrel fix show 2026-11 acme/app#1"]


WITHOUT = "; the release goes out without an id from 2026-11-24 04:00 UTC on"


def test_a_cve_id_is_assigned_unneeded_awaited_or_given_twice() -> None:
    told = [
        an_advisory(1),
        an_advisory(2, cve_id=None),
        an_advisory(3, cve_id=None, no_cve="only a dependency"),
        an_advisory(4),
        an_advisory(5, cve_id=an_advisory(4).cve_id),
    ]
    said = ask("cve_assigned", a_snapshot(contents=a_contents(advisories=told)))
    assert evidence(said) == [("acme/app#1", "CVE-2026-0001"), ("acme/app#3", "needs no CVE id: only a dependency")]
    assert pending(said) == [
        ("acme/app#2", "its CVE id is requested in acme/cves#2, and not assigned" + WITHOUT, "the-cna")
    ]
    given = [one.remedy for one in said if isinstance(one, Pending)]
    assert given == ["secrel fix set 2026-11 acme/app#2 cve=CVE-ID assigned_by=us"]
    assert findings(said) == [(f"acme/app#{n}", "CVE-2026-0004 is given to 2 fixes") for n in (4, 5)]


def test_without_a_cna_somebody_says_who_assigns_an_id_before_anybody_waits_for_it() -> None:
    alone = a_snapshot(
        [a_fix(2, cve_request=seen(None))], contents=a_contents(advisories=[an_advisory(2, cve_id=None)])
    )
    ours = a_contents(advisories=[an_advisory(2)])
    for snapshot in (alone, replace(alone, contents=ours)):
        [found] = ask("cve_requested", snapshot, lacks=("cna",))
        assert isinstance(found, Finding)
        assert found.what == "nobody has said which CNA its id is of, and the process is without one"
        assert found.remedy == "secrel fix set 2026-11 acme/app#2 assigned_by=NAME"
    assert pending(ask("cve_assigned", alone)) == [("acme/app#2", "its CVE id is not requested yet", "")]


REQUEST = f"""
description: 'An attacker could read
  part 1.'
cwe: "CWE-284"
affected_versions: [">=17.0, <18.3.6", ">=18.4, <18.4.4", ">=18.5, <18.5.2"]
impact: {VECTOR}
"""


def requested(text: str) -> Fix:
    return a_fix(1, cve_request=an_issue(1, "acme/cves", body=text))


def test_a_cve_issue_says_what_the_advisory_says_however_it_is_quoted() -> None:
    snapshot = a_snapshot([requested(REQUEST)])
    assert evidence(ask("cve_complete", snapshot)) == [
        ("acme/app#1", "the CVE issue is complete and says what the advisory says")
    ]


@pytest.mark.parametrize(
    ("old", "new", "fact"),
    [
        ("part 1", "part 2", "description"),
        ("CWE-284", "CWE-28", "weakness"),
        ("17.0", "17.0.1", "first affected version 17.0"),
        ("18.5.2", "18.5.20", "fixed version 18.5.2"),
        ("PR:L", "PR:N", "CVSS vector"),
    ],
)
def test_a_cve_issue_that_says_something_else_is_found(old: str, new: str, fact: str) -> None:
    snapshot = a_snapshot([requested(REQUEST.replace(old, new))])
    assert findings(ask("cve_complete", snapshot)) == [
        ("acme/app#1", f"the CVE issue does not say the {fact} that the advisory says")
    ]


def test_facts_that_nobody_gave_are_found() -> None:
    bare = an_advisory(description=" ", affected=None, vector=None, weakness=None)
    snapshot = a_snapshot([a_fix(1, cve_request=None)], contents=a_contents(advisories=[bare]))
    assert [what for _, what in findings(ask("cve_complete", snapshot))] == [
        "it has no description",
        "it has no affected versions",
        "it has no CVSS vector",
        "it has no weakness (CWE)",
    ]
    complete = a_snapshot([a_fix(1, cve_request=None)])
    assert evidence(ask("cve_complete", complete)) == [
        ("acme/app#1", "its facts are complete; CVE-2026-0001 was not requested here")
    ]
    nothing = replace(complete, contents=a_contents(advisories=[an_advisory(1, cve_id=None)]))
    assert findings(ask("cve_complete", nothing)) == [("acme/app#1", "there is no CVE issue that could be complete")]


def test_a_range_without_ends_asks_the_cve_issue_for_none() -> None:
    all_of_it = a_contents(advisories=[an_advisory(affected=(Span(None, None),))])
    assert holds(ask("cve_complete", a_snapshot([requested(REQUEST)], contents=all_of_it)))


def test_without_vector_and_weakness_the_cve_issue_is_held_to_the_rest() -> None:
    bare = a_contents(advisories=[an_advisory(vector=None, weakness=None)])
    said = ask("cve_complete", a_snapshot([requested(REQUEST)], contents=bare))
    assert [what for _, what in findings(said)] == ["it has no CVSS vector", "it has no weakness (CWE)"]


FORM = """```yaml
vulnerability:
  description: "An attacker could read part 1."
  cwe: "CWE-284"
  product:
    affected_versions: [">=17.0, <18.3.6", ">=18.4, <18.4.4", ">=18.5, <18.5.2"]
    fixed_versions: ["18.3.6", "18.4.4", "18.5.2"]
  impact: "{VECTOR}"
  solution: "Upgrade to versions 18.3.6, 18.4.4, 18.5.2 or above."
```
""".replace("{VECTOR}", VECTOR)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('["18.3.6"', '["18.3.5"', "of fixed versions: 18.3.5; 18.4.4; 18.5.2; the advisory: 18.3.6; 18.4.4; 18.5.2"),
        ('"18.5.2"]', '"18.5.2", "18.6.1"]', "of fixed versions: 18.3.6; 18.4.4; 18.5.2; 18.6.1; the advisory: 18.3.6"),
        ('[">=17.0, <18.3.6", ', "[", "of affected versions: >=18.4, <18.4.4; >=18.5, <18.5.2; the advisory: >=17.0"),
        ("versions 18.3.6", "versions 18.3.5", "does not say the fixed version 18.3.6 that the advisory says"),
        ("vulnerability:", "vulnerability: *x", "the form cannot be read"),
        ("```yaml", "```yaml\n```\n```yaml", "the issue has more than one form in it, the CVE request"),
    ],
)
def test_a_form_is_held_to_the_facts_field_by_field(old: str, new: str, what: str) -> None:
    assert holds(ask("cve_complete", a_snapshot([requested(FORM)])))
    assert old in FORM
    [found] = list(ask("cve_complete", a_snapshot([requested(FORM.replace(old, new))])))
    assert isinstance(found, Finding)
    assert what in found.what
    assert found.remedy.startswith("make it say what the facts say, or correct the facts: ")


def test_a_form_that_says_nothing_of_the_remedy_is_held_to_the_rest() -> None:
    silent = "\n".join(line for line in FORM.split("\n") if "solution" not in line)
    assert holds(ask("cve_complete", a_snapshot([requested(silent)])))


def test_the_desk_brings_up_to_date_what_nobody_but_it_wrote_and_people_what_they_wrote() -> None:
    behind = FORM.replace("part 1", "part 2")
    written = {"cve/acme/app#1": Written("2026-11/cve/request/acme/app#1", behind)}
    [found] = ask("cve_complete", a_snapshot([requested(behind)], written=written))
    assert isinstance(found, Finding)
    assert found.remedy == "secrel cve request 2026-11"


def test_what_needs_no_id_needs_no_complete_issue() -> None:
    told = [an_advisory(1, no_cve="only a dependency", vector=None)]
    said = ask("cve_complete", a_snapshot([a_fix(1)], contents=a_contents(advisories=told)))
    assert evidence(said) == [("acme/app#1", "needs no CVE id: only a dependency")]
    assert ask("cve_complete", a_snapshot([a_fix(1)], contents=a_contents(advisories=[]))) == [], "nothing to look at"


def test_every_version_has_its_tag() -> None:
    release = a_release()
    assert evidence(ask("versions_tagged", a_snapshot(tags=seen(tags_of(release))))) == [
        (f"v{version}", "is at c0ffee") for version in ("18.5.2", "18.4.4", "18.3.6")
    ]


def test_a_tag_that_is_not_there_is_with_whoever_tags() -> None:
    runner = a_product(key="runner", name="Acme Runner", tag="runner-{version}")
    release = a_release(("18.5.2",), shipments=(a_shipment(("18.5.2",)), a_shipment(("18.5.1",), runner)))
    said = ask("versions_tagged", a_snapshot(release=release, tags=seen({"v18.5.2": "c1"})), owner="release-manager")
    what = "Acme Runner 18.5.1 is not tagged yet, on 18-5-stable"
    assert pending(said) == [("runner-18.5.1", what, "the-release-managers")]
    assert evidence(said) == [("v18.5.2", "is at c1")]


@pytest.mark.parametrize("check", ["versions_tagged", "fixes_in_tags"])
def test_tags_that_could_not_be_seen_are_not_called_missing(check: str) -> None:
    said = ask(check, a_snapshot(tags=Unseen("the repository is gone")))
    assert set(hidden(said)) == {"the tags of acme/app could not be seen: the repository is gone"}
    assert len(hidden(said)) == len(said)


def test_a_fix_is_in_the_tag_of_every_version_that_its_range_calls_fixed() -> None:
    tags = frozenset({"v18.5.2", "v18.4.4"})
    snapshot = a_snapshot([a_fix(1, tags=tags)], tags=seen(tags_of(a_release())))
    said = ask("fixes_in_tags", snapshot)
    assert evidence(said) == [("acme/app#1", "is in v18.5.2"), ("acme/app#1", "is in v18.4.4")]
    assert findings(said) == [("acme/app#1", "is announced for 18.3.6, and v18.3.6 does not hold all of its commits")]
    reduced = replace(snapshot, contents=a_contents(advisories=[an_advisory(affected=spans(("18.5.2", "18.4.4")))]))
    assert holds(ask("fixes_in_tags", reduced))


def test_a_tag_that_holds_what_was_reverted_before_it_does_not_have_the_fix() -> None:
    proof = RangeProof("all versions", ("18.4.4 differs",), lacking=(Version.parse("18.4.4"),))
    whole = a_snapshot([a_fix(1, tags=frozenset(tags_of(a_release())))], tags=seen(tags_of(a_release())))
    assert holds(ask("fixes_in_tags", whole))
    said = ask("fixes_in_tags", replace(whole, proved={"acme/app#1": proof}))
    assert findings(said) == [("acme/app#1", "is announced for 18.4.4, and was taken back before v18.4.4")]


def test_a_fix_that_was_taken_out_and_is_in_a_tag_ships_unannounced() -> None:
    gone = a_removed_fix(9, tags=frozenset({"v18.5.2", "v18.4.4"}))
    [found] = [one for one in ask("fixes_in_tags", a_snapshot([], removed=(gone,))) if isinstance(one, Finding)]
    assert found == Finding(
        "acme/app#9",
        "was taken out of the release at 2026-11-24 16:00 UTC, and v18.4.4 and v18.5.2 have what it changes: it "
        "ships unannounced",
        "secrel fix add 2026-11 --ref acme/app#9",
    )
    unseen = ask("fixes_in_tags", a_snapshot([], removed=(a_removed_fix(9, tags=Unseen("no copy")),)))
    assert hidden(unseen) == ["what holds acme/app#9, which was taken out could not be seen: no copy"]
    assert not findings(ask("fixes_in_tags", a_snapshot([], removed=(a_removed_fix(9),))))
    unread = a_removed_fix(9, merge_requests=Unseen("no answer"))
    assert hidden(ask("fixes_in_tags", a_snapshot([], removed=(unread,))))


@pytest.mark.parametrize("holds_merge", [True, False])
@pytest.mark.parametrize(
    ("proof", "ships"),
    [
        (None, None),
        (RangeProof("nothing"), None),
        (RangeProof("nothing", shipped=(Version.parse("18.5.2"),)), True),
        (RangeProof("nothing", lacking=(Version.parse("18.5.2"),)), False),
        (Unseen("the repository is gone"), Unseen),
    ],
)
def test_contents_tell_what_ships_of_a_fix_that_was_taken_out(
    proof: RangeProof | Unseen | None, ships: object, *, holds_merge: bool
) -> None:
    tags = frozenset({"v18.5.2"} if holds_merge else ())
    gone = a_removed_fix(9, tags=tags, advisory=seen(an_advisory(9)))
    proved = {} if proof is None else {gone.ref: proof}
    said = ask("fixes_in_tags", replace(a_snapshot([], removed=(gone,)), proved=proved))
    assert bool(hidden(said)) == (ships is Unseen)
    if ships is not Unseen:
        assert [what.count("v18.5.2 has what it changes") for _, what in findings(said)] == (
            [1] if (holds_merge if ships is None else ships) else []
        )


EARLIER: dict[str, Any] = {
    "affected": (Span(Version.parse("18.5"), Version.parse("18.5.1")),),
    "fixed_already": (Version.parse("18.5.1"),),
}
HOSTED: dict[str, Any] = {"affected": None, "hosted_only": "acme.test", "cve_id": None, "assigned_by": ""}


@pytest.mark.parametrize("changes", [EARLIER, HOSTED])
@pytest.mark.parametrize(
    "check",
    [
        "estimate_given",
        "no_late_fix",
        "ranges_given",
        "ranges_follow_versions",
        "merge_requests_ready",
        "fixes_in_tags",
    ],
)
def test_what_this_release_only_announces_is_demanded_nothing_of_and_is_not_late(
    check: str, changes: dict[str, Any]
) -> None:
    late = a_fix(1, linked_at=DUE - timedelta(hours=1), merge_requests=())
    told = a_contents(advisories=[an_advisory(1, **changes)])
    said = ask(check, a_snapshot([late], contents=told, tags=seen(tags_of(a_release()))), DUE)
    assert holds(said), said
    assert evidence(said)


def test_a_fix_of_a_hosted_service_alone_needs_no_id_and_has_no_range() -> None:
    told = a_snapshot([a_fix(1, cve_request=None)], contents=a_contents(advisories=[an_advisory(1, **HOSTED)]))
    for check in ("cve_requested", "cve_assigned", "cve_complete"):
        assert evidence(ask(check, told)) == [("acme/app#1", "needs no CVE id: only acme.test was affected")]
    assert holds(ask("ranges_proved", told))


THEIRS = CveId("CVE-2024-0001")


def whose(by: str, cve_id: CveId | None = THEIRS, request: Any = None) -> Snapshot:
    told = an_advisory(1, cve_id=cve_id, assigned_by=by)
    return a_snapshot([a_fix(1, cve_request=request)], contents=a_contents(advisories=[told]))


@pytest.mark.parametrize("request_", [None, an_issue(2)])
def test_an_id_that_another_cna_has_given_is_cited_and_not_requested(request_: Any) -> None:
    theirs = whose("Widget", request=request_)
    assert all(holds(ask(check, theirs)) for check in ("cve_requested", "cve_assigned", "cve_complete"))
    assert evidence(ask("cve_assigned", theirs)) == [
        ("acme/app#1", "CVE-2024-0001, assigned by Widget: it is cited only")
    ]


def prepared(key: str) -> dict[str, Receipt]:
    return {name: replace(one, prepared=True) for name, one in receipts(key).items()}


@pytest.mark.parametrize("request_", [None, an_issue(2)])
def test_without_a_cna_another_is_asked_for_its_id_by_the_word_of_a_person(request_: Any) -> None:
    theirs, key = whose("Widget", None, request_), "2026-11/cve/ask/acme/app#1"
    assert holds(ask("cve_requested", theirs)), "a vendor with a CNA asks no other"
    lacks = ("cna",)
    [unasked] = ask("cve_requested", theirs, lacks=lacks)
    assert unasked == Finding("acme/app#1", "nobody has asked Widget for its CVE id")
    asked = replace(theirs, receipts=prepared("/cve/ask/acme/app#1"))
    [waits] = ask("cve_requested", asked, lacks=lacks)
    assert isinstance(waits, Pending), "what lies in the outbox was asked by nobody"
    assert waits.remedy == "secrel outbox 2026-11"
    said = replace(asked, claims=(Claim("2026-11", SENT, "amara", NOW, WAS_SENT, about=key),))
    assert holds(ask("cve_requested", said, lacks=lacks))
    rangeless = a_contents(advisories=[an_advisory(1, cve_id=None, assigned_by="Widget", affected=None)])
    [early] = ask("cve_requested", replace(said, contents=rangeless), lacks=lacks)
    assert isinstance(early, Finding)
    assert early.what == "no CVE id can be requested before its affected versions are given"


def test_without_a_cna_another_is_told_of_the_post_by_the_word_of_a_person() -> None:
    theirs, key = whose("Widget"), f"2026-11/cve/tell/{THEIRS}"
    lacks = ("cna",)
    assert holds(ask("cve_published", theirs)), "what is cited of others is theirs alone"
    [untold] = ask("cve_published", theirs, lacks=lacks)
    assert untold == Finding(str(THEIRS), "nobody has told Widget that it is public, and where to read of it")
    told = replace(theirs, receipts=prepared(f"/cve/tell/{THEIRS}"))
    assert len(pending(ask("cve_published", told, lacks=lacks))) == 1
    said = replace(told, claims=(Claim("2026-11", SENT, "amara", NOW, WAS_SENT, about=key),))
    assert holds(ask("cve_published", said, lacks=lacks))
    [late] = ask("cve_published", whose("Widget", None), lacks=lacks)
    assert late == Pending(
        "acme/app#1",
        "its CVE id is Widget's to assign, and has not come; without it there is no record",
        "Widget",
        "secrel fix set 2026-11 acme/app#1 cve=CVE-ID assigned_by=Widget",
    )


def test_an_id_of_which_nobody_says_whose_it_is_blocks_and_names_the_command() -> None:
    [found] = [one for one in ask("cve_assigned", whose("")) if isinstance(one, Finding)]
    assert "nobody has said who assigned CVE-2024-0001" in found.what
    assert found.remedy == "secrel fix set 2026-11 acme/app#1 assigned_by=NAME"


def test_an_id_that_is_late_takes_no_fix_out_and_the_post_goes_without_it() -> None:
    asked = whose("", None, an_issue(2))
    assert len(pending(ask("cve_assigned", asked, DUE - timedelta(hours=37)))) == 1
    [(_, said)] = evidence(ask("cve_assigned", asked, DUE - timedelta(hours=36)))
    assert said.startswith("its CVE id is requested in acme/app#2, and late: the post says that it is requested")
    theirs = ask("cve_assigned", whose("Widget", None), DUE - timedelta(hours=37))
    assert pending(theirs) == [("acme/app#1", "its CVE id is Widget's to assign, and not assigned" + WITHOUT, "Widget")]
    nobody = ask("cve_assigned", whose("", None), DUE)
    assert pending(nobody) == [("acme/app#1", "its CVE id is not requested yet", "")]


def test_a_release_shares_its_versions_with_no_other() -> None:
    other = a_release(("18.6.1", "18.4.4"), name="2026-12")
    elsewhere = a_release(("1.0.1",), name="2027-01", shipments=(a_shipment(("18.5.2",), a_product(key="runner")),))
    snapshot = replace(a_snapshot(), others=seen((other, elsewhere)))
    assert findings(ask("versions_free", snapshot)) == [("2026-11", "Acme App 18.4.4 is a version of 2026-12 as well")]
    assert evidence(ask("versions_free", replace(snapshot, others=seen((elsewhere,)))))
    assert hidden(ask("versions_free", replace(snapshot, others=Unseen("no answer"))))
    live = with_parts(snapshot, post=seen(a_draft(state=State.MERGED, merged_at=DUE)))
    assert evidence(ask("versions_free", live)) == [("2026-11", "the release is announced, and its versions with it")]


@pytest.mark.parametrize("affected", [None, (), (Span(None, None),), (Span(None, Version.parse("9.1")),)])
def test_a_range_that_names_no_version_of_the_release_announces_the_fix_for_all(affected: object) -> None:
    contents = a_contents(advisories=[an_advisory(affected=affected)])
    snapshot = a_snapshot([a_fix(1)], contents=contents, tags=seen(tags_of(a_release())))
    assert len(findings(ask("fixes_in_tags", snapshot))) == 3


def test_a_fix_without_advisory_is_announced_for_all_and_one_without_shipment_for_none() -> None:
    nothing = a_contents(advisories=[])
    tagged = a_snapshot([a_fix(1)], contents=nothing, tags=seen(tags_of(a_release())))
    assert len(findings(ask("fixes_in_tags", tagged))) == 3
    assert ask("fixes_in_tags", a_snapshot([a_fix(1, product="runner")])) == []


def test_a_tag_that_does_not_exist_yet_holds_nothing_yet() -> None:
    said = ask("fixes_in_tags", a_snapshot([a_fix(1)]))
    assert [what for _, what, _ in pending(said)] == [
        f"v{v} does not exist yet" for v in ("18.5.2", "18.4.4", "18.3.6")
    ]


def test_issues_are_public_kept_or_still_confidential() -> None:
    fixes = [
        a_fix(1, issue=an_issue(1, confidential=False)),
        a_fix(2, issue=an_issue(2, labels=frozenset({"keep confidential"}))),
        a_fix(3),
    ]
    said = ask("issues_public", a_snapshot(fixes))
    assert evidence(said) == [("acme/app#1", "is public"), ("acme/app#2", "stays confidential: keep confidential")]
    assert findings(said) == [("acme/app#3", "is still confidential")]


def test_an_issue_whose_days_are_not_over_is_no_fault_yet() -> None:
    at = DUE + timedelta(hours=3)
    told = a_contents(advisories=[an_advisory(1, disclosure_days=14), an_advisory(2, disclosure_days=90)])
    snapshot = a_snapshot([a_fix(1), a_fix(2)], contents=told, post=seen(a_live_post(at)))
    said = ask("issues_public", snapshot, at + timedelta(days=14))
    assert findings(said) == [("acme/app#1", "is still confidential")]
    day = at + timedelta(days=90)
    assert pending(said) == [("acme/app#2", f"becomes public at {day:%Y-%m-%d %H:%M %Z}", "")]


def test_of_a_fix_on_a_mirror_the_canonical_issue_is_to_be_public() -> None:
    def mirrored(number: int, canonical: Part[Issue | None]) -> Fix:
        return a_fix(number, issue=an_issue(number, members_only=True), canonical=canonical)

    kept = frozenset({"keep confidential"})
    fixes = [
        mirrored(1, seen(an_issue(11, confidential=False))),
        mirrored(2, seen(an_issue(12))),
        mirrored(3, seen(None)),
        mirrored(4, Unseen("two are linked")),
        mirrored(5, seen(an_issue(15, labels=kept))),
        a_fix(6, issue=an_issue(6, members_only=True, labels=kept), canonical=seen(None)),
    ]
    said = ask("issues_public", a_snapshot(fixes))
    assert evidence(said) == [
        ("acme/app#1", "its canonical issue acme/app#11 is public"),
        ("acme/app#5", "stays confidential: keep confidential"),
        ("acme/app#6", "stays confidential: keep confidential"),
    ]
    assert findings(said) == [
        ("acme/app#2", "its canonical issue acme/app#12 is still confidential"),
        ("acme/app#3", NO_CANONICAL),
    ]
    assert hidden(said) == ["the canonical issue of acme/app#4 could not be seen: two are linked"]


def remedies(check: str, snapshot: Snapshot) -> list[str]:
    return [one.remedy for one in ask(check, snapshot) if isinstance(one, Finding)]


def test_a_range_is_told_to_follow_the_release_where_that_changes_only_its_ends() -> None:
    bumped = a_release(("18.5.3", "18.4.4", "18.3.6"))
    told = [
        an_advisory(1),
        an_advisory(2, affected=(Span(None, Version.parse("18.3.6")), *spans()[1:])),
        an_advisory(3, affected=spans()[2:]),
    ]
    assert remedies("ranges_follow_versions", a_snapshot(release=bumped, contents=a_contents(bumped, told))) == [
        "secrel fix set 2026-11 acme/app#1 --since 17.0",
        "secrel fix set 2026-11 acme/app#2 --since all",
        "secrel fix set 2026-11 acme/app#3 --since 18.5",
    ]


def test_every_missing_fact_names_the_command_that_gives_it() -> None:
    bare = an_advisory(description="", affected=None, vector=None, weakness=None)
    assert remedies(
        "cve_complete", a_snapshot([a_fix(1, cve_request=None)], contents=a_contents(advisories=[bare]))
    ) == [
        'secrel fix set 2026-11 acme/app#1 description="…"',
        "secrel fix set 2026-11 acme/app#1 --since VERSION",
        "secrel fix set 2026-11 acme/app#1 vector=VECTOR",
        "secrel fix set 2026-11 acme/app#1 weakness=CWE-NUMBER",
    ]
    edited = remedies("cve_complete", a_snapshot([requested("nothing")]))[0]
    assert edited.startswith("make it say what the facts say, or correct the facts: https://")


def test_an_id_that_was_rejected_is_told_and_asked_for_again() -> None:
    asked = whose("", None, an_issue(2))
    fixes = [replace(fix, rejected=(THEIRS,)) for fix in asked.tracked_fixes]
    [(_, said, who)] = pending(ask("cve_assigned", replace(asked, fixes=seen(tuple(fixes)))))
    assert (
        said
        == "its CVE id is requested in acme/app#2 again, since CVE-2024-0001 was rejected, and not assigned" + WITHOUT
    )
    assert who == "the-cna"


def test_a_dependency_without_an_id_is_asked_for_one_and_a_reason_will_do() -> None:
    updates = (
        DependencyUpdate("OpenSSL", "3.0.1", "app", (CveId("CVE-2026-7777"), CveId("CVE-2026-7778"))),
        DependencyUpdate("Redis", "6.0.16", "app", no_cve="its makers gave none"),
        DependencyUpdate("Curl", "7.79.1", "app"),
    )
    said = ask("dependency_ids", a_snapshot(contents=replace(a_contents(), dependencies=updates)))
    assert evidence(said) == [
        ("OpenSSL 3.0.1", "mitigates CVE-2026-7777 and CVE-2026-7778"),
        ("Redis 6.0.16", "has no CVE id: its makers gave none"),
    ]
    [found] = [one for one in said if isinstance(one, Finding)]
    assert found.about == "Curl 7.79.1"
    assert found.remedy.startswith("secrel show acme/")
    assert evidence(ask("dependency_ids", a_snapshot())) == [(NAME, "no dependency is updated")]

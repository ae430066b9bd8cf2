from __future__ import annotations

from collections.abc import Sequence

import pytest

from secrel.ranges.cases import Case, Change, ChangeRole, Claimed, RangeClaim, SeriesPlan, inferred_series
from secrel.ranges.naming.catalogue import Naming, Published, catalogue
from secrel.ranges.prove import Ground
from secrel.ranges.results import Result, SeriesOutcome
from secrel.words.errors import Misused
from secrel.words.history.commits import Says
from secrel.words.spans import Span, sentence
from secrel.words.versions import Series, Version
from tests.ranges.histories import History, prove

# 0 - 1 origin - 2 ------ 3 - 4 fix - 5      main: 16.2.0 at 2, 16.3.0 at 3, 17.0.0 at 5
#                  \ 6 - 7 pick - 8          16-2-stable: 16.2.1 at 6, 16.2.2 at 7, head 8
#                          \ 9               16-3-stable (off 3): 16.3.1 at 9, no fix
STORY = History(
    [[], [0], [1], [2], [3], [4], [2], [6], [7], [3]],
    {
        "v16.1.0": 0,
        "v16.2.0": 2,
        "v16.3.0": 3,
        "v17.0.0": 5,
        "v16.2.1": 6,
        "v16.2.2": 7,
        "v16.3.1": 9,
        "nightly": 5,
    },
    {"main": 5, "16-2-stable": 8, "origin/16-3-stable": 9},
)


def version(text: str) -> Version:
    return Version.parse(text)


def series(text: str) -> Series:
    return Series.parse(text)


def case(*, history: History = STORY, fixes: Sequence[int] = (4, 7), origin: int | None = 1, **how: object) -> Case:
    origins = () if origin is None else (Change((history.id(origin),)),)
    changes = (Change(tuple(history.id(fix) for fix in fixes)),)
    return Case(**{"name": "case", "fixes": changes, "origins": origins, **how})  # type: ignore[arg-type]


def proved(
    asked: Case,
    *,
    history: History = STORY,
    plans: tuple[SeriesPlan, ...] = (),
    published: list[Published] | None = None,
    **how: object,
) -> Result:
    graph = history.graph()
    versions = catalogue(graph.tags, Naming.parse("v"), published=published)
    return prove(Ground(graph, versions, plans=plans, **how), [asked])[0]  # type: ignore[arg-type]


ENDED = (SeriesPlan(Series.parse("16.3"), supported=False),)


def outcomes(result: Result) -> dict[str, tuple[SeriesOutcome, str]]:
    return {str(one.series): (one.outcome, str(one.first_fixed or "")) for one in result.series}


def test_each_series_says_how_it_stands_and_where_it_is_fixed() -> None:
    result = proved(case())
    assert sentence(result.spans) == "all versions from 16.2.0 before 16.2.2, 16.3.0 before 17.0.0"
    assert outcomes(result) == {
        "16.1": (SeriesOutcome.NEVER_AFFECTED, ""),
        "16.2": (SeriesOutcome.FIXED, "16.2.2"),
        "16.3": (SeriesOutcome.NO_FIX_FOUND, ""),
        "17.0": (SeriesOutcome.FIXED_FROM_START, ""),
    }


def test_every_end_has_its_proof() -> None:
    result = proved(case())
    told = {str(one.series): [proof.says for proof in one.proofs] for one in result.series}
    assert told["16.2"] == [
        f"16.2.0 (tag v16.2.0) contains the origin, {STORY.id(1)[:12]}",
        "16.1.0 is not affected",
        "16.2.1 does not have the fix",
        f"16.2.2 (tag v16.2.2) contains the fix, {STORY.id(7)[:12]}",
    ]
    assert told["17.0"] == [f"17.0.0 (tag v17.0.0) contains the fix, {STORY.id(4)[:12]}"]
    fixed = next(one for one in result.series if str(one.series) == "16.2").proofs[-1]
    assert (fixed.tag, fixed.commit, fixed.signal) == ("v16.2.2", STORY.id(7), "given")


def test_a_fix_on_the_branch_and_in_no_tag_is_fixed_in_the_next_version() -> None:
    plans = (SeriesPlan(series("16.2"), "16-2-stable"), SeriesPlan(series("16.3"), "16-3-stable", supported=True))
    only_head = case(fixes=(4, 8))
    result = proved(only_head, plans=plans)
    assert outcomes(result)["16.2"] == (SeriesOutcome.FIXED_NEXT, "")
    assert outcomes(result)["16.3"] == (SeriesOutcome.NO_FIX_FOUND, "")
    seen = next(one for one in result.series if str(one.series) == "16.2").proofs[-1]
    assert seen.says == f"branch 16-2-stable contains the fix, {STORY.id(8)[:12]}"
    assert (seen.version, seen.commit, seen.signal) == (None, STORY.id(8), "given")
    planned = (SeriesPlan(series("16.2"), "16-2-stable", planned=version("16.2.3")), plans[1])
    told = proved(only_head, plans=planned)
    assert outcomes(told)["16.2"] == (SeriesOutcome.FIXED_NEXT, "16.2.3")
    assert sentence(told.spans) == "all versions from 16.2.0 before 16.2.3, 16.3.0 before 17.0.0"
    assert "16.2.3" not in [str(one) for one in (*told.affected, *told.fixed)]
    proof = next(one for one in told.series if str(one.series) == "16.2").proofs[-1]
    assert "the series' branch" in proof.says


def test_a_planned_version_whose_branch_lacks_the_fix_closes_nothing() -> None:
    plan = SeriesPlan(series("16.3"), "16-3-stable", planned=version("16.3.2"))
    result = proved(case(), plans=(plan,))
    assert outcomes(result)["16.3"] == (SeriesOutcome.NO_FIX_FOUND, "")
    assert "16.3.2" not in sentence(result.spans)


def test_a_series_without_the_fix_of_an_older_one_is_in_doubt_until_somebody_says_that_it_ended() -> None:
    result = proved(case())
    assert [(part.what, [str(one) for one in part.versions]) for part in result.unseen] == [
        ("series 16.3", ["16.3.0", "16.3.1"])
    ]
    assert result.doubtful == {version("16.3.0"), version("16.3.1")}
    assert proved(case(), plans=ENDED).proved
    assert proved(case(), only_planned=True).proved
    coming = (SeriesPlan(series("16.3"), "16-3-stable"),)
    assert proved(case(fixes=(4, 7, 9)), plans=coming).proved
    fixed_next = History([*STORY.parents, [9]], STORY.tags, {**STORY.branches, "origin/16-3-stable": 10})
    assert proved(case(fixes=(4, 7, 10), history=fixed_next), history=fixed_next, plans=coming).proved


def test_a_series_that_ended_is_told_apart_from_one_whose_fix_is_missing() -> None:
    assert (
        outcomes(proved(case(), plans=(SeriesPlan(series("16.3"), supported=False),)))["16.3"][0] is SeriesOutcome.ENDED
    )
    throughout = proved(case(fixes=(5,)), plans=(SeriesPlan(series("16.3"), supported=False),))
    assert outcomes(throughout)["16.3"][0] is SeriesOutcome.ENDED
    ended = (SeriesPlan(series("16.3"), "16-3-stable", supported=False),)
    assert outcomes(proved(case(), plans=ended))["16.3"][0] is SeriesOutcome.ENDED


def test_a_branch_that_is_not_there_is_misused_and_a_planned_version_that_cannot_be_judged_is_told() -> None:
    with pytest.raises(Misused, match="is not in this repository"):
        proved(case(), plans=(SeriesPlan(series("16.3"), "16-3-stable-ee"),))
    findings = proved(case(), plans=(SeriesPlan(series("16.3"), planned=version("16.3.9")),)).findings
    assert "planned version 16.3.9 cannot be judged: series 16.3 has no known branch" in findings


def test_a_planned_version_that_is_out_is_judged_by_its_tag() -> None:
    plan = SeriesPlan(series("16.2"), "16-2-stable", planned=version("16.2.2"))
    assert outcomes(proved(case(), plans=(plan,)))["16.2"] == (SeriesOutcome.FIXED, "16.2.2")


def test_with_an_unknown_origin_every_version_before_the_fix_counts_and_none_is_called_the_first() -> None:
    result = proved(case(origin=None))
    assert not result.origin_known
    assert sentence(result.spans) == "all versions before 16.2.2, 16.3.0 before 17.0.0"
    assert any("no origin commit is named" in proof.says for proof in result.series[0].proofs)


def test_an_origin_in_the_first_version_known_has_no_lower_end() -> None:
    result = proved(case(origin=0))
    assert result.spans[0] == Span(None, version("16.2.2"))
    assert any("is the first version known" in proof.says for proof in result.series[0].proofs)


def test_first_versions_stand_for_origins() -> None:
    result = proved(case(origin=None, first=(version("16.2.1"), version("17.0.0"))))
    assert [str(one) for one in result.affected] == ["16.2.1"]
    mainline = proved(case(origin=None, first=(version("16.2.1"),)))
    assert [str(one) for one in mainline.affected] == ["16.2.1", "16.3.0", "16.3.1"]


def test_a_persons_claims_are_applied_after_the_graph_and_shown_with_what_they_changed() -> None:
    off = RangeClaim(Claimed.NOT_AFFECTED, (Span(None, version("16.2.1")),), "off by default until 16.2.1", "amara")
    lost = RangeClaim(
        Claimed.AFFECTED, (Span(version("17.0.0"), None),), "the fix was not built", "bjorn", series("17.0")
    )
    idle = RangeClaim(Claimed.NOT_AFFECTED, (Span(version("17.1"), None),), "nothing there", "chidi")
    result = proved(case(claims=(off, lost, idle)))
    assert [str(one) for one in result.affected] == ["16.2.1", "16.3.0", "16.3.1", "17.0.0"]
    assert [(one.by, [str(v) for v in one.changed]) for one in result.claims] == [
        ("amara", ["16.2.0"]),
        ("bjorn", ["17.0.0"]),
        ("chidi", []),
    ]
    assert "the claim of chidi changes nothing: nothing there" in result.findings


def test_a_claim_that_a_fixed_version_is_not_affected_changes_nothing() -> None:
    claim = RangeClaim(Claimed.NOT_AFFECTED, (Span(version("16.2.2"), None),), "not built", "amara", series("16.2"))
    assert proved(case(claims=(claim,))).claims[0].changed == ()


@pytest.mark.parametrize(("reason", "by"), [("", "amara"), ("because", " ")])
def test_a_claim_needs_a_reason_and_a_name(reason: str, by: str) -> None:
    with pytest.raises(Misused, match="needs a written reason"):
        RangeClaim(Claimed.AFFECTED, (Span(None, None),), reason, by)


def test_every_required_part_is_needed_and_a_follow_up_is_not() -> None:
    parts = (Change((STORY.id(4), STORY.id(6))), Change((STORY.id(5), STORY.id(7))))
    assert outcomes(proved(case(fixes=(), history=STORY) if False else Case("case", parts, (Change((STORY.id(1),)),))))[
        "16.2"
    ] == (SeriesOutcome.FIXED, "16.2.2")
    follow = (parts[0], Change(parts[1].commits, role=ChangeRole.FOLLOW_UP))
    result = proved(Case("case", follow, (Change((STORY.id(1),)),)))
    assert outcomes(result)["16.2"] == (SeriesOutcome.FIXED, "16.2.1")
    told = [proof.says for one in proved(Case("case", parts)).series for proof in one.proofs]
    assert any("part 2 of the fix" in line for line in told)


def test_versions_without_a_tag_are_unseen_unless_the_first_tag_shows_that_there_was_none() -> None:
    texts = [
        "16.1.0",
        "16.2.0",
        "16.2.0.1",
        "16.2.1",
        "16.2.1.1",
        "16.2.2",
        "16.2.3",
        "16.3.0",
        "16.3.1",
        "16.3.2",
        "17.0.0",
    ]
    result = proved(case(), published=[Published(version(text)) for text in texts])
    assert result.inferred == ()
    unknown = ["16.2.0.1", "16.2.1.1", "16.2.3", "16.3.2"]
    assert [str(one) for one in result.unknown] == unknown
    assert [part.what for part in result.unseen if part.reason == "it has no tag"] == unknown
    assert outcomes(result)["16.3"][0] is SeriesOutcome.UNSEEN
    early = [Published(version(text)) for text in ("16.0.9", "16.1.0-rc1", "16.1.0", "16.2.2")]
    before = proved(case(fixes=(7,)), published=early)
    assert [str(one) for one in before.inferred] == ["16.0.9", "16.1.0-rc1"]
    assert before.proved
    unseen = proved(case(origin=None, fixes=(7,)), published=early).unseen
    assert [(part.what, len(part.versions)) for part in unseen] == [("versions before 16.1.0", 2)]
    assert "history begins at 16.1.0" in unseen[0].reason


def test_a_version_whose_two_tags_disagree_is_unseen() -> None:
    twice = History(STORY.parents, {**STORY.tags, "v16.2.1.0": 7}, STORY.branches)
    result = proved(case(), history=twice, plans=ENDED)
    assert [part.what for part in result.unseen] == ["16.2.1"]
    assert any("2 tags on 2 different commits" in finding for finding in result.findings)
    agreeing = History(STORY.parents, {**STORY.tags, "v16.2.1.0": 2}, STORY.branches)
    assert proved(case(), history=agreeing, plans=ENDED).proved


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        (Case("case", ()), "no fix is named"),
        (Case("case", (Change(("ab" * 20,)),)), "is not in this repository"),
        (Case("case", (Change(("00",)),)), "is not a commit id"),
        (Case("case", (Change(("0000",)),)), "is ambiguous"),
        (Case("case", (Change(),)), "neither a commit nor a merge request"),
        (Case("case", (Change(requests=("!7",)),)), "without the index of commits"),
        (Case("case", (Change(requests=("seven",)),)), "is no merge request"),
        (case(first=(version("16.2.0"),)), "leave one of them out"),
        (case(fixes=(0,)), "older than every origin"),
        (Case("case", (Change((STORY.id(4),), role=ChangeRole.FOLLOW_UP),)), "no fix is named"),
    ],
)
def test_what_cannot_be_looked_up_proves_nothing_and_says_why(asked: Case, what: str) -> None:
    good = case()
    graph = STORY.graph()
    ground = Ground(graph, catalogue(graph.tags, Naming.parse("v")), plans=ENDED)
    bad, fine = prove(ground, [asked, good])
    assert not bad.proved
    assert not bad.spans
    assert not bad.findings
    assert any(what in f"{part.reason}; {part.remedy}" for part in bad.unseen)
    assert len({part.reason for part in bad.unseen}) == len(bad.unseen)
    assert bad.unknown == bad.versions
    assert fine.proved


def test_commits_that_are_nowhere_or_elsewhere_than_said_are_told() -> None:
    lost = History([*STORY.parents, [9]], STORY.tags, STORY.branches)
    unseen = proved(case(fixes=(4, 10), history=lost), history=lost, plans=ENDED).unseen
    assert [(part.what, part.reason) for part in unseen] == [
        (f"fix {lost.id(10)[:12]}", "it is in no version, and on no branch of a series")
    ]
    assert proved(case(fixes=(4, 9), history=lost), history=lost, ahead=("main",)).proved
    ahead = History([*STORY.parents, [5]], STORY.tags, {**STORY.branches, "main": 10})
    told = proved(case(fixes=(7, 10), history=ahead), history=ahead, plans=ENDED, ahead=("main",)).unseen
    assert [part.what for part in told] == ["series 17.0"]
    named = Case("case", (Change((STORY.id(4),), series=series("16.2")), Change((STORY.id(7),), series=series("16.2"))))
    plans = (SeriesPlan(series("16.2"), "16-2-stable"),)
    findings = proved(named, plans=plans).findings
    assert f"fix {STORY.id(4)[:12]} was named for series 16.2, and none of its versions has it" in findings
    assert len([finding for finding in findings if "was named for series" in finding]) == 1


def test_series_are_inferred_from_letters_and_else_from_two_numbers() -> None:
    texts = ["1.0.2", "1.0.2a", "1.1.0", "1.1.0b", "3.0.1", "3.0.2", "2"]
    assert [str(one) for one in inferred_series([version(text) for text in texts])] == ["1.0.2", "1.1.0", "2.0", "3.0"]


def test_a_version_belongs_to_the_most_precise_series_that_is_named() -> None:
    plans = (SeriesPlan(series("16")), SeriesPlan(series("16.2")))
    assert [str(one.series) for one in proved(case(), plans=plans).series] == ["16", "16.2", "16", "17.0"]


def test_cases_that_are_proved_together_come_out_as_each_alone() -> None:
    graph = STORY.graph()
    ground = Ground(graph, catalogue(graph.tags, Naming.parse("v")))
    asked = [case(), case(origin=None), case(fixes=(5,)), case()]
    assert prove(ground, asked) == tuple(prove(ground, [one])[0] for one in asked)


def test_a_first_version_that_is_none_proves_nothing_and_the_near_ones_are_named() -> None:
    [part] = proved(case(origin=None, first=(version("162.1"),))).unseen
    assert part.reason == "162.1 is no version of this repository"
    assert part.remedy.startswith("write one that is; near: 16.2.1")
    bare = History([[], [0]], {"nightly": 1})
    [part] = proved(case(origin=None, first=(version("1.0"),), history=bare, fixes=(1,)), history=bare).unseen
    assert part.remedy == "say how tags are named"


def test_a_tag_or_a_branch_in_place_of_a_commit_is_named_for_what_it_is() -> None:
    [tag] = proved(Case("case", (Change(("v16.2.2",)),))).unseen
    assert tag.reason == f"'v16.2.2' is a tag, and stands on commit {STORY.id(7)[:12]}"
    [branch] = prove(
        Ground(STORY.graph(), catalogue(STORY.graph().tags, Naming.parse("v")), STORY.facts()),
        [Case("case", (Change(requests=("origin/16-3-stable",)),))],
    )[0].unseen
    assert branch.reason == f"'origin/16-3-stable' is a branch, and stands on commit {STORY.id(9)[:12]}"


def test_commits_of_one_change_that_follow_each_other_may_be_parts_of_it() -> None:
    line = History([[], [0], [1], [2]], {"v1.0.0": 0, "v1.1.0": 1, "v1.2.0": 2, "v1.3.0": 3})
    result = proved(case(history=line, fixes=(1, 3), origin=None), history=line)
    [part] = result.unseen
    assert part.reason == "the second follows the first on one line, and 1.1.0 has only the first"
    assert [str(one) for one in part.versions] == ["1.1.0", "1.2.0"]
    assert proved(case(history=line, fixes=(1,), origin=None), history=line).proved
    at_once = History([[], [0], [1]], {"v1.0.0": 0, "v1.1.0": 2})
    assert proved(case(history=at_once, fixes=(1, 2), origin=None), history=at_once).proved


def test_of_two_changes_carried_to_a_series_in_two_releases_the_first_alone_is_not_the_fix() -> None:
    """The second carries no sign but its subject: until somebody looked, it may be what the first one lacks."""

    def told(*, alike: bool, at: int) -> Result:
        tags = {"v1.0.0": 0, "v1.1.0": 2, "v1.0.1": at, "v1.0.2": 4}
        history = History([[], [0], [1], [0], [3]], tags)
        facts = history.facts([(3, Says.PICKED, 1)], subject={2: 9, 4: 9 if alike else 8}, words={2: 5, 4: 5})
        return proved(case(history=history, fixes=(1, 2), origin=None), history=history, facts=facts)

    [part] = told(alike=True, at=3).unseen
    assert part.reason == "the second follows the first on one line, and 1.0.1 has only the first"
    assert [str(one) for one in part.versions] == ["1.0.1"]
    [part] = told(alike=False, at=3).unseen
    assert [str(one) for one in part.versions] == ["1.0.1", "1.0.2"]
    assert told(alike=True, at=4).proved


@pytest.mark.parametrize(
    ("tag", "remedy"),
    [
        ("v2.0.0-rc1", "count early versions too (--prereleases)"),
        ("nightly", "say with --tags how they name versions"),
        ("app-2.0.0", "read them too (--tags v --tags 'app-{version}')"),
    ],
)
def test_a_fix_that_only_a_tag_without_a_version_has_is_in_no_version(tag: str, remedy: str) -> None:
    line = History([[], [0], [1]], {"v1.0.0": 0, tag: 2})
    result = proved(case(history=line, fixes=(1,), origin=None), history=line)
    part = result.unseen[0]
    assert part.what == f"fix {line.id(1)[:12]}"
    assert f"(only tag {tag} has it)" in part.reason
    assert part.remedy.startswith(remedy)
    assert [str(one) for one in part.versions] == ["1.0.0"]


def test_a_repository_without_versions_gives_an_empty_range() -> None:
    bare = History([[], [0]], {"nightly": 1})
    result = proved(case(history=bare, fixes=(1,), origin=0), history=bare)
    assert (result.spans, result.series, result.affected) == ((), (), ())
    assert not result.proved
    assert [part.what for part in result.unseen] == ["every version"]

from __future__ import annotations

from secrel.ranges.results import NotProved, Proof, Result, SeriesOutcome, SeriesResult
from secrel.ranges.said.compare import Side, compare, in_the_tag
from secrel.words.facts.phrases import read_range
from secrel.words.versions import Series, Version


def versions(*texts: str) -> tuple[Version, ...]:
    return tuple(Version.parse(text) for text in texts)


PROOF = Proof("1.2.1 (tag v1.2.1) contains the fix", Version.parse("1.2.1"), "v1.2.1", "c" * 40)
PROVED = Result(
    "case",
    origin_known=True,
    spans=read_range("all versions from 1.1.0 before 1.2.1"),
    series=(
        SeriesResult(Series((1, 2)), SeriesOutcome.FIXED, (), Version.parse("1.2.1"), proofs=(PROOF,)),
        SeriesResult(Series((1, 3)), SeriesOutcome.FIXED_NEXT, planned=Version.parse("1.3.4")),
    ),
    versions=versions("1.0.0", "1.1.0", "1.2.0", "1.2.1", "1.3.0"),
    affected=versions("1.1.0", "1.2.0"),
    fixed=versions("1.2.1", "1.3.0"),
)


def said(given: str, result: Result = PROVED) -> list[tuple[Side | None, str]]:
    return [(found.side, found.says) for found in compare(read_range(given), result)]


def test_two_ranges_that_agree_on_every_version_do_not_differ() -> None:
    assert said("all versions from 1.1.0 before 1.2.1") == []
    assert said("all versions from 1.1 before 1.2.1") == []


def test_what_the_given_range_leaves_out_and_what_it_names_too_many_are_told_with_the_proof() -> None:
    found = compare(read_range("all versions from 1.0.0 before 1.2.0"), PROVED)
    assert [(one.side, [str(version) for version in one.versions]) for one in found] == [
        (Side.PROVED, ["1.2.0"]),
        (Side.GIVEN, ["1.0.0"]),
    ]
    assert found[0].proofs == (PROOF,)
    assert found[1].proofs == ()


def test_an_end_that_is_no_version_is_told_unless_it_is_planned() -> None:
    assert said("all versions from 1.1.0 before 1.2.1, 1.3.2 before 1.3.4") == [
        (Side.GIVEN, "1.3.2 is an end of the given range and no known version")
    ]


def test_what_is_not_proved_is_neither_agreement_nor_disagreement() -> None:
    part = Result(
        "case",
        origin_known=True,
        versions=PROVED.versions,
        affected=versions("1.2.0"),
        unseen=(NotProved("1.1.0", "shallow", versions=versions("1.1.0")),),
    )
    assert said("all versions from 1.1.0 before 1.2.1", part) == [(None, "not proved either way: 1.1.0")]
    nothing = Result("case", origin_known=True, unseen=(NotProved("the whole range", "no such commit"),))
    assert said("all versions", nothing) == [(None, "not proved: the whole range: no such commit")]


def test_many_versions_are_counted_and_not_listed() -> None:
    many = versions(*(f"2.0.{number}" for number in range(20)))
    result = Result("case", origin_known=True, versions=many, affected=many)
    assert said("all versions before 2.0.0", result)[0][1].endswith("2.0.11 and 8 more")


def test_a_version_that_a_text_names_must_have_every_fix() -> None:
    assert in_the_tag(versions("1.2.1", "1.3.0"), [PROVED]) == ()
    found = in_the_tag(versions("1.2.0", "1.9.0"), [PROVED])
    assert [(one.side, one.says) for one in found] == [
        (Side.GIVEN, "case: 1.2.0 does not have the fix"),
        (Side.GIVEN, "case: 1.9.0 has no tag, so its fix cannot be seen"),
    ]
    assert found[0].proofs == (PROOF,)
    blind = Result(
        "case",
        origin_known=True,
        versions=PROVED.versions,
        unseen=(NotProved("1.2.0", "shallow", versions=versions("1.2.0")),),
    )
    assert [one.side for one in in_the_tag(versions("1.2.0"), [blind])] == [None]


def test_where_the_origin_is_unknown_only_the_side_of_the_fix_is_compared() -> None:
    every = versions("0.9.0", "1.0.0", "1.1.0", "1.1.1")
    unknown = Result("case", origin_known=False, versions=every, affected=every[:3], fixed=every[3:])
    assert said("all versions from 1.0.0 before 1.1.1", unknown) == []
    assert said("all versions before 1.1.1", unknown) == []
    assert said("all versions from 1.0.0 before 1.1.0", unknown) == [
        (Side.PROVED, "affected, and the given range leaves out 1.1.0")
    ]

"""The words: what they accept, what they refuse, and the laws of their order."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.words.advisories import OURS, Advisory, Contents, by_severity, cve_ids
from secrel.words.effects import Audience, Comment, Effect, OpenIssue, PostMessage, address_of, plain
from secrel.words.errors import Broken, Exit, Misused
from secrel.words.filling import fill, references
from secrel.words.fixes import RemovedFix
from secrel.words.ids import CveId, Cwe
from secrel.words.parts import Seen, Unseen
from secrel.words.people import Absence
from secrel.words.releases import Kind, Product, Shipment, joined
from secrel.words.spans import Affected, Span, planned_spans, sentence
from secrel.words.vectors import Severity, Vector
from secrel.words.versions import Series, Version, VersionStage
from tests.builders import DUE, a_product, a_release, a_shipment, an_advisory

v = Version.parse
numbers = st.lists(st.integers(0, 40), min_size=1, max_size=4)


@given(numbers, numbers)
def test_versions_are_ordered_as_numbers_and_not_as_text(one: list[int], other: list[int]) -> None:
    def stripped(parts: list[int]) -> list[int]:
        while len(parts) > 1 and parts[-1] == 0:
            parts = parts[:-1]
        return parts

    left, right = v(".".join(map(str, one))), v(".".join(map(str, other)))
    assert (left < right) == (stripped(one) < stripped(other))
    assert (left == right) == (stripped(one) == stripped(other))
    assert left != right or hash(left) == hash(right)


def test_candidates_come_before_their_version_and_letters_after() -> None:
    told = ["1.1.1-alpha1", "1.1.1-beta2", "1.1.1-rc1", "1.1.1-rc2", "1.1.1", "1.1.1a", "1.1.1l", "1.1.2"]
    assert [str(version) for version in sorted(map(v, reversed(told)))] == told
    assert v("1.1.1").is_final
    assert not v("1.1.1-rc1").is_final
    assert v("1.1.1") != "1.1.1"


@pytest.mark.parametrize("text", ["", "x", "1.", ".1", "1..2", "1.2.3\n", " 1.2", "v1.2", "1.2.3/../4", "9" * 30])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(Misused, match="is not a version"):
        v(text)


def test_a_series_holds_its_versions_and_knows_its_order() -> None:
    assert v("18.5.2") in Series.parse("18.5")
    assert v("18.15.2") not in Series.parse("18.1")
    assert str(Series.of(v("7"), 2)) == "7.0"
    assert str(Series.of(v("2026.03.1"))) == "2026.03"
    assert Series.of(v("2026.03.1")) == Series.parse("2026.3")
    assert len({Series.parse("2026.03"), Series.parse("2026.3")}) == 1
    assert Series.parse("2026.03") != (2026, 3)
    assert sorted(map(Series.parse, ["24.1", "9.2", "9.10"])) == [*map(Series.parse, ["9.2", "9.10", "24.1"])]
    with pytest.raises(Misused, match="is not a series"):
        Series.parse("18.x")


@pytest.mark.parametrize("read", [Version.parse, Series.parse])
@given(st.tuples(st.integers(0, 20), st.integers(0, 12)), st.tuples(st.integers(0, 20), st.integers(0, 12)))
def test_however_they_are_written_versions_and_series_compare_as_their_numbers(
    read: Callable[[str], Version | Series], one: tuple[int, int], two: tuple[int, int]
) -> None:
    plain, padded = read(f"{one[0]}.{one[1]}"), read(f"{two[0]:02}.{two[1]:02}")
    assert [compare(plain, padded) for compare in _ORDERS] == [compare(one, two) for compare in _ORDERS]
    assert (hash(plain) == hash(padded)) >= (one == two)


_ORDERS = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)


def test_a_span_is_half_open() -> None:
    span = Span(v("15.4"), v("15.9.7"))
    assert v("15.4.0") in span
    assert v("15.9.6") in span
    assert v("15.9.7") not in span
    assert v("1.0") in Span(None, v("15.9.7"))
    assert v("99") in Span(v("15"), None)
    with pytest.raises(Misused, match="is empty"):
        Span(v("15.9.7"), v("15.9.7"))


def test_spans_are_told_as_people_say_them() -> None:
    assert sentence([Span(v("13.2"), v("16.4.3")), Span(v("16.5"), v("16.5.3"))]) == (
        "all versions from 13.2 before 16.4.3, 16.5 before 16.5.3"
    )
    assert sentence([Span(None, v("16.4.3"))]) == "all versions before 16.4.3"
    assert sentence([Span(v("16"), None)]) == "all versions from 16 and later"
    assert sentence([Span(None, None)]) == "all versions"
    with pytest.raises(Misused, match="no affected range"):
        sentence([])


def test_the_first_version_of_a_series_that_ships_the_fix_needs_no_span() -> None:
    shipment = a_shipment(("18.6.0", "18.5.2", "18.4.4"))
    assert sentence(planned_spans(v("17.2"), shipment)) == "all versions from 17.2 before 18.4.4, 18.5 before 18.5.2"


@pytest.mark.parametrize(
    "text",
    [
        "CVE-2024-123",
        "CVE-2024-1234/../../org",
        "cve-2024-1234",
        "CVE-2024-1234 ",
        "",
        "CVE-1998-0001",
        "CVE-2026-00001",
    ],
)
def test_what_is_no_cve_id_is_refused(text: str) -> None:
    with pytest.raises(Misused, match="is not a CVE id"):
        CveId.parse(text)


def test_cve_ids_sort_by_number() -> None:
    told = ["CVE-2021-99999", "CVE-2021-100000", "CVE-2022-0001"]
    assert [str(one) for one in sorted(map(CveId.parse, reversed(told)))] == told


def test_a_weakness_reads_back_as_it_is_told() -> None:
    for text in ("CWE-79", "CWE-79: Cross-site scripting"):
        assert str(Cwe.parse(text)) == text
    with pytest.raises(Misused, match="is not a weakness"):
        Cwe.parse("79")


@pytest.mark.parametrize(
    ("text", "score", "severity"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:N", 9.6, Severity.CRITICAL),
        ("CVSS:3.0/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:N", 8.7, Severity.HIGH),
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:N", 0.0, Severity.NONE),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3, Severity.CRITICAL),
    ],
)
def test_score_and_severity_come_from_the_vector(text: str, score: float, severity: Severity) -> None:
    vector = Vector.parse(text)
    assert (vector.score, vector.severity) == (score, severity)
    assert str(vector) == text
    assert vector.version == text[5:8]
    assert Severity.LOW.rank < severity.rank or severity is Severity.NONE


@pytest.mark.parametrize(
    "text", ["AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:N", "CVSS:3.1/AV:N", "CVSS:3.1/AV:Q/AC:L", "CVSS:4.0/x", ""]
)
def test_what_is_no_vector_is_refused(text: str) -> None:
    with pytest.raises(Misused, match="is not a CVSS vector"):
        Vector.parse(text)


def test_an_absence_covers_both_its_ends() -> None:
    away = Absence(DUE.date(), DUE.date())
    assert away.covers(DUE.date())


def test_a_product_names_its_branches_and_tags() -> None:
    product = a_product(branch="{major}-{minor}-stable-ee", tag="v{version}-ee")
    assert product.branch_of(Series.parse("18.5")) == "18-5-stable-ee"
    assert product.tag_of(v("18.5.2")) == "v18.5.2-ee"
    assert a_release().shipment("app") == a_release().main
    assert a_release().shipment("other") is None
    assert [str(s) for s in a_shipment().series] == ["18.5", "18.4", "18.3"]


def test_words_are_joined_as_people_write_them() -> None:
    assert joined([]) == ""
    assert joined(["a"]) == "a"
    assert joined(["a", "b"]) == "a and b"
    assert joined(["a", "b", "c"]) == "a, b, and c"


@given(st.sampled_from([None, "1.0", "18.3", "18.3.2", "18.4", "18.4.1", "18.5.0"]))
def test_planned_spans_close_at_what_ships(since: str | None) -> None:
    shipment = a_shipment()
    spans = planned_spans(v(since) if since else None, shipment)
    assert {span.fixed for span in spans} <= set(shipment.versions)
    assert spans[-1].fixed == max(shipment.versions)
    for version in shipment.versions:
        assert not any(version in span for span in spans)
    if since:
        assert v(since) in spans[0]


@given(st.sampled_from(["1.2", "1.2.0", "01.2", "1.2.0-rc1", "1.3"]), st.sampled_from(["1.2", "1.2.0", "1.3", "1.3.0"]))
def test_what_is_the_same_is_not_another(one: str, other: str) -> None:
    first, second = v(one), v(other)
    assert (first != second) is (not first == second)  # noqa: SIM201 - both are compared
    theirs = Series.of(first), Series.of(second)
    assert (theirs[0] != theirs[1]) is (not theirs[0] == theirs[1])  # noqa: SIM201 - both are compared


@pytest.mark.parametrize(
    ("since", "ships", "said"),
    [
        ("1.0", ["2.442", "2.426.3"], "all versions from 1.0 before 2.426.3, 2.427 before 2.442"),
        ("17.2", ["18.7.1", "18.5.9"], "all versions from 17.2 before 18.5.9, 18.6 before 18.7.1"),
        ("8.0", ["11.0.20", "9.0.116"], "all versions from 8.0 before 9.0.116, 10 before 11.0.20"),
        ("8.0", ["10.1.53", "9.0.116"], "all versions from 8.0 before 9.0.116, 10 before 10.1.53"),
        ("8.0", ["10.0.3", "9.1.2"], "all versions from 8.0 before 9.1.2, 10.0 before 10.0.3"),
        ("18.6.1", ["18.7.1", "18.5.9"], "all versions from 18.6.1 before 18.7.1"),
        ("18.1", ["18.6.0", "18.4.4"], "all versions from 18.1 before 18.4.4, 18.5 before 18.6.0"),
        ("18.1", ["18.6.0", "18.5.4"], "all versions from 18.1 before 18.5.4"),
        ("10.0", ["11.0.0-M21", "10.1.9"], "all versions from 10.0 before 10.1.9, 11.0.0-M1 before 11.0.0-M21"),
    ],
)
def test_a_series_that_gets_no_version_any_more_is_not_called_safe(since: str, ships: list[str], said: str) -> None:
    assert sentence(planned_spans(v(since), a_shipment(ships))) == said


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 6)), min_size=1, max_size=4, unique=True),
    st.tuples(st.integers(1, 4), st.integers(0, 6), st.integers(0, 3)),
)
def test_between_the_first_affected_and_the_last_fix_only_what_a_fix_reached_is_safe(
    series: list[tuple[int, int]], asked: tuple[int, int, int]
) -> None:
    spans = planned_spans(v("0.9"), a_shipment([f"{a}.{b}.2" for a, b in series]))
    version = v(".".join(map(str, asked)))
    later = [one for one in series if (*one, 2) > asked]
    tail = any(one[0] == asked[0] and one < asked[:2] for one in series) and not any(
        one[0] == asked[0] for one in later
    )
    is_safe = not later or (asked[:2] in series and asked[2] >= 2) or tail
    assert any(version in span for span in spans) is not is_safe, (sentence(spans), asked)


def test_an_origin_later_than_the_release_is_refused() -> None:
    with pytest.raises(Misused, match="no version of this release is later"):
        planned_spans(v("19.0"), a_shipment())


def test_advisories_are_ordered_by_score_and_critical_is_said_when_one_is() -> None:
    low = an_advisory(fix="a#1", vector=Vector.parse("CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:U/C:L/I:N/A:N"))
    top = an_advisory(fix="a#2", vector=Vector.parse("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"))
    none = an_advisory(fix="a#3", vector=None, cve_id=None, no_cve="a dependency")
    assert [a.fix for a in by_severity([none, low, top])] == ["a#2", "a#1", "a#3"]
    assert not none.needs_cve
    assert len(cve_ids([low, none])) == 1
    assert Contents(a_release(), (top,)).is_critical
    assert not Contents(a_release(), (low, none)).is_critical
    assert Contents(a_release(kind=Kind.UNPLANNED), (low,)).is_critical


def test_an_error_says_its_place_first() -> None:
    assert str(Broken("it is so", where="file:3")) == "file:3: it is so"
    assert str(Broken("it is so")) == "it is so"
    assert Misused("x").exit_word is Exit.MISUSED


def test_an_effect_that_reveals_says_when_its_embargo_lifts() -> None:
    action = PostMessage("#team", "hello")
    with pytest.raises(Misused, match="no instant"):
        Effect("r/x", action, "s", audience=Audience.EVERYBODY)
    with pytest.raises(Misused, match="no instant"):
        Effect("r/x", action, "s", audience=Audience.EVERYBODY, not_before=DUE.replace(tzinfo=None))
    assert Effect("r/x", action, "s", audience=Audience.EVERYBODY, not_before=DUE).needs_approval
    assert Effect("r/x", action, "s", findable=False).needs_approval
    assert not Effect("r/x", action, "s").needs_approval


@pytest.mark.parametrize("key", ["", "r", "/r", "r//x", "r/x y", "r/x\n", "r/⟦x⟧"])
def test_a_key_is_a_path_of_words(key: str) -> None:
    with pytest.raises(Misused, match="is not a key"):
        Effect(key, PostMessage("#team", "hello"), "s")


def test_addresses_are_filled_in_where_they_are_named() -> None:
    action = OpenIssue("p", "t", f"see {address_of('r/a')}", links=(address_of("r/b"),))
    assert references(action) == {"r/a", "r/b"}
    filled = fill(action, {"r/a": "https://a", "r/b": "p#1"})
    assert isinstance(filled, OpenIssue)
    assert (filled.body, filled.links) == ("see https://a", ("p#1",))
    assert references(Comment("p#1", plain("⟦r/a⟧"))) == frozenset()


ASCENDING = [
    "1.0.dev1",
    "1.0-alpha-1",
    "1.0.Alpha2",
    "1.0b1",
    "1.0.Beta3",
    "1.0-beta-4-SNAPSHOT",
    "1.0-beta-4",
    "1.0-M1",
    "1.0-M21",
    "1.0-pre1",
    "1.0rc",
    "1.0-rc.1",
    "1.0.CR2",
    "1.0-rc10.dev1",
    "1.0-rc10",
    "1.0-SNAPSHOT",
    "1.0",
    "1.0p1",
    "1.0.SP2",
    "1.0.STABLE14",
    "1.0-1",
    "1.0-4",
    "1.0-4+deb11u1",
    "1.0.1",
    "1.1.1-pre2",
    "1.1.1",
    "1.1.1a",
    "1.1.1l",
    "1.1.1z",
    "1.1.1za",
    "1.1.2~rc1",
    "1.1.2",
    "1.1.2.post1.dev1",
    "1.1.2.post1",
]


def test_versions_come_in_the_order_of_their_ecosystems() -> None:
    assert sorted(map(v, reversed(ASCENDING))) == [v(text) for text in ASCENDING]
    assert len({v(text) for text in ASCENDING}) == len(ASCENDING)


@pytest.mark.parametrize("text", ["2.2.17.Final", "2.2.17.GA", "2.2.17-RELEASE", "2.2.17.final", "2.2.17"])
def test_words_for_the_finished_version_say_nothing(text: str) -> None:
    assert v(text) == v("2.2.17.0")
    assert v(text).is_final
    assert str(v(text)) == text
    assert v(text).numbers == (2, 2, 17)


@pytest.mark.parametrize("text", ["1.0-b", "1.0foo", "1.0-rc1-foo", "1.0.", "v1.0", "1.0rc1.", "1.0 rc1", ""])
def test_what_no_ecosystem_says_is_no_version(text: str) -> None:
    with pytest.raises(Misused, match="is not a version"):
        v(text)


def test_what_stands_behind_the_numbers_is_told_with_its_count() -> None:
    assert v("5.0.0-preview.4.20251.6").stages == ((VersionStage.PREVIEW, (4, 20251, 6)),)
    assert v("1.1.1L").letters == "l"
    assert not v("3.0.0rc").is_final


LATER = st.sampled_from(["1.0", "1.1.0", "1.1.8", "1.2", "1.2.2", "1.3"]).map(Version.parse)
SHIPPED = Shipment(
    Product("app", "App", "App", "Acme", "App", "acme/app"), tuple(map(Version.parse, ("1.3.1", "1.2.3", "1.1.9")))
)


def told(**changes: object) -> Advisory:
    return replace(Advisory("acme/app#1", "A flaw", "It is one.", "app"), **changes)


@given(LATER, st.lists(LATER, max_size=2, unique=True))
def test_every_version_brings_a_fix_unless_its_range_says_that_it_need_not(
    since: Version, already: list[Version]
) -> None:
    earlier = {SHIPPED.product.series_of(version) for version in already}
    assume(any(since < v for v in SHIPPED.versions if SHIPPED.product.series_of(v) not in earlier))
    series_of = SHIPPED.product.series_of
    if any(version <= since and series_of(version) == series_of(since) for version in already):
        with pytest.raises(Misused, match="to have the fix already"):
            Affected.since(since).closed_by(SHIPPED, already)
        return
    ends = Affected.since(since).closed_by(SHIPPED, already)
    advisory = told(affected=ends, fixed_already=tuple(already))
    brought = advisory.brought_by(SHIPPED)
    for version in SHIPPED.versions:
        was_fixed = SHIPPED.product.series_of(version) in earlier
        assert (version in brought) == (not was_fixed and since < version)
        assert not advisory.affects(version), "what ships the fix is affected no more"
    assert advisory.shipped_before == all(span.fixed in already for span in ends)


@pytest.mark.parametrize("affected", [None, (), (Span(None, None),), (Span(None, Version.parse("0.9")),)])
def test_while_nobody_said_all_versions_bring_the_fix(affected: tuple[Span, ...] | None) -> None:
    assert told(affected=affected).brought_by(SHIPPED) == SHIPPED.versions
    assert not told(affected=affected).shipped_before
    assert told(affected=affected, hosted_only="acme.test").brought_by(SHIPPED) == ()


@pytest.mark.parametrize(
    ("changes", "is_asked_and_own", "other", "without"),
    [
        ({}, (True, False), "", ""),
        ({"cve_id": CveId("CVE-2026-0001")}, (False, False), "", ""),
        ({"cve_id": CveId("CVE-2026-0001"), "assigned_by": OURS}, (False, True), "", ""),
        ({"cve_id": CveId("CVE-2026-0001"), "assigned_by": "Widget"}, (False, False), "Widget", ""),
        ({"assigned_by": "Widget"}, (False, False), "Widget", ""),
        ({"assigned_by": OURS}, (True, False), "", ""),
        ({"no_cve": "a dependency"}, (False, False), "", "a dependency"),
        ({"hosted_only": "acme.test"}, (False, False), "", "only acme.test was affected"),
    ],
)
def test_whose_an_id_is_decides_who_requests_and_who_publishes(
    changes: dict[str, object], is_asked_and_own: tuple[bool, bool], other: str, without: str
) -> None:
    advisory = told(**changes)
    assert (advisory.asks_for_id, advisory.has_own_id) == is_asked_and_own
    assert advisory.other_cna == other
    assert (advisory.needs_cve, advisory.without_cve) == (not without, without)
    assert advisory.announced.assigned_by == other, "that an id is ours is no news to anybody"


def test_the_own_id_of_a_fix_that_left_is_what_our_cna_noted_or_what_was_stated() -> None:
    at, cve_id = datetime(2026, 11, 1, tzinfo=UTC), CveId("CVE-2026-0001")
    gone = RemovedFix("acme/app#1", Unseen("gone"), at, cve_id=Seen(cve_id))
    assert gone.own_id == Seen(cve_id)
    stated = replace(gone, cve_id=Seen(None), advisory=Seen(told(cve_id=cve_id, assigned_by=OURS)))
    assert stated.own_id == Seen(cve_id)
    assert replace(stated, advisory=Seen(told(cve_id=cve_id, assigned_by="Widget"))).own_id == Seen(None)
    assert replace(stated, advisory=Seen(None)).own_id == Seen(None)
    assert isinstance(replace(gone, cve_id=Unseen("no answer")).own_id, Unseen)

"""What each version of a release fixes, and what announcements say of it (cases-desk D5, D6)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.papers.wording.reach import reach_said
from secrel.words.advisories import Advisory, Contents, DependencyUpdate
from secrel.words.reach import first_affected, fixed_in, hardenings, reach_of, vulnerabilities
from secrel.words.releases import Release, Shipment
from secrel.words.spans import Span
from secrel.words.vectors import Vector
from secrel.words.versions import Version
from tests.builders import a_product, a_release, a_shipment, an_advisory

SHIPMENT = a_shipment(("1.2.3", "1.1.9"))
RELEASE = a_release(("1.2.3", "1.1.9"))
BOTH = (("1.0", "1.1.9"), ("1.2", "1.2.3"))
NEWER = (("1.2.1", "1.2.3"),)
LEFT = (("1.0", "1.2.3"),)


def told(number: int, spans: tuple[tuple[str | None, str | None], ...], **changes: Any) -> Advisory:
    ends = tuple(Span(Version.parse(since) if since else None, end and Version.parse(end)) for since, end in spans)  # type: ignore[arg-type]
    return replace(an_advisory(number), affected=ends or None, **changes)


def contents(*advisories: Advisory, release: Release = RELEASE, **rest: Any) -> Contents:
    return Contents(release, advisories, **rest)


def versions(found: tuple[Version, ...]) -> list[str]:
    return [str(version) for version in found]


def test_a_finder_hears_the_versions_that_fix_their_report() -> None:
    assert versions(fixed_in(told(1, BOTH), SHIPMENT)) == ["1.2.3", "1.1.9"]
    assert versions(fixed_in(told(1, NEWER), SHIPMENT)) == ["1.2.3"]
    assert versions(fixed_in(told(1, ()), SHIPMENT)) == ["1.2.3", "1.1.9"], "while nobody knows"


def test_what_has_neither_id_nor_score_hardens_and_is_not_counted() -> None:
    hardening = told(2, BOTH, no_cve="a hardening", cve_id=None, vector=None)
    hosted = told(3, BOTH, no_cve="only our own service", cve_id=None)
    assert vulnerabilities(contents(told(1, BOTH), hardening, hosted)) == (told(1, BOTH), hosted)
    none = Vector.parse("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N")
    nothing = told(4, BOTH, no_cve="a hardening", cve_id=None, vector=none)
    assert hardenings(contents(told(1, BOTH), nothing)) == (nothing,), "a score of 0.0 is no vulnerability's"


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        ([BOTH, BOTH], []),
        (
            [BOTH, BOTH, NEWER, NEWER],
            [
                "1.2.3 fixes all 4 vulnerabilities.",
                "1.1.9 fixes 2 of the 4 vulnerabilities and is not affected by the other 2.",
            ],
        ),
        (
            [BOTH, LEFT],
            [
                "1.2.3 fixes both vulnerabilities.",
                "1.1.9 fixes 1 of the 2 vulnerabilities and stays affected by the other.",
            ],
        ),
        (
            [BOTH, LEFT, NEWER],
            [
                "1.2.3 fixes all 3 vulnerabilities.",
                (
                    "1.1.9 fixes 1 of the 3 vulnerabilities, is not affected by 1 of them, "
                    "and stays affected by 1 of them."
                ),
            ],
        ),
        ([LEFT], ["1.2.3 fixes the vulnerability.", "1.1.9 stays affected by the vulnerability."]),
        (
            [NEWER, NEWER],
            [
                "1.2.3 fixes both vulnerabilities.",
                "1.1.9 is not affected by any of them.",
                "Versions before 1.2.1 are not affected.",
            ],
        ),
        ([BOTH, ()], []),
        ([], []),
    ],
)
def test_announcements_say_which_version_fixes_what(ranges: list[Any], said: list[str]) -> None:
    advisories = [told(number, spans) for number, spans in enumerate(ranges, start=1)]
    assert list(reach_said(contents(*advisories))) == said


EARLIER = (Version.parse("1.2.2"),)


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        (
            [((None, "1.2.2"),)],
            [
                "1.2.3 fixes 1 of the 2 vulnerabilities and is not affected by the other.",
                "1.1.9 fixes 1 of the 2 vulnerabilities and stays affected by the other.",
            ],
        ),
        ([(("1.2", "1.2.2"),)], []),
        (
            [((None, "1.2.2"),), (("1.2", "1.2.2"),)],
            ["1.1.9 fixes 1 of the 2 vulnerabilities and stays affected by the other."],
        ),
    ],
)
def test_a_version_that_stays_affected_by_what_an_earlier_one_fixed_is_named(
    ranges: list[Any], said: list[str]
) -> None:
    earlier = [told(number, spans, fixed_already=EARLIER) for number, spans in enumerate(ranges, start=2)]
    found = reach_said(contents(told(1, BOTH), *earlier))
    assert [one for one in found if one in said] == said
    assert bool(found) is bool(said)


def test_a_release_that_only_announces_says_which_of_its_versions_stay_affected() -> None:
    earlier = told(1, ((None, "1.2.2"),), fixed_already=EARLIER)
    assert list(reach_said(contents(earlier))) == [
        "1.2.3 is not affected by the vulnerability.",
        "1.1.9 stays affected by the vulnerability.",
    ]


def test_who_was_never_affected_is_told_so_and_nobody_else() -> None:
    only = replace(RELEASE, shipments=(a_shipment(("1.2.3",)),))
    late, old = told(1, (("1.2.2", "1.2.3"),)), told(2, (("1.0", "1.2.3"),))
    without = told(3, (("", "1.2.3"),))
    assert reach_said(contents(late, release=only)) == ("Versions before 1.2.2 are not affected.",)
    for more in (old, without, told(4, ())):
        assert reach_said(contents(late, more, release=only)) == ()
    update = DependencyUpdate("libfoo", "2.1", "app")
    assert first_affected(contents(late, release=only, dependencies=(update,)), only.main) is None
    assert first_affected(contents(release=only), only.main) is None


def test_of_several_products_each_is_named() -> None:
    runner = a_shipment(("2.0.1",), a_product(key="runner", short="Acme Runner"))
    both = replace(RELEASE, shipments=(*RELEASE.shipments, runner))
    theirs = replace(told(3, (("2.0.0.1", "2.0.1"),)), product="runner")
    assert reach_said(contents(told(1, BOTH), told(2, NEWER), theirs, release=both)) == (
        "Acme App 1.2.3 fixes both vulnerabilities of Acme App.",
        "Acme App 1.1.9 fixes 1 of the 2 vulnerabilities of Acme App and is not affected by the other.",
        "Versions of Acme Runner before 2.0.0.1 are not affected.",
    )


@given(st.lists(st.sampled_from([BOTH, NEWER, LEFT]), min_size=1, max_size=6))
def test_of_every_version_all_is_accounted_for(ranges: list[Any]) -> None:
    advisories = [told(number, spans) for number, spans in enumerate(ranges, start=1)]
    shipment: Shipment = SHIPMENT
    for reach in reach_of(contents(*advisories), shipment):
        fixes = [one for one in advisories if reach.version in {span.fixed for span in one.affected or ()}]
        leaves = [one for one in advisories if any(reach.version in span for span in one.affected or ())]
        assert (reach.fixes, reach.leaves, reach.of) == (len(fixes), len(leaves), len(advisories))
        assert reach.fixes + reach.leaves <= reach.of

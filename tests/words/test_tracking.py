"""Tracking issues that people open: every mix of two of them is told apart, or said with both addresses."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from secrel.words.errors import Misused
from secrel.words.forge import Issue
from secrel.words.releases import Kind
from secrel.words.tracking import doubts_of, is_named, kind_of, theirs, told
from tests.builders import DUE, NAME, a_draft, a_release, an_issue

CRITICAL = "critical security release"
OPENING = f"{NAME}/tracking"
DAYS = (DUE.date(), DUE.date() + timedelta(days=14), None)
MARKS = ("", OPENING, "2026-12/tracking")
KINDS = (Kind.PLANNED, Kind.UNPLANNED)
Way = tuple[date | None, str, Kind]
WAYS: tuple[Way, ...] = tuple(product(DAYS, MARKS, KINDS))
"""The ways in which an open tracking issue can stand: its day, who opened it, and of which kind it is."""


def tracking(number: int, way: Way) -> Issue:
    due, mark, kind = way
    labels = {"security", "upcoming security release", *([CRITICAL] if kind is Kind.UNPLANNED else [])}
    return an_issue(number, due=due, mark=mark, labels=frozenset(labels), title="Security release: 18.5.x")


@pytest.mark.parametrize(
    ("title", "labels", "critical", "kind"),
    [
        ("Security release: 18.5.x", {CRITICAL}, CRITICAL, Kind.UNPLANNED),
        ("Critical security release: 18.5.x", set[str](), CRITICAL, Kind.UNPLANNED),
        (" CRITICAL security release", set[str](), "", Kind.UNPLANNED),
        ("Security release: 18.5.x", {CRITICAL}, "", Kind.PLANNED),
        ("Security release, not critical", {"security"}, CRITICAL, Kind.PLANNED),
    ],
)
def test_the_kind_is_told_by_the_label_or_by_the_title(title: str, labels: set[str], critical: str, kind: Kind) -> None:
    assert kind_of(an_issue(title=title, labels=frozenset(labels)), critical) is kind


def test_two_are_told_apart_or_both_are_said() -> None:
    for one, other in product(WAYS, WAYS):
        _told_apart(one, other)


def _told_apart(one: Way, other: Way) -> None:
    issues = (tracking(1, one), tracking(2, other))
    doubts = doubts_of(issues, CRITICAL)
    dayless = [issue.ref for issue in issues if issue.due is None]
    alike = one[0] == other[0] is not None and one[2] is other[2] and not (one[1] and other[1])
    assert [doubt.where for doubt in doubts] == [*dayless, *([issues[0].ref] if alike else [])]
    assert all(doubt.remedy for doubt in doubts)
    if alike:
        assert f"{issues[0].ref} and {issues[1].ref}" in str(doubts[-1])


@pytest.mark.parametrize("kind", KINDS)
def test_a_release_begins_only_where_none_of_two_could_be_its_own(kind: Kind) -> None:
    for one, other in product(WAYS, WAYS):
        _begins(kind, one, other)


def _begins(kind: Kind, one: Way, other: Way) -> None:
    release, issues = a_release(kind=kind), (tracking(1, one), tracking(2, other))
    own = [issue.ref for issue in issues if issue.mark == OPENING]
    others = [(issue, way) for issue, way in zip(issues, (one, other), strict=True) if way[1:] == ("", kind)]
    alike = [issue.ref for issue, way in others if way[0] == DUE.date()]
    dayless = [issue.ref for issue, way in others if way[0] is None]
    for named in ((), *((issue.ref,) for issue in issues), *((issue.url,) for issue in issues)):
        meant = [issue for issue, _ in others if is_named(issue, named)]
        if meant and not own:
            assert theirs(release, OPENING, issues, CRITICAL, named) == meant[0], "a person says which one it is"
            continue
        if len(own) < 2 and not alike and (own or not dayless):
            assert theirs(release, OPENING, issues, CRITICAL, named) is None
            continue
        with pytest.raises(Misused) as refused:
            theirs(release, OPENING, issues, CRITICAL, named)
        assert refused.value.remedy
        several = [*own, *alike]
        said = several if len(several) > 1 else dayless[:1] if dayless and not own else alike
        assert all(ref in str(refused.value) for ref in said)
        assert own or dayless or f"--adopt {alike[0]}" in refused.value.remedy


def test_of_two_that_are_named_neither_is_taken() -> None:
    issues = [tracking(number, (DUE.date(), "", Kind.PLANNED)) for number in (1, 2)]
    with pytest.raises(Misused, match="2 open tracking issues"):
        theirs(a_release(), OPENING, issues, CRITICAL, [issue.ref for issue in issues])


def test_what_people_opened_is_told_by_its_address_by_whom_and_when_and_never_by_its_title() -> None:
    issue = an_issue(1, author="elif")
    assert told(issue) == "acme/app#1 (opened 2026-10-16 by elif)"
    assert told(an_issue(1, created_at=None)) == "acme/app#1"
    assert told(a_draft()) == "acme/security/site!900 (opened by amara)"


def test_without_tracking_issues_nothing_is_in_doubt() -> None:
    assert doubts_of((), CRITICAL) == ()
    assert theirs(a_release(), OPENING, (), CRITICAL) is None

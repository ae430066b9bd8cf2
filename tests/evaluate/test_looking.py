from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from secrel.evaluate.looking import (
    DOCUMENTS,
    advisory_of,
    document,
    duty_of,
    each_advisory,
    each_fix,
    fix_of,
    issue_of,
    person_behind,
)
from secrel.evaluate.verdicts import Evidence, Hidden, Said
from secrel.words.advisories import Advisory
from secrel.words.errors import NotSeen
from secrel.words.fixes import Fix
from secrel.words.parts import Seen, Unseen
from tests.builders import a_duty, a_fix, a_snapshot, an_advisory, seen
from tests.evaluate.asking import a_process

UNSEEN = Unseen("the forge does not answer")


def test_a_document_is_there_or_not_or_could_not_be_seen() -> None:
    for name in DOCUMENTS:
        there: dict[str, Any] = {name: seen(None)}
        assert document(a_snapshot(**there), name) is None
        with pytest.raises(NotSeen, match=f"{DOCUMENTS[name]} could not be seen: the forge does not answer"):
            document(a_snapshot(**{**there, name: UNSEEN}), name)
        with pytest.raises(NotSeen, match="could not be seen whole: half of it"):
            document(a_snapshot(**{**there, name: Seen(None, shortfall="half of it")}), name)


def test_an_advisory_is_found_or_unreadable_or_could_not_be_seen() -> None:
    assert advisory_of(a_snapshot(), "acme/app#2") == an_advisory(2)
    assert advisory_of(a_snapshot(), "acme/app#3") is None
    with pytest.raises(NotSeen, match="acme/app#2: the forge does not answer"):
        advisory_of(a_snapshot(untold={"acme/app#2": UNSEEN}), "acme/app#2")


def test_a_fix_is_found_or_not_linked_or_could_not_be_seen() -> None:
    assert fix_of(a_snapshot(), "acme/app#2") == a_fix(2)
    assert fix_of(a_snapshot(), "acme/app#3") is None
    cut = replace(a_snapshot(), fixes=Seen((a_fix(2),), "", "1 of 2 read"))
    assert fix_of(cut, "acme/app#2") == a_fix(2)
    for fixes in (UNSEEN, cut.fixes):
        with pytest.raises(NotSeen):
            fix_of(replace(a_snapshot(), fixes=fixes), "acme/app#1")


def about(thing: Fix | Advisory) -> Iterator[Said]:
    yield Evidence(thing.ref if isinstance(thing, Fix) else thing.fix, "is there")


def test_what_could_not_be_seen_of_one_hides_nothing_of_the_others() -> None:
    def say(fix: Fix) -> Iterator[Said]:
        yield Evidence(issue_of(fix).ref, "is there")

    fixes = (a_fix(1, issue=UNSEEN), a_fix(2))
    assert list(each_fix(a_snapshot(fixes), say)) == [
        Hidden("the issue acme/app#1 could not be seen: the forge does not answer"),
        Evidence("acme/app#2", "is there"),
    ]


def test_fixes_and_advisories_are_told_with_what_is_missing_of_them() -> None:
    whole = [Evidence("acme/app#1", "is there"), Evidence("acme/app#2", "is there")]
    assert list(each_fix(a_snapshot(), about)) == list(each_advisory(a_snapshot(), about)) == whole
    unseen = replace(a_snapshot(), fixes=UNSEEN)
    said = [Hidden("the fixes could not be seen: the forge does not answer")]
    assert list(each_fix(unseen, about)) == list(each_advisory(unseen, about)) == said
    cut = replace(a_snapshot(), fixes=Seen((a_fix(1), a_fix(2)), "", "2 of 3 read"))
    assert list(each_fix(cut, about)) == [*whole, Hidden("the fixes could not be seen whole: 2 of 3 read")]
    assert list(each_advisory(cut, about)) == [*whole, Hidden("2 of 3 read")]
    untold = a_snapshot(untold={"acme/app#3": UNSEEN})
    assert list(each_advisory(untold, about)) == [*whole, Hidden("acme/app#3: the forge does not answer")]


def test_a_duty_names_those_it_names() -> None:
    assert duty_of(a_snapshot(duty=None)) == ()
    assert duty_of(a_snapshot(duty=a_duty("", "bjorn"))) == ("bjorn",)


def test_a_role_without_a_name_stays_a_role() -> None:
    assert person_behind("primary", a_snapshot(duty=a_duty("", "bjorn")), a_process()) == "primary"
    assert person_behind("communications", a_snapshot(), a_process()) == "communications"

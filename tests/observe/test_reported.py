"""Finders are found again by their notices, once their reports are taken off an issue that is public."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from secrel.journal.entries import Entry, Remembered
from secrel.journal.intents import prepared
from secrel.observe.assigned import with_reports
from secrel.words.advisories import Credit
from tests.builders import NOW, an_advisory

NAME, FIX = "2026-11", an_advisory().fix
KIM, TO_KIM = "kim@finder.test", ["Kim Lee"]
BO, TO_BO = "bo@finder.test", ["Bo"]
BOTH, TO_BOTH = "both@finder.test", ["Kim Lee", "Bo"]
NOBODY, TO_NOBODY = "desk@finder.test", [""]


def entries(*notices: tuple[str, list[str]], fix: str = FIX) -> list[Entry]:
    """A journal in which these notices were prepared."""
    told = []
    for number, (report, named) in enumerate(notices):
        key, at = f"{NAME}/report/{fix}/{number}", NOW + timedelta(minutes=number)
        body = {"kind": "TellReporter", "action": {"report": report, "text": "Hello.", "named": named}}
        told.append(Entry(at, NAME, Remembered.INTENT, key, "amara", body))
        told.append(Entry(at, NAME, Remembered.RECEIPT, key, "amara", {"address": "outbox:x", "prepared": True}))
    return told


@pytest.mark.parametrize(
    ("names", "notices", "reports"),
    [
        (("Kim Lee",), [(KIM, TO_KIM)], (KIM,)),
        (("Bo", "Kim Lee"), [(KIM, TO_KIM), (BO, TO_BO)], (BO, KIM)),
        (("",), [(NOBODY, TO_NOBODY)], (NOBODY,)),
        (("Kim Lee", ""), [(NOBODY, TO_NOBODY), (KIM, TO_KIM)], (KIM, NOBODY)),
        (("", ""), [(NOBODY, TO_NOBODY)], (NOBODY, NOBODY)),
        (("Kim Lee", "Bo"), [(BOTH, TO_BOTH)], (BOTH, BOTH)),
        (("Kim Lee",), [(BOTH, TO_BOTH), (KIM, TO_KIM)], ("",)),
        (("Kim",), [(KIM, TO_KIM)], ("",)),
        (("",), [(KIM, TO_KIM)], ("",)),
        (("Somebody Else",), [(KIM, TO_KIM)], ("",)),
        (("Kim Lee",), [], ("",)),
    ],
)
def test_a_finder_has_the_report_of_the_notice_that_names_them(
    names: tuple[str, ...], notices: list[tuple[str, list[str]]], reports: tuple[str, ...]
) -> None:
    advisory = an_advisory(credits=tuple(Credit(name=name) for name in names))
    found = with_reports(advisory, entries(*notices), NAME)
    assert tuple(credit.report for credit in found.credits) == reports


def test_a_report_that_is_there_stays_and_that_of_another_fix_is_not_taken() -> None:
    there = an_advisory(credits=(Credit(name="Kim Lee", report=BO),))
    assert with_reports(there, entries((KIM, TO_KIM)), NAME) == there
    gone = an_advisory(credits=(Credit(name="Kim Lee"),))
    assert with_reports(gone, entries((KIM, TO_KIM), fix="acme/app#9"), NAME) == gone


def test_what_this_version_cannot_read_of_a_notice_is_known_to_nobody() -> None:
    begun, made = entries((KIM, TO_KIM))
    odd = replace(begun, body={"kind": "TellReporter", "action": {"report": KIM}})
    assert prepared([odd, made]) == {}
    assert [*prepared([begun, made])] == [begun.key]

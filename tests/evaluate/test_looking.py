from __future__ import annotations

import pytest

from secrel.evaluate.looking import DOCUMENTS, document, duty_of, lacking, linked_fixes, person_behind, tells, told_of
from secrel.evaluate.verdicts import Hidden
from secrel.snapshot.seen import Seen
from tests.builders import a_duty, a_snapshot, an_advisory
from tests.evaluate.asking import a_process


def test_every_document_is_a_part_of_the_snapshot() -> None:
    for name in DOCUMENTS:
        assert isinstance(document(a_snapshot(), name), Seen | Hidden)


def test_fixes_and_advisories_are_found() -> None:
    fixes = linked_fixes(a_snapshot())
    assert not isinstance(fixes, Hidden)
    assert [fix.ref for fix in fixes] == ["acme/app#1", "acme/app#2"]
    assert told_of(a_snapshot())["acme/app#2"] == an_advisory(2)


def test_a_duty_names_those_it_names() -> None:
    assert duty_of(a_snapshot(duty=None)) == ()
    assert duty_of(a_snapshot(duty=a_duty("", "bjorn"))) == ("bjorn",)


def test_a_role_without_a_name_stays_a_role() -> None:
    assert person_behind("primary", a_snapshot(duty=a_duty("", "bjorn")), a_process()) == "primary"
    assert person_behind("communications", a_snapshot(), a_process()) == "communications"


@pytest.mark.parametrize(
    ("body", "text", "is_there"),
    [
        ("fixed in 18.5.2.", "18.5.2", True),
        ("fixed in 18.5.20", "18.5.2", False),
        ("fixed in 118.5.2", "18.5.2", False),
        ("<18.5.2,", "18.5.2", True),
        ("18.5.2.1", "18.5.2", False),
        ("An *attacker*\n> could `read` it", "An attacker could read it.", True),
        ("'it''s here'", "it's here", True),
        ("acme/app#12", "acme/app#1", False),
        ("anything", "", True),
        ("", "", True),
    ],
)
def test_a_fact_is_found_whole_however_it_is_quoted(body: str, text: str, is_there: bool) -> None:  # noqa: FBT001
    assert lacking(body, [("it", text)]) == ([] if is_there else ["it"])


@pytest.mark.parametrize(
    ("body", "prose", "is_told"),
    [
        ('description: "One.\\n\\nTwo \\"three\\"."', 'One.\n\nTwo "three".', True),
        ("One two\n  three", "One, two three!", True),
        ("One two", "One two three", False),
        ('"so\\u00adft"', "so\u00adft", True),
        ("ﬁx", "fix", True),
        ("version 18.5", "version 18.6", False),
    ],
)
def test_prose_is_found_letter_for_letter(body: str, prose: str, is_told: bool) -> None:  # noqa: FBT001
    assert tells(body, prose) is is_told

"""A fact is found in a text whole, and prose letter for letter."""

from __future__ import annotations

import pytest

from secrel.verify.telling import lacking, tells


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

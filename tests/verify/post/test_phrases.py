from __future__ import annotations

import pytest
from hypothesis import given

from secrel.verify.post.facts.sections import read_ranges
from secrel.words.spans import Span, lower, sentence
from tests.strategies.advisories import span_lists


def written(text: str) -> list[str]:
    return [f"{span.since or ''}<{span.fixed or ''}" for span in read_ranges(text).spans]


@given(span_lists())
def test_our_own_sentence_is_read_back(told: tuple[Span, ...]) -> None:
    ranges = read_ranges(f"This affects Anvil CE/EE, {sentence(told)}.")
    assert [normal(span) for span in ranges.spans] == [normal(span) for span in told]
    assert ranges.is_exact


def normal(span: Span) -> Span:
    return Span(lower(span.since), span.fixed)


@pytest.mark.parametrize(
    ("phrase", "spans"),
    [
        (
            "affecting all versions starting from 15.4 before 15.9.7, all versions starting from 15.10 before 15.10.6",
            ["15.4<15.9.7", "15.10<15.10.6"],
        ),
        ("all versions from 13.11 prior to 14.9.5, 14.10 prior to 14.10.4, and 15.0 prior to 15.0.1", None),
        ("affecting all versions before before 15.2.5, all versions starting from 15.3 before 15.3.4", None),
        ("affecting GitLab versions prior to 14.4.5", ["<14.4.5"]),
        ("before 7.8.1, all versions from 0.0 before 7.9", ["<7.8.1", "<7.9"]),
        ("in GitLab CE/EE version 13.5 and above allows", ["13.5<"]),
        ("GitLab CE/EE 13.4 or above", ["13.4<"]),
        ("since version 8.0, an attacker", ["8.0<"]),
        ("starting with version 13.7. The stripping", ["13.7<"]),
        ("versions before 7", ["<7"]),
        ("all versions from 3 before 7, 8 and later", ["3<7", "8<"]),
        ("all versions of GitLab CE/EE", ["<"]),
        ("All previous versions of GitLab Runner", ["<"]),
        ("all versions from 1.1.1a before 1.1.1l, 3.0-rc1 before 3.0.2", ["1.1.1a<1.1.1l", "3.0-rc1<3.0.2"]),
    ],
)
def test_exact_phrases(phrase: str, spans: list[str] | None) -> None:
    ranges = read_ranges(phrase)
    assert ranges.is_exact
    if spans is not None:
        assert written(phrase) == spans


@pytest.mark.parametrize(
    ("phrase", "spans", "ends"),
    [
        ("versions 8.13 to 14.2.5, 14.3.0 to 14.3.3 and 14.4.0 could", ["8.13<14.2.5", "14.3.0<14.3.3"], 2),
        ("between 14.5.0 and 14.5.3, and between 14.6.0 and 14.6.1", ["14.5.0<14.5.3", "14.6.0<14.6.1"], 2),
        ("from 14.9.0 prior to 14.9.4, and 14.10.0 allows", ["14.9.0<14.9.4"], 1),
        ("affecting only version 12.3.4", [], 0),
        ("between 8.4 and 14.4.x, between 14.5.0 and 14.5.x", [], 0),
        ("all versions from 15.4 before 15.3", [], 1),
        ("with OAuth 2.0 and a score of 9.6", [], 0),
        ("", [], 0),
    ],
)
def test_phrases_that_can_be_read_in_two_ways_or_in_none(phrase: str, spans: list[str], ends: int) -> None:
    ranges = read_ranges(phrase)
    assert written(phrase) == spans
    assert len(ranges.ends) == ends
    assert not ranges.is_exact


def test_words_that_only_look_like_versions_make_no_span() -> None:
    assert written("before 1.2.3-beta-x, since 99999999999.1, before 1.2.3.4.5.6.7") == []

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.words.errors import Misused
from secrel.words.facts.phrases import phrases, read_range
from secrel.words.spans import Span, counted_out, lower, sentence
from secrel.words.versions import Version


def version(text: str) -> Version:
    return Version.parse(text)


@st.composite
def told_spans(draw: st.DrawFn) -> list[Span]:
    numbers = sorted(draw(st.lists(st.tuples(*[st.integers(0, 30)] * 3), min_size=2, max_size=8, unique=True)))
    tail = draw(st.sampled_from(["", ".Final", "-rc.1", "-4", "+build", "+build.3", "-0ubuntu1", ".SP1", "+deb11u1"]))
    ends = [version(".".join(map(str, triple)) + tail) for triple in numbers]
    pairs = [Span(*ends[at : at + 2]) for at in range(0, len(ends) - 1, 2)]
    if draw(st.booleans()):
        pairs[0] = Span(None, pairs[0].fixed)
    if draw(st.booleans()):
        pairs[-1] = Span(pairs[-1].since, None)
    return pairs


@given(spans=told_spans())
def test_what_is_said_is_read_back(spans: list[Span]) -> None:
    meant = [Span(lower(span.since), span.fixed) for span in spans]
    assert list(read_range(sentence(spans))) == meant
    assert list(read_range(counted_out(spans))) == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("all versions", "all versions"),
        ("All versions before 1.2.3.", "all versions before 1.2.3"),
        (
            "all versions starting from 16.2 before 16.7.6, since 16.9 before 16.9.1, and 17 before 18",
            "all versions from 16.2 before 16.7.6, 16.9 before 16.9.1, 17 before 18",
        ),
        (
            "all versions from 8.8 prior to 16.3.6, 16.4 prior to 16.4.2, and 16.5 prior to 16.5.1",
            "all versions from 8.8 before 16.3.6, 16.4 before 16.4.2, 16.5 before 16.5.1",
        ),
        (">=12.1, <14.0.2", "all versions from 12.1 before 14.0.2"),
        (">=1.0", "all versions from 1.0 and later"),
        ("<14.0.2", "all versions before 14.0.2"),
        ("all versions of Example CE/EE from 1.0 before 2.0", "all versions from 1.0 before 2.0"),
        ("affecting all versions since 13.0 and before 14.1.1", "all versions from 13.0 before 14.1.1"),
        ("all versions of Example CE/EE since version 8.0", "all versions from 8.0 and later"),
        ("versions 13.2 and later", "all versions from 13.2 and later"),
        ("from 1.1.1 before 1.1.1q", "all versions from 1.1.1 before 1.1.1q"),
        (">= 0, < 14", "all versions before 14"),
        (">=12.1, <14.0.2, >=15, <15.2", "all versions from 12.1 before 14.0.2, 15 before 15.2"),
        ("v12.1 before v14", "all versions from 12.1 before 14"),
        ("from 8, but not 9", "all versions from 8 before 9"),
        ("all versions of Example CE/EE", "all versions"),
        ("all versions of Example from 8 or newer", "all versions from 8 and later"),
        ("8.10 and later before 14.1.7", "all versions from 8.10 before 14.1.7"),
        ("8.10 and later, before 14.1.7", "all versions from 8.10 before 14.1.7"),
        ("from 8.10 and later but before 14.1.7", "all versions from 8.10 before 14.1.7"),
        ("8.10 or newer versions prior to 9", "all versions from 8.10 before 9"),
        ("1.0 before 2.0, 2.0 before 3.0", "all versions from 1.0 before 2.0, 2.0 before 3.0"),
        ("all versions: 1.0 before 2.0", "all versions from 1.0 before 2.0"),
        ("8.10 before 14.1.7 of the Example Runner and Example EE", "all versions from 8.10 before 14.1.7"),
    ],
)
def test_phrases_that_people_use_are_understood(text: str, said: str) -> None:
    assert sentence(read_range(text)) == said


def test_a_lone_version_is_a_phrase_only_in_a_list_of_them() -> None:
    assert [phrase.kind for phrase in phrases("from 1.0 before 2.0, and 3.0")] == ["fixed", "also"]
    assert [phrase.kind for phrase in phrases("from 1.0 before 2.0 with OAuth, 3.0")] == ["fixed"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty"),
        ("x" * 4001, "too long"),
        ("up to 16.3", "does not say whether"),
        ("13.0 through 14.2", "does not say whether"),
        ("from 13.0 until 14.2", "does not say whether"),
        ("13.0 to 14.2", "does not say whether"),
        ("between 13.0 and 14.2", "does not say whether"),
        ("<= 14.2", "does not say whether"),
        ("only version 14.2", "a single version"),
        ("from 13.0 before 14.2, and 15.0", "a single version"),
        ("14.2", "not understood"),
        ("not from 13.0 before 14.2", "not understood"),
        ("from 13.0 before 14.2 perhaps", "not understood"),
        ("of one of the, " * 200, "not understood"),
        ("all versions from 14.2 before 13.0", "is empty"),
        ("some versions of it", "not understood"),
        ("from 13.2 before next week", "not understood"),
        ("8.10 before 14.1.7, since 14.0 before 14.3", "overlap"),
        ("8.10 and later, 9.1 and later", "overlap"),
        ("8.10 and later, 9.1 before 9.2", "overlap"),
        ("before 9.1, before 10.2", "overlap"),
        ("from 8.10 before 14.1 but not 8.9", "not understood"),
        ("8.10+ before 14.1", "not understood"),
        ("8.10-9.1.2 before 14.1", "not understood"),
        ("8.10 and later up to 14.1", "does not say whether"),
        ("from 8.10 of before 9.0", "not understood"),
        ("all of not affected from 8.10", "not understood"),
        ("8.10 before 14.1.7 of Example EE not CE", "not understood"),
        ("8.10 before 14.1.7 of Example EE NOT CE", "not understood"),
        ("8.10 and later of nothing but CE", "not understood"),
        ("8.10 before 14.1.7, all versions", "not understood"),
        ("all versions, 8.10 before 14.1.7", "not understood"),
    ],
)
def test_phrases_that_could_mean_two_things_or_nothing_are_refused(text: str, what: str) -> None:
    with pytest.raises(Misused, match=what):
        read_range(text)


def test_up_to_and_with_is_read_where_it_is_known_which_version_comes_next() -> None:
    known = [Version.parse(text) for text in ("1.2.1", "1.2.2", "1.2.3.Final")]

    def after(version: Version) -> Version | None:
        return next((other for other in known if other > version), None)

    def told(text: str) -> str:
        return sentence(read_range(text, after))

    assert told("<= 1.2.2") == "all versions before 1.2.3.Final"
    assert told(">= 1.2.1, <= 1.2.2") == "all versions from 1.2.1 before 1.2.3.Final"
    assert told(">=1.2.1 and <=1.2.3") == "all versions from 1.2.1 and later"
    assert told("<= 1.2.3") == "all versions"
    assert told("≥ 1.2.1, ≤ 1.2.2") == "all versions from 1.2.1 before 1.2.3.Final"
    assert told("up to and including 1.2.2") == "all versions before 1.2.3.Final"
    assert told("all versions from 1.2.1 up to and including 1.2.2") == "all versions from 1.2.1 before 1.2.3.Final"
    with pytest.raises(Misused, match="does not say whether"):
        read_range("<= 1.2.2")

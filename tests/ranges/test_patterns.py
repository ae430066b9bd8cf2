from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.ranges.naming.patterns import compiled
from secrel.words.errors import Misused

ATOMS = st.sampled_from(["a", "b", r"\d", "[a-c]", "[^b]", ".", "_", r"\.", "[]x-]", r"[\d_]", r"\w"])


@st.composite
def patterns(draw: st.DrawFn, depth: int = 3) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        inner = draw(ATOMS) if not depth or draw(st.booleans()) else f"(?:{draw(patterns(depth - 1))})"
        parts.append(inner + draw(st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,2}", "{1,}", "*?"])))
    whole = "".join(parts)
    return f"{whole}|{draw(patterns(depth - 1))}" if depth and draw(st.booleans()) else whole


@given(pattern=patterns(depth=2), name=st.text("abc1_.x", max_size=7))
def test_a_pattern_matches_what_the_language_itself_matches(pattern: str, name: str) -> None:
    assert (compiled(pattern).match(name) is not None) == (re.fullmatch(pattern, name) is not None)


def test_named_and_numbered_groups_give_their_text() -> None:
    pattern = compiled(r"^(?P<name>[a-z]+)-(\d+(?:_\d+)*)(?:-(rc\d))?$")
    assert pattern.match("app-7_42_1-rc2") == {"name": "app", "1": "7_42_1", "2": "rc2"}
    assert pattern.match("app-7_42_1") == {"name": "app", "1": "7_42_1"}
    assert pattern.match("app-7_42_1x") is None


@pytest.mark.parametrize("pattern", [r"(a+)+$", "((a*)*)*b", "(a|a)*b", "(a?){50}a{50}", ".*.*.*.*.*.*.*x"])
def test_a_pattern_that_would_never_end_ends(pattern: str) -> None:
    assert compiled(pattern).match("a" * 200 + "!") is None


def test_a_name_longer_than_any_tag_is_not_matched() -> None:
    assert compiled(".*").match("a" * 250) == {}
    assert compiled(".*").match("a" * 251) is None


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        ("(", "not closed"),
        ("a)", "too many"),
        ("[a", "not closed"),
        ("a{", "must be part of"),
        ("a{,3}", "must be part of"),
        ("a{1,x}", "must be part of"),
        ("a{3,2}", "from 0 to 99"),
        ("a{100}", "from 0 to 99"),
        ("*a", "nothing to stand on"),
        ("a^b", "nothing to stand on"),
        ("(?=x)", "only"),
        ("(?P<a b>x)", "a name of its own"),
        ("(?P<a>x)(?P<a>y)", "a name of its own"),
        ("(?P<a", "a name of its own"),
        (r"\q", "are understood"),
        ("a\\", "are understood"),
        ("(?:a{99}){99}", "repeats too much"),
        ("(" * 120 + ")" * 120, "nested too deeply"),
        ("a" * 301, "longer than"),
        ("|".join(["a{99}"] * 50), "repeats too much"),
    ],
)
def test_a_malformed_pattern_is_refused_with_its_place(pattern: str, what: str) -> None:
    with pytest.raises(Misused, match=what):
        compiled(pattern)


def test_a_dollar_that_is_escaped_is_a_character() -> None:
    assert compiled(r"a\$").match("a$") == {}

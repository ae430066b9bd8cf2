"""Misspelt names are told for what they can mean, all of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.reading.naming import is_one_off, resembling

NAMES = ["title", "cvss", "cve", "cwe", "versions affected", "affected versions", "thanks", "upgrade notes"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("titel", ["title"]),
        ("ttle", ["title"]),
        ("titlee", ["title"]),
        ("tytle", ["title"]),
        ("version affected", ["versions affected"]),
        ("vesions affectd", ["versions affected"]),
        ("cves", ["cvss", "cve"]),
        ("cvee", ["cve"]),
        ("cv", []),
        ("feature flag", []),
        ("eltit", []),
        ("", []),
    ],
)
def test_what_a_name_can_mean(said: str, found: list[str]) -> None:
    assert resembling(said, NAMES) == found


@given(st.text("abc", min_size=1, max_size=5), st.data())
def test_one_slip_is_one_off_whichever_way_it_is_read(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    more = data.draw(st.sampled_from("abc"))
    slips = {
        name[:at] + name[at + 1 :],
        name[:at] + more + name[at:],
        name[:at] + more + name[at + 1 :],
        name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
    }
    for slip in slips - {name}:
        assert is_one_off(slip, name)
        assert is_one_off(name, slip)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_names_that_differ_more_are_not_one_off(one: str, other: str) -> None:
    if one != other and is_one_off(one, other):
        assert abs(len(one) - len(other)) <= 1
        assert sum(a != b for a, b in zip(one, other, strict=False)) <= 2 or len(one) != len(other)

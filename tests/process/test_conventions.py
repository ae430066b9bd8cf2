"""How a product names its branches and tags, read from a repository's names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.evaluate.registry import shipped
from secrel.process.conventions import RefNames, conventions, strangers
from secrel.words.versions import Series, Version

PRODUCT = shipped("generic").products[0]
NONE = RefNames()


def told(names: RefNames) -> dict[str, str]:
    return {key: value for (_, key), value in conventions(names).items()}


@pytest.mark.parametrize(
    ("branches", "tags", "head", "default", "branch", "tag"),
    [
        ((), (), "", "", "", ""),
        (("main",), ("v1.2.3",), "main", "main", "", "v{version}"),
        (("trunk", "release/3.4", "release/3.5"), ("app-3.4.0",), "", "trunk", "release/{series}", "app-{version}"),
        (("master", "16-11-stable-ee"), ("v16.11.0-ee",), "", "master", "{major}-{minor}-stable-ee", "v{version}-ee"),
        (("dev", "1.2-stable"), ("1.2.0", "1.2.1", "v1"), "dev", "dev", "{series}-stable", "{version}"),
        (("main", "fix-3.5"), ("v1.0.0", "docs"), "fix-3.5", "main", "fix-{series}", "v{version}"),
        (("main", "next"), (), "next", "main", "", ""),
        (("main", "4.2.x", "4.1.x"), (), "main", "main", "{series}.x", ""),
        (("sec-a-1.2", "sec-a-1.1", "1.2", "1.1"), (), "", "", "{series}", ""),
        (("fix-2.4", "fix-3.0", "release/2.4", "release/3.0"), (), "", "", "release/{series}", ""),
        (("fix-2.4", "fix-3.0", "v2.4", "v3.0"), (), "", "", "v{series}", ""),
        (("xss-9.4", "xss-9.5", "9.4-maintenance", "9.5-maintenance"), (), "", "", "{series}-maintenance", ""),
        (("{series}-1.2",), ("{version}1.2.3",), "", "", "", ""),
        (("1.2", "at-1.6", "at-1.5"), ("1.2.3", "v1.6.0", "v1.5.0"), "", "", "at-{series}", "v{version}"),
    ],
)
def test_what_most_names_follow_is_the_convention(  # noqa: PLR0913, PLR0917 - a table
    branches: tuple[str, ...], tags: tuple[str, ...], head: str, default: str, branch: str, tag: str
) -> None:
    wanted = {"default_branch": default, "branch": branch, "tag": tag}
    assert told(RefNames(branches, tags, head)) == {key: value for key, value in wanted.items() if value}


@given(
    prefix=st.text("abcxyz/-_", max_size=8),
    suffix=st.sampled_from(["", "-stable", "-ee"]),
    numbers=st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30)), min_size=1, max_size=5, unique=True),
)
def test_a_product_that_names_as_it_was_read_is_no_stranger(
    prefix: str, suffix: str, numbers: list[tuple[int, int]]
) -> None:
    named = replace(PRODUCT, branch=f"{prefix}{{series}}{suffix}", tag=f"{prefix}{{version}}{suffix}")
    branches = tuple(named.branch_of(Series.parse(f"{a}.{b}")) for a, b in numbers)
    tags = tuple(named.tag_of(Version.parse(f"{a}.{b}.1")) for a, b in numbers)
    names = RefNames(("main", *branches), tags, "main")
    assert told(names) == {"default_branch": "main", "branch": named.branch, "tag": named.tag}
    assert list(strangers(named, names)) == []


@given(
    before=st.sampled_from(["", "stable-", "release/", "v"]),
    after=st.sampled_from(["", "-stable", ".x", "-ee"]),
    more=st.lists(
        st.tuples(st.sampled_from(["", "search-", "sec/nb-", "amara/"]), st.sampled_from(["", "-fix", "-backport"])),
        min_size=1,
        max_size=4,
        unique=True,
    ).map(lambda pairs: [pair for pair in pairs if any(pair)]),
    kept=st.integers(1, 4),
)
def test_branches_of_features_are_not_those_of_series_however_many_there_are(
    before: str, after: str, more: list[tuple[str, str]], kept: int
) -> None:
    series = [f"{before}1.{minor}{after}" for minor in range(5)]
    features = [f"{first}{name}{last}" for first, last in more for name in series]
    branches = ("main", *features, *series[-kept:])
    assert told(RefNames(branches))["branch"] == f"{before}{{series}}{after}"


def test_what_no_name_follows_is_said_and_nothing_is_said_of_an_empty_repository() -> None:
    assert list(strangers(PRODUCT, NONE)) == []
    names = RefNames(("trunk", "release/1.2"), ("app-1.2.3",))
    assert list(strangers(PRODUCT, names)) == [
        ("default_branch", "has no branch 'main'"),
        ("tag", "has no tag such as 'v1.2.3'"),
        ("branch", "has no branch such as '1.2-stable' for a series"),
    ]
    assert list(strangers(PRODUCT, RefNames(("main",), ("v1.2.3",)))) == [], "its first series is still to come"

from __future__ import annotations

import pytest

from secrel.ranges.naming.catalogue import AUTO, Catalogue, Naming, Published, catalogue
from secrel.ranges.naming.families import taken_apart
from secrel.words.errors import Misused
from secrel.words.history.graph import Ref
from secrel.words.versions import Version


def read(names: list[str], naming: str = "auto", **how: object) -> Catalogue:
    refs = [Ref(name, place) for place, name in enumerate(names)]
    return catalogue(refs, Naming.parse(naming), **how)  # type: ignore[arg-type]


def versions(found: Catalogue) -> list[str]:
    return [str(entry.version) for entry in found.listed]


@pytest.mark.parametrize(
    ("naming", "names", "expected"),
    [
        ("v-ee", ["v16.11.2-ee", "v16.9.0-ee", "v16.11.2", "v17.0.0-rc42-ee"], ["16.9.0", "16.11.2"]),
        ("v", ["v1.2", "v1.10", "1.3", "vv1.2"], ["1.2", "1.10"]),
        ("plain", ["7.0.80", "7.0.9", "v7"], ["7.0.9", "7.0.80"]),
        ("app-{version}", ["app-7_42_1", "tiny-app-7_42_1"], ["7.42.1"]),
        (r"^app-(\d+(?:_\d+)+)$", ["app-7_42_1", "app-7"], ["7.42.1"]),
        (r"r(?P<major>\d+)-(?P<minor>\d+)(?:p(?P<patch>\d+))?", ["r1-2p3", "r1-2"], ["1.2", "1.2.3"]),
        ("release", ["release-2.0", "REL_1_5", "rel"], ["1.5", "2.0"]),
    ],
)
def test_tags_are_read_by_shipped_words_texts_and_patterns(naming: str, names: list[str], expected: list[str]) -> None:
    assert versions(read(names, naming)) == expected


def test_a_pattern_can_name_the_early_stage_apart() -> None:
    found = read(["x1.0-c2", "x1.0-t2", "x1.0"], r"x(?P<version>\d+\.\d+)(?:-(?P<pre>[ct]\d+))?", prereleases=True)
    assert versions(found) == ["1.0c2", "1.0"]
    assert [(tag.name, tag.reason) for tag in found.rejected] == [("x1.0-t2", "'1.0t2' is not a version")]


def test_the_naming_that_most_tags_share_is_found_whatever_their_case_and_separators() -> None:
    names = ["APP_1_0_1a", "APP_1_0_2", "app-3.0.1", "app-fips-2.0", "FIPS_1_TEST", "v9", "app-3.0.2-beta1"]
    found = read(names)
    assert versions(found) == ["1.0.1a", "1.0.2", "3.0.1"]
    assert {tag.name for tag in found.rejected} == {"app-fips-2.0", "FIPS_1_TEST", "v9"}
    assert [str(version) for version in found.prereleases] == ["3.0.2-beta1"]
    assert found.naming.startswith(("app-{version}", "APP_{version}"))


@pytest.mark.parametrize("naming", ["v-ee", "auto"])
def test_an_internal_version_is_none_of_those_that_people_have(naming: str) -> None:
    names = ["v18.5.1-ee", "v18.5.2-internal1-ee", "v18.5.2-internal2-ee", "v18.4.0-ee", "v18.5.3-ee"]
    found = read(names, naming)
    assert versions(found) == ["18.4.0", "18.5.1", "18.5.3"]
    assert {tag.name for tag in found.rejected} == set(names[1:3])


def test_tags_that_name_nothing_leave_an_empty_catalogue_and_are_listed() -> None:
    found = read(["initial", "import"])
    assert versions(found) == []
    assert [(tag.name, tag.reason) for tag in found.rejected] == [
        ("initial", "no pattern fits"),
        ("import", "no pattern fits"),
    ]


def test_only_published_versions_count_with_or_without_a_tag() -> None:
    published = [
        Published(Version.parse("1.0"), "2020-01-01"),
        Published(Version.parse("1.2")),
        Published(Version.parse("2.0"), tag="two"),
    ]
    found = read(["v1.0", "v1.1", "two", "v1.3-rc1"], "v", published=published)
    assert [(str(e.version), e.tags, e.date) for e in found.listed] == [
        ("1.0", ("v1.0",), "2020-01-01"),
        ("1.2", (), ""),
        ("2.0", ("two",), ""),
    ]
    assert [str(version) for version in found.unpublished] == ["1.1"]
    assert read(["v1.0"], "v", published=published).findings == ("tag 'two' is not there",)


def test_two_tags_on_different_commits_for_one_version_are_told() -> None:
    found = read(["v1.0", "v1.0.0"], "v")
    assert found.findings == ("version 1.0 has 2 tags on 2 different commits",)
    assert found.listed[0].tags == ("v1.0", "v1.0.0")


def test_the_version_after_one_is_found_by_number_and_not_by_text() -> None:
    found = read(["v1.0", "v1.1", "v1.10"], "v")
    assert str(found.after(Version.parse("1.1.0"))) == "1.10"
    assert found.after(Version.parse("2.0")) is None


def test_tags_of_something_else_are_neither_versions_nor_a_question() -> None:
    refs = [Ref(name, 0) for name in ("v1.0", "docker-v2.0", "docker-latest", "other-3.0")]
    found = catalogue(refs, Naming(("v{version}",), ("docker-v{version}",)))
    assert [(tag.name, str(tag.looks_like), tag.pattern) for tag in found.rejected] == [
        ("docker-v2.0", "None", ""),
        ("docker-latest", "None", ""),
        ("other-3.0", "3.0", "other-{version}"),
    ]


@pytest.mark.parametrize(
    ("name", "before", "version", "after"),
    [
        ("icu4c-71.1", "icu4c-", "71.1", ""),
        ("release-71-1", "release-", "71.1", ""),
        ("VER-2-10-4", "VER-", "2.10.4", ""),
        ("go1.21rc2", "go", "1.21rc2", ""),
        ("REL9_6_3", "REL", "9.6.3", ""),
        ("REL_14_BETA1", "REL_", "14.BETA1", ""),
        ("@react-router/node@6.0.0-pre.1", "@react-router/node@", "6.0.0-pre.1", ""),
        ("docker-v29.0.0", "docker-v", "29.0.0", ""),
        ("2.2.17.Final", "", "2.2.17.Final", ""),
        ("FIREFOX_91_0_RELEASE", "FIREFOX_", "91.0.RELEASE", ""),
        ("debian/1.2.3-1+deb11u1", "debian/", "1.2.3-1+deb11u1", ""),
        ("TOMCAT_9_0_0_M21", "TOMCAT_", "9.0.0.M21", ""),
        ("h2-1.4.200", "h2-", "1.4.200", ""),
        ("v17.0.0-rc42-ee", "v", "17.0.0-rc42", "-ee"),
        ("guava-31.1-jre", "guava-", "31.1", "-jre"),
    ],
)
def test_names_are_taken_apart_whatever_stands_around_the_version(
    name: str, before: str, version: str, after: str
) -> None:
    found = taken_apart(name)
    assert found is not None
    assert (found.before, str(found.version), found.after) == (before, version, after)


@pytest.mark.parametrize("name", ["nightly", "x" * 300 + "1.0", "1.0~~", "v" + "1." * 200])
def test_a_name_without_a_version_is_not_taken_apart(name: str) -> None:
    assert taken_apart(name) is None


@pytest.mark.parametrize("naming", ["{version}{version}", "x" * 90 + "{version}", "(", "a{2"])
def test_a_naming_that_cannot_be_used_is_refused(naming: str) -> None:
    with pytest.raises(Misused):
        Naming.parse(naming)


def test_hostile_names_are_only_ever_rejected() -> None:
    names = ["../../v1.0", "v1.0;rm -rf", "v1.0\u202e", "v" + "1." * 200, "v1.0\x07", "-v1.0", "v99999999999.0"]
    assert versions(read(names, "v")) == []
    assert AUTO.patterns == ()

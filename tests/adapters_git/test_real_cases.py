"""Real vulnerabilities against what their projects published (shared data; facts only)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from secrel.adapters.git.repository import GitHistory
from secrel.desk.affected import Asking, checked_with_git, prove_affected
from secrel.ranges.cases import Case, Change, Claimed, RangeClaim
from secrel.ranges.containment import Containment, reach
from secrel.ranges.naming.catalogue import Naming, catalogue
from secrel.ranges.prove import Ground
from secrel.ranges.results import Result
from secrel.words.facts.phrases import read_range
from secrel.words.history.graph import Graph
from secrel.words.versions import Version
from tests.adapters_git.shared import history, read
from tests.ranges.histories import prove

pytestmark = pytest.mark.long

PLAIN = Asking(links=False)


def cases_of(data: Any) -> list[Case]:
    return [
        Case(
            one["cve"],
            (Change(tuple(one["fixed"])),),
            tuple(Change((origin,)) for origin in one["introduced"]),
        )
        for one in data["cves"]
        if one["usable"]
    ]


def exact(data: Any, results: tuple[Result, ...]) -> set[str]:
    expected = {one["cve"]: set(one["affected_tagged"]) for one in data["cves"]}
    return {result.name for result in results if {str(version) for version in result.affected} == expected[result.name]}


@pytest.fixture(scope="module")
def curl(tmp_path_factory: pytest.TempPathFactory) -> GitHistory:
    return GitHistory(history(tmp_path_factory.mktemp("curl"), "curl"))


def test_origins_and_fixes_give_the_published_versions(curl: GitHistory) -> None:
    data = read("curl.json")
    cases = cases_of(data)
    plain = prove_affected(curl, PLAIN, cases)
    assert len(cases) == 109
    assert len(exact(data, plain.results)) >= 105
    assert {tag for entry in plain.catalogue.listed for tag in entry.tags} == set(data["tag_of_version"].values())
    off_branch = next(entry for entry in plain.catalogue.listed if str(entry.version) == "7.42.1")
    assert off_branch.tags == ("curl-7_42_1",)
    sample = cases[::20]
    few = replace(plain, results=plain.results[::20])
    assert all(found.differs == () for found in checked_with_git(curl, few, sample).values())


def test_what_people_know_written_as_data_makes_all_of_them_exact(curl: GitHistory) -> None:
    data = read("curl.json")
    known = tomllib.loads((Path(__file__).parent / "overrides.toml").read_text("utf-8"))
    claims = {
        one["name"]: RangeClaim(Claimed.NOT_AFFECTED, read_range(one["versions"]), one["reason"], "amara")
        for one in known["claim"]
    }
    also = {one["name"]: tuple(one["commits"]) for one in known["also"]}
    cases = [
        replace(
            case,
            claims=(claims[case.name],) if case.name in claims else (),
            fixes=(Change((*case.fixes[0].commits, *also.get(case.name, ()))),),
        )
        for case in cases_of(data)
    ]
    assert exact(data, prove_affected(curl, PLAIN, cases).results) == {case.name for case in cases}


def test_a_fix_that_was_made_again_on_a_release_branch_is_found(curl: GitHistory) -> None:
    data = read("curl.json")
    result = prove_affected(curl, Asking(diffs=False), [one for one in cases_of(data) if one.name == "CVE-2015-3153"])
    assert exact(data, result.results) == {"CVE-2015-3153"}


def test_with_one_series_fix_given_the_other_series_are_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    source = GitHistory(history(tmp_path_factory.mktemp("openssl"), "openssl"))
    graph = source.graph()
    facts = source.facts(graph)
    versions = catalogue(graph.tags, Naming())
    found = {str(entry.version): entry for entry in versions.listed}
    usable = [one for one in read("openssl.json")["cves"] if one["usable"]]
    fixes = [graph.find(commit) for one in usable for commit in one["fixed"]]
    held = reach(graph, fixes, [commit for entry in versions.listed for commit in entry.commits])
    wanted = [(one, newest_fix(one, found, graph, held)) for one in usable]
    cases = [Case(one["cve"], (Change((seed,)),)) for one, seed in wanted]
    strong = prove(Ground(graph, versions, facts), cases)
    confirmed = [
        replace(case, fixes=(Change((*case.fixes[0].commits, *(graph.hex(link.commit) for link in result.proposals))),))
        for case, result in zip(cases, strong, strict=True)
    ]
    for results, least in ((strong, 0.97), (prove(Ground(graph, versions, facts), confirmed), 0.98)):
        hits = misses = wrong = 0
        for (one, _), result in zip(wanted, results, strict=True):
            for fixed in fixed_in(one, found):
                told = {series.first_fixed for series in result.series if fixed in series.series} - {None}
                hits += fixed in told
                misses += not told
                wrong += bool(told) and fixed not in told
        assert hits / (hits + misses + wrong) >= least
        assert wrong <= 1


def fixed_in(one: Any, found: Any) -> list[Version]:
    texts = [line["lessThan"] for lines in one["lines"].values() for line in lines if "lessThan" in line]
    return sorted((Version.parse(text) for text in texts if text in found), reverse=True)


def newest_fix(one: Any, found: Any, graph: Graph, held: Containment) -> str:
    """Choose the one commit to start from: that of the newest series which the record names."""
    for version in fixed_in(one, found):
        for commit in one["fixed"]:
            if held.contains(found[str(version)].commits[0], graph.find(commit)):
                return str(commit)
    return str(one["fixed"][0])

"""How exact `ranges` is on real cases, and how often its links are wrong on ordinary commits.

Run: python -m bench.affected_quality [--openssl PATH] [--full PATH ...]
Data: ../shared/data/affected-versions. Each line says how its number was made. No CVE id is ever part of a key. The
openssl cases are also counted in two halves (by a digest of their names), because thresholds were chosen on half 0.
`--openssl` names a whole copy of it, in which contents are compared, too, without and with --search.
`--full` names whole repositories (with files): in each, 10,000 commits are drawn (seed 5), every link from them is
taken, those that contents make certain included, and the two diffs are compared: the same patch; alike (60 % of the
smaller one's lines, or 35 % of all); any line or path in common; nothing in common; or not readable (commits that
change nothing, and very large diffs). Printed, to be looked at, are the links that count with nothing in common, and
those by subject and opening that two authors made.
"""

from __future__ import annotations

import argparse
import json
import random
import tarfile
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from secrel.adapters.git.repository import GitHistory
from secrel.desk.affected import Asking, prove_affected
from secrel.ranges.cases import Case, Change
from secrel.ranges.containment import reach
from secrel.ranges.kin.kinship import kin_of
from secrel.ranges.kin.links import Signal
from secrel.ranges.kin.similar import alike, certain
from secrel.ranges.naming.catalogue import Naming, catalogue
from secrel.ranges.prove import Ground, prove
from secrel.ranges.results import Result
from secrel.ranges.said.records import Pair, kernel_containers
from secrel.words.history.commits import Diff
from secrel.words.versions import Version

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "affected-versions"
DRAWN = 10_000
FEW = 30


def read(name: str) -> Any:
    return json.loads((DATA / name).read_text("utf-8"))


def unpacked(folder: Path, name: str) -> GitHistory:
    with tarfile.open(DATA / f"{name}-history.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return GitHistory(folder / f"{name}.git")


def curl(source: GitHistory) -> None:
    """Exact sets, origin and fix given; without links (what `git tag --contains` can do) and with them."""
    data = read("curl.json")
    usable = [one for one in data["cves"] if one["usable"]]
    cases = [
        Case(one["cve"], (Change(tuple(one["fixed"])),), tuple(Change((o,)) for o in one["introduced"]))
        for one in usable
    ]
    graph = source.graph()
    versions = catalogue(graph.tags, Naming())
    for name, facts in (("commits as given", None), ("with links", source.facts(graph))):
        results = prove(Ground(graph, versions, facts), cases)
        same = sum(
            {str(version) for version in result.affected} == set(one["affected_tagged"])
            for one, result in zip(usable, results, strict=True)
        )
        print(f"curl, {name}: {same} of {len(usable)} exact sets of tagged versions, no override")


def openssl(source: GitHistory, *, whole: bool = False) -> None:
    """One fix given (of the newest series named); find the first fixed version of every series with a public tag."""
    graph = source.graph()
    facts = source.facts(graph)
    versions = catalogue(graph.tags, Naming())
    found = {str(entry.version): entry for entry in versions.listed}
    usable = [one for one in read("openssl.json")["cves"] if one["usable"]]

    def ends(one: Any) -> list[Version]:
        texts = [line["lessThan"] for lines in one["lines"].values() for line in lines if "lessThan" in line]
        return sorted((Version.parse(text) for text in texts if text in found), reverse=True)

    held = reach(
        graph,
        [graph.find(commit) for one in usable for commit in one["fixed"]],
        [commit for entry in versions.listed for commit in entry.commits],
    )
    cases = []
    for one in usable:
        seeds = [
            commit
            for version in ends(one)
            for commit in one["fixed"]
            if held.contains(found[str(version)].commits[0], graph.find(commit))
        ]
        cases.append(Case(one["cve"], (Change(((seeds or one["fixed"])[0],)),)))

    def count(name: str, results: Sequence[Result]) -> Sequence[Result]:
        halves: list[Counter[str]] = [Counter(), Counter()]
        missed = []
        for one, result in zip(usable, results, strict=True):
            half = halves[sha256(one["cve"].encode()).digest()[0] & 1]
            for fixed in ends(one):
                told = {series.first_fixed for series in result.series if fixed in series.series} - {None}
                half.update(series=1, hits=fixed in told, wrong=bool(told) and fixed not in told)
                if fixed not in told:
                    missed.append(f"{one['cve']} {fixed}")
        total = halves[0] + halves[1]
        share = total["hits"] / total["series"]
        parts = ", ".join(f"{half['hits']} of {half['series']}" for half in halves)
        print(
            f"openssl, {name}: {total['hits']} of {total['series']} series ({share:.1%}; halves {parts}), "
            f"{total['wrong']} in another release"
        )
        if len(missed) < FEW:
            print(f"  not found: {', '.join(missed)}")
        return results

    if whole:
        for name, search in (("contents of proposals compared", False), ("searched by contents", True)):
            count(f"one fix, {name}", prove_affected(source, Asking(search=search), cases).results)
        return
    count("one fix, no links", prove(Ground(graph, versions), cases))
    ground = Ground(graph, versions, facts)
    results = count("one fix, links that count by themselves", prove(ground, cases))
    confirmed = [
        replace(case, fixes=(Change((*case.fixes[0].commits, *(graph.hex(link.commit) for link in result.proposals))),))
        for case, result in zip(cases, results, strict=True)
    ]
    count("one fix, links and every proposal confirmed", prove(ground, confirmed))


def kernel() -> None:
    """Containers written from pairs, equal to the published ones."""
    usable = [one for one in read("linux-pairs.json")["cves"] if one["usable"]]
    same = sum(
        [(found.default, found.versions) for found in kernel_containers([Pair(*pair) for pair in one["pairs"]])]
        == [(entry["defaultStatus"], entry.get("versions") or []) for entry in one["affected"]]
        for one in usable
    )
    print(f"kernel pairs: {same} of {len(usable)} records written as published (both containers, equal as JSON)")


def compared(one: Diff | None, other: Diff | None) -> str:
    if one is None or other is None or not (one.patch and other.patch):
        return "not readable"
    if one.patch == other.patch:
        return "same patch"
    if alike(one, other):
        return "alike"
    if one.lines & other.lines:
        return "a line in common"
    return "a path in common" if one.paths & other.paths else "nothing in common"


def ordinary(path: Path) -> None:
    """Links from commits drawn at random."""
    source = GitHistory(path)
    graph = source.graph()
    facts = source.facts(graph)
    live = np.flatnonzero(facts.author).tolist()
    drawn = random.Random(5).sample(live, min(DRAWN, len(live)))
    kin = kin_of(graph, facts, drawn)
    proposals = [link for seed in drawn for link in kin.proposals[seed]]
    read = source.diffs([graph.hex(commit) for link in proposals for commit in (link.commit, link.like)])
    found = {graph.find(name): diff for name, diff in read.items()}
    everything = [*(link for seed in drawn for link in kin.links[seed]), *certain(proposals, found), *proposals]
    links: dict[tuple[int, int], tuple[bool, Signal]] = {}
    for link in everything:
        links.setdefault((min(link.commit, link.like), max(link.commit, link.like)), (link.strong, link.signal))
    more = {commit for pair in links for commit in pair} - found.keys()
    found |= {graph.find(name): diff for name, diff in source.diffs([graph.hex(commit) for commit in more]).items()}
    table: dict[tuple[bool, str], Counter[str]] = {}
    for (one, other), (strong, signal) in sorted(links.items()):
        verdict = compared(found.get(one), found.get(other))
        table.setdefault((not strong, signal), Counter())[verdict] += 1
        two_authors = signal is Signal.TEXT and facts.author[one] != facts.author[other]
        if strong and (verdict == "nothing in common" or two_authors):
            print(f"  look: {signal}, {verdict}: {graph.hex(one)[:12]} {graph.hex(other)[:12]}")
    print(f"{path}: {len(drawn):,} commits drawn of {len(live):,}, {len(links):,} different links")
    for (weak, name), verdicts in sorted(table.items()):
        print(f"  {'proposed' if weak else 'counts  '} {name}: {dict(verdicts)}")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--full", type=Path, action="append", default=[])
    asked.add_argument("--openssl", type=Path)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        curl(unpacked(Path(folder), "curl"))
        openssl(unpacked(Path(folder), "openssl"))
    if told.openssl:
        openssl(GitHistory(told.openssl), whole=True)
    kernel()
    for path in told.full:
        ordinary(path)


if __name__ == "__main__":
    main()

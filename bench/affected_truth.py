"""How many answers are right, proved, and wrong though proved, on real cases of four projects.

Run: python -m bench.affected_truth [--openssl PATH] [--tomcat PATH] [--git PATH] [--curl PATH]
Data: ../shared/data/affected-versions; PATHs are whole copies of the repositories, without which only the shared ones
(curl and openssl, without files) are asked. An answer is judged on the series that upstream's record names, from their
first affected version on where the origin is unknown (then all older ones count as affected), and right where every
version there is. Ends of life that upstream leaves out are not judged. What no history can show (a feature off by
default) is given for curl as claims: tests/adapters_git/overrides.toml.
"""

from __future__ import annotations

import argparse
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.affected_quality import read, unpacked
from secrel.adapters.git.repository import GitHistory
from secrel.desk.affected import Asking, Proved, prove_affected
from secrel.ranges.cases import Case, Change, Claimed, RangeClaim
from secrel.ranges.containment import reach
from secrel.ranges.naming.catalogue import Naming, catalogue
from secrel.ranges.results import Result, SeriesOutcome
from secrel.words.facts.phrases import read_range
from secrel.words.versions import Series, Version

OVERRIDES = Path(__file__).resolve().parents[1] / "tests" / "adapters_git" / "overrides.toml"
Right = Callable[[Any, Result], bool]


def versions(texts: Sequence[str]) -> set[Version]:
    return {Version.parse(text) for text in texts}


def usable(name: str) -> list[Any]:
    return [one for one in read(f"{name}.json")["cves"] if one.get("usable", True)]


def told(what: str, cases: Sequence[Any], results: Sequence[Result], right: Right) -> None:
    count = Counter((right(one, result), result.proved) for one, result in zip(cases, results, strict=True))
    proved = count[True, True] + count[False, True]
    print(
        f"{what}: right {count[True, True] + count[True, False]} of {len(cases)}, proved {proved} "
        f"({proved / len(cases):.0%}), wrong and proved {count[False, True]}",
        flush=True,
    )
    reasons = Counter(part.what.partition(" ")[0] for result in results for part in result.unseen[:1])
    if reasons:
        print(f"  first reasons of those not proved: {dict(reasons.most_common(5))}")


def curl(source: GitHistory, where: str) -> None:
    cases = usable("curl")
    known = tomllib.loads(OVERRIDES.read_text("utf-8"))
    claims = {
        one["name"]: RangeClaim(Claimed.NOT_AFFECTED, read_range(one["versions"]), one["reason"], "upstream")
        for one in known["claim"]
    }
    also = {one["name"]: tuple(one["commits"]) for one in known["also"]}

    def case(one: Any, *, facts: bool, origin: bool = True) -> Case:
        fixes = (Change((*one["fixed"], *(also.get(one["cve"], ()) if facts else ()))),)
        origins = tuple(Change((commit,)) for commit in one["introduced"]) if origin else ()
        return Case(one["cve"], fixes, origins, (), (claims[one["cve"]],) if facts and one["cve"] in claims else ())

    def exact(one: Any, result: Result) -> bool:
        return {*result.affected} == versions(one["affected_tagged"])

    def end(one: Any, result: Result) -> bool:
        last = max(versions(one["affected_tagged"]))
        return last in result.affected and max(result.affected) == last

    for name, facts, right in (("origin and fix", False, exact), ("the same, and claims", True, exact)):
        found = prove_affected(source, Asking(), [case(one, facts=facts) for one in cases])
        told(f"curl, {where}, {name}", cases, found.results, right)
    found = prove_affected(source, Asking(), [case(one, facts=False, origin=False) for one in cases])
    told(f"curl, {where}, fix alone", cases, found.results, end)


def on_lines(lines: dict[str, set[Version]], result: Result, *, unknown: bool) -> Iterator[bool]:
    """Compare each series that upstream names, on the versions that are known."""
    known = {*result.versions}
    for name, affected in lines.items():
        here = affected & known
        mine = [version for version in result.versions if version in Series.parse(name)]
        if here:
            since = min(here) if unknown else min(mine)
            yield {version for version in mine if version in {*result.affected} and version >= since} == here


def in_series(series: Series, affected: set[Version]) -> set[Version]:
    return {version for version in affected if version in series}


def openssl(source: GitHistory, where: str) -> None:
    cases = usable("openssl")
    graph = source.graph()
    listed = {str(entry.version): entry for entry in catalogue(graph.tags, Naming()).listed}
    held = reach(
        graph,
        [graph.find(commit) for one in cases for commit in one["fixed"]],
        [commit for entry in listed.values() for commit in entry.commits],
    )

    def ends(one: Any) -> list[Version]:
        told = [line.get("lessThan") for lines in one["lines"].values() for line in lines]
        return sorted((Version.parse(text) for text in told if text in listed), reverse=True)

    def seed(one: Any) -> str:
        here = [
            commit
            for end in ends(one)
            for commit in one["fixed"]
            if held.contains(listed[str(end)].commits[0], graph.find(commit))
        ]
        return str((here or one["fixed"])[0])

    def first(one: Any) -> tuple[Version, ...]:
        affected = versions([text for text in one["affected_versions"] if text in listed])
        return (min(affected),) if affected else ()

    def right(one: Any, result: Result) -> bool:
        affected = versions(one["affected_versions"])
        lines = {name: in_series(Series.parse(name), affected) for name in one["lines"]}
        return all(on_lines(lines, result, unknown=True)) and all(hits(one, result))

    def hits(one: Any, result: Result) -> list[bool]:
        return [end in {series.first_fixed for series in result.series if end in series.series} for end in ends(one)]

    def series(name: str, found: Proved) -> None:
        every = [hit for one, result in zip(cases, found.results, strict=True) for hit in hits(one, result)]
        print(f"  series found, {name}: {sum(every)} of {len(every)} ({sum(every) / len(every):.1%})")

    all_fixes = [Case(one["cve"], (Change(tuple(one["fixed"])),)) for one in cases]
    since = [Case(one["cve"], (Change(tuple(one["fixed"])),), first=first(one)) for one in cases]
    one_fix = [Case(one["cve"], (Change((seed(one),)),)) for one in cases]
    for name, asked in (("all fixes and first version", since), ("all fixes", all_fixes), ("one fix", one_fix)):
        found = prove_affected(source, Asking(), asked)
        told(f"openssl, {where}, {name}", cases, found.results, right)
        series(name, found)
    series("one fix, every proposal confirmed", prove_affected(source, Asking(), confirmed(one_fix, found)))


def confirmed(cases: Sequence[Case], found: Proved) -> list[Case]:
    """Name every proposal beside the fix."""
    return [
        Case(
            case.name, (Change((*case.fixes[0].commits, *(found.graph.hex(link.commit) for link in result.proposals))),)
        )
        for case, result in zip(cases, found.results, strict=True)
    ]


def tomcat(source: GitHistory) -> None:
    cases = usable("tomcat")

    def lines(one: Any) -> dict[str, set[Version]]:
        told = {line["line"]: [text for text in line["affected_tagged"] if "M" not in text] for line in one["lines"]}
        return {name: versions(texts) for name, texts in told.items() if texts}

    def right(one: Any, result: Result) -> bool:
        return all(on_lines(lines(one), result, unknown=True))

    def newest(one: Any) -> Any:
        return max(one["lines"], key=lambda line: Series.parse(line["line"]))

    def others(name: str, found: Proved) -> None:
        every = [
            hit
            for one, result in zip(cases, found.results, strict=True)
            for line, affected in lines(one).items()
            if line != newest(one)["line"]
            for hit in on_lines({line: affected}, result, unknown=True)
        ]
        print(f"  other lines, {name}: {sum(every)} of {len(every)} ({sum(every) / len(every):.0%})")

    every = [Case(one["cve"], (Change(tuple(one["fixed"])),)) for one in cases]
    told("tomcat, all commits", cases, prove_affected(source, Asking(), every).results, right)
    single = [Case(one["cve"], (Change(tuple(newest(one)["commits"])),)) for one in cases]
    found = prove_affected(source, Asking(), single)
    told("tomcat, the newest line's commits", cases, found.results, right)
    others("one line given", found)
    others("every proposal confirmed", prove_affected(source, Asking(), confirmed(single, found)))


def git(source: GitHistory) -> None:
    graph = source.graph()
    at = {tag.name: graph.hex(tag.commit) for tag in graph.tags}
    cases = [one for one in usable("git") if f"v{one['fixed_tag_oldest']}" in at]

    def right(one: Any, result: Result) -> bool:
        told = {series.series: series for series in result.series}
        ends = [(told[Series.of(version)], version) for version in versions([*one["first_fixed_by_line"].values()])]
        return all(
            series.first_fixed == version or series.outcome is SeriesOutcome.FIXED_FROM_START
            for series, version in ends
        )

    asked = [Case(one["cve"], (Change((at[f"v{one['fixed_tag_oldest']}"],)),)) for one in cases]
    told("git, the oldest fixed tag", cases, prove_affected(source, Asking(), asked).results, right)


def main() -> None:
    asked = argparse.ArgumentParser()
    for name in ("curl", "openssl", "tomcat", "git"):
        asked.add_argument(f"--{name}", type=Path)
    paths = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        for name, judge in (("curl", curl), ("openssl", openssl)):
            shared = unpacked(Path(folder), name).path
            judge(GitHistory(shared, cache=cache), "without files")
            if (path := getattr(paths, name)) is not None:
                judge(GitHistory(path, cache=cache), "whole copy")
        for name, ask in (("tomcat", tomcat), ("git", git)):
            if (path := getattr(paths, name)) is not None:
                ask(GitHistory(path, cache=cache))


if __name__ == "__main__":
    main()

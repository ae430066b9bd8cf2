"""How often links are wrong on ordinary commits; `bench.affected_truth` counts right and wrong answers.

Run: python -m bench.affected_quality PATH [PATH ...]
PATHs are whole repositories (with files): in each, 10,000 commits are drawn (seed 5), every link from them is
taken, those that contents make certain included, and the two diffs are compared: the same patch; alike (60 % of the
smaller one's lines, or 35 % of all); any line or path in common; nothing in common; or not readable (commits that
change nothing, and very large diffs). Printed, to be looked at, are the links that count with nothing in common, and
those by subject and opening that two authors made.
"""

from __future__ import annotations

import json
import random
import sys
import tarfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from secrel.adapters.git.repository import GitHistory
from secrel.ranges.kin.contents import alike
from secrel.ranges.kin.kinship import LookedInto, kin_of
from secrel.ranges.kin.links import CommitLink, Kin, Signal
from secrel.words.history.commits import Diff, Facts
from secrel.words.history.graph import Graph

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "affected-versions"
DRAWN = 10_000
ROUNDS = 6


def read(name: str) -> Any:
    return json.loads((DATA / name).read_text("utf-8"))


def unpacked(folder: Path, name: str) -> GitHistory:
    with tarfile.open(DATA / f"{name}-history.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return GitHistory(folder / f"{name}.git")


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


def looked(source: GitHistory, graph: Graph, facts: Facts, drawn: list[int]) -> tuple[Kin, dict[int, Diff | None]]:
    """Follow links from these commits, looking into contents until nothing new turns up, as the desk does."""
    contents: dict[int, Diff | None] = {}
    links: dict[CommitLink, None] = {}
    kin = kin_of(graph, facts, drawn, LookedInto(looking=True))
    for _ in range(ROUNDS):
        fresh = [link for link in kin.sure if link not in links]
        if not (kin.wanted or fresh):
            break
        read = source.diffs([graph.hex(commit) for commit in kin.wanted])
        contents |= {commit: read.get(graph.hex(commit)) for commit in kin.wanted}
        links |= dict.fromkeys(fresh)
        kin = kin_of(graph, facts, drawn, LookedInto(tuple(links), contents=contents, looking=True))
    return kin, contents


def ordinary(path: Path) -> None:
    """Links from commits drawn at random."""
    source = GitHistory(path)
    graph = source.graph()
    facts = source.facts(graph)
    live = np.flatnonzero(facts.author).tolist()
    drawn = random.Random(5).sample(live, min(DRAWN, len(live)))
    kin, found = looked(source, graph, facts, drawn)
    everything = [*(link for seed in drawn for link in kin.links[seed]), *(p for s in drawn for p in kin.proposals[s])]
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
    for path in sys.argv[1:]:
        ordinary(Path(path))


if __name__ == "__main__":
    main()

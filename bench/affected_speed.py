"""`secrel affected` beside plain git, in one run: a set of cases, with and without a commit-graph file.

Run: python -m bench.affected_speed [--cases 180] [--sample 10]
Data: curl's commits and usable cases from ../shared/data/affected-versions; to reach --cases, cases are asked again
from the start (both sides do the same work for them). "In process" starts when the modules are loaded, and covers
reading the graph and the tags and proving every case; "whole command" starts an interpreter for `secrel affected`.
Plain git is two `git tag --contains` for each of --sample cases, times their number; one walk answers all of ours.
Best of three for ours, one run for git's. The index of commits is timed first without, then with its cache.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from secrel.adapters.git.repository import GitHistory
from secrel.cli.affected_file import read_cases
from secrel.desk.affected import Asking, prove_affected

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "affected-versions"


def best(work: Callable[[], Any], times: int = 3) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def unpacked(folder: Path, name: str) -> Path:
    with tarfile.open(DATA / f"{name}-history.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder / f"{name}.git"


def write_graph(path: Path) -> None:
    words = ["git", "-C", str(path), "commit-graph", "write", "--reachable"]
    subprocess.run(words, check=True, capture_output=True)


def plainly(path: Path, pairs: list[tuple[str, str]]) -> float:
    """Time two `git tag --contains` for each pair."""
    start = time.perf_counter()
    for pair in pairs:
        for commit in pair:
            subprocess.run(["git", "-C", str(path), "tag", "--contains", commit], check=True, capture_output=True)
    return time.perf_counter() - start


def command(path: Path, cases: Path, cache: Path, *more: str) -> Callable[[], Any]:
    words = [sys.executable, "-c", "from secrel.cli.main import main; main()", "affected", str(path)]
    words += ["--cases", str(cases), "--cache", str(cache), "--format", "json", *more]

    def run() -> None:
        done = subprocess.run(words, capture_output=True, check=False)
        assert done.stdout, done.stderr
        assert json.loads(done.stdout)["results"]

    return run


def curl(folder: Path, asked: argparse.Namespace) -> None:
    path = unpacked(folder, "curl")
    usable = [one for one in json.loads((DATA / "curl.json").read_text("utf-8"))["cves"] if one["usable"]]
    told = [usable[number % len(usable)] for number in range(asked.cases)]
    file = folder / "cases.json"
    file.write_text(
        json.dumps(
            {
                "vulnerability": [
                    {
                        "name": f"{one['cve']}/{number}",
                        "fixes": [{"commits": one["fixed"]}],
                        "origins": [{"commits": [origin]} for origin in one["introduced"]],
                    }
                    for number, one in enumerate(told)
                ]
            }
        )
    )
    cases = read_cases(file).cases
    cache = folder / "cache"
    pairs = [(one["introduced"][0], one["fixed"][0]) for one in told[: asked.sample]]
    for state in ("no commit-graph file", "with a commit-graph file"):
        if state.startswith("with"):
            subprocess.run(
                ["git", "-C", str(path), "commit-graph", "write", "--reachable"], check=True, capture_output=True
            )
        ours = best(lambda: prove_affected(GitHistory(path), Asking(links=False), cases))
        whole = best(command(path, file, cache, "--no-links"))
        git = plainly(path, pairs) / len(pairs) * len(cases)
        print(
            f"curl, {len(cases)} cases, {state}: in process {ours:.3f} s, whole command {whole:.3f} s; "
            f"two `git tag --contains` each: {git:.1f} s ({len(pairs)} measured); ratio {git / ours:.0f} in process, "
            f"{git / whole:.0f} whole command"
        )
    linked = GitHistory(path, cache=cache)
    prove_affected(linked, Asking(diffs=False), cases)
    print(
        f"curl, {len(cases)} cases, with links and a kept index: in process "
        f"{best(lambda: prove_affected(linked, Asking(diffs=False), cases)):.3f} s, "
        f"whole command {best(command(path, file, cache, '--no-diffs')):.3f} s"
    )


def index(folder: Path) -> None:
    path = unpacked(folder, "openssl")
    write_graph(path)
    cache = folder / "index"
    source = GitHistory(path, cache=cache)
    graph = source.graph()
    first = []
    for _ in range(2):
        shutil.rmtree(cache, ignore_errors=True)
        first.append(best(lambda: source.facts(graph), times=1))
    again = best(lambda: source.facts(graph))
    print(f"index of {len(graph):,} commits: {min(first):.2f} s the first time (best of 2), {again:.3f} s after")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--cases", type=int, default=180)
    asked.add_argument("--sample", type=int, default=10)
    told = asked.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        curl(Path(folder), told)
        index(Path(folder))


if __name__ == "__main__":
    main()

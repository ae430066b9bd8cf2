"""`secrel affected` beside plain git, in one run: a set of cases, with and without a commit-graph file.

Run: python -m bench.affected_speed [--cases 180] [--sample 10] [--curl PATH]
Data: curl's commits and usable cases from ../shared/data/affected-versions; to reach --cases, cases are asked again
from the start (both sides do the same work for them). "In process" starts when the modules are loaded, and covers
reading the graph and the tags and proving every case; "whole command" starts an interpreter for `secrel affected`.
Plain git is two `git tag --contains` for each of --sample cases, times their number; one walk answers all of ours.
Best of five for ours, one run for git's; seconds of the processor stand beside those of the clock, for busy machines.
The index of commits is timed first without, then with its cache. PATH is a whole copy of curl, with files, on which the
same cases are asked with links and contents: the first time, and again (best of three).
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
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from secrel import answers
from secrel.adapters.git.repository import GitHistory
from secrel.cli.affected_file import read_cases
from secrel.desk.affected import Asking, prove_affected
from secrel.ranges.cases import Case
from secrel.ranges.said.documents import documents

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "affected-versions"


class Took(NamedTuple):
    """Seconds of the clock, and of the processor, in this process and those it started."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:.3f} s ({self.cpu:.3f} s of processor)"


def took(work: Callable[[], Any]) -> Took:
    start, before = time.perf_counter(), os.times()
    work()
    wall, after = time.perf_counter() - start, os.times()
    return Took(wall, sum(after[:4]) - sum(before[:4]))


def best(work: Callable[[], Any], times: int = 5) -> Took:
    """Take the best of each, as other work on the machine only ever adds."""
    found = [took(work) for _ in range(times)]
    return Took(min(one.wall for one in found), min(one.cpu for one in found))


def unpacked(folder: Path, name: str) -> Path:
    with tarfile.open(DATA / f"{name}-history.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder / f"{name}.git"


def write_graph(path: Path) -> None:
    words = ["git", "-C", str(path), "commit-graph", "write", "--reachable"]
    subprocess.run(words, check=True, capture_output=True)


def plainly(path: Path, pairs: list[tuple[str, str]]) -> None:
    """Ask two `git tag --contains` for each pair."""
    for commit in (commit for pair in pairs for commit in pair):
        subprocess.run(["git", "-C", str(path), "tag", "--contains", commit], check=True, capture_output=True)


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
        one = took(lambda: plainly(path, pairs))
        git = Took(one.wall / len(pairs) * len(cases), one.cpu / len(pairs) * len(cases))
        print(f"curl, {len(cases)} cases, {state}: in process {ours}, whole command {whole}")
        print(f"  two `git tag --contains` each: {git} ({len(pairs)} measured)")
        print(
            f"  ratio {git.wall / ours.wall:.0f} in process, {git.wall / whole.wall:.0f} whole command; "
            f"by processor {git.cpu / ours.cpu:.0f} and {git.cpu / whole.cpu:.0f}"
        )
    where(path, cases, whole.cpu, ours.cpu)
    prove_affected(GitHistory(path, cache=cache), Asking(diffs=False), cases)
    print(
        f"curl, {len(cases)} cases, with links and a kept index: in process "
        f"{best(lambda: prove_affected(GitHistory(path, cache=cache), Asking(diffs=False), cases))}, "
        f"whole command {best(command(path, file, cache, '--no-diffs'))}"
    )
    print(
        f"the same, contents asked for where there are none: in process "
        f"{best(lambda: prove_affected(GitHistory(path, cache=cache), Asking(), cases))}, "
        f"whole command {best(command(path, file, cache))}"
    )


def where(path: Path, cases: Sequence[Case], whole: float, proving: float) -> None:
    """Tell where the processor's time of the whole command goes; the last is what no step by itself accounts for."""
    modules = {"numpy": "import numpy", "the parser of arguments": "import secrel, cyclopts; cyclopts.App"}
    plain = _started("pass")
    told = {"an interpreter": plain} | {name: _started(code) - plain for name, code in modules.items()}
    told["reading the graph and the tags"] = best(lambda: GitHistory(path).graph()).cpu
    told["proving"] = proving - told["reading the graph and the tags"]
    proved = prove_affected(GitHistory(path), Asking(links=False), cases)
    told["making the answers"] = best(lambda: documents(proved.results, proved.graph)).cpu
    told["our modules, reading the cases, and writing"] = whole - sum(told.values())
    for name, seconds in told.items():
        print(f"  {name}: {seconds:.3f} s of processor")


def _started(code: str) -> float:
    return best(partial(subprocess.run, [sys.executable, "-c", code], check=True)).cpu


def contents(path: Path, file: Path, folder: Path, sample: int) -> None:
    """Ask the same cases of a whole copy, with links and contents, beside plain git on the same copy.

    The first time with no more than the index of commits, then with what contents showed, kept as the command keeps it.
    """
    read = read_cases(file).cases
    told = json.loads((DATA / "curl.json").read_text("utf-8"))["cves"]
    pairs = [(one["introduced"][0], one["fixed"][0]) for one in told if one["usable"]][:sample]
    cache, store = folder / "whole", dict[bytes, bytes]()
    prove_affected(GitHistory(path, cache=cache), Asking(diffs=False), read)

    def ours() -> None:
        answers.take(dict(store), store.update)
        prove_affected(GitHistory(path, cache=cache), Asking(), read)
        answers.leave()

    one = took(lambda: plainly(path, pairs))
    git = Took(one.wall / len(pairs) * len(read), one.cpu / len(pairs) * len(read))
    print(f"curl, a whole copy, {len(read)} cases, with contents; two `git tag --contains` each: {git}")
    whole = command(path, file, cache)
    for state, in_process, by_command in (
        ("the first time", took(ours), took(whole)),
        ("again", best(ours, 3), best(whole, 3)),
    ):
        print(f"  {state}: in process {in_process}, whole command {by_command}")
        print(
            f"  ratio {git.wall / in_process.wall:.1f} in process, {git.wall / by_command.wall:.1f} whole command; "
            f"by processor {git.cpu / in_process.cpu:.1f} and {git.cpu / by_command.cpu:.1f}"
        )


def index(folder: Path) -> None:
    path = unpacked(folder, "openssl")
    write_graph(path)
    cache = folder / "index"
    graph = GitHistory(path).graph()

    def facts() -> None:  # a history keeps what it read, so each run needs its own
        GitHistory(path, cache=cache).facts(graph)

    first = []
    for _ in range(2):
        shutil.rmtree(cache, ignore_errors=True)
        first.append(took(facts))
    again = best(facts)
    print(f"index of {len(graph):,} commits: {min(first)} the first time (best of 2), {again} after")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--cases", type=int, default=180)
    asked.add_argument("--sample", type=int, default=10)
    asked.add_argument("--curl", type=Path)
    told = asked.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        curl(Path(folder), told)
        if told.curl is not None:
            contents(told.curl, Path(folder) / "cases.json", Path(folder), told.sample)
        index(Path(folder))


if __name__ == "__main__":
    main()

"""How `ranges` scales: generated histories of 10⁴ to 1.4 million commits, 1 to 2,000 fixes, in one run.

Run: python -m bench.affected_scale [--most 1400000] [--keep FOLDER]
Histories are made with `git fast-import` (empty commits: a main line with one merge in fifteen, 80 stable branches,
5,900 tags at full size), then given a commit-graph file. Times are of this process: reading the graph, and proving.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from secrel.adapters.git.repository import GitHistory
from secrel.ranges.cases import Case, Change
from secrel.ranges.containment import reach
from secrel.ranges.naming.catalogue import Naming, catalogue
from secrel.ranges.prove import Ground, proved, related
from secrel.ranges.resolve import asked

SERIES = 80


def told(commits: int, tags: int) -> Iterator[bytes]:  # noqa: C901 - a generator of one story, top to bottom
    """Write a history for fast-import: mark k is commit k."""
    rng = random.Random(7)
    mark = 0
    branch_points: list[int] = []
    tips: dict[int, int] = {}
    main_share = int(commits * 0.8)
    when = 1_000_000_000
    per_series = max(1, tags // SERIES)
    names: list[tuple[str, int]] = []

    def commit(parents: list[int]) -> bytes:
        nonlocal mark, when
        mark, when = mark + 1, when + 60
        head = (
            f"reset refs/heads/walk\ncommit refs/heads/walk\nmark :{mark}\ncommitter E <e@example.org> {when} +0000\n"
        )
        text = f"c{mark}"
        lines = [f"{'from' if place == 0 else 'merge'} :{parent}\n" for place, parent in enumerate(parents)]
        return f"{head}data {len(text)}\n{text}\n{''.join(lines)}\n".encode()

    yield commit([])
    main = mark
    step = max(1, main_share // SERIES)
    while mark < main_share:
        if rng.random() < 1 / 15 and main > 1:
            side = main
            for _ in range(rng.randrange(1, 8)):
                yield commit([side])
                side = mark
            yield commit([main, side])
        else:
            yield commit([main])
        main = mark
        if mark // step > len(branch_points) and len(branch_points) < SERIES:
            branch_points.append(main)
            names.append((f"v{len(branch_points)}.0.0", main))
    each = max(1, (commits - mark) // SERIES)
    for number, point in enumerate(branch_points, start=1):
        tip = point
        for place in range(1, each + 1):
            yield commit([tip])
            tip = mark
            if place % max(1, each // per_series) == 0:
                names.append((f"v{number}.0.{place // max(1, each // per_series)}", tip))
        tips[number] = tip
    yield f"reset refs/heads/main\nfrom :{main}\n\n".encode()
    for number, tip in tips.items():
        yield f"reset refs/heads/{number}-stable\nfrom :{tip}\n\n".encode()
    for name, at in names[:tags]:
        yield f"reset refs/tags/{name}\nfrom :{at}\n\n".encode()


def make(path: Path, commits: int, tags: int) -> None:
    """Make the repository once."""
    if path.exists():
        return
    subprocess.run(["git", "init", "--quiet", "--bare", str(path)], check=True)
    feed = subprocess.Popen(["git", "-C", str(path), "fast-import", "--quiet", "--force"], stdin=subprocess.PIPE)
    assert feed.stdin is not None
    for piece in told(commits, tags):
        feed.stdin.write(piece)
    feed.stdin.close()
    assert feed.wait() == 0
    subprocess.run(["git", "-C", str(path), "update-ref", "-d", "refs/heads/walk"], check=True)
    subprocess.run(["git", "-C", str(path), "pack-refs", "--all"], check=True)
    subprocess.run(["git", "-C", str(path), "commit-graph", "write", "--reachable"], check=True, capture_output=True)


def measure(path: Path, probes: int) -> tuple[float, float, float, float, int]:
    """Time reading the graph, the walk alone, and proving half as many cases (one origin, one fix each)."""
    start = time.perf_counter()
    graph = GitHistory(path).graph()
    read = time.perf_counter() - start
    rng = random.Random(3)
    chosen = [rng.randrange(len(graph)) for _ in range(probes)]
    start = time.perf_counter()
    reach(graph, chosen, [tag.commit for tag in graph.tags])
    walk = time.perf_counter() - start
    start = time.perf_counter()
    versions = catalogue(graph.tags, Naming.parse("v"))
    named = time.perf_counter() - start
    pairs = [sorted(chosen[at : at + 2], key=lambda c: int(graph.level[c])) for at in range(0, len(chosen), 2)]
    cases = [
        Case(str(number), (Change((graph.hex(pair[-1]),)),), (Change((graph.hex(pair[0]),)),))
        for number, pair in enumerate(pairs)
    ]
    start = time.perf_counter()
    ground, looked_up = Ground(graph, versions), [asked(graph, None, case) for case in cases]
    proved(ground, looked_up, related(ground, looked_up))
    return read, walk, named, time.perf_counter() - start, len(graph)


def main() -> None:
    """Measure, each size in a process of its own so that its memory is its own."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--most", type=int, default=1_400_000)
    asked.add_argument("--keep", type=Path)
    asked.add_argument("--one", nargs=2)
    told_ = asked.parse_args()
    if told_.one:
        path, probes = Path(told_.one[0]), int(told_.one[1])
        read, walk, named, proved, commits = measure(path, probes)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        total = read + walk
        print(
            f"{commits:>9,} commits {probes:>5} probes: "
            f"graph {read:6.3f} s, walk {walk:6.3f} s (together {total:6.3f} s); "
            f"tags read {named:6.3f} s; {(probes + 1) // 2} cases proved {proved:6.3f} s; peak {peak:5.0f} MiB"
        )
        return
    with tempfile.TemporaryDirectory() as folder:
        home = told_.keep or Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        for commits in (10_000, 100_000, 1_000_000, 1_400_000):
            if commits > told_.most:
                continue
            path = home / f"scale-{commits}.git"
            make(path, commits, 5_900 if commits >= 100_000 else 400)
            for probes in (1, 10, 100, 1_000, 2_000):
                subprocess.run(
                    [sys.executable, "-m", "bench.affected_scale", "--one", str(path), str(probes)], check=True
                )


if __name__ == "__main__":
    main()

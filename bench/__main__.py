"""All benchmarks of the desk, side by side with the naive way, in one run: `python -m bench [NAME …]`.

Names: commands, journals, release, rehearsals; without one, all of them, and `bench/results.md` is written anew. The
proofs of affected versions have benchmarks of their own: `python -m bench.affected_speed`, `affected_scale`,
`affected_quality`; the post has `python -m bench.post`, a look at GitLab `python -m bench.gitlab`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import commands, journals, rehearsals, release
from bench.timing import Row, machine

BENCHES: dict[str, Callable[[], Iterator[Row]]] = {
    "commands": commands.measure,
    "journals": journals.measure,
    "release": release.measure,
    "rehearsals": rehearsals.measure,
}
HEAD = "| what | ours | naive | ratio | how |\n| --- | ---: | ---: | ---: | --- |"
RESULTS = Path(__file__).parent / "results.md"


def main() -> int:
    names = sys.argv[1:] or list(BENCHES)
    if strange := [name for name in names if name not in BENCHES]:
        sys.stderr.write(f"there is no benchmark {strange[0]!r}; there are: {', '.join(BENCHES)}\n")
        return 2
    before = machine()
    print(HEAD)
    lines = []
    for name in names:
        for row in BENCHES[name]():
            lines.append(row.line())
            print(lines[-1], flush=True)
    if len(names) == len(BENCHES):
        after = f"Before: {before}. After: {machine()}."
        intro = "Written by `python -m bench`; times are of one machine, ratios of one run. The shorter, the better."
        RESULTS.write_text("\n".join(["# Results", "", intro, "", after, "", HEAD, *lines, ""]), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

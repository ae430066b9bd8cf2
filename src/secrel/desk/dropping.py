"""Looking for changes that were taken out without a word, wherever a version contains their commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from secrel.ports.history import History
from secrel.ranges.containment import reach
from secrel.ranges.kin.dropped import Descent, KeptChanges, mostly, taken_out, unharmed, worn
from secrel.words.errors import NotSeen
from secrel.words.history.graph import Graph
from secrel.words.history.remains import Block, Remains

_MOST_BLOCKS = 60  # of one change: larger ones are not looked for
_MOST_BETWEEN = 3_000  # commits that are looked at for one change

Held = Mapping[int, Sequence[int]]
Worn = Mapping[int, frozenset[int]]


class Dropping(Struct, frozen=True):
    """Looks for changes in the versions that contain them.

    `whole` are changes of which only most together tells something: those that brought a flaw in, among much else.
    """

    history: History
    graph: Graph
    notes: list[str]
    whole: frozenset[int] = frozenset()

    def found(self, held: Held) -> KeptChanges:
        """Look for each of these commits in the places that hold it."""
        blocks = self._blocks(commit for commit, places in held.items() if places)
        remains = self._remains({commit: held[commit] for commit in blocks})
        worn_at = self._worn(remains)
        worn_at = {commit: mine for commit, mine in worn_at.items() if any(mine.values())}
        places = list(dict.fromkeys(at for mine in worn_at.values() for at in mine))
        descent = Descent.of(reach(self.graph, places, places), places)
        there = {
            commit: frozenset(at for at in mine if unharmed(remains[commit][at]) and descent.after(mine, at))
            for commit, mine in worn_at.items()
        }
        suspects = {commit: self._between(commit, blocks[commit], worn_at[commit], descent) for commit in worn_at}
        steps = {commit: self._steps(commit, mine) for commit, mine in suspects.items()}
        ends = {commit: list(dict.fromkeys(at for pair in mine for at in pair)) for commit, mine in steps.items()}
        worn_at = self._worn(self._remains({commit: mine for commit, mine in ends.items() if mine}))
        found = {}
        for commit, mine in worn_at.items():
            before: dict[int, frozenset[int]] = defaultdict(frozenset)
            for one, parent in steps[commit]:
                before[one] |= mine[parent]
            # what one parent has lost already came to a merge from there
            edges = {
                (one, parent): lost
                for (one, parent), numbers in steps[commit].items()
                if (lost := numbers & mine[one] - before[one])
            }
            found[commit] = self._took_out(blocks[commit], edges) if edges else ()
        return KeptChanges({commit: by for commit, by in found.items() if by}, there)

    def _blocks(self, commits: Iterable[int]) -> dict[int, tuple[Block, ...]]:
        read = self.history.blocks([self.graph.hex(commit) for commit in commits])
        return {self.graph.find(name): blocks for name, blocks in read.items() if len(blocks) <= _MOST_BLOCKS}

    def _remains(self, asked: Held) -> dict[int, dict[int, tuple[Remains, ...]]]:
        """Read what is left of each commit at each place; nothing where it is not here."""
        shown = {self.graph.hex(commit): [self.graph.hex(at) for at in mine] for commit, mine in asked.items()}
        read = self.history.remains(shown)
        return {
            commit: {at: read.get((self.graph.hex(commit), self.graph.hex(at)), ()) for at in mine}
            for commit, mine in asked.items()
        }

    def _worn(self, remains: Mapping[int, Mapping[int, tuple[Remains, ...]]]) -> dict[int, Worn]:
        """Give for each commit, and each place, the blocks that are worn there."""
        return {
            commit: {at: worn(left, whole=commit in self.whole) for at, left in mine.items()}
            for commit, mine in remains.items()
        }

    def _between(self, commit: int, blocks: Sequence[Block], worn_at: Worn, descent: Descent) -> Worn:
        """List the commits that may have taken blocks out, with these."""
        fresh = descent.fresh(worn_at)
        paths = sorted({blocks[number].path for numbers in fresh.values() for number in numbers})
        try:
            names = self.history.between(self.graph.hex(commit), [self.graph.hex(at) for at in fresh], paths=paths)
        except NotSeen as fault:
            self.notes.append(fault.what)
            return {}
        listed = [self.graph.find(name) for name in names[:_MOST_BETWEEN]]
        found: dict[int, frozenset[int]] = {}
        held = reach(self.graph, listed, worn_at)
        columns = np.array([held.columns[one] for one in listed], dtype=np.int64)
        for at, numbers in fresh.items():
            good = np.array([held.rows[one] for one in descent.good(worn_at, at, numbers)], dtype=np.int64)
            here = held.holds[columns, held.rows[at]] & ~held.holds[np.ix_(columns, good)].any(axis=1)
            for number in np.flatnonzero(here).tolist():
                found[listed[number]] = found.get(listed[number], frozenset()) | numbers
        return found

    def _steps(self, commit: int, suspects: Worn) -> dict[tuple[int, int], frozenset[int]]:
        """Lay suspects out by the parents that hold the commit."""
        parents = {one: self.graph.parents_of(one) for one in suspects}
        held = reach(self.graph, [commit], [parent for mine in parents.values() for parent in mine])
        return {
            (one, parent): numbers
            for one, numbers in suspects.items()
            for parent in parents[one]
            if held.contains(parent, commit)
        }

    def _took_out(self, blocks: Sequence[Block], edges: Mapping[tuple[int, int], frozenset[int]]) -> tuple[int, ...]:
        """Give those that took out most of what a commit did to a file, and put nothing in its place."""
        took = {one: self.graph.parents_of(one) for one, _ in edges}
        pairs = [(self.graph.hex(one), self.graph.hex(parent)) for one, parents in took.items() for parent in parents]
        steps = self.history.steps(pairs, sorted({blocks[n].path for lost in edges.values() for n in lost}))
        diffs = self.history.diffs([self.graph.hex(one) for one in took])
        out: dict[int, set[int]] = defaultdict(set)
        for (one, parent), numbers in edges.items():
            name = self.graph.hex(one)
            step, *others = (
                steps.get((name, self.graph.hex(other)), ())
                for other in (parent, *(other for other in took[one] if other != parent))
            )
            if name not in diffs:  # where it may have moved to is not seen
                continue
            moved = frozenset(key & ~1 for key in diffs[name].lines if key & 1)
            out[one].update(number for number in numbers if taken_out(blocks[number], step, others, moved))
        held = reach(self.graph, out, out)
        # what took the last piece out tells it, whoever took the others
        every = {one: {number for other in out if held.contains(one, other) for number in out[other]} for one in out}
        return tuple(one for one, mine in every.items() if out[one] and mostly(blocks, mine, merge=len(took[one]) > 1))

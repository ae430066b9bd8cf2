"""Looking for changes that were taken out without a word, wherever a version contains their commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from secrel.ports.history import History
from secrel.ranges.containment import between, reach
from secrel.ranges.kin.dropped import (
    Descent,
    KeptChanges,
    Undoing,
    further,
    lasting,
    takes_out,
    undoing,
    unharmed,
    worn,
)
from secrel.words.errors import NotSeen
from secrel.words.history.graph import Graph
from secrel.words.history.remains import Block, Remains

Held = Mapping[int, Sequence[int]]
Worn = Mapping[int, frozenset[int]]
Steps = Mapping[tuple[int, int], frozenset[int]]


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
        paths = {commit: {block.path for block in mine} for commit, mine in blocks.items()}
        remains = self._remains({commit: held[commit] for commit in blocks}, paths)
        worn_at = self._worn(remains)
        worn_at = {commit: mine for commit, mine in worn_at.items() if any(mine.values())}
        places = list(dict.fromkeys(at for mine in worn_at.values() for at in mine))
        descent = Descent.of(reach(self.graph, places, places), places)
        there = {
            commit: frozenset(at for at in mine if unharmed(remains[commit][at]) and descent.after(mine, at))
            for commit, mine in worn_at.items()
        }
        suspects = {commit: self._between(commit, worn_at[commit], remains[commit], descent) for commit in worn_at}
        steps = self._steps(suspects, blocks)
        ends = {commit: list(dict.fromkeys(at for pair in mine for at in pair)) for commit, mine in steps.items()}
        for commit in {*steps} - self.whole:
            paths[commit] = {blocks[commit][number].path for numbers in steps[commit].values() for number in numbers}
        left = self._remains({commit: mine for commit, mine in ends.items() if mine}, paths)
        lost = {commit: self._lost(commit, steps[commit], mine) for commit, mine in left.items()}
        found = self._took_out(blocks, {commit: mine for commit, mine in lost.items() if mine})
        return KeptChanges({commit: by for commit, by in found.items() if by}, there)

    def _lost(self, commit: int, steps: Steps, left: Mapping[int, Sequence[Remains]]) -> Steps:
        """Give what each step undid that no parent had lost already: from there it came to a merge."""
        parents: dict[int, list[int]] = defaultdict(list)
        for one, parent in steps:
            parents[one].append(parent)
        found = {}
        for (one, parent), numbers in steps.items():
            before = [left[other] for other in parents[one]]
            if commit in self.whole:
                gone = worn(left[one], whole=True).difference(*(worn(other, whole=True) for other in before))
            else:
                gone = further(left[one], before)
            if gone & numbers:
                found[one, parent] = gone & numbers
        return found

    def _blocks(self, commits: Iterable[int]) -> dict[int, tuple[Block, ...]]:
        names = [self.graph.hex(commit) for commit in commits]
        read = self.history.blocks(names)
        self._say_unseen(name for name in names if name not in read)
        return {self.graph.find(name): blocks for name, blocks in read.items()}

    def _remains(self, asked: Held, paths: Mapping[int, set[str]]) -> dict[int, dict[int, tuple[Remains, ...]]]:
        """Read what is left of each commit at each place, in these files of it; nothing where it is not here."""
        shown = {self.graph.hex(commit): [self.graph.hex(at) for at in mine] for commit, mine in asked.items()}
        read = self.history.remains(shown, {self.graph.hex(commit): paths[commit] for commit in asked})
        told = (self.graph.hex(commit) for commit in asked if paths[commit])
        self._say_unseen(name for name in told if any((name, at) not in read for at in shown[name]))
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

    def _between(self, commit: int, worn_at: Worn, left: Mapping[int, Sequence[Remains]], descent: Descent) -> Worn:
        """List the commits that may have taken blocks out, with these: all since they were whole."""
        found: dict[int, frozenset[int]] = {}
        for at, numbers in descent.fresh(worn_at).items():
            if commit in self.whole:
                since = {one: numbers - mine for one, mine in worn_at.items()}
            else:
                since = {one: lasting(mine, left[at]) - worn_at[one] for one, mine in left.items() if mine}
            for one in between(self.graph, at, [commit, *descent.good(at, numbers, since)]):
                found[one] = found.get(one, frozenset()) | numbers
        return found

    def _steps(self, suspects: Mapping[int, Worn], blocks: Mapping[int, Sequence[Block]]) -> dict[int, Steps]:
        """Lay out by their parents those suspects that touch what they may have taken out."""
        parents = {one: self.graph.parents_of(one) for mine in suspects.values() for one in mine}
        pairs = [(one, parent) for one, mine in parents.items() for parent in mine]
        paths = {
            commit: {number: blocks[commit][number].path for numbers in mine.values() for number in numbers}
            for commit, mine in suspects.items()
        }
        touched = self._touched(pairs)
        near = {
            commit: {
                one: here
                for one, numbers in mine.items()
                if (here := frozenset(number for number in numbers if paths[commit][number] in touched.get(one, ())))
            }
            for commit, mine in suspects.items()
        }
        held = reach(
            self.graph, suspects, {parent for mine in near.values() for one in mine for parent in parents[one]}
        )
        return {
            commit: {
                (one, parent): numbers
                for one, numbers in mine.items()
                for parent in parents[one]
                if held.contains(parent, commit)
            }
            for commit, mine in near.items()
        }

    def _say_unseen(self, names: Iterable[str]) -> None:
        """Note how many commits could not be compared: what is not seen is not taken for whole."""
        if unseen := list(dict.fromkeys(names)):
            count = f"{len(unseen)} commit{'s' if len(unseen) != 1 else ''}"
            self.notes.append(
                f"whether versions still have what was changed was not compared for {count}, "
                f"such as {unseen[0][:12]}: files are not in this copy of the repository, or a diff is too large"
            )

    def _touched(self, pairs: Sequence[tuple[int, int]]) -> dict[int, set[str]]:
        try:
            read = self.history.touched([(self.graph.hex(one), self.graph.hex(parent)) for one, parent in pairs])
        except NotSeen as fault:
            self.notes.append(fault.what)
            return {}
        found: dict[int, set[str]] = defaultdict(set)
        for (one, _), mine in zip(pairs, read.values(), strict=True):
            found[one] |= mine
        return found

    def _took_out(self, blocks: Mapping[int, Sequence[Block]], lost: Mapping[int, Steps]) -> dict[int, tuple[int, ...]]:
        """Give those that took out most of what each commit did, and put nothing in its place."""
        took = {one: self.graph.parents_of(one) for mine in lost.values() for one, _ in mine}
        pairs = [(self.graph.hex(one), self.graph.hex(parent)) for one, parents in took.items() for parent in parents]
        paths = {
            commit: {blocks[commit][number].path for numbers in mine.values() for number in numbers}
            for commit, mine in lost.items()
        }
        steps = self.history.steps(pairs, sorted({path for mine in paths.values() for path in mine}))
        every = self.history.blocks([self.graph.hex(one) for one in took])
        self._say_unseen(name for name, parent in pairs if name not in every or (name, parent) not in steps)
        did: dict[int, dict[int, dict[int, Undoing]]] = {commit: defaultdict(dict) for commit in lost}
        for commit, edges in lost.items():
            for (one, parent), numbers in edges.items():
                name = self.graph.hex(one)
                if name not in every:  # where it may have moved to is not seen
                    continue
                step, *others = (
                    [block for block in steps.get((name, self.graph.hex(other)), ()) if block.path in paths[commit]]
                    for other in (parent, *(other for other in took[one] if other != parent))
                )
                moved = frozenset[int]().union(*(block.added for block in every[name]))
                for number in numbers:
                    undone = undoing(blocks[commit][number], step, others, moved)
                    did[commit][one][number] = did[commit][one].get(number, Undoing()) | undone
        held = reach(self.graph, took, took)
        return {
            commit: tuple(
                one
                for one in mine
                # what took the last piece out tells it, whoever took the others
                if takes_out(
                    blocks[commit],
                    [mine[one], *(other for at, other in mine.items() if at != one and held.contains(one, at))],
                    merge=len(took[one]) > 1,
                )
            )
            for commit, mine in did.items()
        }

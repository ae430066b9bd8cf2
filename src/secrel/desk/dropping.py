"""Looking for changes that were taken out without a word, wherever a version contains their commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from msgspec import Struct, field
from msgspec.structs import replace

from secrel.answers import answered_each
from secrel.ports.history import History
from secrel.ranges.containment import between, reach
from secrel.ranges.kin import enough
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
    written,
)
from secrel.words.errors import NotSeen
from secrel.words.history.graph import Graph
from secrel.words.history.remains import Block, Remains

Held = Mapping[int, Sequence[int]]
Worn = Mapping[int, frozenset[int]]
Steps = Mapping[tuple[int, int], frozenset[int]]
Changes = Mapping[int, Sequence[Block]]
Files = Mapping[int, Collection[str]]


class _Kept(Struct, frozen=True):
    """What contents say of one commit, by full ids: what took it out, and where it is whole again."""

    out: tuple[str, ...]
    there: tuple[str, ...]
    is_seen: bool


class Dropping(Struct, frozen=True):
    """Looks for changes in the versions that contain them.

    `whole` are changes of which only most together tells something: those that brought a flaw in, among much else.
    `reverted` are those that somebody says were taken back: it is told of them where they are whole again.
    """

    history: History
    graph: Graph
    notes: list[str]
    whole: frozenset[int] = frozenset()
    reverted: frozenset[int] = frozenset()
    _unseen: set[int] = field(default_factory=set)

    def found(self, held: Held) -> KeptChanges:
        """Look for each of these commits in the places that hold it; what was found before is kept, by their ids."""
        edge = [self.graph.hex(commit) for commit in self.graph.cut]
        asked = {
            commit: (
                self.graph.hex(commit),
                [self.graph.hex(at) for at in places],
                edge,
                (commit in self.whole, commit in self.reverted),
            )
            for commit, places in held.items()
            if places
        }
        told = answered_each(
            "kept changes",
            asked,
            _Kept,
            lambda fresh: self._look({commit: held[commit] for commit in fresh}),
            lasts=lambda one: one.is_seen,
        )
        self._say_unseen()
        return KeptChanges(
            {commit: tuple(map(self.graph.find, one.out)) for commit, one in told.items() if one.out},
            {commit: frozenset(map(self.graph.find, one.there)) for commit, one in told.items() if one.there},
            frozenset(self._unseen),
        )

    def _look(self, held: Held) -> dict[int, _Kept]:
        """Look for all of these together."""
        blocks = self._blocks(held)
        paths = {commit: {block.path for block in mine} for commit, mine in blocks.items()}
        remains = self._looked_for({commit: held[commit] for commit in blocks}, blocks, paths)
        worn_at = self._worn(remains, blocks)
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
        return {
            commit: _Kept(
                tuple(self.graph.hex(one) for one in found.get(commit, ())),
                tuple(self.graph.hex(at) for at in sorted(there.get(commit, ()))),
                commit not in self._unseen,
            )
            for commit in held
        }

    def _looked_for(
        self, held: Held, blocks: Changes, paths: Mapping[int, set[str]]
    ) -> dict[int, dict[int, tuple[Remains, ...]]]:
        """Read what is left of each commit, first in files that mostly tell, and in the rest where that can matter.

        Those that are there whole are left out. Parts of the others may be missing, by the files that were read.
        """
        first = {
            commit: frozenset(mine)
            if commit in self.reverted
            else enough.telling_files(blocks[commit], whole=commit in self.whole)
            for commit, mine in paths.items()
        }
        found = self._remains(held, first)
        further = {
            commit: list(mine)
            if commit in self.reverted
            else enough.open_places(blocks[commit], first[commit], mine, whole=commit in self.whole)
            for commit, mine in found.items()
        }
        closed = {commit: first[commit] for commit, mine in further.items() if not mine and commit not in self.whole}
        further |= {commit: list(found[commit]) for commit in self._out_elsewhere(blocks, held, closed)}
        rest = {commit: paths[commit] - first[commit] for commit, mine in further.items() if mine}
        more = self._remains({commit: further[commit] for commit, mine in rest.items() if mine}, rest)
        for commit, mine in more.items():
            join = partial(enough.joined, blocks[commit], rest[commit])
            found[commit] = {at: join(here, mine.get(at, ())) for at, here in found[commit].items()}
        return {commit: mine for commit, mine in found.items() if commit in rest or commit not in self.whole}

    def _out_elsewhere(self, blocks: Changes, held: Held, read: Files) -> list[int]:
        """Find commits of which a part is out in files that were not read, at the last ones of their places."""
        unread = {commit: files for commit, mine in read.items() if (files := enough.part_unread(blocks[commit], mine))}
        places = list(dict.fromkeys(at for commit in unread for at in held[commit]))
        found = reach(self.graph, places, places)
        left = self._remains({commit: found.last(held[commit]) for commit in unread}, unread)
        return [commit for commit, mine in left.items() if enough.part_back(blocks[commit], mine)]

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
        names = {commit: self.graph.hex(commit) for commit in commits}
        read = self.history.blocks([*names.values()])
        self._unseen.update(commit for commit, name in names.items() if name not in read)
        return {commit: read[name] for commit, name in names.items() if name in read}

    def _remains(self, asked: Held, paths: Files) -> dict[int, dict[int, tuple[Remains, ...]]]:
        """Read what is left of each commit at each place, in these files of it; nothing where it is not here."""
        shown = {self.graph.hex(commit): [self.graph.hex(at) for at in mine] for commit, mine in asked.items()}
        read = self.history.remains(shown, {self.graph.hex(commit): paths[commit] for commit in asked})
        for commit, places in asked.items():
            names = [(self.graph.hex(commit), self.graph.hex(at)) for at in places if paths[commit]]
            if any(name not in read for name in names):
                self._unseen.add(commit)
        return {
            commit: {at: read.get((self.graph.hex(commit), self.graph.hex(at)), ()) for at in mine}
            for commit, mine in asked.items()
        }

    def _worn(self, remains: Mapping[int, Mapping[int, tuple[Remains, ...]]], blocks: Changes) -> dict[int, Worn]:
        """Give for each commit that may have been taken out, and each place, the blocks that are worn there."""
        found: dict[int, Worn] = {}
        for commit, left in remains.items():
            mine: Worn = {at: worn(every, whole=commit in self.whole) for at, every in left.items()}
            if commit not in self.reverted:
                mine = enough.worth_following(blocks[commit], mine, {} if commit in self.whole else left)
            if any(mine.values()):
                found[commit] = mine
        return found

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

    def _steps(self, suspects: Mapping[int, Worn], blocks: Changes) -> dict[int, Steps]:
        """Lay out by their parents those suspects that touch what they may have taken out."""
        parents = {one: self.graph.parents_of(one) for mine in suspects.values() for one in mine}
        paths = {
            commit: {number: blocks[commit][number].path for numbers in mine.values() for number in numbers}
            for commit, mine in suspects.items()
        }
        wanted: dict[int, set[str]] = defaultdict(set)
        for commit, mine in suspects.items():
            files = set(paths[commit].values())
            for one in mine:
                wanted[one] |= files
        touched = self._touched({(one, parent): wanted[one] for one, mine in parents.items() for parent in mine})
        if touched is None:
            self._unseen.update(suspects)
            return {commit: {} for commit in suspects}
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

    def _say_unseen(self) -> None:
        """Note how many commits could not be compared: what is not seen is not taken for whole."""
        if unseen := [self.graph.hex(commit) for commit in sorted(self._unseen)]:
            count = f"{len(unseen)} commit{'s' if len(unseen) != 1 else ''}"
            self.notes.append(
                f"whether versions still have what was changed was not compared for {count}, "
                f"such as {unseen[0][:12]}: files are not in this copy of the repository, or a diff is too large"
            )

    def _touched(self, asked: Mapping[tuple[int, int], Collection[str]]) -> dict[int, set[str]] | None:
        """Read which of these files commits touch; None where trees that tell are not here."""
        names = {(self.graph.hex(one), self.graph.hex(parent)): paths for (one, parent), paths in asked.items()}
        try:
            read = self.history.touched(names)
        except NotSeen:
            return None
        found: dict[int, set[str]] = defaultdict(set)
        for (one, _), mine in zip(asked, map(read.__getitem__, names), strict=True):
            found[one].update(mine)
        return found

    def _took_out(self, blocks: Changes, lost: Mapping[int, Steps]) -> dict[int, tuple[int, ...]]:
        """Give those that took out most of what each commit did, and put nothing in its place."""
        took = {one: self.graph.parents_of(one) for mine in lost.values() for one, _ in mine}
        pairs = [(one, parent) for one, parents in took.items() for parent in parents]
        paths = sorted({path for commit, mine in lost.items() for path in self._files(commit, blocks[commit], mine)})
        read = self.history.steps([(self.graph.hex(one), self.graph.hex(parent)) for one, parent in pairs], paths)
        steps = {pair: read.get((self.graph.hex(pair[0]), self.graph.hex(pair[1]))) for pair in pairs}
        # which lines moved within a commit is read where more than those can be gone
        fully = {commit: self._did(blocks[commit], mine, took, steps, None) for commit, mine in lost.items()}
        open_ = {
            commit: lost[commit]
            for commit, mine in fully.items()
            if enough.can_be_taken_out(blocks[commit], mine, whole=commit in self.whole)
        }
        every = self._every({one for mine in open_.values() for one, _ in mine})
        away = {one for (one, _), mine in steps.items() if mine is None}
        away.update(one for mine in open_.values() for one, _ in mine if one not in every)
        self._unseen.update(commit for commit, mine in lost.items() if any(one in away for one, _ in mine))
        did = {commit: self._did(blocks[commit], mine, took, steps, every) for commit, mine in open_.items()}
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
                    whole=commit in self.whole,
                )
            )
            for commit, mine in did.items()
        }

    def _files(self, commit: int, blocks: Sequence[Block], steps: Steps) -> set[str]:
        """Give the files of a change that steps are read of: what else they wrote there tells, but for whole ones."""
        return {blocks[number].path for number in (_numbers(steps) if commit in self.whole else range(len(blocks)))}

    def _every(self, commits: Collection[int]) -> dict[int, frozenset[int]]:
        """Read the keys of all lines that commits added, wherever; those that cannot be read are absent."""
        read = self.history.blocks([self.graph.hex(one) for one in commits])
        return {
            self.graph.find(name): frozenset[int]().union(*(block.added for block in mine))
            for name, mine in read.items()
        }

    def _did(
        self,
        blocks: Sequence[Block],
        edges: Steps,
        took: Mapping[int, Sequence[int]],
        steps: Mapping[tuple[int, int], Sequence[Block] | None],
        moved: Mapping[int, frozenset[int]] | None,
    ) -> dict[int, dict[int, Undoing]]:
        """Give what each commit did to the blocks of a change, from all of its parents.

        `moved` are the lines that it has elsewhere; one of which that is not known is left out. None: there are none.
        """
        paths = {block.path for block in blocks}
        did: dict[int, dict[int, Undoing]] = defaultdict(dict)
        for (one, parent), numbers in edges.items():
            if moved is not None and one not in moved:
                continue
            step, *others = (
                [block for block in steps[one, other] or () if block.path in paths]
                for other in (parent, *(other for other in took[one] if other != parent))
            )
            beside = written(blocks, step, others) if moved is not None else frozenset()
            for number in numbers:
                undone = undoing(blocks[number], step, others, moved[one] if moved is not None else frozenset())
                undone = replace(undone, beside=undone.beside | beside)
                did[one][number] = did[one].get(number, Undoing()) | undone
        return did


def _numbers(steps: Steps) -> set[int]:
    return {number for numbers in steps.values() for number in numbers}

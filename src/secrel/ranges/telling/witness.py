"""The witness: says of each end of a range what was seen there, and by which commit and signal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from secrel.ranges.decide import AFFECTED, UNSEEN, Decision, States
from secrel.ranges.kin.links import CommitLink
from secrel.ranges.order import Order
from secrel.ranges.resolve import CarriedChange, every_commit
from secrel.ranges.results import Proof
from secrel.words.history.graph import Graph
from secrel.words.history.text import SHORT_ID, printable


class Witness(Struct, frozen=True):
    """What one case's proofs are made from; `changes` are its origins and its fixes."""

    graph: Graph
    order: Order
    decision: Decision
    changes: tuple[Sequence[CarriedChange], Sequence[CarriedChange]]
    links: dict[int, CommitLink]
    states: States

    def start(self, place: int) -> Iterator[Proof]:
        """Say why the version at `place`, the first of a run, is affected."""
        version = self.order.versions[place]
        origins = every_commit(self.changes[0])
        if not origins:
            yield Proof(f"no origin commit is named: {version} counts because it lacks the fix", version)
            return
        for commit in [commit for commit in sorted(origins) if self._counts(place, commit)][:1]:
            yield self._contains(place, commit, "the origin")
        if place == 0:
            yield Proof(
                f"{version} is the first version known: earlier ones, if there are any, were not judged", version
            )
        else:
            yield from self._not_affected(place)

    def _not_affected(self, place: int) -> Iterator[Proof]:
        """Say which version before `place` was seen without the flaw, if the one before it was."""
        before = self.order.listed[place - 1]
        if self.states[place - 1] not in (AFFECTED, UNSEEN):
            yield Proof(f"{before.version} is not affected", before.version, next(iter(before.tags), ""))

    def fix(self, place: int) -> Iterator[Proof]:
        """Say by which commit each part of the fix is in the version at `place`."""
        for number, change in enumerate(fix for fix in self.changes[1] if fix.required):
            for commit in [commit for commit in change.commits if self._counts(place, commit)][:1]:
                yield self._contains(place, commit, f"part {number + 1} of the fix" if number else "the fix")

    def branch(self, unit: int, name: str) -> Iterator[Proof]:
        """Say by which commit each part of the fix is on a series' branch, of which no version has come yet."""
        for number, change in enumerate(fix for fix in self.changes[1] if fix.required):
            for commit in [commit for commit in change.commits if self.decision.counting(commit)[unit]][:1]:
                what = f"part {number + 1} of the fix" if number else "the fix"
                says = f"branch {printable(name)} contains {what}, {self._known(commit)}"
                yield Proof(says, commit=self.graph.hex(commit), signal=self._signal(commit))

    def last(self, place: int) -> Proof:
        """Say what the last affected version lacks."""
        entry = self.order.listed[place]
        required = [change for change in self.changes[1] if change.required]
        had = sum(any(self._counts(place, commit) for commit in change.commits) for change in required)
        some = f"{entry.version} has {had} of the {len(required)} parts of the fix"
        none = f"{entry.version} does not have the fix"
        return Proof(some if had and len(required) > 1 else none, entry.version, next(iter(entry.tags), ""))

    def _counts(self, place: int, commit: int) -> bool:
        unit = int(self.order.at[place])
        return unit >= 0 and bool(self.decision.counting(commit)[unit])

    def _contains(self, place: int, commit: int, what: str) -> Proof:
        entry = self.order.listed[place]
        tag = next(iter(entry.tags), "")
        where = f"tag {printable(tag)}" if tag else "the series' branch"
        says = f"{entry.version} ({where}) contains {what}, {self._known(commit)}"
        return Proof(says, entry.version, tag, self.graph.hex(commit), self._signal(commit))

    def _known(self, commit: int) -> str:
        """Name a commit, and how it is known to be the change that somebody named."""
        name = self.graph.hex(commit)[:SHORT_ID]
        link = self.links.get(commit)
        like = f"the same change as {self.graph.hex(link.like)[:SHORT_ID]} by {link.signal.value}" if link else ""
        return f"{name}, {like}" if like else name

    def _signal(self, commit: int) -> str:
        return self.links[commit].signal.value if commit in self.links else "given"

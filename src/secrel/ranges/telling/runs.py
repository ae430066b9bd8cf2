"""From the states of versions in their order to spans: half open, their ends at versions that were judged."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from secrel.ranges.decide import AFFECTED, UNSEEN, States
from secrel.words.spans import Span
from secrel.words.versions import Version


class Run(Struct, frozen=True):
    """Places `first` to `last` (both affected) in the order, and `after`: the next that is judged not affected."""

    first: int
    last: int
    after: int | None

    def moved(self, by: int) -> Run:
        """The same run, counted from elsewhere."""
        return Run(self.first + by, self.last + by, None if self.after is None else self.after + by)


def runs(states: States) -> list[Run]:
    """Find the runs of affected versions; an unseen one between two affected ones does not end a run."""
    found: list[Run] = []
    first = last = -1
    # most series have a few versions, and a walk over so few is done before numpy has begun
    for place, state in enumerate(states.tolist()):
        if state == AFFECTED:
            first, last = place if first < 0 else first, place
        elif state != UNSEEN and first >= 0:
            found.append(Run(first, last, place))
            first = -1
    return [*found, Run(first, last, None)] if first >= 0 else found


def written(run: Run, versions: Sequence[Version], *, from_first: bool) -> Span:
    """Write a run as a span; with `from_first`, one that begins with the first version there is has no beginning."""
    return Span(
        None if from_first and run.first == 0 else versions[run.first],
        None if run.after is None else versions[run.after],
    )


def spans_of(states: States, versions: Sequence[Version]) -> tuple[Span, ...]:
    """Write all runs as spans."""
    return tuple(written(run, versions, from_first=True) for run in runs(states))

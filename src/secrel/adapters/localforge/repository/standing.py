"""How merge requests stand in git: open or merged, by which commit, with which conflicts.

A merge request is merged when its branch's newest commit is in the target. Two things that look like it are not: a
branch that has no work of its own (made from the target and left there), and a branch that was put back to where the
target is while its work is nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from secrel.adapters.localforge.repository.history import RepositoryReader
from secrel.words.forge import State

_ALL_TIME = -(1 << 62)


class RequestStanding(Struct, frozen=True):
    """How one merge request stands.

    `head` is the newest commit of its own (empty: none yet), `base` where that left the target, `carrier` what
    brought it into the target; `commit` is what the port calls so; `committed` and `moved` are the times of `commit`
    and of the branch's newest commit, in seconds since 1970. `stands` are the files of a merged one in the target now.
    `writers` are the authors of its own commits, of one that is open.
    """

    state: State
    head: str = ""
    base: str = ""
    carrier: str = ""
    commit: str = ""
    committed: int = 0
    moved: int = 0
    has_conflicts: bool = False
    files: tuple[tuple[str, str], ...] = ()
    stands: tuple[tuple[str, str], ...] | None = None
    writers: tuple[str, ...] = ()

    @property
    def record(self) -> tuple[str, str, str]:
        """What the file remembers of it."""
        return self.head, self.base, self.carrier


class BranchLook:
    """One look at the merge requests of one repository: every branch is asked for once."""

    def __init__(self, history: RepositoryReader, rows: Sequence[Any], *, shows_files: bool) -> None:
        """Look where all branches are, and how far back their histories have to be walked."""
        self._history = history
        self._shows_files = shows_files
        self._tips = history.tips(name for row in rows for name in (row.branch, row.target))
        known = {*self._tips.values()}
        known.update(commit for row in rows for commit in (row.head, row.merge_commit) if self._is_there(commit))
        self._since = history.since(known - {""})

    def _is_there(self, commit: str) -> bool:
        return bool(commit) and self._history.has(commit)

    def standing(self, row: Any) -> RequestStanding:
        """Tell how one of the merge requests stands."""
        head = self._tips[row.branch] or (row.head if self._is_there(row.head) else "")
        tip = self._tips[row.target]
        if row.is_closed:
            return self._made(State.CLOSED, head, row.base if head == row.head else "", head)
        if not tip:  # the target is gone, and with it all that could be asked
            return self._merged(row.head, row.base, row.carrier, "") if row.carrier else self._stuck(head)
        carried = self._history.carried(tip, self._since)
        if row.merge_commit in carried and head in {"", row.merged_head}:
            return self._merged(row.merged_head, row.base, carried[row.merge_commit], tip)
        if not head:
            return self._stuck(head)
        return self._found(row, tip, head, carried)

    def _found(self, row: Any, tip: str, head: str, carried: Mapping[str, str]) -> RequestStanding:
        if head not in carried:
            fork = self._history.fork(tip, head, carried, self._since)
            if fork[0] != head:
                is_stuck = not self._tips[row.branch] or self._history.conflicts(tip, head, fork)
                return self._made(State.OPENED, head, fork[0], head, has_conflicts=is_stuck)
            carried = self._history.carried(tip, _ALL_TIME)  # clocks were wrong by more than the walk allows for
        carrier = carried[head]
        if carrier != head:
            before = self._history.parents_of(carrier)[0]
            base = row.base if head == row.head and row.base else self._history.merge_base(before, head)
            return self._merged(head, base, carrier, tip)
        if row.head == head:
            return self._merged(head, row.base, carrier, tip)
        if row.head in carried:  # its work came in, and then the branch moved on along the target
            return self._merged(row.head, row.base, row.carrier if row.carrier in carried else carrier, tip)
        return RequestStanding(State.OPENED, commit=head)

    def _stuck(self, head: str) -> RequestStanding:
        return self._made(State.OPENED, head, "", head, has_conflicts=True)

    def _merged(self, head: str, base: str, carrier: str, tip: str) -> RequestStanding:
        made = self._made(State.MERGED, head, base, carrier)
        stands = self._history.texts(base, head, tip) if self._shows_files and base and head and tip else None
        return replace(made, stands=stands)

    def _made(self, state: State, head: str, base: str, commit: str, *, has_conflicts: bool = False) -> RequestStanding:
        history = self._history
        return RequestStanding(
            state=state,
            head=head,
            base=base,
            carrier=commit if state is State.MERGED else "",
            commit=commit,
            committed=history.time_of(commit) if commit else 0,
            moved=history.time_of(head) if head else 0,
            has_conflicts=has_conflicts,
            files=history.texts(base, head, commit) if self._shows_files and base and head else (),
            writers=history.writers(base, head) if state is State.OPENED and head else (),
        )

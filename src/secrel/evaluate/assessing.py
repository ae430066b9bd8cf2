"""Judging a release: one verdict for each gate that belongs to it (design.md, One direction; mission M3).

A gate's turn comes when the gates it comes after are passed or waived and its opening time is reached. Before that it
waits, whatever its check would say, unless it is waived or tells of something that has happened and lasts. A gate that
does not belong to the release (another kind of release, or made moot by a signed exception) is not judged at all, and
what comes after it comes after what it came after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from secrel.evaluate.looking import existed_since, person_behind
from secrel.evaluate.people import barred_from, last_word_on, renewed_at
from secrel.evaluate.registry import check_named
from secrel.evaluate.remedies import filled, quoted
from secrel.evaluate.verdicts import (
    Assessment,
    Blocked,
    Check,
    Finding,
    Hidden,
    Judged,
    Passed,
    Pending,
    Question,
    Said,
    UnseenVerdict,
    Verdict,
    Waiting,
    Waived,
    verdict_of,
)
from secrel.evaluate.weighing import weigh
from secrel.process.due import Anchors, Due
from secrel.process.table import Gate, Process
from secrel.snapshot.seen import Snapshot
from secrel.words.errors import Misused, SecrelError
from secrel.words.forge import State
from secrel.words.parts import Seen, Unseen
from secrel.words.people import NAMED, Claim


def assess(
    snapshot: Snapshot, process: Process, now: datetime, find: Callable[[str], Check] = check_named
) -> Assessment:
    """Judge a release at `now` (with a zone); `find` finds a check by its name.

    A check that raises an error of ours leaves its gate unseen, with the reason; nothing else is caught. Raises
    `Misused` when gates of a process made by hand wait for each other in a circle.
    """
    told = anchors(snapshot, now)
    born = None if isinstance(snapshot.tracking, Unseen) else existed_since(snapshot)
    first = replace(told, disclosure_days=min(_disclosure_days(snapshot)))
    renewed = None if isinstance(snapshot.live, Unseen) else renewed_at(snapshot)
    bench = _Bench(snapshot, process, now, find, told, first, _unknown(snapshot, told, now), born, renewed)
    rows = {gate.name: gate for gate in process.gates}
    for name in _in_order(process):
        bench.judge(rows[name])
    judged = tuple(bench.judged[gate.name] for gate in process.gates if gate.name in bench.judged)
    return Assessment(snapshot.release.name, now, judged)


def anchors(snapshot: Snapshot, now: datetime) -> Anchors:
    """Give the instants that due rules count from; the issues are disclosed when the last of them becomes public.

    The announcement is the merge of the post; a release that has no fix announces nothing, and counts from its due
    instant once that has passed (gitlab-process.md 10, 18). What could not be seen is as if it had not come about:
    the gates that count from it are unseen.
    """
    release, announced = snapshot.release, snapshot.announced_at
    if snapshot.live == Seen(None, snapshot.live.where) and _is_empty(snapshot) and now >= release.due:
        announced = release.due
    return Anchors(release.due, announced, max(_disclosure_days(snapshot)))


def _disclosure_days(snapshot: Snapshot) -> list[int]:
    """Give after how many days the issue of each fix becomes public; those of the release while there is none."""
    release, told = snapshot.release, {one.fix: one for one in snapshot.contents.advisories}
    known = [told.get(fix.ref) for fix in snapshot.tracked_fixes]
    days = [one.days_until_public(release) if one else release.disclosure_days for one in known]
    return days or [release.disclosure_days]


def _is_empty(snapshot: Snapshot) -> bool:
    return isinstance(snapshot.fixes, Seen) and not snapshot.fixes.value and not snapshot.fixes.shortfall


def _unknown(snapshot: Snapshot, told: Anchors, now: datetime) -> str:
    """Say why nobody can tell whether the release is announced; empty when everybody can."""
    if isinstance(snapshot.live, Unseen):
        return f"the release post could not be seen: {snapshot.live.reason}"
    might_be_empty = told.announcement is None and now >= told.due and not snapshot.tracked_fixes
    if might_be_empty and not _is_empty(snapshot):
        return "the fixes could not be seen"
    return ""


def _nothing(gate: Gate, waivers: Sequence[Claim]) -> Verdict:
    """Give the verdict of a gate whose check had nothing to look at: it never passes for that."""
    if waivers:
        newest = waivers[-1]
        return Waived(newest.by, newest.at, newest.words)
    return Waiting(pending=(Pending(gate.name, "there is nothing to look at yet"),))


def _in_order(process: Process) -> tuple[str, ...]:
    return _sorted(tuple((gate.name, (*gate.after, *gate.moot_if_waived)) for gate in process.gates), process.name)


@lru_cache(maxsize=16)  # the table stays, and is walked at every look
def _sorted(rows: tuple[tuple[str, tuple[str, ...]], ...], place: str) -> tuple[str, ...]:
    known = dict(rows)
    try:
        return tuple(name for name in TopologicalSorter(known).static_order() if name in known)
    except CycleError as fault:
        circle = ", ".join(fault.args[1])
        raise Misused(
            f"these gates wait for each other: {circle}",
            where=place,
            remedy="take one `after` out of the circle",
        ) from fault


class _Bench(Struct):
    """Gates being judged, each after those it depends on; `blockers` are the gates that each one still holds up for.

    A gate has to hold when all issues are disclosed, by `anchors`, and opens when the first of them is, by `opening`.
    `unknown` says why nobody can tell whether the release is announced; empty when everybody can. `born` is since when
    the release exists, None when nobody can tell; `renewed` when facts changed after the announcement.
    """

    snapshot: Snapshot
    process: Process
    now: datetime
    find: Callable[[str], Check]
    anchors: Anchors
    opening: Anchors
    unknown: str
    born: datetime | None
    renewed: datetime | None
    judged: dict[str, Judged] = field(default_factory=dict)
    blockers: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def judge(self, gate: Gate) -> None:
        """Judge one gate, whose predecessors have been judged."""
        name = gate.name
        kept = self._kept(gate)
        if kept is not None:
            self.blockers[name] = ()
            self.judged[name] = self._judged(gate, kept, self._due(gate), ())
            return
        waits = tuple(dict.fromkeys(one for other in gate.after for one in self.blockers.get(other, (other,))))
        if not self._belongs(gate):
            self.blockers[name] = waits
            return
        opens, (before, is_due) = self._instant(gate.opens, self.opening), self._due(gate)
        due = self._again(gate, before)
        open_yet = gate.opens is None or (opens is not None and opens <= self.now)
        waivers = self._waivers(gate)
        is_asked = (not waits and open_yet) or gate.lasting or bool(waivers)
        said = self._answers(gate, due) if is_asked else ()
        if self.unknown and gate.due is not None and due is None and any(isinstance(one, Pending) for one in said):
            said = (*said, Hidden(self.unknown))  # whether it is overdue
        ends = max((one.until for one in said if isinstance(one, Pending) and one.until), default=None)
        if ends is not None and before is not None and (due is None or due < ends):
            due, is_due = ends, False
        overdue = due is not None and due <= self.now
        own = NAMED in gate.not_by
        weighed = weigh(said, overdue=overdue, waivers=waivers, never_ones_own=own) if said else None
        verdict = weighed or _nothing(gate, waivers)
        if waits or not open_yet:
            stands = isinstance(verdict, Waived) or (gate.lasting and isinstance(verdict, Passed))
            verdict = verdict if stands and said else self._not_yet(gate, waits, opens)
        holds = isinstance(verdict, Passed | Waived)
        self.blockers[name] = () if holds else (name,)
        self.judged[name] = self._judged(gate, verdict, (before if holds else due, is_due), said)

    def _not_yet(self, gate: Gate, waits: tuple[str, ...], opens: datetime | None) -> Verdict:
        if self.unknown and not waits and gate.opens is not None and opens is None:
            return UnseenVerdict((self.unknown,))
        return Waiting(waits, None if opens is not None and opens <= self.now else opens)

    def _kept(self, gate: Gate) -> Verdict | None:
        """Give the verdict by which the draft was carried over into the release post, once it is no longer open.

        From then on the post is what counts, and nothing that becomes of the draft changes what was true of it.
        """
        carried, draft = self.snapshot.carried, self.snapshot.draft
        is_open = isinstance(draft, Seen) and draft.value is not None and draft.value.state is State.OPENED
        if carried is None or is_open or any(self._denied(gate)):
            return None
        verdict = verdict_of(gate.name, carried.vouched)
        if not isinstance(verdict, Passed):
            return verdict
        at = f"at {carried.at:%Y-%m-%d %H:%M %Z}, when the release post was made of it"
        return Passed(tuple(replace(one, what=f"{one.what} ({at})") for one in verdict.evidence))

    def _belongs(self, gate: Gate) -> bool:
        if self.snapshot.cancelled is not None:
            return False  # nothing is wanted of it any more
        moot = any(
            other in self.judged and isinstance(self.judged[other].verdict, Waived) for other in gate.moot_if_waived
        )
        return self.snapshot.release.kind in gate.kinds and not moot

    def _due(self, gate: Gate) -> tuple[datetime | None, bool]:
        """Tell until when a gate has to hold, and whether it has to by now.

        Nothing is overdue at birth: what was due before the release existed has to hold now, and is overdue only when
        the release itself is due.
        """
        due = self._instant(gate.due, self.anchors)
        is_due = gate.due is None or (due is not None and due <= self.now)
        is_late_born = due is not None and self.born is not None and due <= self.born < self.anchors.due
        return (self.anchors.due if is_late_born else due), is_due

    def _again(self, gate: Gate, due: datetime | None) -> datetime | None:
        """Tell until when a gate has to hold that facts of an announced release may have opened again.

        A correction is not late by the time that has passed since the announcement: what is to be told again is due as
        long after the change as it was after what it counted from.
        """
        if gate.due is None or due is None or self.renewed is None or due > self.renewed:
            return due
        return gate.due.again(self.renewed)

    def _instant(self, rule: Due | None, anchors: Anchors) -> datetime | None:
        return None if rule is None else rule.instant(anchors)

    def _waivers(self, gate: Gate) -> list[Claim]:
        """Give the exceptions that count, oldest first: none of somebody whom it frees by what they are by now."""
        signed = [
            claim
            for claim in self.snapshot.claims
            if claim.waives and claim.gate == gate.name and claim.release == self.snapshot.release.name
        ]
        counting = (claim for claim in signed if not barred_from(self.snapshot, gate, claim.by))
        return sorted(counting, key=lambda claim: claim.at)

    def _answers(self, gate: Gate, due: datetime | None) -> tuple[Said, ...]:
        question: Question[Any] = Question(gate, self.process, self.now, due)

        def answers() -> Iterator[Said]:
            try:
                yield from self.find(gate.check)(self.snapshot, question)
            except SecrelError as error:
                yield Hidden(str(error))

        return (*self._denied(gate), *answers())

    def _denied(self, gate: Gate) -> Iterator[Finding]:
        """Give the no that stands against a gate, whatever its check would say: until somebody says yes."""
        said = last_word_on(self.snapshot, gate.name)
        if said is not None and said.denies:
            of = f" of {said.about}" if said.about else ""
            what = f"said no{of} at {said.at:%Y-%m-%d %H:%M %Z}: {said.words}"
            yes = f'secrel claim {quoted(self.snapshot.release.name)} {quoted(gate.name)} --yes --words "…"'
            yield Finding(said.by, what, yes, since=said.at)

    def _judged(
        self, gate: Gate, verdict: Verdict, when: tuple[datetime | None, bool], said: tuple[Said, ...]
    ) -> Judged:
        owner = person_behind(gate.owner, self.snapshot, self.process)
        who, command = self._turn(gate, verdict, said)
        return Judged(gate, verdict, *when, who or owner, command, is_owners=who in {"", owner})

    def _turn(self, gate: Gate, verdict: Verdict, said: tuple[Said, ...]) -> tuple[str, str]:
        """Tell whose turn it is, empty for the gate's owner, and what they run."""
        match verdict:
            case Blocked(findings=(first, *_)):
                name = self.snapshot.release.name
                remedy = first.remedy or filled(gate.remedy, release=name, gate=gate.name, about=first.about)
                return first.who, remedy
            case Waiting(pending=(first, *_)):
                return first.who, first.remedy
            case UnseenVerdict():
                return "", next((one.remedy for one in said if isinstance(one, Hidden) and one.remedy), "secrel doctor")
            case _:
                return "", ""

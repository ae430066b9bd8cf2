"""Three texts into one: what the desk last wrote, what it would write now, and what a person made of it (mission M3).

A three-way merge by lines. The person's lines are kept byte for byte, whatever the desk would write in their place;
where both changed the same lines differently, the person's text stays and the desk's is handed back as a conflict.
Finer than diff3, because a checklist has many short lines: changes of neighbouring lines are no conflict, and neither
are two insertions at one place (both stay, the person's first).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import itemgetter

from msgspec import Struct

from secrel.words.patterns import pattern

SHOWN = "> The desk would write: "
"""How a line begins that shows a conflict inside a text (`shown`): the desk's own, and no person's."""
SHOWN_REMOVAL = "> The desk would remove this."
"""The line that shows a conflict in which the desk would write nothing."""

_BOX = pattern(r"\[[ xX]\]")
_FARTHEST = 600


class Conflict(Struct, frozen=True):
    """Lines that both changed. `line` counts from 1 in the merged text: there the person's text stands, or stood.

    `desk_text` is what the desk would write, `person_text` what stays: whole lines; empty when that side removed them.
    """

    line: int
    desk_text: str
    person_text: str


class Merged(Struct, frozen=True):
    """The merged text, and what could not be merged into it, from the top down.

    `base` is for the next merge: the desk's text, but what it was before where the two disagree, so that they go on.
    """

    text: str
    conflicts: tuple[Conflict, ...] = ()
    base: str = ""


def merge(base: str, ours: str, theirs: str) -> Merged:
    r"""Merge what the desk would write now (`ours`) into the text as found (`theirs`); `base` is what it last wrote.

    Every line that a person added or changed is in the result as it was found, with its end (`\n`, `\r\n` or, on
    the last line, none). Lines that differ in their end alone count as the same; the desk's lines get the end that
    most of the found ones have. Never raises; 5,000 lines take well under a second.
    """
    if base == theirs:
        return Merged(ours, (), ours)
    before, desk, person = _Text.of(base), _Text.of(ours), _Text.of(theirs)
    kept_pairs = matches(before.keys, person.keys)
    desk_edits = _edits(before, desk, matches(before.keys, desk.keys))
    person_edits = _edits(before, person, kept_pairs)
    kept = list(before.keys)
    for i, j in kept_pairs:
        kept[i] = person.lines[j]
    return _Merging(before, desk, person, kept).run(desk_edits, person_edits)


def shown(merged: Merged) -> str:
    """Give the merged text with each conflict shown below the lines it is about, as quotes that begin with `SHOWN`."""
    text = _Text.of(merged.text)
    lines, ending = list(text.lines), text.usual_ending
    for conflict in reversed(merged.conflicts):
        place = conflict.line - 1 + len(_Text.of(conflict.person_text).lines)
        desk = [f"{SHOWN}{key}{ending}" for key in _Text.of(conflict.desk_text).keys]
        lines[place:place] = desk or [SHOWN_REMOVAL + ending]
    return _joined(lines, is_ended=text.is_ended)


def hidden(text: str) -> str:
    """Take out of a text as found what `shown` put in; to be done before the text is merged again."""
    found = _Text.of(text)
    lines = [line for line in found.lines if not line.startswith((SHOWN, SHOWN_REMOVAL))]
    return _joined(lines, is_ended=found.is_ended)


class _Text(Struct, frozen=True):
    r"""A text as its lines without their `\n`, and whether the last one had it."""

    lines: tuple[str, ...]
    is_ended: bool

    @classmethod
    def of(cls, text: str) -> _Text:
        if not text:
            return cls((), is_ended=False)
        return cls(tuple(text.removesuffix("\n").split("\n")), text.endswith("\n"))

    @property
    def keys(self) -> list[str]:
        """Lines as they are compared: without their end."""
        return [line.removesuffix("\r") for line in self.lines]

    @property
    def usual_ending(self) -> str:
        r"""What most lines have before their `\n`: a carriage return, or nothing."""
        return "\r" if sum(line.endswith("\r") for line in self.lines) * 2 > len(self.lines) else ""


def _joined(lines: Sequence[str], *, is_ended: bool) -> str:
    return "\n".join(lines) + ("\n" if is_ended and lines else "")


class _Edit(Struct, frozen=True):
    """One side's change: base lines `start` to `end` (not included) became `lines`; equal ends are an insertion."""

    start: int
    end: int
    lines: tuple[str, ...]

    @property
    def is_insertion(self) -> bool:
        return self.start == self.end

    def touches(self, other: _Edit) -> bool:
        """Whether both change one base line, insert at one place, or one inserts inside what the other replaces."""
        if self.is_insertion and other.is_insertion:
            return self.start == other.start
        return self.start < other.end and other.start < self.end


def _edits(base: _Text, side: _Text, same: list[tuple[int, int]]) -> list[_Edit]:
    """What one side changed, from the top down, in pieces as small as can be told."""
    before = base.keys
    found: list[_Edit] = []
    i = j = 0
    for i_next, j_next in [*same, (len(base.lines), len(side.lines))]:
        found += _pieces(i, before[i:i_next], side.lines[j:j_next])
        i, j = i_next + 1, j_next + 1
    return found


def _pieces(start: int, before: Sequence[str], after: Sequence[str]) -> Iterator[_Edit]:
    """Split one changed stretch: lines that differ in their box alone belong together, else lines of equal number."""
    loose_before = [_BOX.sub("[ ]", line) for line in before]
    loose_after = [_BOX.sub("[ ]", line.removesuffix("\r")) for line in after]
    i = j = 0
    for i_next, j_next in [*matches(loose_before, loose_after), (len(before), len(after))]:
        yield from _plain_pieces(start + i, start + i_next, after[j:j_next])
        if i_next < len(before):
            yield _Edit(start + i_next, start + i_next + 1, (after[j_next],))
        i, j = i_next + 1, j_next + 1


def _plain_pieces(start: int, end: int, lines: Sequence[str]) -> Iterator[_Edit]:
    if end - start == len(lines):
        yield from (_Edit(start + n, start + n + 1, (line,)) for n, line in enumerate(lines))
    else:
        yield _Edit(start, end, tuple(lines))


def _groups(desk: list[_Edit], person: list[_Edit]) -> Iterator[tuple[list[_Edit], list[_Edit]]]:
    """Put together the edits of both sides that touch, directly or through others, in the order of the base."""
    # what is inserted before a line comes before what replaces the line
    ordered = sorted(
        [(e.start, e.end, 0, e) for e in desk] + [(e.start, e.end, 1, e) for e in person], key=itemgetter(0, 1, 2)
    )
    group: tuple[list[_Edit], list[_Edit]] = ([], [])
    reach = _Edit(-1, -1, ())
    for _, _, side, edit in ordered:
        if not reach.touches(edit):
            yield group
            group, reach = ([], []), edit
        group[side].append(edit)
        reach = _Edit(reach.start, max(reach.end, edit.end), ())
    yield group


def _applied(lines: Sequence[str], edits: Sequence[_Edit], start: int, end: int) -> list[str]:
    """Base lines `start` to `end`, with the edits of one side made."""
    result: list[str] = []
    for edit in edits:
        result += [*lines[start : edit.start], *edit.lines]
        start = edit.end
    return result + list(lines[start:end])


class _Merging:
    """The merged lines as they grow, and the conflicts on the way."""

    def __init__(self, base: _Text, desk: _Text, person: _Text, kept: Sequence[str]) -> None:
        """`kept` are the base's lines, in the person's bytes where the person has them still."""
        self.base, self.desk, self.person, self.kept = base, desk, person, kept
        self.ending = person.usual_ending
        self.lines, self.next = list[str](), list[str]()
        self.conflicts: list[Conflict] = []

    def run(self, desk_edits: list[_Edit], person_edits: list[_Edit]) -> Merged:
        """Decide group by group, and keep what lies between."""
        done = 0
        for group in _groups(desk_edits, person_edits):
            edits = group[0] + group[1]
            if not edits:
                continue
            start, end = min(e.start for e in edits), max(e.end for e in edits)
            self.lines += self.kept[done:start]
            self.next += self.base.lines[done:start]
            self._decide(group[0], group[1], start, end)
            done = end
        self.lines += self.kept[done:]
        self.next += self.base.lines[done:]
        is_persons = self.person.lines and (self.person.is_ended != self.base.is_ended or not self.desk.lines)
        is_ended = self.person.is_ended if is_persons else self.desk.is_ended
        if self.ending and not is_ended and self.lines[-1:] != list(self.person.lines[-1:]):
            self.lines[-1:] = _keys(self.lines[-1:])
        text, base = _joined(self.lines, is_ended=is_ended), _joined(self.next, is_ended=self.desk.is_ended)
        return Merged(text, tuple(self.conflicts), base)

    def _decide(self, desk_edits: list[_Edit], person_edits: list[_Edit], start: int, end: int) -> None:
        written = _applied(self.base.lines, desk_edits, start, end)
        desk = [self._ended(line) for line in written]
        person = _applied(self.kept, person_edits, start, end)
        if not person_edits:
            self.lines += desk
        elif start == end and desk_edits:
            self.lines += _both(person, desk)
        else:
            if desk_edits and _keys(desk) != _keys(person):
                line = len(self.lines) + 1
                self.conflicts.append(Conflict(line, _joined(desk, is_ended=True), _joined(person, is_ended=True)))
                written = list(self.base.lines[start:end])
            self.lines += person
        self.next += written

    def _ended(self, line: str) -> str:
        """A line of the desk's, ended as the person's text ends its own."""
        return line.removesuffix("\r") + self.ending if self.ending else line


def _keys(lines: Sequence[str]) -> list[str]:
    return [line.removesuffix("\r") for line in lines]


def _both(person: Sequence[str], desk: Sequence[str]) -> list[str]:
    """Two insertions at one place: what both have once, in the person's bytes; else the person's first."""
    result: list[str] = []
    i = j = 0
    for i_next, j_next in [*matches(_keys(person), _keys(desk)), (len(person), len(desk))]:
        result += [*person[i:i_next], *desk[j:j_next], *person[i_next : i_next + 1]]
        i, j = i_next + 1, j_next + 1
    return result


def matches(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of places of equal lines, rising on both sides: what stayed of `before` in `after`.

    Lines that occur once on both sides are the anchors (patience); between them the shortest way of changing one
    into the other is looked for, and given up when it is longer than 600 lines.
    """
    pairs: list[tuple[int, int]] = []
    pending = [(0, len(before), 0, len(after))]
    while pending:
        i, i_end, j, j_end = pending.pop()
        while i < i_end and j < j_end and before[i] == after[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        while i < i_end and j < j_end and before[i_end - 1] == after[j_end - 1]:
            i_end, j_end = i_end - 1, j_end - 1
            pairs.append((i_end, j_end))
        anchors = _anchors(before[i:i_end], after[j:j_end])
        pairs += [(i + i_step, j + j_step) for i_step, j_step in anchors]
        stops = [(-1, -1), *anchors, (i_end - i, j_end - j)]
        if anchors:
            pending += [(i + a + 1, i + c, j + b + 1, j + d) for (a, b), (c, d) in pairwise(stops)]
        else:
            shared = set(before[i:i_end]).intersection(after[j:j_end])
            left = [(place, before[place]) for place in range(i, i_end) if before[place] in shared]
            right = [(place, after[place]) for place in range(j, j_end) if after[place] in shared]
            way = _shortest([line for _, line in left], [line for _, line in right])
            pairs += [(left[a][0], right[b][0]) for a, b in way]
    return sorted(pairs)


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that occur once on both sides, as many of them as keep their order."""
    counts = Counter(after)
    once_after = {line: j for j, line in enumerate(after) if counts[line] == 1}
    once_before = Counter(before)
    found = [(i, once_after[line]) for i, line in enumerate(before) if once_before[line] == 1 and line in once_after]
    ends, tops, links = list[int](), list[int](), list[int]()
    for index, (_, j) in enumerate(found):
        pile = bisect_left(ends, j)
        links.append(tops[pile - 1] if pile else -1)
        ends[pile : pile + 1] = [j]
        tops[pile : pile + 1] = [index]
    chain: list[tuple[int, int]] = []
    index = tops[-1] if tops else -1
    while index >= 0:
        chain.append(found[index])
        index = links[index]
    return chain[::-1]


def _shortest(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of equal lines on the shortest way from one to the other (Myers 1986); none when it is too long.

    A row holds, per diagonal `x - y`, the farthest `x` that a number of changes reaches.
    """
    width, height = len(before), len(after)
    rows: list[dict[int, int]] = []
    for changes in range(min(width + height, _FARTHEST) + 1):
        row: dict[int, int] = {}
        for diagonal in range(-changes, changes + 1, 2):
            x = _entered(rows, diagonal, width, height)
            if x < 0:
                continue
            while x < width and x - diagonal < height and before[x] == after[x - diagonal]:
                x += 1
            row[diagonal] = x
        rows.append(row)
        if row.get(width - height) == width:
            return _walked(rows, width, height)
    return []


def _entered(rows: Sequence[dict[int, int]], diagonal: int, width: int, height: int) -> int:
    """Where one more change enters a diagonal, farthest first; -1 when it cannot."""
    if not rows:
        return 0
    down = rows[-1].get(diagonal + 1, -1)
    right = rows[-1].get(diagonal - 1, -2) + 1
    return max(down if down - diagonal <= height else -1, right if right <= width else -1)


def _walked(rows: list[dict[int, int]], width: int, height: int) -> list[tuple[int, int]]:
    """The way back through the rows, as the pairs of equal lines on it."""
    pairs: list[tuple[int, int]] = []
    x, y = width, height
    while rows:
        rows.pop()
        diagonal = x - y
        entered = _entered(rows, diagonal, width, height)
        pairs += [(step, step - diagonal) for step in range(entered, x)]
        came_down = bool(rows) and rows[-1].get(diagonal + 1, -1) == entered and entered - diagonal <= height
        x, y = (entered, entered - diagonal - 1) if came_down else (entered - 1, entered - diagonal)
    return pairs

"""Where new lines of the desk's go in a checklist that people have written in and moved about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from secrel.papers.checklist.lines import ChecklistLine


def placed(standing: Sequence[ChecklistLine], now: Iterable[ChecklistLine]) -> list[ChecklistLine]:
    """Put those lines of `now` that are not standing yet among those that are, in `now`'s order.

    A new line comes after the one that it follows in `now`, and below what a person wrote directly under that one; a
    new block begins before the desk's next line, so that it takes nobody's note away from the block above.
    """
    places: dict[str, int] = {}
    for place, line in enumerate(standing):
        places.setdefault(line.key, place)
    new: defaultdict[int, list[ChecklistLine]] = defaultdict(list)
    slot = -1
    blanks: list[ChecklistLine] = []
    for line in now:
        if not line.key:
            blanks.append(line)
            continue
        if line.key in places:
            slot = _end_of_line(standing, places[line.key])
        else:
            if line.is_heading:
                slot = _end_of_block(standing, slot)
            new[slot].extend([*blanks, line])
        blanks = []
    return list(_joined(standing, new))


def _end_of_line(standing: Sequence[ChecklistLine], place: int) -> int:
    while place + 1 < len(standing) and _clings(standing[place + 1]):
        place += 1
    return place


def _clings(line: ChecklistLine) -> bool:
    return line.is_remark or not (line.key or line.is_blank or line.is_heading)


def _end_of_block(standing: Sequence[ChecklistLine], slot: int) -> int:
    last = slot
    for place in range(slot + 1, len(standing)):
        line = standing[place]
        if line.key and not line.is_remark:
            break
        if not line.is_blank:
            last = place
    return last


def _joined(standing: Sequence[ChecklistLine], new: defaultdict[int, list[ChecklistLine]]) -> Iterator[ChecklistLine]:
    after_blank = True
    for place in range(-1, len(standing)):
        if place >= 0:
            yield standing[place]
            after_blank = standing[place].is_blank
        for line in new.get(place, ()):
            if not (line.is_blank and after_blank):
                yield line
            after_blank = line.is_blank

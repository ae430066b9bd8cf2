"""What becomes of one line of the desk's that is still there: the three-way merge, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from secrel.papers.checklist.lines import DISPUTE, GONE, NOTE, OWN, ChecklistLine, imprint_of
from secrel.words.merging import merge
from secrel.words.patterns import pattern

_WORD = pattern(r"\s*\S+|\s+\Z")
_START = pattern(r"[\s>]*(?:#{1,6} |(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\] )?)?")
_WITHDRAWN = "the desk has no such line any more; it stays because of what you wrote"
_TICKED = "ticked by hand, and the evidence does not say so: the box follows the evidence"
_UNTICKED = "unticked by hand, and the evidence says that it holds: the box follows the evidence"


class ConflictKind(StrEnum):
    """What a conflict is about."""

    EDITED = "edited"
    FLIPPED = "flipped"
    WITHDRAWN = "withdrawn"


class LineConflict(Struct, frozen=True):
    """A person and the desk do not agree on a line: `yours` is what stands there, `desks` what the desk would say."""

    kind: ConflictKind
    key: str
    yours: str
    desks: str


class LineRemark(Struct, frozen=True):
    """A line that the desk puts under another one, to show a conflict; `is_new` when it has not been shown yet."""

    conflict: LineConflict
    words: str
    is_new: bool

    @property
    def key(self) -> str:
        """The key of its line."""
        return f"{DISPUTE if self.conflict.kind is ConflictKind.FLIPPED else NOTE}{self.conflict.key}"


class Ruling(Struct, frozen=True):
    """What becomes of a line: as it will stand (None: taken away), and the remarks it needs by their keys."""

    line: ChecklistLine | None
    remarks: Mapping[str, LineRemark]


def rule(found: ChecklistLine, base: ChecklistLine | None, now: ChecklistLine, dispute: ChecklistLine | None) -> Ruling:
    """Judge a line that a person has and the desk still has; `base` as last written, `dispute` its remark, if any.

    Words follow whoever changed them; when both did, a word-by-word merge decides, and where that fails the
    person's words stay and the desk's are shown below. The box follows the evidence, unless it is a person's own.
    """
    remarks: dict[str, LineRemark] = {}
    if found == now and dispute is None:
        return Ruling(found, remarks)
    if not found.is_edited or imprint_of(found.words) == now.imprint:
        line = _renewed(found, now)
    else:
        line, remark = _merged(found, base, now)
        remarks[NOTE + found.key] = remark
    if found.key.startswith(OWN):
        return Ruling(line if found.ticked is None else line.with_box(ticked=found.ticked), remarks)
    if now.ticked is None:
        return Ruling(line, remarks)
    if found.ticked != now.ticked and found.is_flipped:
        remarks[DISPUTE + found.key] = _disputed(found, now, ticked=not now.ticked, is_new=True)
    elif dispute is not None and (dispute.box == "x") != now.ticked:
        remarks[DISPUTE + found.key] = _disputed(found, now, ticked=not now.ticked, is_new=False)
    return Ruling(replace(line.with_box(ticked=now.ticked), box=now.box), remarks)


def withdraw(found: ChecklistLine, *, is_held: bool) -> Ruling:
    """Judge a line that the desk does not have any more: it goes, unless a person wrote in it, or below it.

    One whose mark a person wrote is theirs, until the desk has such a line.
    """
    if not found.imprint:
        return Ruling(found, {})
    if not (is_held or found.is_edited or found.is_flipped):
        return Ruling(None, {})
    conflict = LineConflict(ConflictKind.WITHDRAWN, found.key, found.words, "")
    remark = LineRemark(conflict, _WITHDRAWN, is_new=found.imprint != GONE)
    return Ruling(replace(found, imprint=GONE), {NOTE + found.key: remark})


def remark_line(place: ChecklistLine, remark: LineRemark) -> ChecklistLine:
    """Write a remark as a line below its subject, or in the place of the same remark as it was before."""
    depth = place.depth if place.is_remark else 0 if place.is_heading else place.depth + 2
    box = "x" if remark.words == _TICKED else "-"
    words = f"{' ' * depth}- ⚠ {remark.words}"
    return ChecklistLine("", place.end, remark.key, box, imprint_of(words)).with_words(words)


def _renewed(found: ChecklistLine, now: ChecklistLine) -> ChecklistLine:
    if imprint_of(found.words) == now.imprint:
        return replace(found, imprint=now.imprint, box=now.box)
    return replace(now, end=found.end)


def _merged(found: ChecklistLine, base: ChecklistLine | None, now: ChecklistLine) -> tuple[ChecklistLine, LineRemark]:
    conflict = LineConflict(ConflictKind.EDITED, found.key, found.words, now.words)
    remark = LineRemark(conflict, f"the desk now says: {_START.sub('', now.words, count=1)}", is_new=False)
    if found.imprint == now.imprint:
        return found, remark
    told = replace(found, imprint=now.imprint)
    if base is not None and imprint_of(base.words) == found.imprint:
        merged = merge(_apart(base), _apart(now), _apart(found))
        if not merged.conflicts:
            return told.with_words("".join(merged.text.split("\n"))), remark
    return told, replace(remark, is_new=True)


def _apart(line: ChecklistLine) -> str:
    """One word to a line, each with the blanks before it; the box is not part of the contest."""
    return "\n".join([*_WORD.findall(line.with_box(ticked=False).words), ""])


def _disputed(found: ChecklistLine, now: ChecklistLine, *, ticked: bool, is_new: bool) -> LineRemark:
    conflict = LineConflict(ConflictKind.FLIPPED, found.key, "ticked" if ticked else "not ticked", now.words)
    return LineRemark(conflict, _TICKED if ticked else _UNTICKED, is_new=is_new)

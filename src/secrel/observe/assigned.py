"""What our CNA says of ids in the notes on a CVE request: assigned, or rejected (gitlab-process.md 1.1, utils.rb)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from secrel.journal.entries import Entry
from secrel.journal.intents import prepared
from secrel.words.advisories import Advisory
from secrel.words.effects import TellReporter
from secrel.words.forge import Issue
from secrel.words.ids import CVE, CveId
from secrel.words.parts import Part, Seen, Unseen
from secrel.words.patterns import pattern
from secrel.words.people import handle_of

_CVE = pattern(rf"\b{CVE.pattern}", re.ASCII)
_CLAUSE = pattern(
    r"[.;,!?\n]|\b(?:in favou?r of|replaced by|superseded by|duplicate of|instead of|instead|use|and)\b", re.IGNORECASE
)
_REJECTED = pattern(r"\b(?:reject(?:ed|s|ion|ing)?|withdr(?:awn|ew|aw)|revoked?)\b", re.IGNORECASE)
_NOT = pattern(r"\bnot?\b|n\u2019t\b|n't\b", re.IGNORECASE)
_IT = pattern(r"\b(?:it|this|that|the id)\b", re.IGNORECASE)


class Assigned(Struct, frozen=True):
    """The ids that are assigned by the newest note that assigns any, and those that were rejected since."""

    ids: tuple[CveId, ...] = ()
    rejected: tuple[CveId, ...] = ()


def assigned_by_notes(request: Part[Issue | None], cna: str) -> Part[Assigned]:
    """Read what the CNA's notes on a request say, from the first to the newest; unseen when they could not be seen.

    An id is rejected by a clause that says so of it, or of *it* in the same note; one that is assigned again after that
    is assigned.
    """
    if isinstance(request, Unseen):
        return Unseen(f"its CVE request could not be seen: {request.reason}", request.where)
    if request.value is None:
        return Seen(Assigned(), request.where)
    if isinstance(request.value.notes, Unseen):
        reason = f"the notes on its CVE request could not be seen: {request.value.notes.reason}"
        return Unseen(reason, request.value.url)
    found = Assigned()
    for note in request.value.notes if cna else ():
        if handle_of(note.by) == handle_of(cna):
            found = _after(found, note.body)
    return Seen(found, request.value.url)


def _after(before: Assigned, text: str) -> Assigned:
    """Give what holds after one more note."""
    named: list[CveId] = []
    gone: list[CveId] = []
    for clause in _CLAUSE.split(text) if _REJECTED.search(text) else (text,):
        ids = [CveId.parse(one) for one in _CVE.findall(clause)]
        says_so = _REJECTED.search(clause) is not None and _NOT.search(clause) is None
        if says_so:
            last = named[-1:] or list(before.ids)
            gone += ids or (last if _IT.search(clause) else [])
        else:
            named += ids
    new = tuple(dict.fromkeys(one for one in named if one not in gone))
    rejected = tuple(dict.fromkeys((*(one for one in before.rejected if one not in new), *gone)))
    kept = new or before.ids
    return Assigned(tuple(one for one in kept if one not in rejected), rejected)


def with_reports(advisory: Advisory, entries: Sequence[Entry], name: str) -> Advisory:
    """Give an advisory of the release `name` with the reports that the journal knows of its finders, by their notices.

    An issue loses them before it becomes public, and whoever has a notice still hears of what changes after that. A
    finder has the notice of those who are credited under the same name; where several notices, or none, can be meant,
    nobody knows whose report it was, and nobody is told in another's place.
    """
    if all(credit.report for credit in advisory.credits):
        return advisory
    sent = dict(_notices(entries, f"{name}/report/{advisory.fix}/"))

    def report(named: str) -> str:
        meant = [to for to, names in sent.items() if named in names]
        return meant[0] if len(meant) == 1 else ""

    told = (one if one.report else replace(one, report=report(one.name)) for one in advisory.credits)
    return replace(advisory, credits=tuple(told))


def _notices(entries: Sequence[Entry], prefix: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the address of every notice under `prefix`, and whom it named; of one that was sent anew, the last."""
    for key, notice in prepared(entries).items():
        if key.startswith(prefix) and isinstance(notice, TellReporter):
            yield notice.report, notice.named

"""What the file and the repositories say: issues, merge requests and links, each part by itself seen or unseen."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy

from secrel.adapters.localforge import given, rows, schema
from secrel.adapters.localforge.forge_parts import ForgeParts, needed
from secrel.adapters.localforge.repository.sights import Sights
from secrel.adapters.localforge.repository.standing import BranchLook, RequestStanding
from secrel.adapters.localforge.store import Looking, looking
from secrel.words.effects import Effect
from secrel.words.errors import Broken, Refused
from secrel.words.forge import Issue, Link, MergeRequest, State
from secrel.words.outcomes import CannotTell, Made, NotMade
from secrel.words.parts import Part, Seen, Unseen, mapped, need, tried

if TYPE_CHECKING:  # what writes is loaded with the first change: a look at a release does not pay for it
    from sqlalchemy import Connection

T = TypeVar("T")
Stood = tuple[Any, RequestStanding, MergeRequest]
"""A merge request: its row, how it stands in git, and what is made of both."""
Standings = dict[str, Part[Stood | None]]
"""Merge requests by their references; None for one that is not there."""


class Reading:
    """Reads the forge within one transaction of its file; git is asked beside it.

    What was made of the same rows, and of the same commits, is made once.
    """

    def __init__(self, forge: ForgeParts, *, strict: bool = False) -> None:
        """Take the parts of the forge; a `strict` reading raises what keeps a part from being seen."""
        self._forge = forge
        self._strict = strict
        self._known: dict[str, tuple[tuple[Any, ...], Any]] = {}

    def part(self, look: Callable[[], T], where: str = "") -> Part[T]:
        """Give what one look at the file or at git sees, or why it could not; a strict reading raises that."""

        def saying() -> T:
            try:
                with self._forge.store.saying():
                    return look()
            except ValueError as fault:  # what stands in the file is not what was written there
                raise Broken("the forge's database is damaged") from fault

        return Seen(saying(), where) if self._strict else tried(saying, where)

    def issues(self, db: Looking, refs: Sequence[str]) -> dict[str, Part[Issue | None]]:
        """Give the issues with these references, None for one that is not there."""
        found = self.part(lambda: db.all(rows.ISSUES, rows.wanted(refs)))
        if isinstance(found, Unseen):  # one that is damaged hides no other
            return self._one_by_one(db, refs)
        return self._issues(db, refs, found.value)

    def _one_by_one(self, db: Looking, refs: Sequence[str]) -> dict[str, Part[Issue | None]]:
        made: dict[str, Part[Issue | None]] = {}
        for ref in refs:
            found = self.part(lambda: db.all(rows.ISSUES, rows.wanted([ref])), rows.url_of(ref))  # noqa: B023 - at once
            made |= {ref: found} if isinstance(found, Unseen) else self._issues(db, [ref], found.value)
        return made

    def _issues(self, db: Looking, refs: Sequence[str], found: Iterable[Any]) -> dict[str, Part[Issue | None]]:
        by_ref = {row.ref: row for row in found}
        notes = self.part(lambda: rows.notes_of(db, rows.ISSUE_NOTES, list(by_ref)))
        made: dict[str, Part[Issue | None]] = {ref: Seen(None, rows.url_of(ref)) for ref in refs}
        for ref, row in by_ref.items():
            told = mapped(notes, partial(_of, ref))
            made[ref] = self.part(lambda: self._made(rows.issue_of, row, told), rows.url_of(ref))  # noqa: B023 - at once
        return made

    def marked(self, db: Looking, query: str, keys: Sequence[str]) -> Mapping[str, str]:
        """Give the references of what the effects with these keys made, by key; raises `Broken`."""
        with self._forge.store.saying():
            return {row.mark: row.ref for row in db.all(query, rows.wanted(keys))}

    def links(self, db: Looking, ref: str) -> tuple[Link, ...]:
        """Give all that is and was linked to an issue, from either side, oldest first; raises `Broken`."""
        with self._forge.store.saying():
            needed(db, ref)
            return tuple(rows.link_of(row, ref) for row in db.all(rows.LINKS, {"ref": ref}))

    def requests_of(self, db: Looking, issues: Sequence[str]) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Give the merge requests of these issues by number, as reference and branch; raises `Broken`."""
        theirs: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        with self._forge.store.saying():
            for issue, ref, branch in db.all(rows.MERGE_REQUESTS_OF, rows.wanted(issues)):
                theirs[issue].append((ref, branch))
        return {issue: tuple(theirs[issue]) for issue in issues}

    def standings(self, db: Looking, refs: Sequence[str], sights: Sights | None = None) -> Standings:
        """Give merge requests with their rows and how they stand in git."""
        found = self.part(lambda: db.all(rows.MERGE_REQUESTS, rows.wanted(refs)))
        if isinstance(found, Unseen):
            return dict.fromkeys(refs, found)
        notes = self.part(lambda: rows.notes_of(db, rows.MERGE_REQUEST_NOTES, refs))
        approvals = self.part(lambda: rows.assents_of(db, refs))
        by_project: defaultdict[str, list[Any]] = defaultdict(list)
        for row in found.value:
            by_project[row.project].append(row)
        seen: Standings = {ref: Seen(None, rows.url_of(ref)) for ref in refs}
        for project, theirs in by_project.items():
            sight = self.part(lambda: self._sight(sights, project, theirs), project)  # noqa: B023 - called at once
            for row in theirs:
                hung = [mapped(part, partial(_of, row.ref)) for part in (notes, approvals)]
                seen[row.ref] = sight if isinstance(sight, Unseen) else self._standing(row, sight.value, hung)
        return seen

    def _standing(
        self, row: Any, sight: Callable[[Any], RequestStanding], hung: Sequence[Part[Any]]
    ) -> Part[Stood | None]:
        def stood() -> Stood:
            standing = sight(row)
            since = None if standing.state is not State.MERGED else self._since(row)
            viewed = rows.Viewed(since, row.project in self._forge.public)
            return row, standing, self._made(rows.merge_request_of, row, *hung, standing, viewed)

        return self.part(stood, rows.url_of(row.ref))

    def _since(self, row: Any) -> datetime:
        """Tell when one was merged: as the forge remembers it, or now, when it is seen for the first time."""
        return rows.when(row.merged_since) if row.merged_since else self._forge.now()

    def _sight(self, sights: Sights | None, project: str, theirs: Sequence[Any]) -> Callable[[Any], RequestStanding]:
        if sights is None:  # what is about to change something asks git itself
            return BranchLook(self._forge.history(project), theirs, shows_files=project in self._forge.sites).standing
        return sights.standings(project, theirs, shows_files=project in self._forge.sites)

    def within(self, db: Connection, refs: Sequence[str]) -> list[MergeRequest]:
        """Give merge requests as they stand, by number, within a transaction that writes; what is new is recorded.

        Raises what keeps one of them from being seen.
        """
        seen = self.standings(looking(db), refs)
        found = [one for one in (need(seen[ref], ref) for ref in refs) if one is not None]
        _record(db, found)
        return [made for _, _, made in sorted(found, key=lambda one: (one[0].project, one[0].number))]

    def remember(self, seen: Iterable[Part[Stood | None]]) -> None:
        """Write down where branches were, for the day they are deleted; the look is as true when it cannot."""
        found = [part.value for part in seen if isinstance(part, Seen) and part.value is not None]
        news = [one for one in found if _is_news(*one[:2])]
        if news:
            with contextlib.suppress(Broken), self._forge.store.writing() as db:
                _record(db, news)

    def _made(self, make: Callable[..., T], *parts: Any) -> T:
        """Make something of its parts, or give the one that was made of the same parts last time."""
        ref = parts[0].ref
        if self._known.get(ref, ((), None))[0] != parts:
            self._known[ref] = parts, make(*parts)
        made: T = self._known[ref][1]
        return made


def _of(ref: str, told: Mapping[str, Any]) -> Any:
    """Give what hangs on one thing."""
    return told.get(ref, ())


def _is_news(row: Any, standing: RequestStanding) -> bool:
    is_new = standing.state is State.MERGED and not row.merged_since
    return bool(standing.head) and (is_new or standing.record != (row.head, row.base, row.carrier))


def _record(db: Connection, found: Iterable[Stood]) -> None:
    news = [seen for seen in found if _is_news(*seen[:2])]
    if news:
        change = sqlalchemy.update(schema.merge_requests).where(
            schema.merge_requests.c.ref == sqlalchemy.bindparam("which")
        )
        change = change.values(
            head=sqlalchemy.bindparam("own"),
            base=sqlalchemy.bindparam("left"),
            carrier=sqlalchemy.bindparam("by"),
            merged_since=sqlalchemy.bindparam("since"),
        )
        db.execute(
            change,
            [
                {
                    "which": row.ref,
                    "own": standing.head,
                    "left": standing.base,
                    "by": standing.carrier,
                    "since": given.instant(made.merged_at) if made.merged_at else None,
                }
                for row, standing, made in news
            ],
        )


def made(db: Looking, effect: Effect) -> str | None:
    """Give the address of what the effect made, by its mark; raises `Refused` for a key that another kind used."""
    row = db.first(rows.MADE, {"mark": effect.key})
    if row is None:
        return None
    if row.kind != effect.kind:
        raise Refused(
            f"this key was used for {row.kind}, and now for {effect.kind}",
            where=effect.key,
            remedy="give the second effect a key of its own",
        )
    return str(row.address)


def found(forge: ForgeParts, effect: Effect, begun: datetime | None) -> Made | NotMade | CannotTell:
    """Say whether an effect is there, by its mark; of a blind one nobody can tell once it began."""
    if not effect.findable:
        return NotMade() if begun is None else CannotTell("it leaves no mark by which it could be found")
    with forge.store.reading() as db:
        address = made(db, effect)
    return NotMade() if address is None else Made(address)

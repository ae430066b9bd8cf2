"""The embedded forge: issues and merge requests for a vendor that has no forge, and the rehearsal's stage."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secrel.adapters.localforge import given, rows
from secrel.adapters.localforge.history import History
from secrel.adapters.localforge.room import Room, needed
from secrel.adapters.localforge.standing import Sight, Standing
from secrel.adapters.localforge.store import Looking, Store, StoreOptions, looking
from secrel.words.effects import Effect
from secrel.words.errors import Broken
from secrel.words.forge import Issue, Link, MergeRequest
from secrel.words.releases import Product

if TYPE_CHECKING:  # what writes is loaded with the first change: a look at a release does not pay for it
    from sqlalchemy import Connection

    from secrel.adapters.localforge.hand import LocalHand
    from secrel.adapters.localforge.people import People


class LocalForge:
    """The embedded forge: a `ForgeReader`, a `Hand` for what the desk does to it, and `people` for all others.

    `database` is its one file, made when it is not there; `repositories` has the git repository of each project that
    has one. Merge requests of projects that no product names are those of a site: they show their files. `actor` is in
    whose name the desk acts, `desk` or `Release Desk <desk@example.com>`. `options` say how the file is kept.
    """

    def __init__(  # noqa: PLR0913 - the clock and the name are given, and not read anywhere
        self,
        database: Path,
        repositories: Mapping[str, Path],
        products: Iterable[Product],
        now: Callable[[], datetime],
        actor: str,
        *,
        projects: Collection[str] | None = None,
        options: StoreOptions | None = None,
    ) -> None:
        """Open the forge. `projects` may hold issues besides those with a repository (None: any may)."""
        given.identity(actor)
        self._room = Room(
            store=Store(database, options),
            histories={given.project(name): History(path, name) for name, path in repositories.items()},
            sites=frozenset(repositories) - {product.repository for product in products},
            projects=None if projects is None else frozenset(projects),
            now=now,
            actor=actor,
        )
        self._known: dict[str, tuple[tuple[Any, ...], MergeRequest]] = {}

    @cached_property
    def _hand(self) -> LocalHand:
        from secrel.adapters.localforge.hand import LocalHand  # noqa: PLC0415 - loaded with the first change

        return LocalHand(self._room, self._within)

    @cached_property
    def people(self) -> People:
        """What people and scripts do to it: everything that is not the desk's."""
        from secrel.adapters.localforge.people import People  # noqa: PLC0415 - loaded with the first change

        return People(self._room, self._within)

    def close(self) -> None:
        """Let go of the file."""
        self._room.store.close()

    def issues(self, refs: Sequence[str]) -> Mapping[str, Issue]:
        """Give the issues with these references, without those that do not exist."""
        asked = [given.issue_ref(ref) for ref in refs]
        with self._room.store.reading() as db:
            found = {issue.ref: issue for issue in _issues(db, rows.ISSUES, rows.wanted(asked))}
        return {ref: found[ref] for ref in asked if ref in found}

    def issue_by_mark(self, mark: str) -> Issue | None:
        """Find the issue that the effect with this key made."""
        return self.issues_by_marks(mark).get(mark)

    def issues_by_marks(self, prefix: str) -> Mapping[str, Issue]:
        """Find every issue whose mark begins with `prefix`, by mark."""
        asked = {"length": len(prefix), "mark": given.mark(prefix)}  # LIKE would take no notice of case
        with self._room.store.reading() as db:
            return {issue.mark: issue for issue in _issues(db, rows.ISSUES_MARKED, asked)}

    def links(self, ref: str) -> tuple[Link, ...]:
        """Give all that is and was linked to an issue, from either side, oldest first."""
        asked = given.issue_ref(ref)
        with self._room.store.reading() as db:
            needed(db, asked)
            found = db.all(rows.LINKS, {"ref": asked})
        return tuple(
            Link(
                ref=row.other if row.one == asked else row.one,
                since=rows.when(row.since),
                until=rows.when(row.until) if row.until else None,
                by=row.by,
            )
            for row in found
        )

    def merge_requests_of(self, refs: Sequence[str]) -> Mapping[str, tuple[MergeRequest, ...]]:
        """Give the merge requests of these issues, by number; an issue without any has an empty tuple."""
        asked = [given.issue_ref(ref) for ref in refs]
        issues_of: defaultdict[str, list[str]] = defaultdict(list)
        with self._room.store.reading() as db:
            for issue, ref in db.all(rows.MERGE_REQUESTS_OF, rows.wanted(asked)):
                issues_of[ref].append(issue)
            found = self._seen(db, list(issues_of))
        self._remember(found)
        theirs: dict[str, list[MergeRequest]] = {ref: [] for ref in asked}
        for _, _, made in found:
            for issue in issues_of[made.ref]:
                theirs[issue].append(made)
        return {ref: tuple(made) for ref, made in theirs.items()}

    def merge_request_by_mark(self, mark: str) -> MergeRequest | None:
        """Find the merge request that the effect with this key made, with its files as they are on its branch now."""
        with self._room.store.reading() as db:
            ref = db.scalar(rows.MERGE_REQUEST_MARKED, {"mark": given.mark(mark)})
        return self.merge_requests([ref])[ref] if ref is not None else None

    def merge_requests(self, refs: Sequence[str]) -> Mapping[str, MergeRequest]:
        """Give the merge requests with these references, without those that do not exist."""
        asked = [given.merge_request_ref(ref) for ref in refs]
        with self._room.store.reading() as db:
            found = self._seen(db, asked)
        self._remember(found)
        by_ref = {made.ref: made for _, _, made in found}
        return {ref: by_ref[ref] for ref in asked if ref in by_ref}

    def tags(self, project: str, names: Sequence[str]) -> Mapping[str, str]:
        """Give those of the named tags that exist, with the commit each points to."""
        history = self._room.history(project)
        found = {name: history.tag(name) for name in names}
        return {name: commit for name, commit in found.items() if commit}

    def tags_holding(self, project: str, commits: Sequence[str], names: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """Tell for each commit which of the named tags hold it; none do for a commit the repository has not."""
        history = self._room.history(project)
        there = {commit for commit in map(given.commit, commits) if history.has(commit)}
        since = history.since(there)
        held = {name: history.carried(tag, since) for name, tag in self.tags(project, names).items()} if there else {}
        return {commit: frozenset(name for name, holds in held.items() if commit in holds) for commit in commits}

    def find(self, effect: Effect) -> str | None:
        """Give the address of what the effect made, when it is there; always None for a blind one."""
        return self._hand.find(effect)

    def do(self, effect: Effect) -> str:
        """Carry it out and give the address of what it made; `Refused` when the world changed in between."""
        return self._hand.do(effect)

    def _within(self, db: Connection, refs: Sequence[str]) -> list[MergeRequest]:
        """Give merge requests as they stand, by number, within a transaction that writes; what is new is recorded."""
        found = self._seen(looking(db), refs)
        _record(db, found)
        return [made for _, _, made in found]

    def _seen(self, db: Looking, refs: Sequence[str]) -> list[tuple[Any, Standing, MergeRequest]]:
        found = db.all(rows.MERGE_REQUESTS, rows.wanted(refs))
        told = rows.notes_of(db, rows.MERGE_REQUEST_NOTES, refs)
        approvals = rows.assents_of(db, refs)
        by_project: defaultdict[str, list[Any]] = defaultdict(list)
        for row in found:
            by_project[row.project].append(row)
        seen = []
        for project, theirs in by_project.items():
            sight = Sight(self._room.history(project), theirs, shows_files=project in self._room.sites)
            for row in theirs:
                standing = sight.standing(row)
                seen.append(
                    (row, standing, self._made(row, told.get(row.ref, ()), approvals.get(row.ref, ()), standing))
                )
        return seen

    def _made(self, *parts: Any) -> MergeRequest:
        """Make a merge request of its parts, or give the one that was made of the same parts last time."""
        ref = parts[0].ref
        if self._known.get(ref, ((), None))[0] != parts:
            self._known[ref] = parts, rows.merge_request_of(*parts)
        return self._known[ref][1]

    def _remember(self, found: Iterable[tuple[Any, Standing, MergeRequest]]) -> None:
        """Write down where branches were, for the day they are deleted; the look is as true when it cannot."""
        news = [seen for seen in found if _is_news(*seen[:2])]
        if news:
            with contextlib.suppress(Broken), self._room.store.writing() as db:
                _record(db, news)


def _issues(db: Looking, query: str, asked: Mapping[str, object]) -> list[Issue]:
    found = db.all(query, asked)
    told = rows.notes_of(db, rows.ISSUE_NOTES, [row.ref for row in found])
    return [rows.issue_of(row, told.get(row.ref, ())) for row in found]


def _is_news(row: Any, standing: Standing) -> bool:
    return bool(standing.head) and standing.record != (row.head, row.base, row.carrier)


def _record(db: Connection, found: Iterable[tuple[Any, Standing, MergeRequest]]) -> None:
    news = [seen for seen in found if _is_news(*seen[:2])]
    if news:
        from sqlalchemy import bindparam, update  # noqa: PLC0415 - loaded with the first change

        from secrel.adapters.localforge.schema import merge_requests  # noqa: PLC0415

        change = update(merge_requests).where(merge_requests.c.ref == bindparam("which"))
        change = change.values(head=bindparam("own"), base=bindparam("left"), carrier=bindparam("by"))
        db.execute(
            change,
            [
                {"which": row.ref, "own": standing.head, "left": standing.base, "by": standing.carrier}
                for row, standing, _ in news
            ],
        )

"""The embedded forge: issues and merge requests for a vendor that has no forge, and the rehearsal's stage."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, or_, select, update

from secrel.adapters.localforge import given, rows
from secrel.adapters.localforge.hand import LocalHand
from secrel.adapters.localforge.history import History
from secrel.adapters.localforge.people import People
from secrel.adapters.localforge.room import Room, needed
from secrel.adapters.localforge.schema import issues, links, merge_request_issues, merge_requests, notes
from secrel.adapters.localforge.standing import Sight, Standing
from secrel.adapters.localforge.store import Store, StoreOptions
from secrel.words.effects import Effect
from secrel.words.errors import Broken
from secrel.words.forge import Issue, Link, MergeRequest
from secrel.words.releases import Product


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
        self._hand = LocalHand(self._room, self._merge_requests)
        self.people = People(self._room, self._merge_requests)

    def close(self) -> None:
        """Let go of the file."""
        self._room.store.close()

    def issues(self, refs: Sequence[str]) -> Mapping[str, Issue]:
        """Give the issues with these references, without those that do not exist."""
        asked = [given.issue_ref(ref) for ref in refs]
        with self._room.store.reading() as db:
            found = {issue.ref: issue for issue in _issues(db, rows.among(issues.c.ref, asked))}
        return {ref: found[ref] for ref in asked if ref in found}

    def issue_by_mark(self, mark: str) -> Issue | None:
        """Find the issue that the effect with this key made."""
        with self._room.store.reading() as db:
            return next(iter(_issues(db, issues.c.mark == given.mark(mark))), None)

    def issues_by_marks(self, prefix: str) -> Mapping[str, Issue]:
        """Find every issue whose mark begins with `prefix`, by mark."""
        within = func.substr(issues.c.mark, 1, len(prefix)) == given.mark(prefix)  # LIKE takes no notice of case
        with self._room.store.reading() as db:
            return {issue.mark: issue for issue in _issues(db, within)}

    def links(self, ref: str) -> tuple[Link, ...]:
        """Give all that is and was linked to an issue, from either side, oldest first."""
        asked = given.issue_ref(ref)
        with self._room.store.reading() as db:
            needed(db, asked)
            query = select(links).where(or_(links.c.one == asked, links.c.other == asked))
            found = db.execute(query.order_by(links.c.since, links.c.id)).all()
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
        theirs = merge_request_issues.c
        with self._room.store.reading() as db:
            pairs = db.execute(select(theirs.issue, theirs.merge_request).where(rows.among(theirs.issue, asked))).all()
            found = self._seen(db, rows.among(merge_requests.c.ref, {pair.merge_request for pair in pairs}))
        self._remember(found)
        ordered = [(made.ref, made) for _, _, made in found]
        belongs = defaultdict(set)
        for issue, merge_request in pairs:
            belongs[issue].add(merge_request)
        return {ref: tuple(made for name, made in ordered if name in belongs[ref]) for ref in asked}

    def merge_request_by_mark(self, mark: str) -> MergeRequest | None:
        """Find the merge request that the effect with this key made, with its files as they are on its branch now."""
        return next(iter(self._merge_requests(merge_requests.c.mark == given.mark(mark))), None)

    def merge_requests(self, refs: Sequence[str]) -> Mapping[str, MergeRequest]:
        """Give the merge requests with these references, without those that do not exist."""
        asked = [given.merge_request_ref(ref) for ref in refs]
        found = {made.ref: made for made in self._merge_requests(rows.among(merge_requests.c.ref, asked))}
        return {ref: found[ref] for ref in asked if ref in found}

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

    def _merge_requests(self, which: Any, db: Connection | None = None) -> list[MergeRequest]:
        """Give the merge requests a condition picks; within a transaction when one is under way."""
        if db is not None:
            found = self._seen(db, which)
            _record(db, found)
        else:
            with self._room.store.reading() as look:
                found = self._seen(look, which)
            self._remember(found)
        return [made for _, _, made in found]

    def _seen(self, db: Connection, which: Any) -> list[tuple[Row[Any], Standing, MergeRequest]]:
        query = select(merge_requests).where(which).order_by(merge_requests.c.project, merge_requests.c.number)
        found = db.execute(query).all()
        refs = _refs(found)
        told = rows.notes_of(db, notes.c.merge_request, refs)
        approvals = rows.assents_of(db, refs)
        by_project: defaultdict[str, list[Row[Any]]] = defaultdict(list)
        for row in found:
            by_project[row.project].append(row)
        seen = []
        for project, theirs in by_project.items():
            sight = Sight(self._room.history(project), theirs, shows_files=project in self._room.sites)
            for row in theirs:
                standing = sight.standing(row)
                made = rows.merge_request_of(row, told.get(row.ref, ()), approvals.get(row.ref, ()), standing)
                seen.append((row, standing, made))
        return seen

    def _remember(self, found: Iterable[tuple[Row[Any], Standing, MergeRequest]]) -> None:
        """Write down where branches were, for the day they are deleted; the look is as true when it cannot."""
        news = [seen for seen in found if _is_news(*seen[:2])]
        if news:
            with contextlib.suppress(Broken), self._room.store.writing() as db:
                _record(db, news)


def _refs(found: Sequence[Row[Any]]) -> Select[tuple[str]]:
    return rows.listed(row.ref for row in found)


def _issues(db: Connection, which: Any) -> list[Issue]:
    found = db.execute(select(issues).where(which)).all()
    told = rows.notes_of(db, notes.c.issue, _refs(found))
    return [rows.issue_of(row, told.get(row.ref, ())) for row in found]


def _is_news(row: Row[Any], standing: Standing) -> bool:
    return bool(standing.head) and standing.record != (row.head, row.base, row.carrier)


def _record(db: Connection, found: Iterable[tuple[Row[Any], Standing, MergeRequest]]) -> None:
    news = [seen for seen in found if _is_news(*seen[:2])]
    if news:
        change = update(merge_requests).where(merge_requests.c.ref == bindparam("which"))
        change = change.values(head=bindparam("own"), base=bindparam("left"), carrier=bindparam("by"))
        db.execute(
            change,
            [
                {"which": row.ref, "own": standing.head, "left": standing.base, "by": standing.carrier}
                for row, standing, _ in news
            ],
        )

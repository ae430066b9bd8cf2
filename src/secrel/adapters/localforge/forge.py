"""The embedded forge: issues and merge requests for a vendor that has no forge, and the rehearsal's stage."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import ClassVar, get_args

from secrel.adapters.localforge import given, rows
from secrel.adapters.localforge import people as localforge_people
from secrel.adapters.localforge.forge_parts import ForgeParts
from secrel.adapters.localforge.looking import EmbeddedLook
from secrel.adapters.localforge.reading import Reading, found
from secrel.adapters.localforge.repository.history import RepositoryReader
from secrel.adapters.localforge.store import Store, StoreOptions
from secrel.adapters.localforge.writing import writer
from secrel.words.effects import Action, Effect, ForgeAction
from secrel.words.errors import Broken
from secrel.words.forge import Issue, MergeRequest, State
from secrel.words.outcomes import CannotTell, Made, NotMade
from secrel.words.parts import Part, Seen, Unseen, unseen
from secrel.words.people import Actor
from secrel.words.releases import Product
from secrel.words.sighting import TRACKING, Asked, EmbargoRule, LabelRule, Sighting, Tracked, blind


class LocalForge:
    """The embedded forge: a `ForgeReader`, a `Writer` for what the desk does to it, and `people` for all others.

    `database` is its one file, made when it is not there; `repositories` has the git repository of each project that
    has one. Merge requests of projects that no product names are those of a site: they show their files. Everybody can
    read the projects in `public`. `options` say how the file is kept.
    """

    kinds: ClassVar[frozenset[type[Action]]] = frozenset(get_args(ForgeAction))
    tells: ClassVar[bool] = False

    def __init__(  # noqa: PLR0913 - each is given, and not read anywhere
        self,
        database: Path,
        repositories: Mapping[str, Path],
        products: Iterable[Product],
        now: Callable[[], datetime],
        *,
        projects: Collection[str] | None = None,
        public: Collection[str] = (),
        options: StoreOptions | None = None,
    ) -> None:
        """Open the forge. `projects` may hold issues besides those with a repository (None: any may)."""
        self._forge = ForgeParts(
            store=Store(database, options),
            histories={given.project(name): RepositoryReader(path, name) for name, path in repositories.items()},
            sites=frozenset(repositories) - {product.repository for product in products},
            public=frozenset(public),
            projects=None if projects is None else frozenset(projects),
            now=now,
        )
        self._reading = Reading(self._forge)
        self._whole = Reading(self._forge, strict=True)

    @cached_property
    def people(self) -> localforge_people.People:
        """What people and scripts do to it: everything that is not the desk's."""
        return localforge_people.People(self._forge, self._whole)

    def close(self) -> None:
        """Let go of the file."""
        self._forge.store.close()

    def releases(self, rule: LabelRule) -> Part[tuple[Tracked, ...]]:
        """Give the tracking issue of every release that a desk opened or took over, by the release's name."""
        asked = {"project": rule.project, "ending": f"/{TRACKING}"}
        try:
            with self._forge.store.reading() as db:
                refs = [ref for (ref,) in db.all(rows.TRACKING, asked)]
                seen = self._reading.issues(db, refs)
        except Broken as fault:
            return unseen(fault)
        missing = [part.reason for part in seen.values() if isinstance(part, Unseen)]
        issues = [part.value for part in seen.values() if isinstance(part, Seen) and part.value is not None]
        found = [Tracked(issue.mark.removesuffix(f"/{TRACKING}"), issue) for issue in issues]
        return Seen(tuple(sorted(found, key=lambda one: one.release)), rule.project, "; ".join(missing))

    def labelled(self, rule: LabelRule) -> Part[tuple[Issue, ...]]:
        """Give the open issues of the project that carry all the labels, oldest first."""
        asked = {"project": rule.project, "labels": json.dumps(rule.labels)}
        try:
            with self._forge.store.reading() as db:
                seen = self._reading.issues(db, [ref for (ref,) in db.all(rows.LABELLED, asked)])
        except Broken as fault:
            return unseen(fault)
        missing = [f"{ref}: {part.reason}" for ref, part in seen.items() if isinstance(part, Unseen)]
        issues = tuple(part.value for part in seen.values() if isinstance(part, Seen) and part.value is not None)
        return Seen(issues, rule.project, "; ".join(missing))

    def proposed(self, project: str) -> Part[tuple[MergeRequest, ...]]:
        """Give the open merge requests of the project, with the files they change where it is a site's."""
        try:
            with self._forge.store.reading() as db:
                refs = [ref for (ref,) in db.all(rows.PROPOSED, {"project": project})]
                seen = self._reading.standings(db, refs)
        except Broken as fault:
            return unseen(fault)
        missing = [f"{ref}: {part.reason}" for ref, part in seen.items() if isinstance(part, Unseen)]
        stood = [part.value for part in seen.values() if isinstance(part, Seen) and part.value is not None]
        found = tuple(request for _, _, request in stood if request.state is State.OPENED)
        return Seen(found, project, "; ".join(missing))

    def look(self, asked: Asked) -> Sighting:
        """Look at one release, in one transaction of the file."""
        try:
            with self._forge.store.reading() as db:
                look = EmbeddedLook(self._forge, self._reading, db, asked)
                sighting = look.sighting()
        except Broken as fault:
            return blind(asked, fault)
        self._reading.remember(look.standings.values())
        return sighting

    def embargoed(self, rule: EmbargoRule) -> Part[tuple[Issue, ...]]:
        """Give the confidential issues of these projects that carry the label."""
        try:
            with self._forge.store.reading() as db:
                refs = [ref for (ref,) in db.all(rows.EMBARGOED, rows.wanted(rule.projects))]
                seen = self._reading.issues(db, refs)
        except Broken as fault:
            return unseen(fault)
        missing = [f"{ref}: {part.reason}" for ref, part in seen.items() if isinstance(part, Unseen)]
        issues = [part.value for part in seen.values() if isinstance(part, Seen) and part.value is not None]
        return Seen(tuple(issue for issue in issues if rule.label in issue.labels), shortfall="; ".join(missing))

    def marks(self, release: str, rule: LabelRule) -> Part[Mapping[str, str]]:
        """Give the address of everything that a desk made here for one release, by the key of its effect."""
        del rule  # what was taken over is written down as what was made
        try:
            with self._forge.store.reading() as db:
                found = db.all(rows.MARKS, {"beginning": f"{release}/"})
        except Broken as fault:
            return unseen(fault)
        return Seen({row.mark: row.address for row in found})

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        """Say whether the effect is there, by its mark; of a blind one nobody can tell once it began."""
        return found(self._forge, effect, begun)

    def do(self, effect: Effect, *, actor: Actor) -> Made:
        """Carry it out in somebody's name; `Refused` when the world changed in between: nothing was changed then."""
        return writer.LocalWriter(self._forge, self._whole.within, actor.username).do(effect)

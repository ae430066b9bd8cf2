"""A stage for the embedded forge: two git repositories, one file, a clock that can be the end of a process."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing.context import ForkServerContext
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pygit2

from secrel.adapters.localforge.forge import LocalForge
from secrel.adapters.localforge.people import NewIssue, NewMergeRequest
from secrel.adapters.localforge.store import StoreOptions
from secrel.words.effects import Effect
from secrel.words.releases import Product
from secrel.words.sighting import TRACKING, Asked, Further, Sighting, Sought
from tests.adapters.localforge.details import write_lines
from tests.writing import do

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
DIED = 77
PRODUCT = Product("app", "App", "app", "vendor", "App", "group/app")


@dataclass
class Clock:
    """A clock that goes on by a minute each time it is read, and may end the process at one reading."""

    now: datetime = START
    last: int = 0
    readings: int = 0

    def __call__(self) -> datetime:
        self.readings += 1
        if self.readings == self.last:
            os._exit(DIED)
        self.now += timedelta(minutes=1)
        return self.now


def init(path: Path, files: Mapping[str, str]) -> pygit2.Repository:
    """Make a bare repository with one commit on `main`."""
    repository = pygit2.init_repository(path, bare=True, initial_head="main")
    commit(repository, "main", files, START - timedelta(days=30))
    return repository


def commit(repository: pygit2.Repository, branch: str, files: Mapping[str, str | bytes], at: datetime) -> str:
    """Commit files on a branch, from `main` when the branch is new."""
    name = f"refs/heads/{branch}"
    parent = repository.references.get(name) or repository.references.get("refs/heads/main")
    index = pygit2.Index()
    if parent is not None:
        index.read_tree(repository[parent.target].tree)
    for path, text in files.items():
        blob = repository.create_blob(text if isinstance(text, bytes) else text.encode())
        index.add(pygit2.IndexEntry(path, blob, pygit2.enums.FileMode.BLOB))
    who = pygit2.Signature("amara", "amara@example.com", int(at.timestamp()), 0)
    parents = [parent.target] if parent is not None else []
    made = repository.create_commit(None, who, who, f"work on {branch}", index.write_tree(repository), parents)
    repository.references.create(name, made, force=True)
    return str(made)


@dataclass
class LocalStage:
    """The embedded forge with a product's repository and a site's, in a folder."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    product: str = PRODUCT.repository
    site: str = "group/site"
    board: str = "board"
    desks: list[LocalForge] = field(default_factory=list)
    saved: Path = Path()

    def __post_init__(self) -> None:
        app = init(self.folder / "app.git", {"src/a.txt": "broken\n", "src/b.txt": "fine\n"})
        app.references.create("refs/heads/stable", app.references["refs/heads/main"].target)
        init(self.folder / "site.git", {"index.md": "# Home\n"})
        self.people = self.desk().people

    @property
    def paths(self) -> dict[str, Path]:
        return {self.product: self.folder / "app.git", self.site: self.folder / "site.git"}

    def repository(self, project: str) -> pygit2.Repository:
        return pygit2.Repository(str(self.paths[project]))

    def opened(self, now: Callable[[], datetime], options: StoreOptions | None = None) -> LocalForge:
        """Open the forge with another clock, or other options."""
        return LocalForge(
            self.folder / "forge.sqlite3",
            self.paths,
            [PRODUCT],
            now,
            options=options or StoreOptions(durable=False),
        )

    def desk(self) -> LocalForge:
        self.desks.append(self.opened(self.clock))
        return self.desks[-1]

    def close(self) -> None:
        for desk in self.desks:
            desk.close()

    def open_issue(self, title: str, body: str = "", labels: Sequence[str] = (), due: date | None = None) -> str:
        return self.people.open_issue(
            NewIssue(self.board, title, "amara", self.clock(), body=body, labels=labels, due=due)
        )

    def edit(self, ref: str, body: str) -> None:
        self.people.set_body(ref, body)

    def publish(self, ref: str, *, confidential: bool = False) -> None:
        self.people.set_confidential(ref, confidential=confidential)

    def write(self, ref: str, lines: Mapping[str, object]) -> None:
        write_lines(self.folder / "forge.sqlite3", ref, lines)

    def push(self, project: str, branch: str, files: Mapping[str, str | bytes]) -> str:
        return commit(self.repository(project), branch, files, self.clock())

    def open_merge_request(self, branch: str, target: str, issue: str) -> str:
        new = NewMergeRequest(self.product, branch, target, "Fix it", "amara", self.clock(), issues=[issue])
        return self.people.add_merge_request(new)

    def merge(self, ref: str) -> str:
        return self.people.merge(ref, "bjorn", self.clock())

    def tag(self, name: str, branch: str) -> None:
        repository = self.repository(self.product)
        target = repository.references[f"refs/heads/{branch}"].target
        who = pygit2.Signature("amara", "amara@example.com", int(self.clock().timestamp()), 0)
        repository.create_tag(name, target, pygit2.enums.ObjectType.COMMIT, who, name)

    def look(self, tags: Mapping[str, tuple[str, ...]]) -> Sighting:
        """Look at a release whose tracking issue asks for these tags."""
        tracking = Sought("", self.board, self.open_issue("tracking"))
        return self.desk().look(Asked("2026-11", {TRACKING: tracking}, further=lambda _tracking: Further({}, tags)))

    def save(self) -> None:
        """Remember the folder as it is."""
        self.close()
        self.desks.clear()
        self.saved = self.folder.with_name(f"{self.folder.name}-saved")
        shutil.copytree(self.folder, self.saved)

    def restore(self) -> None:
        """Put the folder back."""
        self.close()
        self.desks.clear()
        shutil.rmtree(self.folder)
        self.saved.rename(self.folder)

    def breaks(self) -> Mapping[str, tuple[Callable[[], None], frozenset[str]]]:
        """Damage the table of one kind of thing, take a repository away, or have somebody hold the whole file."""
        everything = frozenset({"issues tracking", "issues checklist", "requests draft", "linked", "removed"})
        fixes = {"linked requests", "linked holding"}
        return {
            "the product's repository is gone": (
                partial(self._away, "app.git"),
                frozenset({*fixes, "removed holding", "removed requests", "tags group/app"}),
            ),
            "the site's repository is gone": (partial(self._away, "site.git"), frozenset({"requests draft"})),
            "notes are damaged": (
                partial(self._damage, "notes"),
                frozenset({"notes", "open_discussions"}),
            ),
            "approvals are damaged": (partial(self._damage, "assents"), frozenset({"assents"})),
            "links are damaged": (partial(self._damage, "links"), frozenset({"linked", "removed"})),
            "merge requests are damaged": (
                partial(self._damage, "merge_requests"),
                frozenset({"requests draft", *fixes, "removed branches", "removed holding", "removed requests"}),
            ),
            "what belongs together is damaged": (
                partial(self._damage, "merge_request_issues"),
                frozenset({*fixes, "removed branches", "removed holding", "removed requests"}),
            ),
            "issues are damaged": (partial(self._damage, "issues"), everything - {"requests draft"}),
            "it is no database": (self._overwrite, everything),
        }

    def _overwrite(self) -> None:
        self.close()
        (self.folder / "forge.sqlite3").write_bytes(b"x" * 8192)

    def _away(self, name: str) -> None:
        (self.folder / name).rename(self.folder / f"away-{name}")

    def _damage(self, table: str) -> None:
        """Overwrite the first page of a table, and of its indexes, with what is none."""
        self.close()
        file = self.folder / "forge.sqlite3"
        with contextlib.closing(sqlite3.connect(file)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            size = db.execute("PRAGMA page_size").fetchone()[0]
            pages = [page for (page,) in db.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = ?", (table,))]
        with file.open("r+b") as raw:
            for page in pages:
                raw.seek((page - 1) * size)
                raw.write(b"\xff" * size)

    def tip(self, project: str, branch: str) -> str:
        return str(self.repository(project).references[f"refs/heads/{branch}"].target)

    def race(self, effect: Effect) -> list[str]:
        context = processes()
        barrier, told = context.Barrier(2), context.Queue()
        racers = [context.Process(target=run, args=(self.folder, effect, told, barrier)) for _ in range(2)]
        for racer in racers:
            racer.start()
        answers = [told.get(timeout=60) for _ in racers]
        for racer in racers:
            racer.join()
        return answers

    def dies(self, effect: Effect, moment: int) -> bool:
        context = processes()
        told: Queue[str] = context.Queue()  # kept by name: the process finds it by a file that lives as long
        process = context.Process(target=run, args=(self.folder, effect, told, None, moment))
        process.start()
        process.join()
        assert process.exitcode in {0, DIED}
        return process.exitcode == DIED


def processes() -> ForkServerContext:
    """Give a way to start processes that share nothing with this one, without importing everything each time."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def run(folder: Path, effect: Effect, told: Queue[str], barrier: Barrier | None, last: int = 0) -> None:
    """Carry out an effect in a process of its own."""
    paths = {PRODUCT.repository: folder / "app.git", "group/site": folder / "site.git"}
    clock = Clock(now=START + timedelta(days=1), last=last)
    forge = LocalForge(folder / "forge.sqlite3", paths, [PRODUCT], clock)
    if barrier is not None:
        barrier.wait(timeout=60)
    told.put(do(forge, effect))
    forge.close()

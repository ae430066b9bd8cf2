"""The one file: private, shared by processes, whole after every mishap."""

from __future__ import annotations

import hashlib
import os
import resource
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pygit2
import pytest
from sqlalchemy import Connection

from secrel.adapters.localforge.forge import LocalForge
from secrel.adapters.localforge.people import NewIssue
from secrel.adapters.localforge.schema import MIGRATIONS
from secrel.adapters.localforge.store import VERSION, Store, StoreOptions
from secrel.words.effects import Comment, Effect, OpenIssue, OpenMergeRequest, RewriteFiles
from secrel.words.errors import Broken, Misused
from tests.adapters.localforge.stage import START, Clock, LocalStage, processes
from tests.writing import do, there_is

SECRET = "the embargoed text "
NOBODY = 65534


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[LocalStage]:
    stage = LocalStage(tmp_path)
    yield stage
    stage.close()


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def open_issue(forge: LocalForge, text: str = "") -> str:
    return forge.people.open_issue(NewIssue("board", "An issue", "amara", START, body=text))


def test_the_file_is_for_its_owner_alone(stage: LocalStage) -> None:
    open_issue(stage.desk())
    for path in stage.folder.glob("forge.sqlite3*"):
        assert mode(path) == 0o600
    stage.close()
    (stage.folder / "forge.sqlite3").chmod(0o664)
    stage.desk()
    assert mode(stage.folder / "forge.sqlite3") == 0o600


def test_the_version_is_the_number_of_migrations() -> None:
    assert len(MIGRATIONS) == VERSION


def test_nothing_but_the_file_is_left_in_its_folder(tmp_path: Path) -> None:
    Store(tmp_path / "forge.sqlite3").close()
    assert [path.name for path in tmp_path.iterdir()] == ["forge.sqlite3"]


def test_an_empty_file_becomes_a_forge(tmp_path: Path) -> None:
    (tmp_path / "forge.sqlite3").touch()
    forge = LocalForge(tmp_path / "forge.sqlite3", {}, [], Clock())
    assert open_issue(forge) == "board#1"
    forge.close()


def test_a_database_of_a_newer_program_is_left_alone(stage: LocalStage) -> None:
    open_issue(stage.desk())
    stage.close()
    with closing(sqlite3.connect(stage.folder / "forge.sqlite3")) as raw:
        raw.execute("UPDATE schema_version SET version = 999")
        raw.commit()
    with pytest.raises(Broken) as caught:
        stage.desk()
    assert "999" in caught.value.what
    assert "newer secrel" in caught.value.remedy
    with closing(sqlite3.connect(stage.folder / "forge.sqlite3")) as raw:
        assert raw.execute("SELECT version FROM schema_version").fetchall() == [(999,)]


def _second(db: Connection) -> None:
    db.exec_driver_sql("ALTER TABLE issues ADD COLUMN weight INTEGER")


def _broken(db: Connection) -> None:
    db.exec_driver_sql("ALTER TABLE issues ADD COLUMN height INTEGER")
    db.exec_driver_sql("ALTER TABLE nowhere ADD COLUMN weight INTEGER")


def test_a_database_of_an_older_program_is_brought_to_today(stage: LocalStage) -> None:
    ref = open_issue(stage.desk())
    stage.close()
    path = stage.folder / "forge.sqlite3"
    with pytest.raises(Broken):
        Store(path, migrations=(*MIGRATIONS, _broken))
    assert stage.desk().people.issues([ref]), "what failed half way was not done at all"
    stage.close()
    for _ in range(2):
        store = Store(path, migrations=(*MIGRATIONS, _second))
        with store.reading() as db:
            assert db.all("SELECT ref, weight FROM issues") == [(ref, None)]
        store.close()
    with pytest.raises(Broken):
        stage.desk()


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "forge.sqlite3").write_text("not a database at all" * 100)
    with pytest.raises(Broken) as caught:
        Store(tmp_path / "forge.sqlite3")
    assert caught.value.what == "this file is no database"
    assert caught.value.where == str(tmp_path / "forge.sqlite3")


def test_the_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE receipts (key TEXT)")
    before = path.read_bytes()
    with pytest.raises(Misused):
        Store(path)
    assert path.read_bytes() == before


def test_a_damaged_database_is_said(stage: LocalStage) -> None:
    ref = open_issue(stage.desk(), "x" * 50_000)
    stage.close()
    path = stage.folder / "forge.sqlite3"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    with pytest.raises(Broken) as caught:
        stage.desk().people.issues([ref])
    assert "damaged" in caught.value.what


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Broken) as caught:
        Store(tmp_path / "gone" / "forge.sqlite3")
    assert str(tmp_path / "gone" / "forge.sqlite3") in str(caught.value)


def test_a_database_that_somebody_holds_is_said(stage: LocalStage) -> None:
    with closing(sqlite3.connect(stage.folder / "forge.sqlite3", isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        hasty = stage.opened(stage.clock, StoreOptions(patience=0.01))
        with pytest.raises(Broken) as caught:
            open_issue(hasty, SECRET)
        assert "another program" in caught.value.what
        assert hasty.people.issues(["board#1"]) == {}, "reading goes on meanwhile"
        raw.execute("ROLLBACK")
        assert open_issue(hasty) == "board#1"
        hasty.close()


def test_a_full_disk_loses_nothing(stage: LocalStage) -> None:
    first = open_issue(stage.desk(), "kept")
    pages = (stage.folder / "forge.sqlite3").stat().st_size // 4096
    small = stage.opened(stage.clock, StoreOptions(page_limit=pages + 4))
    asked = Effect("2026-11/big", OpenIssue("board", "Big", SECRET * 5_000), "big")
    with pytest.raises(Broken) as caught:
        do(small, asked)
    assert caught.value.what == "the disk is full, and nothing was written"
    assert SECRET not in f"{caught.value} {caught.value.remedy} {caught.value.__cause__}"
    assert there_is(small, asked) is None
    assert small.people.issues([first])[first].body == "kept"
    do(small, Effect("2026-11/small", Comment(first, "there is room for this"), "small"))
    small.close()
    assert do(stage.desk(), asked) == "board#2"


def test_a_disk_that_fills_between_git_and_the_row_leaves_one_commit(stage: LocalStage) -> None:
    pages = (stage.folder / "forge.sqlite3").stat().st_size // 4096
    small = stage.opened(stage.clock, StoreOptions(page_limit=pages))
    files = (("post.md", "text"),)
    opening = Effect("2026-11/post", OpenMergeRequest(stage.site, "post", "main", "P", "x" * 500_000, files), "post")
    with pytest.raises(Broken):
        do(small, opening)
    head = stage.tip(stage.site, "post")
    assert there_is(small, opening) is None
    small.close()
    desk = stage.desk()
    ref = do(desk, opening)
    assert stage.tip(stage.site, "post") == head
    small = stage.opened(stage.clock, StoreOptions(page_limit=1))
    rewrite = RewriteFiles(ref, "P", "y" * 800_000, (("post.md", "new"),), files, ("P", "x" * 500_000))
    rewriting = Effect("2026-11/post/again", rewrite, "again")
    with pytest.raises(Broken):
        do(small, rewriting)
    small.close()
    head = stage.tip(stage.site, "post")
    assert do(desk, rewriting) == ref
    assert stage.tip(stage.site, "post") == head
    found = desk.people.merge_requests([ref])[ref]
    assert (found.commit, found.files, len(found.body)) == (head, (("post.md", "new"),), 800_000)


def _told(told: Queue[str], act: Callable[[], object]) -> None:
    try:
        told.put(f"done: {act()}")
    except Broken as error:
        told.put(f"{error} / {error.remedy}")


def _without_room(told: Queue[str], folder: Path, room: int) -> None:
    """Work where no file may grow beyond `room` bytes, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    _told(told, lambda: open_issue(LocalForge(folder / "forge.sqlite3", {}, [], Clock()), SECRET * 20_000))


def _commit_without_room(told: Queue[str], folder: Path, room: int) -> None:
    """Commit a file that is longer than any file may be, and that cannot be made shorter."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    text = "".join(hashlib.sha256(str(number).encode()).hexdigest() for number in range(16_000))
    change = OpenMergeRequest("group/site", "post", "main", "P", "b", (("post.md", text),))
    forge = LocalForge(folder / "forge.sqlite3", {"group/site": folder / "site.git"}, [], Clock())
    _told(told, lambda: do(forge, Effect("2026-11/post", change, "post")))


def _as_a_guest(told: Queue[str], folder: Path) -> None:
    """Work as somebody who may not write in the folder."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setuid(NOBODY)
    _told(told, lambda: open_issue(LocalForge(folder / "forge.sqlite3", {}, [], Clock()), SECRET))


def answer_of(target: Callable[..., None], *args: object) -> str:
    """Run something in a process of its own and give what it answered."""
    context = processes()
    told: Queue[str] = context.Queue()
    process = context.Process(target=target, args=(told, *args))
    process.start()
    answer = told.get(timeout=60)
    process.join()
    return answer


def test_a_disk_that_is_full_from_the_start_leaves_no_half_forge(tmp_path: Path) -> None:
    answer = answer_of(_without_room, tmp_path, 8192)
    assert "nothing was" in answer
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_later_loses_nothing(stage: LocalStage) -> None:
    ref = open_issue(stage.desk(), "kept")
    stage.close()
    answer = answer_of(_without_room, stage.folder, 200_000)
    assert "nothing was" in answer
    assert SECRET not in answer
    assert set(stage.desk().people.issues([ref, "board#2"])) == {ref}
    assert open_issue(stage.desk()) == "board#2"


def test_a_disk_that_git_fills_leaves_no_branch_and_no_row(stage: LocalStage) -> None:
    answer = answer_of(_commit_without_room, stage.folder, 300_000)
    assert "git repository could not be written" in answer
    assert stage.repository(stage.site).references.get("refs/heads/post") is None
    assert stage.desk().people.merge_request_made("2026-11/post") is None


def test_a_folder_that_cannot_be_written_is_said() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        assert "forge.sqlite3" in answer_of(_as_a_guest, folder)
        assert list(folder.iterdir()) == []
        folder.chmod(0o755)
        Store(folder / "forge.sqlite3").close()
        (folder / "forge.sqlite3").chmod(0o600)
        if os.geteuid() == 0:
            os.chown(folder / "forge.sqlite3", NOBODY, NOBODY)
        folder.chmod(0o555)
        answer = answer_of(_as_a_guest, folder)
        assert "done" not in answer
        assert "writable" in answer
        folder.chmod(0o755)


def _open_many(told: Queue[str], folder: Path, barrier: Barrier) -> None:
    barrier.wait(timeout=60)
    forge = LocalForge(folder / "forge.sqlite3", {}, [], Clock(), options=StoreOptions(durable=False))
    _told(told, lambda: " ".join(open_issue(forge) for _ in range(20)))
    forge.close()


def test_processes_that_begin_at_once_share_one_forge(tmp_path: Path) -> None:
    context = processes()
    barrier = context.Barrier(3)
    told: Queue[str] = context.Queue()
    writers = [context.Process(target=_open_many, args=(told, tmp_path, barrier)) for _ in range(3)]
    for writer in writers:
        writer.start()
    answers = [told.get(timeout=60).split() for _ in writers]
    for writer in writers:
        writer.join()
    refs = [ref for answer in answers for ref in answer[1:]]
    assert sorted(refs) == sorted(f"board#{number}" for number in range(1, 61))
    assert [path.name for path in tmp_path.iterdir()] == ["forge.sqlite3"]


def test_a_look_is_as_good_when_it_cannot_be_written_down(stage: LocalStage) -> None:
    stage.push(stage.product, "fix", {"src/a.txt": "one\n"})
    ref = stage.open_merge_request("fix", "main", stage.open_issue("fix"))
    head = stage.push(stage.product, "fix", {"src/a.txt": "two\n"})
    hasty = stage.opened(stage.clock, StoreOptions(patience=0.01))
    with closing(sqlite3.connect(stage.folder / "forge.sqlite3", isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        assert hasty.people.merge_requests([ref])[ref].commit == head
        raw.execute("ROLLBACK")
    hasty.close()


def test_git_that_cannot_be_written_is_said_and_leaves_no_row(stage: LocalStage) -> None:
    objects = stage.folder / "site.git" / "objects"
    objects.rename(stage.folder / "kept")
    objects.mkdir()
    asked = Effect("2026-11/post", OpenMergeRequest(stage.site, "post", "main", "P", "b", (("a.md", "x"),)), "post")
    with pytest.raises(Exception, match="git") as caught:
        do(stage.desk(), asked)
    assert type(caught.value).__module__ == "secrel.words.errors"
    objects.rmdir()
    (stage.folder / "kept").rename(objects)
    assert there_is(stage.desk(), asked) is None
    assert isinstance(stage.repository(stage.site), pygit2.Repository)
    do(stage.desk(), asked)

"""The journal: what it remembers, and how it fails."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secrel.journal.entries import (
    Entry,
    Remembered,
    carried,
    claims,
    entry_of,
    in_doubt,
    last_mail,
    receipts,
    written,
)
from secrel.journal.journal import Journal
from secrel.snapshot.seen import CarriedOver
from secrel.words.effects import Comment, Effect, OpenIssue, OpenMergeRequest, RewriteFiles, RewriteIssue
from secrel.words.errors import Broken, Misused
from secrel.words.outcomes import Receipt
from secrel.words.people import Approval, Claim

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def begin(journal: Journal, effect: Effect) -> None:
    with journal.holding("2026-11", effect.key) as so_far:
        journal.begin(effect, so_far, by="amara", at=AT)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(str(tmp_path / "journal.db"))


def test_what_is_written_is_read_back_by_another(journal: Journal, tmp_path: Path) -> None:
    effect = Effect("2026-11/checklist", OpenIssue("p", "t", "the body ☃"), "s")
    begin(journal, effect)
    journal.settle("2026-11", Receipt(effect.key, "p#1", AT), by="amara")
    journal.approved(Approval("2026-11", "abc", "bjorn", AT))
    journal.add(entry_of(Claim("2026-11", "timing-agreed", "bjorn", AT, "agreed", waives=True)))
    no = Claim("2026-11", "timing-agreed", "amara", AT, "not now", about="due 2026-12-09 16:00 UTC", denies=True)
    journal.add(entry_of(no))
    journal.add(Entry(AT, "2026-11", Remembered.MAIL, "d1", "amara", {"disagreements": ["x"], "contents_digest": "c"}))
    other = Journal(str(tmp_path / "journal.db"))
    told = other.entries("2026-11")
    assert [entry.kind for entry in told] == ["intent", "receipt", "approval", "claim", "claim", "mail"]
    assert receipts(told)["2026-11/checklist"].address == "p#1"
    assert claims(told) == (Claim("2026-11", "timing-agreed", "bjorn", AT, "agreed", waives=True), no)
    assert written(told)["checklist"].text == "the body ☃"
    mail = last_mail(told)
    assert mail is not None
    assert (mail.digest, mail.disagreements, mail.contents_digest) == ("d1", ("x",), "c")
    assert other.entries("another") == []
    assert (tmp_path / "journal.db").stat().st_mode & 0o077 == 0


def test_only_what_was_settled_of_a_document_counts_and_the_desks_own_text_before_the_merged_one(
    journal: Journal,
) -> None:
    rewrite = RewriteIssue("p#1", "merged with a person's", "found", "the desk's own")
    begin(journal, Effect("2026-11/comms/edit/1", rewrite, "s"))
    assert written(journal.entries()) == {}
    journal.settle("2026-11", Receipt("2026-11/comms/edit/1", "p#1", AT), by="amara")
    journal.settle("2026-11", Receipt("2026-11/checklist", "p#2", AT, found=True), by="amara")
    told = written(journal.entries())
    assert {name: text.text for name, text in told.items()} == {"comms": "the desk's own"}, "what was found is not ours"
    assert last_mail(journal.entries()) is None


def test_nobody_else_can_read_it_or_what_lies_beside_it(journal: Journal, tmp_path: Path) -> None:
    journal.approved(Approval("2026-11", "abc", "bjorn", AT))
    with journal.holding("2026-11", "2026-11/secret/key", by="bjorn"):
        beside = sorted(file.name for file in tmp_path.iterdir())
        assert beside[:3] == ["journal.db", "journal.db-shm", "journal.db-wal"]
        (lock,) = beside[3:]
        assert re.fullmatch(r"journal\.db\.lock\.[0-9a-f]{32}", lock), "its name tells nothing"
        told = (tmp_path / lock).read_text("utf-8")
        assert re.fullmatch(r"bjorn \(process \d+ on .+\)", told), "nor what is in it, but for whoever holds it"
    assert sorted(file.name for file in tmp_path.iterdir()) == beside[:3], "locks leave nothing behind"
    for file in tmp_path.glob("journal.db*"):
        assert file.stat().st_mode & 0o077 == 0, file


def test_a_lock_that_somebody_takes_away_is_no_fault(journal: Journal, tmp_path: Path) -> None:
    with journal.holding("2026-11", "2026-11/x"):
        for file in tmp_path.glob("*.lock.*"):
            file.unlink()
    with journal.holding("2026-11", "2026-11/x"):
        pass


def test_a_database_of_something_else_is_not_made_a_journal(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "forge.db")) as database, database:
        database.execute("CREATE TABLE issues (ref TEXT)")
    database.close()
    with pytest.raises(Misused, match="this database is not a journal") as told:
        Journal(str(tmp_path / "forge.db"))
    assert "name another file" in told.value.remedy
    with contextlib.closing(sqlite3.connect(tmp_path / "forge.db")) as database, database:
        assert [row[0] for row in database.execute("SELECT name FROM sqlite_master")] == ["issues"]
    database.close()


def test_an_empty_file_becomes_a_journal(tmp_path: Path) -> None:
    (tmp_path / "journal.db").touch()
    assert Journal(str(tmp_path / "journal.db")).entries() == []


@pytest.mark.parametrize("pages", range(1, 9))
def test_making_it_is_all_or_nothing(pages: int, tmp_path: Path) -> None:
    where = str(tmp_path / "journal.db")
    with suppress(Broken):  # the disk is full after so many pages
        Journal(where, most_pages=pages).close()
    journal = Journal(where)
    journal.settle("2026-11", Receipt("2026-11/x", "a", AT), by="amara")
    assert list(receipts(journal.entries())) == ["2026-11/x"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "journal.db.lock").mkdir()
    with pytest.raises(Broken, match="cannot write beside the journal") as told:
        Journal(str(tmp_path / "journal.db"))
    assert "secrel.toml" in told.value.remedy


def test_the_last_text_of_each_document_is_kept(journal: Journal) -> None:
    draft = OpenMergeRequest("p", "b", "main", "t", "b", (("posts/a.md", "post one"),))
    for effect in (
        Effect("2026-11/post/draft", draft, "s"),
        Effect("2026-11/checklist", OpenIssue("p", "t", "one"), "s"),
        Effect("2026-11/checklist/edit/1", RewriteIssue("p#1", "two", "one"), "s"),
        Effect("2026-11/ask/range/p#3", Comment("p#3", "which?"), "s"),
    ):
        begin(journal, effect)
        journal.settle("2026-11", Receipt(effect.key, "p#1", AT), by="amara")
    begin(journal, Effect("2026-11/checklist/edit/2", RewriteIssue("p#1", "three", "two"), "s"))
    told = journal.entries()
    assert {name: text.text for name, text in written(told).items()} == {"draft": "post one", "checklist": "two"}
    assert [entry.key for entry in in_doubt(told)] == ["2026-11/checklist/edit/2"]


def test_how_the_draft_was_carried_over_is_what_the_settled_intents_say(journal: Journal) -> None:
    files, rows = (("posts/a.md", "post " * 2_000),), (("draft-reviewed", "passed", "site!1", "approved by bjorn"),)
    opened = OpenMergeRequest("p", "b", "main", "t", "b", files, vouched=rows)
    begin(journal, Effect("2026-11/post/draft", opened, "s"))
    journal.settle("2026-11", Receipt("2026-11/post/draft", "p!1", AT), by="amara")
    begin(journal, Effect("2026-11/post/release", opened, "s"))
    assert carried(journal.entries(), "2026-11") is None, "it was begun, and nobody knows whether it is there"
    journal.settle("2026-11", Receipt("2026-11/post/release", "p!2", AT), by="amara")
    assert carried(journal.entries(), "2026-11") == CarriedOver(AT, files, rows)
    assert carried(journal.entries(), "2026-12") is None
    again = RewriteFiles("p!2", "t", "b", (("posts/a.md", "two"),), files, ("t", "b"))
    begin(journal, Effect("2026-11/post/release/edit/1", again, "s"))
    later = AT + timedelta(hours=1)
    journal.settle("2026-11", Receipt("2026-11/post/release/edit/1", "p!2", later), by="amara")
    assert carried(journal.entries(), "2026-11") == CarriedOver(later, (("posts/a.md", "two"),))
    found = Receipt("2026-12/post/release", "p!3", AT, found=True)
    journal.settle("2026-12", found, by="amara")
    assert carried(journal.entries(), "2026-12") is None, "what was only found was not carried over by this desk"


def test_a_file_that_is_no_journal_is_named(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"this is no database at all, whatever its name says" * 50)
    with pytest.raises(Broken, match=r"cannot .* the journal") as told:
        Journal(str(tmp_path / "journal.db"))
    assert told.value.where.endswith("journal.db")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Broken, match=r"cannot"):
        Journal(str(tmp_path / "nowhere" / "journal.db"))


def test_a_full_disk_loses_nothing(journal: Journal, tmp_path: Path) -> None:
    journal.settle("2026-11", Receipt("2026-11/x", "a", AT), by="amara")
    full = Journal(str(tmp_path / "journal.db"), most_pages=1)

    def fill() -> None:
        for number in range(10_000):
            full.settle("2026-11", Receipt(f"2026-11/y/{number}", "a" * 4000, AT), by="amara")

    with pytest.raises(Broken, match="cannot write the journal"):
        fill()
    assert "2026-11/x" in receipts(Journal(str(tmp_path / "journal.db")).entries())

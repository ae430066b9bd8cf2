"""What a journal keeps to wherever it lies: the same tests for a file and for a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from secrel.journal.entries import Entry, Remembered, claims, entry_of, in_doubt, receipts, written
from secrel.journal.journal import Journal
from secrel.words.effects import Comment, Effect, OpenIssue, OpenMergeRequest, RewriteIssue
from secrel.words.errors import Broken, Refused
from secrel.words.outcomes import Receipt
from secrel.words.people import Approval, Claim
from tests.journal.journals import AT, NAME, an_effect, begin, raw


def test_what_one_writes_another_reads_on_from_where_it_was(opened: Callable[[], Journal]) -> None:
    one, other = opened(), opened()
    assert other.entries() == []
    begin(one, an_effect())
    assert [entry.kind for entry in other.entries(NAME)] == ["intent"]
    one.settle(NAME, Receipt(f"{NAME}/note/1", "p#1#note_1", AT), by="amara")
    one.add(entry_of(Claim(NAME, "timing-agreed", "bjorn", AT, "agreed ☃", waives=True)))
    one.approved(Approval(NAME, "abc", "bjorn", AT))
    told = other.entries(NAME)
    assert [entry.kind for entry in told] == ["intent", "receipt", "claim", "approval"]
    assert told[0].whole() == {"kind": "Comment", "action": {"ref": "p#1", "body": "the body ☃"}}
    assert told[0].at == AT
    assert receipts(told) == {f"{NAME}/note/1": Receipt(f"{NAME}/note/1", "p#1#note_1", AT)}
    assert claims(told) == (Claim(NAME, "timing-agreed", "bjorn", AT, "agreed ☃", waives=True),)
    assert other.entries("another") == []
    assert [replace(one, texts=mine.texts) for one, mine in zip(opened().entries(), told, strict=True)] == told


def test_an_effect_has_one_receipt_and_the_first_one_stays(opened: Callable[[], Journal]) -> None:
    one, other = opened(), opened()
    one.settle(NAME, Receipt(f"{NAME}/note/1", "a", AT), by="amara")
    other.settle(NAME, Receipt(f"{NAME}/note/1", "another", AT), by="bjorn")
    other.settle("another", Receipt(f"{NAME}/note/1", "another", AT), by="bjorn")
    other.settle(NAME, Receipt(f"{NAME}/note/2", "b", AT), by="bjorn")
    assert [(e.who, e.body["address"]) for e in one.entries()] == [("amara", "a"), ("bjorn", "b")]


def test_what_is_about_one_thing_is_found_in_every_release_and_nothing_else_is(opened: Callable[[], Journal]) -> None:
    journal, other, ref = opened(), opened(), "vendor/app_1#1"
    for name, key in (("a", f"a/public/{ref}"), ("b", f"b/public/{ref}"), ("b", "b/public/vendor/appX1#1")):
        other.settle(name, Receipt(key, "here", AT), by="amara")
    other.settle("b", Receipt("b/public/Vendor/app_1#1", "in other capitals", AT), by="amara")
    other.add(Entry(AT, "b", Remembered.NOTE, f"b/public/{ref}", "amara", {}))
    assert [(entry.release, entry.key) for entry in journal.about(f"/public/{ref}")] == [
        ("a", f"a/public/{ref}"),
        ("b", f"b/public/{ref}"),
    ]
    assert journal.about("%") == journal.about("!") == []


def test_what_was_begun_is_in_doubt_until_it_is_settled_or_withdrawn(opened: Callable[[], Journal]) -> None:
    journal = opened()
    for number in (1, 2, 3):
        begin(journal, an_effect(number))
    journal.settle(NAME, Receipt(f"{NAME}/note/1", "a", AT), by="amara")
    journal.add(Entry(AT, NAME, Remembered.WITHDRAWN, f"{NAME}/note/2", "bjorn", {}))
    assert [entry.key for entry in in_doubt(opened().entries())] == [f"{NAME}/note/3"]
    begin(journal, an_effect(2))
    assert [entry.key for entry in in_doubt(opened().entries())] == [f"{NAME}/note/3", f"{NAME}/note/2"]


def test_the_text_that_counts_is_the_one_that_was_sent(opened: Callable[[], Journal]) -> None:
    journal = opened()
    for body in ("meant first", "sent"):
        begin(journal, Effect(f"{NAME}/checklist", OpenIssue("p", "t", body), "s"))
    assert written(journal.entries()) == {}
    journal.settle(NAME, Receipt(f"{NAME}/checklist", "p#1", AT), by="amara")
    assert written(journal.entries())["checklist"].text == "sent"


def test_long_and_strange_texts_come_back_as_they_were(opened: Callable[[], Journal]) -> None:
    body = "☃ \U0001f600 \t 'quotes' \"and\" \\ %s :name ; -- \n" * 5000
    begin(opened(), Effect(f"{NAME}/note/1", Comment("p#1", body), "s"))
    assert opened().entries()[0].whole()["action"]["body"] == body


def test_a_text_is_kept_once_however_often_it_is_sent(where: str, opened: Callable[[], Journal]) -> None:
    journal, texts = opened(), [f"{number} {'long ' * 100}" for number in range(4)]
    key = f"{NAME}/checklist/edit"
    for number in (1, 2, 3):
        rewrite = RewriteIssue("p#1", texts[number], texts[number - 1], texts[number])
        begin(journal, Effect(f"{key}/{number}", rewrite, "s"))
        begin(opened(), Effect(f"{key}/{number}", rewrite, "s"))
    with raw(where) as connection:
        assert sorted(connection.execute(text("SELECT text FROM texts")).scalars()) == texts
        assert all(len(told) < 500 for told in connection.execute(text("SELECT told FROM entries")).scalars())
    sent = [entry.whole()["action"] for entry in opened().entries()]
    assert [action["body"] for action in sent] == [text for text in texts[1:] for _ in range(2)]
    assert [action["expects"] for action in sent] == [text for text in texts[:3] for _ in range(2)]
    journal.settle(NAME, Receipt(f"{key}/3", "p#1", AT), by="amara")
    assert written(journal.entries())["checklist"].text == texts[3]


def test_an_effect_may_have_very_many_texts(opened: Callable[[], Journal]) -> None:
    files = tuple((f"{number}.md", f"{number} {'long ' * 50}") for number in range(600))
    begin(opened(), Effect(f"{NAME}/post/draft", OpenMergeRequest("p", "b", "main", "t", "b", files), "s"))
    (entry,) = opened().entries()
    assert entry.whole()["action"]["files"] == [list(file) for file in files]


def test_a_release_is_read_by_itself_and_texts_when_they_are_asked_for(
    where: str, opened: Callable[[], Journal]
) -> None:
    """What lies in the rows of other releases cannot slow a command down, or stop it."""
    begin(opened(), an_effect())
    begin(opened(), Effect(f"{NAME}/note/2", Comment("p#1", "long " * 100), "s"))
    with raw(where) as connection:
        connection.execute(text("UPDATE entries SET \"release\" = 'damaged', told = '{' WHERE \"key\" LIKE '%/1'"))
        connection.execute(text("DELETE FROM texts"))
    (entry,) = opened().entries(NAME)
    assert entry.body["kind"] == "Comment"
    with pytest.raises(Broken, match="a text that was sent is not there") as told:
        entry.whole()
    assert "backup" in told.value.remedy
    for release in ("damaged", None):
        with pytest.raises(Broken, match=r"an entry cannot be read \(row \d+\)"):
            opened().entries(release)


def test_a_journal_of_a_newer_version_is_refused_and_unchanged(where: str, opened: Callable[[], Journal]) -> None:
    opened().add(entry_of(Claim(NAME, "g", "amara", AT, "x")))
    with raw(where) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match="9999") as told:
        Journal(where)
    assert "newer version" in told.value.remedy
    with raw(where) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    assert len(opened().entries()) == 1


def test_what_is_new_to_a_journal_is_what_nobody_began_or_finished_for_whichever_release(
    opened: Callable[[], Journal],
) -> None:
    journal, keys = opened(), [f"{NAME}/note/{number}" for number in range(1200)]
    assert journal.unknown([]) == []
    assert journal.unknown(keys) == keys
    begin(journal, an_effect(1))
    journal.settle("2026-10", Receipt(keys[700], "local:p#1", AT, found=True), by="amara")
    journal.add(Entry(AT, NAME, Remembered.CLAIM, keys[3], "amara", {}))
    assert journal.unknown(keys) == [key for key in keys if key not in (keys[1], keys[700])]
    assert opened().unknown(keys[:3]) == [keys[0], keys[2]]

"""The journal of the benchmark has what it says: other releases with as many entries as the one that was played."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from bench.commands import STORY
from bench.journals import remember_others
from secrel.journal.entries import written
from secrel.journal.journal import Journal
from secrel.words.effects import Effect, OpenIssue
from secrel.words.outcomes import Receipt
from secrel.words.people import Approval

AT = datetime(2021, 10, 20, 9, tzinfo=UTC)


def test_every_other_release_is_a_copy(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    journal = Journal(str(file), durable=False)
    effect = Effect(f"{STORY}/checklist", OpenIssue("p", "t", f"# {STORY}\n" * 50), "s")
    with journal.holding(STORY, effect.key) as so_far:
        journal.begin(effect, so_far, by="amara", at=AT)
    journal.settle(STORY, Receipt(effect.key, "p#1", AT), by="amara")
    journal.approved(Approval(STORY, "4f2a9c81d0e76b13c5e08d7a96f1b324", "bjorn", AT))
    remember_others(file, 3)
    names = [STORY, "other-00", "other-01", "other-02"]
    assert Counter(entry.release for entry in journal.entries()) == dict.fromkeys(names, 3)
    for name in names:
        assert written(journal.entries(name))["checklist"].text == f"# {name}\n" * 50
    journal.close()

"""A look at a release on the real forge: what is seen, what could not be, and what cannot be read."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from secrel.observe.observing import observe, releases
from secrel.snapshot.seen import Snapshot
from secrel.words.errors import Misused
from secrel.words.ids import CveId
from secrel.words.parts import Seen, Unseen, known
from secrel.words.people import Duty
from tests.desk.stage import DUE, FIXES, NAME, NOTEBOOKS, TOKENS, VERSIONS, Stage, a_stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with a_stage("requested", tmp_path / "desk") as stage:
        yield stage


def seen(stage: Stage, name: str = NAME) -> Snapshot:
    desk = stage.desk()
    return observe(name, desk.sources(desk.journal.entries(name)), stage.at)


def complaints(stage: Stage) -> list[tuple[str, str]]:
    return [(complaint.ref, complaint.field) for complaint in seen(stage).complaints]


def note(stage: Stage, text: str, by: str = "cna") -> None:
    stage.at += timedelta(minutes=1)
    stage.forge.people.add_note(stage.issue(f"cve/request/{NOTEBOOKS}").ref, text, by, stage.at)


def assigned(stage: Stage) -> CveId | None:
    return next(a.cve_id for a in seen(stage).contents.advisories if a.fix == NOTEBOOKS)


def test_everything_of_a_release_is_seen_with_its_place(stage: Stage) -> None:
    snapshot = seen(stage)
    assert snapshot.at == stage.at
    assert (snapshot.release.name, snapshot.release.due) == (NAME, DUE)
    assert tuple(str(v) for v in snapshot.release.main.versions) == VERSIONS
    assert [fix.ref for fix in snapshot.tracked_fixes] == [NOTEBOOKS, TOKENS]
    assert [len(known(fix.merge_requests, ())) for fix in snapshot.tracked_fixes] == [3, 3]
    assert [a.cve_id for a in snapshot.contents.advisories] == [CveId("CVE-2026-1111"), CveId("CVE-2026-2222")]
    assert snapshot.duty == Duty(NAME, "amara", "bjorn")
    assert isinstance(snapshot.tracking, Seen)
    assert snapshot.tracking.where.startswith("local:")
    assert isinstance(snapshot.draft, Seen)
    assert snapshot.draft.value is None, "looked for, and not there"
    assert isinstance(snapshot.next_tracking, Seen), "it was looked for, under the name of the next release"
    assert {"checklist", "comms", f"cve/{NOTEBOOKS}"} <= set(snapshot.written)
    assert snapshot.complaints == ()


def test_tags_are_seen_with_the_fixes_they_hold(tmp_path: Path) -> None:
    with a_stage("ready", tmp_path / "desk") as stage:
        snapshot = seen(stage)
        assert set(known(snapshot.tags["vendor/product"], {})) == {"v1.2.3", "v1.1.9"}
        assert [known(fix.tags, frozenset()) for fix in snapshot.tracked_fixes] == [{"v1.2.3", "v1.1.9"}] * 2


def test_releases_are_listed_by_name(stage: Stage) -> None:
    assert [found.release for found in releases(stage.forge, stage.desk().process)] == [NAME]


def test_a_release_that_there_is_not_is_misused(stage: Stage) -> None:
    with pytest.raises(Misused, match="there is no release '2099-01'") as told:
        seen(stage, "2099-01")
    assert "secrel start" in told.value.remedy


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"due": None}, "`due` is missing"),
        ({"due": "2026-11-25"}, "is no time with its zone"),
        ({"products": []}, "has no product"),
        ({"products": [{"product": "product", "versions": ["1.2"]}], "colour": "red"}, "there is no field 'colour'"),
        ({"dependencies": [{"name": "a", "version": "1", "cves": ["CVE-1"]}]}, "is not a CVE id"),
    ],
)
def test_a_tracking_issue_that_cannot_be_read_is_named(stage: Stage, changes: dict[str, Any], said: str) -> None:
    tracking = stage.issue("tracking").ref
    stage.write(tracking, changes)
    with pytest.raises(Misused, match=said) as told:
        seen(stage)
    assert told.value.where.startswith(tracking)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("vector", "AV:N"),
        ("cve", "CVE-26-1"),
        ("affected", {"since": "9.0"}),
        ("product", "other"),
        ("title", "two\nlines"),
        ("description", "x" * 900_000),
        ("credits", [{"source": "rumour"}]),
        ("strange", "x"),
    ],
)
def test_a_fact_that_cannot_be_read_is_a_complaint_and_the_others_go_on(
    stage: Stage, field: str, value: object
) -> None:
    stage.write(NOTEBOOKS, {field: value})
    snapshot = seen(stage)
    [complaint] = snapshot.complaints
    assert (complaint.ref, complaint.field) == (NOTEBOOKS, field)
    assert len(complaint.what) < 400
    assert [advisory.fix for advisory in snapshot.contents.advisories] == [TOKENS]
    assert [fix.ref for fix in snapshot.tracked_fixes] == [NOTEBOOKS, TOKENS], "it is still in the release"


def test_a_table_that_lacks_its_title_is_a_complaint_about_the_details(stage: Stage) -> None:
    stage.write(NOTEBOOKS, {"title": None})
    assert complaints(stage) == [(NOTEBOOKS, "details")]


def test_a_linked_issue_that_is_gone_could_not_be_seen(stage: Stage) -> None:
    stage.close()
    with contextlib.closing(sqlite3.connect(stage.folder / "forge.db")) as database, database:
        database.execute("DELETE FROM issues WHERE ref = ?", (TOKENS,))
    database.close()
    snapshot = seen(stage)
    assert [fix.ref for fix in snapshot.tracked_fixes] == [NOTEBOOKS, TOKENS], "it is still in the release"
    assert snapshot.tracked_fixes[1].issue == Unseen("it is linked, and cannot be found", f"local:{TOKENS}")
    assert list(snapshot.untold) == [TOKENS]
    assert [advisory.fix for advisory in snapshot.contents.advisories] == [NOTEBOOKS]


@pytest.mark.parametrize(
    ("notes", "ids", "gone"),
    [
        (("CVE-2026-1111 was a mistake of ours, so it is rejected.",), "", "CVE-2026-1111"),
        (("CVE-2026-1111 is rejected, use CVE-2026-3333.",), "CVE-2026-3333", "CVE-2026-1111"),
        (("CVE-2026-1111 is REJECTED in favour of CVE-2026-3333",), "CVE-2026-3333", "CVE-2026-1111"),
        (("CVE-2026-1111: rejected as a duplicate of CVE-2026-3333",), "CVE-2026-3333", "CVE-2026-1111"),
        (("This was withdrawn.",), "", "CVE-2026-1111"),
        (("Rejected CVE-2026-1111.", "CVE-2026-1111 stands after all."), "CVE-2026-1111", ""),
        (("CVE-2026-1111 is not rejected.",), "CVE-2026-1111", ""),
        (("Thank you for your patience.",), "CVE-2026-1111", ""),
        (("CVE-2026-3333 is assigned. Yes: CVE-2026-3333.", "Thank you."), "CVE-2026-3333", ""),
        (("CVE-2026-9999 was rejected.",), "CVE-2026-1111", "CVE-2026-9999"),
    ],
)
def test_the_newest_word_of_the_cna_on_each_id_counts(
    notes: tuple[str, ...], ids: str, gone: str, stage: Stage
) -> None:
    for text in notes:
        note(stage, text)
    assert str(assigned(stage) or "") == ids
    assert complaints(stage) == []
    assert [str(one) for one in seen(stage).tracked_fixes[0].rejected] == ([gone] if gone else [])


def test_a_rejected_id_is_nobodys_whoever_wrote_it_down(stage: Stage) -> None:
    stage.write(NOTEBOOKS, {"cve": "CVE-2026-1111", "assigned_by": "us"})
    note(stage, "CVE-2026-1111 is rejected.")
    assert assigned(stage) is None
    assert complaints(stage) == []
    stage.forge.people.unlink(NOTEBOOKS, stage.issue("tracking").ref, stage.at)
    [removed] = seen(stage).removed_fixes
    assert known(removed.own_id, CveId("CVE-2026-0000")) is None, "nobody is asked what becomes of it"


@pytest.mark.parametrize("by", ["CNA", "Cna", "\uff43na"])
def test_the_cna_is_known_however_its_handle_is_spelled(stage: Stage, by: str) -> None:
    note(stage, "CVE-2026-4444 is assigned.", by)
    assert assigned(stage) == CveId("CVE-2026-4444")


@pytest.mark.parametrize("by", ["amara", "\u0441na", "cna-bot", "farid"])
def test_a_note_of_somebody_else_assigns_nothing(stage: Stage, by: str) -> None:
    note(stage, "CVE-2026-4444 is assigned.", by)
    assert assigned(stage) == CveId("CVE-2026-1111")


@pytest.mark.parametrize(
    "text",
    ["CVE-0000-0000 is what the form says", "CVE-1998-0001", "CVE-2026-123", f"CVE-2026-{'9' * 20}", "xCVE-2026-5555"],
)
def test_what_is_no_id_is_not_taken_for_one(stage: Stage, text: str) -> None:
    note(stage, text)
    assert assigned(stage) == CveId("CVE-2026-1111")
    assert isinstance(seen(stage).fixes, Seen)


def test_a_note_that_names_two_ids_is_a_complaint_and_no_assignment(stage: Stage) -> None:
    note(stage, "CVE-2026-1111 or CVE-2026-3333.")
    assert complaints(stage) == [(NOTEBOOKS, "cve")]
    assert assigned(stage) is None


def test_ids_that_contradict_each_other_are_a_complaint_and_the_developers_stays(stage: Stage) -> None:
    stage.write(NOTEBOOKS, {"cve": "CVE-2026-7777"})
    [complaint] = seen(stage).complaints
    assert (complaint.ref, complaint.field) == (NOTEBOOKS, "cve")
    assert "CVE-2026-7777" in complaint.what
    assert "CVE-2026-1111" in complaint.what
    assert assigned(stage) == CveId("CVE-2026-7777")
    stage.write(NOTEBOOKS, {"cve": "CVE-2026-1111"})
    assert complaints(stage) == []


def test_the_history_of_links_is_told(stage: Stage) -> None:
    tracking = stage.issue("tracking").ref
    first = seen(stage).tracked_fixes[1].linked_at
    stage.at += timedelta(days=1)
    stage.forge.people.unlink(TOKENS, tracking, stage.at)
    snapshot = seen(stage)
    assert [fix.ref for fix in snapshot.tracked_fixes] == [NOTEBOOKS]
    [removed] = snapshot.removed_fixes
    assert (removed.ref, removed.removed_at) == (TOKENS, stage.at)
    assert known(removed.cve_id, None) == CveId("CVE-2026-2222")
    assert set(known(removed.branches, ())) == {
        f"security-{FIXES[1]}-{target}" for target in ("main", "1.2-stable", "1.1-stable")
    }
    assert isinstance(removed.advisory, Seen)
    assert removed.advisory.value is not None
    assert removed.advisory.value.title == "Tokens in the log files of workers"
    stage.write(TOKENS, {"vector": "x"})
    [removed] = seen(stage).removed_fixes
    assert isinstance(removed.advisory, Seen)
    assert removed.advisory.value is None, "what it says cannot be read"
    stage.at += timedelta(days=1)
    stage.forge.people.link(TOKENS, tracking, "release-managers", stage.at)
    snapshot = seen(stage)
    assert known(snapshot.removed, None) == ()
    assert next(fix.linked_at for fix in snapshot.tracked_fixes if fix.ref == TOKENS) == stage.at > first


def test_a_repository_that_cannot_be_read_leaves_its_parts_unseen(stage: Stage) -> None:
    stage.forge.people.unlink(TOKENS, stage.issue("tracking").ref, stage.at)
    stage.close()
    (stage.folder / "product.git").rename(stage.folder / "away")
    snapshot = seen(stage)
    [fix] = snapshot.tracked_fixes
    for part in (fix.merge_requests, fix.tags, snapshot.tags["vendor/product"]):
        assert isinstance(part, Unseen)
        assert part.reason == "the git repository cannot be read"
    assert isinstance(fix.issue, Seen), "what lies elsewhere is seen"
    assert [advisory.fix for advisory in snapshot.contents.advisories] == [NOTEBOOKS]
    assert isinstance(snapshot.checklist, Seen)
    [removed] = snapshot.removed_fixes
    assert len(known(removed.branches, ())) == 3, "the names of branches are the forge's own"


def test_a_site_that_cannot_be_read_leaves_the_draft_unseen(tmp_path: Path) -> None:
    with a_stage("drafted", tmp_path / "desk") as stage:
        (stage.folder / "private.git").rename(stage.folder / "away")
        snapshot = seen(stage)
        assert isinstance(snapshot.draft, Unseen)
        assert isinstance(snapshot.fixes, Seen)


def test_a_fix_of_no_product_is_counted_to_the_main_one(stage: Stage) -> None:
    stage.write(NOTEBOOKS, {"product": None, "vector": "x"})
    assert seen(stage).tracked_fixes[0].product == "product"


def test_without_people_on_duty_nobody_is(stage: Stage) -> None:
    stage.write(stage.issue("tracking").ref, {"primary": None, "secondary": None})
    assert seen(stage).duty is None

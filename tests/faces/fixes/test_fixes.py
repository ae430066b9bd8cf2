"""Fixes told: to whoever reads a terminal of any width, a page, or JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.faces.fixes import fix_told, fixes_told
from secrel.faces.fixes.cves import CveStanding, cves_told
from secrel.faces.fixes.table import fitted
from secrel.faces.terminal import width_of
from secrel.snapshot.seen import Complaint, Snapshot
from secrel.words.advisories import Credit
from secrel.words.errors import Misused
from secrel.words.parts import Unseen
from secrel.words.versions import Version
from tests.builders import NAME, a_contents, a_fix, a_snapshot, an_advisory, changed, merged, seen

WIDE = 200
COMPLAINTS = (Complaint("acme/app#1", "cve", "is two"), Complaint("acme/app#2", "title", "is another's"))


def told(fixes: int = 2, **changes: Any) -> Snapshot:
    return a_snapshot(tuple(a_fix(number) for number in range(1, fixes + 1)), **changes)


def test_a_fix_has_a_line_where_there_is_room() -> None:
    head, first, second = fixes_told(told(), width=WIDE).splitlines()
    assert head.split()[:3] == ["fix", "CVE", "id"]
    assert first.startswith("acme/app#1")
    assert "CVE-2026-0001" in first
    assert "0 of 4 merged" in first
    assert second.startswith("acme/app#2")


def test_a_fix_has_three_lines_where_there_is_none() -> None:
    lines = fixes_told(told(), width=80).splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("acme/app#1  CVE-2026-0001")
    assert lines[1] == "    Improper access control in part 1"
    assert lines[2].startswith("    all versions from 17.0 before 18.3.6")


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_no_line_is_wider_than_it_may_be(width: int) -> None:
    assert max(map(width_of, fixes_told(told(), width=width).splitlines())) <= width


@given(
    rows=st.lists(st.tuples(*(st.text("abc wide字", max_size=30) for _ in range(5))), min_size=1, max_size=6),
    width=st.integers(min_value=12, max_value=160),
)
def test_rows_of_any_text_fit(rows: list[tuple[str, ...]], width: int) -> None:
    assert all(width_of(line) <= width for line in fitted(("a", "b", "c", "d", "e"), rows, width).splitlines())


def test_a_fix_that_cannot_be_read_or_has_no_vector_is_told_as_such() -> None:
    bare = an_advisory(1, vector=None, affected=None, cve_id=None, no_cve="it is hardening alone")
    snapshot = told(contents=a_contents(advisories=[bare]))
    lines = fixes_told(snapshot, width=WIDE).splitlines()
    assert "none needed" in lines[1]
    assert "nobody said" in lines[1]
    assert "cannot be read" in lines[2]
    assert "Flaw number 2" in lines[2]
    first, second = json.loads(fixes_told(snapshot, "json"))["fixes"]
    assert (first["score"], first["cve_id"], first["no_cve"]) == (None, None, "it is hardening alone")
    assert (second["readable"], second["affected"]) == (False, None)
    assert "not given" in fix_told(snapshot, "acme/app#1")
    assert "cannot be read" in fix_told(snapshot, "acme/app#2")
    assert "credits" not in json.loads(fix_told(snapshot, "acme/app#2", "json"))["fix"]


def test_an_id_that_is_not_assigned_is_told() -> None:
    snapshot = told(1, contents=a_contents(advisories=[an_advisory(1, cve_id=None)]))
    assert "not assigned" in fixes_told(snapshot)
    assert "not assigned" in fix_told(snapshot, "acme/app#1")


def test_one_fix_is_told_whole() -> None:
    fix = changed(merged(a_fix(1)), cve_request=None)
    advisory = an_advisory(1, credits=(Credit("", profile=""),), edition="Enterprise")
    snapshot = told(contents=a_contents(advisories=[advisory]), complaints=COMPLAINTS)
    snapshot = replace(snapshot, fixes=seen((fix,)))
    text = fix_told(snapshot, "acme/app#1", width=60)
    facts = {line[: line.index("  ")]: line.split("  ")[-1].strip() for line in text.splitlines() if line[:1] != " "}
    assert facts["CVE request"] == "none"
    assert facts["credit"] == "internal"
    assert facts["product"] == "app Enterprise"
    assert facts["into main"].endswith("merged, pipeline passed")
    assert facts["wrong: cve"] == "is two"
    assert "another's" not in text
    assert all(width_of(line) <= 60 for line in text.splitlines())
    page = fix_told(snapshot, "acme/app#1", "markdown")
    assert page.startswith("| fact | acme/app#1 |\n| --- | --- |\n")
    assert json.loads(fix_told(snapshot, "acme/app#1", "json"))["fix"]["merged"] == 4


def test_a_fix_that_is_none_is_refused() -> None:
    with pytest.raises(Misused, match="is no fix of this release") as fault:
        fix_told(told(), "acme/app#99")
    assert fault.value.remedy == "see them all: secrel fix show 2026-11"


def test_a_release_without_a_fix_says_so() -> None:
    assert fixes_told(told(0)) == "2026-11 has no fix"
    assert cves_told("2026-11", []) == "2026-11 has no fix"


def test_pages_hold_what_others_wrote_in_its_cell() -> None:
    title = "a | b\n\n# c <script>"
    snapshot = told(1, contents=a_contents(advisories=[an_advisory(1, title=title)]))
    page = fixes_told(snapshot, "markdown").splitlines()
    assert len(page) == 3
    assert "<script>" not in page[2]
    rows = cves_told("2026-11", [CveStanding("acme/app#1", title)], "markdown").splitlines()
    assert len(rows) == 3
    assert "<script>" not in rows[2]


def test_cves_tell_what_is_missing() -> None:
    standings = [
        CveStanding("acme/app#1", "One", cve_id="CVE-2026-0001", request="acme/cves#1"),
        CveStanding("acme/app#2", "Two", missing=("vector", "weakness")),
        CveStanding("acme/app#3", "Three", no_cve="hardening"),
        CveStanding("acme/app#4", "Four", request="acme/cves#4", otherwise=("the CVE issue says 1.2",)),
    ]
    lines = cves_told("2026-11", standings, width=WIDE).splitlines()
    assert lines[1].split("  ")[:3] == ["acme/app#1", "CVE-2026-0001", "acme/cves#1"]
    assert "missing: vector, weakness" in lines[2]
    assert "none needed" in lines[3]
    assert "hardening" in lines[3]
    assert ("complete" in lines[1], "complete" in lines[4], "says 1.2" in lines[4]) == (True, False, True)
    assert json.loads(cves_told("2026-11", standings, "json"))["cves"][1] == {
        "fix": "acme/app#2",
        "cve_id": None,
        "no_cve": None,
        "request": None,
        "missing": ["vector", "weakness"],
        "otherwise": [],
    }


def test_what_could_not_be_seen_of_a_fix_is_told_as_unseen() -> None:
    half = changed(a_fix(1), merge_requests=Unseen("502 Bad Gateway"))
    snapshot = a_snapshot((half,))
    assert "unseen" in fixes_told(snapshot, width=WIDE).splitlines()[1]
    whole = fix_told(snapshot, "acme/app#1")
    assert any(line.startswith("unseen: ") and "502 Bad Gateway" in line for line in whole.splitlines())


def test_whose_an_id_is_and_what_is_only_announced_is_told() -> None:
    for changes, texts in (
        ({"assigned_by": "Widget CNA"}, ("CVE-2026-0001 (Widget CNA's: cited only)",)),
        ({"assigned_by": ""}, ("CVE-2026-0001 (whose?)",)),
        ({"assigned_by": "Widget CNA", "cve_id": None}, ("not assigned (Widget CNA's: cited only)",)),
        ({"fixed_already": (Version.parse("17.9.1"),)}, ("fixed in   17.9.1",)),
        (
            {"hosted_only": "acme.test", "affected": None, "cve_id": None, "assigned_by": ""},
            ("only acme.test", "only acme.test was affected"),
        ),
    ):
        snapshot = told(1, contents=a_contents(advisories=[an_advisory(1, **changes)]))
        shown = fix_told(snapshot, "acme/app#1", width=WIDE)
        for text in texts:
            assert " ".join(text.split()) in " ".join(shown.split()), shown
    hosted = fixes_told(snapshot, width=WIDE)
    assert "none needed" in hosted
    assert "only acme.test" in hosted
    others = CveStanding("acme/app#1", "A flaw", "CVE-2024-0001", other_cna="Widget CNA")
    assert "Widget CNA's: cited only" in cves_told(NAME, [others], width=WIDE)

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec import structs
from msgspec.structs import replace

from secrel.evaluate.verdicts import Finding
from secrel.faces.merge_requests import check_json, check_markdown, check_text
from secrel.faces.terminal import width_of
from secrel.papers.merge_requests.rows import Tagged, blocks_of, rows_of, unplaced
from secrel.papers.merge_requests.words import approvals, state_of, tally
from secrel.snapshot.seen import Snapshot
from secrel.words.forge import Assent, State
from secrel.words.parts import Seen, Unseen
from tests.builders import (
    BOT,
    DUE,
    VERSIONS,
    a_contents,
    a_fix,
    a_merge_request,
    a_snapshot,
    an_advisory,
    an_issue,
    changed,
    requests,
    seen,
    spans,
    tags_of,
)
from tests.faces.terminal.goldens import findings
from tests.faces.terminal.scene import HOSTILE, a_process, a_scene

SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "schemas" / "merge-requests.schema.json"
NOBODY = structs.replace(a_process(), people={})


def widest(text: str) -> int:
    return max(width_of(line) for line in text.splitlines() if "run: " not in line)


def test_every_fix_has_a_row_for_each_branch_it_has_to_reach() -> None:
    rows = rows_of(a_fix(1), a_scene(), a_process())
    assert [row.target for row in rows] == ["main", "18-5-stable", "18-4-stable", "18-3-stable"]
    assert [str(row.version) for row in rows[1:]] == ["18.5.2", "18.4.4", "18.3.6"]
    assert [row.short_ref for row in rows] == ["!100", "!101", "!102", "!103"]


def test_a_closed_request_counts_only_when_there_is_no_other_and_strays_are_shown() -> None:
    closed = a_merge_request(1, "main", state=State.CLOSED)
    stray = a_merge_request(3, "17-0-stable", ref="acme/other!3")
    both = changed(a_fix(1), merge_requests=(closed, a_merge_request(2, "main"), stray))
    rows = rows_of(both, a_snapshot([both]), a_process())
    assert [(row.target, row.short_ref) for row in rows if row.merge_request] == [
        ("main", "!2"),
        ("17-0-stable", "acme/other!3"),
    ]
    assert state_of(rows[-1]) == "open, branch not in the release"
    assert rows[-1].tagged is Tagged.NO_VERSION
    only = changed(a_fix(1), merge_requests=(closed,))
    assert state_of(rows_of(only, a_snapshot([only]), a_process())[0]) == "closed"


def test_a_series_that_is_not_affected_has_a_row_only_where_the_fix_reaches_it() -> None:
    newest = an_advisory(1, affected=spans(VERSIONS)[2:])
    some = changed(a_fix(1), merge_requests=(a_merge_request(1, "main"), a_merge_request(2, "18-3-stable")))
    rows = rows_of(some, a_snapshot([some], contents=a_contents(advisories=[newest])), a_process())
    assert [row.target for row in rows if row.is_needed] == ["main", "18-5-stable", "18-3-stable"]
    none = changed(a_fix(1), merge_requests=())
    hosted = an_advisory(1, affected=None, hosted_only="acme.test")
    assert rows_of(none, a_snapshot([none], contents=a_contents(advisories=[hosted])), a_process()) == ()


def test_a_product_outside_the_release_has_its_default_branch_and_an_unknown_one_what_is_there() -> None:
    fix = a_fix(1)
    elsewhere = replace(a_snapshot([fix]), release=replace(a_scene().release, shipments=()))
    assert [row.is_needed for row in rows_of(fix, elsewhere, a_process())] == [True, False, False, False]
    unknown = structs.replace(a_process(), products=())
    assert [row.is_needed for row in rows_of(fix, elsewhere, unknown)] == [False] * 4


def test_appsec_is_told_apart_and_comes_first_and_old_approvals_are_marked() -> None:
    old = Assent("bjorn", DUE - timedelta(days=11), "maintainer")
    request = a_merge_request(1, "main", assents=(old, Assent("dewi", DUE - timedelta(days=9), "appsec")))
    fix = changed(a_fix(1), merge_requests=(request,))
    row = rows_of(fix, a_snapshot([fix]), a_process())[0]
    assert approvals(row) == "AppSec: dewi; bjorn (before its last change)"
    unmoved = changed(fix, merge_requests=(replace(request, changed_at=None),))
    assert approvals(rows_of(unmoved, a_snapshot([fix]), a_process())[0]) == "AppSec: dewi; bjorn"
    missing = rows_of(changed(fix, merge_requests=()), a_snapshot([fix]), a_process())[0]
    assert (approvals(missing), state_of(missing), missing.short_ref) == ("nobody", "missing", "")
    assert not missing.is_stale(old)


def test_what_keeps_a_request_from_being_merged_is_said() -> None:
    request = a_merge_request(1, "main", is_draft=True, has_conflicts=True, open_discussions=2, open_boxes=1)
    fix = changed(a_fix(1), merge_requests=(request,))
    row = rows_of(fix, a_snapshot([fix]), a_process())[0]
    assert state_of(row) == "open, draft, conflicts, 2 discussions, 1 box"


def test_whether_it_is_in_the_tag_is_yes_no_not_yet_or_unseen() -> None:
    fix = changed(a_fix(1), tags=frozenset({"v18.5.2"}))
    tags = {name: commit for name, commit in tags_of(a_scene().release).items() if name != "v18.3.6"}
    rows = rows_of(fix, a_snapshot([fix], tags=seen(tags)), a_process())
    assert [row.tagged for row in rows] == [Tagged.NO_VERSION, Tagged.YES, Tagged.NO, Tagged.NOT_YET]
    rows = rows_of(fix, a_snapshot([fix], tags=Unseen("no answer")), a_process())
    assert [row.tagged for row in rows[1:]] == [Tagged.YES, Tagged.UNSEEN, Tagged.UNSEEN]
    text = check_text(a_snapshot([fix], tags=seen(tags)), a_process(), [])
    assert "✗ 18-4-stable" in text
    assert "no (v18.4.4)" in text


def test_the_bot_is_asked_for_only_while_there_is_something_to_assign() -> None:
    row = rows_of(a_fix(1), a_scene(), a_process())[0]
    assert row.has_bot is True
    assert rows_of(a_fix(1), a_scene(), NOBODY)[0].has_bot is None
    assert BOT in a_process().people.values()
    for show in (check_text, check_markdown):
        assert " bot " in show(a_scene(), a_process(), [])
        assert " bot " not in show(a_scene(), NOBODY, []), "of a bot that there is not nothing is said"


def test_findings_stand_with_what_they_are_about() -> None:
    found = [
        Finding("acme/app!201: its title", "is odd"),
        Finding("acme/app!2010", "is another"),
        Finding("acme/app#2", "is whole"),
        Finding("acme/cves#1", "has no id"),
    ]
    blocks = blocks_of(a_scene(), a_process(), found)
    assert [one.what for one in blocks[1].findings_of(blocks[1].rows[1])] == ["is odd"]
    assert [one.what for one in blocks[1].other_findings] == ["is whole"]
    assert [one.what for one in blocks[0].other_findings] == ["has no id"]
    assert [one.what for one in unplaced(blocks, found)] == ["is another"]


def test_fixes_that_could_not_be_seen_are_not_none() -> None:
    blind = Snapshot(**{**{f: getattr(a_scene(), f) for f in Snapshot.__struct_fields__}, "fixes": Unseen("no answer")})
    assert "? the fixes could not be seen: no answer" in check_text(blind, a_process(), [])
    assert "**The fixes could not be seen:** no answer" in check_markdown(blind, a_process(), [])
    assert json.loads(check_json(blind, a_process(), []))["unseen"] == "no answer"


def test_json_follows_its_schema() -> None:
    schema = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text()))
    for scene in (a_scene(), a_snapshot([]), hostile_scene(HOSTILE)):
        schema.validate(json.loads(check_json(scene, a_process(), findings())))


def hostile_scene(text: str) -> Snapshot:
    request = a_merge_request(1, "main", ref=f"acme/app!{text}", assents=(Assent(text, DUE, text),))
    fix = changed(a_fix(1), issue=an_issue(1, title=text), merge_requests=(request, *requests(a_fix(1))[1:]))
    return a_snapshot([fix])


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("text", [HOSTILE, "漢字" * 60, "a_very_long_name_without_a_blank" * 5])
def test_a_terminal_table_fits_whatever_it_holds(width: int, text: str) -> None:
    found = [Finding("acme/app#1", text, text), Finding(text, text)]
    shown = check_text(hostile_scene(text), a_process(), found, width=width)
    assert widest(shown) <= width
    assert not set(shown) & {"\x1b", "\x07", "\u202e"}


@given(st.text())
@settings(max_examples=60, deadline=None)
def test_a_markdown_table_keeps_its_cells(text: str) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(check_markdown(hostile_scene(text), a_process(), []))
    assert sum(token.type == "td_open" for token in tokens) == 4 * 7
    assert all(token.type != "html_block" for token in tokens)


def test_markdown_lists_findings_with_their_commands() -> None:
    text = check_markdown(a_scene(), a_process(), findings())
    assert "- acme/app\\#2: has no merge request for 18-3-stable; run `secrel fix show 2026-11 'acme/app#2'`" in text
    assert "## Other findings" in text
    assert "| 18-3-stable | **missing** |" in text
    assert check_markdown(a_snapshot([]), a_process(), [Finding("", "x")]).endswith("## Other findings\n\n- x\n")


def test_colour_only_adds() -> None:
    plain = check_text(a_scene(), a_process(), findings())
    assert re.sub(r"\x1b\[[\d;]*m", "", check_text(a_scene(), a_process(), findings(), colour=True)) == plain
    one = a_snapshot([a_fix(1)])
    assert "1 fix, 4 merge requests (0 merged, 4 not), 0 findings" in check_text(one, a_process(), [])
    assert "    !\n" in check_text(one, a_process(), [Finding("acme/app#1", " ")])


def test_what_could_not_be_seen_is_not_called_missing() -> None:
    unseen = Unseen("no answer")
    request = a_merge_request(1, "main", pipeline=unseen, has_conflicts=unseen, open_discussions=unseen, assents=unseen)
    cut_short = Seen((request,), "", "1 of 4 read")
    snapshot = a_snapshot(
        [a_fix(1, merge_requests=cut_short, tags=unseen), a_fix(2, merge_requests=unseen, product=unseen)]
    )
    for text in (check_text(snapshot, a_process(), []), check_markdown(snapshot, a_process(), [])):
        assert "missing" not in text
        assert "unseen" in text
    first, second = json.loads(check_json(snapshot, a_process(), []))["fixes"]
    assert first["branches"][0]["merge_request"]["pipeline"] is None
    assert first["branches"][0]["merge_request"]["approvals"] is None
    assert {branch["in_the_tag"] for branch in first["branches"]} == {"-", "unseen"}
    assert "acme/app#1 merge_requests: 1 of 4 read" in first["unseen"]
    assert (second["product"], second["branches"]) == (None, [])
    assert tally(snapshot, blocks_of(snapshot, a_process(), []), []).endswith("(0 merged, 1 not), 0 findings")
    partly = check_text(replace(snapshot, fixes=Seen((a_fix(1),), "", "1 of 2 read")), a_process(), [])
    assert "? the fixes could not be seen: 1 of 2 read" in partly


def test_a_fix_is_called_by_what_its_details_say() -> None:
    snapshot = a_snapshot([a_fix(1)], contents=a_contents(advisories=[an_advisory(1, title="Another title")]))
    for said in (check_text(snapshot, a_process(), ()), check_markdown(snapshot, a_process(), ())):
        assert "Another title" in said
    assert json.loads(check_json(snapshot, a_process(), ()))["fixes"][0]["title"] == "Another title"

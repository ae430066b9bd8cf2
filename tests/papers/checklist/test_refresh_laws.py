"""What holds for every refresh of a checklist, whatever people did to it."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from secrel.papers.checklist import refresh_checklist
from secrel.papers.checklist.lines import OWN, ChecklistLine, read_lines
from tests.papers.checklist.pages import Block, Edit, Row, edited, edits, page, pages

pytestmark = pytest.mark.long
MANY = settings(max_examples=120, deadline=None)


def own_lines(text: str) -> list[str]:
    """A person's lines that say something, with their line ends."""
    return [
        str(line) for line in read_lines(text) if not line.key and line.before.strip() and "s:without" not in str(line)
    ]


def survive(mine: list[str], kept: list[str]) -> bool:
    """Whether all of mine are there in their order; a last line without an end may have got one."""
    rest = iter(kept)
    return all(
        any(one == line or (not line.endswith("\n") and one.rstrip("\r\n") == line) for one in rest) for line in mine
    )


def by_key(text: str) -> dict[str, ChecklistLine]:
    return {line.key: line for line in read_lines(text) if line.key and not line.is_remark}


@given(pages(), edits(), pages())
@MANY
def test_twice_is_once_whatever_base_is_kept(last: str, done: list[Edit], now: str) -> None:
    found = edited(last, done)
    once = refresh_checklist(found, last, now)
    for base in (last, now, once.text):
        again = refresh_checklist(once.text, base, now)
        assert again.text == once.text


@given(pages(), edits("insert", "append", "append after", "carriage returns", "no line end"))
@MANY
def test_nothing_new_gives_the_same_bytes(last: str, done: list[Edit]) -> None:
    found = edited(last, done)
    assert refresh_checklist(found, last, last).text == found
    assert refresh_checklist(found, "", last).text == found


@given(pages(), edits(), pages())
@MANY
def test_a_persons_lines_survive_byte_for_byte_and_in_order(last: str, done: list[Edit], now: str) -> None:
    found = edited(last, done)
    text = refresh_checklist(found, last, now).text
    assert survive(own_lines(found), own_lines(text))


@given(pages(), edits(), pages())
@MANY
def test_boxes_of_the_desks_lines_follow_the_evidence(last: str, done: list[Edit], now: str) -> None:
    text = refresh_checklist(edited(last, done), last, now).text
    wanted = by_key(now)
    for key, line in by_key(text).items():
        if key in wanted and not key.startswith(OWN) and line.ticked is not None and wanted[key].ticked is not None:
            assert line.ticked == wanted[key].ticked


@given(pages(), edits("insert", "append", "flip", "move"), pages())
@MANY
def test_own_boxes_of_seeded_lines_are_the_persons(last: str, done: list[Edit], now: str) -> None:
    found = edited(last, done)
    before, after = by_key(found), by_key(refresh_checklist(found, last, now).text)
    for key, line in before.items():
        if key.startswith(OWN) and key in after and line.ticked is not None and after[key].ticked is not None:
            assert after[key].ticked == line.ticked


@given(pages(), edits("delete"), pages())
@MANY
def test_what_a_person_took_out_stays_out_and_is_reported(last: str, done: list[Edit], now: str) -> None:
    found = edited(last, done)
    gone = set(by_key(last)) - set(by_key(found))
    first = refresh_checklist(found, last, now)
    assert not gone & set(by_key(first.text))
    assert set(first.taken_out) >= gone & set(by_key(now))
    # a line that is new in a block that was taken out as a whole stays out with it
    assert all(key.rpartition("/")[0] in gone or key.startswith(OWN) for key in set(first.taken_out) - gone)
    later = refresh_checklist(first.text, "", now)
    assert later.taken_out == first.taken_out
    assert later.text == first.text


@given(pages(), pages())
@MANY
def test_an_untouched_checklist_becomes_the_new_one_line_by_line(last: str, now: str) -> None:
    result = refresh_checklist(last, last, now)
    ours, wanted = by_key(result.text), by_key(now)
    assert {key: line.words for key, line in ours.items() if not key.startswith(OWN)} == {
        key: line.words for key, line in wanted.items() if not key.startswith(OWN)
    }
    assert result.conflicts == ()


@given(pages(), edits("append", "append after", words=("zebra", "okapi")), pages())
@MANY
def test_words_that_a_person_added_to_a_desks_line_are_never_lost(last: str, done: list[Edit], now: str) -> None:
    found = edited(last, done)
    text = refresh_checklist(found, last, now).text
    for word in ("zebra", "okapi"):
        assert text.count(word) >= found.count(word)


@given(pages(), edits(), pages())
@MANY
def test_every_conflict_is_shown_where_it_is(last: str, done: list[Edit], now: str) -> None:
    result = refresh_checklist(edited(last, done), last, now)
    shown = [line for line in read_lines(result.text) if line.is_remark]
    assert len(shown) == len(result.conflicts)
    for conflict in result.conflicts:
        assert any(line.key.endswith(f"/{conflict.key}") for line in shown)


@given(st.text(), st.text(), st.text())
@example("", "", "")
@MANY
def test_any_text_at_all_is_refreshed_and_stays(found: str, last: str, now: str) -> None:
    once = refresh_checklist(found, last, now)
    assert refresh_checklist(once.text, last, now).text == once.text
    assert survive(own_lines(found), own_lines(once.text))


@given(pages(), edits(), pages(), edits(), pages())
@MANY
def test_a_long_life_keeps_every_own_line(
    one: str, first: list[Edit], two: str, second: list[Edit], three: str
) -> None:
    middle = refresh_checklist(edited(one, first), one, two).text
    found = edited(middle, second)
    text = refresh_checklist(found, middle, three).text
    assert survive(own_lines(found), own_lines(text))


def test_a_new_page_is_given_as_it_is() -> None:
    now = page(Block("fix/1", "Fix", (Row("fix/1/a", "linked", holds=True),)))
    assert refresh_checklist("", "", now).text == now

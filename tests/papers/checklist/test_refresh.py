"""Stories of people and a checklist."""

from __future__ import annotations

import pytest

from secrel.papers.checklist import ConflictKind, Refreshed, read_boxes, refresh_checklist
from secrel.papers.checklist.lines import desk_line, key_of, read_lines, written
from tests.papers.checklist.pages import Block, Row, page

LINKED = Row("fix/1/linked", "linked", holds=True)
SECOND = Block("fix/2", "Fix 2", (Row("fix/2/linked", "linked", holds=True),))


def a_page(words: str = "merged: no", *more: Block, holds: bool = False) -> str:
    """Two fixes; the second line of the first one says `words`."""
    return page(Block("fix/1", "Fix 1", (LINKED, Row("fix/1/mr", words, holds=holds))), *more, SECOND)


ONE = a_page()


def changed(text: str, old: str, new: str) -> str:
    """What a person made of it."""
    assert text.count(old) == 1
    return text.replace(old, new)


def test_a_note_below_a_box_stays_below_it_when_the_box_changes() -> None:
    found = changed(ONE, "\n\n## Fix 2", "\nbjorn looks at it\n\n## Fix 2")
    lines = refresh_checklist(found, ONE, a_page("merged: yes", holds=True)).text.splitlines()
    place = lines.index("bjorn looks at it")
    assert lines[place - 1].startswith("- [x] merged: yes")


def test_a_box_that_somebody_ticked_by_hand_goes_back_and_is_shown_as_disputed() -> None:
    found = ONE.replace("- [ ] merged", "- [x] merged")
    result = refresh_checklist(found, ONE, ONE)
    assert "- [ ] merged: no" in result.text
    assert "  - ⚠ ticked by hand, and the evidence does not say so: the box follows the evidence" in result.text
    assert [(c.kind, c.key, c.yours) for c in result.conflicts] == [(ConflictKind.FLIPPED, "fix/1/mr", "ticked")]
    again = refresh_checklist(result.text, ONE, ONE)
    assert again == result


def test_a_dispute_ends_when_the_evidence_agrees() -> None:
    disputed = refresh_checklist(ONE.replace("- [ ] merged", "- [x] merged"), ONE, ONE).text
    now = a_page(holds=True)
    assert refresh_checklist(disputed, ONE, now).conflicts == ()
    assert "⚠" not in refresh_checklist(disputed, ONE, now).text


def test_a_dispute_that_somebody_deleted_does_not_come_back() -> None:
    disputed = refresh_checklist(ONE.replace("- [ ] merged", "- [x] merged"), ONE, ONE).text
    settled = "".join(line for line in disputed.splitlines(keepends=True) if "⚠" not in line)
    assert refresh_checklist(settled, ONE, ONE).text == settled


def test_a_box_that_somebody_unticked_is_disputed_too() -> None:
    found = ONE.replace("- [x] linked <!-- s:fix/1", "- [ ] linked <!-- s:fix/1")
    result = refresh_checklist(found, ONE, ONE)
    assert "⚠ unticked by hand, and the evidence says that it holds" in result.text
    assert [c.yours for c in result.conflicts] == ["not ticked"]


def test_words_of_both_are_merged_when_they_do_not_meet() -> None:
    found = changed(ONE, "merged: no", "merged: no (dewi asked)")
    now = a_page("soon merged: no")
    result = refresh_checklist(found, ONE, now)
    assert "- [ ] soon merged: no (dewi asked) <!-- s:fix/1/mr" in result.text
    assert result.conflicts == ()
    assert refresh_checklist(result.text, now, now).text == result.text


def test_words_that_meet_are_both_shown_and_the_persons_stay() -> None:
    found = changed(ONE, "merged: no", "merged: on Tuesday")
    now = a_page("merged: yes")
    result = refresh_checklist(found, ONE, now)
    assert "- [ ] merged: on Tuesday <!-- s:fix/1/mr" in result.text
    assert "  - ⚠ the desk now says: merged: yes" in result.text
    assert [(c.kind, c.yours, c.desks) for c in result.conflicts] == [
        (ConflictKind.EDITED, "- [ ] merged: on Tuesday", "- [ ] merged: yes")
    ]
    assert refresh_checklist(result.text, now, now) == result
    later = a_page("merged: reverted")
    third = refresh_checklist(result.text, now, later)
    assert third.text.count("⚠") == 1
    assert "⚠ the desk now says: merged: reverted" in third.text


def test_an_answered_conflict_is_over_when_its_remark_is_deleted_or_the_desks_words_are_taken() -> None:
    found = changed(ONE, "merged: no", "merged: on Tuesday")
    now = a_page("merged: yes")
    shown = refresh_checklist(found, ONE, now).text
    settled = "".join(line for line in shown.splitlines(keepends=True) if "⚠" not in line)
    assert refresh_checklist(settled, now, now).text == settled
    taken = changed(shown, "merged: on Tuesday", "merged: yes")
    assert refresh_checklist(taken, now, now).text == now


def test_without_a_base_a_conflict_is_shown_rather_than_guessed() -> None:
    found = changed(ONE, "merged: no", "merged: no (dewi asked)")
    now = a_page("soon merged: no")
    assert refresh_checklist(found, "", now).conflicts[0].kind is ConflictKind.EDITED


def test_a_fix_that_leaves_takes_its_block_along_but_not_what_people_wrote_there() -> None:
    now = page(Block("fix/1", "Fix 1", (Row("fix/1/linked", "linked", holds=True),)))
    assert refresh_checklist(ONE, ONE, now).text == now
    found = changed(ONE, "\n\n## Fix 2", "\nnote on fix 1\n\n## Fix 2") + "note on fix 2\n"
    result = refresh_checklist(found, ONE, now)
    lines = [line.split(" <!--")[0] for line in result.text.splitlines()]
    assert lines == [
        "# Release 2026-11: checklist",
        "",
        "## Fix 1",
        "- [x] linked",
        "note on fix 1",
        "",
        "## Fix 2",
        "- ⚠ the desk has no such line any more; it stays because of what you wrote",
        "note on fix 2",
    ]
    assert [c.kind for c in result.conflicts] == [ConflictKind.WITHDRAWN]
    assert refresh_checklist(result.text, now, now) == result


def test_a_line_that_leaves_stays_for_what_is_written_in_it_or_nested_below_it() -> None:
    now = page(Block("fix/1", "Fix 1", ()), SECOND)
    nested = changed(ONE, "merged: no", "merged: no").replace("\n\n## Fix 2", "\n  - why not?\n\n## Fix 2")
    assert "- [ ] merged: no" in refresh_checklist(nested, ONE, now).text
    flipped = ONE.replace("- [ ] merged", "- [x] merged")
    assert "- [x] merged: no" in refresh_checklist(flipped, ONE, now).text
    back = refresh_checklist(refresh_checklist(flipped, ONE, now).text, now, ONE)
    assert [c.kind for c in back.conflicts] == [ConflictKind.FLIPPED]
    assert back.text.count("⚠") == 1


def test_a_new_block_begins_below_the_notes_of_the_one_before() -> None:
    found = changed(ONE, "\n\n## Fix 2", "\n- [ ] my box\nmy note\n\n## Fix 2")
    now = a_page("merged: no", Block("fix/9", "Fix 9", (Row("fix/9/linked", "linked", holds=True),)))
    lines = [line.split(" <!--")[0] for line in refresh_checklist(found, ONE, now).text.splitlines()]
    assert lines[4:] == [
        "- [ ] merged: no",
        "- [ ] my box",
        "my note",
        "",
        "## Fix 9",
        "- [x] linked",
        "",
        "## Fix 2",
        "- [x] linked",
    ]


def test_moved_blocks_stay_where_they_were_put() -> None:
    head, first, second = ONE.split("\n\n")
    found = f"{head}\n\n{second}\n{first}\n"
    assert refresh_checklist(found, ONE, ONE).text == found


def test_what_was_taken_out_comes_back_when_its_key_is_written_on_a_line() -> None:
    line = next(line for line in ONE.splitlines(keepends=True) if "fix/1/mr" in line)
    out = refresh_checklist(ONE.replace(line, ""), ONE, ONE)
    assert out.taken_out == ("fix/1/mr",)
    assert out.text.endswith("<!-- s:without fix/1/mr -->\n")
    assert refresh_checklist(out.text, "", ONE) == out
    wished = out.text.replace("## Fix 2", " <!-- s:fix/1/mr --> \n\n## Fix 2")
    back = refresh_checklist(wished, "", ONE)
    assert line in back.text
    assert back.taken_out == ()
    assert "s:without" not in back.text
    assert refresh_checklist(" <!-- s:unknown --> \n", "", "").text == " <!-- s:unknown --> \n"


def test_a_record_of_what_was_taken_out_stays_where_somebody_put_it() -> None:
    line = next(line for line in ONE.splitlines(keepends=True) if "fix/1/mr" in line)
    out = refresh_checklist(ONE.replace(line, ""), ONE, ONE).text
    record = "<!-- s:without fix/1/mr -->\n"
    moved = record + out.replace(record, "")
    assert refresh_checklist(moved, ONE, ONE).text == moved
    both = moved.replace("- [x] linked <!-- s:fix/2/linked", "- gone <!-- s:fix/2/other")
    assert refresh_checklist(both, ONE, ONE).taken_out == ("fix/1/mr", "fix/2/linked")


def test_a_copied_line_follows_the_evidence_in_both_places() -> None:
    line = next(line for line in ONE.splitlines(keepends=True) if "fix/1/mr" in line)
    found = line + ONE
    now = a_page("merged: yes", holds=True)
    text = refresh_checklist(found, ONE, now).text
    assert text.count("- [x] merged: ") == 2


def test_windows_line_ends_stay_and_new_lines_have_them_too() -> None:
    found = ONE.replace("\n", "\r\n")
    now = ONE + page(Block("fix/7", "Fix 7", ())).split("\n\n")[1]
    text = refresh_checklist(found, ONE, now).text
    assert text.count("\r\n") == text.count("\n") == now.count("\n")


def test_a_text_without_a_final_line_end_gets_one_only_when_something_follows() -> None:
    found = ONE.rstrip("\n")
    assert refresh_checklist(found, ONE, ONE).text == found
    now = page(
        Block("fix/1", "Fix 1", (LINKED, Row("fix/1/mr", "merged: no", holds=False))),
        Block("fix/2", "Fix 2", (*SECOND.rows, Row("fix/2/mr", "merged", holds=True))),
    )
    assert refresh_checklist(found, ONE, now).text == now


def test_a_remark_that_somebody_rewrote_is_theirs() -> None:
    disputed = refresh_checklist(ONE.replace("- [ ] merged", "- [x] merged"), ONE, ONE).text
    mine = disputed.replace("ticked by hand", "I ticked it by hand")
    result = refresh_checklist(mine, ONE, ONE)
    assert result.text == mine
    assert result.conflicts == ()
    assert (
        refresh_checklist(mine, ONE, ONE.replace("- [ ] merged", "- [x] merged")).text.count("I ticked it by hand") == 1
    )


def test_a_person_may_take_the_box_away() -> None:
    found = ONE.replace("- [ ] merged: no", "merged: no")
    now = a_page(holds=True)
    assert refresh_checklist(found, ONE, now).text.count("\nmerged: no <!-- s:fix/1/mr") == 1


def test_the_seeded_own_box_keeps_its_tick_when_the_desk_changes_its_words() -> None:
    one = page(Block("fix/1", "Fix 1", (Row("own/wording/1", "wording is right", holds=False),)))
    two = page(Block("fix/1", "Fix 1", (Row("own/wording/1", "wording is verified", holds=False),)))
    found = one.replace("- [ ] wording", "- [X] wording")
    assert refresh_checklist(found, one, one).text == found
    assert "- [x] wording is verified" in refresh_checklist(found, one, two).text
    assert "- no box <!--" in refresh_checklist(one.replace("- [ ] wording is right", "- no box"), one, one).text


def test_boxes_are_read_by_key_and_own_ones_by_their_words() -> None:
    own = "- [ ] ask bjorn\n* [X] ask bjorn\n1. [x]\n"
    fenced = "```\n- [x] no box\n```\n~~~\n```\n- [x] nor this\n~~~\n- [x] after\n"
    text = ONE + own + fenced
    assert read_boxes(text) == {
        "fix/1/linked": True,
        "fix/1/mr": False,
        "fix/2/linked": True,
        "yours/ask bjorn": False,
        "yours/ask bjorn (2)": True,
        "yours/": True,
        "yours/after": True,
    }


def test_a_new_block_begins_below_a_paragraph_that_somebody_set_off() -> None:
    found = changed(ONE, "\n\n## Fix 2", "\n\nbjorn looks at it\n\n## Fix 2")
    now = a_page("merged: no", Block("fix/3", "Fix 3", (Row("fix/3/linked", "linked", holds=True),)))
    result = refresh_checklist(found, ONE, now)
    assert [line.split(" <!--")[0] for line in result.text.splitlines() if line.startswith(("#", "bjorn"))] == [
        "# Release 2026-11: checklist",
        "## Fix 1",
        "bjorn looks at it",
        "## Fix 3",
        "## Fix 2",
    ]
    assert "\n\n\n" not in result.text


def test_in_a_text_that_somebody_emptied_a_new_block_comes_first() -> None:
    assert refresh_checklist("", page(), ONE).text.startswith("## Fix 1")


def test_a_blank_line_at_the_end_stays() -> None:
    assert refresh_checklist(f"{ONE}\n", ONE, a_page("merged: yes")).text == f"{a_page('merged: yes')}\n"


def test_a_line_that_is_new_in_a_block_that_was_taken_out_stays_out_with_it() -> None:
    first = Block("fix/1", "Fix 1", (LINKED,))
    grown = Block("fix/2", "Fix 2", (*SECOND.rows, Row("fix/2/mr", "merged", holds=True)))
    result = refresh_checklist(page(first), page(first, SECOND), page(first, grown))
    assert result.taken_out == ("fix/2", "fix/2/linked", "fix/2/mr")
    assert "Fix 2" not in result.text
    assert "merged" not in result.text


def test_a_line_may_lose_its_box() -> None:
    now = page(Block("fix/1", "Fix 1", (LINKED, Row("fix/1/mr", "merged long ago"))), SECOND)
    assert refresh_checklist(ONE.replace("- [ ] merged", "- [x] merged"), ONE, now) == Refreshed(now)


@pytest.mark.parametrize("key", ["", "fix/a b", "fix/a--b", "fix/<b>", "fix/é", "x" * 500, "fix/\ud800"])
def test_any_text_makes_a_key_that_is_found_again_and_no_other_texts(key: str) -> None:
    line = desk_line(key_of(key), "- linked")
    assert read_lines(str(line)) == [line]
    assert key_of(key) not in {key_of(other) for other in (f"{key}!", key.replace(" ", "_"), "fix/a_b") if other != key}


@pytest.mark.parametrize(
    "hidden",
    [
        "<!--\n- [x] mine\n-->\n",
        "text <!-- and on\n\n- [x] mine\n--> and off\n",
        "<!-- one --> <!-- two\n- [x] mine\n-->\n",
        "```\n- [x] mine\n```\n",
        "~~~~ text\n```\n- [x] mine\n~~~\n- [x] mine\n~~~~\n",
        "> ```\n> - [x] mine\n> ```\n",
        "- ```\n  - [x] mine\n  ```\n",
        "<!--\n```\n- [x] mine\n-->\n",
    ],
)
def test_a_box_that_no_reader_sees_is_none(hidden: str) -> None:
    assert read_boxes(f"{hidden}- [x] seen\n") == {"yours/seen": True}
    assert written(read_lines(hidden)) == hidden


@pytest.mark.parametrize(
    "shown", ["`<!--` is how it begins\n", "<!-- closed -->\n", "``` in a line ```\n", "a --> b\n", "> a quote\n"]
)
def test_what_hides_nothing_hides_no_box(shown: str) -> None:
    assert read_boxes(f"{shown}- [x] seen\n> - [ ] quoted\n") == {"yours/seen": True, "yours/quoted": False}


def test_a_line_of_the_desks_in_a_comment_stays_the_desks_and_its_box_is_nobodys() -> None:
    line = ONE.splitlines(keepends=True)[-1]
    hidden = ONE.replace(line, f"<!--\n{line.replace('[ ]', '[x]')}\n-->\n")
    refreshed = refresh_checklist(hidden, ONE, ONE)
    assert refreshed.conflicts == ()
    assert refreshed.taken_out == ()
    assert refresh_checklist(refreshed.text, ONE, ONE).text == refreshed.text

"""A person's edits survive every refresh (mission M3)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from secrel.words.merging import SHOWN, SHOWN_REMOVAL, Conflict, hidden, matches, merge, shown

LINES = st.sampled_from(
    ["- [ ] a", "- [x] a", "- [ ] b", "- [X] b", "c", "c ", "", "## d", "e\r", "\r", "note", "\u2028", "\x0b"]
)
TEXTS = st.builds(
    lambda lines, tail: "\n".join(lines) + tail, st.lists(LINES, max_size=12), st.sampled_from(["", "\n", "\r\n"])
)
PLAIN = st.lists(LINES.filter(lambda line: "\r" not in line), max_size=12).map(
    lambda lines: "".join(f"{x}\n" for x in lines)
)


def lines_of(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n")]


@given(TEXTS, TEXTS, TEXTS)
@example("a\n", "", "a\na\n\n")
@example("a\n", "a\nb\n", "")
def test_a_last_line_keeps_its_end(base: str, ours: str, theirs: str) -> None:
    text = merge(base, ours, theirs).text
    if all(side.endswith("\n") for side in (ours, theirs) if side):
        assert not text or text.endswith("\n")


@given(TEXTS, TEXTS)
def test_when_the_desk_changed_nothing_the_text_is_the_persons(base: str, theirs: str) -> None:
    assert merge(base, base, theirs).text == theirs


@given(TEXTS, TEXTS)
def test_when_the_person_changed_nothing_the_text_is_the_desks(base: str, ours: str) -> None:
    assert merge(base, ours, base).text == ours


@given(TEXTS, TEXTS)
def test_when_both_made_the_same_it_is_that_without_a_conflict(base: str, both: str) -> None:
    merged = merge(base, both, both)
    assert merged.text == both
    assert merged.conflicts == ()


@given(PLAIN, PLAIN)
def test_a_persons_note_below_leaves_the_desks_changes_alone(base: str, ours: str) -> None:
    """The same law as above, where no shortcut can be taken."""
    merged = merge(f"{base}-- end --\n", f"{ours}-- end --\n", f"{base}-- end --\nmine\n")
    assert merged.text == f"{ours}-- end --\nmine\n"
    assert merged.conflicts == ()


@given(TEXTS, TEXTS, TEXTS)
@example("a\nb\n", "a\nB\n", "")
@example("", "\r\n", "x")
def test_every_line_a_person_added_or_changed_is_there(base: str, ours: str, theirs: str) -> None:
    """What the found text has more often than the base is the person's: byte for byte, and so many times."""
    text = merge(base, ours, theirs).text
    for line in set(theirs.split("\n")) - {""}:
        if line.removesuffix("\r") not in lines_of(base):
            assert text.split("\n").count(line) >= theirs.split("\n").count(line)
    for line in set(lines_of(theirs)) - {""}:
        added = lines_of(theirs).count(line) - lines_of(base).count(line)
        assert lines_of(text).count(line) >= added


@given(TEXTS, TEXTS, TEXTS)
def test_a_line_of_the_desks_is_in_the_text_or_in_a_conflict(base: str, ours: str, theirs: str) -> None:
    merged = merge(base, ours, theirs)
    told = lines_of(merged.text) + [line for c in merged.conflicts for line in lines_of(c.desk_text)]
    for line in set(lines_of(ours)) - set(lines_of(base)):
        assert line in told


@given(TEXTS, TEXTS, TEXTS)
def test_a_conflict_names_its_place_and_both_texts(base: str, ours: str, theirs: str) -> None:
    merged = merge(base, ours, theirs)
    whole = merged.text.split("\n")
    for conflict in merged.conflicts:
        person = conflict.person_text.split("\n")[:-1]
        start = conflict.line - 1
        assert lines_of("\n".join(whole[start : start + len(person)])) == lines_of("\n".join(person)) or not person
        assert conflict.desk_text != conflict.person_text


@given(TEXTS, TEXTS, TEXTS)
def test_what_is_shown_of_conflicts_can_be_taken_out_again(base: str, ours: str, theirs: str) -> None:
    merged = merge(base, ours, theirs)
    assert hidden(shown(merged)) == merged.text
    assert shown(merged).count("> The desk would") >= len(merged.conflicts)


@given(st.text(), st.text(), st.text())
def test_no_text_is_too_odd(base: str, ours: str, theirs: str) -> None:
    merge(base, ours, theirs)


@given(TEXTS, TEXTS, TEXTS)
def test_a_second_refresh_with_nothing_new_changes_nothing(base: str, ours: str, theirs: str) -> None:
    once = merge(base, ours, theirs).text
    assert merge(ours, ours, once).text == once


@given(st.lists(LINES, max_size=14), st.lists(LINES, max_size=14))
def test_matches_are_equal_lines_in_rising_order(before: list[str], after: list[str]) -> None:
    pairs = matches(before, after)
    assert all(before[i] == after[j] for i, j in pairs)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(pairs))


@given(st.lists(st.sampled_from("ab"), max_size=10), st.lists(st.sampled_from("ab"), max_size=10))
def test_without_anchors_as_much_as_can_be_stays(before: list[str], after: list[str]) -> None:
    """Against the textbook's table, where every line occurs more than once on both sides."""
    before, after = before + list("abab"), list("abab") + after
    table = [[0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i, one in enumerate(before):
        for j, other in enumerate(after):
            table[i + 1][j + 1] = table[i][j] + 1 if one == other else max(table[i][j + 1], table[i + 1][j])
    if min(before.count(x) for x in "ab") > 1 and min(after.count(x) for x in "ab") > 1:
        assert len(matches(before, after)) <= table[-1][-1]
        assert len(matches(["c", *before, "d"], ["e", *after, "f"])) == table[-1][-1]


def test_a_box_the_desk_ticks_and_a_note_the_person_adds_go_together() -> None:
    merged = merge("- [ ] one\n- [ ] two\n", "- [x] one\n- [ ] two\n", "- [ ] one\n  asked on Monday\n- [ ] two\n")
    assert merged.text == "- [x] one\n  asked on Monday\n- [ ] two\n"
    assert merged.conflicts == ()


def test_neighbouring_boxes_are_no_conflict() -> None:
    merged = merge("- [ ] one\n- [ ] two\n", "- [x] one\n- [ ] two\n", "- [ ] one\n- [x] two\n")
    assert merged.text == "- [x] one\n- [x] two\n"
    assert merged.conflicts == ()


def test_a_box_ticked_in_a_stretch_that_grew_finds_its_line() -> None:
    base, ours = "- [ ] one\n- [ ] two\n", "- [x] one\n- [ ] new\n- [x] two\n"
    assert merge(base, ours, "# mine\n" + base).text == "# mine\n" + ours


def test_the_same_line_changed_by_both_stays_the_persons_and_is_told() -> None:
    merged = merge("top\n- [ ] one\n", "top\n- [x] one\n", "top\n- [ ] one, but later\n")
    assert merged.text == "top\n- [ ] one, but later\n"
    assert merged.conflicts == (Conflict(2, "- [x] one\n", "- [ ] one, but later\n"),)
    assert shown(merged) == f"top\n- [ ] one, but later\n{SHOWN}- [x] one\n"


def test_a_line_the_person_removed_and_the_desk_changed_stays_removed_and_is_told() -> None:
    merged = merge("a\nb\nc\n", "a\nB\nc\n", "a\nc\n")
    assert merged.text == "a\nc\n"
    assert merged.conflicts == (Conflict(2, "B\n", ""),)
    assert shown(merged) == f"a\n{SHOWN}B\nc\n"


def test_a_line_the_desk_removed_and_the_person_changed_stays_and_is_told() -> None:
    merged = merge("a\nb\nc\n", "a\nc\n", "a\nb, see below\nc\n")
    assert merged.text == "a\nb, see below\nc\n"
    assert merged.conflicts == (Conflict(2, "", "b, see below\n"),)
    assert shown(merged) == f"a\nb, see below\n{SHOWN_REMOVAL}\nc\n"


def test_a_note_inside_what_the_desk_removed_stays_with_it() -> None:
    merged = merge("a\nb\nc\nd\n", "a\nd\n", "a\nb\nmine\nc\nd\n")
    assert merged.text == "a\nb\nmine\nc\nd\n"
    assert [c.line for c in merged.conflicts] == [2]


def test_two_insertions_at_one_place_both_stay_and_what_they_share_is_there_once() -> None:
    merged = merge("a\nz\n", "a\nshared\nthe desk's\nz\n", "a\nmine\nshared\nz\n")
    assert merged.text == "a\nmine\nshared\nthe desk's\nz\n"
    assert merged.conflicts == ()


def test_the_desks_lines_end_as_the_found_ones_do() -> None:
    merged = merge("a\nb\n", "a\nB\nc\n", "a\r\nmine\r\nb\r\n")
    assert merged.text == "a\r\nmine\r\nB\r\nc\r\n"
    assert merge("a\nb\n", "a\nb\nc\n", "a\r\nb\r\nmine").text == "a\r\nb\r\nmine\nc"
    assert shown(merge("a\nb\n", "a\nB\n", "a\r\nbb\r\n")) == f"a\r\nbb\r\n{SHOWN}B\r\n"


@pytest.mark.parametrize("theirs", ["a\nmine", "mine\na"])
def test_a_missing_last_line_end_stays_missing_and_joins_no_lines(theirs: str) -> None:
    result = merge("a\n", "a\nb\n", theirs).text
    assert set(result.split("\n")) == {"a", "mine", "b"}
    assert not result.endswith("\n")


def test_trailing_blanks_are_the_persons() -> None:
    assert merge("a\nb\n", "a\nB\n", "a  \nb\n").text == "a  \nB\n"


def test_texts_without_anything_in_common_are_merged_and_not_given_up() -> None:
    base = "".join(f"old {n % 7}\n" for n in range(310))
    ours = "".join(f"new {n % 5}\n" for n in range(310))
    theirs = "".join(f"mine {n % 3}\n" for n in range(9))
    merged = merge(base, ours, theirs)
    assert merged.text == theirs
    assert len(merged.conflicts) == 1


def test_a_long_checklist_keeps_every_note_of_a_person() -> None:
    def checklist(tick: str) -> list[str]:
        return [
            line
            for fix in range(200)
            for line in (f"### fix {fix}", f"- [{tick}] approved", f"- [{tick}] in the release", "- [ ] told", "")
        ]

    base, ours = checklist(" "), checklist("x")
    theirs = [line for n, line in enumerate(base) for line in ([line, f"note {n}"] if n % 5 == 1 else [line])]
    merged = merge("\n".join(base), "\n".join(ours), "\n".join(theirs))
    expected = [line for n, line in enumerate(ours) for line in ([line, f"note {n}"] if n % 5 == 1 else [line])]
    assert merged.text.split("\n") == expected
    assert merged.conflicts == ()


def test_a_way_that_is_too_long_is_given_up() -> None:
    assert matches(["a", "b"] * 1_000, ["b"] * 1_000 + ["a"] * 1_000) == []


def test_lines_that_are_on_one_side_alone_are_in_nobodys_way() -> None:
    before = [word for number in range(2_000) for word in (f"only {number}", "x")]
    after = [word for number in range(2_000) for word in (f"other {number}", "x")]
    assert len(matches(before, after)) == 2_000

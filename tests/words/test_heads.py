"""Heads of documents, merged in three ways: what a person changed stays, what the facts changed follows."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.words.heads import Head, head_of, is_touched, merge_heads
from tests.builders import a_draft, an_issue

names = st.lists(st.sampled_from("abcd"), unique=True).map(tuple)
heads = st.builds(
    Head,
    title=st.sampled_from(["one", "two", "three"]),
    description=st.sampled_from(["", "one", "two"]),
    labels=names.map(lambda some: tuple(sorted(some))),
    assignees=names,
    reviewers=names,
    due=st.sampled_from([None, date(2026, 11, 25), date(2026, 11, 26)]),
)
LINES = ("title", "description", "due")
PEOPLE = ("labels", "assignees", "reviewers")


@given(heads, heads)
def test_what_nobody_touched_becomes_what_the_desk_would_write(base: Head, now: Head) -> None:
    merged = merge_heads(base, now, base)
    assert all(getattr(merged.head, name) == getattr(now, name) for name in LINES)
    assert all(set(getattr(merged.head, name)) == set(getattr(now, name)) for name in PEOPLE)
    assert (merged.base, merged.disputed) == (now, ())


@given(heads, heads)
def test_what_the_facts_did_not_change_stays_as_a_person_has_it(base: Head, found: Head) -> None:
    merged = merge_heads(base, base, found)
    assert merged.head == found
    assert merged.disputed == ()


@given(heads, heads, heads)
def test_what_both_changed_stays_a_persons_and_is_named_until_they_agree(base: Head, now: Head, found: Head) -> None:
    merged = merge_heads(base, now, found)
    both = [n for n in LINES if len({getattr(one, n) for one in (base, now, found)}) == len((base, now, found))]
    assert list(merged.disputed) == both
    assert all(getattr(merged.head, name) == getattr(found, name) for name in both)
    assert merge_heads(merged.base, now, merged.head).disputed == merged.disputed, "and it goes on"
    assert merge_heads(merged.base, found, merged.head).disputed == (), "until the facts say the same"
    for name in PEOPLE:
        wanted, before, there = (set(getattr(one, name)) for one in (now, base, found))
        assert set(getattr(merged.head, name)) == (there - (before - wanted)) | (wanted - before)


@given(heads, heads)
def test_where_nobody_knows_what_the_desk_wrote_all_of_it_stays(now: Head, found: Head) -> None:
    merged = merge_heads(None, now, found)
    assert (merged.head, merged.base, merged.disputed) == (found, now, ())


@given(heads, heads, heads)
def test_what_nobody_touched_can_be_disputed_by_no_fact_and_what_somebody_touched_by_some(
    base: Head, now: Head, found: Head
) -> None:
    touched = [name for name in LINES if getattr(base, name) != getattr(found, name)]
    assert is_touched(base, found) == bool(touched)
    if not touched:
        assert merge_heads(base, now, found).disputed == ()
    for name in touched:
        others: dict[str, Any] = {"title": "a fourth", "description": "a fourth", "due": date(2026, 11, 27)}
        assert name in merge_heads(base, replace(base, **{name: others[name]}), found).disputed
    assert not is_touched(None, found), "nobody knows what the desk wrote, and all of it stays"
    assert not is_touched(base, base)


@given(heads, names, names, names)
def test_what_people_add_or_take_away_of_several_is_merged_and_touches_nothing(
    base: Head, labels: tuple[str, ...], assignees: tuple[str, ...], reviewers: tuple[str, ...]
) -> None:
    found = replace(base, labels=tuple(sorted(labels)), assignees=assignees, reviewers=reviewers)
    assert not is_touched(base, found)


def test_the_head_of_what_was_found_has_its_labels_in_order() -> None:
    issue = an_issue(labels=frozenset({"b", "a"}), assignees=("amara",), due=date(2026, 11, 25))
    assert head_of(issue) == Head(issue.title, "", ("a", "b"), ("amara",), (), date(2026, 11, 25))
    draft = a_draft(body="about it", reviewers=("bjorn",))
    assert head_of(draft) == Head(draft.title, "about it", ("security",), draft.assignees, ("bjorn",))

"""Marks, details tables and addresses: what goes into a text comes out of it again, and nothing that resembles it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.adapters.gitlab.addresses import issue_place, merge_request_place, place_at
from secrel.adapters.gitlab.marks import Mark, line_of, taken_apart, together, token_of
from secrel.words.errors import Misused
from secrel.words.facts.stated import UNSTATED, FixFacts, Stated

KEYS = st.from_regex(r"\A[A-Za-z0-9.#!@+-]{1,20}(/[A-Za-z0-9.#!@+-]{1,20}){1,4}\Z")
HERE = "https://gitlab.example.com"
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80).map(lambda text: text.replace("\r", "\n"))


@given(WORDS, KEYS, st.booleans(), st.text(max_size=40))
def test_what_is_put_together_is_taken_apart(words: str, key: str, is_public: bool, said: str) -> None:  # noqa: FBT001
    facts = FixFacts(title="t", description=said.encode("utf-8", "replace").decode()) if said.strip() else None
    text = together(words, facts=facts, mark=line_of(key, is_public=is_public))
    found = taken_apart(text)
    assert found.words == words
    assert found.mark == Mark(token_of(key), "" if is_public else key)
    assert found.mark.is_of(key)
    assert found.facts.table.get("title") == ("t" if facts else None)
    assert text.splitlines()[-1] == line_of(key, is_public=is_public)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "words",
        "<!-- secrel: 2026-11/x -->",
        f"<!-- secrel {'0' * 32} 2026-11/x -->",
        f"{line_of('2026-11/x')}\nand more",
        f"> {line_of('2026-11/x')}",
        "<!-- secrel abc -->",
    ],
)
def test_what_only_resembles_a_mark_is_none(text: str) -> None:
    found = taken_apart(text)
    assert (found.words, found.mark, found.facts) == (text, None, UNSTATED)


def test_a_mark_of_another_key_is_of_no_other() -> None:
    mark = taken_apart(f"x\n\n{line_of('2026-11/a')}").mark
    assert mark is not None
    assert not mark.is_of("2026-11/b")
    assert not Mark(token_of("2026-11/a"), "2026-11/b").is_of("2026-11/a")


def test_a_person_writes_the_table_as_yaml_and_edits_around_it() -> None:
    found = taken_apart("before\r\n\r\n### Details\r\n\r\n```yaml\r\ntitle: A fix\r\nedition: EE\r\n```\r\n\r\nafter")
    assert found.facts == Stated(FixFacts(title="A fix", edition="EE"))
    assert found.words == "before\r\n\r\nafter"


@pytest.mark.parametrize("written", ["{", "[" * 5_000, '{"title": "secret-part', "x" * 400_001])
@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_a_table_that_cannot_be_read_is_a_fault_and_says_nothing_of_what_it_held(written: str, kind: str) -> None:
    (fault,) = taken_apart(f"words\n\n### Details\n\n```{kind}\n{written}\n```").facts.faults
    assert fault.line == "details"
    assert "secret-part" not in fault.written + fault.what


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("a/b#12", "a/b#12"),
        ("a/b/c!7#note_3", "a/b/c!7#note_3"),
        (f"{HERE}/a/b/-/issues/12", "a/b#12"),
        (f"{HERE}/a/b/-/work_items/12#note_4", "a/b#12#note_4"),
        (f"{HERE}/a/b/issues/12", "a/b#12"),
        (f"{HERE}/a/b/-/merge_requests/7?tab=x", "a/b!7"),
    ],
)
def test_both_forms_of_address_are_one_place(told: str, address: str) -> None:
    assert place_at(told, HERE).address == address


@pytest.mark.parametrize(
    "told",
    ["", "12", "#12", "a/b#0", "a/b#1x", "../a#1", "a#1\n", "a#\u0661", "https://evil.example/a/b/-/issues/1",
     f"{HERE}/a/b/-/issues/1/../../2", f"{HERE}.evil.example/a/b/-/issues/1", "x" * 3_000],
)  # fmt: skip
def test_what_is_no_reference_is_misused(told: str) -> None:
    with pytest.raises(Misused):
        place_at(told, HERE)


def test_an_issue_is_no_merge_request() -> None:
    assert issue_place("a/b#1", HERE).ref == "a/b#1"
    assert merge_request_place("a/b!1", HERE).ref == "a/b!1"
    for read, told in ((issue_place, "a/b!1"), (merge_request_place, "a/b#1"), (issue_place, "a/b#1#note_2")):
        with pytest.raises(Misused):
            read(told, HERE)

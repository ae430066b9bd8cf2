"""Text on GitLab: nothing in it acts that was not meant, by several readers of GitLab's rules, and it says the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from secrel.adapters.gitlab.neutral import DESCRIPTION, Meant, needed_length, neutral, neutral_line, original
from secrel.words.errors import Misused
from tests.adapters.gitlab.acting_text import commands_by_markdown, commands_by_pattern, mentions, references

PIECES = [
    *("/close", "/label ~x", "/CLOSE", " /close", "/approve now", "/", "//x"),
    *(
        "@all",
        "@here ",
        "@a/b-c",
        "a@b.example",
        "\\@all",
        "é@all",
        "&#64;all",
        "&commat;all",
        "@\u2060all",
        "@&#8288;x",
    ),
    *("#1", "g/p#2", "!3", "g/p!4", "&5", "\\#6", "&num;7", "x#8y", "g/p@0123abc", "[issue:9]"),
    *("closes #1", "Fixes: g/p#2", "resolves https://gitlab.example.com/g/p/-/issues/3"),
    *("https://gitlab.example.com/g/p/-/issues/3", "https://x.example/@all#4", "[t](https://x.example/a?b=@c)"),
    *("`", "``", "```", "````", "```text", "~~~", "    ```", "  ```", "> ```", "- ```", "\\`", "`@all`"),
    *("<!--", "-->", "<!-- x -->", "<div>", "</div>", "<pre>", "</pre>", "<a href='`'>", ">>>", "> q", "- i", "1. n"),
    *("::include{file=a.md}", "\0", "\u2060", "\u2400", "\t", "word", "\ufeff", "\u202e"),
    *("\n", "\n", "\n", "\n\n", "\r", "\r\n", " "),
]
TEXTS = (
    st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=24)
    .map("".join)
    .filter(lambda text: not any("\ud800" <= sign <= "\udfff" for sign in text))
)
SURE = "\n\n```\n/usr/bin/x @all #1\n```\n\n"


@given(TEXTS, TEXTS)
@example("```\n\n```\n/close", "")
@example("a ` b\n```\n/close\n```\n", "")
@example("<div>\n```\n\n/close\n\n```\n</div>", "")
@example("~~~\n```\n~~~\n/close", "")
@example("\n\r/close", "")
@example("x `\n`@all` b `c`", "")
@example("<textarea>\n\n`@all`", "")
def test_nothing_acts_and_the_words_are_the_same(text: str, standing: str) -> None:
    sent = neutral(text)
    assert original(sent) == text
    for told in (sent, neutral(text, standing=standing)):
        assert commands_by_pattern(told, with_spans=True) == []
        assert commands_by_pattern(told, with_spans=False) == []
        assert commands_by_markdown(told) == []
    assert mentions(sent) == []
    assert references(sent) == []
    line = neutral_line(text)
    assert original(line) == text


@given(TEXTS)
def test_what_stands_on_gitlab_is_left_as_it_is_but_for_its_quick_actions(text: str) -> None:
    stands = neutral(text, Meant(frozenset({"all", "a/b-c"}), lambda _ref: True))
    assert neutral(original(stands), standing=stands) == stands


def test_what_was_meant_acts() -> None:
    meant = Meant(frozenset({"release-managers"}), lambda ref: ref.startswith("g/p"), "https://gitlab.example.com")
    address = "https://gitlab.example.com/g/p/-/issues/3"
    text = f"@release-managers: see g/p#2, g/p!4 and [it]({address}), not @release, #5 or x/y#2"
    sent = neutral(text, meant)
    assert mentions(sent) == ["@release-managers"]
    assert references(sent) == ["g/p#2", "g/p!4"]
    assert address in sent
    assert address not in neutral(text, Meant(instance=meant.instance))


@pytest.mark.parametrize(
    "text", ["Closes g/p#2", "fixes: issue g/p#2", "RESOLVED https://gitlab.example.com/g/-/issues/1"]
)
def test_nothing_is_closed_by_a_pattern(text: str) -> None:
    sent = neutral(text, Meant(refers=lambda _ref: True))
    assert not re.search(r"\b(?:closes|fixes|resolved)\b", sent, re.IGNORECASE)
    assert original(sent) == text


def test_code_and_addresses_elsewhere_are_left_as_they_are() -> None:
    text = f"see `@all #1` and https://hackerone.example/@x#12, &#8288; too.{SURE}/x"
    assert neutral(text) == f"{text[:-2]}\u2060/x"


@pytest.mark.parametrize("before", ["<!--", "~~~", "a ` b", "  ```", ">>>", "<div>", "````"])
def test_after_what_versions_read_in_different_ways_no_fence_counts(before: str) -> None:
    sent = neutral(f"{before}{SURE}")
    assert "\n\u2060/usr" in sent


def test_an_include_and_a_skipped_pipeline_do_not_act() -> None:
    assert "::include" not in neutral("::include{file=secret.md}")
    assert "[skip ci]" not in neutral_line("Draft: a post [skip ci]")


def test_what_is_too_long_is_refused_in_words() -> None:
    assert needed_length("x" * DESCRIPTION, DESCRIPTION, "the text") == "x" * DESCRIPTION
    with pytest.raises(Misused, match="the text has 1,048,577 letters, and GitLab takes 1,048,576"):
        needed_length("x" * (DESCRIPTION + 1), DESCRIPTION, "the text")


def test_half_a_sign_is_refused() -> None:
    with pytest.raises(Misused, match="surrogate"):
        neutral("\ud800")


def test_a_large_text_is_done_in_time() -> None:
    for piece in ("```a\n", "`a", "@", "#1 ", "<!-- ", "a/", "[issue:", "https://", "\n\r"):
        assert original(neutral(piece * (30_000 // len(piece)))) == piece * (30_000 // len(piece))

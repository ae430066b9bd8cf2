from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secrel.papers.text import markdown_text, one_line
from secrel.verify.post.facts.anchors import clear_ids, heading_words, kramdown_id, page_ids, site_id
from secrel.verify.post.facts.blocks import page_headings, page_lines
from tests.papers.post.kramdown import Kramdown, running
from tests.papers.text.test_markdown import TEXTS

WORDS = ("a", "B", "c-d", "2FA", "it's", "x_y", "é", "(z)", "1.5", "A/B", ".", "!", "?")
TITLES = st.lists(st.sampled_from(WORDS), max_size=5).map(lambda words: " ".join(["any", *words]))


@pytest.fixture(scope="module")
def kramdown() -> object:
    with running() as process:
        yield process


@given(st.lists(TITLES, min_size=1, max_size=4))
@settings(deadline=None)
def test_ids_are_those_that_kramdown_gives(kramdown: Kramdown, titles: list[str]) -> None:
    page = "\n\n".join(f"## {title}" for title in titles) + "\n"
    for flavour, make in (("GFM", site_id), ("kramdown", kramdown_id)):
        given_ids = re.findall(r'<h2 id="([^"]*)"', kramdown.render(page, flavour=flavour).html)
        assert page_ids(((title, "") for title in titles), make) == given_ids


@given(TEXTS)
def test_the_words_of_a_heading_are_read_back(text: str) -> None:
    assert heading_words(markdown_text(text)).replace("\u2060", "") == one_line(text)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "[CVE-2026-1](https://x.example/(a)?b=c) - **Bold** `code_x` _soft_ snake_case",
            "CVE-2026-1 - Bold code_x soft snake_case",
        ),
        ("A &amp; B <!-- c --> <b>d</b>", "A & B  d"),
        ("\\[not a link\\](x) \\*", "[not a link](x) *"),
        ("![picture](x.png)", "picture"),
    ],
)
def test_words_of_a_heading(source: str, words: str) -> None:
    assert heading_words(source) == words


def test_clear_ids_mean_one_heading_to_every_renderer() -> None:
    headings = [("Same", ""), ("Same", ""), ("Same 1", ""), ("Other", ""), ("Named", "own"), ("2FA", ""), ("FA", "")]
    assert clear_ids(headings) == {"other", "own"}


def test_headings_of_a_page() -> None:
    page = "# Title #\n\n```\n## code\n```\n##Close\n### Own {#own-id}\n"
    page += "#### Other {: #other.id}\n~~~ruby\n# x\n~~~~\n#\n## End ##\r\n"
    headings = page_headings(page_lines(page, 5))
    assert [(h.level, h.words, h.id, h.line) for h in headings] == [
        (1, "Title", "title", 5),
        (2, "Close", "close", 10),
        (3, "Own", "own-id", 11),
        (4, "Other", "other.id", 12),
        (2, "End", "end", 17),
    ]


def test_a_fence_ends_with_its_own_kind() -> None:
    lines = page_lines("````\n```\n~~~\n```` x\n````\nafter\n```")
    assert [line.code for line in lines] == [True, True, True, True, True, False, True]

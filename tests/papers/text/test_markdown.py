from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from secrel.papers.text import Markdown, link, markdown_cell, markdown_prose, markdown_text, one_line, paragraphs
from secrel.papers.text.cleaning import ended
from tests.papers.post.kramdown import Kramdown

HOSTILE = (
    "<script>alert(1)</script>",
    "<!-- hidden -->",
    "&lt;b&gt; &copy; &#60;",
    "**bold** _soft_ `code` ``x`` ~~gone~~",
    "[text](javascript:alert(1)) ![i](http://x.example/y.png) [ref]: http://x.example",
    "{: .class #id onclick='x'} {::options parse_block_html=\"true\" /} {::comment}",
    "{% liquid %} {{ shortcode }} {{< raw >}} <%= erb %>",
    "--- +++ === *** ___ ...",
    "/close",
    "/label ~security\n/assign @all",
    "@all @group/sub-group user@example.org",
    "a | b | c",
    "|---|---|",
    "# heading",
    "1. list",
    "12) list",
    "- item",
    "+ item",
    ": definition",
    "> quote",
    "    code block",
    "```\nfence",
    "~~~\nfence",
    "$$ \\alpha $$",
    "[^1] and [^1]: note",
    "*[HTML]: abbreviation",
    "line one\n---\nline two",
    "ends with a backslash \\",
    "\\*not escaped\\*",
    "two  \nlines",
    "a\u202eb\u2066c\u200bd\ufeffe\x00f\x1b[31mg",
    "^",
    "<https://x.example> https://x.example www.x.example",
    "'quoted' \"text\" isn't",
    "#1 !2 $3 %4 &5",
    "\ud800 lone",
)
INLINE = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=30), st.text("[]()<>{}|\\`*_#-+=:!&;~^$@/'\"1.a \n%", max_size=40)
)
TEXTS = st.lists(INLINE, max_size=4).map(" ".join) | st.lists(INLINE, max_size=4).map("".join)
SMART = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2026": "...", "\u2060": None})


def shown(markup: str) -> str:
    """The words a reader sees, typographic quotes brought back."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup)).translate(SMART)


def as_read(text: str) -> str:
    return " ".join(text.translate(SMART).split())


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_kramdown_shows_the_words_and_nothing_else(kramdown: Kramdown, text: str) -> None:
    for flavour in ("kramdown", "GFM"):
        rendered = kramdown.render(f"{markdown_text(text)}\n", flavour=flavour)
        assert rendered.warnings == []
        assert as_read(shown(rendered.html)) == as_read(one_line(text))
        assert re.findall(r"<[^>]*>", rendered.html) == (["<p>", "</p>"] if one_line(text) else [])


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_commonmark_shows_the_words_and_nothing_else(text: str) -> None:
    rendered = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(f"{markdown_text(text)}\n")
    assert as_read(shown(rendered)) == as_read(one_line(text))
    assert re.findall(r"<[^>]*>", rendered) == (["<p>", "</p>"] if one_line(text) else [])


@given(TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_a_table_keeps_its_two_cells(kramdown: Kramdown, left: str, right: str) -> None:
    table = f"|Title|Severity|\n|---|---|\n|x {markdown_cell(left)}|y {markdown_cell(right)}|\n"
    rendered = kramdown.render(table)
    assert rendered.warnings == []
    cells = re.findall(r"<td>(.*?)</td>", rendered.html, re.DOTALL)
    assert [as_read(shown(cell)) for cell in cells] == [as_read(f"x {left_}") for left_ in map(one_line, (left,))] + [
        as_read(f"y {one_line(right)}")
    ]


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_a_heading_keeps_its_words_and_its_id(kramdown: Kramdown, text: str) -> None:
    rendered = kramdown.render(f"## x {markdown_text(text)} {{#own-id}}\n")
    assert rendered.warnings == []
    assert rendered.html.startswith('<h2 id="own-id">x')
    assert rendered.html.count("<") == 2
    assert as_read(shown(rendered.html)) == as_read(f"x {one_line(text)}")


@given(TEXTS)
@example("0` `")
@example("`a` and `<b>`")
@settings(max_examples=300, deadline=None)
def test_paragraphs_stay_paragraphs(kramdown: Kramdown, text: str) -> None:
    rendered = kramdown.render(f"before\n\n{markdown_prose(text)}\n\nafter\n")
    assert rendered.warnings == []
    tags = [tag for tag in re.findall(r"<[^>]*>", rendered.html) if tag not in ("<code>", "</code>")]
    assert tags == ["<p>", "</p>"] * (2 + len(paragraphs(text)))


@given(TEXTS)
@example("/close")
@example("x\n\n/close")
@settings(max_examples=200, deadline=None)
def test_no_line_begins_with_a_quick_action_and_nobody_is_mentioned(text: str) -> None:
    escaped = markdown_prose(text)
    assert not re.search(r"^\s*/\w", escaped, re.MULTILINE)
    assert not re.search(r"@\w", html.unescape(escaped))
    assert not re.search(r"\{[%{#:]", escaped)
    assert not re.search(r"^(---|\+\+\+)", escaped, re.MULTILINE)


@given(TEXTS, st.sampled_from(["https://x.example/a(b)_c*?d=[e]&f|g", "http://x.example"]))
@settings(max_examples=200, deadline=None)
def test_a_link_has_one_target_and_its_words(kramdown: Kramdown, text: str, address: str) -> None:
    rendered = kramdown.render(f"See {link(text, address)}.\n")
    assert rendered.warnings == []
    assert rendered.html.count("<a ") == rendered.html.count("</a>") == 1
    assert rendered.html.count("<") == 4


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "", "//x.example", "mailto:amara@x.example", "ftp://x.example"]
)
def test_other_targets_leave_the_text_alone(address: str) -> None:
    assert link("a *b*", address) == "a \\*b\\*"


def test_a_link_without_words_shows_its_address() -> None:
    assert link(" ", "https://x.example/a_b") == "[https://x.example/a\\_b](https://x.example/a_b)"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Stored XSS via ipynb files", "Stored XSS via ipynb files"),
        ("assignee's private e-mail address", "assignee's private e-mail address"),
        ("Oops! It's (really) 1.5 times worse.", "Oops! It's (really) 1.5 times worse."),
        ("2. step", "2\\. step"),
        ("the `gem` --force flag", "the &#96;gem&#96; \\-\\-force flag"),
        ("@amara", "@&#8288;amara"),
        ("-x", "\\-x"),
        ("", ""),
    ],
)
def test_ordinary_words_stay_readable_in_the_source(text: str, written: str) -> None:
    assert markdown_text(text) == written


def test_what_is_added_to_ready_markdown_is_escaped_as_markdown() -> None:
    assert Markdown("**ready** ") + "*text*" == "**ready** \\*text\\*"
    assert Markdown(", ").join(["*a*", Markdown("*b*")]) == "\\*a\\*, *b*"
    assert Markdown.escape("<b>") == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("It ran", "It ran."),
        ("It ran.", "It ran."),
        ("It ran (at once).", "It ran (at once)."),
        ("It ran (at once.)", "It ran (at once.)"),
        ("\u3067\u304d\u307e\u3057\u305f\u3002", "\u3067\u304d\u307e\u3057\u305f\u3002"),
        ("\u0647\u0644\u061f", "\u0647\u0644\u061f"),
        ("\u0647\u0644", "\u0647\u0644."),
    ],
)
def test_a_sentence_ends_once_in_whatever_script(text: str, said: str) -> None:
    assert ended(text) == said

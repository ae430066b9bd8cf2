"""What a reader sees of a post is what counts: words that are kept from them say nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.papers.post.post import post_templates, render_post
from secrel.verify.post.comparing import compare_post
from secrel.verify.post.facts.reading import read_post
from secrel.verify.post.facts.showing import hidden_parts, shown_text
from tests.papers.post.stories import AUTHOR, STORIES

CONTENTS = STORIES["planned"]()
POST = render_post(CONTENTS, AUTHOR, templates=post_templates())
_LAST = read_post(POST.text, POST.path).entries[-1]
BEGINS = POST.text.index(f"## {_LAST.heading.source}")
ENDS = POST.text.find("\n## ", BEGINS + 1)

HIDDEN = {
    "a comment": ("<!--\n", "\n-->"),
    "a comment that nobody ends": ("<!--\n", ""),
    "a comment of kramdown": ("{::comment}\n", "\n{:/comment}"),
    "a comment of a generator": ("{% comment %}\n", "\n{% endcomment %}"),
    "a template": ("<template>\n\n", "\n\n</template>"),
    "an upper-case template": ("<TEMPLATE>\n\n", "\n\n</Template >"),
    "an attribute": ("<div hidden>\n\n", "\n\n</div>"),
    "an attribute with a value": ('<div class="a>b" hidden="">\n\n', "\n\n</div>"),
    "another inside": ("<div hidden>\n\n<div>\n\n</div>\n", "\n\n</div>"),
    "nobody ends it": ("<div hidden>\n\n", ""),
    "folded": ("<details>\n\n", "\n\n</details>"),
    "folded, with what it says": ("<details><summary>More</summary>\n\n", "\n\n</details>"),
    "folded and hidden": ("<details hidden><summary>More</summary>\n\n", "\n\n</details>"),
    "an attribute list": ("{: hidden='hidden'}\n", ""),
    **{
        style: (f'<div class="x"\n  style="{style}">\n\n', "\n\n</div>")
        for style in (
            "display:none",
            "margin: 0; DISPLAY : None !important",
            "&#100;isplay:none",
            "visibility: hidden",
            "opacity:0",
            "font-size: 0px",
            "height:0;overflow:hidden",
            "position:absolute;left:-9999px",
            "text-indent:-1000em",
            "color:white",
            "color: #FFF",
            "color:rgb(255, 255, 255)",
            "color:#123;background:#123",
            "clip-path: inset(50%)",
        )
    },
    "white on white": ('<font color="white">\n\n', "\n\n</font>"),
}
SHOWN = {
    "nothing around it": ("", ""),
    "a comment before it": ("<!-- more -->\n\n", ""),
    "open": ("<details open>\n\n", "\n\n</details>"),
    "a style that shows it": ('<div style="display:block;color:white;background:black;opacity:0.5">\n\n', "\n\n</div>"),
    "a style that is none": ('<div style="display;none;font-size:inherit;width:auto">\n\n', "\n\n</div>"),
    "what ends": ("<div hidden>\n\nnothing\n\n</div>\n\n", ""),
    "two of which the first counts": ('<div style="margin:0" style="display:none">\n\n', "\n\n</div>"),
    "code": ("`<!--` and ``<div hidden>`` and `<template>`\n\n", ""),
    "a sign that is none": ("\\<div hidden> and a ` alone\n\n", ""),
    "no tag": ("<div <hidden\n\n", ""),
    "in a fence": ("```\n<!--\n```\n\n", ""),
    "in a fence of waves": ("~~~html\n<div hidden>\n~~~\n\n", ""),
    "an empty one": ("<img hidden>\n\n", ""),
    "an attribute list that hides nothing": ("{: .wide}\n\n", ""),
}


def wrapped(before: str, after: str) -> list[str]:
    """What is found in the post when its last section stands between these."""
    text = f"{POST.text[:BEGINS]}{before}{POST.text[BEGINS:ENDS]}{after}\n{POST.text[ENDS:]}"
    found = compare_post(read_post(text, POST.path), CONTENTS, read_post(POST.text, POST.path), rules=["fixes_match"])
    return [one.what for one in found]


@pytest.mark.parametrize("how", HIDDEN)
def test_a_section_that_no_reader_sees_is_none(how: str) -> None:
    assert any("has no section that readers see" in what for what in wrapped(*HIDDEN[how])), wrapped(*HIDDEN[how])


@pytest.mark.parametrize("how", SHOWN)
def test_a_section_that_readers_see_is_one(how: str) -> None:
    assert wrapped(*SHOWN[how]) == []


def test_what_a_fold_says_before_it_is_opened_is_shown() -> None:
    text = "a <details><summary>seen</summary> not </details> z"
    assert shown_text(text, tuple(hidden_parts(text))) == "a seen z"


def test_an_attribute_list_hides_the_block_that_it_stands_below_or_else_the_one_after_it() -> None:
    for text, left in (("a\n\nb\n{: hidden=1}\n\nc", "a\n\n\n\n\nc"), ("a\n\n{: hidden=1}\nb\n\nc", "a\n\n\n\n\nc")):
        assert shown_text(text, tuple(hidden_parts(text))) == left


PIECES = [
    "<!--",
    "-->",
    "<div hidden>",
    "</div>",
    "<details>",
    "<summary>",
    "</summary>",
    "`",
    "``",
    "```",
    "\n",
    "\n\n",
]
PIECES += ["{: hidden=1}", "{::comment}", "{:/}", "words", "<a ", '"', "\\", "~~~", "<br hidden>", "{% comment %}"]


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_every_line_stays_in_its_place_and_nothing_is_made_up(pieces: list[str]) -> None:
    text = "".join(pieces)
    left = shown_text(text, tuple(hidden_parts(text)))
    assert left.count("\n") == text.count("\n")
    rest = iter(text)
    assert all(sign in rest for sign in left), "what is left stands in the text, in its order"

"""Messages in chats and mails: words as they read, without the escapes of Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.papers.text import link, markdown_text, one_line, unmarked


@pytest.mark.parametrize(
    ("markdown", "told"),
    [
        ("vendor/security\\#2 is done\n- next\n", "vendor/security#2 is done\n- next\n"),
        ("[release post](https://www.larkspur/a)", "release post: https://www.larkspur/a"),
        ("[https://www.larkspur/a](https://www.larkspur/a)", "https://www.larkspur/a"),
        ("[a \\[b\\] &#124;](https://www.larkspur/a)", "a [b] |: https://www.larkspur/a"),
        ("a\\b &unknown; &amp;lt;", "a\\b &unknown; &lt;"),
    ],
)
def test_a_message_reads_as_it_was_meant(markdown: str, told: str) -> None:
    assert unmarked(markdown) == told


@given(st.text())
def test_whatever_others_wrote_is_read_as_they_wrote_it(text: str) -> None:
    assert unmarked(markdown_text(text)).replace("@\u2060", "@") == one_line(text).replace("@\u2060", "@")


@given(st.text())
def test_a_link_shows_its_text_and_its_address(text: str) -> None:
    told = unmarked(link(text, "https://www.larkspur/a")).replace("@\u2060", "@")
    shown = one_line(text).replace("@\u2060", "@")
    assert told == (f"{shown}: https://www.larkspur/a" if shown else "https://www.larkspur/a")

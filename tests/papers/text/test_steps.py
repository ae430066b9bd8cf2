"""Steps, code and headings of a workaround stay what they are; nothing else acts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.papers.text import markdown_prose, markdown_steps


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Turn it off.", "Turn it off."),
        ("Turn it\noff.\n\n\nThen on.", "Turn it off.\n\nThen on."),
        (
            "1. Open `config.toml`.\n\n1. Save\n   it.\n2. Close it.\n\nDone.",
            "1. Open `config.toml`.\n1. Save it.\n2. Close it.\n\nDone.",
        ),
        ("Do:\n- one\n+ two\n* three", "Do:\n\n* one\n* two\n* three"),
        ("#### Off *now*\nTurn it off.", "**Off \\*now\\***\n\nTurn it off."),
        (
            "1. Add:\n\n    ```toml\n    [a]\n      b = false\n    ```\n\n1. Save.",
            "1. Add:\n\n~~~\n[a]\n  b = false\n~~~\n\n1. Save.",
        ),
        ("```\n{{ secret }}\n```", "&#96;&#96;&#96; &#123;&#123; secret &#125;&#125; &#96;&#96;&#96;"),
        ("```\nnever closed", "&#96;&#96;&#96; never closed"),
        (
            "Use `a` and `b`, not `{{ c }}` or `<x>`.",
            "Use `a` and `b`, not &#96;&#123;&#123; c &#125;&#125;&#96; or `<x>`.",
        ),
        ("`a` <b>", "`a` &lt;b&gt;"),
        ("`a``b`", "&#96;a&#96;&#96;b&#96;"),
        ("2026 is over. 3.5 is a number.", "2026 is over. 3.5 is a number."),
        ("", ""),
    ],
)
def test_what_people_write_stays_what_it_is(text: str, shown: str) -> None:
    assert markdown_steps(text) == shown


def test_in_prose_code_alone_stays_code() -> None:
    assert markdown_prose("1. Read `a`\n\n- then <b>") == "1\\. Read `a`\n\n\\- then &lt;b&gt;"


@given(st.text(st.characters(exclude_characters="`~#"), max_size=200))
def test_without_marks_and_lists_it_is_paragraphs(text: str) -> None:
    plain = text.replace("-", "").replace("+", "").replace("*", "").replace(".", "")
    assert markdown_steps(plain) == markdown_prose(plain)


@given(
    st.lists(
        st.sampled_from(["1. a", "- b", "```", "~~~", "{{ x }}", "<b>", "# c", "", "/close", "`d`", "@all", "{:.x}"]),
        max_size=9,
    )
)
def test_nothing_acts(lines: list[str]) -> None:
    shown = markdown_steps("\n".join(lines))
    code = False
    for line in shown.split("\n"):
        code = not code if line == "~~~" else code
        assert "{{" not in line
        assert "{:" not in line
        assert code or not line.startswith(("#", "/", "<", "```"))
        assert code or "@all" not in line
    assert not code

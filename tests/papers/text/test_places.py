from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from secrel.papers.text import clean, html_text, one_line, paragraphs, web_address, yaml_string
from tests.papers.text.test_markdown import HOSTILE, TEXTS

ANYTHING = TEXTS | st.text() | st.text(st.characters(categories=["Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Co"]))


@given(ANYTHING)
@example("---\ntitle: other")
@example("\u0085\u2028\ufeff\x00\x7f \t\n")
def test_front_matter_reads_back_to_exactly_the_text(text: str) -> None:
    line = yaml_string(text)
    assert "\n" not in line
    assert line.isprintable()
    told = YAML(typ="safe", pure=True).load(StringIO(f"---\ntitle: {line}\nnext: 1\n"))
    assert told == {"title": text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), "next": 1}


@given(st.lists(st.tuples(st.sampled_from(["title", "author"]), ANYTHING), min_size=2, max_size=2))
def test_keys_keep_their_own_values(pairs: list[tuple[str, str]]) -> None:
    source = f"a: {yaml_string(pairs[0][1])}\nb: {yaml_string(pairs[1][1])}\n"
    assert set(YAML(typ="safe", pure=True).load(source)) == {"a", "b"}


@given(ANYTHING)
def test_html_has_no_sign_of_its_own(text: str) -> None:
    shown = html_text(text)
    assert not set("<>\"'") & set(shown)
    assert html_text(str(html_text(text))) != "" or not clean(text)


@given(ANYTHING)
def test_cleaning_is_done_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert one_line(one_line(text)) == one_line(text)
    assert paragraphs("\n\n".join(paragraphs(text))) == paragraphs(text)


@given(ANYTHING)
def test_one_line_is_one(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert line.isprintable()


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\u202eb\u2066c", "abc"),
        ("pass\u200bword\ufeff\u00ad", "password"),
        ("a\u200db", "ab"),
        ("\u200d\u0645", "\u0645"),
        ("\u0645\u200c\u0646", "\u0645\u200c\u0646"),
        ("\u0645\u200c\u202e", "\u0645"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("\x1b[31mred\x07", "[31mred"),
        ("tab\there", "tab here"),
        ("\U000e0041tag", "tag"),
    ],
)
def test_what_nobody_sees_is_dropped(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_paragraphs_are_parted_by_blank_lines() -> None:
    assert paragraphs("one\ntwo\n \n\n three \u200b\n\n") == ["one two", "three"]


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://hackerone.com/amara", "https://hackerone.com/amara"),
        ("  HTTPS://Hackerone.COM/Amara ", "https://hackerone.com/Amara"),
        ("https://x.example:8443/a?b=c&d=e#f#g", "https://x.example:8443/a?b=c&d=e#f%23g"),
        ("https://x.example?a", "https://x.example?a"),
        ("https://x.example/a b)c(d|e", "https://x.example/a%20b%29c%28d%7Ce"),
        ("https://x.example/%20%zz", "https://x.example/%20%25zz"),
        ("https://x.example/é", "https://x.example/%C3%A9"),
        ("https://x.example/'\"<>`*{}[]$\\", "https://x.example/%27%22%3C%3E%60%2A%7B%7D%5B%5D%24%5C"),
        ("https://x.example/\ud800", "https://x.example/%3F"),
        ("javascript:alert(1)", ""),
        ("https://amara:secret@x.example/", ""),
        ("https://", ""),
        ("https://-x.example", ""),
        ("https://x..example", ""),
        ("https://exämple.org", ""),
        ("//x.example", ""),
        ("/update/", ""),
        ("mailto:amara@x.example", ""),
        ("data:text/html,x", ""),
        ("https://x.example/" + "a" * 3000, ""),
        ("", ""),
    ],
)
def test_only_web_addresses_pass(address: str, safe: str) -> None:
    assert web_address(address) == safe


@given(st.sampled_from(["https://x.example/", "http://x.example?", "https://x.example#", ""]), ANYTHING)
def test_an_address_never_holds_a_sign_that_ends_it(start: str, rest: str) -> None:
    safe = web_address(start + rest)
    assert not set(safe) & set(" ()<>[]{}|\\\"'`*$\n")
    assert web_address(safe) == safe
    assert safe.isascii()


def test_the_hostile_examples_are_hostile() -> None:
    assert any("\n" in text for text in HOSTILE)

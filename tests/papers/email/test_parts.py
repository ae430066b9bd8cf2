from __future__ import annotations

from secrel.papers.email.parts import read_source


def text_of(markdown: str) -> str:
    return read_source(f"# Subject\n\n{markdown}", where="test").text.removeprefix("Subject\n\n")


def test_lists_keep_their_shape() -> None:
    assert text_of("Before\n\n- one\n- two\n  - deep\n    more\n- three\n\nAfter\n") == (
        "Before\n\n- one\n- two\n  - deep more\n- three\n\nAfter\n"
    )


def test_numbered_lists_keep_their_numbers() -> None:
    assert text_of("3. three\n4. four\n") == "3. three\n4. four\n"


def test_long_lines_are_wrapped_under_their_item_and_addresses_stay_whole() -> None:
    address = "https://acme.example/" + "x" * 90
    text = text_of(f"- {'word ' * 20}[there]({address})\n")
    assert f"\n  <{address}>\n" in text
    assert all(len(line) <= 76 or address in line for line in text.split("\n"))
    assert all(line.startswith(("- ", "  ")) for line in text.rstrip("\n").split("\n"))


def test_an_address_that_is_shown_is_not_told_twice() -> None:
    assert text_of("[https://acme.example/](https://acme.example/)") == "https://acme.example/\n"


def test_a_paragraph_of_its_own_in_an_item_is_set_under_it() -> None:
    assert text_of("- one\n\n  more of one\n- two\n") == "- one\n  more of one\n- two\n"


def test_emphasis_code_and_line_breaks_are_words_in_the_text() -> None:
    assert text_of("*soft* **strong** `code`\\\nnext &copy;") == "soft strong code\nnext ©\n"


def test_unseen_characters_are_in_neither_part() -> None:
    source = read_source("# Subject\n\na&#8288;b &#8238;c", where="test")
    assert source.text == "Subject\n\nab c\n"
    assert source.body == '<h1 style="font-size: 1.5em; line-height: 1.25">Subject</h1>\n<p>ab c</p>\n'

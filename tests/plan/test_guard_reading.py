"""How the guard reads: what a reader's program shows, within bounds, and aloud where it cannot read to the end."""

from __future__ import annotations

import base64
import bz2
import gzip
import lzma
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.plan.guard import EmbargoedFact, Unread, folded
from secrel.plan.guard.decoding import decoded
from secrel.plan.guard.finding import Leaks, find, is_ordinary
from secrel.plan.guard.folding import meant, seen, with_capitals
from secrel.plan.guard.mails import is_mail, mailed
from secrel.plan.guard.markup import read_html
from secrel.plan.guard.packing import packed_in
from secrel.plan.guard.reading import readings
from secrel.plan.guard.spelling import spelled


def found_in(text: str, fact: str) -> Leaks:
    return find([EmbargoedFact("it", fact)], readings([text]))


def packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


def a_mail_of(kind: str, body: bytes) -> str:
    return f"Subject: s\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n\n{packed(body)}\n"


TOO_MUCH = {
    "it is longer than 500000 characters": lambda: "a" * 500_001,
    "it is encoded more than 6 times over": lambda: f"%{'25' * 9}41",
    "something is packed into it more than 8 times over": lambda: nested(9),
    "it has more than 25000 tags": lambda: "<b>" * 25_001,
    "it has a tag of more than 20000 characters": lambda: f"<b title='{'a' * 20_000}'>",
    "it has a table that is too large": lambda: f"<table><tr>{'<td>' * 400}{'<tr>' * 400}</table>",
    "it holds something compressed of more than 1048576 bytes": lambda: packed(gzip.compress(b"a" * 2_000_000)),
    "it is a mail of more than 100 parts": lambda: "Subject: s\n" + "Content-Type: text/plain\n" * 101 + "\nx\n",
    "it is a mail with a parameter whose number has a thousand figures": lambda: (
        f"Subject: s\nContent-Type: text/plain; name*{'9' * 5_000}=a\n\nx\n"
    ),
    "a part of the mail is no text": lambda: a_mail_of("image/png", b"\x89PNG\r\n\x1a\n\xff\xfe\xfd"),
}


def nested(times: int) -> str:
    text = "Kim Lee"
    for _ in range(times):
        text = packed(text.encode())
    return text


@pytest.mark.parametrize("why", TOO_MUCH)
def test_what_cannot_be_read_to_its_end_is_said_without_quoting_it(why: str) -> None:
    with pytest.raises(Unread) as fault:
        readings([TOO_MUCH[why]()])
    assert str(fault.value) == why


def test_texts_that_can_be_read_in_too_many_ways_are_said_to() -> None:
    with pytest.raises(Unread, match=r"^it can be read in too many ways$"):
        readings(sign * 450_000 for sign in "abcdefghi")


def hostile() -> Iterator[str]:
    """Give texts on which parsers begin anew at every sign, or nest, as long as a post can be."""
    signs = [
        "[",
        "![",
        "*a _b ",
        "`a``b```c",
        "<a ",
        "<a href='",
        '<a b=">" ',
        "<!--",
        "<!",
        "<?",
        "> ",
        "[a](<",
        "|-|\n",
    ]
    signs += ["a**b", "[a][", "\n> a\n- b", "&#", "=?utf-8?q?", "[^a]", "{{", "{%", "{::comment}", "%25", "A/", "AAAA "]
    signs += ["4b", "xn--a", "\u202ea", "a-\n", "a: b\n", "From: =?utf-8?q?a?=\n", "<bdo dir=rtl>a", "<div>", "<b></p>"]
    yield from (sign * (200_000 // len(sign)) for sign in signs)


@pytest.mark.long
def test_hostile_texts_are_read_or_said_to_be_unreadable() -> None:
    for text in hostile():
        try:
            found = found_in(f"{text}\n\nKim Lee", "Kim Lee")
        except Unread:
            continue
        assert found.certain == ("it",), text[:20]


def test_a_post_of_two_hundred_thousand_letters_is_read() -> None:
    post = "## A [flaw](https://a.test/?q=%20x) in *notes*\n\nIt &amp; `code` let a&#124;b be read.\n\n" * 2_000
    assert found_in(post, "Kim Lee") == Leaks()
    assert found_in(f"{post}K<b>im</b> Lee", "Kim Lee").certain == ("it",)


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("Ki<!-->m", "Kim"),
        ("Ki<!--->m", "Kim"),
        ("Ki<!-- a --!>m", "Kim"),
        ("Ki<![CDATA[x>m", "Kim"),
        ("Ki<?x?>m", "Kim"),
        ("Ki<!doctype html>m", "Kim"),
        ("Ki</nobody>m", "Kim"),
        ("<p>Ki<b>m</p> Lee</b>", "Kim\n Lee"),
        ("a < b <3", "a < b <3"),
        ("Kim <!-- never closed", "Kim "),
        ("Kim <b title='never closed", "Kim "),
        ("K<script>if (a < b) { '<b>' }</script>im", "Kim"),
        ("K<IMG ALT='i'>m", "Kim"),
        ("K<b style='unicode-bidi: bidi-override; direction: rtl'>mi</b>", "K\u202emi\u202c"),
    ],
)
def test_a_page_is_read_as_a_browser_shows_it(page: str, shown: str) -> None:
    assert shown in {text.strip("\n") for text in read_html(page).shown}


def test_what_stands_behind_a_page_is_read_too() -> None:
    assert read_html("<b title=one>x</b><!-- two --><!three><?four>").behind.split() == [
        "one",
        "two",
        "three",
        "four",
        "title",
    ]


def test_columns_of_a_table_are_read_downwards() -> None:
    rows = "| a | b |\n|---|---|\n| Ki | x |\n| m Lee | y |\n"
    assert found_in(rows, "Kim Lee").certain == (), "not a word of one line"
    rows = "| a | b |\n|---|---|\n| Stored | x |\n| script | y |\n| in notebooks | z |\n"
    assert found_in(rows, "Stored script in notebooks").certain == ("it",)


def test_mails_are_laid_out_as_their_readers_lay_them_out() -> None:
    assert "Kim" in "".join(mailed(a_mail_of("text/calendar; charset=utf-8", b"SUMMARY:K\r\n im")))
    assert "Kim" in "".join(mailed(a_mail_of("text/plain; format=flowed; delsp=yes", b"K \r\nim")))
    assert "K \r\nim" in "".join(mailed(a_mail_of("text/plain; format=flowed", b"K \r\nim")))
    assert "Kim Léé" in "".join(mailed(a_mail_of("text/plain; charset=latin-1", "Kim Léé".encode("latin-1"))))
    assert "Kim" in "".join(mailed(a_mail_of("text/plain; charset=no-such", b"Kim")))
    assert is_mail("Subject: a\nX-More: b\n\nc")
    assert not is_mail("Note: this is a text\n\nof two paragraphs")
    assert not is_mail("no header")


def test_a_parameter_of_a_mail_is_read_in_its_own_character_set_and_as_it_stands_where_there_is_none() -> None:
    for charset, wanted in (("utf-16", "Kim Lee"), ("no-such-set", "K\x00i\x00m\x00")):
        told = "".join(f"%{byte:02X}" for byte in "Kim Lee".encode("utf-16-le"))
        mail = f"Subject: s\nContent-Type: text/plain; name*={charset}''{told}\n\nx\n"
        assert any(wanted in text for text in mailed(mail)), charset


ARCHIVES = (b"PK\x03\x04 and more", bz2.compress(b"Kim Lee"), lzma.compress(b"Kim Lee"), b"%PDF-1.7 and more")


@pytest.mark.parametrize("archive", ARCHIVES)
def test_an_archive_that_nobody_looks_into_is_not_let_through(archive: bytes) -> None:
    with pytest.raises(Unread, match=r"^an archive is packed into it$"):
        list(packed_in(packed(archive)))


def test_two_bytes_a_letter_are_read_where_they_could_be_written_by_somebody() -> None:
    for name in ("王小明", "Иван Петров", "محمد علي"):
        for charset in ("utf-16-le", "utf-16-be"):
            assert name in "\n".join(packed_in(packed(name.encode(charset)))), (name, charset)


def test_compressed_and_wide_texts_are_unpacked_and_other_bytes_left() -> None:
    assert list(packed_in(packed(gzip.compress(b"Kim Lee")))) == ["Kim Lee"]
    assert "Kim Lee" in "".join(packed_in(packed("Kim Lee".encode("utf-16-be"))))
    assert list(packed_in(packed(b"\x1f\x8b broken"))) == []
    assert list(packed_in(packed(b"\xfd\xfc\xfb\xfa\xf9\xf8"))) == []
    assert list(packed_in("ff fe fd fc fb")) == []
    assert list(packed_in(packed(b"\x00" * 9))) == []


@pytest.mark.parametrize(
    ("text", "fact", "certain"),
    [
        ("thanks to kim-lee", "Kim Lee", True),
        ("thanks to KIMLEE", "Kim Lee", True),
        ("by eeL miK", "Kim Lee", True),
        ("Kimberly Lee", "Kim Lee", False),
        ("Kim Leeds", "Kim Lee", False),
        ("kim, or lee", "Kim Lee", False),
        ("h4ck3r2", "h4ck3r", False),
        ("(h4ck3r)", "h4ck3r", True),
        ("我们感谢王小明的报告。", "王小明", True),
        ("我们感谢王大明的报告。", "王小明", False),
        ("ขอบคุณสมชายมาก", "สมชาย", True),
        ("សូមអរគុណសុខាណាស់", "សុខា", True),
        ("김민수가 찾았다", "김민수", True),
        ("ナルトさんに感謝", "ナルト", True),
        ("the o", "Theo B", False),
        ("Anna found it", "An Na", False),
        ("An, Na", "An Na", True),
        ("modern", "modem1", False),
        ("ﷺ", "Kim Lee", False),
    ],
)
def test_short_facts_are_found_as_whole_words_of_their_script(text: str, fact: str, certain: bool) -> None:  # noqa: FBT001
    assert found_in(text, fact).certain == (("it",) if certain else ())


@pytest.mark.parametrize(
    ("text", "fact", "certain"),
    [
        ("on report-1-0, see", "report-1-0", True),
        ("on Report 1.0", "report-1-0", True),
        ("on report10", "report-1-0", True),
        ("on r e p o r t 1 0", "report-1-0", True),
        ("on report-10-0", "report-1-0", False),
        ("on report-10", "report-1-0", False),
        ("on report-1-0", "report-10", False),
        ("on report-10-0", "report-100", False),
        ("on r3p0r7-1-0", "report-1-0", True),
        ("on r3p0r7-10-0", "report-1-0", False),
        ("on tokens-17-2-1", "tokens-1-72-1", False),
        ("on CVE 20261111", "CVE-2026-1111", True),
        ("on CVE-2026-11112", "CVE-2026-1111", False),
    ],
)
def test_the_numbers_of_a_fact_stay_whole(text: str, fact: str, certain: bool) -> None:  # noqa: FBT001
    assert found_in(text, fact).certain == (("it",) if certain else ())


@pytest.mark.parametrize(
    "text",
    ["(" * 9, "?a=1&b", "---\n", "```dot\na\n```", "00000000: zz", "00000 777777 777 41", "`'\"", "a\u200b" * 40],
)
def test_what_only_looks_like_pieces_gives_nothing_away(text: str) -> None:
    assert found_in(text, "Kim Lee") == Leaks()


@pytest.mark.parametrize(
    ("text", "fact", "perhaps"),
    [
        ("It was Will.", "Will", True),
        ("IT WAS WILL", "Will", True),
        ("you will see", "Will", False),
        ("Willing", "Will", False),
        ("W&#105;ll", "Will", True),
        ("W\u0456ll", "Will", True),
        ("Main", "main", True),
        ("from 13.1 on", "13.1", True),
        ("from 13.12 on", "13.1", False),
        ("a X b", "X", True),
    ],
)
def test_ordinary_words_are_left_to_a_person_and_keep_their_capitals(text: str, fact: str, perhaps: bool) -> None:  # noqa: FBT001
    assert found_in(text, fact) == Leaks((), ("it",) if perhaps else ())


def test_a_word_is_ordinary_when_it_is_short_and_plain() -> None:
    assert all(map(is_ordinary, ("Will", "main", "13.1", "X", "李")))
    assert not any(map(is_ordinary, ("Kim Lee", "h4ck3r", "王小明", "Zoë", "Mandelbrot")))
    assert found_in("****", "****") == Leaks()


def test_letters_are_compared_by_meaning_and_by_look() -> None:
    assert meant("\u212aim LÉE\u200b") == "kim lee"
    assert seen("\u041a\u0456m") == seen("KIM") == seen("klrn")
    assert with_capitals("W\u0456ll") == "Will"
    assert seen("\u223cx\u22c1") == "-xv", "a sign that looks like a letter"
    assert folded("각") == folded("\u1100\u1161\u11a8"), "a syllable, and its letters"


def test_what_only_looks_encoded_is_left_as_it_is() -> None:
    for text in (
        "xn--0000000000000000000000",
        "+AA-",
        "=?utf-8?b?####?=",
        "=?no-such?q?a?=",
        "\\U99999999",
        "%zz",
        "&nothing;",
    ):
        assert found_in(f"{text} Kim Lee", "Kim Lee").certain == ("it",), text
    assert found_in(f"see {packed(b'a secret ' * 1000 + b' Kim Lee')}", "Kim Lee").certain == ("it",)


SIGNS = "<>='\"&%*`_[]()#\\+\n\u202e\u202c\ud800\U000e0041ﷺ王\u0301\x00 "
SCRAPS = (
    "<b <b> </b> <!-- --> <td> <tr> <table> <script> <bdo/dir=rtl> style='display:none' ~~ ![ |-| 1. {{ }} {% "
    "&# &#x4b; &amp; %4 %4b %u \\x \\u \\u{ =? ?= =?utf-8?b? =?x?q? =4B xn-- AA 4b4b4b4b eJw= H4sIAAAA 01001011 "
    "SGVsbG8gd29ybGQ= --b --b-- message/rfc822 multipart/mixed;boundary=b Content-Type: Subject: MZXW6YTB"
)
LINES = ("\n\n", "begin 644 a\n", "`\nend", "Content-Transfer-Encoding: base64\n\n", "75 105 109 32")


@given(st.lists(st.sampled_from([*SIGNS, *SCRAPS.split(), *LINES]), max_size=30).map("".join), st.text(max_size=20))
def test_any_text_is_read_or_said_to_be_unreadable(scraps: str, text: str) -> None:
    try:
        read = readings([f"{scraps}{text}"])
    except Unread:
        return
    assert f"{scraps}{text}" in read
    find([EmbargoedFact("it", "Kim Lee"), EmbargoedFact("other", text)], read)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Kilo India Mike, lima echo X-ray niner", "kimlex9"),
        ("say kilo, india and mike", None),
        ("-.- .. -- / .-.. . .", "kim lee"),
        ("-.- .. -- ......", "kim"),
        ("a - b - c", None),
        ("\u2805\u280a\u280d\u2800\u283c\u2801\u281a", "kim 10"),
        ("KKiimm  LLeeee", "Kim  Lee"),
        ("KKKiiimmm", "Kim"),
        ("Anna", None),
    ],
)
def test_alphabets_are_read_where_a_text_is_written_in_them(text: str, read: str | None) -> None:
    assert read in ((None,) if read is None else tuple(spelled(text)))
    assert read is not None or list(spelled(text)) == []


def test_a_name_of_no_character_stays_as_it_is() -> None:
    assert "\\N{NO SUCH SIGN}m" in list(decoded("\\N{NO SUCH SIGN}\\N{LATIN SMALL LETTER M}"))

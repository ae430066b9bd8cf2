"""Every header that holds people's text is read back as that text, by readers that share no code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given

from secrel.papers.email.headers import folded, header_words, mailbox_header, text_header
from tests.papers.email.header_readers import Legacy, Mailbox, Modern, Perl, Strict, running_perl
from tests.strategies.headers import HEADER_TEXTS, header_texts

READERS = (Modern(), Legacy(), Strict())
ADDRESS = "security@acme.example"
IN_THE_ISSUE = "App 日本語 naïve é 😀"
LOST_ON_3_11 = "日本語 😀 Security 😀 é é Release é é"
DOUBLED_ON_3_13 = "App 😀 é 😀 18.5.2, 18.4.4, 😀 Security 😀"


@pytest.fixture(scope="module")
def perl() -> Iterator[Perl]:
    with running_perl() as process:
        yield process


@pytest.mark.parametrize("text", HEADER_TEXTS)
def test_each_text_is_read_back_by_every_reader(text: str) -> None:
    for reader in READERS:
        assert reader.text(text_header("Subject", text)) == header_words(text)
        assert reader.mailbox(mailbox_header("From", text, ADDRESS)) == Mailbox(header_words(text), ADDRESS)


@given(header_texts())
@example(IN_THE_ISSUE)
@example(LOST_ON_3_11)
@example(DOUBLED_ON_3_13)
@example(f"{IN_THE_ISSUE} " * 20)
@example("é\u200d\u3000é")
def test_a_subject_is_read_back_by_every_reader(text: str) -> None:
    header = text_header("Subject", text)
    for reader in READERS:
        assert reader.text(header) == header_words(text)


@given(header_texts())
@example(IN_THE_ISSUE)
@example(LOST_ON_3_11)
@example(DOUBLED_ON_3_13)
@example(f"{IN_THE_ISSUE} " * 20)
@example('"\\')
def test_a_name_is_read_back_by_every_reader_with_its_one_address(text: str) -> None:
    header = mailbox_header("From", text, ADDRESS)
    for reader in READERS:
        assert reader.mailbox(header) == Mailbox(header_words(text), ADDRESS)


@given(header_texts())
@example(IN_THE_ISSUE)
def test_perl_reads_the_same(perl: Perl, text: str) -> None:
    assert perl.text(text_header("Subject", text)) == header_words(text)
    assert perl.mailbox(mailbox_header("From", text, ADDRESS)) == Mailbox(header_words(text), ADDRESS)


@given(header_texts())
@example("é =?utf-8?q?Other?=")
def test_what_was_read_holds_no_encoded_word_to_read_once_more(text: str) -> None:
    read = Legacy().text(text_header("Subject", text))
    assert "=?" not in read
    assert header_words(read) == read


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("Acme Release 18.5.2", "Subject: Acme Release 18.5.2"),
        ("", "Subject:"),
        ("é", "Subject: =?utf-8?b?w6k=?="),
        ("News of naïve é, 18.5.2", "Subject: News of =?utf-8?q?na=C3=AFve_=C3=A9=2C?= 18.5.2"),
        (IN_THE_ISSUE, "Subject: App =?utf-8?b?5pel5pys6KqeIG5hw692ZSDDqSDwn5iA?="),
        ("word " * 16, f"Subject: {'word ' * 12}word\n word word word"),
        ("é" + "x" * 80, f"Subject: =?utf-8?q?=C3=A9{'x' * 49}?=\n =?utf-8?q?{'x' * 31}?="),
    ],
)
def test_a_subject_stays_as_plain_as_it_can(text: str, header: str) -> None:
    assert text_header("Subject", text) == header


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("", f"From: {ADDRESS}"),
        ("Acme Security", f"From: Acme Security <{ADDRESS}>"),
        ("Acme, Inc.", f'From: "Acme, Inc." <{ADDRESS}>'),
        ('A "b" \\ c', f'From: "A \\"b\\" \\\\ c" <{ADDRESS}>'),
        ("Acme, é", f"From: =?utf-8?q?Acme=2C_=C3=A9?= <{ADDRESS}>"),
        ("Acme Sécurité Team", f"From: Acme =?utf-8?q?S=C3=A9curit=C3=A9?= Team <{ADDRESS}>"),
    ],
)
def test_a_name_stays_as_plain_as_it_can(name: str, header: str) -> None:
    assert mailbox_header("From", name, ADDRESS) == header


def test_encoded_words_are_parted_behind_blanks_where_there_are_some() -> None:
    lines = mailbox_header("From", "отдел безопасности " * 6, ADDRESS).split("\n")
    assert len(lines) > 4
    words = [Strict().text(f"Subject: {line.removeprefix('From:').strip()}") for line in lines[:-1]]
    assert all(word.endswith(" ") for word in words[:-1])


def test_a_word_longer_than_a_line_has_one_to_itself() -> None:
    address = f"a@{'x' * 60}.{'y' * 60}.example"
    assert folded("To", address) == f"To: {address}"
    assert mailbox_header("From", "Acme", address) == f"From: Acme\n <{address}>"

from __future__ import annotations

import base64
import quopri
from datetime import UTC, datetime
from email.message import EmailMessage
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secrel.verify.email import MailLink, read_email
from secrel.words.errors import Misused
from secrel.words.versions import Version

SUBJECT = b"Subject: Acme App Security Release 18.5.2\n"


def simple(body: bytes, *headers: bytes, kind: bytes = b"text/plain; charset=utf-8") -> bytes:
    return b"From: a@acme.example\n" + SUBJECT + b"Content-Type: " + kind + b"\n" + b"".join(headers) + b"\n" + body


def html(body: str) -> bytes:
    return simple(body.encode(), kind=b"text/html; charset=utf-8")


@pytest.mark.parametrize("name", [b"Received", b"received", b"RECEIVED"])
def test_a_mail_that_a_server_has_had_says_so(name: bytes) -> None:
    line = name + b": from mail.acme.example by mx.desk.example; Wed, 25 Nov 2026 16:05:00 +0000\n"
    assert read_email(simple(b"body\n", line)).is_received
    assert not read_email(simple(b"body\n")).is_received
    assert not read_email(simple(b"Received: from a\n")).is_received, "its words are no headers"


def links_of(data: bytes) -> list[tuple[str, str]]:
    return [(link.target, link.text) for link in read_email(data).links]


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "base64"),
        ("iso-8859-1", "quoted-printable"),
        ("windows-1252", "8bit"),
        ("utf-8", "8bit"),
        ("utf-16", "base64"),
        ("latin1", "QUOTED-PRINTABLE"),
    ],
)
def test_usual_encodings_are_read(charset: str, encoding: str) -> None:
    body = "Sécurité: version 18.5.2 - critical".encode(charset)
    encoded = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(encoding.lower(), bytes)(body)
    facts = read_email(
        simple(
            encoded, f"Content-Transfer-Encoding: {encoding}\n".encode(), kind=f"text/plain; charset={charset}".encode()
        )
    )
    assert facts.text is not None
    assert facts.text.text.strip() == "Sécurité: version 18.5.2 - critical"
    assert not [fault for fault in facts.faults if "text/plain" in fault]


def test_folded_and_encoded_subjects_are_one_line() -> None:
    facts = read_email(b"Subject: =?utf-8?b?U8OpY3VyaXTDqQ==?=\n =?utf-8?q?_18=2E5=2E2?=,\n 18.4.4\n\nbody\n")
    assert facts.subject.text in {"Sécurité 18.5.2, 18.4.4", "Sécurité 18.5.2 , 18.4.4"}
    assert facts.subject.versions == (Version.parse("18.5.2"), Version.parse("18.4.4"))


def test_a_subject_that_is_too_long_to_be_read_is_a_fault() -> None:
    assert read_email(b"Subject: " + b"x" * 16_000 + b"\n\nbody\n").subject.text == "x" * 16_000
    assert "Subject: too long to be read to its end" in read_email(b"Subject: " + b"x" * 17_000 + b"\n\nbody\n").faults


@pytest.mark.parametrize(
    "prefix", ["Fwd: ", "FW: Re: ", "[TEST] ", "[Test] Fwd: ", "[External] ", "Test: ", "  [preview]  "]
)
def test_prefixes_of_forwarding_and_testing_are_no_part_of_the_subject(prefix: str) -> None:
    assert read_email(f"Subject: {prefix}Acme 18.5.2\n\nbody\n".encode()).subject.text == "Acme 18.5.2"


def test_a_mail_of_html_alone_is_read() -> None:
    facts = read_email(html("<p>Version <b>18.5.2</b></p><p>next&nbsp;line &amp; more</p>"))
    assert facts.text is None
    assert facts.html is not None
    assert facts.html.text == "Version 18.5.2\nnext line & more"
    assert [name for name, _ in facts.parts] == ["html"]


def test_a_forwarded_message_that_is_attached_is_read_in_the_place_of_its_envelope() -> None:
    inner = EmailMessage()
    inner["Subject"] = "Acme App Critical Security Release 18.5.2"
    inner.set_content("This is a critical security release: 18.5.2")
    outer = EmailMessage()
    outer["Subject"] = "look at this"
    outer.set_content("see below, 17.0.0")
    outer.add_attachment(inner)
    facts = read_email(outer.as_bytes())
    assert facts.subject.text == inner["Subject"]
    assert facts.text is not None
    assert facts.text.text.strip() == "This is a critical security release: 18.5.2"


def test_attachments_are_not_read() -> None:
    message = EmailMessage()
    message["Subject"] = "x"
    message.set_content("body 18.5.2")
    message.add_attachment("notes 17.0.0", filename="notes.txt")
    facts = read_email(message.as_bytes())
    assert facts.text is not None
    assert facts.text.versions == (Version.parse("18.5.2"),)


def test_links_of_a_text_lose_what_stands_around_them() -> None:
    body = (
        b"see <https://a.example/x>, (https://b.example/y). https://c.example/z_(1) "
        b"and <mailto:a@acme.example>; www.d.example/."
    )
    assert [target for target, _ in links_of(simple(body))] == [
        *("https://a.example/x", "https://b.example/y", "https://c.example/z_(1)"),
        *("mailto:a@acme.example", "www.d.example/"),
    ]


def test_links_of_html_come_with_their_words() -> None:
    body = (
        "<a href=' https://a.example/ '>one <b>two</b>\n three</a><a href=''>empty</a><a>no address</a>"
        "<a name='top'></a><a href='TODO'>todo</a><map><area href='https://area.example/' alt='map'></map>"
        "<form action='https://form.example/'></form><a href='https://never.example/'>unclosed"
    )
    assert links_of(html(body)) == [
        ("https://a.example/", "one two three"),
        ("", "empty"),
        ("", "no address"),
        ("TODO", "todo"),
        ("https://area.example/", "map"),
        ("https://form.example/", "(a form)"),
        ("https://never.example/", "unclosed"),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Facme.example%2Fpost%2F&data=05%7C01",
        "https://urldefense.com/v3/__https://acme.example/post/__;!!abc!def$",
        "https://urldefense.com/v3/__https:/acme.example/post/__;!!abc!def$",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__acme.example_post_&d=DwMF&c=x&e=",
        "https://www.google.com/url?q=https://acme.example/post/&source=gmail",
        "https://acme.example/post/?utm_source=mail&utm_medium=email&mkt_tok=abc",
        "https://track.example/c?u=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Facme.example%252Fpost%252F",
    ],
)
def test_what_mail_services_wrap_around_a_link_is_followed_as_far_as_it_tells(address: str) -> None:
    (link,) = read_email(html(f'<a href="{address.replace("&", "&amp;")}">blog</a>')).links
    assert link == MailLink("html", address, "https://acme.example/post/", "blog")


@pytest.mark.parametrize(
    "address",
    [
        "https://track.example/x/MzMxLVVZ",
        "https://track.example/x?id=1&b=2#c",
        "https://track.example/?url=javascript:alert(1)",
        "https://[broken/?url=https://acme.example/",
        "https://track.example/?" + "&".join(f"a{n}=1" for n in range(99)),
    ],
)
def test_an_opaque_link_stays_as_it_is(address: str) -> None:
    assert [link.target for link in read_email(simple(f"see {address} now".encode())).links] == [address]


def test_wrapping_without_end_is_followed_three_times() -> None:
    address = "https://acme.example/"
    for _ in range(5):
        address = f"https://t.example/?u={quote(address, safe='')}"
    (link,) = read_email(simple(f"<{address}>".encode())).links
    assert link.target.startswith("https://t.example/?u=https%3A%2F%2Ft.example%2F%3Fu%3D")


def test_everything_that_would_be_loaded_is_named() -> None:
    body = (
        "<html><head><link rel=stylesheet href='https://l.example/s.css'><style>@import 'https://i.example/'; p{}"
        "</style><title>18.9.9</title></head>"
        "<body background='https://b.example/' style='background:url(//u.example/x)'>"
        "<img src='https://p.example/1.gif' srcset='https://q.example/1 1x, https://r.example/2 2x'><img src='cid:1'>"
        "<img src='data:image/gif;base64,AA'><video poster='http://v.example/'></video><script>18.8.8</script></body>"
    )
    facts = read_email(html(body))
    assert {
        address.removeprefix("https:").removeprefix("http:").strip("/").split("/")[0] for address in facts.remote
    } == {f"{letter}.example" for letter in "libupqrv"}
    assert facts.html is not None
    assert facts.html.versions == ()


def test_broken_headers_are_named_and_the_rest_is_read() -> None:
    facts = read_email(
        b"Subject: one\nSubject: two\nDate: yesterday\nFrom: =?klingon?q?a?= <a@acme.example>\n"
        b"Content-Type: text/plain; charset=klingon\n\nversion 18.5.2 \xff\n"
    )
    assert facts.subject.text == "one"
    assert facts.date is None
    assert facts.text is not None
    assert facts.text.versions == (Version.parse("18.5.2"),)
    assert set(facts.faults) == {
        "Subject: found 2 times",
        "From: an unknown character set",
        "text/plain: an unknown character set",
        "text/plain: not in the character set it names",
    }


def test_a_header_that_cannot_be_decoded_is_kept_as_it_stands() -> None:
    facts = read_email(b"Subject: =?utf-8?b?abcde?= 18.5.2\n\nbody\n")
    assert "18.5.2" in facts.subject.text
    assert "Subject: cannot be decoded" in facts.faults


def test_parts_that_cannot_be_decoded_are_named() -> None:
    facts = read_email(simple(b"begin 644 x\nend\n", b"Content-Transfer-Encoding: x-uuencode\n"))
    assert "text/plain: an unknown transfer encoding" in facts.faults
    cut = read_email(simple(b"--b\nContent-Type: text/plain\n\nbody", kind=b"multipart/mixed; boundary=b"))
    assert any("multipart/mixed" in fault for fault in cut.faults)


def test_the_date_is_an_instant() -> None:
    facts = read_email(b"Subject: x\nDate: Wed, 25 Nov 2026 17:00:00 +0000\n\nbody\n")
    assert facts.date == datetime(2026, 11, 25, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "data", [b"", b"hello there", b"\xff\xd8\xff\xe0JPEG", b"<html><p>18.5.2</p></html>", b"\x00" * 100]
)
def test_what_is_no_mail_is_refused(data: bytes) -> None:
    with pytest.raises(Misused, match="no mail"):
        read_email(data)


@pytest.mark.parametrize(
    "start", [b"\xef\xbb\xbf", b"From a@acme.example Wed Nov 25 17:00:00 2026\n", b"\n\n", b"Received: x\r\n"]
)
def test_what_mail_programs_put_before_the_headers_does_no_harm(start: bytes) -> None:
    assert read_email(start + b"Subject: Acme 18.5.2\r\n\r\nbody").subject.text == "Acme 18.5.2"


def test_bombs_are_refused_or_read_within_bounds() -> None:
    for data, words in (
        (SUBJECT + b"\n" + b"x" * (5 * 1024**2), "larger than 5 MiB"),
        (SUBJECT + b"Content-Type: message/rfc822\n\n" * 20_000, "more than 100 parts"),
        (html("<b>" * 20_000), "more than 10000 elements"),
        (html("x" * (1024**2 + 1)), "text/html part is too large"),
        (simple(b"x" * (1024**2 + 1)), "text/plain part is too large"),
    ):
        with pytest.raises(Misused, match=words):
            read_email(data)


@pytest.mark.long
@pytest.mark.parametrize(
    "body",
    [
        "<a " * 9_999,
        "<!--" * 200_000,
        "<div>" * 9_999,
        "<font><p>" * 4_999,
        "&#x41" * 200_000,
        "<a href='" * 9_000,
        "<" * 10**6,
    ],
)
def test_hostile_markup_ends(body: str) -> None:
    assert read_email(html(body)).html is not None


@pytest.mark.long
@pytest.mark.parametrize(
    "body",
    [
        b"https://" * 120_000,
        b"<" * 1_000_000,
        b"1." * 500_000,
        b"(" * 1_000_000,
        b"critical " * 100_000,
        b"severity " * 100_000,
        b"www." * 250_000,
    ],
)
def test_hostile_text_ends(body: bytes) -> None:
    assert read_email(simple(body)).text is not None


@pytest.mark.long
def test_hostile_headers_end() -> None:
    data = (
        b"Subject: "
        + b"=?utf-8?q?a" * 300_000
        + b"\nFrom: "
        + b"(" * 500_000
        + b"\nDate: "
        + b"1 " * 200_000
        + b"\n\nbody"
    )
    assert read_email(data).date is None


@given(st.binary(max_size=400), st.binary(max_size=400))
@settings(max_examples=200)
def test_any_bytes_are_read_or_refused(head: bytes, body: bytes) -> None:
    for data in (head, SUBJECT + head + b"\n\n" + body, html("") + body):
        try:
            facts = read_email(data)
        except Misused:
            continue
        assert facts.subject.text.splitlines() in ([], [facts.subject.text])


@given(st.text(max_size=300))
@settings(max_examples=200)
def test_any_text_is_read_back(body: str) -> None:
    message = EmailMessage()
    message["Subject"] = "x"
    whole = body.encode("utf-8", "replace").decode()
    message.set_content(whole, charset="utf-8", cte="base64")
    facts = read_email(message.as_bytes())
    assert facts.text is not None
    assert facts.text.text.split() == whole.split()

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email import message_from_string, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs
from msgspec.structs import replace

from secrel.papers.email.headers import header_words
from secrel.papers.email.mail import render_email
from secrel.papers.email.message import Envelope, Sender, compose
from secrel.papers.email.written import MailLinks
from secrel.papers.environment import Templates
from secrel.papers.text import clean
from secrel.verify.email import misstated
from secrel.words.advisories import Advisory, Contents, DependencyUpdate
from secrel.words.errors import Misused
from secrel.words.releases import Kind
from secrel.words.spans import Span
from secrel.words.versions import Version
from tests.builders import DUE, a_contents, a_release, a_shipment, an_advisory
from tests.papers.email.goldens import FOLDER, documents
from tests.papers.email.html_checker import read_strictly
from tests.papers.email.samples import ENVELOPE, FORMS, LINKS, POST, app, critical, mail, planned, two_products
from tests.strategies.advisories import contents, hostile_text
from tests.strategies.headers import HEADER_TEXTS, header_texts

HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Language"]


def parsed(eml: str) -> EmailMessage:
    message = message_from_string(eml, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize("name", documents())
def test_a_golden_is_what_the_program_writes_now(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == documents()[name], "python -m tests.papers.email.goldens"


def test_there_is_no_golden_without_a_document() -> None:
    assert {path.name for path in FOLDER.iterdir()} == documents().keys()


@pytest.mark.parametrize("form", FORMS)
def test_the_word_critical_follows_the_contents(form: str) -> None:
    for told, said in ((planned(form), False), (critical(form), True), (two_products(form), False)):
        written = mail(told)
        assert ("critical" in written.subject.lower()) is said
        assert ("critical" in written.text.lower()) is said
        assert ("critical" in written.html.lower()) is said


@pytest.mark.parametrize("form", FORMS)
def test_a_correction_says_so_and_the_same_facts(form: str) -> None:
    for told in (planned(form), critical(form), two_products(form)):
        before, after = mail(told), mail(told, corrects=True)
        assert after.subject == f"Correction: {before.subject}"
        assert "takes the place of what we sent" in " ".join(after.text.split())
        assert "takes the place of what we sent" in after.html
        assert "Today" not in after.text, "it leaves on another day"
        assert misstated(before.text, after.text) == ()


@pytest.mark.parametrize("form", FORMS)
def test_one_version_is_told_in_the_singular_and_several_in_the_plural(form: str) -> None:
    one, several = mail(critical(form)).text.lower(), mail(planned(form)).text.lower()
    assert "version 18.5.2" in " ".join(one.split())
    assert "this version" in one
    assert "these versions" not in one
    assert "versions 18.5.2, 18.4.4, and 18.3.6" in " ".join(several.split())
    assert "these versions" in several


@pytest.mark.parametrize("form", FORMS)
def test_every_product_has_its_versions(form: str) -> None:
    text = " ".join(mail(two_products(form)).text.split())
    for words in ("versions 18.5.2, 18.4.4, and 18.3.6", "versions 18.5.1 and 18.4.2", "Acme App and Acme Runner"):
        assert words in text


def test_the_subject_has_the_versions_and_is_short_for_a_planned_release() -> None:
    subject = mail(planned()).subject
    assert subject == "Acme App Security Release 18.5.2, 18.4.4, 18.3.6"
    assert len(subject) <= 50


@pytest.mark.parametrize("form", FORMS)
def test_the_number_and_the_highest_severity_are_facts(form: str) -> None:
    text = " ".join(mail(planned(form)).text.split())
    assert "17 vulnerabilities, the most severe of which is rated medium (CVSS 6.5)" in text


@pytest.mark.parametrize("form", FORMS)
def test_no_highest_severity_is_told_while_one_vector_is_missing(form: str) -> None:
    told = a_contents(a_release(form=form), [an_advisory(1), an_advisory(2, vector=None)])
    assert "CVSS" not in mail(told).text
    assert "2 vulnerabilities." in mail(told).text


@pytest.mark.parametrize("form", FORMS)
def test_third_party_fixes_alone_are_announced_without_a_number(form: str) -> None:
    told = a_contents(a_release(form=form), [], dependencies=(DependencyUpdate("libfoo", "2.0.1", "app"),))
    text = " ".join(mail(told).text.split())
    assert "security fixes of third parties" in text
    assert "vulnerabilities" not in text


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("notices", "feed"), [("", ""), (LINKS.notices, ""), ("", LINKS.feed), (LINKS.notices, LINKS.feed)]
)
def test_only_links_that_exist_are_spoken_of(form: str, notices: str, feed: str) -> None:
    written = render_email(planned(form), MailLinks(POST, notices, feed), ENVELOPE)
    assert set(read_strictly(written.html).links) == {POST, notices, feed} - {""}
    assert ("feed" in written.text.lower()) is bool(feed)


def test_equal_arguments_give_equal_bytes_and_other_contents_another_message() -> None:
    assert mail(planned()).eml == mail(planned()).eml
    first, second = parsed(mail(planned()).eml), parsed(mail(critical()).eml)
    assert first["Message-ID"] != second["Message-ID"]
    assert first.get_boundary() != second.get_boundary()


def test_the_message_is_two_parts_of_one_text() -> None:
    written = mail(planned())
    message = parsed(written.eml)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content() for part in message.iter_parts()] == [written.text, written.html]
    assert message["Date"].datetime == ENVELOPE.date
    assert str(message["Message-ID"]).endswith("@acme.example>")


@pytest.mark.long
@given(contents(), st.sampled_from(FORMS))
def test_the_html_is_well_nested_loads_nothing_and_needs_no_style(told: Contents, form: str) -> None:
    told = replace(told, release=replace(told.release, form=form), advisories=(*told.advisories, an_advisory(1)))
    reader = read_strictly(mail(told).html)
    assert reader.faults == []
    assert set(reader.links) == {LINKS.post, LINKS.notices, LINKS.feed}


@given(header_texts(), header_texts(), hostile_text(), st.sampled_from(FORMS), st.sampled_from(Kind))
@example("Sécurité", "日本語 naïve é 😀", "x", "2023", Kind.PLANNED)
def test_hostile_names_add_no_header_no_part_and_no_element(
    sender: str, short: str, name: str, form: str, kind: Kind
) -> None:
    product = structs.replace(app(), short=f"App {short}", name=f"App {name}")
    release = a_release(shipments=(a_shipment(product=product),), form=form, kind=kind)
    envelope = Envelope(Sender(sender, "security@acme.example"), "a@acme.example", DUE, "acme.example")
    written = render_email(a_contents(release), LINKS, envelope)
    message = parsed(written.eml)
    assert message.keys() == HEADERS
    assert str(message["Subject"]) == written.subject == header_words(written.subject)
    assert [found.addr_spec for found in message["From"].addresses] == ["security@acme.example"]
    assert [part.get_content() for part in message.iter_parts()] == [written.text, written.html]
    assert written.eml.isascii()
    assert "\r" not in written.eml
    assert max(len(line) for line in written.eml.split("\n")) < 998
    reader = read_strictly(written.html)
    assert reader.faults == []
    assert set(reader.links) == {LINKS.post, LINKS.notices, LINKS.feed}


@given(st.text(max_size=200), st.text(max_size=2000) | st.builds(str.__mul__, st.text(max_size=8), st.integers(1, 300)))
@example("\n.\n..\nFrom x\n", "é\n.\n \n\t\n=41 é \n")
def test_both_parts_are_read_back_to_the_letter(text: str, html: str) -> None:
    text, html = clean(text), clean(html)
    message = parsed(eml := compose(ENVELOPE, "s", text, html))
    assert [part.get_content() for part in message.iter_parts()] == [text, html]
    assert eml.isascii()


def test_every_line_of_headers_is_short() -> None:
    for text in HEADER_TEXTS:
        eml = compose(replace(ENVELOPE, sender=Sender(text, "security@acme.example")), text, "t", "h")
        assert max(map(len, eml.split("\n"))) <= 76
        assert parsed(eml).keys() == HEADERS


def test_a_name_that_looks_encoded_is_not_decoded_into_something_else() -> None:
    sender = Sender("=?utf-8?q?Other?=", "security@acme.example")
    assert (
        parsed(render_email(planned(), LINKS, replace(ENVELOPE, sender=sender)).eml)["From"].addresses[0].display_name
        == "= ?utf-8?q?Other?="
    )


@pytest.mark.parametrize(
    "address",
    [
        "",
        "amara",
        "a b@acme.example",
        "a@acme.example\nBcc: b@acme.example",
        "A <a@acme.example>",
        "a@-x.example",
        "a@" + "x" * 300,
        "=?utf-8?q?other?=@acme.example",
    ],
)
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    with pytest.raises(Misused, match="is not a mail address"):
        replace(ENVELOPE, to=address)
    with pytest.raises(Misused, match="is not a mail address"):
        replace(ENVELOPE, sender=Sender("Acme", address))


@pytest.mark.parametrize("domain", ["", "acme example", "acme.example>\nBcc: x", "-acme.example", "a." * 200 + "a"])
def test_what_is_no_domain_is_refused(domain: str) -> None:
    with pytest.raises(Misused, match="is not a domain"):
        replace(ENVELOPE, domain=domain)


@pytest.mark.parametrize("zone", [None, timezone(timedelta(minutes=53, seconds=28))])
def test_a_date_whose_zone_no_header_can_say_is_refused(zone: timezone | None) -> None:
    with pytest.raises(Misused, match="no time zone"):
        replace(ENVELOPE, date=datetime(2026, 11, 25, 17, tzinfo=UTC).replace(tzinfo=zone))


@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001 - the zone is drawn
def test_a_date_in_any_zone_is_read_back(day: datetime, minutes: int) -> None:
    date = day.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert parsed(compose(replace(ENVELOPE, date=date), "s", "t", "h"))["Date"].datetime == date


def test_there_is_no_mail_without_a_security_fix() -> None:
    with pytest.raises(Misused, match="no security fix"):
        mail(a_contents(advisories=[]))


@pytest.mark.parametrize(
    "post", ["http://acme.example/", "javascript:alert(1)", "TODO", "https://user:pass@acme.example/"]
)
def test_a_link_that_is_no_address_under_https_is_refused(post: str) -> None:
    with pytest.raises(Misused, match="not an address under https"):
        render_email(planned(), MailLinks(post), ENVELOPE)


def test_a_mail_without_the_posts_address_is_refused() -> None:
    with pytest.raises(Misused, match="no address of the post"):
        render_email(planned(), MailLinks(""), ENVELOPE)


def own(text: str) -> Templates:
    return Templates.shipped("secrel.papers.email.forms", overrides={"acme/email.md.j2": text})


def test_a_desk_can_bring_a_form_of_its_own() -> None:
    written = render_email(
        planned("acme"), LINKS, ENVELOPE, templates=own("# News of {{ product }}\n\nSee {{ link('here', post) }}.\n")
    )
    assert written.subject == "News of Acme App"
    assert written.text == f"News of Acme App\n\nSee here\n<{POST}>.\n"


def test_a_form_without_a_mail_is_refused_by_name() -> None:
    with pytest.raises(Misused, match=r"acme/email\.md\.j2"):
        mail(planned("acme"))


@pytest.mark.parametrize("text", ["No heading here", "", "## Second level\n", "# \n\nText"])
def test_a_template_without_a_subject_is_refused(text: str) -> None:
    with pytest.raises(Misused, match="no subject") as caught:
        render_email(planned("acme"), LINKS, ENVELOPE, templates=own(text))
    assert caught.value.where == "acme/email.md.j2"
    assert "begin the template" in caught.value.remedy


@pytest.mark.parametrize(
    "text", ["![pixel](https://acme.example/p.png)", "```\ncode\n```", "> quote", "---", "<b>raw</b>\n\n    code"]
)
def test_a_template_with_what_no_mail_may_hold_is_refused(text: str) -> None:
    with pytest.raises(Misused, match="what no mail may"):
        render_email(planned("acme"), LINKS, ENVELOPE, templates=own(f"# News\n\n{text}\n"))


@pytest.mark.parametrize("address", ["TODO", "http://acme.example/", "mailto:a@acme.example", ""])
def test_a_template_with_a_link_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(Misused, match="not an address under https"):
        render_email(planned("acme"), LINKS, ENVELOPE, templates=own(f"# News\n\n[blog]({address})\n"))


@pytest.mark.parametrize("form", FORMS)
def test_what_is_only_announced_is_not_counted_as_fixed_by_these_versions(form: str) -> None:
    now, other = an_advisory(1), an_advisory(4)
    before = an_advisory(2, affected=(Span(None, Version.parse("17.9.1")),), fixed_already=(Version.parse("17.9.1"),))
    hosted = an_advisory(3, affected=None, hosted_only="acme.test")
    release = a_release(form=form)

    def text(*advisories: Advisory) -> str:
        told = a_contents(release, advisories)
        return " ".join(render_email(told, LINKS, ENVELOPE).text.split())

    mixed = text(now, other, before, hosted)
    assert "2 vulnerabilities" in mixed
    assert "one vulnerability that versions before these have fixed already" in mixed
    assert "only affected acme.test, where it is fixed" in mixed
    assert "2 vulnerabilities that versions before these" in text(before, replace(before, fix="acme/app#9"))
    assert "third parties" not in text(before)
    assert "also announce" not in text(now)
    assert "recommend" in text(now)
    assert "recommend" not in text(before, hosted), "nobody has to upgrade for what these versions do not bring"

"""What the desk writes, sent over SMTP and read as received, agrees with the release; every mutation is found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.papers.email.headers import header_words
from secrel.papers.email.message import compose
from secrel.verify.email import RULES, Expected, PostSays, compare_email, read_email
from secrel.verify.email.decoding import decode
from secrel.words.advisories import Contents
from secrel.words.releases import Kind
from secrel.words.versions import Version
from tests.builders import an_advisory
from tests.papers.email.samples import ENVELOPE, FORMS, LINKS, POST, critical, mail, planned, two_products
from tests.strategies.advisories import contents, versions
from tests.strategies.headers import header_texts
from tests.verify.email.post_office import PostOffice, open_post_office


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    with open_post_office() as opened:
        yield opened


def announced(told: Contents) -> PostSays:
    numbers = frozenset(version for shipment in told.release.shipments for version in shipment.versions)
    return PostSays(POST, numbers, told.is_critical)


def rules_of(data: bytes, expected: Expected) -> set[str]:
    return {disagreement.rule for disagreement in compare_email(read_email(data), expected)}


@pytest.mark.long
@given(contents(), st.sampled_from(FORMS), st.data())
@settings(max_examples=40)
def test_a_rendered_mail_that_went_over_smtp_disagrees_with_nothing(
    office: PostOffice, told: Contents, form: str, data: st.DataObject
) -> None:
    highest_first = sorted(data.draw(st.sets(versions(), min_size=1, max_size=4)), reverse=True)
    main, *others = told.release.shipments
    shipments = (replace(main, versions=tuple(highest_first)), *others)
    release = replace(told.release, form=form, shipments=shipments)
    told = replace(told, release=release, advisories=(*told.advisories, an_advisory(1)))
    received = office.send(mail(told).eml)
    facts = read_email(received)
    assert compare_email(facts, Expected(told, POST, announcement=announced(told))) == ()
    assert facts.faults == ()
    assert facts.date == ENVELOPE.date


@pytest.mark.parametrize("make", [planned, critical, two_products])
@pytest.mark.parametrize("form", FORMS)
def test_the_received_mail_says_what_was_written(office: PostOffice, make: object, form: str) -> None:
    assert callable(make)
    told = make(form)
    written = mail(told)
    facts = read_email(office.send(written.eml))
    assert facts.subject.text == written.subject
    assert facts.text is not None
    assert facts.text.text.replace("\r\n", "\n") == written.text
    assert {link.address for link in facts.links if link.address.startswith("http")} == {
        POST,
        LINKS.notices,
        LINKS.feed,
    }
    assert facts.sender == "Acme Security <security@acme.example>"


@given(header_texts(), header_texts())
@settings(max_examples=40)
@example("Sécurité 安全", "App 日本語 naïve é 😀")
@example("安" * 1000, "é 😀 " * 1000)
def test_subject_and_sender_in_any_script_arrive_as_they_were_written(
    office: PostOffice, name: str, subject: str
) -> None:
    sender = replace(ENVELOPE.sender, name=f"é {name}")
    found = decode(office.send(compose(replace(ENVELOPE, sender=sender), subject, "text", "html")))
    assert found.subject == header_words(subject)
    assert found.sender == f"{header_words(sender.name)} <security@acme.example>"
    assert found.faults == ()


MUTATIONS: dict[str, tuple[str, str, set[str]]] = {
    "a version of the subject is lost": (
        "Release 18.5.2, 18.4.4, 18.3.6\n",
        "Release 18.5.2, 18.4.4\n",
        {"subject_versions"},
    ),
    "the highest version is not in the subject": (
        "Subject: Acme App Security Release 18.5.2, 18.4.4, 18.3.6",
        "Subject: Acme App Security Release",
        {"subject_versions"},
    ),
    "the subject has a version of another release": (
        "Subject: Acme App Security Release 18.5.2,",
        "Subject: Acme App Security Release 18.5.3, 18.5.2,",
        {"subject_versions"},
    ),
    "a version of the body is another one": (
        "18.4.4, and 18.3.6",
        "18.4.5, and 18.3.6",
        {"body_versions"},
    ),
    "the subject is critical": (
        "Subject: Acme App Security",
        "Subject: Acme App Critical Security",
        {"critical_designation"},
    ),
    "the body is critical": (
        "These versions contain",
        "This is a critical security release. These versions contain",
        {"critical_designation"},
    ),
    "the link leads to another post": ("-18-5-2-released/", "-18-4-1-released/", {"post_link"}),
    "the link is not under https": ("https://acme.example/releases", "http://acme.example/releases", {"links_allowed"}),
    "a link leads to a host that nobody knows": (LINKS.feed, "https://acme.evil.test/f.xml", {"links_allowed"}),
    "a link leads to this machine": (LINKS.feed, "https://localhost:8080/f.xml", {"links_allowed"}),
    "a link leads to the security mirror": (LINKS.feed, "https://acme.example/security/site/f.xml", {"links_allowed"}),
    "a link was not filled in": (f'href="{POST}"', 'href="TODO"', {"links_allowed", "post_link"}),
    "a link is empty": (f'href="{LINKS.feed}"', 'href=""', {"links_allowed"}),
    "a link has a sign of the mail service": (
        LINKS.feed,
        "https://acme.example/*|FNAME|*/f.xml",
        {"leftovers"},
    ),
    "a word was not filled in": ("immediately.", "immediately. TODO", {"leftovers"}),
    "a template sign is left": ("immediately.", "immediately. {{ versions }}", {"leftovers"}),
    "a version was not filled in": ("18.5.2, 18.4.4, and 18.3.6", "X.Y.Z and 18.5.2", {"leftovers", "body_versions"}),
    "the parts give different numbers": (
        "these versions immediately. They fix 17",
        "these versions immediately. They fix 13",
        {"count_right"},
    ),
    "the text part has words of its own": ("Please forward this", "Kindly pass on this", {"text_and_html_agree"}),
    "only the HTML part is critical": (
        "<p>These versions contain",
        "<p>This is a critical release. These versions contain",
        {"critical_designation"},
    ),
    "the HTML part has a version of its own": ("</a>.</p>\n</div>", "</a>, 18.2.9.</p>\n</div>", {"body_versions"}),
    "the HTML part lost a link": (
        f'<a href="{LINKS.feed}">',
        '<a href="https://acme.example/">',
        {"text_and_html_agree"},
    ),
    "the severity is another": ("medium", "low", {"severity_right"}),
    "the score is another": ("CVSS 6.5", "CVSS 3.1", {"severity_right"}),
    "the number of vulnerabilities is another": ("They fix 17", "They fix 16", {"count_right"}),
    "the number is another, in a word": ("They fix 17 ", "They fix eleven medium severity ", {"count_right"}),
    "the day is another": ("Today we are", "On November 24, 2026 we are", {"date_right"}),
    "somebody else sends it": ("From: Acme Security <security@", "From: Acme Security <press@", {"sender_right"}),
    "the feed lost a letter": ("security-releases.xml", "security-release.xml", {"links_known"}),
    "the contact has another ending": ("/company/contact/", "/company/contacts/", {"links_known"}),
    "a link leads to an earlier post": (
        LINKS.feed,
        "https://acme.example/releases/2026/10/28/security-release-acme-app-18-5-1-released/",
        {"links_known"},
    ),
    "a merge tag is left": ("immediately.", "immediately, *|FNAME|*.", {"leftovers"}),
    "a merge tag between percent signs is left": ("immediately.", "immediately, %recipient.name%.", {"leftovers"}),
    "a merge tag is left in an address": (LINKS.feed, f"{LINKS.feed}?id=*|UNIQID|*", {"leftovers"}),
    "the HTML part loads a picture": (
        "</div>",
        '<img src="https://acme.example/pixel.gif" width="1"></div>',
        {"remote_content"},
    ),
    "the HTML part loads a style": (
        "<body>",
        '<body style="background: url(https://acme.example/b.png)">',
        {"remote_content"},
    ),
}


ONE_FAULT = frozenset(
    {
        "the body is critical",
        "the severity is another",
        "the score is another",
        "the number of vulnerabilities is another",
        "the day is another",
        "somebody else sends it",
        "the feed lost a letter",
        "a merge tag is left",
        "a merge tag between percent signs is left",
    }
)
"""Mutations of which one sentence is said, whichever parts they are in."""


@pytest.mark.parametrize("name", MUTATIONS)
def test_each_mutation_trips_its_rules(office: PostOffice, name: str) -> None:
    old, new, rules = MUTATIONS[name]
    told = planned()
    eml = mail(told).eml
    limit = 1 if name == "the text part has words of its own" else -1
    assert old in eml
    received = office.send(eml.replace(old, new, limit))
    expected = Expected(
        told,
        POST,
        private=("https://acme.example/security/",),
        announcement=announced(told),
        sender="security@acme.example",
        known=frozenset({LINKS.feed, LINKS.notices}),
    )
    found = compare_email(read_email(received), expected)
    assert rules <= {one.rule for one in found}
    assert len({one.what for one in found}) == len(found), "each fault is said once"
    if name in ONE_FAULT:
        assert len(found) == 1


def test_every_rule_is_tripped_by_some_mutation() -> None:
    tripped = set().union(*(rules for _, _, rules in MUTATIONS.values()))
    assert tripped == RULES.keys() - {"agrees_with_the_post"}, "that one is tripped by a post that is another"


@pytest.mark.parametrize("form", FORMS)
def test_a_critical_release_whose_mail_does_not_say_so_is_found_in_subject_and_body(form: str) -> None:
    calm = mail(replace(planned(form)))
    release = replace(planned(form).release, kind=Kind.UNPLANNED)
    urgent = replace(planned(form), release=release)
    found = compare_email(read_email(calm.eml.encode()), Expected(urgent, POST))
    assert [(d.rule, d.where) for d in found] == [("critical_designation", "subject, text, and html")]


def test_a_post_that_says_something_else_is_found() -> None:
    told = planned()
    others = frozenset(map(Version.parse, ("18.5.2", "18.4.4", "18.2.9")))
    expected = Expected(told, POST, announcement=PostSays("https://acme.example/other/", others, is_critical=True))
    found = compare_email(read_email(mail(told).eml.encode()), expected)
    assert {d.rule for d in found} == {"agrees_with_the_post"}
    assert {d.where for d in found} == {"post", "text and html"}
    said = " ".join(d.what for d in found)
    for words in ("18.2.9", "18.3.6", "other/", "called critical"):
        assert words in said

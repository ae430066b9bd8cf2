"""Mails that a mail tool or a person has spoiled in one place, by the kind of the fault: it is found, and said once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from secrel.verify.email import Expected, compare_email, read_email
from tests.papers.email.samples import LINKS, POST, mail, planned

FEED, CONTACT = LINKS.feed, LINKS.notices
SENTENCE = "We recommend that every installation be upgraded"
OTHER_POST = "https://acme.example/releases/2026/10/28/security-release-acme-app-18-5-1-released/"
RIGHT = {
    "severity": (
        "The most severe of them has medium severity.",
        "Low-privileged users could do it.",
        "All of them are medium severity issues.",
        "The risk is low if nobody can log in.",
    ),
    "score": ("Its CVSS base score is 6.5.", "CVSS v3.1: 6.5", "It scores 6.5 out of 10."),
    "count": ("All 17 vulnerabilities are fixed.", "Seventeen CVEs are fixed.", "One of these flaws was found by us."),
    "date": ("It was released on November 25, 2026.", "Since Wednesday, 25 November 2026, it is there."),
}
"""Sentences, by kind, that say what is so."""
WRONG = {
    "severity": (
        "The most severe of them has a low severity.",
        "Severity: high",
        "All are low-severity issues.",
        "They are of low severity.",
        "The maximum severity is high.",
        "It has been rated as high.",
        "17 high severity vulnerabilities are fixed.",
        "It is a low severity vulnerability.",
    ),
    "score": (
        "Its CVSS base score is 7.1.",
        "CVSSv3.1 7.1",
        "CVSS score: 7.1",
        "a score of 7.1",
        "It scores 7.1 out of 10.",
        "7.1 (CVSS 3.1)",
        "CVSS:3.1 base score 7,1",
    ),
    "count": (
        "All eighteen vulnerabilities are fixed.",
        "They fix 18 security issues.",
        "A total of 18 CVEs is fixed.",
        "It fixes 18 flaws.",
        "A single vulnerability is fixed.",
        "18 CVE ids were assigned.",
        "Twenty-one vulnerabilities are fixed.",
    ),
    "date": (
        "It was released on Tuesday.",
        "It was released on November 24, 2026.",
        "released 24 November 2026",
        "Released: 2026-11-24",
        "Released 24.11.2026",
        "Released 2026/11/24",
        "Released Nov 24, 2026",
        "We released it on Nov. 24.",
        "It came out on 24 November.",
    ),
}
"""Sentences, by kind, that say what is not so."""
RULES = {"severity": "severity_right", "score": "severity_right", "count": "count_right", "date": "date_right"}
TAGS = (
    *("{{ contact.FIRSTNAME }}", "*|FNAME|*", "%recipient.name%", "%%FIRST NAME%%", "[[FirstName]]", "{% if x %}"),
    *("${recipient.first}", "{!Contact.Name}", "<%= user.name %>", "##name##", "{{{ name }}}", "[% name %]"),
)
SENDERS = (
    "Acme Security <press@acme.example>",
    "Acme Security <security@acme.example.evil.test>",
    '"security@acme.example" <security@acme.test>',
    "security@mail.acme.example",
)
FEEDS = ("", "/", "?x=1", "s", "#top")
PLAIN = (
    ("be upgraded", "be updated"),
    ("every installation", "every computer"),
    ("without delay", "with delay"),
    ("Please forward", "Please do not forward"),
)


def both(sentence: str) -> tuple[tuple[str, str], ...]:
    """Put a sentence into each part."""
    return ((SENTENCE, f"{sentence} {SENTENCE}"),)


def spoiled() -> Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """Give a name, the rule that has to be tripped, and what is put in the place of what."""
    for kind, sentences in WRONG.items():
        yield from ((f"{kind}: {one}", RULES[kind], both(one)) for one in sentences)
    yield from ((f"tag: {tag}", "leftovers", both(f"Dear {tag},")) for tag in TAGS)
    yield from (
        (f"tag in an address: {tag}", "leftovers", ((FEED, f"{FEED}?u={tag.replace(' ', '')}"),)) for tag in TAGS[:4]
    )
    yield from (
        (f"sender: {one}", "sender_right", (("Acme Security <security@acme.example>", one),)) for one in SENDERS
    )
    for link in (FEED, CONTACT):
        wrong = (link.rstrip("/")[:-1], f"{link}?x=1", link.replace("acme.example/", "acme.example/en/"), link.upper())
        yield from ((f"link: {one}", "links_known", ((link, one),)) for one in wrong)
    yield f"link: {OTHER_POST}", "links_known", ((CONTACT, OTHER_POST),)
    yield "link: the post before", "links_known", both_links(OTHER_POST)
    yield from ((f"plain: {new}", "text_and_html_agree", ((old, new),)) for old, new in PLAIN)


def both_links(address: str) -> tuple[tuple[str, str], ...]:
    """Put a link into each part."""
    return (
        ("\nPlease forward", f"\nSee <{address}>. Please forward"),
        ("</a>. Please forward", f'</a>. <a href="{address}">See</a>. Please forward'),
    )


SPOILED = tuple(spoiled())


def found(changes: tuple[tuple[str, str], ...], *, once: bool = False) -> list[tuple[str, str]]:
    told = planned("generic")
    eml = mail(told).eml.replace(
        "We recommend that every installation be upgraded to one\nof these", f"\n{SENTENCE} to one of\nthese"
    )
    for old, new in changes:
        assert old in eml
        eml = eml.replace(old, new, 1 if once else -1)
    expected = Expected(told, POST, sender="security@acme.example", known=frozenset({FEED, CONTACT}))
    return [(one.rule, one.what) for one in compare_email(read_email(eml.encode()), expected)]


@pytest.mark.parametrize(("name", "rule", "changes"), SPOILED, ids=[name for name, _, _ in SPOILED])
def test_what_is_spoiled_in_one_place_is_found_and_said_once(
    name: str, rule: str, changes: tuple[tuple[str, str], ...]
) -> None:
    assert [one for one, _ in found(changes, once=name.startswith("plain"))] == [rule]


@pytest.mark.parametrize("sentence", [one for sentences in RIGHT.values() for one in sentences])
def test_what_is_so_is_no_fault(sentence: str) -> None:
    assert found(both(sentence)) == []

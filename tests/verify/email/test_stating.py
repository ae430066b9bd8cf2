"""What a mail states beside its versions: severities, scores, numbers of vulnerabilities, dates."""

from __future__ import annotations

import pytest

from secrel.verify.email.rules_links import strays
from secrel.verify.email.stating import misstated, wrong_counts, wrong_dates, wrong_severities
from secrel.verify.email.wording import leftovers
from secrel.words.versions import Version
from tests.builders import DUE, a_contents, an_advisory

TOLD = a_contents(advisories=[an_advisory(1), an_advisory(2)])
"""Two vulnerabilities, both medium with the score 6.5."""


@pytest.mark.parametrize(
    "text",
    [
        "The most severe of them is rated medium (CVSS 6.5).",
        "It is rated **moderate**, CVSS 3.1 score of 6.5.",
        "Severity: Medium, CVSS:3.1/AV:N/AC:L",
        "CVSS v3.1: 6.5",
        "There are patches for high-severity vulnerabilities.",
        "The severity is critical.",
        "It is rated by nobody.",
    ],
)
def test_what_the_release_has_is_right(text: str) -> None:
    assert list(wrong_severities(text, TOLD)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("is rated low (CVSS 6.5)", ["rated low"]),
        ("is considered low", ["rated low"]),
        ("is rated medium (CVSS 3.1)", ["score 3.1"]),
        ("is rated low (CVSS 3.1)", ["rated low", "score 3.1"]),
        ("one high severity vulnerability", ["rated high"]),
        ("The severity of it: high, the severity: none", ["rated none"]),
        ("CVSS 4.0: 8.7", ["score 8.7"]),
    ],
)
def test_what_it_has_not_is_found(text: str, said: list[str]) -> None:
    found = list(wrong_severities(text, TOLD))
    assert [one for one, words in zip(found, said, strict=True) if words not in one] == []


@pytest.mark.parametrize(
    "text",
    [
        "They fix 2 vulnerabilities.",
        "They fix two medium severity vulnerabilities",
        "2 security fixes",
        "one of these vulnerabilities",
        "three other vulnerabilities were found by others",
        "version 18.5 vulnerabilities",
        "zero vulnerabilities",
    ],
)
def test_the_number_is_that_of_the_release(text: str) -> None:
    assert list(wrong_counts(text, TOLD)) == []


@pytest.mark.parametrize(
    "text",
    ["They fix 3 vulnerabilities.", "one vulnerability", "three medium-severity vulnerabilities", "12 security flaws"],
)
def test_another_number_is_found(text: str) -> None:
    assert len(list(wrong_counts(text, TOLD))) == 1


def test_a_hardening_is_no_vulnerability() -> None:
    hardening = an_advisory(2, no_cve="hardening", cve_id=None, vector=None)
    told = a_contents(advisories=[an_advisory(1), hardening])
    assert [list(wrong_counts(f"{count} vulnerabilities", told)) == [] for count in (1, 2, 3)] == [True, False, False]


def test_what_was_fixed_already_and_each_product_have_numbers_of_their_own() -> None:
    earlier = an_advisory(3, ("18.5.1",), fixed_already=(Version.parse("18.5.1"),))
    told = a_contents(advisories=[an_advisory(1), an_advisory(2), earlier])
    said = (
        "They fix 2 vulnerabilities. We also announce one vulnerability that versions before these have fixed already."
    )
    assert list(wrong_counts(said, told)) == []
    assert list(wrong_counts("They fix 3 vulnerabilities.", told)) == [], "all that is announced"
    assert len(list(wrong_counts("They fix 4 vulnerabilities.", told))) == 1


@pytest.mark.parametrize(
    "day", ["2026-11-25", "25 November 2026", "November 25, 2026", "25th Nov. 2026", "Nov 25 2026"]
)
def test_the_day_of_the_release_is_right(day: str) -> None:
    assert list(wrong_dates(f"On {day}, we released", DUE)) == []
    assert list(wrong_dates(f"On {day.replace('25', '24')}, we released", DUE)) == [
        "2026-11-24 is not the day of the release, 2026-11-25"
    ]


@pytest.mark.parametrize(
    "day",
    [
        "November 24",
        "24/11/2026",
        "11/24/2026",
        "24.11.2026",
        "24-Nov-2026",
        "Tuesday, November 25, 2026",
        "Tue 25 Nov 2026",
        "Tuesday",
        "Mon, 2026-11-25",
        "Thursday the 25th November 2026",
        "November 25, 2025",
    ],
)
def test_a_day_that_is_not_that_of_the_release_is_told_however_it_is_written(day: str) -> None:
    assert list(wrong_dates(f"On {day} we released it.", DUE))


@pytest.mark.parametrize(
    "day",
    [
        "November 25",
        "25/11/2026",
        "11/25/2026",
        "25.11.2026",
        "25-Nov-2026",
        "Wednesday, November 25, 2026",
        "Wednesday",
        "Wed, 2026-11-25",
        "the second and fourth Wednesdays",
        "1/2 or 24/7, which may 3 of us",
    ],
)
def test_the_day_of_the_release_is_right_however_it_is_written(day: str) -> None:
    assert list(wrong_dates(f"On {day} we released it.", DUE)) == []


def test_what_is_no_date_is_none() -> None:
    assert list(wrong_dates("2026-13-45, 31 November 2026 and https://x.example/2026-01-02/", DUE)) == []


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("We released 1.2.3. It fixes 4 vulnerabilities, the worst rated high (CVSS 8.7): https://x.test/2", ()),
        (
            "Version 1.2.3 is out! Four flaws are fixed, of high severity, (CVSS: 8.7); it fixes 4 of 4.",
            ("numbers",),
        ),
        ("We released 1.2.4. It fixes 4 vulnerabilities, the worst rated high (CVSS 8.7).", ("versions",)),
        ("We released 1.2.3. It fixes 4 vulnerabilities, the worst rated low (CVSS 3.1).", ("severity", "score")),
        ("We released 1.2.3. It fixes 4 vulnerabilities, the worst rated high (CVSS 8.8).", ("score",)),
        ("We released 1.2.3. It fixes three vulnerabilities, the worst rated high (CVSS 8.7).", ("numbers",)),
        ("We released 1.2.3, critical. It fixes 4 vulnerabilities, the worst rated high (CVSS 8.7).", ("severity",)),
    ],
)
def test_what_a_mail_says_otherwise_is_named(now: str, told: tuple[str, ...]) -> None:
    before = "We released 1.2.3. It fixes 4 vulnerabilities, the worst rated high (CVSS 8.7): https://x.test/1"
    assert misstated(before, now) == told
    assert misstated(now, before) == told


@pytest.mark.parametrize(
    "tag",
    [
        *(
            "*|FNAME|*",
            "%recipient%",
            "%recipient.name%",
            "%FIRSTNAME%",
            "{{ user.name }}",
            "{{lead.First Name:default=}}",
        ),
        *("[[FIRSTNAME]]", '[[FIRSTNAME OR "Friend"]]', "<<First Name>>", "{!Contact.Name}", "#{name}", "##name##"),
        *(
            "<%= name %>",
            "{name}",
            "{FIRST NAME}",
            "{$name}",
            "{#name#}",
            "{unsubscribe_url}",
            "$NAME",
            "$name$",
            "@@name@@",
        ),
        *(
            "__NAME__",
            "[FIRST_NAME]",
            "<first name>",
            "#NAME#",
            "::name::",
            "<$name$>",
            "~name~",
            "|FNAME|",
            "[unsubscribe]",
        ),
        *("[subscriber:firstname]", "null,", ",", "CUSTOMER_NAME", "INSERT LINK HERE", "[insert version]"),
        *("[firstname,fallback=there]", "~Contact.FirstName~", "{first_name}", "${user}", "%%first_name%%"),
    ],
)
def test_every_merge_tag_is_found(tag: str) -> None:
    assert leftovers(f"Hello {tag}, we released")


@pytest.mark.parametrize("tag", ["{{ a.b }}", "%%a%%", "{{{ a }}}", "{% if a %}", "${a}", "*|A|*", "[% a %]", "%a.b%"])
def test_a_merge_tag_is_named_once_and_whole(tag: str) -> None:
    assert leftovers(f"Dear {tag}, and once more {tag}") == (tag,)


def test_what_addresses_and_prose_write_is_no_merge_tag() -> None:
    assert leftovers("https://x.example/a%C3%A4b%C3%BC, 50% of all, 10%, a [note] and 5 * 6 | 7") == ()


@pytest.mark.parametrize(
    ("path", "is_another"),
    [
        ("2026/10/28/security-release-larkspur-1-2-2/", True),
        ("2025-01-08-an-old-one/", True),
        ("downloads/", False),
        ("", False),
    ],
)
def test_another_announcement_strays_where_they_are_in_no_folder_of_their_own(path: str, *, is_another: bool) -> None:
    post = "https://www.larkspur/2026/11/25/security-release-larkspur-1-2-3/"
    address = f"https://www.larkspur/{path}"
    assert bool(strays(address, post, frozenset())) == is_another
    assert not strays(address.replace("www.larkspur", "elsewhere.example"), post, frozenset())


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("https://acme.example/security.xml", ""),
        ("https://feeds.acme.example/security.xml", "security.xml"),
        ("https://acme.example/all-releases.xml", "security.xml"),
        ("https://acme.example/feed/", "security.xml"),
        ("https://other.example/company/contact/", "company/contact/"),
        ("https://acme.example/handbook/", ""),
        ("https://[broken/", ""),
    ],
)
def test_another_feed_or_a_known_page_elsewhere_strays(address: str, meant: str) -> None:
    known = frozenset({"https://acme.example/security.xml", "https://acme.example/company/contact/"})
    said = strays(address, "https://acme.example/releases/2026/11/25/post/", known)
    assert said == (f"{address} is not https://acme.example/{meant}" if meant else "")

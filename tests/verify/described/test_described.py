"""What a description says just as the facts do is left out; what it says otherwise is told, with both."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.verify.described import plainly, remarks, slips
from secrel.words.advisories import Credit
from secrel.words.ids import CveId
from secrel.words.spans import Span
from secrel.words.vectors import Vector
from secrel.words.versions import Version
from tests.builders import VECTOR, a_product, a_shipment, an_advisory

SHIPMENT = a_shipment(("1.2.3", "1.1.9"))
ACME = a_shipment(("1.2.3", "1.1.9"), a_product(name="Acme App", short="App", vendor="Acme"))
RANGE = (Span(None, Version.parse("1.1.9")), Span(Version.parse("1.2"), Version.parse("1.2.3")))
ID = CveId("CVE-2026-0001")
SAID = "versions before 1.1.9, 1.2 before 1.2.3"
RATED = f"medium 6.5, {VECTOR}"


def described(text: str, **changes: Any) -> Any:
    facts: dict[str, Any] = {"affected": RANGE, "credits": (Credit("Farid B"),), "references": ("https://acme.test/a",)}
    return an_advisory(1, description=text, **(facts | changes))


def told(text: str, **changes: Any) -> list[tuple[str, str, str]]:
    return [(r.kind.value, r.words, r.meant) for r in remarks(described(text, **changes), ACME)]


@pytest.mark.parametrize(
    ("text", "published"),
    [
        (f"A notebook in {SAID} could run script.", "A notebook could run script."),
        (f"A notebook, in {SAID}, could run script.", "A notebook could run script."),
        (f"In {SAID}, a notebook could run script.", "A notebook could run script."),
        (f"In Acme App {SAID}, a notebook ran.", "In Acme App, a notebook ran."),
        (
            "An issue was found in Acme App affecting all versions before 1.1.9, 1.2 before 1.2.3 that let people in.",
            "An issue was found in Acme App that let people in.",
        ),
        (
            "A flaw in Acme App all versions before 1.1.9, and all versions starting from 1.2 before 1.2.3 leaks.",
            "A flaw in Acme App leaks.",
        ),
        (f"A flaw in Acme App affecting all {SAID}, allows script.", "A flaw in Acme App allows script."),
        (f"A flaw in Acme App, affecting all {SAID}, could leak.", "A flaw in Acme App could leak."),
        (f"A flaw in Acme App affecting all {SAID}, which leaks.", "A flaw in Acme App, which leaks."),
        (f"It leaks. This affects all {SAID}.", "It leaks."),
        ("A flaw in all versions of Acme App before 1.1.9, and from 1.2 before 1.2.3 leaks.", "A flaw leaks."),
        (f"All {SAID} are affected. It leaks.", "It leaks."),
        (f"It leaks.\n\nAffected: {SAID}.", "It leaks."),
        ("It leaks. It is fixed in version 1.2.3.", "It leaks."),
        ("It leaks (CVSS 6.5).", "It leaks."),
        (f"It leaks ({VECTOR}, 6.5) (CVE-2026-0001).", "It leaks."),
        ("It leaks. This is a medium severity issue (CVSS score 6.5).", "It leaks."),
        ("It leaks. Severity: moderate.", "It leaks."),
        ("It leaks. It is now assigned CVE-2026-0001.", "It leaks."),
        ("It leaks. Thanks to Farid B for reporting this through our HackerOne program.", "It leaks."),
        ("It leaks (a note) to all (as CVE-2026-0001 says).", "It leaks (a note) to all (as CVE-2026-0001 says)."),
        ("It leaks (a note), and is rated medium severity.", "It leaks (a note), and is rated medium severity."),
        ("It leaks. See https://acme.test/a.", "It leaks. See https://acme.test/a."),
        (f"{SAID.capitalize()} allow script.", f"{SAID.capitalize()} allow script."),
        (f"Script ran in {SAID}", "Script ran"),
        ("  Two\nlines   as they are.", "  Two\nlines   as they are."),
    ],
)
def test_what_says_the_same_is_left_out_where_the_sentence_stands_without_it(text: str, published: str) -> None:
    advisory = described(text)
    assert plainly(advisory, ACME) == published
    assert list(remarks(advisory, ACME)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A notebook in versions before 1.2.9 ran.", ("range", "versions before 1.2.9", "all " + SAID)),
        ("It is affected from 1.0 to 1.2.3.", ("range", "1.0 to 1.2.3", "all " + SAID)),
        ("It is affected from 1.3 before 1.2.", ("range", "1.3 before 1.2", "all " + SAID)),
        ("Upgrade to version 1.3.4.", ("version", "version 1.3.4", "all " + SAID)),
        ("Acme App version 2.0 leaks.", ("version", "version 2.0", "all " + SAID)),
        ("It leaks (CVSS score of 9.9).", ("score", "CVSS score of 9.9", RATED)),
        ("This is rated critical.", ("severity", "rated critical", RATED)),
        ("A critical severity flaw.", ("severity", "critical severity", RATED)),
        (
            "It has CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N.",
            ("vector", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", RATED),
        ),
        ("As in CVE-2025-1234.", ("CVE id", "CVE-2025-1234", "CVE-2026-0001")),
        ("Reported by @someone_else.", ("thanks", "Reported by @someone_else", "Farid B")),
        ("See https://forge.test/acme/app/-/issues/1.", ("address", "https://forge.test/acme/app/-/issues/1", "")),
        ("Ask security@acme.test.", ("address", "security@acme.test", "")),
        ("More in acme/app#12.", ("address", "acme/app#12", "")),
        ("More in #12.", ("address", "#12", "")),
    ],
)
def test_what_says_otherwise_is_told_with_both(text: str, found: tuple[str, str, str]) -> None:
    kind, words, meant = found
    assert told(text) == [(kind, words, meant or "https://acme.test/a")]
    assert plainly(described(text), ACME) == text
    assert told(text, allowed=(words,)) == []


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Acme App up to and including 1.2.5 lets notebooks run.", "range", "up to and including 1.2.5"),
        ("Acme App <= 1.2.2 leaks.", "range", "<= 1.2.2"),
        ("Acme App \u2264 v1.2.2 leaks.", "range", "\u2264 v1.2.2"),
        ("It leaks (affects 1.0-1.2.2).", "range", "1.0-1.2.2"),
        ("It leaks in 1.0 \u2013 1.2.2.", "range", "1.0 \u2013 1.2.2"),
        ("Through 1.2.2 it leaks.", "range", "Through 1.2.2"),
        ("It leaks in 1.2.2 and earlier.", "range", "1.2.2 and earlier"),
        ("It leaks in 1.2.2 or below.", "range", "1.2.2 or below"),
        ("It leaks in all of 1.2.x.", "range", "1.2.x"),
        ("A critical issue in notebooks.", "severity", "critical"),
        ("Two high security vulnerabilities.", "severity", "high"),
        ("It is considered critical.", "severity", "considered critical"),
        ("The severity rating is high.", "severity", "severity rating is high"),
        ("The score of this is 5.4.", "score", "score of this is 5.4"),
        ("It scored 9.8.", "score", "scored 9.8"),
        ("It has CVSS v3.1 9.8.", "score", "CVSS v3.1 9.8"),
        ("It is a 9.8/10.", "score", "9.8/10"),
        ("Call it 9.8 out of 10.", "score", "9.8 out of 10"),
        ("Thanks to joe for reporting this.", "thanks", "Thanks to joe"),
        ("Thanks joe! It leaks.", "thanks", "Thanks joe"),
        ("Reported by joe.", "thanks", "Reported by joe"),
        ("Kudos to joe for finding it.", "thanks", "Kudos to joe"),
        ("Credit: Ann Other.", "thanks", "Credit: Ann Other"),
        ("Found by Ann Other.", "thanks", "Found by Ann Other"),
        ("Every release after 1.0 leaks.", "range", "release after 1.0"),
        ("No version of Acme App below 1.2.9 is safe.", "version", "1.2.9"),
        ("It leaks in anything newer than 1.0.", "range", "newer than 1.0"),
        ("Only the 1.1 series leaks.", "version", "1.1"),
        ("As of 1.0 it leaks.", "version", "As of 1.0"),
        ("Whoever ran Acme App 3.4.5 was safe.", "version", "3.4.5"),
        ("Some of Acme (3.4.5) had it.", "version", "3.4.5"),
        ("It was introduced by 1.0.", "version", "introduced by 1.0"),
        ("It leaks in both 1.2 and 1.3.", "version", "1.3"),
        ("A high-risk flaw.", "severity", "high"),
        ("A severity::1 flaw.", "severity", "severity::1"),
        ("An S1 issue.", "severity", "S1"),
        ("Kudos @joe!", "thanks", "Kudos @joe"),
        ("We thank Ann Other for the report.", "thanks", "thank Ann Other"),
        ("Props to Ann Other.", "thanks", "Props to Ann Other"),
        ("Reported by joe via HackerOne.", "thanks", "Reported by joe"),
        ("Reported by security researcher Ann Other.", "thanks", "Reported by security researcher Ann Other"),
        ("Ann Other responsibly disclosed this.", "thanks", "Ann Other"),
        ("@joe has found it.", "thanks", "@joe"),
        ("See forge.example/acme/-/issues/1.", "address", "forge.example/acme/-/issues/1"),
        ("See issue #5.", "address", "issue #5"),
        ("See report 1234567.", "address", "report 1234567"),
        ("See GHSA-abcd-1234-ijkl.", "address", "GHSA-abcd-1234-ijkl"),
        (f"Since commit {'0a' * 20} it leaks.", "address", "0a" * 20),
    ],
)
def test_what_documents_compute_is_found_however_it_is_said(text: str, kind: str, words: str) -> None:
    assert [found[:2] for found in told(text)] == [(kind, words)]
    assert plainly(described(text), ACME) == text
    assert told(text, allowed=(words,)) == []


@pytest.mark.parametrize(
    "text",
    [
        "OpenSSL before 3.0.7 is bundled.",
        "OpenSSL <= 3.0.7 was bundled.",
        "Thanks to a missing check, script ran; thanks to its cache, it was reported by users.",
        "It was found by chance, or reported by anyone who looks at 3/4 of 10/10/2026.",
        "A high bug count, and low issue numbers, were critical to it.",
        "It needs TLS 1.2, or Python 3.11 and later.",
        "All versions of PostgreSQL before 14.2 are concerned.",
        "A critical section was left early, and a high number of requests followed.",
        "CVSS 3.1 is not spoken of, and 10 of 12 do not tell.",
        "An attacker found by chance that 1.2 was there.",
        "It ran in Acme Runner 3.4.5, and in 3.4.6 as well.",
        "OpenSSL releases after 1.0, and OpenSSL versions 1.2, 1.3 and 1.4, are others.",
        "Waits longer than 1.5 seconds, or higher than 2.5 GB, over 1.5 times, were needed.",
        "A low-risk user in config/app.rb or lib.rs/x, with 404 issues and issue 12, found it.",
        "The Rails console has reported a merge request to GET /api/v4/projects in P2 mode.",
    ],
)
def test_what_is_about_something_else_is_left_alone(text: str) -> None:
    assert told(text) == []
    assert plainly(described(text), ACME) == text


def test_a_fact_that_is_missing_is_proposed_from_the_words() -> None:
    def proposed(text: str, **changes: Any) -> list[tuple[str, ...]]:
        return [remark.states for remark in remarks(described(text, **changes), ACME)]

    assert proposed("In versions from 1.0 before 1.2.3.", affected=None) == [("--since=1.0",)]
    assert proposed("In versions before 1.2.3.", affected=None) == [("--since=all",)]
    assert proposed("Affects 1.0 to 1.2.3.", affected=None) == [()]
    assert proposed(f"It has {VECTOR}.", vector=None) == [(f"vector={VECTOR}",)]
    assert proposed("It is CVE-2026-0009.", cve_id=None) == [("cve=CVE-2026-0009", "assigned_by=us")]
    assert proposed("It is CVE-2026-0009.", cve_id=None, no_cve="none is needed") == [()]
    assert proposed("Thanks to Ann Other.", credits=()) == [("credits=[{name: Ann Other}]",)]
    assert proposed("Rated high.", vector=None) == [()]
    assert proposed("In versions before 1.2.3.", affected=None, hosted_only="acme.test") == [()]


def test_other_ids_worth_knowing_are_cited_and_addresses_that_are_public_are_no_fault() -> None:
    other = CveId("CVE-2025-1234")
    assert told(f"The fix of {other} was not whole.", related=(other,)) == []
    assert told("See https://finders.test/f.", credits=(Credit("F", profile="https://finders.test/f"),)) == []
    assert told("Fixed in version 1.2.2.", fixed_already=(Version.parse("1.2.2"),)) == []
    assert told("See https://x.test/1.2.9.", references=("https://x.test/1.2.9",)) == []
    assert [meant for *_, meant in told("See https://x.test/1.", references=())] == ["no such public address"]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Script in notebooks before 1.2.9", ["before 1.2.9"]),
        (f"Script in notebooks in {SAID}", []),
        ("A critical issue in notebooks, 9.8/10", ["critical", "9.8/10"]),
        ("Script in notebooks (even after 1.2.1 patch), CVE-2025-1234, see acme/app#1", []),
    ],
)
def test_a_title_says_no_other_range_or_rating(title: str, words: list[str]) -> None:
    found = list(remarks(described("It leaks.", title=title), ACME))
    assert [(one.words, one.part) for one in found] == [(said, "title") for said in words]
    assert list(remarks(described("It leaks.", title=title, allowed=tuple(words)), ACME)) == []


def test_an_id_in_the_title_is_what_the_fix_is_about() -> None:
    other = "CVE-2025-1234"
    assert told(f"The library had {other}.", title=f"A library with {other}") == []
    assert [kind for kind, *_ in told(f"The library had {other}.", title="A library")] == ["CVE id"]


def test_all_previous_versions_are_all_of_a_range_that_begins_with_the_first_and_ends() -> None:
    text, first = "All previous versions leak.", Version.parse("1.0")
    for spans, is_right in (
        (RANGE, True),
        ((Span(first, None), Span(None, Version.parse("0.9"))), False),
        ((Span(first, Version.parse("1.1.9")),), False),
        ((), False),
    ):
        assert (told(text, affected=spans) == []) is is_right


def test_two_ranges_in_one_sentence_are_two() -> None:
    found = told("It ran in versions before 1.2.9, and it leaked in versions before 1.2.8.")
    assert [words for _, words, _ in found] == ["versions before 1.2.9", "versions before 1.2.8"]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("A note, in versions before 1.2.9, ran.", "in versions before 1.2.9"),
        ("A flaw in Acme App versions before 1.2.9 ran.", "versions before 1.2.9"),
        ("Versions before 1.2.9 ran.", "Versions before 1.2.9"),
        ("It is rated low.", "It is rated low."),
    ],
)
def test_what_is_to_be_taken_out_leaves_a_sentence(text: str, cut: str) -> None:
    [remark] = remarks(described(text), ACME)
    assert remark.cut == cut


def test_words_that_are_allowed_stay_also_where_they_say_the_same() -> None:
    text = f"A notebook in {SAID} could run script."
    assert plainly(described(text, allowed=(SAID,)), ACME) == text


_PARTS = st.sampled_from(
    [
        "It leaks.",
        f"In {SAID}, it ran.",
        f"This affects all {SAID}.",
        "It (CVSS 6.5) ran.",
        "Thanks to Farid B.",
        "\n\n",
        "A low severity flaw.",
        "A note in versions before 1.2.9 ran.",
        "OpenSSL before 3.0.7.",
        "(",
        ", and",
    ]
)


@given(st.lists(_PARTS, max_size=6).map(" ".join))
def test_what_is_left_is_read_the_same_again(text: str) -> None:
    advisory = described(text)
    once = plainly(advisory, SHIPMENT)
    assert plainly(described(once), SHIPMENT) == once
    assert [r.words for r in remarks(described(once), SHIPMENT)] == [r.words for r in remarks(advisory, SHIPMENT)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("FIXME: say more", [("FIXME", "")]),
        ("the the end", [("the the", "the")]),
        ("The the end", [("The the", "The")]),
        ("Could have could have ended in Baden Baden", [("Could have could have", "Could have")]),
        ("`TODO` is code, [a link](TODO) too", []),
        ("<<<<<<< HEAD", [("<<<<<<<", "")]),
    ],
)
def test_what_was_left_by_mistake_is_found_unless_it_is_meant(line: str, found: list[tuple[str, str]]) -> None:
    assert [(slip.words, slip.better) for slip in slips(line)] == found
    assert list(slips(line, [words for words, _ in found])) == []


def test_a_vector_of_another_version_is_another_vector() -> None:
    vector = Vector.parse("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N")
    assert len(told(f"It has {VECTOR}.", vector=vector)) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A notebook could run script, prior to Acme App 1.2.9.", "1.2.9"),
        (
            "\u5728 1.2.9 \u4e4b\u524d\u7684\u7248\u672c\u4e2d",
            "1.2.9",
        ),
        ("Ein Notizbuch lief vor 1.1.12 mit.", "1.1.12"),
        ("En las versiones anteriores a la 1.2.9 era posible.", "1.2.9"),
        ("Dalla 1.2.9 era possibile.", "1.2.9"),
        ("All versions leak.", "All versions"),
        ("Acme App below 1.2.9 leaks.", "1.2.9"),
        ("It leaks: 1.2.9.", "1.2.9"),
        ("It leaks. Introduced in 0.9.", "Introduced in 0.9"),
        ("It leaks, and was introduced with 0.9.", "introduced with 0.9"),
        ("It leaks, see CVE\u20132026\u20130009.", "CVE\u20132026\u20130009"),
        ("It leaks, see cve-2026-0009.", "cve-2026-0009"),
    ],
)
def test_what_stands_in_other_words_is_found_as_well(text: str, words: str) -> None:
    assert [found for _, found, _ in told(text)] == [words]


@pytest.mark.parametrize(
    "text",
    [
        *("A log of log4j 1.2.17 was read.", "OpenSSL 1.2.9 made it worse.", "The server 127.0.0.1 was asked."),
        *(
            "OpenSSL before 1.2.9 made it worse.",
            "Rails up to 1.1.12 was asked.",
            "OpenSSL 1.2.8 and earlier were not.",
        ),
        *("It is gone: 1.2.3, 1.1.9.", "Section 1.2.9-b of the manual is wrong.", "A file v1.2.9.txt was read."),
        "It was introduced in 1.2.",
        "All previous versions of Acme App were concerned.",
    ],
)
def test_a_version_of_something_else_or_of_the_facts_is_no_remark(text: str) -> None:
    assert told(text) == []

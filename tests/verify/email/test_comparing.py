from __future__ import annotations

from urllib.parse import quote

import pytest
from msgspec.structs import replace

from secrel.verify.email import Disagreement, Expected, PostSays, compare_email, read_email
from secrel.verify.post.facts.reading import read_post
from secrel.words.advisories import Contents
from secrel.words.versions import Version
from tests.builders import a_contents, a_product, a_release, a_shipment, an_advisory
from tests.papers.email.samples import POST, critical

TOLD = a_contents()
GOOD = "Acme App Security Release 18.5.2, 18.4.4, 18.3.6"


def a_mail(body: str, subject: str = GOOD, kind: str = "plain") -> bytes:
    return f"Subject: {subject}\nContent-Type: text/{kind}; charset=utf-8\n\n{body}\n".encode()


def found(body: str, subject: str = GOOD, kind: str = "plain", told: Contents = TOLD) -> list[Disagreement]:
    expected = Expected(
        told, POST, frozenset({"forge.example"}), ("https://forge.example/acme/security/", "acme/mirror")
    )
    return list(compare_email(read_email(a_mail(body, subject, kind)), expected))


def rules(body: str, subject: str = GOOD, kind: str = "plain", told: Contents = TOLD) -> list[str]:
    return [disagreement.rule for disagreement in found(body, subject, kind, told)]


BODY = f"Versions 18.5.2, 18.4.4, and 18.3.6: {POST}"


def test_a_short_mail_that_says_everything_agrees() -> None:
    assert rules(BODY) == []
    assert rules(f'18.5.2, 18.4.4, 18.3.6: <a href="{POST}">post</a>', kind="html") == []


def test_the_highest_version_alone_is_enough_for_a_subject() -> None:
    assert rules(BODY, "Acme App Security Release 18.5.2") == []
    assert rules(BODY, "Acme App Security Release") == ["subject_versions"]
    assert rules(BODY, "Acme App Security Release 18.5.2, 18.3.6") == ["subject_versions"]


def test_a_heading_that_repeats_the_subject_does_not_stand_for_the_body() -> None:
    assert rules(f"{GOOD}\n\nVersions 18.5.2 and 18.4.4: {POST}") == ["body_versions"]


def test_scores_and_numbers_of_addresses_are_no_versions() -> None:
    told = a_contents(advisories=[an_advisory()])
    assert rules(f"{BODY} CVSS 6.5, CVSS:3.1/AV:N and https://acme.example/v1.2.3/ on 2.5 of 10", told=told) == []


@pytest.mark.parametrize("numbers", [["7"], ["9.6"], ["18.5.2-rc1", "7.0.1a"], ["1.1.1l"], ["6.0.0", "5.9.9"]])
def test_versions_of_every_shape_are_found(numbers: list[str]) -> None:
    told = a_contents(a_release(numbers), [an_advisory()])
    listed = " and ".join(numbers)
    assert rules(f"We release {listed}. CVSS 6.5. {POST}", f"Acme {listed}", told=told) == []
    assert "body_versions" in rules(f"We release. CVSS 6.5. {POST}", f"Acme {listed}", told=told)


def test_a_version_longer_than_ours_is_another_one() -> None:
    assert "body_versions" in rules(f"18.5.2.1, 18.4.4, 18.3.6: {POST}")
    assert "body_versions" in rules(f"18.5.21, 18.4.4, 18.3.6: {POST}")


def test_a_mail_with_no_body_at_all_says_nothing() -> None:
    expected = Expected(TOLD, POST)
    facts = read_email(f"Subject: {GOOD}\nContent-Type: application/pdf\n\nx\n".encode())
    assert [(d.rule, d.where) for d in compare_email(facts, expected)] == [("body_versions", "mail")]


@pytest.mark.parametrize(
    "sentence",
    [
        "There are monthly releases, and ad-hoc security releases for critical vulnerabilities.",
        "There are scheduled releases and ad-hoc critical patches for high-severity vulnerabilities.",
        "It was critical of us to wait.",
    ],
)
def test_the_word_critical_alone_calls_nothing_critical(sentence: str) -> None:
    assert rules(f"{BODY}\n{sentence}") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "This is a Critical Security Release.",
        "This critical\npatch release has to be installed.",
        "It fixes a critical severity issue.",
        "Critical Acme App CE/EE Security Release",
        "The vulnerability is rated critical.",
        "Its severity is critical.",
        "One of them is critical.",
    ],
)
def test_what_calls_a_release_critical_is_found(sentence: str) -> None:
    assert rules(f"{BODY}\n{sentence}") == ["critical_designation"]
    one = f"18.5.2: {POST}\n{sentence}"
    assert rules(one, "Acme App Critical Security Release 18.5.2", told=critical()) == []


@pytest.mark.parametrize("place", range(6))
def test_the_word_critical_in_a_subject_means_the_release_wherever_it_stands(place: int) -> None:
    words = ["Acme", "App", "Security", "Release", "18.5.2"]
    words.insert(place, "Critical")
    assert rules(BODY, " ".join(words)) == ["critical_designation"]
    assert "critical_designation" not in rules(f"This is a critical release.\n{BODY}", " ".join(words), told=critical())


@pytest.mark.parametrize(
    "sign",
    [
        *(
            "TODO",
            "TBD",
            "X.Y.Z",
            "X.X.X",
            "x.y.z",
            "18.x.x",
            "{{ versions }}",
            "{% if x %}",
            "%%subject%%",
            "${LINK}",
        ),
        *("[blog](TODO)", "YYYY", "[link]", "<username>", "⟦2026-11/post⟧", "Lorem ipsum"),
    ],
)
def test_what_was_not_filled_in_is_found(sign: str) -> None:
    assert "leftovers" in rules(f"{BODY} {sign}")


def test_what_was_not_filled_in_is_found_in_an_address_that_nobody_sees() -> None:
    page = f'<p>{BODY} <a href="https://acme.example/*|FNAME|*/f.xml">our feed</a></p>'
    told = [one for one in found(page, kind="html") if one.rule == "leftovers"]
    assert len(told) == 1
    assert "in an address" in told[0].what
    seen = f"{page} *|FNAME|*"
    assert len([one for one in found(seen, kind="html") if one.rule == "leftovers"]) == 1, "once"


def test_a_series_is_no_gap() -> None:
    assert rules(f"{BODY} for 18.5.x.") == []


def test_a_tracked_link_that_does_not_tell_where_it_leads_is_found() -> None:
    body = '18.5.2, 18.4.4, 18.3.6: <a href="https://click.forge.example/x/abc">post</a>'
    facts = read_email(a_mail(body, kind="html"))
    expected = Expected(TOLD, POST, frozenset({"forge.example"}))
    assert [d.rule for d in compare_email(facts, expected)] == ["post_link"]


def test_a_link_to_nearly_the_post_is_shown() -> None:
    (near,) = found(BODY.replace("2026/11/25", "2026/11/24"))
    assert near.rule == "post_link"
    assert "the nearest is https://acme.example/releases/2026/11/24/" in near.what
    (cased,) = found(BODY.replace("released/", "Released"))
    assert "the nearest is" in cased.what
    (far,) = found("18.5.2, 18.4.4, 18.3.6: https://acme.example/")
    assert "the nearest" not in far.what


def test_a_link_to_a_section_of_the_post_leads_to_the_post() -> None:
    assert rules(BODY.replace("released/", "released/#a-section-of-it")) == []


def test_hosts_are_compared_without_case_and_paths_with_it() -> None:
    assert rules(BODY.replace("https://acme.example", "HTTPS://ACME.example")) == []
    assert rules(BODY.replace("acme.example/releases", "acme.example:443/releases")) == ["post_link"]
    assert rules(BODY.replace("security-release", "Security-release")) == ["post_link"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://127.0.0.1/x", "no public host"),
        ("https://[::1]/x", "no public host"),
        ("https://10.0.0.8/x", "no public host"),
        ("https://intranet/x", "no public host"),
        ("https://build.acme.internal/x", "no public host"),
        ("https://8.8.8.8/x", "not a host that we know"),
        ("https://evilforge.example/x", "not a host that we know"),
        ("https://forge.example.evil.test/x", "no public host"),
        ("https://forge.example/acme/security/site/-/issues/1", "is private"),
        ("https://FORGE.example/acme/Security/site", "is private"),
        ("https://forge.example/acme/Mirror", "is private"),
        ("https://forge.example/acme/mirror/-/issues/1", "is private"),
        ("http://forge.example/", "is not under https"),
        ("javascript:alert(1)", "no web address"),
        ("ftp://forge.example/", "no web address"),
        ("TODO", "no web address"),
        ("/releases/", "no web address"),
        ("https://[broken/", "leads nowhere"),
        ("https://forge.example:99999999/", "leads nowhere"),
        ("#top", "leads nowhere"),
        ("", "leads nowhere"),
    ],
)
def test_a_link_that_no_reader_may_get_is_found(address: str, words: str) -> None:
    body = f'18.5.2, 18.4.4, 18.3.6: <a href="{POST}">post</a> <a href="{address}">more</a>'
    (one,) = found(body, kind="html")
    assert (one.rule, one.where) == ("links_allowed", "html, link “more”")
    assert words in one.what


@pytest.mark.parametrize("address", ["https://forge.example:99999999/", "https://[broken/", "ftp://forge.example/"])
def test_an_address_of_the_text_part_that_is_none_is_found(address: str) -> None:
    (one,) = found(f"{BODY} <{address}>")
    assert one.rule == "links_allowed"
    assert "no web address" in one.what


@pytest.mark.parametrize(
    "address", ["https://forge.example/x", "https://docs.forge.example/acme/mirrors", "mailto:a@acme.example"]
)
def test_a_link_to_a_known_host_or_a_mailbox_is_allowed(address: str) -> None:
    assert rules(f'18.5.2, 18.4.4, 18.3.6: <a href="{POST}">post</a> <a href="{address}">more</a>', kind="html") == []


@pytest.mark.parametrize(
    ("words", "agrees"),
    [
        ("https://acme.example/releases", True),
        ("acme.example", True),
        ("www.forge.example", False),
        ("forge.example/login", False),
        ("https://forge.example/", False),
        ("our blog", True),
    ],
)
def test_a_link_has_to_lead_where_its_words_say(words: str, agrees: bool) -> None:  # noqa: FBT001 - a case's outcome
    body = f'18.5.2, 18.4.4, 18.3.6: <a href="{POST}">{words}</a>'
    assert rules(body, kind="html") == ([] if agrees else ["links_allowed"])


def test_a_wrapped_link_is_judged_by_its_wrapping_too() -> None:
    wrapped = f"https://click.evil.test/?url={POST}"
    assert rules(f"18.5.2, 18.4.4, 18.3.6: <{wrapped}>") == ["links_allowed"]


@pytest.mark.parametrize(
    "wrapped",
    [
        f"https://eur01.safelinks.protection.outlook.com/?url={quote(POST, safe='')}&data=05",
        f"https://urldefense.com/v3/__{POST}__;!!abc$",
        f"https://www.google.com/url?q={quote(POST, safe='')}",
    ],
)
def test_what_the_readers_own_mail_system_wraps_around_a_link_is_not_held_against_the_mail(wrapped: str) -> None:
    assert rules(f"18.5.2, 18.4.4, 18.3.6: <{wrapped}>") == []
    other = wrapped.replace("acme.example", "evil.test")
    assert rules(f"18.5.2, 18.4.4, 18.3.6: <{other}> {POST}") == ["links_allowed"]


def test_a_wrapping_that_tells_nothing_is_judged_itself() -> None:
    assert rules(f"{BODY} <https://urldefense.com/v3/nothing>") == ["links_allowed"]


def test_every_product_of_the_release_has_to_be_named() -> None:
    runner = a_product(key="runner", short="Acme Runner")
    told = a_contents(a_release(shipments=(a_shipment(), a_shipment(["2.0.1"], runner))))
    (one,) = found(BODY, told=told)
    assert (one.rule, one.what, one.where) == ("body_versions", "Acme Runner 2.0.1 is not named", "text")
    assert rules(f"{BODY} and 2.0.1", "Acme App and Runner 18.5.2, 18.4.4, 18.3.6, 2.0.1", told=told) == []


def test_a_disagreement_is_told_once() -> None:
    assert [d.rule for d in found(f"{BODY} TODO TODO")] == ["leftovers"]


def test_what_a_post_as_found_announces_can_be_compared() -> None:
    post = read_post(
        "---\ntitle: 'Acme Security Release: 18.5.2, 18.4.4, and 18.2.9'\ncategories: releases\n---\n\n"
        "Today we are releasing versions 18.5.2, 18.4.4, and 18.2.9 for Acme App.\n\n## Table of Fixes\n",
        path="post.md",
    )
    said = PostSays.of(replace(post, versions=(*post.versions, "no version")), POST)
    assert said == PostSays(POST, frozenset(map(Version.parse, ("18.5.2", "18.4.4", "18.2.9"))), is_critical=False)
    facts = read_email(a_mail(BODY))
    told = compare_email(facts, Expected(TOLD, POST, announcement=said))
    assert {d.rule for d in told} == {"agrees_with_the_post"}
    assert "the post names 18.2.9, the mail does not" in [d.what for d in told]
    assert "the mail names 18.3.6, the post does not" in [d.what for d in told]

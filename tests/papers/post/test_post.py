from __future__ import annotations

import re
from datetime import datetime

import pytest
from msgspec import structs
from msgspec.structs import replace
from ruamel.yaml import YAML

from secrel.papers.post.post import post_templates, render_post
from secrel.papers.post.written import Author, Post
from secrel.words.advisories import Advisory, BugFix, Contents, Credit, CreditSource, DependencyUpdate, UpgradeNote
from secrel.words.errors import Misused
from secrel.words.releases import Kind, Shipment
from secrel.words.spans import Span
from secrel.words.versions import Version
from tests.builders import a_contents, a_release, an_advisory
from tests.papers.post.regenerate import GOLDEN, golden_text
from tests.papers.post.stories import (
    AUTHOR,
    STORIES,
    critical,
    docs_form,
    generic,
    planned,
    spans,
    two_products,
    versions,
    without_fixes,
)


def rendered(contents: Contents) -> Post:
    return render_post(contents, AUTHOR, templates=post_templates())


@pytest.mark.parametrize("name", STORIES)
def test_golden(name: str) -> None:
    assert golden_text(name) == (GOLDEN / f"{name}.md").read_text("utf-8"), "python -m tests.papers.post.regenerate"


@pytest.mark.parametrize("name", STORIES)
def test_front_matter_is_what_was_meant(name: str) -> None:
    post = rendered(STORIES[name]())
    front = post.text.split("---\n")[1]
    assert YAML(typ="safe", pure=True).load(front) == dict(post.front_matter)


def test_a_planned_post_has_its_place_and_names() -> None:
    post = rendered(planned())
    assert post.path == (
        "sites/uncategorized/source/releases/posts/2021-10-28-security-release-gitlab-14-4-1-released.html.md"
    )
    assert post.title == "GitLab Security Release: 14.4.1, 14.3.4, and 14.2.6"
    assert post.canonical_path == "/releases/2021/10/28/security-release-gitlab-14-4-1-released/"
    assert post.address == f"https://about.gitlab.com{post.canonical_path}"
    assert post.branch_name == "create-gitlab-14-4-1-post"
    assert dict(post.front_matter)["author_gitlab"] == "amara"


def test_a_critical_post_says_so_everywhere_and_speaks_of_one_version() -> None:
    post = rendered(critical())
    assert "/2023-05-05-critical-security-release-gitlab-15-11-2-released" in post.path
    assert post.title == "GitLab Critical Security Release: 15.11.2"
    assert "releasing version 15.11.2 for" in post.text
    assert "This version contains an important security fix" in post.text
    assert "be upgraded to this version immediately" in post.text
    assert "These versions" not in post.text


def test_the_date_is_that_of_its_own_zone() -> None:
    assert critical().release.due.astimezone().date().isoformat() >= "2023-05-05"
    assert "/releases/2023/05/05/" in rendered(critical()).canonical_path


def test_a_critical_vector_makes_a_planned_release_critical() -> None:
    told = critical()
    assert "Critical" in rendered(replace(told, release=replace(told.release, kind=Kind.PLANNED))).title


def test_the_second_product_is_told_in_the_introduction_and_its_sections() -> None:
    text = rendered(two_products()).text
    assert "At the same time, we are releasing versions 14.5.2 and 14.4.2 for GitLab Runner." in text
    assert "all GitLab and GitLab Runner installations" in text
    assert "This affects GitLab Runner, all versions from 13.7 before 14.4.2, 14.5 before 14.5.2." in text
    assert "### GitLab Runner 14.4.2" in text


def test_table_and_sections_stand_in_the_order_of_severity() -> None:
    text = rendered(planned()).text
    rows = re.findall(r"^\|\[(.*)\]\(#(.*)\)\|(.*)\|$", text, re.MULTILINE)
    assert [row[2] for row in rows] == ["high", "high", "medium", "medium", "low", "not scored"]
    headings = [re.sub(r" \{#.*\}", "", title) for title in re.findall(r"^## (.*)$", text, re.MULTILINE)]
    assert headings[1 : len(rows) + 1] == [row[0] for row in rows]


def test_equal_titles_get_ids_of_their_own() -> None:
    text = rendered(planned()).text
    assert "(#cve-2021-39906)" in text
    assert "## Stored XSS via ipynb files {#cve-2021-39906}" in text
    assert "## Stored XSS via ipynb files {#cve-2021-39999}" in text


def test_a_title_like_a_heading_of_the_page_gets_an_id_of_its_own() -> None:
    assert "## Updating {#fix-updating}" in rendered(planned()).text


def test_equal_titles_without_ids_are_numbered() -> None:
    told = planned()
    one = Advisory("f#1", "Same title", "One.", "gitlab", affected=spans("<14.2.6"), no_cve="none needed")
    text = rendered(replace(told, advisories=(one, replace(one, fix="f#2"), replace(one, fix="f#3")))).text
    assert re.findall(r"^## Same title \{#(.*)\}$", text, re.MULTILINE) == [
        "fix-same-title",
        "fix-same-title-2",
        "fix-same-title-3",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        (
            "Thanks [bjorn](https://hackerone.com/bjorn) and [chidi](https://hackerone.com/chidi) for reporting this "
            "vulnerability through our HackerOne bug bounty program."
        ),
        "Thanks @&#8288;dewi for reporting this vulnerability through our HackerOne bug bounty program.",
        "This vulnerability has been discovered internally by the GitLab team.",
        "This vulnerability has been discovered internally by GitLab team members elif and farid.",
        "This vulnerability was reported to us by a customer.",
        (
            "Thanks farid for reporting this vulnerability. Thanks elif, a customer of ours, for reporting this "
            "vulnerability. Thanks dewi for helping us to analyse this vulnerability. This vulnerability has been "
            "discovered internally by GitLab team member chidi."
        ),
    ],
)
def test_thanks(sentence: str) -> None:
    assert f"\n\n{sentence}\n\n" in rendered(planned()).text


def test_people_who_name_nobody_are_thanked_too() -> None:
    told = critical()
    advisory = replace(told.advisories[0], credits=(Credit(" \u200b"), Credit("", CreditSource.OTHER)))
    text = rendered(replace(told, advisories=(advisory,))).text
    assert "This vulnerability was reported through our HackerOne bug bounty program." in text
    assert "This vulnerability was reported to us from outside." in text


def test_nobody_credited_means_no_sentence() -> None:
    told = critical()
    assert "Thanks" not in rendered(replace(told, advisories=(replace(told.advisories[0], credits=()),))).text


def test_severity_comes_from_the_vector_alone() -> None:
    text = rendered(planned()).text
    assert "This is a high severity issue (`CVSS:3.0/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:N`, 8.7)." in text
    section = text[text.index("## 2FA prompt can be skipped") :]
    assert "severity issue" not in section[: section.index("\n## ")]


def test_what_is_missing_is_not_claimed() -> None:
    text = rendered(planned()).text
    updating = text[text.index("## Updating {#") :]
    assert "We have requested a CVE ID" in updating[: updating.index("\n## ")]
    skipped = text[text.index("## 2FA prompt") :]
    assert "CVE" not in skipped[: skipped.index("\n## ")]
    unfixed = text[text.index("{#cve-2021-39999}") :]
    assert "mitigated" not in unfixed[: unfixed.index("\n## ")]
    assert "It is assigned [CVE-2021-39999]" in unfixed


def test_internal_facts_stay_inside() -> None:
    told = planned()
    advisory = replace(
        next(a for a in told.advisories if a.no_cve),
        issue_url="https://gitlab.com/gitlab-org/security/gitlab/-/issues/4",
        references=("https://gitlab.com/gitlab-org/security/gitlab/-/issues/4",),
        credits=(Credit("bjorn", report="https://hackerone.com/reports/1000001"),),
    )
    text = rendered(replace(told, advisories=(advisory,))).text
    assert "gitlab-org/security" not in text
    assert "behind a flag" not in text
    assert "reports/1000001" not in text


def test_the_form_of_2026() -> None:
    post = rendered(docs_form())
    assert post.path == "doc/releases/patches/critical-patch-release-gitlab-19-3-2-released.md"
    assert post.title == "GitLab Critical Patch Release: 19.3.2, 19.2.6, 19.1.8"
    assert "On September 10, 2026, we released versions 19.3.2, 19.2.6, 19.1.8 for" in post.text
    assert "90 days after the release" in post.text
    assert "| Critical |" in post.text
    assert "| Not scored |" in post.text
    assert "**CVSS** 10.0 ([`CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:N`](https://gitlab-com.gitlab.io/" in post.text
    assert "(https://www.first.org/cvss/calculator/4.0#CVSS:4.0/" in post.text
    assert "* **Migrations:** 19.3.2, 19.2.6" in post.text
    assert "### [CVE-2026-85706](https://www.cve.org/CVERecord?id=CVE-2026-85706) - Path Traversal" in post.text


def test_the_generic_form_names_nobody_else() -> None:
    post = rendered(generic())
    assert post.path == "announcements/2026-11-03-security-release-anvil-3-2-1.md"
    assert not re.search("gitlab|hackerone", post.text, re.IGNORECASE)
    assert "Update Anvil as you usually do." in post.text


@pytest.mark.parametrize(
    ("form", "named", "nobody"),
    [
        ("generic", "Thanks to chidi for reporting this vulnerability.", "This vulnerability was reported to us."),
        ("2023", "Thanks chidi for reporting this vulnerability through our HackerOne", "through our HackerOne"),
        ("2026", "Thanks chidi for reporting this vulnerability through our HackerOne", "through our HackerOne"),
    ],
)
def test_a_finding_of_which_nobody_says_the_source_is_thanked_for_as_the_form_has_it(
    form: str, named: str, nobody: str
) -> None:
    told = critical()
    release = replace(told.release, form=form)
    for credit, said in ((Credit("chidi"), named), (Credit(), nobody)):
        advisory = replace(told.advisories[0], credits=(credit,))
        assert said in rendered(replace(told, release=release, advisories=(advisory,))).text


@pytest.mark.parametrize("shown", range(3))
def test_the_generic_form_promises_only_issues_that_outsiders_can_open(shown: int) -> None:
    told = generic()
    [one] = told.advisories
    urls = ["https://forge.test/acme/app/-/issues/1" if number < shown else "" for number in range(2)]
    advisories = tuple(replace(one, fix=f"{one.fix}{n}", issue_url=url) for n, url in enumerate(urls))
    text = rendered(replace(told, advisories=advisories)).text
    assert ("vulnerability becomes public 30 days after this release" in text) == (shown == 2)
    assert ("becomes public" in text) == (shown == 2)


def test_the_generic_form_leads_to_the_addresses_of_the_process_and_is_silent_of_those_it_has_not() -> None:
    ours = {"security_feed": "https://www.larkspur/feed", "contact": "/ask", "site": "https://www.larkspur/"}
    post = render_post(generic(), AUTHOR, templates=post_templates(), addresses=ours)
    assert "[security release feed](https://www.larkspur/feed)." in post.text
    assert "[contact us](https://www.larkspur/ask)." in post.text
    assert "feed of all" not in post.text
    alone = render_post(
        generic(), AUTHOR, templates=post_templates(), addresses={"all_feed": "https://www.larkspur/all"}
    )
    assert "subscribe to our [feed of all releases](https://www.larkspur/all)." in alone.text
    assert "contact us" not in alone.text
    bare = rendered(generic()).text
    assert "Notifications" not in bare
    assert bare.endswith("Update Anvil as you usually do.\n")


def test_the_generic_form_links_the_update_page_when_there_is_one() -> None:
    told = generic()
    product = structs.replace(told.release.main.product, update_url="https://anvil.example/update")
    release = replace(told.release, shipments=(Shipment(product, told.release.main.versions),))
    assert "[update page](https://anvil.example/update)" in rendered(replace(told, release=release)).text


@pytest.mark.parametrize("form", ["2023", "2026", "generic"])
def test_a_release_without_fixes_says_so(form: str) -> None:
    text = rendered(without_fixes(form)).text
    assert "contain no security fixes" in text
    assert "Severity" not in text
    assert "Recommended Action" not in text, "nobody is affected by anything"


@pytest.mark.parametrize("form", ["2023", "2026", "generic"])
def test_a_release_of_third_parties_updates_alone_says_whose_fixes_it_brings(form: str) -> None:
    empty = without_fixes(form)
    update = DependencyUpdate("libfoo", "2.4.1", empty.release.main.product.key)
    told = replace(empty, dependencies=(update,))
    text = rendered(told).text
    assert "security fixes of third parties whose software is shipped with" in text
    assert "no security fixes" not in text
    assert "no new" not in text


@pytest.mark.parametrize("form", ["2023", "2026", "generic"])
def test_what_is_only_announced_is_no_reason_to_upgrade(form: str) -> None:
    told = a_contents(a_release(form=form))
    out = Version.parse("17.9.1")
    before = an_advisory(2, affected=(Span(None, out),), fixed_already=(out,))
    hosted = an_advisory(3, affected=None, hosted_only="acme.test")
    text = rendered(replace(told, advisories=(before, hosted))).text
    assert "contain no new security fixes" in text
    assert "immediately" not in text
    alone = rendered(replace(told, advisories=(hosted,))).text
    assert "Recommended Action" not in alone, "nobody who runs it was affected"
    assert "an important security fix" in rendered(replace(told, advisories=(an_advisory(1), before, hosted))).text


def test_one_day_is_one_day() -> None:
    told = critical()
    assert "1 day after" in rendered(replace(told, release=replace(told.release, disclosure_days=1))).text


def test_products_without_versions_are_left_out() -> None:
    told = two_products()
    main, other = told.release.shipments
    release = replace(told.release, shipments=(main, Shipment(other.product, ())))
    text = rendered(replace(told, release=release, advisories=told.advisories[1:], bug_fixes=())).text
    assert "At the same time" not in text


def test_names_in_the_front_matter_are_one_line() -> None:
    post = render_post(critical(), Author("Amara\nExample ", "", "am: ara"), templates=post_templates())
    assert 'author: "Amara Example"\nauthor_gitlab: "am: ara"\n' in post.text


def fault(contents: Contents) -> Misused:
    with pytest.raises(Misused) as caught:
        rendered(contents)
    return caught.value


@pytest.mark.parametrize("affected", [None, ()])
def test_a_fix_without_a_range_is_refused_by_name(affected: tuple[()] | None) -> None:
    told = critical()
    found = fault(replace(told, advisories=(replace(told.advisories[0], affected=affected),)))
    assert found.where == "release 2023-05-05, fix gitlab-org/security/gitlab#884"
    assert "secrel affected" in found.remedy
    assert "GraphQL" not in str(found)


def test_a_product_that_does_not_ship_is_refused() -> None:
    told = critical()
    found = fault(replace(told, advisories=(replace(told.advisories[0], product="gitlab-runner"),)))
    assert "'gitlab-runner' is not in the release" in found.what
    update = DependencyUpdate("rack", "1.0", "pages")
    assert "'pages' is not in the release" in fault(replace(told, dependencies=(update,))).what


@pytest.mark.parametrize(
    "change",
    [{"bug_fixes": (BugFix("15.10.6", "x", ""),)}, {"upgrade_notes": (UpgradeNote("15.10.6", ("downtime",)),)}],
)
def test_a_version_that_does_not_ship_is_refused(change: dict[str, tuple[BugFix] | tuple[UpgradeNote]]) -> None:
    found = fault(replace(critical(), **change))  # the field is chosen by the parameter
    assert "'15.10.6', which the release does not ship" in found.what
    assert "15.11.2" in found.remedy


def test_a_release_without_version_or_zone_is_refused() -> None:
    told = critical()
    for shipments in ((), (Shipment(told.release.main.product, ()),)):
        assert "no version" in fault(replace(told, release=replace(told.release, shipments=shipments))).what
    naive = replace(told.release, due=datetime(2023, 5, 5))  # noqa: DTZ001 - that is what is tested
    assert "no zone" in fault(replace(told, release=naive)).what


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tāla.js", "tala-js"),
        ("Ångström", "angstrom"),
        ("Đá Łódź & Straße", "da-lodz-strasse"),
        ("Smörgås 語 2", "smorgas-2"),
    ],
)
def test_a_name_with_accents_keeps_its_letters_in_addresses(name: str, said: str) -> None:
    told = planned()
    shipped = told.release.main
    main = replace(shipped, product=structs.replace(shipped.product, cve_product=name))
    release = replace(told.release, shipments=(main, *told.release.shipments[1:]))
    assert f"-{said}-" in rendered(replace(told, release=release)).path


def test_versions_and_products_make_safe_names() -> None:
    told = critical()
    product = structs.replace(told.release.main.product, key="../Git Lab", cve_product="語")
    release = replace(told.release, shipments=(Shipment(product, versions("15.11.2-rc1")),))
    advisory = replace(told.advisories[0], product="../Git Lab")
    post = rendered(replace(told, release=release, advisories=(advisory,), bug_fixes=()))
    assert post.path.endswith("/2023-05-05-critical-security-release-git-lab-15-11-2-rc1-released.html.md")

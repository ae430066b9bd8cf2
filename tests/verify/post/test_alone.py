from __future__ import annotations

import pytest

from secrel.verify.post.alone import self_check
from secrel.verify.post.facts.reading import read_post

FRONT = """---
title: "Anvil Security Release: 1.2.3, 1.1.9"
canonical_path: "/releases/2026/01/02/security-release-anvil-1-2-3-released/"
image_title: '/images/blogimages/cover.png'
tags: news,security
---
"""
BODY = """
Today we are releasing versions 1.2.3, 1.1.9 for Anvil.

|Title|Severity|
|---|---|
|[Bad thing](#bad-thing)|high|

## Bad thing

All went wrong in all versions from 1.1 before 1.1.9, 1.2 before 1.2.3. This is a high severity issue
(`CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N`, 7.5). It is assigned
[CVE-2026-0001](https://www.cve.org/CVERecord?id=CVE-2026-0001).

Thanks amara for reporting.

## Receive Security Release Notifications

[Contact](/contact) and [feed](/feed.xml).
"""
OTHER_PATH = (
    "the canonical path '/releases/2026/01/02/security-release-anvil-1-2-4-released/' is not that of the file "
    "'2026-01-02-security-release-anvil-1-2-3-released'"
)
PATH = "posts/2026-01-02-security-release-anvil-1-2-3-released.html.md"


def found(old: str = "", new: str = "", *, path: str = PATH) -> list[tuple[str, str]]:
    text = FRONT + BODY
    assert old in text
    return [(finding.rule, finding.what) for finding in self_check(read_post(text.replace(old, new), path))]


def test_a_post_in_order_has_no_finding() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("](#bad-thing)", "](#other)", ("anchors_work", "the anchor #other leads nowhere")),
        (
            "](#bad-thing)",
            "](#Bad-thing)",
            ("anchors_work", "the anchor #Bad-thing leads nowhere; the heading's id is bad-thing"),
        ),
        (
            "](#bad-thing)",
            "](/x/security-release-anvil-1-2-3-released/#no)",
            ("anchors_work", "the anchor #no leads nowhere"),
        ),
        (
            "|[Bad thing](#bad-thing)|high|\n",
            "|[Bad thing](#bad-thing)|high|\n|Gone|low|\n",
            ("fixes_match", "the row 'Gone' has no section"),
        ),
        (
            "|[Bad thing](#bad-thing)|high|\n",
            "|[Old](#old)|high|\n",
            ("fixes_match", "the section 'Bad thing' has no row in the table"),
        ),
        (
            "|[Bad thing](#bad-thing)|high|\n",
            "",
            ("fixes_match", "the table of fixes has no row, and there are 1 sections"),
        ),
        (
            "## Receive",
            "## Second\n\nIt is assigned CVE-2026-0001. This is a low severity issue.\n\n## Receive",
            ("fixes_match", "CVE-2026-0001 has more than one section"),
        ),
        ("It is assigned\n", "It is known as\n", ("cves_named", "'Bad thing' has no CVE id, and does not say why")),
        (
            "It is assigned\n",
            "We have requested a CVE ID, as for\n",
            ("cves_named", "'Bad thing' has no CVE id, and says that one has been requested"),
        ),
        (
            "C:H/I:N/A:N`",
            "C:H/I:N/A:Q`",
            ("severity_right", "'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:Q' is not a CVSS vector"),
        ),
        (
            "`CVSS:3.1/AV",
            "`AV",
            ("severity_right", "the vector 'AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' lacks its prefix, such as CVSS:3.1/"),
        ),
        (", 7.5)", ", 7.4)", ("severity_right", "the score printed is 7.4, the vector's is 7.5")),
        (", 7.5)", ")", ("severity_right", "the score printed is missing, the vector's is 7.5")),
        ("a high severity", "a low severity", ("severity_right", "the section says low, and a score of 7.5 is high")),
        ("|high|", "|low|", ("severity_right", "the table says low, its section says high")),
        ("This is a high severity issue\n(", "**CVSS** 7.5 (", None),
        (
            "Anvil Security",
            "Anvil Critical Security",
            ("critical_right", "the title says Critical, and no entry is critical"),
        ),
        ("|high|", "|critical|", ("critical_right", "the title does not say Critical, and an entry is critical")),
        ("Release: 1.2.3, 1.1.9", "Release", ("versions_right", "the title names no version")),
        (
            "Release: 1.2.3, 1.1.9",
            "Release: 1.2.4, 1.1.9",
            ("versions_right", "the introduction says 1.2.3, 1.1.9, the title 1.2.4, 1.1.9"),
        ),
        (
            "Release: 1.2.3, 1.1.9",
            "Release: 1.2.4, 1.1.9",
            ("versions_right", "the file's name has not the first version of the title, 1-2-4"),
        ),
        (
            "Today we are releasing",
            "Here come",
            ("versions_right", "the introduction does not say which versions are released"),
        ),
        (
            "## Receive",
            "## Bug fixes\n\n### 1.0.1\n\n* x\n\n## Receive",
            ("versions_right", "bug fixes are listed for 1.0.1, which is not released here"),
        ),
        ("## Receive", "## Bug fixes\n\n### 1.2.3\n\n## Receive", ("bug_fixes_in", "no bug fix is listed for 1.2.3")),
        ("## Receive", "## Bug fixes\n\n### <!-- -->\n\n* x\n\n## Receive", None),
        (
            "before 1.2.3.",
            "before 1.2.4.",
            ("ranges_right", "'Bad thing': the range ends at 1.2.4, which this release does not ship"),
        ),
        ("canonical_path", "path", ("address_right", "the front matter has no canonical_path")),
        (
            'anvil-1-2-3-released/"',
            'anvil-1-2-4-released/"',
            (
                "address_right",
                OTHER_PATH,
            ),
        ),
        (
            "/2026/01/02/",
            "/2026/01/03/",
            ("date_right", "the file's name says 2026-01-02, the canonical path 2026-01-03"),
        ),
        ("/2026/01/02/", "/2026/13/03/", None),
        (
            "Today we are releasing",
            "On January 4, 2026, we released",
            ("date_right", "the file's name says 2026-01-02, the introduction 2026-01-04"),
        ),
        ("tags: news,security", "tags: news", ("tags_right", "the front matter has not the tag security")),
        (
            "image_title: '/images",
            "image_title: '/pictures",
            ("image_title", "the front matter has no image_title in /images/blogimages/"),
        ),
        ("tags:", "+tags:", ("front_matter", "the front matter has a key '+tags'")),
        ("[feed](/feed.xml)", "feed", ("notifications_section", "the section on notifications has no link to a feed")),
        (
            "[Contact](/contact)",
            '[Contact](# "no")',
            ("notifications_section", "the section on notifications has no link to the contact page"),
        ),
        ("went wrong", "[went](TODO) wrong", ("links_right", "the link 'went' has no target")),
        ("went wrong", "[went](/x 'title') wrong", None),
        ("went wrong", 'went wrong <a id="here"></a> [x](#here)', None),
        ("went wrong", "`TODO TODO` wrong", None),
        ("went wrong", "went wrong\n```\nTODO TODO\n```\n", None),
        ("went wrong", "went wrong <!-- a comment --> again", None),
    ],
)
def test_one_change_is_found(old: str, new: str, said: tuple[str, str] | None) -> None:
    assert (said in found(old, new)) if said else (found(old, new) == []), found(old, new)


def test_a_critical_file_name_needs_a_critical_title() -> None:
    said = ("critical_right", "the title does not say Critical, the file's name does not agree")
    assert said in found(path=PATH.replace("security", "critical-security"))


def test_the_table_is_held_to_the_vector_where_the_section_has_no_word() -> None:
    text = (FRONT + BODY).replace("This is a high severity issue\n(", "**CVSS** 7.5 (").replace("|high|", "|low|")
    assert [f.what for f in self_check(read_post(text, PATH))] == ["the table says low, the vector is high"]


def test_a_page_stored_without_front_matter_is_not_asked_for_one() -> None:
    body = BODY.replace("Today", "# Anvil Patch Release: 1.2.3, 1.1.9\n\nToday")
    assert self_check(read_post(body, "2026-01-02-security-release-anvil-1-2-3-released.md")) == ()


def test_a_file_without_a_date_is_named_by_its_slug() -> None:
    text = (FRONT + BODY).replace("/releases/2026/01/02/", "/releases/patches/")
    assert self_check(read_post(text, "doc/security-release-anvil-1-2-3-released.md")) == ()

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.papers.post.post import post_templates, render_post
from secrel.verify.post.alone import self_check
from secrel.verify.post.comparing import compare_post
from secrel.verify.post.disagreements import RULES, Disagreement
from secrel.verify.post.facts.reading import read_post
from secrel.verify.post.pairing import plain
from secrel.words.advisories import Contents, Credit, DependencyUpdate, UpgradeNote
from secrel.words.ids import CveId
from secrel.words.versions import Version
from tests.papers.post.stories import AUTHOR, STORIES, critical, docs_form, generic, planned, spans, two_products
from tests.strategies.advisories import contents as any_contents

TEMPLATES = post_templates()


def compared(contents: Contents, old: str = "", new: str = "", *, path: str = "") -> list[tuple[str, str]]:
    """What is found in a post in which somebody replaced `old` by `new`, once."""
    post = render_post(contents, AUTHOR, templates=TEMPLATES)
    assert old in post.text, old
    facts = read_post(post.text.replace(old, new, 1), path or post.path)
    found = compare_post(facts, contents, read_post(post.text, post.path))
    return [(finding.rule, finding.what) for finding in found]


@pytest.mark.parametrize("name", [name for name in STORIES if name != "hostile"])
def test_a_post_as_rendered_agrees(name: str) -> None:
    assert compared(STORIES[name]()) == []


@pytest.mark.parametrize("name", ["critical", "two-products", "docs-form"])
def test_a_post_as_rendered_needs_nothing_else(name: str) -> None:
    post = render_post(STORIES[name](), AUTHOR, templates=TEMPLATES)
    found = self_check(read_post(post.text, post.path))
    assert {finding.rule for finding in found} <= {"cves_named", "ranges_right"}


@pytest.mark.long
@given(any_contents(), st.sampled_from(["2023", "2026", "generic"]))
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_post_as_rendered_agrees(drawn: Contents, form: str) -> None:
    contents = replace(
        drawn,
        release=replace(drawn.release, form=form),
        advisories=tuple(advisory for advisory in drawn.advisories if advisory.affected),
    )
    post = render_post(contents, AUTHOR, templates=TEMPLATES)
    facts = read_post(post.text, post.path)
    rules = [name for name in RULES if name != "wording_right"]
    assert compare_post(facts, contents, facts, rules=rules) == ()


@pytest.mark.parametrize(
    ("old", "new", "rule", "what"),
    [
        ("## Webhook data exposes", "## Something else exposes", "anchors_work", "leads nowhere"),
        (
            "14.4.1, 14.3.4, and 14.2.6",
            "14.4.1, 14.3.4, and 14.2.5",
            "versions_right",
            "the title says 14.4.1, 14.3.4, 14.2.5",
        ),
        ("versions 14.4.1, 14.3.4", "versions 14.4.0, 14.3.4", "versions_right", "the introduction says 14.4.0"),
        ("Today we are releasing", "Out now:", "versions_right", "the introduction says nothing of GitLab"),
        ("about GitLab Security Release: 14.4.1", "about 14.4.0", "versions_right", "the description says 14.4.0"),
        ("Release: 14.4.1", "Release: next", "versions_right", "the title says 14.3.4, 14.2.6"),
        ("13.5 before 14.2.6", "13.6 before 14.2.6", "ranges_right", "from 13.6 before 14.2.6"),
        ("13.5 before 14.2.6", "13.5 to 14.2.6", "ranges_right", "can be read in two ways"),
        (
            ", all versions from 13.5 before 14.2.6, 14.3 before 14.3.4, 14.4 before 14.4.1",
            "",
            "ranges_right",
            "says no range",
        ),
        ("A:N`, 8.7)", "A:N`, 8.8)", "severity_right", "the score is 8.8, not 8.7"),
        (
            "A:N`, 8.7)",
            "A:H`, 8.7)",
            "severity_right",
            "the vector is CVSS:3.0/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:H, not",
        ),
        ("a high severity", "a critical severity", "severity_right", "the severity is critical, not high"),
        (")|high|", ")|critical|", "severity_right", "the table says critical, not high"),
        (")|not scored|", ")|low|", "severity_right", "the table says low, not not scored"),
        (
            "GitLab Security Release: 14",
            "GitLab Critical Security Release: 14",
            "critical_right",
            "must not say Critical",
        ),
        ("/releases/2021/10/28/", "/releases/2021/10/29/", "address_right", "name another day"),
        ("/releases/2021/10/28/", "/releases/2021/10/29/", "date_right", "the canonical path says 2021-10-29"),
        ("canonical_path:", "canonical:", "address_right", "the canonical path is missing"),
        (
            "is assigned [CVE-2021-39906]",
            "is assigned [CVE-2021-39907]",
            "links_right",
            "says CVE-2021-39907 and leads to CVE",
        ),
        (
            "is assigned [CVE-2021-39906]",
            "is assigned [CVE-2021-39907]",
            "cves_named",
            "names CVE-2021-39907, not CVE-2021-39906",
        ),
        ("have requested a CVE ID", "is assigned CVE-2021-1111", "cves_named", "names CVE-2021-1111, not none"),
        (" and is assigned [CVE-2021-39911]", " and known as [CVE-2021-39911]", "cves_named", "names no CVE id"),
        ("## Update Redis\n", "## Update Memcached\n", "dependencies_in", "the update of Redis is not in the post"),
        ("## Update Redis\n", "## Update Memcached\n", "dependencies_in", "'Update Memcached' is about no update"),
        ("updated to 6.0.16", "updated to 6.0.15", "dependencies_in", "does not say version 6.0.16"),
        ("mitigate [CVE-2020-7595]", "mitigate [it]", "dependencies_in", ""),
        ("[bjorn](https", "[farid](https", "credits_right", "bjorn is not thanked"),
        ("[bjorn](https", "[farid](https", "credits_right", "thanks farid, whom nobody credited"),
        ("members elif and farid", "members elif", "credits_right", "farid is not thanked"),
        (
            "Consumers of webhook data could see the private address of the people an issue is assigned to.",
            "",
            "wording_right",
            "has no description",
        ),
        ("Consumers of", "TODO of", "wording_right", "'TODO' was left"),
        ("Consumers of", "Consumers of of", "wording_right", "'of of' are doubled"),
        ("Consumers of", "could have could have", "wording_right", "'could have could have' are doubled"),
        ("Consumers of", "<!-- https://gitlab.com/x/-/issues/1 -->", "wording_right", "a comment in the source"),
        ("Consumers of", "<!-- see gitlab-org/security/gitlab#7 -->", "wording_right", "a comment in the source"),
        ("Consumers of", "all versions**CVSS**", "wording_right", "the label '**CVSS**' is glued"),
        ("Consumers of", "X.X.X of", "wording_right", "'X.X.X' was left"),
        ("GitLab EE, all", "all", "products_said", "does not say that gitlab ee is affected"),
        ("## Receive Security", "## Security", "notifications_section", "there is no section"),
        (
            "[contact us](https://about.gitlab.com/company/contact/)",
            "contact us",
            "notifications_section",
            "no link to the contact",
        ),
        ('tags: "security"', 'tags: "news"', "tags_right", "has not the tag security"),
        (
            "[update page](https://about.gitlab.com/update/)",
            "update page",
            "updating_said",
            "does not say how to update",
        ),
        ("image_title:", "image:", "image_title", "has no image_title"),
        (
            "security-cover-new",
            "cover",
            "image_title",
            "the picture is /images/blogimages/cover.png, and that of these",
        ),
        ('author: "Amara Example"', 'author: "Amara Example" ', "front_matter", "ends in a blank"),
        ('title: "', 'title: ["', "front_matter", "cannot be read"),
        ('tags: "', 'published: false\ntags: "', "front_matter", "says published: false, so that no page is made"),
        ('tags: "', 'draft: yes\ntags: "', "front_matter", "says draft: yes, so that no page is made"),
        ("(https://about.gitlab.com/security/faq/)", "()", "links_right", "has no target"),
        ("(https://about.gitlab.com/security/faq/)", "(javascript:x)", "links_right", "leads to a javascript: address"),
        ("(https://about.gitlab.com/security/faq/)", "(https://a b)", "links_right", "has blanks"),
    ],
)
def test_a_slip_in_a_planned_post_is_found(old: str, new: str, rule: str, what: str) -> None:
    found = compared(planned(), old, new)
    assert any(found_rule == rule and what in said for found_rule, said in found), found


FORMS = ("generic", "2023", "2026")
LAST = planned().advisories[-1]
KINDS = {
    "fixed already": replace(
        LAST, affected=spans("14.4<14.4.0.1"), fixed_already=(Version.parse("14.4.0.1"),), edition=""
    ),
    "hosted only": replace(LAST, affected=None, hosted_only="GitLab.com", edition=""),
    "another's id": replace(LAST, cve_id=CveId("CVE-2021-1234"), assigned_by="Widget CNA"),
    "another's id, and late": replace(LAST, assigned_by="Widget CNA"),
    "both": replace(
        LAST, affected=None, hosted_only="GitLab.com", cve_id=CveId("CVE-2021-1234"), assigned_by="Widget & Sons"
    ),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_release_only_announces_is_said_as_such_in_every_form(kind: str, form: str) -> None:
    told = replace(planned(), advisories=(*planned().advisories[:-1], KINDS[kind]))
    told = replace(told, release=replace(told.release, form=form))
    post = render_post(told, AUTHOR, templates=post_templates())
    facts = read_post(post.text, post.path)
    assert compare_post(facts, told, facts) == ()
    assert [one for one in self_check(facts) if one.rule == "ranges_right"] == []
    for word in filter(None, ("14.4.0.1" if "already" in kind else "", KINDS[kind].hosted_only)):
        assert word in post.text
    assert ("assigned by Widget" in post.text) == bool(KINDS[kind].cve_id)
    plainly = replace(told, advisories=(*told.advisories[:-1], replace(LAST, edition="", cve_id=KINDS[kind].cve_id)))
    slipped = render_post(plainly, AUTHOR, templates=post_templates())
    found = compare_post(read_post(slipped.text, slipped.path), told, facts)
    assert kind == "another's id, and late" or found, "the post that says nothing of it is wrong"


@pytest.mark.parametrize("form", FORMS)
def test_a_section_that_lost_where_it_was_fixed_already_is_found(form: str) -> None:
    told = replace(planned(), advisories=(*planned().advisories[:-1], KINDS["fixed already"]))
    told = replace(told, release=replace(told.release, form=form))
    post = render_post(told, AUTHOR, templates=post_templates())
    assert "fixed already in" in post.text
    slipped = read_post(post.text.replace("fixed already in", "fixed in"), post.path)
    found = compare_post(slipped, told, read_post(post.text, post.path), rules=["ranges_right"])
    assert any("does not say that it was fixed already in 14.4.0.1" in one.what for one in found), found


@pytest.mark.parametrize(("name", "linked", "is_right"), [("¯\x1f", "¯", True), ("☃", "☃", True), ("Zoë", "☃", False)])
def test_a_name_of_signs_alone_is_thanked_and_no_other(name: str, linked: str, is_right: bool) -> None:  # noqa: FBT001
    credit = replace(LAST.credits[0], name=name, profile="https://hackerone.com/somebody")
    told = replace(planned(), advisories=(*planned().advisories[:-1], replace(LAST, credits=(credit,))))
    post = render_post(told, AUTHOR, templates=post_templates())
    facts = read_post(post.text, post.path)
    found = compare_post(
        read_post(post.text.replace(f"[{name}](", f"[{linked}]("), post.path), told, facts, rules=["credits_right"]
    )
    assert (found == ()) is is_right, found


def test_a_form_that_tells_no_range_is_not_asked_for_one() -> None:
    told = planned()
    post = render_post(told, AUTHOR, templates=TEMPLATES)
    without = read_post(re.sub(r"This affects .*?\. (This|It) is", r"\1 is", post.text), post.path)
    assert not any(entry.ranges.spans for entry in without.entries)
    assert compare_post(without, told, without, rules=["ranges_right"]) == ()
    asked = compare_post(without, told, read_post(post.text, post.path), rules=["ranges_right"])
    assert {one.what.rpartition(": ")[2].partition(",")[0] for one in asked} == {
        "the section says no range that can be read"
    }


@pytest.mark.parametrize("form", ["2023", "2026"])
def test_the_section_on_notifications_leads_where_the_form_leads_and_is_the_last_one(form: str) -> None:
    contents = planned()
    contents = replace(contents, release=replace(contents.release, form=form))
    post = render_post(contents, AUTHOR, templates=TEMPLATES)
    expected = read_post(post.text, post.path)
    start = post.text.index("## Receive")
    last = post.text[start:]
    targets = re.findall(r"\]\((https://[^)]+)\)", last)
    assert len(targets) > 1

    def wrong(text: str) -> list[str]:
        rules = ["notifications_section"]
        return [one.what for one in compare_post(read_post(text, post.path), contents, expected, rules=rules)]

    assert wrong(post.text) == []
    for target in targets:
        text = post.text[:start] + last.replace(f"({target})", f"({target[:-1]})")
        assert f"the section on notifications does not lead to {target}" in wrong(text)
    assert wrong(f"{post.text}\n## Something else\n\nMore.\n") == ["the section on notifications is not the last one"]
    assert wrong(f"{post.text}\n### Part of it\n\nMore.\n") == []


def test_an_update_of_a_dependency_that_stands_before_a_fix_is_found() -> None:
    contents = planned()
    post = render_post(contents, AUTHOR, templates=TEMPLATES)
    expected = read_post(post.text, post.path)
    first, start = expected.entries[0], post.text.index(f"## {expected.updates[0].title}")
    end = post.text.index("\n## ", start + 1)
    section, heading = post.text[start:end], f"## {first.title}"
    moved = (post.text[:start] + post.text[end:]).replace(heading, f"{section}\n{heading}", 1)
    found = compare_post(read_post(moved, post.path), contents, expected)
    assert [(one.rule, "stands before a fix, and belongs at the end" in one.what) for one in found] == [
        ("dependencies_in", True)
    ]
    there = read_post(moved, post.path)
    assert compare_post(there, contents, there, rules=["dependencies_in"]) == (), "a form may have them first"


def test_a_slip_breaks_no_rule_of_others() -> None:
    assert {rule for rule, _ in compared(planned(), "13.5 before 14.2.6", "13.6 before 14.2.6")} == {"ranges_right"}
    assert {rule for rule, _ in compared(planned(), "A:N`, 8.7)", "A:N`, 8.8)")} == {"severity_right"}
    assert {rule for rule, _ in compared(planned(), "[bjorn](https", "[farid](https")} == {"credits_right"}


def test_edited_words_are_the_authors_own() -> None:
    assert (
        compared(planned(), "Consumers of webhook data could see", "People who receive webhooks were able to see") == []
    )
    edited = compared(
        planned(), "## Stored XSS via ipynb files {#cve-2021-39906}", "## XSS by notebooks {#cve-2021-39906}"
    )
    assert edited == []


def test_every_fix_has_its_section_and_row_and_nothing_else_has() -> None:
    told = planned()
    post = render_post(told, AUTHOR, templates=TEMPLATES)
    expected = read_post(post.text, post.path)
    fewer = replace(told, advisories=told.advisories[1:])
    found = {f.what for f in compare_post(expected, fewer, expected, rules=["fixes_match"])}
    assert found == {
        'the section "Webhook data exposes assignee\'s private email address" is about no fix of the release',
        'the row "Webhook data exposes assignee\'s private email address" is about no fix of the release',
    }
    without = re.sub(r"^\|\[Webhook.*\n", "", post.text, flags=re.MULTILINE)
    found = {f.what for f in compare_post(read_post(without, post.path), told, expected, rules=["fixes_match"])}
    assert found == {"the fix CVE-2021-39911 has no row in the table"}
    start, end = post.text.index("## Webhook"), post.text.index("## 2FA")
    removed = read_post(post.text[:start] + post.text[end:], post.path)
    found = {f.what for f in compare_post(removed, told, expected, rules=["fixes_match"])}
    assert "the fix CVE-2021-39911 has no section" in found


def test_where_is_the_file_and_the_line() -> None:
    post = render_post(planned(), AUTHOR, templates=TEMPLATES)
    facts = read_post(post.text.replace(")|high|", ")|low|", 1), post.path)
    (found,) = compare_post(facts, planned(), read_post(post.text, post.path), rules=["severity_right"])
    line = next(n for n, text in enumerate(post.text.split("\n"), start=1) if ")|high|" in text)
    assert found == Disagreement(
        "severity_right", "CVE-2021-39906: the table says low, not high", f"{post.path}:{line}"
    )


def test_a_slipped_day_is_found_in_every_place() -> None:
    path = "sites/uncategorized/source/releases/posts/2021-10-29-security-release-gitlab-14-4-1-released.html.md"
    found = compared(planned(), path=path)
    assert ("date_right", "the file's name says 2021-10-29, and the release is due on 2021-10-28") in found
    assert ("address_right", "the file and the canonical path name another day") in found
    moved = compared(planned(), path=path.replace("posts/", "drafts/"))
    assert any(rule == "address_right" and said.startswith("the file is") for rule, said in moved)
    found = compared(docs_form(), 'date: "2026-09-10"', 'date: "2026-09-11"')
    assert found == [("date_right", "the front matter says 2026-09-11, and the release is due on 2026-09-10")]
    found = compared(docs_form(), "On September 10", "On September 9")
    assert found == [("date_right", "the introduction says 2026-09-09, and the release is due on 2026-09-10")]


def test_another_version_in_the_name_of_the_file_is_found() -> None:
    path = "sites/uncategorized/source/releases/posts/2021-10-28-security-release-gitlab-14-4-0-released.html.md"
    assert compared(planned(), path=path) == [
        ("address_right", "the file and the canonical path name another version"),
        ("versions_right", "the file's name says 14-4-0, and has to say 14-4-1"),
    ]


def test_a_form_without_a_canonical_path_is_not_asked_for_one() -> None:
    told = generic()
    post = render_post(told, AUTHOR, templates=TEMPLATES)
    bare = read_post(re.sub(r"^canonical_path:.*\n", "", post.text, flags=re.MULTILINE), post.path)
    assert bare.canonical_path == ""
    assert compare_post(bare, told, bare, rules=["address_right", "date_right"]) == ()


def test_a_critical_post_has_to_say_so() -> None:
    assert ("critical_right", "the title has to say Critical") in compared(
        critical(), "GitLab Critical Sec", "GitLab Sec"
    )
    path = "posts/2023-05-05-security-release-gitlab-15-11-2-released.html.md"
    assert ("critical_right", "the file's name does not agree on critical") in compared(critical(), path=path)


def test_the_other_product_is_compared_too() -> None:
    found = compared(two_products(), "versions 14.5.2 and 14.4.2 for", "versions 14.5.2 and 14.4.1 for")
    assert found == [
        ("versions_right", "the introduction says 14.5.2, 14.4.1 of GitLab Runner, which ships 14.5.2, 14.4.2")
    ]


def test_bug_fixes_are_compared_by_version() -> None:
    found = compared(docs_form(), "* [Update the scanner's reads]", "* [Something new]")
    assert found == [
        ("bug_fixes_in", "the bug fix 'update the scanner s reads' is not listed for 19.2.6"),
        ("bug_fixes_in", "'something new' is listed for 19.2.6, and no bug fix of the release"),
    ]
    assert {rule for rule, _ in compared(docs_form(), "* [Update the scanner's reads]", "* [!]")} == {"bug_fixes_in"}


def test_notes_on_upgrading_are_compared() -> None:
    found = compared(docs_form(), "19.3.2, 19.2.6\n", "19.3.2\n")
    assert found == [("upgrade_notes_in", "the notes on upgrading do not name 19.2.6")]
    found = compared(docs_form(), "## Important notes on upgrading", "## Notes")
    assert {said for _, said in found} == {f"the notes on upgrading do not name {v}" for v in ("19.2.6", "19.3.2")}
    told = critical()
    noted = replace(told, upgrade_notes=(UpgradeNote("15.11.2", ()),))
    assert compared(noted) == []


def test_an_address_that_is_not_public_yet_is_found() -> None:
    told = critical()
    advisory = replace(told.advisories[0], issue_url="https://gitlab.com/gitlab-org/gitlab/-/issues/884")
    hidden = replace(told, advisories=(advisory,))
    found = compared(hidden, "Any account", "See https://gitlab.com/gitlab-org/gitlab/-/issues/884 where any account")
    assert found == [("wording_right", "the text names the address of an issue that is not public yet")]


def test_a_range_from_the_very_beginning_is_one_without_a_beginning() -> None:
    told = critical()
    advisory = replace(told.advisories[0], affected=spans("0<15.11.2"))
    assert compared(replace(told, advisories=(advisory,))) == []


def test_facts_that_nobody_gave_are_not_compared() -> None:
    told = critical()
    post = render_post(told, AUTHOR, templates=TEMPLATES)
    facts = read_post(post.text, post.path)
    unknown = replace(
        told, advisories=(replace(told.advisories[0], affected=None, product="gone", credits=(Credit(""),)),)
    )
    found = compare_post(facts, unknown, facts, rules=["ranges_right", "products_said"])
    assert found == ()
    empty = read_post("", post.path)
    assert compare_post(facts, told, empty, rules=["severity_right"]) == ()


def test_several_sections_of_one_update_are_one_update() -> None:
    told = planned()
    twice = replace(told, dependencies=(*told.dependencies, DependencyUpdate("Redis", "7.0.1", "gitlab")))
    assert compared(twice) == []


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("It's `A`.b", "it s a .b"),
        ("a\u200bb\x00c", "abc"),
        ("a\r\n\u2028b", "a b"),
        ("Straße 1.2.3!", "strasse 1.2.3"),
    ],
)
def test_words_are_compared_without_their_clothes(text: str, same: str) -> None:
    assert plain(text) == same


OTHER_WORDS = """# {{ title }}
Now there: versions {{ main.versions|join(", ") }}.

|Title|Severity|
|---|---|
{% for entry in entries %}
|[{{ entry.title }}](#{{ entry.anchor }})|{{ entry.rating }}|
{% endfor %}
{% for entry in entries %}

## {{ entry.title }}{{ entry.mark }}

{{ entry.description }} Affected are {{ entry.affected|upper }}.
{% endfor %}
"""


def test_a_form_in_other_words_is_not_asked_for_ours() -> None:
    told = planned()
    post = render_post(told, AUTHOR, templates=post_templates({"2023/post.md.j2": OTHER_WORDS}))
    facts = read_post(post.text, post.path)
    found = compare_post(facts, told, facts)
    assert {finding.rule for finding in found} == {"cves_named", "versions_right"}
    assert len(compare_post(facts, replace(told, advisories=told.advisories[1:]), facts, rules=["fixes_match"])) == 2


def test_a_fix_about_upgrading_is_not_the_notes_on_upgrading() -> None:
    told = docs_form()
    advisory = replace(told.advisories[0], title="Upgrading deletes a key")
    assert compared(replace(told, advisories=(advisory, *told.advisories[1:]))) == []

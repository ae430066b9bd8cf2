"""Every address that left with a post leads to what it led to, whatever is corrected afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.papers.post.lasting import keep_ids
from secrel.papers.post.post import post_templates, render_post
from secrel.papers.post.written import Post
from secrel.verify.post.facts.reading import read_post
from secrel.verify.post.page import anchors_work, page_ids_of
from secrel.words.advisories import Advisory, Contents
from secrel.words.ids import CveId
from secrel.words.vectors import Vector
from secrel.words.versions import Version
from tests.papers.post.kramdown import Kramdown
from tests.papers.post.stories import AUTHOR, STORIES
from tests.papers.post.test_kramdown import FLAVOURS, FORMS, anchors_lead_somewhere
from tests.strategies.advisories import contents as any_contents

TEMPLATES = post_templates()
CRITICAL = Vector.parse("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H")
LOW = Vector.parse("CVSS:3.1/AV:P/AC:H/PR:L/UI:R/S:U/C:L/I:N/A:N")


def post(contents: Contents, *published: Post) -> Post:
    files = [(one.path, one.text) for one in published]
    return render_post(contents, AUTHOR, templates=TEMPLATES, published=files)


def each(contents: Contents, change: Callable[[int, Advisory], Advisory]) -> Contents:
    told = tuple(change(at, advisory) for at, advisory in enumerate(contents.advisories))
    return replace(contents, advisories=told)


def late_id(at: int, advisory: Advisory) -> Advisory:
    return advisory if advisory.cve_id else replace(advisory, cve_id=CveId.parse(f"CVE-2026-9{at:04}"))


CHANGES: dict[str, Callable[[Contents], Contents]] = {
    "titles": lambda told: each(told, lambda at, one: replace(one, title=f"Another title {at}")),
    "titles to one": lambda told: each(told, lambda _, one: replace(one, title="The same title")),
    "titles exchanged": lambda told: each(told, lambda at, one: replace(one, title=told.advisories[at - 1].title)),
    "ids that came late": lambda told: each(told, late_id),
    "ids that are others": lambda told: each(
        told, lambda at, one: replace(one, cve_id=CveId.parse(f"CVE-2026-8{at:04}"))
    ),
    "order of severity": lambda told: each(told, lambda at, one: replace(one, vector=CRITICAL if at % 2 else LOW)),
    "workarounds": lambda told: each(told, lambda _, one: replace(one, workaround="Turn it off.")),
    "no workaround": lambda told: each(told, lambda _, one: replace(one, workaround="")),
    "a fix less": lambda told: replace(told, advisories=told.advisories[1:]),
    "nothing else is told": lambda told: replace(told, dependencies=(), bug_fixes=(), upgrade_notes=()),
    "updates with another name": lambda told: replace(
        told, dependencies=tuple(replace(one, name=f"lib{one.name}") for one in told.dependencies)
    ),
}
"""What may be corrected after the announcement, of what a page makes ids of."""


def section_of(page: str, anchor: str) -> str:
    """What a link to an id shows: all up to the next heading of fixes."""
    _, _, rest = page.partition(f'id="{anchor}"')
    return re.split(r"<h[23]", rest, maxsplit=1)[0]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("change", CHANGES)
def test_every_id_that_was_published_is_there_once_in_what_is_rendered(
    kramdown: Kramdown, change: str, form: str
) -> None:
    told = STORIES["docs-form" if form == "2026" else "planned"]()
    told = replace(told, release=replace(told.release, form=form))
    first = post(told)
    second = post(CHANGES[change](told), first)
    assert page_ids_of(read_post(first.text, "x")) <= page_ids_of(read_post(second.text, "x"))
    after = kramdown.render(second.text.split("\n---\n\n", 1)[1], flavour=FLAVOURS[form == "2026"])
    assert after.warnings == []
    anchors_lead_somewhere(after.html)
    for row in read_post(first.text, "x").rows:
        assert after.html.count(f'id="{row.anchor}"') == 1
    third = post(told, first, second)
    assert page_ids_of(read_post(first.text, "x")) <= page_ids_of(read_post(third.text, "x"))
    assert list(anchors_work(read_post(third.text, "x"))) == []


@pytest.mark.parametrize("form", ["2023", "2026"])
@pytest.mark.parametrize("change", [one for one in CHANGES if one != "a fix less"])
def test_an_id_leads_to_the_section_that_it_led_to(kramdown: Kramdown, change: str, form: str) -> None:
    told = STORIES["planned"]()
    told = replace(told, release=replace(told.release, form=form))
    first, second = post(told), post(CHANGES[change](told), post(told))
    page = kramdown.render(second.text.split("\n---\n\n", 1)[1], flavour="GFM").html
    for entry in read_post(first.text, "x").entries:
        said = next(one.description for one in told.advisories if one.description[:40] in entry.text)
        assert said[:12] in section_of(page, entry.heading.id), entry.heading.id


@pytest.mark.parametrize("form", FORMS)
def test_a_post_that_is_live_keeps_its_file_and_its_address(form: str) -> None:
    told = STORIES["planned"]()
    told = replace(told, release=replace(told.release, form=form))
    first = post(told)
    main = replace(told.release.main, versions=(Version.parse("14.4.2"), *told.release.main.versions[1:]))
    moved = replace(told.release, due=told.release.due + timedelta(days=9), shipments=(main,))
    for changed in (CHANGES["order of severity"](told), replace(told, release=moved)):
        assert post(changed).path != first.path
        second = post(changed, first)
        assert (second.path, second.canonical_path) == (first.path, first.canonical_path)
        kept = [dict(one.front_matter).get("canonical_path") for one in (first, second)]
        assert kept[0] == kept[1]
    critical = post(CHANGES["order of severity"](told))
    assert "critical-" in critical.path
    assert "critical-" in post(told, critical).canonical_path, "nor does it move back"


def test_a_file_that_people_called_otherwise_is_theirs() -> None:
    told = STORIES["generic"]()
    first = post(told)
    renamed = replace(first, path="announcements/the-november-release.md")
    second = post(told, renamed)
    assert second.path == renamed.path
    assert second.canonical_path == first.canonical_path


def test_a_name_that_can_be_read_in_two_ways_is_read_as_the_facts_say() -> None:
    text = dict(TEMPLATES.texts)
    form = text["generic/form.toml"].replace('"{date}-{slug}.md"', '"{slug}-{date}-{date}.md"')
    templates = post_templates({"generic/form.toml": form})
    told = STORIES["generic"]()
    first = render_post(told, AUTHOR, templates=templates)
    second = render_post(told, AUTHOR, templates=templates, published=[(first.path, first.text)])
    assert second == first


HEADED = """# Release

## Table

|Title|Severity|
|---|---|
|[{0}](#{1})|high|

## {0}

This affects 1.2 before 1.2.3.
"""


def test_ids_that_no_heading_can_carry_stand_above_it() -> None:
    before = HEADED.format("Größe", "größe")
    after = keep_ids(before, HEADED.format("Length", "length"), "x.md")
    assert '<a id="größe"></a>\n\n## Length\n' in after
    assert "(#length)" in after
    assert keep_ids(after, HEADED.format("Height", "height"), "x.md").count("größe") == 1, "and go on doing so"
    assert keep_ids(before, before, "x.md") == before


def test_a_page_without_headings_has_nothing_to_keep() -> None:
    assert keep_ids("# A\n", "nothing\n", "x.md") == "nothing\n"


def test_an_id_that_another_heading_would_get_by_now_stays_where_it_was() -> None:
    before = "# R\n\n## Größe\n\none\n\n## Notes\n\ntwo\n"
    after = keep_ids(before, "# R\n\n## Notes {#größe}\n\ntwo\n\n## Größe\n\none\n", "x.md")
    assert page_ids_of(read_post(before, "x")) <= page_ids_of(read_post(after, "x"))


@pytest.mark.long
@given(any_contents(complete=True), any_contents(complete=True), st.sampled_from(FORMS))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_id_is_lost_between_any_two_posts(one: Contents, other: Contents, form: str) -> None:
    first, second = (post(replace(told, release=replace(told.release, form=form))) for told in (one, other))
    kept = keep_ids(first.text, second.text, "x.md")
    before, after = read_post(first.text, "x.md"), read_post(kept, "x.md")
    assert page_ids_of(before) <= page_ids_of(after)
    assert list(anchors_work(after)) == list(anchors_work(read_post(second.text, "x.md")))
    assert keep_ids(first.text, kept, "x.md") == kept, "and nothing is to be done twice"

from __future__ import annotations

import pytest
from msgspec.structs import replace

from secrel.papers.post.post import post_templates, render_post
from secrel.papers.post.sections import section_of
from secrel.papers.post.written import Post
from secrel.words.advisories import Advisory, Contents
from tests.papers.post.stories import AUTHOR, critical, docs_form, hostile, planned


def rendered(contents: Contents) -> Post:
    return render_post(contents, AUTHOR, templates=post_templates())


def advisory(contents: Contents, number: int) -> Advisory:
    return next(a for a in contents.advisories if a.fix.endswith(f"#{number}"))


def test_a_section_is_all_that_was_written_of_one_fix() -> None:
    told = planned()
    text = section_of(rendered(told), advisory(told, 5))
    assert text.startswith("## Updating {#fix-updating}\n\nWho could update")
    assert text.endswith("### Workaround\n\nRevoke the tokens of runners that you do not know.\n")


@pytest.mark.parametrize("contents", [planned(), docs_form(), hostile()])
def test_every_fix_has_its_own_section(contents: Contents) -> None:
    post = rendered(contents)
    for told in contents.advisories:
        text = section_of(post, told)
        assert text in post.text
        assert text.count("\n## ") == 0
        assert str(told.cve_id or "") in text


def test_of_two_equal_titles_the_id_tells() -> None:
    told = planned()
    assert "A second way" in section_of(rendered(told), advisory(told, 6))


def test_a_fix_that_the_post_does_not_tell_of_has_none() -> None:
    other = replace(planned().advisories[0], title="Something else", cve_id=None)
    assert section_of(rendered(critical()), other) == ""


def test_the_last_section_ends_with_the_post() -> None:
    templates = post_templates({"2023/post.md.j2": "|Title|Severity|\n|[a](#a)|low|\n\n## a\n\nEnd."})
    post = render_post(critical(), AUTHOR, templates=templates)
    other = replace(critical().advisories[0], title="a", cve_id=None)
    assert section_of(post, other) == "## a\n\nEnd.\n"

from __future__ import annotations

import pytest
from msgspec.structs import replace

from secrel.papers.environment import Templates
from secrel.papers.post.post import post_templates, render_post
from secrel.words.errors import Misused
from tests.papers.post.stories import AUTHOR, critical

SHIPPED = post_templates()


def own(changes: dict[str, str], *, form: str = "2023") -> str:
    told = critical()
    contents = replace(told, release=replace(told.release, form=form))
    return render_post(contents, AUTHOR, templates=post_templates(changes)).text


def changed(old: str, new: str) -> dict[str, str]:
    text = SHIPPED.text("2023/form.toml")
    assert old in text
    return {"2023/form.toml": text.replace(old, new)}


def test_a_desk_has_its_own_words() -> None:
    assert own({"2023/post.md.j2": "Hello {{ main.said }}{{ entries|count }}"}).endswith(
        "---\n\nHello version 15.11.21"
    )


def test_a_desk_has_its_own_form() -> None:
    texts = {"acme/form.toml": SHIPPED.text("generic/form.toml"), "acme/post.md.j2": "## {{ entries[0].title }}"}
    text = own(texts, form="acme")
    assert text.endswith("## Malicious Runner Attachment via GraphQL")


def test_a_template_that_never_places_its_entries_still_renders() -> None:
    assert own({"2023/post.md.j2": "nothing"}).endswith("nothing")


def test_a_form_without_front_matter_has_none() -> None:
    text = SHIPPED.text("2023/form.toml")
    start, end = text.index("[front_matter]"), text.index("# an address")
    assert own({"2023/form.toml": text[:start] + "[front_matter]\n" + text[end:]}).startswith("Today")


@pytest.mark.parametrize(
    ("changes", "where", "what"),
    [
        ({"2023/form.toml": "a = ["}, "2023/form.toml:1", "not TOML"),
        ({"2023/form.toml": ""}, "2023/form.toml:1", "the file has no file\n2023/form.toml:1: the file has no title"),
        (changed("[links]", "[lnks]"), "2023/form.toml:1", "the file has no links"),
        (changed("[words]", "[more]\nx = 1\n[words]"), "2023/form.toml:42", "there is no key 'more' here"),
        (changed("site =", "sight ="), "2023/form.toml:4", "file has no site"),
        (changed("site =", "sight = ''\nsite ="), "2023/form.toml:5", "there is no key 'sight' here"),
        (changed("capital = false", "capital = 'no'"), "2023/form.toml:46", "capital has to be true or false"),
        (changed('unscored = "not scored"', "unscored = 7"), "2023/form.toml:45", "unscored has to be a text"),
        (changed("\nvector_4 =", "\nvector_five ="), "2023/form.toml:29", "links has no vector_4"),
        (changed("{versions}", "{version}"), "2023/form.toml:13", "{version} is not known in [title] text"),
        (changed('contact = "/company', 'contact = ["'), "2023/form.toml:39", "not TOML"),
        (changed('folder = "sites', 'folder = "../sites'), "2023/form.toml:6", "outside the site"),
        (changed('folder = "sites', 'folder = "/sites'), "2023/form.toml:6", "outside the site"),
        (changed('site = "https://about.gitlab.com"', 'site = "{date}"'), "2023/form.toml:5", "{date} is not known"),
        ({"2023/post.md.j2": "a\nb\n{{ verions }}"}, "2023/post.md.j2:3", "'verions' is undefined"),
        ({"2023/post.md.j2": "{% for e in entries %}\n{{ e.scroe }}{% endfor %}"}, "2023/post.md.j2:2", "scroe"),
    ],
)
def test_a_form_that_cannot_be_used_says_where(changes: dict[str, str], where: str, what: str) -> None:
    with pytest.raises(Misused) as caught:
        own(changes)
    assert caught.value.where == where
    assert what in caught.value.what
    assert caught.value.remedy


def test_an_unknown_form_names_the_known_ones() -> None:
    with pytest.raises(Misused, match="no form of post named '2019'") as caught:
        own({}, form="2019")
    assert "2023, 2026, generic" in caught.value.remedy


def test_a_form_without_its_template_says_so() -> None:
    texts = {"2023/form.toml": SHIPPED.text("2023/form.toml")}
    with pytest.raises(Misused, match="no text named '2023/post"):
        render_post(critical(), AUTHOR, templates=Templates(texts))

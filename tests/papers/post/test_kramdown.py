from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs
from msgspec.structs import replace
from ruamel.yaml import YAML

from secrel.papers.post.post import post_templates, render_post
from secrel.papers.post.written import Author
from secrel.papers.text import one_line, paragraphs
from secrel.words.advisories import Advisory, Contents
from tests.papers.post.kramdown import Kramdown
from tests.papers.post.stories import AUTHOR, STORIES
from tests.strategies.advisories import contents as any_contents
from tests.strategies.advisories import hostile_text

TEMPLATES = post_templates()
FLAVOURS = ("kramdown", "GFM")
FORMS = ("2023", "2026", "generic")


def body(contents: Contents) -> str:
    return render_post(contents, AUTHOR, templates=TEMPLATES).text.split("\n---\n\n", 1)[1]


def anchors_lead_somewhere(page: str) -> None:
    ids = re.findall(r'\sid="([^"]*)"', page)
    for anchor in re.findall(r'href="#([^"]*)"', page):
        assert ids.count(anchor) == 1, anchor


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("name", STORIES)
def test_no_warning_and_every_anchor_works(kramdown: Kramdown, name: str, flavour: str) -> None:
    rendered = kramdown.render(body(STORIES[name]()), flavour=flavour)
    assert rendered.warnings == []
    anchors_lead_somewhere(rendered.html)
    assert rendered.html.count('href="#') == len(STORIES[name]().advisories)


def told_plainly(contents: Contents) -> Contents:
    """The same contents with a plain word for every text that came from others."""
    words: dict[str, str] = {}

    def word(text: str) -> str:
        shown = one_line(text)
        return words.setdefault(shown, f"w{len(words)}") if shown else ""

    def many(text: str) -> str:
        return "\n\n".join(word(part) for part in paragraphs(text))

    return replace(
        contents,
        advisories=tuple(_plain(advisory, word, many) for advisory in contents.advisories),
        bug_fixes=tuple(structs.replace(fix, title=word(fix.title)) for fix in contents.bug_fixes),
    )


def _plain(advisory: Advisory, word: Callable[[str], str], many: Callable[[str], str]) -> Advisory:
    return replace(
        advisory,
        title=word(advisory.title),
        description=many(advisory.description),
        edition=word(advisory.edition),
        workaround=many(advisory.workaround),
        credits=tuple(structs.replace(credit, name=word(credit.name)) for credit in advisory.credits),
    )


@pytest.mark.long
@given(any_contents(), st.sampled_from(FORMS), st.sampled_from(FLAVOURS))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_hostile_text_makes_the_page_that_plain_words_make(
    kramdown: Kramdown, drawn: Contents, form: str, flavour: str
) -> None:
    contents = replace(
        drawn,
        release=replace(drawn.release, form=form),
        advisories=tuple(advisory for advisory in drawn.advisories if advisory.affected),
    )
    text = body(contents)
    assert not re.search(r"^\s*/\w", text, re.MULTILINE), "a quick action"
    assert not re.search(r"\{[{%:]|<%|<[A-Za-z/!]|@\w", text), "a template tag, an attribute list, HTML or a mention"
    rendered = kramdown.render(text, flavour=flavour)
    assert rendered.warnings == []
    anchors_lead_somewhere(rendered.html)
    plain = kramdown.render(body(told_plainly(contents)), flavour=flavour)
    assert re.findall(r"</?\w+", rendered.html) == re.findall(r"</?\w+", plain.html)
    links = re.compile(r'(?:href|src)="([^"#][^"]*)"')
    assert links.findall(rendered.html) == links.findall(plain.html)


@given(hostile_text(), hostile_text())
@settings(deadline=None)
def test_front_matter_keeps_hostile_names(name: str, username: str) -> None:
    post = render_post(STORIES["critical"](), Author(name, "", username), templates=TEMPLATES)
    front = post.text.split("---\n", 2)[1]
    told = YAML(typ="safe", pure=True).load(front)
    assert told == dict(post.front_matter)
    assert told["author"] == one_line(name)
    assert told["author_gitlab"] == one_line(username)

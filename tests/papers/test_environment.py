from __future__ import annotations

from collections.abc import Mapping

import pytest
from markupsafe import Markup

from secrel.papers.environment import Templates
from secrel.papers.text import markdown_text
from secrel.words.errors import Misused


def rendered(source: str, values: Mapping[str, object] | None = None, *, kind: str = "md") -> str:
    return Templates({f"own/page.{kind}.j2": source}).render(f"own/page.{kind}.j2", values or {})


def fault_of(source: str, values: Mapping[str, object] | None = None, *, kind: str = "md") -> Misused:
    with pytest.raises(Misused) as caught:
        rendered(source, values, kind=kind)
    return caught.value


def test_values_are_made_safe_for_their_document() -> None:
    hostile = {"name": "<b>*x*</b>\n/close \u202e"}
    assert rendered("{{ name }}", hostile) == "&lt;b&gt;\\*x\\*&lt;/b&gt; /close"
    assert rendered("{{ name }}", hostile, kind="html") == "&lt;b&gt;*x*&lt;/b&gt;\n/close "
    assert rendered("{{ name }}", hostile, kind="txt") == "<b>*x*</b> /close"


def test_ready_text_is_placed_as_it_is() -> None:
    assert rendered("{{ a }}", {"a": Markup("**a**")}) == "**a**"
    assert rendered("{{ a }}", {"a": Markup("<b>")}, kind="html") == "<b>"
    assert rendered("{{ a }}", {"a": Markup("a\nb")}, kind="txt") == "a\nb"


def test_ready_markdown_is_not_ready_html() -> None:
    assert rendered("{{ a }}", {"a": markdown_text("<b>")}, kind="html") == "&amp;lt;b&amp;gt;"


def test_macros_give_ready_text() -> None:
    assert rendered("{% macro m(a) %}**{{ a }}**{% endmacro %}{{ m('*') }}") == "**\\***"


def test_joined_pieces_are_each_made_safe() -> None:
    assert rendered("{{ a|join(' + ') }}", {"a": ["*", Markup("*")]}) == "\\* \\+ *"
    assert rendered("{{ a|join('|') }}", {"a": ["<", "b"]}, kind="html") == "&lt;|b"


def test_included_texts_are_found_by_name() -> None:
    texts = {"page.md.j2": "{% include 'part.md.j2' %}!", "part.md.j2": "part {{ a }}"}
    assert Templates(texts).render("page.md.j2", {"a": "*"}) == "part \\*!"


def test_names_made_in_the_template_are_known() -> None:
    source = (
        "{% from 'm.md.j2' import one, two as three %}{% import 'm.md.j2' as all %}{% set s = 1 %}"
        "{% for x in [1] %}{{ loop.index }}{{ x }}{{ s }}{{ one() }}{{ three() }}{{ all.one() }}{% endfor %}"
    )
    texts = {"page.md.j2": source, "m.md.j2": "{% macro one() %}a{% endmacro %}{% macro two() %}b{% endmacro %}"}
    assert Templates(texts).render("page.md.j2", {}) == "111aba"


@pytest.mark.parametrize(
    ("source", "where", "what"),
    [
        ("line\n{{ nme }}", "own/page.md.j2:2", "'nme' is undefined"),
        ("{% if false %}\n\n{{ nme }}{% endif %}", "own/page.md.j2:3", "'nme' is undefined"),
        ("\n{{ name.nope }}", "own/page.md.j2:2", "nope"),
        ("\n\n{% if %}", "own/page.md.j2:3", "Expected an expression"),
        ("{{ 'a' }}\n{{ 1 / 0 }}", "own/page.md.j2:2", "ZeroDivisionError"),
        ("{{ 'a' ~ name }}", "own/page.md.j2:1", "`~` joins"),
        ("\n{% include 'gone.md.j2' %}", "own/page.md.j2:2", "gone.md.j2"),
        ("{{ name|safe }}", "own/page.md.j2:1", "safe"),
        ("{{ name|e }}", "own/page.md.j2:1", "'e'"),
        ("{{ ''.__class__.__mro__ }}", "own/page.md.j2:1", "unsafe"),
        ("{{ range(1000000) }}", "own/page.md.j2:1", "a range has at most 10,000 numbers"),
        ("{{ lipsum() }}", "own/page.md.j2:1", "'lipsum' is undefined"),
        ("{{ name.append(1) }}", "own/page.md.j2:1", "append"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "own/page.md.j2:1", "RecursionError"),
    ],
)
def test_a_template_that_cannot_be_filled_in_names_its_line(source: str, where: str, what: str) -> None:
    fault = fault_of(source, {"name": "x"})
    assert fault.where == where
    assert what in fault.what
    assert fault.remedy


def test_a_missing_attribute_says_nothing_of_the_value() -> None:
    fault = fault_of("{{ secret.x }} {{ secret + 1 }}", {"secret": "embargoed words"})
    assert "embargoed" not in f"{fault} {fault.remedy}"
    fault = fault_of("{{ secret + 1 }}", {"secret": "embargoed words"})
    assert "embargoed" not in f"{fault} {fault.remedy}"


def test_a_fault_in_an_included_template_names_that_one() -> None:
    texts = {"page.md.j2": "{% include 'part.md.j2' %}", "part.md.j2": "a\nb {{ a.gone }}"}
    with pytest.raises(Misused) as caught:
        Templates(texts).render("page.md.j2", {"a": 1})
    assert caught.value.where == "part.md.j2:2"


def test_a_fault_without_a_line_names_the_template() -> None:
    class Unprintable:
        def __str__(self) -> str:
            raise ValueError("embargoed")

    with pytest.raises(Misused) as caught:
        Templates({"a.md.j2": "{% extends base %}"}).render("a.md.j2", {"base": "gone.md.j2"})
    assert caught.value.where.startswith("a.md.j2")
    assert "embargoed" not in str(fault_of("{{ a }}", {"a": Unprintable()}))


@pytest.mark.parametrize("name", ["page", "page.md", "page.toml.j2", "page.pdf.j2", "j2", "md.j2"])
def test_a_name_tells_its_kind(name: str) -> None:
    with pytest.raises(Misused, match="not a template's name"):
        Templates({name: "x"}).render(name, {})


def test_a_missing_template_is_named() -> None:
    with pytest.raises(Misused, match=r"there is no text named 'gone\.md\.j2'"):
        Templates({}, where="the folder of amara").render("gone.md.j2", {})


def test_own_texts_win_over_those_that_ship() -> None:
    templates = Templates.shipped("secrel.papers.post", overrides={"forms/2023/post.md.j2": "mine"})
    assert templates.text("forms/2023/post.md.j2") == "mine"
    assert "site" in templates.text("forms/2023/form.toml")


def test_a_misspelt_own_text_is_refused() -> None:
    with pytest.raises(Misused, match=r"no template is named 'psot\.md\.j2'"):
        Templates.shipped("secrel.papers.post.forms", overrides={"psot.md.j2": "mine"})


def test_own_folders_may_be_added() -> None:
    assert (
        Templates.shipped("secrel.papers.post.forms", overrides={"own/post.md.j2": "x"}).text("own/post.md.j2") == "x"
    )


def test_a_checked_template_is_not_checked_twice_for_other_names() -> None:
    templates = Templates({"a.md.j2": "{{ b }}"})
    assert templates.render("a.md.j2", {"b": 1}) == templates.render("a.md.j2", {"b": 1}) == "1"
    with pytest.raises(Misused, match="'b' is undefined"):
        templates.render("a.md.j2", {"c": 1})

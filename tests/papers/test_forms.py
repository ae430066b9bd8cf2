"""Which forms there are, and what a name that is none is told."""

from __future__ import annotations

import pytest

from secrel.papers.email.mail import shipped as email_templates
from secrel.papers.environment import Templates
from secrel.papers.forms import check_form, forms
from secrel.papers.post.post import post_templates
from secrel.words.errors import Misused

POST = {f"acme/{name}": post_templates().text(f"generic/{name}") for name in ("form.toml", "post.md.j2")}
MAIL = {"acme/email.md.j2": email_templates().text("generic/email.md.j2")}
OWN = {
    "post": post_templates(POST),
    "email": Templates.shipped("secrel.papers.email.forms", overrides=MAIL),
}


def test_the_forms_are_those_that_ship_and_ones_own() -> None:
    assert forms({}) == ("2023", "2026", "generic")
    assert forms(OWN) == ("2023", "2026", "acme", "generic")
    assert forms({"post": OWN["post"]}) == ("2023", "2026", "generic"), "one without a mail is none"


@pytest.mark.parametrize("name", ["2023", "2026", "generic", "acme"])
def test_a_form_that_is_there_passes(name: str) -> None:
    check_form(name, OWN, "ours")


@pytest.mark.parametrize(
    ("name", "templates", "missing"),
    [
        ("genric", {}, "post/genric/form.toml, post/genric/post.md.j2, email/genric/email.md.j2"),
        ("", {}, "post//form.toml, post//post.md.j2, email//email.md.j2"),
        ("../generic", {}, "post/../generic/form.toml, post/../generic/post.md.j2, email/../generic/email.md.j2"),
        ("acme", {"post": OWN["post"]}, "email/acme/email.md.j2"),
    ],
)
def test_a_form_that_is_not_there_is_told_with_those_that_are(
    name: str, templates: dict[str, Templates], missing: str
) -> None:
    with pytest.raises(Misused) as caught:
        check_form(name, templates, "ours")
    assert caught.value.what == f"there is no form named {name!r}: {missing} is missing"
    assert caught.value.where == "ours"
    assert caught.value.path == ("form",)
    assert caught.value.remedy.startswith("use one of 2023, 2026, generic, or ")


def test_a_form_that_cannot_be_read_is_told_as_well() -> None:
    with pytest.raises(Misused, match="this is not TOML") as caught:
        check_form("acme", OWN | {"post": post_templates(POST | {"acme/form.toml": "\n= 1"})}, "ours")
    assert caught.value.where == "acme/form.toml:2"

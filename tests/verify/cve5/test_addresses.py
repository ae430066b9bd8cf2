"""One form for one place."""

from __future__ import annotations

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.verify.cve5.addresses import Purl, canonical, same_place
from tests.strategies.advisories import hostile_text


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("https://anvil.example/a", "https://anvil.example/a"),
        ("HTTP://Anvil.Example:80", "https://anvil.example/"),
        ("http://anvil.example:8080/a", "http://anvil.example:8080/a"),
        ("https://anvil.example:8443/a?b=c&d#e", "https://anvil.example:8443/a?b=c&d#e"),
        ("https://ämboss.example/ü?x=ö", "https://xn--mboss-fra.example/%C3%BC?x=%C3%B6"),
        ("https://anvil.example/100%/%2F", "https://anvil.example/100%25/%2F"),
        ("https://anvil.example/a[1]<b>", "https://anvil.example/a%5B1%5D%3Cb%3E"),
    ],
)
def test_an_address_has_one_form(address: str, form: str) -> None:
    assert canonical(address) == form


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anvil.example",
        "ftp://anvil.example/",
        "javascript:alert(1)",
        "https://user:secret@anvil.example/",
        "https://anvil.example/a b",
        "https://anvil.example/\n",
        "https://anvil.example/\ud800",
        "https://[::1",
        "https://[::1]/",
        "https://anvil.example:99999/",
        "https://" + "a" * 70 + ".example/",
        "https:///path",
        "https://anvil.example/" + "a" * 2048,
    ],
)
def test_what_is_no_web_address_has_none(address: str) -> None:
    assert canonical(address) is None
    assert same_place(address) == address.rstrip("/")


@given(hostile_text(surrogates=True) | st.text())
def test_whatever_follows_a_host_becomes_a_uri(tail: str) -> None:
    form = canonical(f"https://anvil.example/{tail}")
    is_uri = jsonschema_rs.Draft7Validator({"format": "uri"}, validate_formats=True).is_valid
    assert form is None or (is_uri(form) and form.isascii() and canonical(form) == form)


def test_a_final_slash_makes_no_other_place() -> None:
    assert same_place("http://anvil.example/a/") == same_place("https://ANVIL.example/a")
    assert same_place("https://anvil.example/a") != same_place("https://anvil.example/A")


@pytest.mark.parametrize(
    ("text", "purl"),
    [
        ("pkg:npm/anvil", Purl("npm", "", "anvil", "")),
        ("pkg:NPM/%40anvil-org/anvil@1.2%2B3", Purl("npm", "@anvil-org", "anvil", "1.2+3")),
        ("pkg:generic/a/b/c@1?os=linux#src/x", Purl("generic", "a/b", "c", "1")),
        ("pkg:/generic/anvil", Purl("generic", "", "anvil", "")),
    ],
)
def test_a_package_url_is_taken_apart(text: str, purl: Purl) -> None:
    assert Purl.parse(text) == purl


@pytest.mark.parametrize(
    "text",
    [
        "",
        "npm/anvil",
        "pkg:npm",
        "pkg:npm/",
        "pkg:1npm/a",
        "pkg:npm/a//b",
        "pkg:npm/a b",
        "pkg:npm/%zz",
        "pkg:npm/a?=1",
        "pkg:npm/a#x/../y",
        "pkg:npm/ä",
        "pkg:npm/" + "a" * 2048,
    ],
)
def test_what_is_no_package_url_is_none(text: str) -> None:
    assert Purl.parse(text) is None

"""What is still an example, and a vendor's own values in its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.evaluate.registry import shipped, vocabulary
from secrel.process.examples import Example, examples, told
from secrel.process.filling import VendorNames, filled
from secrel.process.reading import builtin_text, read_process
from secrel.process.table import Process
from secrel.words.errors import Misused

OURS = VendorNames(
    product="Larkspur",
    vendor="Larkspur Works",
    site="https://www.larkspur/",
    sender="security@www.larkspur",
    cna="7a4f9b52-1c3d-4e8f-9a06-5b2c8d7e1f30",
    cna_name="Larkspur",
)
OWN = {"site": "https://www.larkspur", "sender": "a@www.larkspur", "segment": "b@www.larkspur"}
SHIPPED = builtin_text("generic")


def _read(text: str) -> Process:
    return read_process(text, "process.toml", vocabulary())


def test_the_generic_process_is_full_of_examples_and_the_handbooks_own_has_none() -> None:
    assert told(examples(shipped("generic"))) == (
        "[[product]] product: name, short, vendor, cve_product",
        "[addresses] site, contact, security_feed, sender_name, sender, segment",
        "[cna] short_name, requester, email, org_id",
    )
    assert examples(shipped("gitlab")) == ()


def test_what_init_asks_for_leaves_no_example() -> None:
    text, others = filled(SHIPPED, SHIPPED, OURS.values())
    assert others == {}
    process = _read(text)
    assert examples(process) == ()
    assert process.addresses["security_feed"] == "https://www.larkspur/security.xml"
    assert process.addresses["sender_name"] == "Larkspur Works Security"
    assert len(text.splitlines()) == len(SHIPPED.splitlines())
    assert filled(text, SHIPPED, OURS.values()) == (text, {}), "said again, it changes nothing"


@pytest.mark.parametrize(
    "value",
    [
        "https://product.example",
        "https://product.example/security/?a=b",
        "https://me@www.EXAMPLE.org:8443/x",
        "mailto:security@example.com",
        "security@product.example",
        "http://localhost:8080/",
        "https://192.168.0.1/security",
        "https://10.1.2.3",
        "https://vendor.invalid.",
        "https://vendor.test",
        "Example Vendor Security",
    ],
)
def test_an_address_that_nobody_can_own_is_an_example(value: str) -> None:
    process = replace(_read(filled(SHIPPED, SHIPPED, OURS.values())[0]), addresses=OWN | {"contact": value})
    assert examples(process) == (Example("[addresses]", "contact", value),)


@pytest.mark.parametrize(
    "value",
    [
        "https://www.larkspur",
        "https://example.larkspur/",
        "https://www.larkspur/example.org",
        "Exemplary Ltd",
        "https://1.2.3.4.5/",
        "",
    ],
)
def test_an_address_of_ones_own_is_none(value: str) -> None:
    process = replace(_read(filled(SHIPPED, SHIPPED, OURS.values())[0]), addresses=OWN | {"contact": value})
    assert examples(process) == ()


def test_an_address_that_every_release_has_is_needed() -> None:
    process = replace(_read(filled(SHIPPED, SHIPPED, OURS.values())[0]), addresses={"site": ""})
    assert told(examples(process)) == ("[addresses] site, sender, segment",)


@pytest.mark.parametrize("org_id", ["", "0", "00000000-0000-0000-0000-000000000000"])
def test_a_cna_without_an_id_is_an_example_and_no_cna_is_none(org_id: str) -> None:
    process = replace(_read(filled(SHIPPED, SHIPPED, OURS.values())[0]), cna={"org_id": org_id})
    assert told(examples(process)) == ("[cna] org_id",)
    assert told(examples(replace(process, cna={"short_name": "L"}))) == ("[cna] org_id",)
    assert examples(replace(process, cna={})) == ()


def test_what_a_person_wrote_stays_and_is_told() -> None:
    text = SHIPPED.replace('short = "Example Product"', "short = 'Lark'").replace('short_name = "Example"\n', "")
    text = text.replace('vendor = "Example Vendor"', 'vendor = "L\\U0001F426" # a bird')
    made, others = filled(text, SHIPPED, OURS.values())
    assert others == {
        ("product", "short"): "Lark",
        ("product", "vendor"): "L\U0001f426",
        ("cna", "short_name"): "",
    }
    assert "short = 'Lark'" in made
    assert "# a bird" in made


def test_what_stands_in_no_line_of_its_own_stays_and_is_told() -> None:
    sender = 'sender = "security@product.example"\n'
    assert sender in SHIPPED
    text = SHIPPED.replace(sender, 'sender = """security@product.example"""\n')
    made, others = filled(text, SHIPPED, {("addresses", "sender"): "security@www.larkspur"})
    assert (made, others) == (text, {("addresses", "sender"): "security@product.example"})


def test_a_text_that_is_no_toml_is_told_with_its_line() -> None:
    with pytest.raises(Misused, match="this is not TOML") as caught:
        filled("\nname = \n", SHIPPED, {}, "desk/process.toml")
    assert caught.value.where == "desk/process.toml:2"


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1).filter(str.isprintable)


@given(words, words)
def test_any_name_is_read_as_it_was_given(product: str, vendor: str) -> None:
    names = VendorNames(product=product, vendor=vendor)
    process = _read(filled(SHIPPED, SHIPPED, names.values())[0])
    (made,) = process.products
    assert (made.name, made.vendor, process.cna["requester"]) == (product, vendor, vendor)

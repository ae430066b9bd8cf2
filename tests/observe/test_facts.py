"""Facts as people write them: read strictly, and every bad one named with its fix and its field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from secrel.evaluate.registry import shipped
from secrel.observe.facts import dependencies_of, read_advisory, read_release
from secrel.words.advisories import Credit, CreditSource, CreditType
from secrel.words.errors import Misused
from secrel.words.facts.stated import FixFacts, ReleaseFacts, read_facts
from secrel.words.ids import CveId, Cwe
from secrel.words.releases import Kind
from secrel.words.spans import sentence
from tests.builders import VECTOR, a_release

PROCESS = shipped("generic")
REF = "acme/app#4"
FACTS: dict[str, Any] = {
    "title": "Stored script in notebooks",
    "description": "A notebook could run script.",
    "product": "app",
    "edition": "Acme App EE",
    "affected": {"since": "17.0"},
    "vector": VECTOR,
    "weakness": "CWE-79: Cross-site scripting",
    "cve": "CVE-2026-1111",
    "credits": [
        {"name": "elif", "source": "customer", "type": "reporter", "profile": "https://e.test", "report": "r-1"}
    ],
    "references": ["https://acme.test/a"],
    "related": ["CVE-2025-0001"],
    "workaround": "Turn it off.",
    "origins": ["0123abc"],
}
RELEASE: dict[str, Any] = {
    "release": "2026-11",
    "kind": "planned",
    "due": "2026-11-25T14:00:00+00:00",
    "products": [{"product": "product", "versions": ["1.2.3", "1.10.0"]}],
}


def advisory(**changes: Any) -> Any:
    told = {name: value for name, value in {**FACTS, **changes}.items() if value is not None}
    return read_advisory(read_facts(FixFacts, told).whole(FixFacts, REF), REF, "https://forge.test/4", a_release())


def release(**changes: Any) -> Any:
    told = {name: value for name, value in {**RELEASE, **changes}.items() if value is not None}
    facts = read_facts(ReleaseFacts, told).whole(ReleaseFacts, "vendor/security#1")
    return read_release(facts, PROCESS, "vendor/security#1"), facts


@pytest.mark.parametrize(("process", "form"), [("generic", "generic"), ("gitlab", "2023")])
def test_what_a_release_leaves_open_is_its_own_process_word(process: str, form: str) -> None:
    table = shipped(process)
    products = [{"product": table.products[0].key, "versions": ["1.2.3"]}]
    told = read_facts(ReleaseFacts, {**RELEASE, "products": products}).whole(ReleaseFacts)
    found = read_release(told, table)
    assert (found.form, found.disclosure_days) == (form, 30)
    stated = read_release(structs.replace(told, form="mine", disclosure_days=90), table)
    assert (stated.form, stated.disclosure_days) == ("mine", 90)
    for gone in ("form", "disclosure_days"):
        silent = structs.replace(table, defaults=structs.replace(table.defaults, **{gone: None}))
        with pytest.raises(Misused, match=gone):
            read_release(told, silent)


def test_every_field_is_read_into_words() -> None:
    found = advisory()
    assert (found.fix, found.title, found.product, found.edition) == (REF, FACTS["title"], "app", "Acme App EE")
    assert sentence(found.affected) == "all versions from 17.0 before 18.3.6, 18.4 before 18.4.4, 18.5 before 18.5.2"
    assert found.vector.text == VECTOR
    assert found.weakness == Cwe(79, "Cross-site scripting")
    assert found.cve_id == CveId("CVE-2026-1111")
    assert found.credits == (Credit("elif", CreditSource.CUSTOMER, CreditType.REPORTER, "https://e.test", "r-1"),)
    assert (found.references, found.related) == (("https://acme.test/a",), (CveId("CVE-2025-0001"),))
    assert (found.workaround, found.origins, found.issue_url) == ("Turn it off.", ("0123abc",), "https://forge.test/4")


def test_what_is_not_told_is_not_made_up() -> None:
    found = read_advisory(FixFacts(title="t"), REF, "local:acme/app#4", a_release())
    assert (found.product, found.affected, found.vector, found.weakness, found.cve_id) == (
        "app",
        None,
        None,
        None,
        None,
    )
    assert (found.credits, found.references, found.related, found.origins) == ((), (), (), ())
    assert found.issue_url == "", "an address that nobody can open is in no document"
    assert found.needs_cve


@pytest.mark.parametrize(
    ("affected", "said"),
    [
        ({"since": "all"}, "all versions before 18.3.6, 18.4 before 18.4.4, 18.5 before 18.5.2"),
        ({"since": "0"}, "all versions before 18.3.6, 18.4 before 18.4.4, 18.5 before 18.5.2"),
        ({"since": "18.4.2"}, "all versions from 18.4.2 before 18.4.4, 18.5 before 18.5.2"),
        ([{"since": "18.10", "fixed": "18.14"}], "all versions from 18.10 before 18.14"),
        ([{"fixed": "18.5.2"}], "all versions before 18.5.2"),
        ([{"since": "18.5"}], "all versions from 18.5 and later"),
        ([{}], "all versions"),
    ],
)
def test_ranges_are_read_in_both_forms(affected: object, said: str) -> None:
    assert sentence(advisory(affected=affected).affected) == said


LONG = "x" * 20_001
BAD: list[tuple[str, object, str]] = [
    ("title", "", "this is empty"),
    ("title", "  ", "this is empty"),
    ("title", "one\ntwo", "more than one line"),
    ("title", "one\u2028two", "more than one line"),
    ("title", "t" * 256, "256 characters"),
    ("title", 5, "this has to be a text, and is "),
    ("title", ["a"], "this has to be a text, and is "),
    ("description", LONG, "20001 characters"),
    ("description", {"a": "b"}, "this has to be a text, and is "),
    ("product", "other", "is not shipped by this release"),
    ("edition", "one\ntwo", "more than one line"),
    ("affected", "17.0", "this is no range"),
    ("affected", 17, "this has to be a table or a list, and is a whole number"),
    ("affected", {"since": "seventeen"}, "is not a version"),
    ("affected", {"since": "99.0"}, "no version of this release is later"),
    ("affected", {}, "`since` is missing"),
    ("affected", {"since": "17.0", "until": "18.0"}, "there is no field 'until'"),
    ("affected", [], "no range is given"),
    ("affected", [{"since": "1.x"}], "is not a version"),
    ("affected", [{"fixed": "v"}], "is not a version"),
    ("affected", [{"since": "18.5", "fixed": "18.4"}], "is empty"),
    ("affected", [{"since": "1"}] * 501, "501 items"),
    ("vector", "AV:N/AC:L", "is not a CVSS vector"),
    ("vector", "CVSS:3.1/AV:X", "is not a CVSS vector"),
    ("weakness", "XSS", "is not a weakness"),
    ("weakness", "CWE-0", "is not a weakness"),
    ("cve", "CVE-26-1", "is not a CVE id"),
    ("cve", "CVE-2026-1111 or so", "is not a CVE id"),
    ("no_cve", LONG, "20001 characters"),
    ("credits", [{"name": "a\nb"}], "more than one line"),
    ("credits", [{"report": "r" * 2001}], "2001 characters"),
    ("credits", [{"profile": " "}], "this is empty"),
    ("credits", [{"source": "rumour"}], "this has to be one of "),
    ("credits", [{"type": "friend"}], "this has to be one of "),
    ("credits", [{"nick": "x"}], "there is no field 'nick'"),
    ("credits", [{}] * 501, "501 items"),
    ("references", ["ok", "a\nb"], "more than one line"),
    ("description", "word " * 800, "over 3,500 characters"),
    ("workaround", "word " * 800, "over 3,500 characters"),
    ("references", ["https://acme.test/a", "ftp://acme.test"], "no web address that a CVE record can hold"),
    ("references", ["https://acme.test/a b"], "no web address that a CVE record can hold"),
    ("references", "https://acme.test", "this has to be a list, and is a text"),
    ("related", ["CVE-2025-0001", "CVE"], "is not a CVE id"),
    ("workaround", LONG, "20001 characters"),
    ("origins", ["main"], "is not a commit"),
    ("origins", ["0123ABC"], "is not a commit"),
    ("colour", "red", "there is no field 'colour'"),
]


@pytest.mark.parametrize(("field", "value", "said"), BAD)
def test_a_bad_fact_names_its_fix_and_its_field(field: str, value: object, said: str) -> None:
    with pytest.raises(Misused) as told:
        advisory(**{field: value})
    fault = told.value
    assert said in fault.what
    assert fault.field == field
    assert fault.where == f"{REF}, {field}"
    assert fault.remedy
    assert len(fault.what) < 400, "a message does not repeat a book"


def test_the_place_within_a_field_is_known() -> None:
    for field, value, path in (
        ("related", ["CVE-2025-0001", "CVE"], ("related", 1)),
        ("affected", [{"since": "1"}, {"fixed": "v"}], ("affected", 1, "fixed")),
        ("credits", [{"name": "a"}, {"name": "b\nc"}], ("credits", 1, "name")),
        ("affected", [{"since": 5}], ("affected", 0, "since")),
    ):
        with pytest.raises(Misused) as told:
            advisory(**{field: value})
        assert told.value.path == path


def test_a_table_without_a_title_is_about_the_fix_as_a_whole() -> None:
    with pytest.raises(Misused, match="`title` is missing") as told:
        read_advisory(FixFacts(), REF, "", a_release())
    assert (told.value.field, told.value.where) == ("", REF)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*FACTS, "no_cve", "other"]), values, max_size=4))
def test_whatever_people_write_is_read_or_refused_in_our_words(changes: dict[str, Any]) -> None:
    try:
        found = advisory(**changes)
    except Misused as fault:
        found = fault
    assert isinstance(found, Misused) or found.title.strip()


def test_a_release_is_read_with_its_versions_in_their_real_order() -> None:
    found, told = release(disclosure_days="90", form="2026", primary="amara")
    assert (found.name, found.kind, found.disclosure_days, found.form) == ("2026-11", Kind.PLANNED, 90, "2026")
    assert [str(version) for version in found.main.versions] == ["1.10.0", "1.2.3"]
    assert found.due.isoformat() == RELEASE["due"]
    assert told.primary == "amara"


@pytest.mark.parametrize(
    ("field", "value", "said", "path"),
    [
        ("due", "2026-11-25T14:00:00", "has no time zone", ("due",)),
        ("due", "soon", "is no time with its zone", ("due",)),
        ("kind", "sometimes", "this has to be one of ", ("kind",)),
        ("release", "../2026-11", "is no name", ("release",)),
        ("release", "", "is no name", ("release",)),
        ("release", "r" * 81, "is no name", ("release",)),
        ("disclosure_days", 0, "out of range", ("disclosure_days",)),
        ("disclosure_days", 2001, "out of range", ("disclosure_days",)),
        ("disclosure_days", "many", "this has to be a whole number, and is a text", ("disclosure_days",)),
        ("products", [], "has no product", ("products",)),
        ("products", [{"product": "other", "versions": ["1"]}], "is no product of the process", ("products", 0)),
        ("products", [{"product": "product", "versions": []}], "has no version", ("products", 0)),
        (
            "products",
            [{"product": "product", "versions": ["1.2.3", "x"]}],
            "is not a version",
            ("products", 0, "versions", 1),
        ),
        (
            "products",
            [{"product": "product", "versions": ["1.2.3", "1.2.4"]}],
            "two versions in the series 1.2",
            ("products", 0),
        ),
        ("products", [{"product": "product", "versions": ["1.2.3"]}] * 2, "stands twice", ("products",)),
        ("products", [{"product": "product"}], "`versions` is missing", ("products", 0)),
        ("colour", "red", "there is no field 'colour'", ("colour",)),
    ],
)
def test_a_release_that_cannot_be_names_its_field(
    field: str, value: object, said: str, path: tuple[object, ...]
) -> None:
    with pytest.raises(Misused, match=said) as told:
        release(**{field: value})
    assert told.value.path == path
    assert told.value.where == f"vendor/security#1, {field}"


def test_what_else_it_carries_is_read_and_placed() -> None:
    dependency = {"name": "libfoo", "version": "1.1", "cves": ["CVE-2026-0007"], "affected": "all"}
    found, told = release(
        dependencies=[dependency, {**dependency, "product": "product", "cves": []}],
        bug_fixes=[{"version": "1.2.3", "title": "t", "url": "u"}],
        upgrade_notes=[{"version": "1.2.3", "kinds": ["downtime"]}],
    )
    dependencies = dependencies_of(told, found)
    assert [d.product for d in dependencies] == ["product", "product"]
    assert dependencies[0].cve_ids == (CveId("CVE-2026-0007"),)
    assert (told.bug_fixes[0].version, told.upgrade_notes[0].kinds) == ("1.2.3", ("downtime",))
    with pytest.raises(Misused, match="is not a CVE id") as fault:
        release(dependencies=[dependency, {**dependency, "cves": ["CVE-2026-0007", "CVE-1"]}])
    assert fault.value.path == ("dependencies", 1, "cves", 1)
    assert fault.value.where == "vendor/security#1, dependencies"

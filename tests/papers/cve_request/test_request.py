"""The CNA's request issue: every field, safe against its own words, and read back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from ruamel.yaml import YAML

from secrel.papers.cve_request.fields import Requester, fields_of, missing_fields
from secrel.papers.cve_request.request import render_request, yaml_block
from secrel.verify.cve_form import Fields, read_request, unsaid
from secrel.words.advisories import Advisory, Contents, Credit, CreditSource
from secrel.words.errors import Misused
from tests.papers.cve5.facts import ADVISORY, contents_of, span
from tests.strategies.advisories import contents, hostile_text

REQUESTER = Requester("Anvil Security", "security@anvil.example", has_bounty=True)
EMPTY = Advisory(fix="x#1", title="A title", description="", product="anvil")


def body_of(advisory: Advisory) -> str:
    return render_request(advisory, contents_of(advisory), REQUESTER).body


def test_a_request_has_every_field_of_the_form() -> None:
    request = render_request(ADVISORY, contents_of(ADVISORY), REQUESTER)
    assert request.title == "Stored XSS in notes"
    assert request.confidential
    assert request.labels == REQUESTER.labels
    assert "* [x] Wait to publish" in request.body
    assert "* [ ] Publish at once" in request.body
    assert "Every field of the form is filled in." in request.body
    assert read_request(request.body) == Fields(
        reporter_name="Anvil Security",
        reporter_email="security@anvil.example",
        description="that could have allowed an authenticated user to run scripts in another user's session.",
        cwe="CWE-79",
        path="anvil-org/anvil",
        vendor="Anvil",
        product="Anvil",
        affected_versions=(">=13.2, <18.4.3", ">=18.5, <18.5.1"),
        fixed_versions=("18.4.3", "18.5.1"),
        impact="CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:N",
        solution="Upgrade to versions 18.4.3, 18.5.1 or above.",
        credit="Thanks amara for reporting this vulnerability through our HackerOne bug bounty program; "
        "This vulnerability has been discovered internally by the Anvil team",
        references=(
            "https://forge.example/anvil-org/anvil/-/issues/545947",
            "https://hackerone.com/reports/1000001",
            "https://anvil.example/docs/notes",
        ),
    )


def test_the_block_has_the_forms_own_paths() -> None:
    [block] = [part.split("```")[0] for part in body_of(ADVISORY).split("```yaml\n")[1:]]
    whole = YAML(typ="safe", pure=True).load(block)
    assert list(whole) == ["reporter", "vulnerability"]
    assert list(whole["reporter"]) == ["name", "email"]
    assert list(whole["vulnerability"]) == [
        "description",
        "cwe",
        "product",
        "impact",
        "solution",
        "credit",
        "references",
    ]
    assert list(whole["vulnerability"]["product"]) == [
        "path",
        "vendor",
        "name",
        "affected_versions",
        "fixed_versions",
    ]


@given(contents(surrogates=True, max_advisories=1), hostile_text(), hostile_text())
def test_whatever_an_advisory_says_is_read_back_from_the_issue(announced: Contents, name: str, email: str) -> None:
    requester = Requester(name, email)
    for advisory in announced.advisories:
        request = render_request(advisory, announced, requester)
        assert read_request(request.body) == fields_of(advisory, announced, requester)
        assert read_request(request.body.replace("\n", "\r\n")) == fields_of(advisory, announced, requester)
        assert "\n" not in request.title
        assert len(request.title) <= 255


TEXTS = hostile_text() | st.text()
FORMS = st.builds(
    Fields,
    *[TEXTS] * 7,
    st.lists(TEXTS.filter(bool), max_size=3).map(tuple),
    st.lists(TEXTS.filter(bool), max_size=3).map(tuple),
    *[TEXTS] * 3,
    st.lists(TEXTS.filter(bool), max_size=3).map(tuple),
)


@given(FORMS)
def test_any_texts_parse_back_equal_and_are_texts(form: Fields) -> None:
    block = yaml_block(form)
    whole = YAML(typ="safe", pure=True).load(block)
    told, product = whole["vulnerability"], whole["vulnerability"]["product"]
    assert form == Fields(
        reporter_name=whole["reporter"]["name"],
        reporter_email=whole["reporter"]["email"],
        description=told["description"],
        cwe=told["cwe"],
        path=product["path"],
        vendor=product["vendor"],
        product=product["name"],
        affected_versions=tuple(product["affected_versions"]),
        fixed_versions=tuple(product["fixed_versions"]),
        impact=told["impact"],
        solution=told["solution"],
        credit=told["credit"],
        references=tuple(told["references"]),
    )
    assert read_request(f"```yaml\n{block}```\n") == form


@given(FORMS)
def test_no_line_begins_with_what_somebody_else_wrote(form: Fields) -> None:
    names: tuple[str, ...] = (
        "reporter:",
        "vulnerability:",
        "name: ",
        "email: ",
        "description: ",
        "cwe: ",
        "product:",
        "path: ",
    )
    names += ("vendor: ", "affected_versions:", "fixed_versions:", "impact: ", "solution: ", "credit: ", "references:")
    for line in yaml_block(form).split("\n")[:-1]:
        assert line.lstrip(" ").startswith((*names, '- "', "# [type] in [component]"))


def test_what_is_not_known_yet_is_a_placeholder_and_said_to_be_missing() -> None:
    fields = read_request(body_of(EMPTY))
    assert fields.affected_versions == ("<X.Y.Z",)
    assert fields.fixed_versions == ("X.Y.Z",)
    assert (fields.cwe, fields.impact, fields.solution, fields.credit, fields.references) == ("", "", "", "", ())
    assert missing_fields(EMPTY, contents_of(EMPTY)) == (
        "description",
        "weakness",
        "affected versions",
        "fixed versions",
        "vector",
        "solution",
        "credit",
    )
    assert (
        "Still missing: description, weakness, affected versions, fixed versions, vector, solution, credit."
        in body_of(EMPTY)
    )


@pytest.mark.parametrize(
    ("advisory", "missing"),
    [
        (ADVISORY, ()),
        (replace(ADVISORY, description=" \u200b\n"), ("description",)),
        (replace(ADVISORY, weakness=None), ("weakness",)),
        (replace(ADVISORY, affected=None), ("affected versions", "fixed versions", "solution")),
        (replace(ADVISORY, affected=None, workaround="Turn it off."), ("affected versions", "fixed versions")),
        (replace(ADVISORY, affected=(span("18.4", "18.4.3"), span("18.5", ""))), ("fixed versions",)),
        (replace(ADVISORY, vector=None), ("vector",)),
        (replace(ADVISORY, credits=(Credit(""),)), ("credit",)),
        (replace(ADVISORY, credits=(Credit("", CreditSource.CUSTOMER),)), ()),
    ],
)
def test_each_missing_field_is_named(advisory: Advisory, missing: tuple[str, ...]) -> None:
    assert missing_fields(advisory, contents_of(advisory)) == missing


@pytest.mark.parametrize(
    ("affected", "versions", "fixed"),
    [
        ((span("", "18.4.3"),), ("<18.4.3",), ("18.4.3",)),
        ((span("", ""),), (">=0, <X.Y.Z",), ("X.Y.Z",)),
        ((span("1.0", "1.1"), span("18.5", "")), (">=1.0, <1.1", ">=18.5, <X.Y.Z"), ("1.1", "X.Y.Z")),
    ],
)
def test_open_ends_are_placeholders(affected: object, versions: tuple[str, ...], fixed: tuple[str, ...]) -> None:
    fields = read_request(body_of(replace(ADVISORY, affected=affected)))  # spans
    assert fields.affected_versions == versions
    assert fields.fixed_versions == fixed


@pytest.mark.parametrize(
    ("credit", "told"),
    [
        (Credit("amara"), "Thanks amara for reporting this vulnerability through our HackerOne bug bounty program"),
        (Credit("", CreditSource.CUSTOMER), "Thanks a customer for reporting this vulnerability to us"),
        (Credit("bjorn", CreditSource.CUSTOMER), "Thanks bjorn for reporting this vulnerability to us"),
        (Credit("chidi", CreditSource.OTHER), "Thanks chidi for reporting this vulnerability to us"),
        (Credit("", CreditSource.OTHER), ""),
        (
            Credit("dewi", CreditSource.INTERNAL),
            "This vulnerability has been discovered internally by Anvil team member dewi",
        ),
    ],
)
def test_thanks_depend_on_where_the_finding_came_from(credit: Credit, told: str) -> None:
    assert read_request(body_of(replace(ADVISORY, credits=(credit,)))).credit == told


def test_a_vendor_without_a_bounty_program_thanks_for_none() -> None:
    advisory = replace(ADVISORY, credits=(Credit("amara"),))
    request = render_request(advisory, contents_of(advisory), Requester("Anvil", "security@anvil.example"))
    assert read_request(request.body).credit == "Thanks amara for reporting this vulnerability to us"


def test_a_customers_report_is_not_handed_on() -> None:
    credit = Credit("elif", CreditSource.CUSTOMER, report="https://support.example/tickets/1")
    assert "support.example" not in body_of(replace(ADVISORY, credits=(credit,)))


def test_the_form_in_the_manual_is_one_that_is_read() -> None:
    manual = (Path(__file__).resolve().parents[3] / "docs" / "cve.md").read_text("utf-8")
    assert read_request(manual).fixed_versions == ("18.4.3",)


def test_a_long_title_is_cut() -> None:
    long = replace(ADVISORY, title="word " * 80)
    assert render_request(long, contents_of(long), REQUESTER).title.endswith("word…")


def test_an_advisory_of_a_product_that_is_not_shipped_is_refused() -> None:
    stray = replace(ADVISORY, product="hammer")
    with pytest.raises(Misused, match="does not ship") as caught:
        render_request(stray, contents_of(stray), REQUESTER)
    assert caught.value.where == "2026-01"


def test_what_a_person_wrote_without_quotes_stays_the_text_it_was() -> None:
    edited = (
        "```yaml\nvulnerability:\n  product:\n    fixed_versions:\n      - 16.10\n      - yes\n  references: x\n```"
    )
    fields = read_request(edited)
    assert fields.fixed_versions == ("16.10", "yes")
    assert fields.references == ("x",)
    assert fields.reporter_name == ""


@pytest.mark.parametrize(
    "block",
    [
        "",
        "- a\n- b\n",
        "reporter: x\nvulnerability: [1]\n",
        "vulnerability:\n  product: 7\n  description: {a: b}\n",
        "~\n",
    ],
)
def test_fields_that_are_absent_or_no_texts_are_empty(block: str) -> None:
    assert read_request(f"```yml\n{block}```") == Fields()


@pytest.mark.parametrize(
    ("body", "what", "where"),
    [
        ("", "no form", "the CVE request"),
        ("```yaml\nsecret: 1\n", "no form", "the CVE request"),
        ("```yaml\n```\n```yaml\n```\n", "more than one form", "the CVE request"),
        (f"```yaml\n{'# secret' * 9000}\n```", "larger than 64 KiB", "the CVE request"),
        ("```yaml\na: secret\nb: 'secret\n```", "cannot be read", "the form's YAML block, line 2"),
        (
            "```yaml\nsecret: 1\nsecret: 2\n```",
            "a key stands here for the second time",
            "the form's YAML block, line 2",
        ),
        ("```yaml\n[secret]: 1\n```", "a key is not a plain word", "the form's YAML block, line 1"),
        ("```yaml\na: 1\n---\nsecret: 1\n```", "cannot be read", "the form's YAML block, line 2"),
        ("```yaml\na: &secret x\n```", "an anchor stands here", "the form's YAML block, line 1"),
        ("```yaml\na: !secret x\n```", "a tag stands here", "the form's YAML block, line 1"),
        ("```yaml\na: 1\n--- *secret\n```", "cannot be read", "the form's YAML block, line 2"),
        ('```yaml\na: "\\U00110000 secret"\n```', "cannot be read", "the form's YAML block, line 1"),
        ('```yaml\na: "\\U99999999 secret"\n```', "cannot be read", "the form's YAML block, line 1"),
        ("```yaml\na: 1\n\x00secret\n```", "cannot be read", "the form's YAML block, line 2"),
        pytest.param(
            "```yaml\n" + "[" * 3000 + "\n```",
            "nested deeper",
            "the form's YAML block, line 1",
            marks=pytest.mark.long,
        ),
        ("```yaml\n" + "- " * 9000 + "\n```", "nested deeper", "the form's YAML block, line 1"),
        ("```yaml\n*secret\n```", "cannot be read", "the form's YAML block, line 1"),
    ],
)
def test_a_form_that_cannot_be_read_is_told_by_its_place(body: str, what: str, where: str) -> None:
    with pytest.raises(Misused, match=what) as caught:
        read_request(body)
    assert caught.value.where == where
    assert "secret" not in f"{caught.value} {caught.value.remedy}"


@given(
    st.lists(TEXTS | st.sampled_from(["a: ", "- ", "\n", "  ", "&a ", "*a", "!!set ", "{", "[", "? ", "|", ">", "%"]))
)
def test_any_block_is_read_or_refused(pieces: list[str]) -> None:
    body = f"```yaml\n{''.join(pieces)}\n```\n"
    try:
        found = read_request(body)
    except Misused as refusal:
        found = Fields(description=refusal.remedy)
    assert isinstance(found, Fields)


@settings(max_examples=25)
@given(contents())
def test_a_form_as_it_was_written_says_every_fact(announced: Contents) -> None:
    for advisory in announced.advisories:
        assert list(unsaid(render_request(advisory, announced, REQUESTER).body, advisory)) == []


SAYS = {"description": "description", "cwe": "weakness", "impact": "vector", '- ">=': "affected", '- "1': "fixed"}
"""How the lines of a form begin that say a fact, and which."""
TOLD = [
    (line, fact)
    for line in body_of(ADVISORY).splitlines()
    for start, fact in SAYS.items()
    if line.strip().startswith(start)
]


@pytest.mark.parametrize(("line", "fact"), TOLD)
def test_a_line_of_a_form_that_is_changed_is_gone_or_stands_beside_another_is_found(line: str, fact: str) -> None:
    assert {told for _, told in TOLD} == set(SAYS.values())
    last = max(at for at, sign in enumerate(line) if sign.isalnum())
    other = f"{line[:last]}{'7' if line[last] != '7' else '8'}{line[last + 1 :]}"
    is_listed = fact in {"affected", "fixed"}
    for new in (other, *(("", f"{line}\n{other}") if is_listed else ())):
        assert fact in {told for told, _ in unsaid(body_of(ADVISORY).replace(line, new), ADVISORY)}, new

"""The release file: what begins a release, refused with file and line when it contradicts itself."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from secrel.evaluate.registry import shipped
from secrel.observe.release_file import read_fix_file, read_release_file, read_value
from secrel.reading.documents import Malformed
from secrel.words.errors import Misused
from secrel.words.facts.stated import FixFacts, read_facts
from secrel.words.spans import Affected
from secrel.words.versions import Version
from tests.desk.stage import FIXES, NAME, RELEASE

PROCESS = shipped("generic")
EXTRAS = """
dependencies:
  - {name: libfoo, version: 2.4.10, cves: [CVE-2026-0007]}
bug_fixes:
  - {version: 1.2.3, title: Importing ends, url: "https://vendor.example/7"}
upgrade_notes:
  - {version: 1.1.9, kinds: [downtime]}
"""


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_it_holds_a_release_its_facts_and_its_fixes() -> None:
    found = read_release_file(RELEASE + EXTRAS, "release.yaml", PROCESS)
    assert found.release.name == NAME
    assert found.facts.due == found.release.due
    assert [entry.name for entry in found.fixes] == list(FIXES)
    told = found.fixes[0].facts
    assert told.affected == Affected.since(Version.parse("1.0"))
    assert (told.cve, told.edition) == (None, "")


FAULTS = [
    ("form: generic", 'form: generic\nnext_after: "2026-10"', "is the desk's to write", "next_after"),
    ("form: generic", "form: generic\ncolour: red", "there is no field 'colour'", "colour: red"),
    ("weakness: CWE-532", "colour: red", "there is no field 'colour'", "colour: red"),
    ("    title: Tokens in", "    edition: Tokens in", "`title` is missing", "- name: tokens"),
    ("form: generic", "form: [a]", "form: this has to be a text, and is a list", "form: [a]"),
    ("kind: planned", "kind: sometimes", "this has to be one of ", "kind: sometimes"),
    ("+00:00", "", "has no time zone", "due:"),
    ("[1.2.3, 1.1.9]", "[1.2.3, 1.2.4]", "two versions in the series 1.2", "{product: product, versions"),
    ("[1.2.3, 1.1.9]", "[1.2.3, x]", "is not a version", "{product: product, versions"),
    ("product: product,", "product: other,", "is no product of the process", "{product: other"),
    ("cves: [CVE-2026-0007]", "cves: [CVE-1]", "is not a CVE id", "cves: [CVE-1]"),
    ("version: 2.4.10,", "version: 2.4.10, product: other,", "is not shipped by this release", "version: 2.4.10"),
    ("version: 1.2.3, title", "version: 1.2.4, title", "is no version of this release", "version: 1.2.4"),
    ("version: 1.1.9, kinds", "version: 1.1.8, kinds", "is no version of this release", "version: 1.1.8"),
    ("  - name: tokens", "  - name: notebooks", "'notebooks' stands twice", "- name: notebooks\n    title: Tokens"),
    ("  - name: tokens", "  - name: to/kens", "is no name for a fix", "to/kens"),
    ("  - name: tokens", "  - name: ⟦x⟧", "is no name for a fix", "⟦x⟧"),
    ('{since: "1.1"}', '{since: "1.x"}', "is not a version", '{since: "1.x"}'),
    ('{since: "1.1"}', '{since: "2.0"}', "no version of this release is later", '{since: "2.0"}'),
    ("weakness: CWE-532", "weakness: logs", "is not a weakness", "weakness: logs"),
    ("weakness: CWE-532", "cve: CVE-26-1", "is not a CVE id", "cve: CVE-26-1"),
    ("weakness: CWE-532", "labels: [severity::9]", "there is no label", "labels: [severity::9]"),
    ("weakness: CWE-532", "product: other", "is no product of the process", "product: other"),
    ("title: Tokens in", 'title: ""  # in', "this is empty", 'title: ""'),
    ("{branch: security-tokens-1.1-stable, target: 1.1-stable}", "{branch: b, target: main}",
     "two merge requests go into 'main'", "{branch: b, target: main}"),
    ("{branch: security-tokens-1.1-stable, target: 1.1-stable}", "{branch: b, target: 1.0-stable}",
     "is no branch of this release", "{branch: b, target: 1.0-stable}"),
    ("{branch: security-tokens-1.1-stable, target: 1.1-stable}", "{branch: b}",
     "item 3 of merge_requests has no target", "{branch: b}"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said", "where"), FAULTS)
def test_a_file_that_contradicts_itself_names_the_line(old: str, new: str, said: str, where: str) -> None:
    text = RELEASE + EXTRAS
    assert old in text
    head, _, tail = text.rpartition(old)
    wrong = head + new + tail
    with pytest.raises(Misused, match=said) as told:
        read_release_file(wrong, "release.yaml", PROCESS)
    assert told.value.where == f"release.yaml:{line_of(wrong, where)}"
    assert told.value.remedy


def test_all_facts_that_are_wrong_are_told_at_once_each_at_its_line() -> None:
    text = (RELEASE + EXTRAS).replace("weakness: CWE-532", "weakness: logs\n    colour: red")
    text = text.replace("kind: planned", "kind: sometimes").replace("cves: [CVE-2026-0007]", "cves: [CVE-1]")
    with pytest.raises(Malformed) as told:
        read_release_file(text, "release.yaml", PROCESS)
    wrong = ("kind: sometimes", "weakness: logs", "colour: red", "cves: [CVE-1]")
    assert [fault.place for fault in told.value.faults] == [f"release.yaml:{line_of(text, one)}" for one in wrong]


@pytest.mark.parametrize(
    ("new", "said", "line"),
    [
        ("title: A flaw\nweakness: logs", "weakness: ", 3),
        ("title: A flaw\nlabels: [1, {}]", "item 2 of labels has to be a text", 3),
        ("title: A flaw\ncolour: red", "there is no field 'colour'", 3),
    ],
)
def test_a_file_of_one_fix_is_read_as_strictly(new: str, said: str, line: int) -> None:
    with pytest.raises(Malformed, match=said) as told:
        read_fix_file(f"name: one\n{new}\n", "fix.yaml")
    assert told.value.where == f"fix.yaml:{line}"
    assert read_fix_file("name: one\ntitle: A flaw\n", "fix.yaml").facts.title == "A flaw"


def test_a_process_of_several_products_knows_which_are_shipped() -> None:
    process = shipped("gitlab")
    text = RELEASE.replace("{product: product, versions: [1.2.3, 1.1.9]}", "{product: gitlab, versions: [18.5.2]}")
    text = text[: text.index("fixes:")] + (
        "fixes:\n  - name: runner\n    title: A flaw\n    product: gitlab-runner\n"
        "    merge_requests: [{branch: b, target: main}]\n"
    )
    other = next(product for product in process.products if product.key != "gitlab")
    text = text.replace("gitlab-runner", other.key).replace("target: main", f"target: {other.default_branch}")
    with pytest.raises(Misused, match="is not shipped by this release") as told:
        read_release_file(text, "release.yaml", process)
    assert told.value.where == f"release.yaml:{line_of(text, 'product: ' + other.key)}"


def test_labels_of_the_process_are_known_ones() -> None:
    text = RELEASE.replace(
        "    weakness: CWE-532", "    weakness: CWE-532\n    labels: [keep confidential, severity::1]"
    )
    assert read_release_file(text, "release.yaml", PROCESS).fixes[1].labels == ("keep confidential", "severity::1")


def test_the_documented_example_is_read() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "release-file.md").read_text("utf-8")
    text = page.split("```yaml\n")[1].split("```")[0]
    assert len(read_release_file(text, "docs", shipped("gitlab")).fixes) == 2


LISTS = {
    "fixed_already": ("1.2.2", "1.1.9"),
    "related": ("CVE-2026-0001", "CVE-2026-0002"),
    "origins": ("c0ffee1", "c0ffee2"),
    "references": ("https://a.example/1", "https://a.example/2"),
}


@pytest.mark.parametrize("between", [", ", ",", " ", "; ", " ,  "])
@pytest.mark.parametrize("field", LISTS)
def test_several_words_without_brackets_are_refused_with_the_word_that_says_them(field: str, between: str) -> None:
    with pytest.raises(Misused, match="2 words without the brackets") as told:
        read_value(field, between.join(LISTS[field]))
    assert told.value.path == (field,)
    [said] = shlex.split(told.value.remedy.removeprefix("write it as "))
    name, _, value = said.partition("=")
    assert (name, read_value(name, value)) == (field, list(LISTS[field]))
    assert read_value(field, LISTS[field][0]) == [LISTS[field][0]]


@pytest.mark.parametrize("text", ["1.0", "1.0 - 1.2.3", "since: 1.0", "Farid, Elif", "[", "soon"])
@pytest.mark.parametrize("field", ["affected", "credits"])
def test_what_no_field_takes_is_refused_with_an_example_that_it_takes(field: str, text: str) -> None:
    with pytest.raises(Misused) as told:
        read_value(field, text)
    said = shlex.split(told.value.remedy.removeprefix("write it as ").partition(";")[0])[0]
    name, _, value = said.partition("=")
    assert name == field
    assert getattr(read_facts(FixFacts, {name: read_value(name, value)}).whole(FixFacts, "it"), name)


def test_words_that_are_meant_may_be_several() -> None:
    assert read_value("allowed", "all in one") == ["all in one"]

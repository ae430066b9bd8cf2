"""Answers that are data: JSON as its schema in docs says, Markdown that nobody's text breaks out of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from secrel.words.errors import Exit
from tests.cli.desks import User

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"

ANSWERS: list[tuple[tuple[str, ...], str]] = [
    (("fix", "show", "2027-01"), "fixes"),
    (("fix", "show", "2027-01", "vendor/product#1"), "fix"),
    (("cve", "show", "2027-01"), "cves"),
    (("cve", "show", "2027-01", "vendor/product#1"), "cves"),
    (("journal", "2027-01"), "journal"),
    (("journal", "--doubts"), "journal"),
    (("rotation", "show"), "rotation"),
    (("rotation", "show", "2027-01"), "rotation"),
    (("rotation", "show", "2027-01", "bjorn"), "candidates"),
    (("doctor",), "doctor"),
    (("plan",), "plans"),
    (("plan", "--only", "release_post"), "plans"),
    (("status",), "status"),
    (("check-merge-requests",), "merge-requests"),
]


def schema(name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    if name == "plans":
        told["properties"]["plans"]["items"] = schema("plan")
    return told


@pytest.mark.parametrize(("words", "name"), ANSWERS, ids=lambda value: value if isinstance(value, str) else None)
def test_json_is_as_its_schema_says(started: User, words: tuple[str, ...], name: str) -> None:
    answer = started(*words, "--format", "json")
    assert answer.word in (Exit.DONE, Exit.BLOCKED, Exit.REFUSED)
    told = json.loads(answer.out)
    assert told["version"] == 1
    jsonschema_rs.validate(schema(name), told)


def test_every_schema_in_docs_is_one_and_belongs_to_an_answer() -> None:
    names = {file.name.removesuffix(".schema.json") for file in SCHEMAS.glob("*.json")}
    assert names == {name for _, name in ANSWERS} | {"plan"}
    for name in names:
        jsonschema_rs.meta.validate(schema(name))


@pytest.mark.parametrize("words", [words for words, _ in ANSWERS])
def test_markdown_is_had_of_every_answer_that_is_data(started: User, words: tuple[str, ...]) -> None:
    assert started(*words, "--format", "markdown").out.strip()


def test_json_of_a_fix_carries_its_facts(started: User) -> None:
    told = json.loads(started("fix", "show", "2027-01", "vendor/product#1", "--format", "json").out)["fix"]
    assert (told["score"], told["severity"], told["cve_id"]) == (8.7, "high", "CVE-2026-1111")
    assert [request["target"] for request in told["requests"]] == ["main", "1.2-stable", "1.1-stable"]


def test_records_are_printed_one_a_line(started: User) -> None:
    lines = started("cve", "show", "2027-01", "--record").out.splitlines()
    assert [json.loads(line)["cveMetadata"]["cveId"] for line in lines] == ["CVE-2026-1111"]


@pytest.mark.parametrize("columns", ["40", "120", "9999"])
def test_answers_fit_the_width(started: User, columns: str) -> None:
    """The width comes from COLUMNS, as every terminal sets it: so these run in a process of their own.

    A command to run is never broken, so that it can be pasted.
    """
    widest = min(int(columns), 140)
    for words in (("fix", "show"), ("status",)):
        out = started.as_process(*words, COLUMNS=columns).out
        assert out
        assert max(len(line) for line in out.splitlines() if "run: secrel" not in line) <= widest, words

"""Every key of the process's open tables that the code looks up is known to the reader of process files."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from secrel.process.keys import KEYS
from secrel.process.table import SECTIONS
from secrel.words.documents import TABLE
from tests.house.pages import code, table_after
from tests.house.sources import DOCS, SOURCE, modules, shown, tree

FORMS = SOURCE / "papers" / "post" / "forms"
KNOWN = {(key.section, key.name): key for key in KEYS}
WORKS = SOURCE / "plan" / "works"
READER = SOURCE / "process"
BEHIND = {
    "post_address": [("addresses", "site")],
    "email_now": [("addresses", key) for key in ("site", "sender", "sender_name", "segment")],
    "record_now": [("addresses", "site"), ("cna", "org_id"), ("cna", "short_name")],
}
"""What stands behind the papers that a line of work calls."""


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _section(node: ast.expr) -> str:
    """The open table that an expression is, by its name: `process.labels`, `self.people`, `addresses`; else empty."""
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name if name in SECTIONS else ""


def _named(node: ast.AST) -> Iterator[tuple[str, str]]:
    """A call of `named` with both in words; a section that is given must be one."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "named":
        told = [_text(argument) for argument in node.args]
        if len(told) == 2 and told[0] is not None:
            yield from [(told[0], told[1])] if told[1] is not None else []


def _softly(node: ast.AST) -> Iterator[tuple[str, str]]:
    """A look that has an answer of its own where there is nothing, and the label that a check names."""
    match node:
        case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[first, *_]) if _section(table):
            key = _text(first)
            yield from [(_section(table), key)] if key is not None else []
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[table]) if _section(table):
            key = _text(left)
            yield from [(_section(table), key)] if key is not None else []
        case ast.Call(func=ast.Name(id="label_named"), args=[_, role]):
            key = _text(role)
            yield from [("labels", key)] if key is not None else []


def _hard(node: ast.AST) -> Iterator[tuple[str, str]]:
    """A look that ends in a KeyError where there is nothing."""
    if isinstance(node, ast.Subscript) and _section(node.value):
        key = _text(node.slice)
        yield from [(_section(node.value), key)] if key is not None else []


def looked_up(path: Path) -> set[tuple[str, str]]:
    return {found for node in ast.walk(tree(path)) for look in (_named, _softly, _hard) for found in look(node)}


USERS = [path for path in modules() if READER not in path.parents]


def test_every_key_that_is_looked_up_is_known() -> None:
    unknown = {(shown(path), *found) for path in USERS for found in looked_up(path) - KNOWN.keys()}
    assert unknown == set(), "write it into process/keys.py, and say what for"


def test_every_key_that_a_document_goes_by_is_known() -> None:
    wanted = {("projects", one.project) for one in TABLE.values()} | {("labels", one.label) for one in TABLE.values()}
    assert {found for found in wanted if found[1]} <= KNOWN.keys()


def _in_forms() -> set[tuple[str, str]]:
    """The addresses that the forms which ship name in the braces of their links."""
    tables = [tomllib.loads(path.read_text("utf-8"))["links"] for path in FORMS.rglob("*.toml")]
    named = {key for table in tables for link in table.values() for key in re.findall(r"{(\w+)}", link)}
    return {("addresses", key) for key in named - {"cve", "vector"}}


def test_every_address_that_a_form_names_is_known() -> None:
    assert _in_forms() <= KNOWN.keys()


def test_every_known_key_is_looked_up() -> None:
    documents = {("projects", one.project) for one in TABLE.values()} | {("labels", i.label) for i in TABLE.values()}
    others = {("labels", "keep_confidential"), ("labels", "critical"), ("channels", "team"), ("channels", "marketing")}
    found = {found for path in USERS for found in looked_up(path)} | documents | others | _in_forms()
    assert KNOWN.keys() <= found, "nobody looks it up any more: take it out of process/keys.py"


def test_nothing_ends_in_a_key_error() -> None:
    """The reader refuses what is missing, and `Process.named` says the rest; rehearsals play what ships."""
    played = SOURCE / "rehearsal"
    hard = {
        shown(path) for path in USERS if played not in path.parents for node in ast.walk(tree(path)) if [*_hard(node)]
    }
    assert hard == set(), "ask process.named(section, key)"


@pytest.mark.parametrize("work", sorted(path.stem for path in WORKS.glob("[a-z]*.py")))
def test_a_line_of_work_needs_what_it_looks_up(work: str) -> None:
    path = WORKS / f"{work}.py"
    called = {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name)} & BEHIND.keys()
    wanted = looked_up(path) | {found for name in called for found in BEHIND[name]}
    keys = [KNOWN[found] for found in wanted]
    assert [key for key in keys if not key.left_out and key.by and work not in key.by] == []


@pytest.mark.parametrize("section", SECTIONS)
def test_the_page_of_the_process_file_says_when_a_key_is_needed(section: str) -> None:
    rows = {code(row[0]): row[3] for row in table_after(DOCS / "process-file.md", "table", f"keys {section}")}
    told = {key.name: _when(key.by, key.left_out) for key in KEYS if key.section == section}
    assert {name: told.get(name, "") for name in rows} == rows
    assert told.keys() <= rows.keys() | {"all_feed", "security_faq", "update", "bug_bounty", "path_key"}, "said below"


def _when(by: tuple[str, ...], left_out: str) -> str:
    if left_out:
        return f"no: {left_out}"
    return ", ".join(f"`{name}`" for name in by) if by else "always"

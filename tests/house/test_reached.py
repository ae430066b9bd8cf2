"""Nothing is written for the tests alone: what no other code of the program names has to say who is going to use it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

from tests.house.sources import SOURCE, modules, shown, tree

TO_COME: Mapping[str, str] = {
    "People.record_merge": "scripts of a vendor that squashes or rebases (docs/localforge.md)",
    "People.set_draft": "scripts of a vendor's own (docs/localforge.md), as all that a forge's pages would do",
    "People.set_due": "scripts of a vendor's own (docs/localforge.md)",
    "People.set_milestone": "scripts of a vendor's own (docs/localforge.md)",
    "People.set_reviewers": "scripts of a vendor's own (docs/localforge.md)",
    "read_boxes": "people tick boxes of the checklist: they are to be read as claims",
    "render_container": "CVE Services take the container alone",
    "compare_record": "published records that differ from ours",
}
"""What only tests reach today, and who is going to use it."""
BY_NAME = frozenset(
    {"cancel", "check_merge_requests", "make_blogpost", "rehearse", "doctor", "init", "completion", "manual"}
    | {"Bounded.wrap_str_format"}
)
"""Commands, which the command line loads by their names; and what a library calls."""


def defined() -> Iterator[str]:
    """Every public function, class and method, without those that a decorator registers or a protocol asks for."""
    for path in modules():
        for node in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            if not any(isinstance(one, ast.Attribute | ast.Call) for one in node.decorator_list) or isinstance(
                node, ast.ClassDef
            ):
                yield node.name
            if isinstance(node, ast.ClassDef) and not any("Protocol" in ast.dump(base) for base in node.bases):
                theirs = [one for one in node.body if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")]
                yield from (f"{node.name}.{one.name}" for one in theirs)


def named() -> Counter[str]:
    """How often the program names each thing, apart from where it is defined, imported or handed on."""
    found: Counter[str] = Counter()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found[node.id] += 1
            elif isinstance(node, ast.Attribute):
                found[node.attr] += 1
    return found


def test_what_only_tests_reach_says_who_is_going_to_use_it() -> None:
    uses = named()
    unreached = {name for name in defined() if not uses[name.rpartition(".")[2]]} - BY_NAME
    assert unreached == TO_COME.keys(), "delete it, or say who is going to use it"


def test_every_constant_is_read() -> None:
    uses = named()
    assigned = (
        (shown(path), target.id)
        for path in modules()
        if "migrations" not in path.parts  # Alembic reads theirs
        for node in tree(path).body
        for target in ([node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", []))
        if isinstance(target, ast.Name) and not target.id.startswith("__")
    )
    assert [one for one in assigned if not uses[one[1]]] == []


def test_the_test_finds_what_nobody_names() -> None:
    assert SOURCE.is_dir()
    uses = named()
    assert uses["look"] > 0
    assert uses["read_boxes"] == 0

"""What may stand in no file: work left undone, silenced tools without a reason, places of one machine."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.house.sources import ROOT, modules, shown, tracked, tree

_HERE = Path(__file__).parent
_SHOUTED = re.compile("|".join(rf"#.*\b{a}{b}\b" for a, b in (("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("HA", "CK"))))
_SILENCED = re.compile(r"#\s*(?:ruff:\s*)?noqa(?P<codes>:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?(?P<rest>[^#]*(?:#.*)?)")
_IGNORED = re.compile(r"#\s*type:\s*ignore(?P<codes>\[[\w\-, ]+\])?(?P<rest>.*)")
_UNCOVERED = re.compile(r"#\s*pragma:\s*no\s+(?:cover|branch)")
# written apart, so that this file may be looked at too
_PLACES = re.compile(
    "|".join(
        [
            r"(?<![\w.~-])/wo" + r"rk/",
            r"(?<![\w.~-])/ro" + r"ot/",
            r"(?<![\w.~-])/ho" + r"me/(?!(?:amara|bjorn|chidi|dewi|elif|farid)\b)\w",
            r"/opt/(?:whe" + "els|py" + "pi)",
            r"\.lib" + r"rary/",
            r"\bpy" + r"pi\.org",
            r"python" + r"hosted\.org",
            r"registry\.npm" + r"js",
            r"deb\.deb" + r"ian\.org",
        ]
    )
)
_SHOUTS_ARE_DATA = frozenset({"src/secrel/verify/post/wording.py", "src/secrel/verify/email/wording.py"})


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


def _code() -> list[Path]:
    return [*modules(), *modules(ROOT / "tests"), *modules(ROOT / "bench")]


def test_no_work_is_left_in_comments() -> None:
    found = [
        f"{shown(path)}:{number}"
        for path in _code()
        if shown(path) not in _SHOUTS_ARE_DATA
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if _SHOUTED.search(line)
    ]
    assert found == [], "do it now, or say it in an issue"


def test_nothing_is_raised_in_place_of_being_done() -> None:
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Raise) and node.exc is not None and "NotImplemented" in ast.dump(node.exc)
    ]
    assert found == []


def test_whoever_says_what_is_equal_says_what_is_not() -> None:
    """A `Struct` that compares nothing by itself answers `!=` by identity, whatever its `==` says."""
    found = [
        f"{shown(path)}:{one.lineno}"
        for path in modules()
        for one in ast.walk(tree(path))
        if isinstance(one, ast.ClassDef) and any(getattr(base, "id", "") == "Struct" for base in one.bases)
        for own in ({part.name for part in one.body if isinstance(part, ast.FunctionDef)},)
        if "__eq__" in own and "__ne__" not in own
    ]
    assert found == []


def test_the_source_asserts_nothing() -> None:
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assert)
    ]
    assert found == [], "raise an error of the family, with a remedy"


def test_no_use_case_reads_the_entries_of_every_release() -> None:
    """A desk of many years is as quick as a new one; the doctor and `secrel journal` are asked about all of it."""
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "entries"
        if not node.args and "ournal" in ast.unparse(node.func.value)
    ]
    assert [place for place in found if "/rehearsal/" not in place and "/cli/examining.py" not in place] == []


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:
        return False  # it only clears up, and lets everything pass
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or (isinstance(kind, ast.Name) and kind.id.endswith("Exception")) for kind in kinds)


def test_only_the_outermost_handler_catches_everything() -> None:
    found = [
        shown(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    ]
    assert found == ["src/secrel/cli/main.py"]


def _says_why(rest: str) -> bool:
    return re.search(r"[a-z]{3}", rest) is not None


def unexplained(lines: list[str], silence: re.Pattern[str]) -> list[int]:
    """Give the lines that silence a tool without codes and reason.

    The reason stands on the line, or in a comment right above it; it then also holds for silences that follow at once.
    """
    found = []
    explained = False
    for number, line in enumerate(lines, 1):
        match = silence.search(line)
        if match is None and line.strip():
            explained = line.strip().startswith("#") and _says_why(line)
        if match is None:
            continue
        explained = explained or _says_why(match["rest"])
        if not (match["codes"] and explained):
            found.append(number)
    return found


def test_every_silence_in_the_source_says_why() -> None:
    found = [
        f"{shown(path)}:{number}"
        for path in modules()
        for silence in (_SILENCED, _IGNORED)
        for number in unexplained(path.read_text("utf-8").splitlines(), silence)
    ]
    assert found == [], "write the rule and the reason beside it"


def test_every_silence_in_a_test_names_its_rule() -> None:
    found = [
        f"{shown(path)}:{number}"
        for path in _code()
        if path.parent != _HERE
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for silence in (_SILENCED, _IGNORED)
        if (match := silence.search(line)) is not None and not match["codes"]
    ]
    assert found == [], "name the rule that does not fit"


def test_silence_is_judged_by_its_reason() -> None:
    bare, coded = "x = 1  # no" + "qa", "x = 1  # no" + "qa: E501"
    assert unexplained([bare], _SILENCED) == [1]
    assert unexplained([f"{bare} - because it is so"], _SILENCED) == [1]
    assert unexplained([coded], _SILENCED) == [1]
    assert unexplained([f"{coded} - because it is so"], _SILENCED) == []
    assert unexplained(["# because it is so", coded, coded], _SILENCED) == []
    assert unexplained(["# because it is so", coded, "y = 2", coded], _SILENCED) == [4]
    assert unexplained(["y = f()  # type: ig" + "nore[misc]"], _IGNORED) == [1]
    assert unexplained(["y = f()  # type: ig" + "nore[misc]  # untyped library"], _IGNORED) == []


def test_no_line_is_excused_from_coverage() -> None:
    found = [shown(path) for path in _code() if path.parent != _HERE and _UNCOVERED.search(path.read_text("utf-8"))]
    assert found == [], "test it, or delete it"


def test_no_file_names_a_place_of_one_machine() -> None:
    found = [
        f"{shown(path)}:{number}: {match[0]}"
        for path in tracked()
        if (text := _text(path)) is not None
        for number, line in enumerate(text.splitlines(), 1)
        if (match := _PLACES.search(line))
    ]
    assert found == []

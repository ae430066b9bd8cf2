"""The registry, and the house rules about checks: named as in the table, linked to a rule, no check knows another."""

from __future__ import annotations

import re
import sys
from importlib import resources
from pathlib import Path

import msgspec
import pytest

from secrel.evaluate.registry import check_named, check_names, params_named, shipped, vocabulary
from secrel.process.reading import BUILTIN_NAMES
from secrel.words.errors import Misused

ROOT = Path(__file__).resolve().parents[2]


def source(name: str) -> str:
    return (resources.files("secrel.evaluate.checks") / f"{name}.py").read_text(encoding="utf-8")


def source_of_params(name: str) -> str:
    """The check, and where its parameters are defined: what several ask of them stands there."""
    return source(name) + Path(str(sys.modules[params_named(name).__module__].__file__)).read_text(encoding="utf-8")


def test_every_check_is_found_by_its_name() -> None:
    assert len(check_names()) > 20
    assert list(check_names()) == sorted(check_names())
    for name in check_names():
        assert check_named(name).__module__ == f"secrel.evaluate.checks.{name}"


@pytest.mark.parametrize("name", ["", "no_such_check", "../secrets", "__init__", "claimed.check"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(Misused, match="no check is named") as refused:
        check_named(name)
    assert "claimed" in refused.value.remedy


def test_every_check_is_used_by_a_process_that_ships() -> None:
    used = {gate.check for name in BUILTIN_NAMES for gate in shipped(name).gates}
    assert used == set(check_names())


@pytest.mark.parametrize("name", check_names())
def test_every_parameter_is_told_about_and_asked_for(name: str) -> None:
    for parameter in params_named(name).__struct_fields__:
        assert f"`{parameter}`" in str(params_named(name).__doc__), parameter
        assert f"params.{parameter}" in source_of_params(name), parameter


@pytest.mark.parametrize("name", check_names())
def test_what_no_check_is_told_is_refused(name: str) -> None:
    assert params_named(name).__struct_config__.forbid_unknown_fields
    assert params_named(name).__struct_config__.frozen


def test_the_vocabulary_has_the_checks_the_lines_of_work_and_the_train() -> None:
    words = vocabulary({"cake"})
    assert words.params("no_late_fix") is params_named("no_late_fix")
    assert words.works == frozenset({"cake"})
    assert msgspec.convert({"rule": "monthly", "day": 3}, words.cadence).cadence.stops
    with pytest.raises(Misused, match="no check is named"):
        words.params("no_such_check")


@pytest.mark.parametrize("name", check_names())
def test_a_check_links_its_rule_and_imports_no_other_check(name: str) -> None:
    text = source(name)
    rule = re.search(r"^Rule: (docs/process/\S+\.md)$", text, re.MULTILINE)
    assert rule is not None
    page = (ROOT / rule[1]).read_text(encoding="utf-8")
    assert f"`{name}`" in page
    assert "evaluate.checks" not in text

"""The request issue as found, people's edits and all: the form's fields read back from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from secrel.render.cve_request.fields import Fields
from secrel.words.errors import Misused

_BLOCK = re.compile(r"^```ya?ml[ \t]*\r?\n(?P<yaml>.*?)^```[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_LARGEST = 64 * 1024
_REMEDY = "write the form as in docs/cve.md: one block ```yaml … ```, every value a text in quotes"


def _loaded(source: str) -> Any:
    # a request is read by few commands: none of the others pays for the parser
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    # `base` builds nothing but texts, lists and mappings: 16.10 stays the version it is, and no tag makes an object
    try:
        return YAML(typ="base", pure=True).load(source)
    except (YAMLError, ValueError, TypeError, RecursionError) as fault:
        line = getattr(getattr(fault, "problem_mark", None), "line", None)
        place = "the form's YAML block" if line is None else f"the form's YAML block, line {line + 1}"
        raise Misused("the form cannot be read", where=place, remedy=_REMEDY) from fault


def _inner(value: object, name: str) -> Mapping[str, object]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _text(fields: Mapping[str, object], name: str) -> str:
    found = fields.get(name)
    return found if isinstance(found, str) else ""


def _texts(fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    found = fields.get(name)
    values = found if isinstance(found, list) else [found]
    return tuple(value for value in values if isinstance(value, str) and value)


def read_request(body: str) -> Fields:
    """Read the form's fields from an issue's text; a field that is absent, or is no text, is empty.

    Raises `Misused`, with the line inside the block and never the content, when there is no YAML block or more than
    one, when it is malformed, or larger than 64 KiB.
    """
    blocks = [match["yaml"] for match in _BLOCK.finditer(body)]
    if len(blocks) != 1:
        what = "the issue has no form in it" if not blocks else "the issue has more than one form in it"
        raise Misused(what, where="the CVE request", remedy=_REMEDY)
    if len(blocks[0]) > _LARGEST:
        raise Misused("the form is larger than 64 KiB", where="the CVE request", remedy=_REMEDY)
    whole = _loaded(blocks[0])
    reporter, vulnerability = _inner(whole, "reporter"), _inner(whole, "vulnerability")
    product = _inner(vulnerability, "product")
    return Fields(
        reporter_name=_text(reporter, "name"),
        reporter_email=_text(reporter, "email"),
        description=_text(vulnerability, "description"),
        cwe=_text(vulnerability, "cwe"),
        gitlab_path=_text(product, "gitlab_path"),
        vendor=_text(product, "vendor"),
        product=_text(product, "name"),
        affected_versions=_texts(product, "affected_versions"),
        fixed_versions=_texts(product, "fixed_versions"),
        impact=_text(vulnerability, "impact"),
        solution=_text(vulnerability, "solution"),
        credit=_text(vulnerability, "credit"),
        references=_texts(vulnerability, "references"),
    )

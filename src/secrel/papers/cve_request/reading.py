"""The request issue as found, people's edits and all: the form's fields read back from it."""

from __future__ import annotations

from collections.abc import Mapping

from secrel.papers.cve_request.fields import PATH_KEY, Fields
from secrel.reading.documents import Malformed
from secrel.reading.yaml import read_yaml
from secrel.words.errors import Misused

_LARGEST = 64 * 1024
_REMEDY = "write the form as in secrel manual cve: one block ```yaml … ```, every value a text in quotes"


def _loaded(source: str) -> object:
    try:
        return read_yaml(source, "form", most=_LARGEST, remedy=_REMEDY).data
    except Malformed as fault:
        # the parser's own words, in brackets, quote what it could not read, and that is under embargo
        what, line = fault.what.partition(" (")[0], fault.where.rpartition(":")[2]
        place = f"the form's YAML block, line {line}"
        raise Misused(f"the form cannot be read: {what}", where=place, remedy=_REMEDY) from None


def _blocks(body: str) -> list[str]:
    """The YAML blocks of an issue's text, in one walk over its lines: an issue may be long, and end in the middle."""
    blocks: list[str] = []
    inside: list[str] | None = None
    for line in body.split("\n"):
        mark = line.rstrip()
        if inside is None:
            inside = [] if mark in {"```yaml", "```yml"} else None
        elif mark == "```":
            blocks.append("\n".join([*inside, ""]))
            inside = None
        else:
            inside.append(line)
    return blocks


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


def read_request(body: str, path_key: str = PATH_KEY) -> Fields:
    """Read the form's fields from an issue's text; a field that is absent, or is no text, is empty.

    Raises `Misused`, with the line inside the block and never the content, when there is no YAML block or more than
    one, and when it is malformed, larger than 64 KiB, nested too deep, or has anchors in it.
    """
    blocks = _blocks(body)
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
        path=_text(product, path_key),
        vendor=_text(product, "vendor"),
        product=_text(product, "name"),
        affected_versions=_texts(product, "affected_versions"),
        fixed_versions=_texts(product, "fixed_versions"),
        impact=_text(vulnerability, "impact"),
        solution=_text(vulnerability, "solution"),
        credit=_text(vulnerability, "credit"),
        references=_texts(vulnerability, "references"),
    )

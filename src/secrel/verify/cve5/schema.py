"""The official schema of CVE records, from the package that carries it (cvelib), and what a record says against it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import jsonschema_rs
from msgspec import Struct

from secrel.shipped import text_beside
from secrel.words.errors import Broken

VERSION = "5.1.1"
"""The version of the CVE Record Format that records are rendered in and checked against."""


class Misfit(Struct, frozen=True):
    """One place where a document is not as the schema asks: the JSON path, and the schema's word for the rule.

    Never the content: an unpublished record is under embargo.
    """

    path: str
    rule: str


@cache
def schema(version: str = VERSION) -> dict[str, Any]:
    """The bundled schema of the whole record, draft-07; raises `Broken` when the package does not carry `version`."""
    name = f"CVE_JSON_bundled_{version}.json"
    try:
        found: dict[str, Any] = json.loads(text_beside("cvelib", f"schemas/{name}"))
    except (FileNotFoundError, ModuleNotFoundError) as fault:
        raise Broken(
            f"the schema of CVE records {version} is not where cvelib keeps it",
            where=f"cvelib/schemas/{name}",
            remedy="install cvelib 1.8",
        ) from fault
    return found


@cache
def _validator(*, of_container: bool) -> jsonschema_rs.Draft7Validator:
    whole = {name: part for name, part in schema().items() if name != "oneOf"}
    # one of the two shapes, and not `oneOf` both: a fault then has a place, and is not just "neither of them"
    shape = {"$ref": "#/definitions/cnaPublishedContainer"} if of_container else schema()["oneOf"][0]
    return jsonschema_rs.Draft7Validator(whole | {"allOf": [shape]}, validate_formats=True)


def path_of(steps: Sequence[str | int], start: str = "") -> str:
    """Write a JSON path as people do: `containers.cna.references[1].url`."""
    path = start
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def _misfits(document: object, *, of_container: bool) -> Iterator[Misfit]:
    start = "containers.cna" if of_container else ""
    try:
        for error in _validator(of_container=of_container).iter_errors(document):
            yield Misfit(path_of(error.instance_path, start) or "the record", str(error.schema_path[-1]))
    except ValueError:  # lone surrogates, numbers that JSON has not, nesting without end
        yield Misfit(start or "the record", "json")


def misfits(record: object) -> tuple[Misfit, ...]:
    """Where a full record is not a published CVE record of `VERSION`; empty when it is one."""
    return tuple(_misfits(record, of_container=False))


def container_misfits(container: object) -> tuple[Misfit, ...]:
    """Where a document is not the container that a CNA hands to CVE Services; empty when it is one."""
    return tuple(_misfits(container, of_container=True))

"""The request issue as found, people's edits and all: the form's fields read back from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from secrel.papers.cve_request.fields import Fields
from secrel.words.errors import Misused

if TYPE_CHECKING:
    from ruamel.yaml.events import Event

_LARGEST = 64 * 1024
_DEEPEST = 6
_REMEDY = "write the form as in docs/cve.md: one block ```yaml … ```, every value a text in quotes"

_Value = str | list["_Value"] | dict[str, "_Value"]
"""What the form is read into: nothing but texts, lists and mappings, so that 16.10 stays the version it is."""


def _refused(what: str, line: int | None = None) -> Misused:
    place = "the form's YAML block" if line is None else f"the form's YAML block, line {line + 1}"
    return Misused(what, where=place, remedy=_REMEDY)


def _node(event: Event, events: Iterator[Event], depth: int) -> _Value:
    """Build one value from the events of the YAML stream; what a form never has is refused where it stands."""
    from ruamel.yaml.events import ScalarEvent, SequenceStartEvent  # noqa: PLC0415 - see _loaded

    line = event.start_mark.line
    if depth > _DEEPEST:
        raise _refused("the form is nested too deep", line)
    if getattr(event, "anchor", None) is not None:
        raise _refused("the form has an anchor or alias in it", line)
    if isinstance(event, ScalarEvent):
        return str(event.value)
    if isinstance(event, SequenceStartEvent):
        return [_node(inner, events, depth + 1) for inner in _until_end(events)]
    found: dict[str, _Value] = {}
    for inner in _until_end(events):
        name = _node(inner, events, depth + 1)
        if not isinstance(name, str) or name in found:
            raise _refused("the form names a field twice, or not by a text", inner.start_mark.line)
        found[name] = _node(next(events), events, depth + 1)
    return found


def _until_end(events: Iterator[Event]) -> Iterator[Event]:
    """The events that begin the values of one list or mapping; each value takes its own further ones."""
    from ruamel.yaml.events import CollectionEndEvent  # noqa: PLC0415 - see _loaded

    while not isinstance(event := next(events), CollectionEndEvent):
        yield event


def _loaded(source: str) -> _Value:
    # a request is read by few commands: none of the others pays for the parser
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415
    from ruamel.yaml.events import DocumentStartEvent, StreamEndEvent  # noqa: PLC0415

    # events and not values: the parser's own way to values warns with the content, and takes anchors and tags
    found: _Value = ""
    try:
        events: Iterator[Event] = iter(YAML(pure=True).parse(source))
        while not isinstance(event := next(events), StreamEndEvent):
            if isinstance(event, DocumentStartEvent):
                if found:
                    raise _refused("the form has a second document in it", event.start_mark.line)
                found = _node(next(events), events, 0)
    except (YAMLError, ValueError, OverflowError) as fault:  # the last two for escapes beyond Unicode
        mark = getattr(fault, "problem_mark", None)
        # the parser's own message quotes what it could not read, and that is under embargo
        raise _refused("the form cannot be read", None if mark is None else mark.line) from None
    return found


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


def read_request(body: str) -> Fields:
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

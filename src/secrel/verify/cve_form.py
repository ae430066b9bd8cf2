"""The request issue as found, people's edits and all: the form's fields read back, and held to an advisory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from secrel.answers import kept
from secrel.reading.documents import Malformed
from secrel.reading.yaml import read_yaml
from secrel.verify.telling import lacking, tells
from secrel.words.advisories import Advisory
from secrel.words.errors import Misused
from secrel.words.spans import Span

UNKNOWN_VERSION = "X.Y.Z"
"""What stands for a version that nobody knows yet (gitlab-process.md 4.1)."""
PATH_KEY = "path"
"""How a form calls the product's project, when its CNA has no word of its own."""
_FACTS = ("description", "weakness", "vector", "affected", "fixed")
_LARGEST = 64 * 1024
_REMEDY = "write the form as in secrel manual cve: one block ```yaml … ```, every value a text in quotes"


class Fields(Struct, frozen=True):
    """Every field of the form; texts are empty, and versions `X.Y.Z`, where nothing is known.

    Versions are the form's own: `>=13.2, <18.5.5`, and `18.5.5` for one with the fix.
    """

    reporter_name: str = ""
    reporter_email: str = ""
    description: str = ""
    cwe: str = ""
    path: str = ""
    vendor: str = ""
    product: str = ""
    affected_versions: tuple[str, ...] = ()
    fixed_versions: tuple[str, ...] = ()
    impact: str = ""
    solution: str = ""
    credit: str = ""
    references: tuple[str, ...] = ()


def range_of(span: Span) -> str:
    """Write an affected range as the form has it."""
    end = span.fixed or UNKNOWN_VERSION
    return f">={span.since or 0}, <{end}" if span.since or span.fixed is None else f"<{end}"


def fixed_of(advisory: Advisory) -> tuple[str, ...]:
    """Give the versions with the fix as the form has them, each once, with `X.Y.Z` for what has none yet."""
    ends = [span.fixed or UNKNOWN_VERSION for span in advisory.affected or ()] or [UNKNOWN_VERSION]
    return tuple(dict.fromkeys(map(str, sorted(ends, key=lambda end: end == UNKNOWN_VERSION))))


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


@kept(tuple[tuple[str, str], ...], 2048)
def unsaid(body: str, advisory: Advisory) -> tuple[tuple[str, str], ...]:
    """Say what the text of a request does not say as the advisory does: which of its facts, and a sentence about it.

    The facts are `description`, `weakness`, `vector`, `affected` and `fixed`. A form is read, so that what it says
    beside a fact, or in place of one that stands elsewhere in the issue, is found as well. An issue without such a form
    has to hold each fact somewhere; a form that cannot be read says none of them.
    """
    return tuple(_unsaid(body, advisory))


def _unsaid(body: str, advisory: Advisory) -> Iterator[tuple[str, str]]:
    if not _blocks(body):
        yield from _not_in(body, advisory)
        return
    try:
        form = read_request(body)
    except Misused as fault:
        yield from ((fact, f"{fault.what}, {fault.where}") for fact in _FACTS)
        return
    yield from _not_in(form.description, advisory, {"description"})
    yield from _not_in(form.cwe, advisory, {"weakness"})
    yield from _not_in(form.impact, advisory, {"vector"})
    if advisory.affected:
        ranges = [range_of(span) for span in advisory.affected]
        yield from _differs("affected", "affected versions", form.affected_versions, ranges)
        yield from _differs("fixed", "fixed versions", form.fixed_versions, fixed_of(advisory))
        if form.solution:
            yield from _not_in(form.solution, advisory, {"fixed"})


def _differs(fact: str, name: str, found: Sequence[str], wanted: Sequence[str]) -> Iterator[tuple[str, str]]:
    there, meant = ({"".join(one.split()) for one in told} for told in (found, wanted))
    if there != meant:
        yield fact, f"the CVE issue says of {name}: {_said(found)}; the advisory: {_said(wanted)}"


def _said(values: Sequence[str]) -> str:
    return "; ".join(values) or "nothing"


def _not_in(text: str, advisory: Advisory, facts: Collection[str] = _FACTS) -> Iterator[tuple[str, str]]:
    for fact, name, told in _facts(advisory):
        is_told = tells(text, told) if fact == "description" else not lacking(text, [(fact, told)])
        if fact in facts and not is_told:
            yield fact, f"the CVE issue does not say the {name} that the advisory says"


def _facts(advisory: Advisory) -> Iterator[tuple[str, str, str]]:
    yield "description", "description", advisory.description
    if advisory.vector is not None:
        yield "vector", "CVSS vector", advisory.vector.text
    if advisory.weakness is not None:
        yield "weakness", "weakness", advisory.weakness.id
    for span in advisory.affected or ():
        if span.since is not None:
            yield "affected", f"first affected version {span.since}", span.since.text
        if span.fixed is not None:
            yield "fixed", f"fixed version {span.fixed}", span.fixed.text

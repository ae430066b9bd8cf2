"""A description against the facts of its fix: what says the same is left out, what says otherwise is told with both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from secrel.verify.described.cutting import clause, without
from secrel.verify.described.reading import SaidKind, Statement, bare, is_version_of, read
from secrel.words.advisories import Advisory
from secrel.words.patterns import pattern
from secrel.words.releases import Shipment, joined
from secrel.words.spans import Span, lower, sentence
from secrel.words.versions import Version

_ALL_BEFORE = "all previous versions"
"""What is so of every range that begins with the first version and ends with those of a release."""
_SENTENCES = pattern(r"(?<=[.!?])\s+(?=[A-Z*`(\[])")


class DescriptionRemark(Struct, frozen=True):
    """What a description says that is not for it to say: its words, what the facts say, and a command's words.

    `meant` is empty where no fact says anything of it; then `states` are the words of `secrel fix set` that state it,
    or empty when that cannot be told from the words. `cut` is what to take out, so that the sentence still stands.
    `part` is where it stands: `description` or `title`.
    """

    kind: SaidKind
    words: str
    meant: str
    cut: str
    states: tuple[str, ...] = ()
    part: str = "description"


_COMPUTED = frozenset({SaidKind.RANGE, SaidKind.SEVERITY, SaidKind.SCORE, SaidKind.VECTOR})
"""What has no place in a title either."""


class _Facts(Struct, frozen=True):
    advisory: Advisory
    shipment: Shipment

    @property
    def names(self) -> frozenset[str]:
        """The small words that the product is called by."""
        product = self.shipment.product
        said = f"{product.key} {product.name} {product.short} {product.vendor} {self.advisory.edition}"
        return frozenset(word for word in re.split(r"[\W_]+", said.lower()) if word)


def remarks(advisory: Advisory, shipment: Shipment) -> Iterator[DescriptionRemark]:
    """Give what a description says otherwise than the facts of its fix, or where they say nothing; and so of a title.

    A title may name what the fix is about: an id, a version, an address.
    """
    facts = _Facts(advisory, shipment)
    title = " ".join(advisory.title.split())
    for told in read(title, facts.names):
        words = title[told.start : told.end]
        if told.kind in _COMPUTED and words not in advisory.allowed and not _agrees(told, facts):
            yield DescriptionRemark(told.kind, words, _MEANT[told.kind](facts), clause(title, told), part="title")
    for paragraph in _paragraphs(advisory.description):
        for part in _SENTENCES.split(paragraph):
            found = read(part, facts.names)
            every = (*found, *_bare(part, found, facts))
            for told in every:
                words = part[told.start : told.end]
                if words not in advisory.allowed and not _agrees(told, facts):
                    meant = _MEANT[told.kind](facts)
                    yield DescriptionRemark(
                        told.kind, words, meant, _cut(part, told, every, facts), _states(told, facts)
                    )


def _bare(part: str, found: list[Statement], facts: _Facts) -> Iterator[Statement]:
    """Give the versions that stand alone, where nothing else was read: of series that the release ships, or named so.

    One of another series may be of anything, unless the product's name stands before it.
    """
    shipment = facts.shipment
    for told in bare(part, facts.names):
        is_read = any(told.start < other.end and other.start < told.end for other in found)
        is_named = part[: told.start].rstrip(" (").rpartition(" ")[2].casefold() in facts.names
        if not is_read and (is_named or shipment.product.series_of(Version.parse(told.value)) in shipment.series):
            yield told


def plainly(advisory: Advisory, shipment: Shipment) -> str:
    """Give a description without what it says just as the facts of its fix do, where its sentences stand without it."""
    facts = _Facts(advisory, shipment)
    told = [_without_facts(paragraph, facts) for paragraph in re.split(r"\n\s*\n", advisory.description)]
    return "\n\n".join(paragraph for paragraph in told if paragraph.strip())


def _cut(part: str, told: Statement, found: Sequence[Statement], facts: _Facts) -> str:
    """Give what to take out: the whole sentence, where nothing would be left of it but a torso."""
    return clause(part, told) if without(part, found, facts.names, is_all=True) else part


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text):
        yield " ".join(paragraph.split())


def _without_facts(paragraph: str, facts: _Facts) -> str:
    parts = _SENTENCES.split(" ".join(paragraph.split()))
    kept = [_shortened(part, facts) for part in parts]
    return paragraph if kept == parts else " ".join(part for part in kept if part)


def _shortened(part: str, facts: _Facts) -> str:
    found = read(part, facts.names)
    allowed = facts.advisory.allowed
    same = [told for told in found if _agrees(told, facts) and part[told.start : told.end] not in allowed]
    left = without(part, same, facts.names, is_all=len(same) == len(found)) if same else part
    return left if left == part else _shortened(left, facts)


def _agrees(told: Statement, facts: _Facts) -> bool:
    return _AGREES[told.kind](told.value, told, facts.advisory, facts.shipment)


def _range(value: str, told: Statement, advisory: Advisory, __: Shipment) -> bool:
    if value.lower() == _ALL_BEFORE:
        begins = [span for span in map(_normal, advisory.spans) if span.since is None]
        return bool(begins) and all(span.fixed for span in advisory.spans)
    return bool(told.spans) and {_normal(span) for span in told.spans} == {_normal(s) for s in advisory.spans}


def _normal(span: Span) -> Span:
    return replace(span, since=lower(span.since))


def _version(value: str, _: Statement, advisory: Advisory, shipment: Shipment) -> bool:
    ends = [end for span in advisory.spans for end in (span.since, span.fixed) if end is not None]
    known = (*shipment.versions, *advisory.fixed_already, *ends)
    return is_version_of(value, known)


def _score(value: str, _: Statement, advisory: Advisory, __: Shipment) -> bool:
    return advisory.vector is not None and float(value) == advisory.vector.score


def _vector(value: str, _: Statement, advisory: Advisory, __: Shipment) -> bool:
    return advisory.vector is not None and value == advisory.vector.text


def _severity(value: str, _: Statement, advisory: Advisory, __: Shipment) -> bool:
    said = value.lower().replace("moderate", "medium")
    return advisory.vector is not None and said == advisory.vector.severity.value


def _cve(value: str, _: Statement, advisory: Advisory, __: Shipment) -> bool:
    known = {str(cve_id) for cve_id in (advisory.cve_id, *advisory.related)}
    return value in known or value in advisory.title  # its owner says there what it is about


def _thanks(value: str, _: Statement, advisory: Advisory, __: Shipment) -> bool:
    names = [credit.name.casefold().strip("@") for credit in advisory.credits if credit.name]
    return any(value.casefold() in name or name in value.casefold() for name in names)


def _address(value: str, _: Statement, advisory: Advisory, __: Shipment) -> bool:
    return value in {*advisory.references, *(credit.profile for credit in advisory.credits)}


_AGREES: dict[SaidKind, Callable[[str, Statement, Advisory, Shipment], bool]] = {
    SaidKind.RANGE: _range,
    SaidKind.VERSION: _version,
    SaidKind.SCORE: _score,
    SaidKind.VECTOR: _vector,
    SaidKind.SEVERITY: _severity,
    SaidKind.CVE: _cve,
    SaidKind.THANKS: _thanks,
    SaidKind.ADDRESS: _address,
}


def _affected(facts: _Facts) -> str:
    if facts.advisory.hosted_only:
        return f"only {facts.advisory.hosted_only} was affected"
    return sentence(facts.advisory.spans) if facts.advisory.spans else ""


def _rated(facts: _Facts) -> str:
    vector = facts.advisory.vector
    return f"{vector.severity.value} {vector.score:.1f}, {vector.text}" if vector else ""


def _thanked(facts: _Facts) -> str:
    return joined(credit.name for credit in facts.advisory.credits if credit.name)


_MEANT: dict[SaidKind, Callable[[_Facts], str]] = {
    SaidKind.RANGE: _affected,
    SaidKind.VERSION: _affected,
    SaidKind.SCORE: _rated,
    SaidKind.VECTOR: _rated,
    SaidKind.SEVERITY: _rated,
    SaidKind.CVE: lambda facts: str(facts.advisory.cve_id or ""),
    SaidKind.THANKS: _thanked,
    SaidKind.ADDRESS: lambda facts: joined(facts.advisory.references) or "no such public address",
}


def _states(told: Statement, facts: _Facts) -> tuple[str, ...]:
    """Propose the words of the command that states what the facts do not say yet."""
    if _MEANT[told.kind](facts):
        return ()
    match told.kind:
        case SaidKind.RANGE if told.spans:
            return (f"--since={told.spans[0].since or 'all'}",)
        case SaidKind.VECTOR:
            return (f"vector={told.value}",)
        case SaidKind.CVE if facts.advisory.needs_cve:
            return (f"cve={told.value}", "assigned_by=us")
        case SaidKind.THANKS:
            return (f"credits=[{{name: {told.value}}}]",)
        case _:
            return ()

"""The nineteen faults that a CVE record may have although its schema is content with it.

The codes are cvelint's; the rules are written here (testbeds.md, "cvelint's rules"). They judge the CNA's container
only, and any JSON may be given: what is absent is a fault where a rule asks for it, and nothing ever breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from secrel.verify.cve5 import rules_affected, rules_references, rules_scores, rules_text
from secrel.verify.cve5.reading import FoundRecord

Rule = Callable[[FoundRecord], Iterator[tuple[str, str]]]
"""A rule yields, for each fault, the JSON path and what is so."""

RULES: dict[str, Rule] = {
    "E001": rules_references.reference_protocol,
    "E002": rules_references.reference_twice,
    "E003": rules_text.description_length,
    "E004": rules_text.description_space,
    "E005": rules_scores.severity_word,
    "E006": rules_affected.product_present,
    "E007": rules_affected.version_strings,
    "E008": rules_affected.vendor_names,
    "E009": rules_affected.product_names,
    "E010": rules_references.reference_to_itself,
    "E011": rules_affected.custom_version_type,
    "E013": rules_affected.purl_format,
    "E014": rules_affected.purl_agrees,
    "E015": rules_references.id_and_state,
    "E016": rules_text.description_present,
    "E017": rules_references.reference_present,
    "E018": rules_scores.score_values,
    "E019": rules_text.timeline_entries,
    "E020": rules_text.unicode_escapes,
}
"""Every rule by its code; there is no E012."""


class RecordFault(Struct, frozen=True, order=True):
    """One fault of a record: the rule's code, the JSON path, and what is so (never the record's content)."""

    code: str
    path: str
    what: str


def faults(record: object) -> tuple[RecordFault, ...]:
    """Every fault of a record, in the order of the codes, then of the record; empty for a good one.

    `record` is any JSON value: a full CVE record, published or rejected, as CVE Services or a file gives it.
    """
    found = FoundRecord.of(record)
    return tuple(RecordFault(code, path, what) for code, rule in RULES.items() for path, what in rule(found))

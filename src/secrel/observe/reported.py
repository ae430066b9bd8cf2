"""Where finders reported, once that was taken off an issue which became public: their notices went there."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from secrel.journal.entries import Entry, prepared
from secrel.words.advisories import Advisory, Credit
from secrel.words.outcomes import first_key


def with_reports(advisory: Advisory, entries: Sequence[Entry], name: str) -> Advisory:
    """Give an advisory of the release `name` with the reports that the journal knows of its finders, by their notices.

    An issue loses them before it becomes public, and whoever has a notice still hears of what changes after that. A
    credit that was somebody else's by the time of the notice stays without.
    """
    if all(credit.report for credit in advisory.credits):
        return advisory
    sent = {first_key(key): values for key, values in prepared(entries).items()}

    def known(number: int, credit: Credit) -> Credit:
        values = sent.get(f"{name}/report/{advisory.fix}/{number}", {})
        is_theirs = not credit.report and credit.name in str(values.get("text", ""))
        return replace(credit, report=str(values.get("report", ""))) if is_theirs else credit

    return replace(advisory, credits=tuple(known(*one) for one in enumerate(advisory.credits, start=1)))

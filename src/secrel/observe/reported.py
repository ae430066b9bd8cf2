"""Where finders reported, once that was taken off an issue which became public: their notices went there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from secrel.journal.entries import Entry, prepared
from secrel.words.advisories import Advisory


def with_reports(advisory: Advisory, entries: Sequence[Entry], name: str) -> Advisory:
    """Give an advisory of the release `name` with the reports that the journal knows of its finders, by their notices.

    An issue loses them before it becomes public, and whoever has a notice still hears of what changes after that. A
    finder has the notice of those who are credited under the same name; where several notices, or none, can be meant,
    nobody knows whose report it was, and nobody is told in another's place.
    """
    if all(credit.report for credit in advisory.credits):
        return advisory
    sent = dict(_notices(entries, f"{name}/report/{advisory.fix}/"))

    def report(named: str) -> str:
        meant = [to for to, names in sent.items() if named in names]
        return meant[0] if len(meant) == 1 else ""

    told = (one if one.report else replace(one, report=report(one.name)) for one in advisory.credits)
    return replace(advisory, credits=tuple(told))


def _notices(entries: Sequence[Entry], prefix: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the address of every notice under `prefix`, and whom it named; of one that was sent anew, the last."""
    for key, values in prepared(entries).items():
        if key.startswith(prefix):
            yield str(values["report"]), tuple(values["named"])
